"""Measures speed and size: `make bench`. Nothing here asserts a time."""
