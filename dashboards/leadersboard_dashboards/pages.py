"""The addresses of the dashboards, each with its notebook; and what is shown where no kernel is to be had."""

from typing import Any
from urllib.parse import urlencode

import tornado.web
from jupyter_server.auth.decorator import allow_unauthenticated
from jupyter_server.base.handlers import JupyterHandler
from voila.tornado.handler import TornadoVoilaHandler

from leadersboard.domain.language import language_of
from leadersboard_dashboards.addresses import PREFIX
from leadersboard_dashboards.api import ask_api
from leadersboard_dashboards.identity import token_of
from leadersboard_dashboards.last_seen import LastSeen
from leadersboard_dashboards.parts import warning
from leadersboard_dashboards.room import Answer
from leadersboard_dashboards.words import word

BOARD, RUN, SUBMIT = "leaderboard.ipynb", "run.ipynb", "submit.ipynb"
_NAME = r"([A-Za-z0-9][A-Za-z0-9._-]{0,99})"
PAGES = (
    (rf"leaderboard/{_NAME}", BOARD),
    (rf"runs/{_NAME}", RUN),
    (r"compare", "compare.ipynb"),
    (r"submit", SUBMIT),
    (r"organise", "organise.ipynb"),
)
VIEWER_HEADER = "X-LeadersBoard-Viewer"
_HTML = "text/html; charset=utf-8"
# A page that waits for the platform looks again by itself.
_AGAIN_SECONDS = 10


class HomePage(JupyterHandler):
    """`/`: the first board."""

    @tornado.web.authenticated
    def get(self) -> None:
        self.redirect(f"{PREFIX}leaderboard/{self.settings['dashboards'].default_benchmark}")


class Page(TornadoVoilaHandler):
    """A notebook, run for whoever looks; or the plain board."""

    def initialize(self, **kwargs: Any) -> None:
        self._notebook: str = kwargs.pop("notebook")
        super().initialize(**kwargs)

    def set_default_headers(self) -> None:
        super().set_default_headers()
        self.set_header("Content-Security-Policy", "frame-ancestors 'self'; object-src 'none'; base-uri 'self'")
        self.set_header("Referrer-Policy", "same-origin")
        self.set_header("X-Content-Type-Options", "nosniff")

    @allow_unauthenticated
    async def get(self, name: str = "") -> None:
        if self.current_user is None:
            await self._show_to_anybody(name)
            return
        room: Answer = self.settings["room"].for_page_of(self._notebook)
        if room is Answer.BUSY:
            # Whatever page was asked for, there is a board to look at meanwhile.
            slug = name if self._notebook == BOARD else self.settings["dashboards"].default_benchmark
            await self._show_plainly(slug, room)
            return
        # Of other pages the viewer sees at once that they are being prepared.
        if room is Answer.STARTING and self._notebook == BOARD:
            await self._show_plainly(name, room)
            return
        # Whatever a browser sends under this name is not what we put there.
        self.request.headers[VIEWER_HEADER] = token_of(self)
        async for html in self.get_generator(path=self._notebook):
            self.write(html)
            self.flush()

    async def _show_to_anybody(self, name: str) -> None:
        """Show a public board; whoever wants more is asked to log in."""
        if self._notebook == BOARD and self.get_argument("login", None) is None:
            answer = await ask_api(self, f"leaderboard/{name}/page", {"note": "login"})
            if answer is not None and answer.code == 200:
                self._finish_with(answer.body)
                return
        self.redirect(self.get_login_url())

    async def _show_plainly(self, slug: str, room: Answer) -> None:
        answer = await ask_api(self, f"leaderboard/{slug}/page", {"note": room.value}, token_of(self))
        if answer is not None and answer.code != 401:
            self.set_status(answer.code)
            self._finish_with(answer.body)
            return
        language = language_of(self.request.headers.get("Accept-Language", ""))
        board = LastSeen(self.settings["dashboards"].home, slug, language).shown_to(self.current_user.username)
        facts = {"board": board or warning(word("away", language)), "language": language}
        page = self.settings["plain_pages"].get_template("last_seen.html")
        self._finish_with(page.render(**facts, again_seconds=_AGAIN_SECONDS).encode())

    def _finish_with(self, body: bytes) -> None:
        self.set_header("Content-Type", _HTML)
        self.set_header("Cache-Control", "no-store")
        self.finish(body)


def address(path: str, **query: object) -> str:
    """Return the address of a page of ours, for browsers."""
    asked = {name: value for name, value in query.items() if value not in (None, "")}
    return f"{PREFIX}{path}" + (f"?{urlencode(asked, doseq=True)}" if asked else "")
