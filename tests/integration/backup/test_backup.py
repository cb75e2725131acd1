"""A backup is whole or not there, and what is restored from it is what was."""

import json
import shutil
import sqlite3
import stat
import threading
from contextlib import closing
from pathlib import Path

import pytest

from leadersboard.backup import restore, take
from leadersboard.backup.errors import BackupDamaged, BackupExists, NotABackup, NotEmpty
from leadersboard.backup.restoring import missing_datasets
from leadersboard.bootstrap import open_records
from leadersboard.maintenance import Busy, maintenance
from leadersboard.ports.records import JobFilter, Page
from leadersboard.settings import Settings
from tests.conftest import fresh_database
from tests.integration.backup.conftest import fill, furnish, installation

STORES = ("submissions", "artifacts", "logs", "secrets", "hub", "mlflow")


def tree(folder: Path) -> dict[str, tuple[bytes | str, int]]:
    """Everything below a folder: contents or target, and permissions. Databases are compared by their rows."""
    found: dict[str, tuple[bytes | str, int]] = {}
    for path in folder.rglob("*"):
        name = path.relative_to(folder).as_posix()
        if ".incoming" in name or name.endswith(("-wal", "-shm")) or path.is_dir():
            continue
        mode = stat.S_IMODE(path.lstat().st_mode)
        if path.is_symlink():
            found[name] = (str(path.readlink()), mode)
        elif path.suffix in (".db", ".sqlite"):
            found[name] = (dump(path), mode)
        else:
            found[name] = (path.read_bytes(), mode)
    return found


def dump(database: Path) -> str:
    with closing(sqlite3.connect(database)) as connection:
        return "\n".join(sorted(connection.iterdump()))


def state(settings: Settings) -> object:
    """What people see: jobs with their results, the board, the ledger."""
    with open_records(settings) as records, records.reading() as transaction:
        return (
            transaction.jobs.page(JobFilter(), Page()).items,
            sorted(transaction.jobs.board("tiny", "1"), key=lambda entry: entry.job_id),
            transaction.submissions.page(None, Page()).items,
        )


def test_what_is_restored_into_an_empty_place_is_what_was_backed_up(full: Settings, tmp_path: Path) -> None:
    take(full, tmp_path / "backup")
    empty = installation(tmp_path / "elsewhere")
    made = restore(empty, tmp_path / "backup")
    assert state(empty) == state(full)
    assert len(state(empty)[1]) == 3  # type: ignore[index]
    for store in STORES:
        assert tree(empty.home_path / store) == tree(full.home_path / store), store
    assert missing_datasets(empty, made) == ["tiny 0123456789abcdef"]
    assert stat.S_IMODE((empty.home_path / "secrets" / "signing-key").stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "backup").stat().st_mode) == 0o700
    assert not (empty.home_path / ".restoring").exists()


def test_data_sets_and_weights_come_along_where_that_is_asked_for(full: Settings, tmp_path: Path) -> None:
    take(full, tmp_path / "backup", with_data=True)
    empty = installation(tmp_path / "elsewhere")
    made = restore(empty, tmp_path / "backup")
    assert missing_datasets(empty, made) == []
    assert tree(empty.data) == tree(full.data)


def test_a_backup_that_is_cut_off_leaves_nothing(full: Settings, tmp_path: Path) -> None:
    def fail(what: str) -> None:
        if what == "hub":
            raise KeyboardInterrupt

    folder = tmp_path / "backups"
    with pytest.raises(KeyboardInterrupt):
        take(full, folder / "b", tell=fail)
    assert list(folder.iterdir()) == []


def test_a_backup_never_overwrites(full: Settings, tmp_path: Path) -> None:
    take(full, tmp_path / "backup")
    with pytest.raises(BackupExists):
        take(full, tmp_path / "backup")


def test_a_damaged_backup_is_refused_before_anything_is_restored(full: Settings, tmp_path: Path) -> None:
    take(full, tmp_path / "backup")
    victim = next((tmp_path / "backup" / "artifacts").rglob("predictions.csv"))
    victim.write_bytes(b"x" * victim.stat().st_size)
    with pytest.raises(BackupDamaged, match=r"predictions\.csv"):
        restore(installation(tmp_path / "elsewhere"), tmp_path / "backup")
    assert not (tmp_path / "elsewhere").exists()
    shutil.rmtree(tmp_path / "backup" / "artifacts")
    with pytest.raises(BackupDamaged):
        restore(installation(tmp_path / "elsewhere"), tmp_path / "backup")


