"""What the scoring notebooks of anomaly-detection benchmarks are made of: the check, the metrics, the figures."""
