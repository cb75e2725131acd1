"""What participants start from."""
