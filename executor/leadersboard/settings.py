"""All settings, each with its default and a sentence. Nothing else reads the environment."""

import hashlib
import os
import tempfile
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from functools import cached_property
from pathlib import Path
from typing import Any, Self

from pydantic import AliasChoices, Field, computed_field, model_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from leadersboard.domain.quota import Quota
from leadersboard.domain.resources import MIB, ResourceClass
from leadersboard.domain.retention import RetentionRules
from leadersboard.domain.sandbox import DOCKER_HOST, Containers, Sandbox
from leadersboard.resource_file import SCORING, read_classes
from leadersboard.secret_files import SecretFiles

DEFAULT_TOKEN = "devtoken"  # noqa: S105 - the original's own, and known to everybody
# The path of a Unix socket holds at most 107 bytes; the longest name below the folder takes some 40 of them.
_LONGEST_RUN_ROOT = 60


# What may be given as a file as well: NAME_FILE names it.
SECRETS = frozenset(
    {
        *("redis_url", "api_tokens", "database_url", "metrics_token"),
        *("hub_service_token", "hub_mlflow_token", "session_secret"),
    }
)


def _named(name: str) -> AliasChoices:
    """The original system's names have no prefix; ours is accepted beside them."""
    return AliasChoices(name, f"LEADERSBOARD_{name}", name.lower())


