"""Questions to the API from the server itself; notebooks ask by `viewer`."""

from collections.abc import Mapping
from urllib.parse import quote, urlencode

from jupyter_server.base.handlers import JupyterHandler
from tornado.httpclient import AsyncHTTPClient, HTTPClientError, HTTPRequest, HTTPResponse

_SECONDS = 60.0


async def ask_api(handler: JupyterHandler, path: str, also: Mapping[str, str], token: str = "") -> HTTPResponse | None:
    """Ask the API for `path` with the viewer's own query, in the viewer's name; None where it does not answer."""
    query = {name: handler.get_query_argument(name) for name in handler.request.query_arguments}
    headers = {"Accept-Language": handler.request.headers.get("Accept-Language", "en")}
    if token:
        headers["Authorization"] = f"Bearer {token}"
    url = f"{handler.settings['dashboards'].api_url}/{quote(path)}?{urlencode({**query, **also})}"
    client: AsyncHTTPClient = handler.settings["api_client"]
    try:
        asked = HTTPRequest(url, headers=headers, request_timeout=_SECONDS, follow_redirects=False)
        return await client.fetch(asked, raise_error=False)
    except (OSError, HTTPClientError):
        # With an answer of the API, whichever it is, nothing is raised.
        return None
