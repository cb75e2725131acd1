"""MLflow for participants: behind the hub's login, to read and not to write."""
