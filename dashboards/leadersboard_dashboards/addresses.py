"""Where browsers find the dashboards. Nothing is imported here: kernels of pages have to be there in a moment."""

SERVICE = "dashboards"
PREFIX = f"/services/{SERVICE}/"
