"""What all routes share: the login, the shape of errors, and how a request's body is read."""

import json
from typing import Any

from jupyter_server.base.handlers import APIHandler

from jupyterlab_leadersboard.api import Api, Call
from jupyterlab_leadersboard.contents import UserFiles
from jupyterlab_leadersboard.errors import BY_STATUS, UNEXPECTED, ApiRefused, InvalidRequest, LabError, language_of

_BODY_BYTES = 1024 * 1024


class LeadersBoardHandler(APIHandler):
    """A route of the extension. Its methods carry `@web.authenticated` and `@authorized`."""

    auth_resource = "leadersboard"

    def initialize(self, api: Api) -> None:
        self.api = api

    @property
    def language(self) -> str:
        """The Accept-Language header, which the API is sent as well."""
        return self.request.headers.get("Accept-Language", "en")

    @property
    def files(self) -> UserFiles:
        """The user's files, wherever this server keeps them."""
        return UserFiles(self.contents_manager)

    def call(self, method: str, path: str, **more: Any) -> Call:
        """Return a request to the API in the language of the page; `more` are fields of `Call`."""
        return Call(method, path, self.language, **more)

    def answer(self, body: Any, status: int = 200) -> None:
        """Send `body` as JSON."""
        self.set_status(status)
        self.set_header("Cache-Control", "no-store")
        self.finish(json.dumps(body))

    def json_object(self) -> dict[str, Any]:
        """Return the request's body.

        Raises:
            InvalidRequest: it is not a JSON object, or too large for one.
        """
        if len(self.request.body) > _BODY_BYTES:
            raise InvalidRequest(problem=f"the body is larger than {_BODY_BYTES} bytes")
        try:
            body = json.loads(self.request.body)
        except (ValueError, RecursionError) as error:
            raise InvalidRequest(problem="the body is not JSON") from error
        if not isinstance(body, dict):
            raise InvalidRequest(problem="the body is not a JSON object")
        return body

    def text(self, body: dict[str, Any], name: str, limit: int = 4096) -> str:
        """Return the non-empty text under `name`.

        Raises:
            InvalidRequest: there is none.
        """
        value = body.get(name)
        if not isinstance(value, str) or not 0 < len(value) <= limit:
            raise InvalidRequest(problem=f"{name!r} must be a text of 1 to {limit} characters")
        return value

    def write_error(self, status_code: int, **kwargs: Any) -> None:
        """Answer every error in the API's shape."""
        error = kwargs.get("exc_info", (None, None))[1]
        language = language_of(self.language)
        if isinstance(error, ApiRefused):
            if error.retry_after:
                self.set_header("Retry-After", error.retry_after)
            body = error.answer
        elif isinstance(error, LabError):
            body = error.body(language)
        else:
            code, en, ja = BY_STATUS.get(status_code, UNEXPECTED)
            body = {"detail": ja if language == "ja" else en, "code": code}
        self.set_header("Cache-Control", "no-store")
        self.finish(json.dumps(body))