def test_a_manifest_cannot_name_files_outside_of_its_backup(full: Settings, tmp_path: Path) -> None:
    take(full, tmp_path / "backup")
    path = tmp_path / "backup" / "manifest.json"
    raw = json.loads(path.read_text())
    raw["files"]["../home/secrets/signing-key"] = next(iter(raw["files"].values()))
    path.write_text(json.dumps(raw))
    with pytest.raises(BackupDamaged):
        restore(installation(tmp_path / "elsewhere"), tmp_path / "backup")


def test_what_is_no_backup_is_refused(tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    with pytest.raises(NotABackup):
        restore(installation(tmp_path / "elsewhere"), tmp_path / "other")


def test_nothing_is_restored_over_what_is_there(full: Settings, tmp_path: Path) -> None:
    take(full, tmp_path / "backup")
    before = tree(full.home_path)
    with pytest.raises(NotEmpty):
        restore(full, tmp_path / "backup")
    assert tree(full.home_path) == before


@pytest.mark.parametrize("at", ["check", "logs", "mlflow"])
def test_a_restore_that_was_cut_off_is_done_by_the_next(full: Settings, tmp_path: Path, at: str) -> None:
    def fail(what: str) -> None:
        if what == at:
            raise KeyboardInterrupt

    take(full, tmp_path / "backup")
    empty = installation(tmp_path / "elsewhere")
    with pytest.raises(KeyboardInterrupt):
        restore(empty, tmp_path / "backup", tell=fail)
    assert not (empty.home_path / "leadersboard.db").exists()
    restore(empty, tmp_path / "backup")
    assert state(empty) == state(full)


def test_a_restore_that_was_cut_off_while_it_moved_things_goes_on(
    full: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    take(full, tmp_path / "backup")
    empty = installation(tmp_path / "elsewhere")
    rename = Path.rename

    def cut_off(self: Path, target: Path) -> Path:
        if target == empty.home_path / "mlflow":
            raise KeyboardInterrupt
        return rename(self, target)

    with monkeypatch.context() as patched:
        patched.setattr(Path, "rename", cut_off)
        with pytest.raises(KeyboardInterrupt):
            restore(empty, tmp_path / "backup")
    restore(empty, tmp_path / "backup")
    assert state(empty) == state(full)
    for store in STORES:
        assert tree(empty.home_path / store) == tree(full.home_path / store), store


def test_a_backup_is_whole_while_the_platform_is_written_to(full: Settings, tmp_path: Path) -> None:
    stop = threading.Event()
    written: list[int] = []

    def write() -> None:
        with open_records(full) as records:
            while not stop.is_set():
                with records.writing() as transaction:
                    # Two writes that belong together.
                    transaction.retention.measured(f"{0:032x}", len(written))
                    transaction.retention.measured(f"{1:032x}", len(written))
                written.append(1)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        take(full, tmp_path / "backup")
    finally:
        stop.set()
        writer.join()
    assert written
    with closing(sqlite3.connect(tmp_path / "backup" / "records.db")) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        query = "SELECT kept_bytes FROM jobs WHERE job_id <= ? ORDER BY job_id"
        first, second = connection.execute(query, (f"{1:032x}",)).fetchall()
    assert first == second


def test_nothing_is_pruned_while_a_backup_is_made(full: Settings, tmp_path: Path) -> None:
    waiting: list[bool] = []

    def look(what: str) -> None:
        if what == "artifacts":
            with pytest.raises(Busy), maintenance(full):
                waiting.append(False)
            waiting.append(True)

    take(full, tmp_path / "backup", tell=look)
    assert waiting == [True]


def test_records_in_postgresql_are_dumped_and_restored(postgres_url: str, tmp_path: Path) -> None:
    full = installation(tmp_path / "home", database_url=fresh_database(postgres_url))
    fill(full)
    furnish(full)
    take(full, tmp_path / "backup")
    assert (tmp_path / "backup" / "records.dump").is_file()
    empty = installation(tmp_path / "elsewhere", database_url=fresh_database(postgres_url))
    restore(empty, tmp_path / "backup")
    assert state(empty) == state(full)
    with pytest.raises(NotEmpty):
        restore(empty, tmp_path / "backup")
    with pytest.raises(NotABackup):
        restore(installation(tmp_path / "third"), tmp_path / "backup")
