"""Templates as they are answered."""

from typing import Self

from pydantic import BaseModel

from leadersboard.domain.errors import Language
from leadersboard.domain.template import Template


class TemplateView(BaseModel):
    """`kind` is `notebook` or `script`; `digest` is the SHA-256 of the first file."""

    name: str
    version: str
    kind: str
    benchmark: str | None
    title: str
    description: str
    files: list[str]
    digest: str

    @classmethod
    def of(cls, template: Template, language: Language) -> Self:
        return cls(
            name=template.name,
            version=template.version,
            kind=template.entry,
            benchmark=template.benchmark,
            title=template.title[language],
            description=template.description[language],
            files=list(template.files),
            digest=template.digest,
        )
