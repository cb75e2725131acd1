"""The packages that a run found installed."""

from collections.abc import Collection, Mapping
from urllib.parse import quote

from leadersboard_dashboards.tables import differing_facts
from leadersboard_dashboards.viewer import Viewer

_REQUIREMENTS = "requirements.txt"
_PYTHON = "# Python "


def packages_of(viewer: Viewer, job_id: str, files: Collection[str]) -> Mapping[str, str]:
    """Return the version of each package and of Python, by name; none where the run has kept no such file."""
    if _REQUIREMENTS not in files:
        return {}
    text = viewer.fetch("GET", f"/jobs/{quote(job_id, safe='')}/files/{_REQUIREMENTS}").text
    found: dict[str, str] = {}
    for line in text.splitlines():
        if line.startswith(_PYTHON):
            found["Python"] = line.removeprefix(_PYTHON)
        elif "==" in line:
            name, _, version = line.partition("==")
            found[name] = version
    return found


def differing_packages(found: Mapping[str, Mapping[str, str]]) -> str:
    """Return what differs among the packages of several runs as an HTML table; empty where nothing does, or where a run
    has kept none, so that it is not known."""
    return differing_facts(found) if all(found.values()) else ""
