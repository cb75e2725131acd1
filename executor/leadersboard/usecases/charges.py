"""What users are charged for, held against their quota: in the same transaction as what they are charged for."""

from datetime import datetime

from leadersboard.domain.quota import WINDOW, Charge, ChargedFor, Quota, check_submissions
from leadersboard.domain.submission import Submission
from leadersboard.ports.records import Transaction


def count_charges(user_id: str, transaction: Transaction, now: datetime, quota: Quota) -> None:
    """Refuse what would be one charge too many.

    Raises:
        SubmissionQuotaExceeded
    """
    charged = transaction.ledger.charged_since(user_id, now - WINDOW, quota.submissions_per_hour)
    check_submissions(quota, charged, now)


def charge_anew(submission: Submission, transaction: Transaction, now: datetime, quota: Quota) -> None:
    """Charge a submission again that is to run although its charge was given back: else a job that is cancelled
    before its start would make the submission free for ever.

    Raises:
        SubmissionQuotaExceeded
    """
    if transaction.ledger.was_given_back(submission.submission_id):
        count_charges(submission.user_id, transaction, now, quota)
        charge = Charge(submission.submission_id, now, ChargedFor.ANOTHER_JOB)
        transaction.ledger.charge(submission.user_id, charge)
