"""The command line, `leadersboard`."""
