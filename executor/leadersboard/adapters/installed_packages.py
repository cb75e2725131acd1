"""What submitted code finds installed, so that a run can be repeated."""

import importlib.metadata
import platform


def requirements() -> str:
    """Return the packages of this Python environment, which is the one that runs get, each with its version.

    In pip's requirements format, as `pip freeze` and MLflow write it; Python and the system are a comment on top.
    """
    found: dict[str, str] = {}
    for distribution in importlib.metadata.distributions():
        if name := distribution.metadata["Name"]:
            # Of two by the same name the first is the one that is imported.
            found.setdefault(name.casefold(), f"{name}=={distribution.version}")
    about = f"# Python {platform.python_version()}, {platform.system()} {platform.machine()}"
    return "\n".join([about, *(line for _, line in sorted(found.items()))]) + "\n"
