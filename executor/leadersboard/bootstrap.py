"""Wires the ports to their adapters: the only place that knows both. Nothing connects here but the database."""

import os
import socket
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy import Engine

from leadersboard.adapters.arq_queue import ArqQueue
from leadersboard.adapters.ed25519_signatures import Ed25519Signer, make_key, public_key_of, verifier_of
from leadersboard.adapters.file_logs import FileLogs
from leadersboard.adapters.folder_templates import FolderTemplates
from leadersboard.adapters.fsspec_job_files import FsspecJobFiles
from leadersboard.adapters.fsspec_submissions import FsspecSubmissionFiles
from leadersboard.adapters.installed_packages import requirements
from leadersboard.adapters.mlflow_runs import MlflowRuns
from leadersboard.adapters.mlflow_statistics import SqliteStatistics
from leadersboard.adapters.mlflow_tracking import MlflowTracking
from leadersboard.adapters.nbformat_notebooks import NbformatNotebooks
from leadersboard.adapters.redis_events import RedisEvents
from leadersboard.adapters.sql import SqlRecords, connect, migrate
from leadersboard.adapters.system_clock import SystemClock
from leadersboard.adapters.toml_benchmarks import TomlBenchmarks
from leadersboard.board.boards import Boards
from leadersboard.domain.signature import Sign, Verify
from leadersboard.domain.tokens import parse_tokens
from leadersboard.ports.identities import Identities
from leadersboard.ports.runner import Runner
from leadersboard.settings import Settings
from leadersboard.shipped import shipped
from leadersboard.usecases.disk_space import free_bytes
from leadersboard.usecases.enqueue_job import JobRules
from leadersboard.usecases.limits import UploadLimits
from leadersboard.usecases.prune import Shelves
from leadersboard.usecases.tally import Tally
from leadersboard.usecases.workshop import Workshop


@dataclass(frozen=True, slots=True)
class Platform:
    """What the API and the worker share."""

    settings: Settings
    engine: Engine
    records: SqlRecords
    submissions: FsspecSubmissionFiles
    outputs: FsspecJobFiles
    logs: FileLogs
    events: RedisEvents
    queue: ArqQueue
    benchmarks: TomlBenchmarks
    templates: FolderTemplates
    notebooks: NbformatNotebooks
    tracking: MlflowTracking
    clock: SystemClock
    tokens: Mapping[str, str]
    # By the name of the hub's service; empty without a hub.
    identities: Mapping[str, Identities]

    @property
    def job_rules(self) -> JobRules:
        settings = self.settings
        return JobRules(settings.quota, settings.resource_classes, settings.default_benchmark, settings.max_attempts)

    @property
    def upload_limits(self) -> UploadLimits:
        settings = self.settings
        return UploadLimits(
            settings.max_file_bytes, settings.max_upload_bytes, settings.max_notebook_bytes, settings.max_files
        )

    async def close(self) -> None:
        await self.queue.close()
        await self.events.close()
        self.engine.dispose()


def build_platform(settings: Settings) -> Platform:
    """Return the platform that `settings` describe, its database brought to this version."""
    engine = connect(settings.database_dsn)
    migrate(engine)
    return Platform(
        settings=settings,
        engine=engine,
        records=SqlRecords(engine, build_verifier(settings)),
        submissions=FsspecSubmissionFiles(settings.uploads, settings.max_file_bytes, settings.max_upload_bytes),
        outputs=FsspecJobFiles(settings.artifacts),
        logs=FileLogs(settings.logs),
        events=RedisEvents(settings.redis_dsn),
        queue=ArqQueue(settings.redis_dsn),
        benchmarks=TomlBenchmarks(settings.benchmarks_dir or shipped("notebooks") / "benchmarks", settings.data),
        templates=FolderTemplates(settings.templates_dir or shipped("templates")),
        notebooks=NbformatNotebooks(),
        tracking=MlflowTracking(settings.mlflow_tracking_uri, settings.mlflow_public_url),
        clock=SystemClock(),
        tokens=parse_tokens(settings.api_tokens),
        identities=_identities(settings),
    )


@contextmanager
def open_records(settings: Settings) -> Iterator[SqlRecords]:
    """Give the records alone, for commands that need nothing else."""
    engine = connect(settings.database_dsn)
    try:
        migrate(engine)
        yield SqlRecords(engine, build_verifier(settings))
    finally:
        engine.dispose()


def build_verifier(settings: Settings) -> Verify:
    """Return what tells the platform's signatures from others: by the public keys that are set, else by its own."""
    if settings.public_keys:
        return verifier_of(settings.public_keys)
    if not settings.signing_key_file:
        make_key(settings.signing_key)
    return verifier_of([public_key_of(settings.signing_key)])


def build_signer(settings: Settings) -> Sign:
    """Return what signs results. Of all parts only workers need it.

    Raises:
        UnusableKey, FileNotFoundError: a key was named that is none.
    """
    if not settings.signing_key_file:
        make_key(settings.signing_key)
    return Ed25519Signer(settings.signing_key)


def _identities(settings: Settings) -> dict[str, Identities]:
    if not settings.hub_api_url:
        return {}
    # The hub's library takes half a second to import, and only an API behind a hub needs it.
    from leadersboard.adapters.hub_identities import HubIdentities

    tokens = {"leadersboard": settings.hub_service_token, "mlflow": settings.hub_mlflow_token}
    return {name: HubIdentities(name, settings.hub_api_url, token) for name, token in tokens.items() if token}


def build_boards(platform: Platform) -> Boards:
    """Return the read side of `platform`, which asks nobody yet."""
    settings = platform.settings
    runs = MlflowRuns(settings.mlflow_tracking_uri)
    statistics = SqliteStatistics(settings.mlflow_database)
    return Boards(platform.records, runs, statistics, platform.clock, settings.look_seconds)


def build_shelves(platform: Platform) -> Shelves:
    """Return what pruning works on."""
    disks = platform.settings.disks
    return Shelves(
        records=platform.records,
        submissions=platform.submissions,
        outputs=platform.outputs,
        logs=platform.logs,
        clock=platform.clock,
        free_bytes=lambda: free_bytes(disks),
    )


def build_workshop(platform: Platform, runner: Runner) -> Workshop:
    """Return what a worker of `platform` works with."""
    settings = platform.settings
    return Workshop(
        worker=f"{socket.gethostname()}-{os.getpid()}",
        records=platform.records,
        submissions=platform.submissions,
        outputs=platform.outputs,
        logs=platform.logs,
        events=platform.events,
        runner=runner,
        benchmarks=platform.benchmarks,
        templates=platform.templates,
        notebooks=platform.notebooks,
        tracking=platform.tracking,
        sign=build_signer(settings),
        clock=platform.clock,
        resource_classes=settings.resource_classes,
        scoring_limits=settings.scoring_limits,
        served_classes=settings.served_classes,
        max_running_per_user=settings.max_concurrent_running,
        lease_seconds=settings.lease_seconds,
        heartbeat_seconds=settings.heartbeat_seconds,
        scratch=settings.scratch,
        run_root=settings.run_root,
        weights=settings.weights,
        requirements=requirements(),
        disks=settings.disks,
        min_free_bytes=settings.min_free_bytes,
        tally=Tally(),
    )
