"""The API's process."""

import uvicorn

from leadersboard.api.app import create_app
from leadersboard.exposure import check_exposure
from leadersboard.log_lines import log_in_json
from leadersboard.settings import Settings


def run(settings: Settings) -> None:
    """Serve until told to end.

    Raises:
        DefaultTokenExposed: others could reach the API with the token that everybody knows.
    """
    check_exposure(settings)
    log_in_json()
    uvicorn.run(
        create_app(settings),
        host=settings.api_host,
        port=settings.api_port,
        log_config=None,
        access_log=False,
        server_header=False,
        # Event streams of running jobs would hold the end up for as long as the jobs run.
        timeout_graceful_shutdown=3,
    )
