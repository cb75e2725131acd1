"""The ports, made real: one module a technology."""
