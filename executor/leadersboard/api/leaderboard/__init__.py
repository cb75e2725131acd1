"""The board of each benchmark."""
