"""Makes a backup: whole, or not there."""

import os
import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from leadersboard.backup import manifest, postgres
from leadersboard.backup.copying import copy_database, fetch, regular_files
from leadersboard.backup.errors import BackupExists
from leadersboard.backup.manifest import File, Manifest
from leadersboard.backup.stores import POSTGRES, SQLITE, keeps_mlflow_elsewhere, sqlite_file, stores
from leadersboard.datasets import find
from leadersboard.datasets.prepared import is_name
from leadersboard.maintenance import maintenance
from leadersboard.settings import Settings


def take(
    settings: Settings, destination: Path, *, with_data: bool = False, tell: Callable[[str], None] = lambda _: None
) -> Manifest:
    """Copy all state to the folder `destination`, which is made; `tell` hears what is being copied.

    The platform may be up. The database comes first, as it is at one moment: whatever it names is there already, and
    what is added later does no harm. MLflow comes after it, so that no run is missing that the database knows.

    Raises:
        BackupExists: there is something at `destination`.
        ToolMissing, DatabaseToolFailed
    """
    destination = destination.absolute()
    if destination.exists() or destination.is_symlink():
        raise BackupExists(path=destination)
    destination.parent.mkdir(parents=True, exist_ok=True)
    partial = destination.with_name(f".{destination.name}.partial-{os.getpid()}")
    partial.mkdir(mode=0o700)
    try:
        made = _fill(settings, partial, with_data, tell)
        os.sync()
        partial.rename(destination)
    except BaseException:
        shutil.rmtree(partial)
        raise
    return made


def _fill(settings: Settings, folder: Path, with_data: bool, tell: Callable[[str], None]) -> Manifest:
    copied = stores(settings, with_data=with_data)
    with maintenance(settings, wait=True):
        tell("records")
        database = _copy_records(settings, folder)
        for store in copied:
            tell(store.name)
            fetch(store.where, folder / store.name)
    made = Manifest(
        made_at=datetime.now(UTC).isoformat(timespec="seconds"),
        version=version("leadersboard"),
        database=database,
        stores=tuple(store.name for store in copied),
        elsewhere=("mlflow",) if keeps_mlflow_elsewhere(settings) else (),
        datasets=_datasets(settings.data),
        files={_below(folder, path): _about(path) for path in regular_files(folder) if not path.is_symlink()},
        links={_below(folder, path): str(path.readlink()) for path in regular_files(folder) if path.is_symlink()},
    )
    made.write(folder)
    return made


def _copy_records(settings: Settings, folder: Path) -> str:
    file = sqlite_file(settings)
    if file is None:
        postgres.dump(settings.database_dsn, folder / POSTGRES)
        return POSTGRES
    if file.exists():
        copy_database(file, folder / SQLITE)
        (folder / SQLITE).chmod(0o600)
    return SQLITE


def _datasets(data: Path) -> dict[str, dict[str, str]]:
    names = sorted(folder.name for folder in data.iterdir() if is_name(folder.name)) if data.is_dir() else []
    found = (find(data, name) for name in names)
    return {one.name: {"version": one.version, "digest": one.digest} for one in found if one is not None}


def _below(folder: Path, path: Path) -> str:
    return path.relative_to(folder).as_posix()


def _about(path: Path) -> File:
    about = path.stat()
    size, sha256 = manifest.digest_of(path) or (0, "")
    return File(size, sha256, about.st_mode & 0o777, about.st_mtime)
