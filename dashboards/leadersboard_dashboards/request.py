"""In a page's kernel: waits for whoever looks at it.

Voilà's own function for this, `voila.utils.wait_for_request`, does the same; to import it takes seconds of processor time
and forty megabytes, in every kernel.
"""

import asyncio
import json
import os
from concurrent.futures import ThreadPoolExecutor

from tornado.websocket import websocket_connect


def wait_for_request() -> None:
    """Wait until the page is looked at, and put what is known of the request into the environment.

    A page that was not kept ready has that there already.
    """
    if os.environ.get("VOILA_PREHEAT", "False") == "False":
        return
    about = {name: os.environ[f"VOILA_{name}"] for name in ("APP_PORT", "SERVER_URL", "KERNEL_ID")}
    host = os.environ.get("VOILA_APP_IP", "127.0.0.1")
    url = f"ws://{host}:{about['APP_PORT']}{about['SERVER_URL']}voila/query/{about['KERNEL_ID']}"
    # The kernel has a loop of its own in this thread.
    with ThreadPoolExecutor(1) as thread:
        os.environ.update(thread.submit(asyncio.run, _told(url)).result())


async def _told(url: str) -> dict[str, str]:
    connection = await websocket_connect(url)
    try:
        message = await connection.read_message()
    finally:
        connection.close()
    if message is None:
        raise ConnectionError("the server of the pages has closed the connection before anybody looked")
    told: dict[str, str] = json.loads(message)
    return told
