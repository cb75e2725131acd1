"""A template: what participants start from."""

from collections.abc import Mapping
from dataclasses import dataclass

from leadersboard.domain.submission import Entry


@dataclass(frozen=True, slots=True)
class Template:
    """One template; `order` says where it stands in a list, the simplest first.

    `digest` is the SHA-256 of its first file: whoever made a copy can tell whether the original has changed since.
    """

    name: str
    version: str
    entry: Entry
    benchmark: str | None
    title: Mapping[str, str]
    description: Mapping[str, str]
    order: int
    files: tuple[str, ...]
    digest: str
