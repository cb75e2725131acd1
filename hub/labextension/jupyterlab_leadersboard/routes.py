"""Which paths of the API a page may ask for, and nothing else."""

import re
from dataclasses import dataclass
from enum import Enum, auto
from urllib.parse import parse_qsl, quote, unquote

_ID = r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}"
_JOB = rf"jobs/(?P<job>{_ID})"
_PLAIN = re.compile(
    rf"benchmarks|templates|templates/{_ID}|jobs|{_JOB}/(?:status|logs|results|notebook|scoring-notebook)"
    rf"|submissions/{_ID}|leaderboard/{_ID}|quota|whoami"
)
_EVENTS = re.compile(rf"{_JOB}/events")
_LISTING = re.compile(rf"{_JOB}/(?:files|visualizations)")
_FILE = re.compile(rf"(?P<folder>{_JOB}/files)/(?P<name>.{{1,2000}})")
_WRITABLE = re.compile(rf"jobs|{_JOB}/cancel")
# Meant for the Jupyter server. The first is a credential.
_JUPYTERS_OWN = frozenset({"token", "_xsrf", "no_track_activity"})
_FIRST_PRINTABLE, _DELETE = " ", "\x7f"


class Kind(Enum):
    """How an answer is passed on."""

    PLAIN = auto()
    EVENTS = auto()
    LISTING = auto()


@dataclass(frozen=True, slots=True)
class Target:
    """A path of the API, percent-encoded, with its leading slash; `job_id` where it is about one job."""

    path: str
    kind: Kind
    job_id: str = ""


def readable(raw: str) -> Target | None:
    """Return what a GET of `raw`, the path as the page sent it, asks of the API; None where it may not be asked."""
    if (found := _FILE.fullmatch(raw)) is not None:
        name = _file_name(found["name"])
        return None if name is None else Target(f"/{found['folder']}/{name}", Kind.PLAIN, found["job"])
    for pattern, kind in ((_PLAIN, Kind.PLAIN), (_EVENTS, Kind.EVENTS), (_LISTING, Kind.LISTING)):
        if (found := pattern.fullmatch(raw)) is not None:
            return Target(f"/{raw}", kind, found["job"] or "")
    return None


def writable(raw: str) -> Target | None:
    """Return what a POST to `raw` asks of the API; None where it may not be asked."""
    return Target(f"/{raw}", Kind.PLAIN) if _WRITABLE.fullmatch(raw) else None


def passed_on(query: str) -> list[tuple[str, str]]:
    """Return the query for the API: all of the page's but what is for the Jupyter server."""
    return [(name, value) for name, value in parse_qsl(query, keep_blank_values=True) if name not in _JUPYTERS_OWN]


def file_url(base_url: str, job_id: str, name: str) -> str:
    """Return where a page finds a file of a job."""
    return f"{base_url}leadersboard/api/jobs/{quote(job_id, safe='')}/files/{quote(name)}"


def _file_name(raw: str) -> str | None:
    try:
        parts = [unquote(part, errors="strict") for part in raw.split("/")]
    except UnicodeDecodeError:
        return None
    if not all(_is_safe(part) for part in parts):
        return None
    return "/".join(quote(part, safe="") for part in parts)


def _is_safe(part: str) -> bool:
    # A slash in here was sent encoded: the API would read one part as two.
    if part in ("", ".", "..") or "/" in part or "\\" in part:
        return False
    return all(character >= _FIRST_PRINTABLE and character != _DELETE for character in part)
