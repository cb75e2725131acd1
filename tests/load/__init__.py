"""How fast and how large the platform is, beside something simple that is measured in the same run."""
