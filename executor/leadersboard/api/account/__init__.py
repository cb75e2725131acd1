"""Who one is, and what one may still do."""
