"""`leadersboard dataset`: the data of benchmarks on this machine."""

import secrets
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from leadersboard.cli.configured import read_settings
from leadersboard.cli.words import say

if TYPE_CHECKING:
    from leadersboard.datasets import PreparedDataset

_EXAMPLES = """Examples:

  leadersboard dataset generate

  leadersboard dataset add mvtec-ad /data/mvtec_anomaly_detection
"""

datasets = typer.Typer(help="Data sets of benchmarks on this machine.", no_args_is_help=True, epilog=_EXAMPLES)


@datasets.command("generate", epilog="Example: leadersboard dataset generate")
def generate(
    name: Annotated[str, typer.Argument(help="What to call it.")] = "demo-inspection",
    seed: Annotated[int, typer.Option(min=0, help="The same seed makes the same images.")] = 7,
) -> None:
    """Make the synthetic data set of the demonstration benchmark, and put it into use."""
    from leadersboard.cli.progress import counted
    from leadersboard.datasets import generate, prepare

    data = _data_root(name)
    with tempfile.TemporaryDirectory(dir=data, prefix=".generated-") as folder, counted(name) as progress:
        full = Path(folder) / "full"
        generate(full, seed, progress=progress)
        prepared = prepare(full, data, name, seed, progress)
    _tell(prepared)


@datasets.command("add", epilog="Example: leadersboard dataset add mvtec-ad /data/mvtec_anomaly_detection")
def add(
    name: Annotated[str, typer.Argument(help="What benchmarks call it.")],
    path: Annotated[Path, typer.Argument(help="Folder with categories, each with train/, test/ and ground_truth/.")],
    seed: Annotated[int | None, typer.Option(min=0, help="Shuffles the test images; drawn if left out.")] = None,
) -> None:
    """Check a folder that is shaped like MVTec AD, take labels and images apart, and put it into use."""
    from leadersboard.cli.progress import counted
    from leadersboard.datasets import prepare

    data = _data_root(name)
    with counted(name) as progress:
        # Whoever knows the images and the seed knows the labels, so it is drawn where it is not given.
        prepared = prepare(path.absolute(), data, name, secrets.randbits(32) if seed is None else seed, progress)
    _tell(prepared)


@datasets.command("list")
def show() -> None:
    """List the data sets that are in use."""
    from leadersboard.cli.render import print_table
    from leadersboard.datasets import find
    from leadersboard.datasets.prepared import is_name

    data = read_settings().data
    names = sorted(folder.name for folder in data.iterdir() if is_name(folder.name)) if data.is_dir() else []
    found = [dataset for name in names if (dataset := find(data, name)) is not None]
    if not found:
        typer.echo(say("no_datasets"))
        return
    rows = [[one.name, one.version, _size(one), str(one.folder)] for one in found]
    print_table(["data set", "version", "images", "folder"], rows)


def _data_root(name: str) -> Path:
    """Return the folder of data sets, made if it is not there; a name that cannot be used ends the command."""
    from leadersboard.datasets import find

    data = read_settings().data
    find(data, name)
    data.mkdir(mode=0o700, parents=True, exist_ok=True)
    return data


def _size(dataset: "PreparedDataset") -> str:
    return str(sum(sum(counts.values()) for counts in dataset.counts.values()))


def _tell(dataset: "PreparedDataset") -> None:
    typer.echo(say("dataset_ready", name=dataset.name, version=dataset.version))
