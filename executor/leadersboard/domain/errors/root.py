"""The root of everything that can go wrong for a user: classes that build their own sentence.

Each class has a stable `code`, the sentence in English and Japanese, and whose `fault` it is: quota and retries go by
the fault, the HTTP status and the exit code by the `kind`.
"""

from enum import StrEnum
from typing import ClassVar, Literal

from leadersboard.domain.waiting import in_words

Language = Literal["en", "ja"]


class Fault(StrEnum):
    """Who has to change something before the same request can succeed."""

    PARTICIPANT = "participant"
    ORGANISER = "organiser"
    PLATFORM = "platform"


class Kind(StrEnum):
    """What sort of refusal an error is; transports map kinds, never single classes."""

    INVALID = "invalid"
    UNAUTHENTICATED = "unauthenticated"
    FORBIDDEN = "forbidden"
    NOT_FOUND = "not_found"
    CONFLICT = "conflict"
    TOO_MANY = "too_many"
    UNAVAILABLE = "unavailable"


class LeadersBoardError(Exception):
    """The root of all errors that users see. `facts` fill the sentence of the subclass."""

    code: ClassVar[str] = "error"
    kind: ClassVar[Kind] = Kind.INVALID
    fault: ClassVar[Fault] = Fault.PARTICIPANT
    field: ClassVar[str | None] = None
    en: ClassVar[str] = "Something went wrong."
    ja: ClassVar[str] = "問題が発生しました。"

    def __init__(self, **facts: object) -> None:
        self.facts = facts
        super().__init__(self.sentence("en"))

    def sentence(self, language: Language) -> str:
        """Return what the user reads, in `language`."""
        return (self.ja if language == "ja" else self.en).format(**self.facts)

    @property
    def field_name(self) -> str | None:
        """Return the field of a form that the error is about, or None where it is about none or several."""
        return None if self.field is None else self.field.format(**self.facts)


class TooMany(LeadersBoardError):
    """A limit in time was reached; sentences may say `{when}` it is worth trying again."""

    kind = Kind.TOO_MANY

    def __init__(self, *, retry_after_seconds: int, **facts: object) -> None:
        self.retry_after_seconds = retry_after_seconds
        super().__init__(retry_after_seconds=retry_after_seconds, **facts)

    def sentence(self, language: Language) -> str:
        words = self.ja if language == "ja" else self.en
        return words.format(when=in_words(self.retry_after_seconds, language), **self.facts)
