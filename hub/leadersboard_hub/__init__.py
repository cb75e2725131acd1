"""The parts of the hub's configuration, each a function that sets what it is about."""
