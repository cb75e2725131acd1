"""What submitted code finds installed, so that a run can be repeated."""

import importlib.metadata
import platform


def requirements() -> str:
    """Return the packages of this Python environment, which is the one that runs get, each with its version.

    In pip's requirements format, as `pip freeze` and MLflow write it; Python and the system are a comment on top.
    """
    found = {
        (distribution.metadata["Name"] or "").casefold(): f"{distribution.metadata['Name']}=={distribution.version}"
        for distribution in importlib.metadata.distributions()
    }
    found.pop("", None)
    about = f"# Python {platform.python_version()}, {platform.system()} {platform.machine()}"
    return "\n".join([about, *(line for _, line in sorted(found.items()))]) + "\n"
