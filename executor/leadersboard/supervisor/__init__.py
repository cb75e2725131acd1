"""Every part on one machine, under one supervisor."""
