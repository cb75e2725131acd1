"""What a user's server is started as, and what they find in it."""

import os
import shutil
import sys
from pathlib import Path
from typing import Any

from leadersboard_hub.settings import DOCKER, LOCAL, HubSettings

# In the environment of everything that one installation has started, so that it can be ended together.
_PASSED_ON = ["PATH", "LANG", "LC_ALL", "TZ", "LD_LIBRARY_PATH", "LEADERSBOARD_SUPERVISED_HOME"]


def configure(c: Any, settings: HubSettings) -> None:
    c.Spawner.default_url = "/lab"
    c.Spawner.env_keep = _PASSED_ON
    c.Spawner.environment = _environment(settings)
    c.Spawner.mem_limit = settings.memory_limit
    c.Spawner.cpu_limit = settings.cpu_limit
    c.Spawner.start_timeout = settings.start_seconds
    c.Spawner.http_timeout = settings.start_seconds
    if settings.spawner == DOCKER:
        _containers(c, settings)
    else:
        _processes(c, settings)


def _environment(settings: HubSettings) -> dict[str, str]:
    public = {"LEADERSBOARD_MLFLOW_URL": "/services/mlflow/"}
    if settings.dashboards_url:
        public["LEADERSBOARD_BOARD_URL"] = "/services/dashboards/leaderboard/"
    # Lab asks for no news and no updates: a lab's machines often reach nothing beyond it.
    own = {"JUPYTER_CONFIG_PATH": str(Path(__file__).parents[1] / "jupyter")}
    return {"LEADERSBOARD_API_URL": settings.api_url, **public, **(own if settings.spawner == LOCAL else {})}


def _processes(c: Any, settings: HubSettings) -> None:
    """A process a user on this machine, as the user that the hub runs as: for people who trust each other."""
    users = settings.home.absolute() / "users"
    users.mkdir(exist_ok=True, mode=0o700)
    c.JupyterHub.spawner_class = "simple"
    c.SimpleLocalProcessSpawner.home_dir_template = str(users / "{username}")
    c.Spawner.cmd = [sys.executable, "-m", "jupyterhub.singleuser"]
    # Jupyter refuses to run as root unless told; in a container there is often nobody else.
    c.Spawner.args = ["--allow-root"] if os.geteuid() == 0 else []
    c.Spawner.pre_spawn_hook = lambda spawner: give_guides(settings, users / spawner.user.name)


def give_guides(settings: HubSettings, folder: Path) -> None:
    """Put the guides into a user's folder, unless they are or were there: what a user deleted stays away."""
    folder.mkdir(exist_ok=True, mode=0o700)
    mark = folder / ".leadersboard-guides"
    if settings.guides is None or mark.exists():
        return
    for notebook in sorted(settings.guides.glob("*.ipynb")):
        if not (folder / notebook.name).exists():
            shutil.copyfile(notebook, folder / notebook.name)
    mark.touch()


def _containers(c: Any, settings: HubSettings) -> None:
    """A container a user, with a volume of their own and no way to anything but the hub and the API."""
    c.JupyterHub.spawner_class = "dockerspawner.DockerSpawner"
    c.DockerSpawner.image = settings.image
    c.DockerSpawner.network_name = settings.docker_network
    c.DockerSpawner.use_internal_ip = True
    c.DockerSpawner.remove = True
    c.DockerSpawner.notebook_dir = "/home/user/work"
    c.DockerSpawner.volumes = {"leadersboard-user-{username}": "/home/user/work"}
    c.DockerSpawner.extra_host_config = {
        "cap_drop": ["ALL"],
        "security_opt": ["no-new-privileges"],
        "pids_limit": 512,
    }
    c.JupyterHub.hub_connect_ip = settings.internal_host
