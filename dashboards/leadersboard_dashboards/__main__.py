"""`python -m leadersboard_dashboards`: serve the notebooks beside this package. Settings: docs/reference/dashboards.md."""

from leadersboard_dashboards.server import Dashboards

Dashboards.launch_instance()
