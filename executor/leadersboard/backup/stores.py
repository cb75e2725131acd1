"""What an installation keeps, and where."""

from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import make_url

from leadersboard.settings import Settings

# In a backup, whatever the database's file is called here.
SQLITE, POSTGRES = "records.db", "records.dump"


@dataclass(frozen=True, slots=True)
class Store:
    """A tree of files: its name in a backup, and where it is, a folder or an address that fsspec knows."""

    name: str
    where: str

    @property
    def folder(self) -> Path | None:
        """The store's folder, or None where it is kept by a server."""
        return None if "://" in self.where else Path(self.where).absolute()


def stores(settings: Settings, *, with_data: bool) -> list[Store]:
    """Return what is backed up beside the database, in the order of the copies: first what others refer to last."""
    found = [
        Store("submissions", settings.uploads),
        Store("artifacts", settings.artifacts),
        Store("logs", settings.logs),
        Store("secrets", str(settings.home_path / "secrets")),
        Store("hub", str(settings.home_path / "hub")),
    ]
    if not keeps_mlflow_elsewhere(settings):
        found.append(Store("mlflow", str(settings.home_path / "mlflow")))
    if with_data:
        found += [Store("data", str(settings.data)), Store("weights", str(settings.weights))]
    return found


def keeps_mlflow_elsewhere(settings: Settings) -> bool:
    """Whether MLflow is a server of the operator's own, whose files are not here."""
    return "mlflow_tracking_uri" in settings.model_fields_set and not (settings.home_path / "mlflow").is_dir()


def sqlite_file(settings: Settings) -> Path | None:
    """Return the database's file, or None where the records are in PostgreSQL."""
    url = make_url(settings.database_dsn)
    return Path(url.database or "").absolute() if url.get_backend_name() == "sqlite" else None
