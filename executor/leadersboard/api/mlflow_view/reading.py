"""Which requests only read, and whose files they read."""

import re
from collections.abc import Mapping

_API = r"(?:ajax-)?api/\d\.0/mlflow"
# What the pages of MLflow consist of and ask for. MLflow changes nothing on GET.
_READ = re.compile(
    rf"|static-files/.*|favicon\.ico|version|health|get-artifact|{_API}/.*|(?:ajax-)?api/\d\.0/server-info"
)
# MLflow searches by POST. Whatever its GraphQL knows, mutations included, is a search.
_SEARCH = re.compile(
    rf"graphql|{_API}/(?:runs|experiments|logged-models|traces|registered-models|model-versions)/search"
    rf"|{_API}/(?:metrics/get-history-bulk(?:-interval)?|experiments/search-datasets|runs/search-datasets)"
)
_FILES = re.compile(rf"get-artifact|{_API}/artifacts/list|{_API}/.*artifact.*")


def only_reads(method: str, path: str) -> bool:
    """Whether a request for `path`, relative to MLflow's own root, changes nothing."""
    if method in ("GET", "HEAD"):
        return _READ.fullmatch(path) is not None
    return method == "POST" and _SEARCH.fullmatch(path) is not None


def asks_for_files(path: str) -> bool:
    """Whether `path` leads to what a run has left: its notebook, its log, its pictures."""
    return _FILES.fullmatch(path) is not None


def run_named(query: Mapping[str, str]) -> str | None:
    """Return the one run that a request for files names."""
    named = {query[key] for key in ("run_id", "run_uuid") if key in query}
    return named.pop() if len(named) == 1 else None
