"""What people and workers can do: one short function each, its ports as keyword arguments."""
