"""What a notebook says of itself, before it is submitted."""
