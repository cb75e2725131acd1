"""The server half of the extension: its settings, and the routes below `leadersboard/`."""

import asyncio
import os
from importlib.metadata import PackageNotFoundError, version
from typing import Any
from urllib.parse import urlsplit

from jupyter_server.extension.application import ExtensionApp
from traitlets import TraitError, Unicode, default

from jupyterlab_leadersboard.api import Api
from jupyterlab_leadersboard.environment import Addresses, EnvironmentHandler
from jupyterlab_leadersboard.notebooks import ExecutedHandler, InspectHandler
from jupyterlab_leadersboard.proxy import ApiHandler
from jupyterlab_leadersboard.submit import SubmitHandler
from jupyterlab_leadersboard.templates import CompareHandler, OriginHandler, StartHandler

_ROOT = "leadersboard"


class LeadersBoard(ExtensionApp):
    """Speaks to the LeadersBoard API for the pages of this Jupyter server, which never see its token."""

    name = "jupyterlab_leadersboard"
    # Started by itself it is a Lab like any other.
    extension_url = "/lab"

    api_url = Unicode(help="Where the LeadersBoard API is. Else LEADERSBOARD_API_URL, else http://127.0.0.1:8010.").tag(
        config=True
    )
    api_token = Unicode(
        help="The user's token for the API; better set by the environment, where no command line shows it."
        " Else LEADERSBOARD_API_TOKEN, else JUPYTERHUB_API_TOKEN, else none is sent."
    ).tag(config=True)
    board_url = Unicode(
        help="Where a browser finds the dashboards. Else LEADERSBOARD_BOARD_URL; empty: the extension draws the board."
    ).tag(config=True)
    mlflow_url = Unicode(
        help="Where a browser finds MLflow. Else LEADERSBOARD_MLFLOW_URL; empty: the links that the API gives."
    ).tag(config=True)

    _api: Api | None = None

    @default("api_url")
    def _default_api_url(self) -> str:
        return os.environ.get("LEADERSBOARD_API_URL") or "http://127.0.0.1:8010"

    @default("api_token")
    def _default_api_token(self) -> str:
        # A hub gives each user's server a token of its own, which the API knows how to check.
        return os.environ.get("LEADERSBOARD_API_TOKEN") or os.environ.get("JUPYTERHUB_API_TOKEN") or ""

    @default("board_url")
    def _default_board_url(self) -> str:
        return os.environ.get("LEADERSBOARD_BOARD_URL", "")

    @default("mlflow_url")
    def _default_mlflow_url(self) -> str:
        return os.environ.get("LEADERSBOARD_MLFLOW_URL", "")

    def initialize_handlers(self) -> None:
        """Add the routes.

        Raises:
            TraitError: a setting cannot be what it should; the server logs it and comes up without the extension.
        """
        api = self._api = Api(_address(self.api_url), _token(self.api_token))
        addresses = Addresses(self.board_url, self.mlflow_url, _version())
        known: dict[str, Any] = {"api": api}
        self.handlers.extend(
            [
                (f"{_ROOT}/environment", EnvironmentHandler, {**known, "addresses": addresses}),
                (f"{_ROOT}/api/(.*)", ApiHandler, known),
                (f"{_ROOT}/inspect", InspectHandler, known),
                (f"{_ROOT}/submit", SubmitHandler, known),
                (f"{_ROOT}/start", StartHandler, {**known, "one_at_a_time": asyncio.Lock()}),
                (f"{_ROOT}/origin", OriginHandler, known),
                (f"{_ROOT}/compare", CompareHandler, known),
                (rf"{_ROOT}/executed/([^/]+)", ExecutedHandler, known),
            ]
        )
        self.log.info("LeadersBoard is at %s, %s a token", self.api_url, "with" if self.api_token else "without")

    async def stop_extension(self) -> None:
        """Close what is open to the API."""
        # None where a setting was refused. The server is stopped all the same, and an error here would keep it up.
        if self._api is not None:
            await self._api.close()


def _address(value: str) -> str:
    url = urlsplit(value)
    if url.scheme not in ("http", "https") or not url.hostname or "@" in url.netloc or url.query or url.fragment:
        raise TraitError("LeadersBoard.api_url must be an http or https address without a password or a query.")
    return value


def _token(value: str) -> str:
    token = value.strip()
    if not (token.isascii() and token.isprintable()):
        # Without the value: this is logged.
        raise TraitError("LeadersBoard.api_token holds characters that no token has.")
    return token


def _version() -> str:
    try:
        return version("jupyterlab-leadersboard")
    except PackageNotFoundError:
        # Run from its source.
        return "0"