class Settings(BaseSettings):
    """What an operator can set, by environment variables of the field's name after `LEADERSBOARD_`."""

    model_config = SettingsConfigDict(env_prefix="LEADERSBOARD_", extra="ignore", frozen=True)

    home: Path = Field(Path(".leadersboard"), description="Folder that holds everything the platform keeps.")

    # Names of the original system.
    redis_url: str = Field("", validation_alias=_named("REDIS_URL"), description="Redis; empty for the embedded one.")
    mlflow_port: int = Field(5010, ge=1, le=65535, description="Port of the MLflow that 'leadersboard up' starts.")
    mlflow_tracking_uri: str = Field(
        default_factory=lambda given: f"http://127.0.0.1:{given['mlflow_port']}",
        validation_alias=_named("MLFLOW_TRACKING_URI"),
        description="MLflow, over HTTP only; by default the one that 'leadersboard up' starts.",
    )
    api_tokens: str = Field(
        DEFAULT_TOKEN,
        repr=False,
        validation_alias=_named("API_TOKENS"),
        description="Accepted tokens, comma-separated, each 'user:token' or bare, as they are or as 'sha256:DIGEST'.",
    )
    upload_root: str = Field("", validation_alias=_named("UPLOAD_ROOT"), description="Where submissions are kept.")
    log_root: str = Field("", validation_alias=_named("LOG_ROOT"), description="Where logs of jobs are kept.")
    artifact_root: str = Field("", validation_alias=_named("ARTIFACT_ROOT"), description="Where outputs are kept.")
    max_submissions_per_hour: int = Field(
        50, ge=0, validation_alias=_named("MAX_SUBMISSIONS_PER_HOUR"), description="Submissions of one user an hour."
    )
    max_concurrent_running: int = Field(
        2, ge=1, validation_alias=_named("MAX_CONCURRENT_RUNNING"), description="Jobs of one user that run at once."
    )

    # Where things are.
    database_url: str = Field("", description="SQLAlchemy URL of the records; empty for SQLite below 'home'.")
    data_root: Path | None = Field(None, description="Prepared data sets; empty for 'home'/data.")
    scratch_root: Path | None = Field(None, description="Folders of jobs while they run; empty for 'home'/scratch.")
    weights_root: Path | None = Field(
        None, description="Pretrained weights, read-only to jobs; empty for 'home'/weights."
    )
    benchmarks_dir: Path | None = Field(None, description="Definitions of benchmarks; empty for those shipped.")
    templates_dir: Path | None = Field(None, description="Templates; empty for those shipped.")
    mlflow_public_url: str = Field("", description="MLflow as browsers reach it; empty for the tracking URI.")

    # The hub that 'leadersboard up' starts. What else can be set of it: hub/leadersboard_hub/settings.py.
    hub: bool = Field(True, description="Whether 'leadersboard up' starts JupyterHub.")
    hub_host: str = Field("127.0.0.1", description="Address that the hub listens on for browsers.")
    hub_port: int = Field(8000, ge=1, le=65535, description="Port that the hub listens on for browsers.")
    hub_internal_port: int = Field(8081, ge=1, le=65535, description="Port of the hub's own API.")
    hub_authenticator: str = Field("demo", description="How users show who they are: 'demo', 'native', 'pam', ...")
    dashboards_port: int = Field(8011, ge=1, le=65535, description="Port of the dashboards, for the hub's proxy only.")
    hub_proxy_port: int = Field(8001, ge=1, le=65535, description="Port of the proxy's own API, on this machine only.")

    # The API.
    api_host: str = Field("127.0.0.1", description="Address that the API listens on.")
    api_port: int = Field(8010, ge=1, le=65535, description="Port that the API listens on.")
    organisers: str = Field("", description="Users who see everything, comma-separated.")
    hub_api_url: str = Field("", description="JupyterHub's own API, as http://127.0.0.1:8081/hub/api; empty for none.")
    hub_service_token: str = Field("", repr=False, description="What the hub knows the API by; a secret.")
    hub_mlflow_token: str = Field("", repr=False, description="What the hub knows the view of MLflow by; a secret.")
    hub_public_url: str = Field("", description="JupyterHub as browsers reach it, as https://hub.example.org.")
    session_secret: str = Field("", repr=False, description="Signs the logins of browsers; a secret.")
    signing_key_file: str = Field("", description="Key that results are signed with; empty for one of its own.")
    verify_keys: str = Field("", description="Public keys that boards are checked by, comma-separated, if not its own.")
    cors_origins: str = Field("", description="Origins of other pages that may ask, comma-separated; empty for none.")
    look_seconds: float = Field(5, gt=0, description="How often MLflow is asked for what is new on boards.")
    default_benchmark: str = Field("demo-inspection", description="Benchmark of a job that names none; may be empty.")
    max_file_bytes: int = Field(100 * MIB, ge=1, description="Size of one uploaded file, in bytes.")
    max_upload_bytes: int = Field(512 * MIB, ge=1, description="Size of one submission, in bytes.")
    max_notebook_bytes: int = Field(20 * MIB, ge=1, description="Size of a notebook that is submitted, in bytes.")
    max_files: int = Field(200, ge=1, description="Files in one submission.")
    min_free_bytes: int = Field(1024 * MIB, ge=0, description="Free disk under which nothing new is taken, in bytes.")

    # What is kept, and what is seen of it.
    metrics_token: str = Field("", repr=False, description="Opens /metrics to Prometheus and nothing else; a secret.")
    retention_days: int = Field(0, ge=0, description="Days that outputs and logs of jobs are kept; 0 for ever.")
    retention_bytes: int = Field(0, ge=0, description="Size of outputs and logs that are kept, in bytes; 0 for any.")
    retention_free_bytes: int = Field(
        0, ge=0, description="Free disk under which the oldest outputs and logs are removed, in bytes; 0 for never."
    )
    prune_seconds: float = Field(600, gt=0, description="How often what is kept too long is looked for.")

    # The worker.
    worker_slots: int = Field(1, ge=1, le=64, description="Jobs at once on a worker without GPUs; one a GPU otherwise.")
    worker_classes: str = Field("small,medium", description="Resource classes a worker serves, comma-separated.")
    lease_seconds: float = Field(15, gt=0, description="How long a claim lasts without renewal, in seconds.")
    heartbeat_seconds: float = Field(2, gt=0, description="How often a lease is renewed, in seconds.")
    reconcile_seconds: int = Field(5, ge=1, le=30, description="How often lost jobs and messages are looked for.")
    poll_seconds: float = Field(0.02, gt=0, description="How often a worker looks for messages, in seconds.")
    grace_seconds: float = Field(20, ge=0, description="How long a worker that is told to end lets jobs finish.")
    max_attempts: int = Field(3, ge=1, description="How often a job is started before it is given up.")
    sandbox: Sandbox = Field(Sandbox.AUTO, description="Walls around jobs: auto, bubblewrap, container or none.")
    sandbox_image: str = Field("", description="Image of a job's container; empty for this machine's own programs.")
    sandbox_docker: str = Field(DOCKER_HOST, description="Where Docker is, for jobs in containers.")
    sandbox_readable: str = Field("", description="Further folders that jobs may read, separated by colons.")
    resources_file: Path | None = Field(None, description="Limits of jobs, in place of those shipped.")
    small_wall_seconds: float | None = Field(None, gt=0, description="Time of a 'small' job, in place of the file's.")
    small_memory_bytes: int | None = Field(None, gt=0, description="Memory of a 'small' job, in place of the file's.")
    medium_wall_seconds: float | None = Field(None, gt=0, description="Time of a 'medium' job, in place of the file's.")
    medium_memory_bytes: int | None = Field(None, gt=0, description="Memory of a 'medium' job, as above.")
    log_bytes: int | None = Field(None, gt=0, description="What a job may print, in bytes, in place of the file's.")

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return init_settings, SecretFiles(settings_cls, SECRETS), env_settings

    @model_validator(mode="after")
    def _lease_outlives_heartbeats(self) -> Self:
        if self.lease_seconds < 3 * self.heartbeat_seconds:
            raise ValueError("lease_seconds must be at least three times heartbeat_seconds")
        return self

    @computed_field  # type: ignore[prop-decorator]
    @cached_property
    def home_path(self) -> Path:
        """`home`, absolute."""
        return self.home.expanduser().absolute()

    @property
    def mlflow_database(self) -> Path:
        """The database of the MLflow that `leadersboard up` starts."""
        return self.home_path / "mlflow" / "mlflow.db"

    @property
    def run_root(self) -> Path:
        """Sockets and process files; below `home` unless its path is too long for a Unix socket."""
        below_home = self.home_path / "run"
        if len(os.fsencode(below_home)) <= _LONGEST_RUN_ROOT:
            return below_home
        name = hashlib.sha256(os.fsencode(self.home_path)).hexdigest()[:12]
        return Path(tempfile.gettempdir()) / f"leadersboard-{os.getuid()}-{name}"

    @property
    def redis_dsn(self) -> str:
        return self.redis_url or f"unix://{self.run_root}/redis.sock"

    @property
    def database_dsn(self) -> str:
        return self.database_url or f"sqlite:///{self.home_path}/leadersboard.db"

    @property
    def uploads(self) -> str:
        return self.upload_root or str(self.home_path / "submissions")

    @property
    def logs(self) -> str:
        return self.log_root or str(self.home_path / "logs")

    @property
    def artifacts(self) -> str:
        return self.artifact_root or str(self.home_path / "artifacts")

    @property
    def data(self) -> Path:
        return (self.data_root or self.home_path / "data").absolute()

    @property
    def scratch(self) -> Path:
        return (self.scratch_root or self.home_path / "scratch").absolute()

    @property
    def weights(self) -> Path:
        return (self.weights_root or self.home_path / "weights").absolute()

    @property
    def quota(self) -> Quota:
        return Quota(self.max_submissions_per_hour, self.max_concurrent_running)

    @property
    def retention(self) -> RetentionRules:
        age = timedelta(days=self.retention_days) if self.retention_days else None
        return RetentionRules(age, self.retention_bytes or None, self.retention_free_bytes)

    @property
    def disks(self) -> tuple[Path, ...]:
        """Folders on this machine that grow with jobs."""
        stores = (store for store in (self.uploads, self.artifacts, self.logs) if "://" not in store)
        return (self.home_path, self.scratch, *(Path(store).absolute() for store in stores))

    @property
    def signing_key(self) -> Path:
        """Where the private key lies; the public half lies beside it, as NAME.pub."""
        return Path(self.signing_key_file or self.home_path / "secrets" / "signing-key")

    @property
    def public_keys(self) -> tuple[str, ...]:
        return tuple(_listed(self.verify_keys))

    @property
    def allowed_origins(self) -> tuple[str, ...]:
        return tuple(_listed(self.cors_origins))

    @property
    def organiser_names(self) -> frozenset[str]:
        return frozenset(_listed(self.organisers))

    @property
    def served_classes(self) -> tuple[str, ...]:
        return tuple(_listed(self.worker_classes))

    @cached_property
    def _classes(self) -> dict[str, ResourceClass]:
        return read_classes(self.resources_file)

    @model_validator(mode="after")
    def _resources_can_be_read(self) -> Self:
        _ = self._classes
        return self

    @property
    def scoring_limits(self) -> ResourceClass:
        """What a scoring notebook may use."""
        return self._classes[SCORING]

    @property
    def resource_classes(self) -> dict[str, ResourceClass]:
        """The classes that a job may name, from the file, and what single settings say instead."""
        single: dict[str, dict[str, Any]] = {
            "small": {"wall_seconds": self.small_wall_seconds, "memory_bytes": self.small_memory_bytes},
            "medium": {"wall_seconds": self.medium_wall_seconds, "memory_bytes": self.medium_memory_bytes},
        }
        return {
            name: _changed(limits, {**single.get(name, {}), "log_bytes": self.log_bytes})
            for name, limits in self._classes.items()
            if name != SCORING
        }

    @property
    def readable_folders(self) -> tuple[Path, ...]:
        return tuple(Path(part).absolute() for part in self.sandbox_readable.split(":") if part)

    @property
    def containers(self) -> Containers:
        return Containers(self.sandbox_docker, self.sandbox_image)


def _changed(limits: ResourceClass, single: Mapping[str, Any]) -> ResourceClass:
    return replace(limits, **{name: value for name, value in single.items() if value is not None})


def _listed(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]
