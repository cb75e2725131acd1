"""The HTTP API, called from Python: by the command line, the supervisor and whoever scripts it."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from urllib.parse import quote

import httpx

from leadersboard.answers import Board, Event, JobList, JobView
from leadersboard.domain.errors import Kind, Language, LeadersBoardError

_TIMEOUT = httpx.Timeout(60, connect=5)
# The API says something at least every few seconds while a stream is open.
_STREAM_TIMEOUT = httpx.Timeout(60, connect=5, read=45)


class PlatformUnreachable(LeadersBoardError):
    """No answer, or none that this client understands."""

    code = "platform_unreachable"
    kind = Kind.UNAVAILABLE
    en = (
        "The platform at {url} cannot be reached ({problem}). "
        "Start it with 'leadersboard up', or name another with --url."
    )
    ja = "{url} に接続できません({problem})。'leadersboard up' で起動するか、--url で接続先を指定してください。"


class UnusableAddress(LeadersBoardError):
    code = "unusable_address"
    en = "{url!r} is not an address of a platform. It looks like http://127.0.0.1:8010."
    ja = "{url!r} は接続先として使えません。http://127.0.0.1:8010 のように指定してください。"


class Refused(Exception):
    """The API answered with an error; `detail` is its sentence, in the language that was asked for."""

    def __init__(self, status: int, detail: str, code: str, retry_after_seconds: int | None) -> None:
        self.status = status
        self.detail = detail
        self.code = code
        self.retry_after_seconds = retry_after_seconds
        super().__init__(detail)


class Client:
    """One user's view of the platform at `url`. Methods raise Refused, PlatformUnreachable and UnusableAddress."""

    def __init__(self, url: str, token: str = "", language: Language = "en") -> None:
        self.url = url.rstrip("/")
        headers = {b"Accept-Language": language.encode()}
        if token:
            headers[b"Authorization"] = f"Bearer {token}".encode()
        try:
            # Proxies that are meant for the outside would keep it from reaching this machine.
            self._http = httpx.Client(base_url=self.url, headers=headers, timeout=_TIMEOUT, trust_env=not _is_near(url))
        except (httpx.InvalidURL, UnicodeError) as problem:
            raise UnusableAddress(url=url) from problem

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._http.close()

    # Submissions and jobs ---------------------------------------------------------------------------------------

    def submit(
        self,
        files: Iterable[Path],
        *,
        entrypoint: str,
        config_file: str | None = None,
        metadata: Mapping[str, Any] | None = None,
        idempotency_key: str | None = None,
    ) -> str:
        """Send `files` and return the id of the submission they became."""
        fields = {"entrypoint": entrypoint, "metadata": json.dumps(dict(metadata or {}), ensure_ascii=False)}
        if config_file:
            fields["config_file"] = config_file
        with ExitStack() as opened:
            parts = [("files", (path.name, opened.enter_context(path.open("rb")))) for path in files]
            answer = self._ask("POST", "/submissions", data=fields, files=parts, headers=_key(idempotency_key))
        return str(answer["submission_id"])

    def start_job(self, submission_id: str, config: Mapping[str, Any], *, idempotency_key: str | None = None) -> str:
        """Have a submission run as `config` says and return the id of the job."""
        body = {"submission_id": submission_id, "config": dict(config)}
        return str(self._ask("POST", "/jobs", json=body, headers=_key(idempotency_key))["job_id"])

    def job(self, job_id: str) -> JobView:
        return JobView.of(self._ask("GET", f"/jobs/{quote(job_id, safe='')}/status"))

    def jobs(self, *, status: str | None = None, limit: int = 50, offset: int = 0) -> JobList:
        wanted = {"limit": limit, "offset": offset, **({"status": status} if status else {})}
        return JobList.of(self._ask("GET", "/jobs", params=wanted))

    def logs(self, job_id: str, tail_lines: int | None = None) -> str:
        wanted = {} if tail_lines is None else {"tail_lines": tail_lines}
        return str(self._ask("GET", f"/jobs/{quote(job_id, safe='')}/logs", params=wanted)["logs"])

    def results(self, job_id: str) -> Mapping[str, Any]:
        found: Mapping[str, Any] = self._ask("GET", f"/jobs/{quote(job_id, safe='')}/results")
        return found

    def cancel(self, job_id: str) -> JobView:
        return JobView.of(self._ask("POST", f"/jobs/{quote(job_id, safe='')}/cancel"))

    def events(self, job_id: str) -> Iterator[Event]:
        """Yield what happens to a job, from what there is already to its end."""
        path = f"/jobs/{quote(job_id, safe='')}/events"
        accept = {"Accept": "text/event-stream"}
        with (
            self._translated(),
            self._http.stream("GET", path, headers=accept, timeout=_STREAM_TIMEOUT) as answer,
        ):
            if answer.is_error:
                answer.read()
                raise _refusal(answer)
            yield from parse_events(answer.iter_lines())

    # Benchmarks and what comes with them ------------------------------------------------------------------------

    def benchmarks(self) -> Sequence[Mapping[str, Any]]:
        found: Sequence[Mapping[str, Any]] = self._ask("GET", "/benchmarks")
        return found

    def board(self, benchmark: str, limit: int = 50) -> Board:
        """Return the first `limit` rows of a board."""
        return Board.of(self._ask("GET", f"/leaderboard/{quote(benchmark, safe='')}", params={"limit": limit}))

    def board_csv(self, benchmark: str, limit: int = 50) -> str:
        wanted = {"format": "csv", "limit": limit}
        return self._send("GET", f"/leaderboard/{quote(benchmark, safe='')}", params=wanted).text

    def templates(self) -> Sequence[Mapping[str, Any]]:
        found: Sequence[Mapping[str, Any]] = self._ask("GET", "/templates")
        return found

    def template(self, name: str) -> bytes:
        return self._send("GET", f"/templates/{quote(name, safe='')}").content

    # The platform itself ----------------------------------------------------------------------------------------

    def is_alive(self) -> bool:
        """Return whether the API answers at all."""
        try:
            return self._http.get("/healthz", timeout=5).is_success
        except httpx.HTTPError:
            return False

    def readiness(self) -> Mapping[str, Any]:
        """Return `ready` and the `checks` behind it, also while the platform is not ready."""
        with self._translated():
            answer = self._http.get("/readyz")
            answered = answer if answer.status_code == httpx.codes.SERVICE_UNAVAILABLE else _good(answer)
            readiness: Mapping[str, Any] = answered.json()
            return readiness

    def _ask(self, method: str, path: str, **request: Any) -> Any:
        with self._translated():
            return self._send(method, path, **request).json()

    def _send(self, method: str, path: str, **request: Any) -> httpx.Response:
        with self._translated():
            return _good(self._http.request(method, path, **request))

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except (httpx.UnsupportedProtocol, httpx.InvalidURL) as problem:
            raise UnusableAddress(url=self.url) from problem
        except httpx.TimeoutException as problem:
            raise PlatformUnreachable(url=self.url, problem="no answer in time") from problem
        except httpx.ConnectError as problem:
            raise PlatformUnreachable(url=self.url, problem="connection refused") from problem
        except (httpx.HTTPError, json.JSONDecodeError) as problem:
            raise PlatformUnreachable(url=self.url, problem=str(problem) or type(problem).__name__) from problem


