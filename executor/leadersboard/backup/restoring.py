"""Makes an installation of a backup, where there is none: whole, or not there."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

from leadersboard.adapters.sql import connect, migrate
from leadersboard.backup import manifest, postgres
from leadersboard.backup.copying import copy_file, copy_tree, is_empty, put
from leadersboard.backup.errors import NotABackup, NotEmpty
from leadersboard.backup.manifest import Manifest
from leadersboard.backup.stores import POSTGRES, SQLITE, Store, sqlite_file, stores
from leadersboard.datasets import find
from leadersboard.settings import Settings

# Where a restore prepares what it then moves into its place; and what says that the preparation was complete.
_STAGE = ".restoring"
_COMPLETE = "complete"


def restore(settings: Settings, source: Path, tell: Callable[[str], None] = lambda _: None) -> Manifest:
    """Bring back all that the backup in the folder `source` holds, to where `settings` say, and the database to the
    tables of this version. A restore that was cut off is begun again, or finished, by the next.

    Raises:
        NotABackup, BackupDamaged, ToolMissing, DatabaseToolFailed
        NotEmpty: there is an installation already; nothing was changed.
    """
    source = source.absolute()
    made = manifest.read(source)
    kept = [one for one in stores(settings, with_data=True) if one.name in made.stores]
    _check_kind(settings, made, source)
    stage = settings.home_path / _STAGE
    if not (stage / _COMPLETE).exists():
        shutil.rmtree(stage, ignore_errors=True)
        _check_empty(settings, kept)
        tell("check")
        manifest.check(made, source)
        _prepare(settings, made, source, kept, stage, tell)
    _move_in(settings, kept, stage)
    engine = connect(settings.database_dsn)
    migrate(engine)
    engine.dispose()
    return made


def missing_datasets(settings: Settings, made: Manifest) -> list[str]:
    """Return the data sets, as NAME VERSION, that the backup's benchmarks used and that are not here."""
    there = {name: find(settings.data, name) for name in made.datasets}
    return [
        f"{name} {about['version']}"
        for name, about in made.datasets.items()
        if (found := there[name]) is None or found.version != about["version"]
    ]


def _check_kind(settings: Settings, made: Manifest, source: Path) -> None:
    wanted = POSTGRES if sqlite_file(settings) is None else SQLITE
    if made.database != wanted:
        raise NotABackup(path=source, problem=f"its records are {made.database}, and {wanted} is needed here")


def _check_empty(settings: Settings, kept: list[Store]) -> None:
    file = sqlite_file(settings)
    if file is None:
        if not postgres.is_empty(settings.database_dsn):
            raise NotEmpty(where="LEADERSBOARD_DATABASE_URL")
    elif file.exists():
        raise NotEmpty(where=file)
    for store in kept:
        if not is_empty(store.where):
            raise NotEmpty(where=store.where)


def _prepare(
    settings: Settings, made: Manifest, source: Path, kept: list[Store], stage: Path, tell: Callable[[str], None]
) -> None:
    stage.mkdir(parents=True, mode=0o700)
    settings.home_path.chmod(0o700)
    for store in kept:
        tell(store.name)
        copy_tree(source / store.name, stage / store.name)
    if made.database == SQLITE and (source / SQLITE).exists():
        copy_file(source / SQLITE, stage / SQLITE)
    elif made.database == POSTGRES:
        tell("records")
        postgres.load(settings.database_dsn, source / POSTGRES)
    os.sync()
    (stage / _COMPLETE).touch()


def _move_in(settings: Settings, kept: list[Store], stage: Path) -> None:
    """Move everything to its place; what was moved by a restore that was cut off is not there any more."""
    for store in kept:
        prepared = stage / store.name
        if not prepared.exists():
            continue
        if store.folder is None:
            put(prepared, store.where)
        else:
            _move(prepared, store.folder)
    file = sqlite_file(settings)
    # Last: until it is there, nothing is.
    if file is not None and (stage / SQLITE).exists():
        _move(stage / SQLITE, file)
    os.sync()
    shutil.rmtree(stage)


def _move(prepared: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    if target.is_dir():
        for folder in sorted(_empty_folders(target), reverse=True):
            folder.rmdir()
    try:
        prepared.rename(target)
    except OSError:
        # Another disk, or a folder that something is mounted on.
        if prepared.is_dir():
            shutil.copytree(prepared, target, symlinks=True, dirs_exist_ok=True)
            shutil.rmtree(prepared)
        else:
            shutil.move(prepared, target)


def _empty_folders(folder: Path) -> Iterator[Path]:
    yield from (path for path in folder.rglob("*") if path.is_dir())
