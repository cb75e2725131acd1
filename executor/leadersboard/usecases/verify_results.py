"""Looks whether results are still what the platform signed, and signs older ones that an operator vouches for."""

from collections.abc import Sequence

from leadersboard.domain.signature import Flaw, Receipt, Sign, SignedBy
from leadersboard.ports.records import Records, SealedResult


def verify_results(
    records: Records, *, job_id: str | None = None, benchmark: str | None = None
) -> Sequence[SealedResult]:
    """Return the results of all completed jobs, of one, or of one benchmark, each with what is wrong with it."""
    with records.reading() as transaction:
        return transaction.results.sealed(job_id=job_id, benchmark=benchmark)


def sign_unsigned(found: Sequence[SealedResult], records: Records, sign: Sign) -> int:
    """Sign those of `found` that were never signed, saying that an operator did; return how many were.

    One whose signature does not fit is left as it is: somebody changed it.
    """
    signed = 0
    for result in found:
        if result.defect is None or result.defect.flaw is not Flaw.UNSIGNED:
            continue
        with records.writing() as transaction:
            statement = transaction.results.statement(result.job_id)
            if statement is not None:
                signed += transaction.results.seal(result.job_id, Receipt.of(statement, sign, SignedBy.OPERATOR))
    return signed
