"""The platform's signature on results: what it is over, and how a row is held against it.

A receipt holds the signed statement beside the signature, so that a row that does not verify can be told what was
changed in it. What is shown is always the row, and only where it says word for word what was signed.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Self

from leadersboard.domain.job import Result

_FORM = 1
_CANONICAL = json.JSONEncoder(sort_keys=True, separators=(",", ":"), allow_nan=False)
_RECEIPT_FIELDS = ("by", "statement", "key", "signature")


class SignedBy(StrEnum):
    """Who had a result signed: the worker that scored it, or an operator who vouches for an older one."""

    WORKER = "worker"
    OPERATOR = "operator"


class Verdict(StrEnum):
    """What a verifier says of a message, a key's id and a signature."""

    VALID = "valid"
    UNKNOWN_KEY = "unknown_key"
    INVALID = "invalid"


Sign = Callable[[bytes], tuple[str, str]]
"""Returns the key's id and the signature of a message."""
Verify = Callable[[bytes, str, str], Verdict]
"""Judges a message by the key's id and the signature."""


@dataclass(frozen=True, slots=True)
class Statement:
    """What the platform says of a result when it signs it."""

    job_id: str
    user_id: str
    submission_digest: str
    benchmark: str | None
    benchmark_version: str | None
    result: Result

    def canonical(self, by: SignedBy | str) -> str:
        """Return the statement as the one text that it can be signed as: JSON, keys sorted, no spaces.

        Raises:
            ValueError: a metric is not finite.
        """
        return _CANONICAL.encode(self._fields(str(by)))

    def _fields(self, by: str) -> dict[str, Any]:
        result = self.result
        return {
            "form": _FORM,
            "by": by,
            "job": self.job_id,
            "user": self.user_id,
            "submission_digest": self.submission_digest,
            "benchmark": self.benchmark,
            "benchmark_version": self.benchmark_version,
            "metrics": dict(result.scored),
            "intervals": {name: list(bounds) for name, bounds in result.intervals.items()},
            "by_category": {name: dict(values) for name, values in result.by_category.items()},
            "reported": dict(result.reported),
        }


@dataclass(frozen=True, slots=True)
class Receipt:
    """A signed statement as it is kept: its text, the id of the key, and the signature."""

    by: str
    statement: str
    key: str
    signature: str

    @classmethod
    def of(cls, statement: Statement, sign: Sign, by: SignedBy = SignedBy.WORKER) -> Self:
        """Sign `statement`."""
        text = statement.canonical(by)
        key, signature = sign(text.encode())
        return cls(by.value, text, key, signature)

    @classmethod
    def read(cls, kept: object) -> Self | None:
        """Return the receipt that was kept as a JSON object, or None where it is not one."""
        if not isinstance(kept, Mapping) or not all(isinstance(kept.get(name), str) for name in _RECEIPT_FIELDS):
            return None
        return cls(*(kept[name] for name in _RECEIPT_FIELDS))


class Flaw(StrEnum):
    """Why a row is not shown."""

    UNSIGNED = "unsigned"
    UNREADABLE = "unreadable"
    UNKNOWN_KEY = "unknown_key"
    FORGED = "forged"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class Defect:
    """A flaw and, where the row differs from what was signed, the fields in which it does."""

    flaw: Flaw
    fields: tuple[str, ...] = ()


_BY_VERDICT = {Verdict.UNKNOWN_KEY: Flaw.UNKNOWN_KEY, Verdict.INVALID: Flaw.FORGED}


def defect_of(row: Statement, kept: object, verify: Verify) -> Defect | None:
    """Return why what a row says is not what was signed, or None where it is.

    `row` is what the records say now, `kept` the receipt as it stands beside it, None for none.
    """
    if kept is None:
        return Defect(Flaw.UNSIGNED)
    receipt = Receipt.read(kept)
    if receipt is None:
        return Defect(Flaw.UNREADABLE)
    verdict = verify(receipt.statement.encode(), receipt.key, receipt.signature)
    if verdict is not Verdict.VALID:
        return Defect(_BY_VERDICT[verdict])
    try:
        same = row.canonical(receipt.by) == receipt.statement
    except (ValueError, TypeError):
        # The row holds something that no result ever did.
        return Defect(Flaw.CHANGED)
    return None if same else Defect(Flaw.CHANGED, _differing(row, receipt))


def trust_nobody(message: bytes, key: str, signature: str) -> Verdict:
    """The verifier of those who have no keys."""
    return Verdict.UNKNOWN_KEY


def _differing(row: Statement, receipt: Receipt) -> tuple[str, ...]:
    signed, now = json.loads(receipt.statement), row._fields(receipt.by)
    return tuple(name for name in sorted(signed.keys() | now.keys()) if signed.get(name) != now.get(name))
