"""The dashboards: what Voilà serves behind the hub, and what its notebooks show."""
