"""Modules and functions stay of a size that can be read at a glance."""

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[2] / "executor" / "leadersboard"
MODULES = sorted(path for path in PACKAGE.rglob("*.py") if "versions" not in path.parts)


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_a_module_and_its_functions_fit_on_a_few_screens(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    assert len(source.splitlines()) <= 300
    functions = (
        node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    )
    long = [node.name for node in functions if (node.end_lineno or 0) - node.lineno + 1 > 40]
    assert long == []


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_a_name_says_what_a_module_holds(path: Path) -> None:
    assert path.stem not in {"utils", "helpers", "common", "manager", "base", "misc"}
