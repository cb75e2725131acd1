"""What runs and their experiments are called in MLflow."""

JOB_TAG = "leadersboard.job_id"
# Jobs outside any benchmark have an experiment of their own.
NO_BENCHMARK = "self-reported"


def experiment_name(benchmark: str | None) -> str:
    """Return the name of the experiment that holds the runs of `benchmark`."""
    return benchmark or NO_BENCHMARK
