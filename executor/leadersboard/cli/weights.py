"""`leadersboard weights`: pretrained weights that jobs may read."""

import shutil
import tempfile
from pathlib import Path
from typing import Annotated

import typer

from leadersboard.cli.configured import read_settings
from leadersboard.cli.outcome import Rejected
from leadersboard.cli.words import say

weights = typer.Typer(help="Pretrained weights that jobs may read.", no_args_is_help=True)


@weights.command("add", epilog="Example: leadersboard weights add resnet18.safetensors")
def add(
    path: Annotated[Path, typer.Argument(metavar="FILE", help="File to copy.")],
    name: Annotated[
        str | None, typer.Option("--name", help="What notebooks call it; its own name if left out.")
    ] = None,
) -> None:
    """Copy a file into the folder that jobs find in LEADERSBOARD_WEIGHTS_DIR."""
    if not path.is_file():
        raise Rejected(say("no_such_path", path=path))
    target = read_settings().weights / (name or path.name)
    if target.name != (name or path.name):
        raise Rejected(say("unusable_name", name=name))
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    # Jobs that start meanwhile see the old file or the new one, never half of one.
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=".adding-") as folder:
        copied = Path(folder) / target.name
        shutil.copyfile(path, copied)
        copied.replace(target)
    typer.echo(say("weights_added", name=target.name))


@weights.command("list")
def show() -> None:
    """List the weights that jobs find."""
    from leadersboard.cli.render import print_table

    folder = read_settings().weights
    files = sorted(path for path in folder.rglob("*") if path.is_file()) if folder.is_dir() else []
    rows = [[path.relative_to(folder).as_posix(), f"{path.stat().st_size / 2**20:.1f} MiB"] for path in files]
    if rows:
        print_table(["file", "size"], rows)
    else:
        typer.echo(say("no_weights"))
