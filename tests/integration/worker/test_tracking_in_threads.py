"""Two jobs that end at nearly the same time are the first to need MLflow's client: it must not come in halves."""

import subprocess
import sys

import pytest

# The second thread comes when the first has imported so many of MLflow's modules, and a third afterwards.
_TWO_AT_ONCE = """
import http.server, sys, threading, time
from leadersboard.adapters.mlflow_tracking import MlflowTracking

class Answering(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"{}")

    do_POST = do_GET

    def log_message(self, *about):
        pass

server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answering)
threading.Thread(target=server.serve_forever, daemon=True).start()
tracking = MlflowTracking(f"http://127.0.0.1:{server.server_port}", "")
modules = lambda: sum(name.startswith("mlflow") for name in list(sys.modules))
assert not modules(), "something else has imported it"
first = threading.Thread(target=tracking.discard, args=("a",))
threading.excepthook = lambda about: print(repr(about.exc_value))
first.start()
while modules() < int(sys.argv[1]):
    time.sleep(0.001)
for _ in range(2):
    try:
        tracking.discard("b")
    except Exception as error:
        print(repr(error))
    first.join()
"""


@pytest.mark.parametrize("modules", [10, 40])
def test_clients_of_mlflow_that_begin_in_two_threads_both_work(modules: int) -> None:
    done = subprocess.run(
        [sys.executable, "-c", _TWO_AT_ONCE, str(modules)], capture_output=True, text=True, timeout=120, check=False
    )
    assert (done.returncode, done.stdout) == (0, ""), done.stderr
