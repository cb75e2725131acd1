"""Which templates there are."""

from collections.abc import Sequence
from typing import Protocol

from leadersboard.domain.template import Template


class Templates(Protocol):
    """The templates of this installation."""

    def all(self) -> Sequence[Template]:
        """Return the templates, the simplest first."""
        ...

    def get(self, name: str) -> Template | None: ...

    def read(self, template: Template, file: str) -> bytes:
        """Return one of the template's files, which `template.files` names."""
        ...
