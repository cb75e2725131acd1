"""`leadersboard dataset` and `leadersboard weights`."""

import typer

datasets = typer.Typer(help="Data sets of benchmarks on this machine.", no_args_is_help=True)
weights = typer.Typer(help="Pretrained weights that jobs may read.", no_args_is_help=True)
