"""Files of runs, for pages of ours: passed on from the API, in the viewer's name, to be looked at only."""

import tornado.web
from jupyter_server.base.handlers import JupyterHandler

from leadersboard_dashboards.api import ask_api
from leadersboard_dashboards.identity import token_of

# What the API says about how a file may be used goes with it.
_KEPT = (
    "Content-Type",
    "Content-Disposition",
    "Content-Security-Policy",
    "X-Content-Type-Options",
    "Cache-Control",
    "ETag",
)


class PassedOn(JupyterHandler):
    """`/api/...`: the same path of the API."""

    @tornado.web.authenticated
    async def get(self, path: str) -> None:
        answer = await ask_api(self, path, {}, token_of(self))
        if answer is None:
            raise tornado.web.HTTPError(503, "the platform does not answer at present")
        self.set_status(answer.code)
        self.clear_header("Content-Security-Policy")
        for name in _KEPT:
            if name in answer.headers:
                self.set_header(name, answer.headers[name])
        self.finish(answer.body)
