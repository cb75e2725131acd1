"""What is competed on, and what one starts from."""
