"""A notebook as it is described."""

from typing import Any, Self

from pydantic import BaseModel

from leadersboard.api.submissions.schemas import ParameterView
from leadersboard.usecases.describe_notebook import NotebookDescription


class NotebookView(BaseModel):
    """`parameters` is null where no cell is tagged `parameters`; what comes from the template is null without one."""

    cells: int
    parameters: list[ParameterView] | None
    template: str | None
    template_version: str | None
    template_digest: str | None
    benchmark: str | None
    title: str | None

    @classmethod
    def of(cls, found: NotebookDescription, language: str) -> Self:
        declared = found.parameters
        return cls(
            cells=found.cells,
            parameters=None if declared is None else [ParameterView.of(one) for one in declared],
            template=_text(found.about.get("template")),
            template_version=_text(found.about.get("template_version")),
            template_digest=_text(found.about.get("template_digest")),
            benchmark=_text(found.about.get("benchmark")),
            title=_title(found.about.get("title"), language),
        )


def _text(value: Any) -> str | None:
    return str(value)[:200] if isinstance(value, str | int) else None


def _title(value: Any, language: str) -> str | None:
    return _text(value.get(language) or value.get("en")) if isinstance(value, dict) else _text(value)
