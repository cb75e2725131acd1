"""Jobs: asked for, watched, cancelled, looked into."""
