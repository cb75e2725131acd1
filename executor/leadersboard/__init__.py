"""LeadersBoard: takes a notebook from a click to a trustworthy rank."""
