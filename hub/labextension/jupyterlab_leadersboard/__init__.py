"""LeadersBoard in JupyterLab: the server half, and where Lab finds the pages' half."""

from typing import Any

from jupyterlab_leadersboard.app import LeadersBoard


def _jupyter_labextension_paths() -> list[dict[str, str]]:
    return [{"src": "labextension", "dest": "jupyterlab-leadersboard"}]


def _jupyter_server_extension_points() -> list[dict[str, Any]]:
    return [{"module": "jupyterlab_leadersboard", "app": LeadersBoard}]
