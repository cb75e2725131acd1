"""The parameters of a notebook, as read from the literals in its `parameters` cell, and the check of a user's values.

papermill's own reading leaves types to annotations and defaults to text; a form needs both typed, so the cell is
parsed as Python and nothing in it is run.
"""

import ast
import io
import tokenize
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from leadersboard.domain.errors import (
    NoParametersCell,
    ReservedParameter,
    UnknownParameter,
    UnreadableParametersCell,
    WrongParameterType,
)
from leadersboard.domain.plain_json import flaw_in

# What the platform injects. Only `seed` may be chosen by the user as well.
PLATFORM_PARAMETERS = frozenset({"data_dir", "output_dir", "device"})
CHOOSABLE_PARAMETERS = frozenset({"seed"})

_TYPE_NAMES = {
    bool: "true or false",
    int: "a whole number",
    float: "a number",
    str: "text",
    list: "a list",
    dict: "an object",
    type(None): "anything",
}


class ParameterKind(StrEnum):
    """What a form asks for."""

    BOOLEAN = "boolean"
    INTEGER = "integer"
    NUMBER = "number"
    TEXT = "text"
    CHOICE = "choice"
    LIST = "list"
    OBJECT = "object"
    ANY = "any"


_KINDS = {
    bool: ParameterKind.BOOLEAN,
    int: ParameterKind.INTEGER,
    float: ParameterKind.NUMBER,
    str: ParameterKind.TEXT,
    list: ParameterKind.LIST,
    dict: ParameterKind.OBJECT,
    type(None): ParameterKind.ANY,
}


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter: its default (a plain literal), the values it may take if it is a choice, and its help text."""

    name: str
    default: Any
    choices: tuple[Any, ...] = ()
    help: str = ""

    @property
    def kind(self) -> ParameterKind:
        return ParameterKind.CHOICE if self.choices else _KINDS[type(self.default)]

    @property
    def is_fixed(self) -> bool:
        """Whether the platform sets it, whatever a user says."""
        return self.name in PLATFORM_PARAMETERS

    @property
    def expected(self) -> str:
        """Return what the parameter takes, in words."""
        if self.choices:
            return "one of " + ", ".join(repr(choice) for choice in self.choices)
        return _TYPE_NAMES[type(self.default)]

    def accepts(self, value: object) -> bool:
        """Whether `value` has the type of the default; a whole number does for a number, a bool never does."""
        if self.choices:
            return any(value == choice and type(value) is type(choice) for choice in self.choices)
        kind = type(self.default)
        if kind is float:
            return type(value) in (int, float)
        return kind is type(None) or type(value) is kind


def parse_parameters(source: str, notebook: str) -> tuple[Parameter, ...]:
    """Return the parameters in a `parameters` cell, in their order.

    A line is `name = literal  # help` or `name: Literal[a, b] = literal  # help`. Assignments of anything else than a
    literal that JSON can hold are left out: they are not for a form.

    Raises:
        UnreadableParametersCell: the cell is not Python.
    """
    try:
        tree = ast.parse(source)
        comments = _comments(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError, tokenize.TokenError) as error:
        raise UnreadableParametersCell(name=notebook, problem=str(error)[:200]) from None
    found: dict[str, Parameter] = {}
    for statement in tree.body:
        parameter = _parameter(statement, comments)
        if parameter is not None:
            found[parameter.name] = parameter
    return tuple(found.values())


def _comments(source: str) -> dict[int, str]:
    tokens = tokenize.generate_tokens(io.StringIO(source).readline)
    return {token.start[0]: token.string.lstrip("# ").strip() for token in tokens if token.type == tokenize.COMMENT}


def _parameter(statement: ast.stmt, comments: Mapping[int, str]) -> Parameter | None:
    match statement:
        case ast.Assign(targets=[ast.Name(id=name)], value=value):
            choices: tuple[Any, ...] = ()
        case ast.AnnAssign(target=ast.Name(id=name), annotation=annotation, value=ast.expr() as value):
            choices = _choices(annotation)
        case _:
            return None
    try:
        default = ast.literal_eval(value)
    except (ValueError, TypeError, RecursionError):
        return None
    if type(default) not in _TYPE_NAMES or flaw_in(default) is not None:
        return None
    return Parameter(name, default, choices, comments.get(statement.end_lineno or statement.lineno, ""))


def _choices(annotation: ast.expr) -> tuple[Any, ...]:
    match annotation:
        case ast.Subscript(value=ast.Name(id="Literal") | ast.Attribute(attr="Literal"), slice=options):
            items = options.elts if isinstance(options, ast.Tuple) else [options]
            values = [item.value for item in items if isinstance(item, ast.Constant)]
            return tuple(value for value in values if flaw_in(value) is None)
        case _:
            return ()


def check_parameters(given: Mapping[str, Any], declared: Sequence[Parameter] | None, notebook: str) -> dict[str, Any]:
    """Return `given` with every value checked against what the notebook declares.

    `declared` is None for a notebook without a `parameters` cell.

    Raises:
        ReservedParameter, NoParametersCell, UnknownParameter, WrongParameterType
    """
    for name in given:
        if name in PLATFORM_PARAMETERS:
            raise ReservedParameter(name=name)
    if given and declared is None:
        raise NoParametersCell(name=notebook)
    known = {parameter.name: parameter for parameter in declared or ()}
    checked: dict[str, Any] = {}
    for name, value in given.items():
        parameter = known.get(name) or (Parameter(name, 0) if name in CHOOSABLE_PARAMETERS else None)
        if parameter is None:
            raise UnknownParameter(name=name, known=", ".join(sorted(known.keys() - PLATFORM_PARAMETERS)) or "none")
        if not parameter.accepts(value):
            raise WrongParameterType(name=name, expected=parameter.expected, given=value)
        checked[name] = float(value) if type(parameter.default) is float else value
    return checked
