"""JupyterHub for LeadersBoard: `jupyterhub -f hub/jupyterhub_config.py`. Settings: docs/reference/hub.md."""

import sys
from pathlib import Path

# The folder travels with the platform as data; it is no package that is installed.
sys.path.insert(0, str(Path(__file__).resolve().parent))

from leadersboard_hub import access, authentication, network, services, spawning
from leadersboard_hub.settings import HubSettings

c = get_config()  # noqa: F821 - JupyterHub puts it here
settings = HubSettings()
for part in (network, authentication, access, spawning, services):
    part.configure(c, settings)
if settings.extra_config:
    load_subconfig(str(settings.extra_config))  # noqa: F821 - as above
