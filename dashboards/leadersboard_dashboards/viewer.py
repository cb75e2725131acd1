"""In a page's kernel: who looks, at which address, in which language; and the API in that viewer's name."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import parse_qs

import httpx

from leadersboard.domain.errors import Language
from leadersboard.domain.language import language_of
from leadersboard_dashboards.request import wait_for_request
from leadersboard_dashboards.settings import DashboardSettings

_TIMES = httpx.Timeout(30, connect=3)


class ApiAway(Exception):
    """The API does not answer, or does with an error of its own; `sentence` is for the viewer, where it has one."""

    def __init__(self, problem: str, sentence: str | None = None) -> None:
        self.sentence = sentence
        super().__init__(problem)


class ApiRefuses(Exception):
    """The API says no; the sentence is for the viewer, `field` is what it is about, where it is about one field."""

    def __init__(self, status: int, sentence: str, field: str | None = None) -> None:
        self.status, self.field = status, field
        super().__init__(sentence)


@dataclass(frozen=True)
class Viewer:
    """Whoever looks at this page. `query` holds the first value of each name, `name` is the end of the address."""

    name: str
    query: Mapping[str, str]
    many: Mapping[str, list[str]]
    language: Language
    user_id: str
    is_organiser: bool
    settings: DashboardSettings
    http: httpx.Client = field(repr=False)

    @property
    def is_japanese(self) -> bool:
        return self.language == "ja"

    def ask(self, path: str, **query: object) -> Any:
        """Return what the API answers to a GET of `path`, as JSON.

        Raises:
            ApiAway, ApiRefuses
        """
        return self.fetch("GET", path, params=query).json()

    def fetch(self, method: str, path: str, **request: Any) -> httpx.Response:
        """Return the API's answer.

        Raises:
            ApiAway, ApiRefuses
        """
        try:
            answer = self.http.request(method, path, **request)
        except httpx.HTTPError as problem:
            raise ApiAway(str(problem)) from problem
        if answer.status_code >= 500:
            raise ApiAway(f"the API answered {answer.status_code}", _about(answer).get("detail"))
        if answer.is_error:
            about = _about(answer)
            raise ApiRefuses(answer.status_code, str(about.get("detail") or answer.status_code), about.get("field"))
        return answer


def in_the_name_of(token: str, viewer: Viewer) -> Viewer:
    """Return whose `token` it is, at the same page.

    Raises:
        ApiAway, ApiRefuses
    """
    client = _client(token, viewer.language, viewer.settings)
    other = replace(viewer, http=client)
    who = other.ask("/whoami")
    return replace(other, user_id=str(who["user_id"]), is_organiser=bool(who["organiser"]))


def wait_for_viewer() -> Viewer:
    """Wait until somebody looks at this page, and return who.

    A page that is kept ready is run up to here.
    """
    settings = DashboardSettings()
    wait_for_request()
    query = parse_qs(os.environ.get("QUERY_STRING", ""))
    first = {name: values[0] for name, values in query.items()}
    language = language_of(first.get("lang") or os.environ.get("HTTP_ACCEPT_LANGUAGE", ""))
    client = _client(os.environ.pop("HTTP_X_LEADERSBOARD_VIEWER", ""), language, settings)
    who = _who(client)
    return Viewer(
        name=os.environ.get("SCRIPT_NAME", "").rstrip("/").rpartition("/")[2],
        query=first,
        many=query,
        language=language,
        user_id=str(who.get("user_id", "")),
        is_organiser=bool(who.get("organiser")),
        settings=settings,
        http=client,
    )


def _client(token: str, language: Language, settings: DashboardSettings) -> httpx.Client:
    headers = {"Authorization": f"Bearer {token}", "Accept-Language": language}
    return httpx.Client(base_url=settings.api_url, headers=headers, timeout=_TIMES, trust_env=False)


def _about(answer: httpx.Response) -> Mapping[str, Any]:
    """Return what an error says of itself; what stands between us and the API may say nothing."""
    try:
        about = answer.json()
    except ValueError:
        return {}
    return about if isinstance(about, dict) else {}


def _who(client: httpx.Client) -> Mapping[str, Any]:
    try:
        answer = client.get("/whoami")
    except httpx.HTTPError:
        # The page says by itself that the platform is away.
        return {}
    found: Mapping[str, Any] = answer.json() if answer.is_success else {}
    return found
