"""Who the user is to LeadersBoard, and where a browser finds its parts."""

from dataclasses import asdict, dataclass

from jupyter_server.auth.decorator import authorized
from tornado import web

from jupyterlab_leadersboard.api import Api
from jupyterlab_leadersboard.errors import ApiUnexpected
from jupyterlab_leadersboard.handler import LeadersBoardHandler


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where a browser finds things, empty where it does not, and which version of the extension this is."""

    board_url: str
    mlflow_url: str
    version: str


class EnvironmentHandler(LeadersBoardHandler):
    """`environment`: what the page asks first."""

    _track_activity = False

    def initialize(self, api: Api, addresses: Addresses) -> None:  # type: ignore[override]
        super().initialize(api)
        self._addresses = addresses

    @web.authenticated
    @authorized
    async def get(self) -> None:
        # A page that asks this wants to know soon whether anybody is there.
        who = await self.api.json(self.call("GET", "/whoami", read_seconds=self.api.patience.connect))
        if not isinstance(who, dict) or "user_id" not in who:
            raise ApiUnexpected
        about = {"user_id": who["user_id"], "organiser": bool(who.get("organiser"))}
        self.answer({**about, **asdict(self._addresses)})