def parse_events(lines: Iterable[str]) -> Iterator[Event]:
    """Yield the server-sent events in `lines`; comments, which keep the connection alive, are passed over.

    The format is that of https://html.spec.whatwg.org/multipage/server-sent-events.html.
    """
    name, data = "message", list[str]()
    for line in lines:
        field, _, value = line.partition(":")
        value = value.removeprefix(" ")
        if not line and data:
            yield Event(name, json.loads("\n".join(data)))
        if not line:
            name, data = "message", []
        elif field == "event":
            name = value
        elif field == "data":
            data.append(value)


def _is_near(url: str) -> bool:
    return any(host in url for host in ("//127.", "//localhost", "//[::1]"))


def _key(idempotency_key: str | None) -> dict[str, str]:
    return {"Idempotency-Key": idempotency_key} if idempotency_key else {}


def _good(answer: httpx.Response) -> httpx.Response:
    if answer.is_error:
        raise _refusal(answer)
    return answer


def _refusal(answer: httpx.Response) -> Refused:
    # A proxy on the way may answer with a page of its own.
    try:
        body = answer.json()
    except ValueError:
        body = None
    body = body if isinstance(body, dict) else {}
    detail = body.get("detail")
    wait = answer.headers.get("Retry-After", "")
    return Refused(
        answer.status_code,
        detail if isinstance(detail, str) else f"{answer.status_code} {answer.reason_phrase}",
        str(body.get("code", "")),
        int(wait) if wait.isdigit() else None,
    )
