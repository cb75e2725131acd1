"""A result is shown only while it says, word for word, what the platform signed."""

import json
from collections.abc import Callable

import pytest
from sqlalchemy import Engine, text

from leadersboard.adapters.ed25519_signatures import Ed25519Signer, make_key, verifier_of
from leadersboard.adapters.sql import SqlRecords
from leadersboard.domain.job import Job, Result
from leadersboard.domain.signature import Defect, Flaw, Receipt, SignedBy
from leadersboard.usecases.verify_results import sign_unsigned, verify_results
from tests.conftest import SettableClock
from tests.contract.rows import add_job, claim, completed, end

RESULT = Result({"auroc": 0.5}, {"auroc": (0.4, 0.6)}, {"die": {"auroc": 0.5}}, {"own": 1.0})


@pytest.fixture
def job(records: SqlRecords, clock: SettableClock, sign: Ed25519Signer) -> Job:
    """A completed job whose result is signed."""
    return complete(records, clock, sign, "j")


def complete(records: SqlRecords, clock: SettableClock, sign: Ed25519Signer, job_id: str) -> Job:
    add_job(records, clock, job_id)
    claimed = claim(records, clock)
    assert claimed is not None
    assert end(records, clock, claimed, completed(claimed, sign, RESULT))
    return claimed


def shown(records: SqlRecords) -> list[str]:
    with records.reading() as transaction:
        return [entry.job_id for entry in transaction.jobs.board("b", "1")]


def defects(records: SqlRecords) -> dict[str, Defect | None]:
    return {one.job_id: one.defect for one in verify_results(records)}


def change(engine: Engine, statement: str, **values: str) -> None:
    with engine.begin() as connection:
        connection.execute(text(statement), values)


def test_a_signed_result_is_on_the_board(records: SqlRecords, job: Job) -> None:
    assert shown(records) == ["j"]
    assert defects(records) == {"j": None}


CHANGES: dict[str, tuple[str, str]] = {
    "metrics": ("metrics", """UPDATE results SET scored = '{"auroc": 0.99}'"""),
    "another metric": ("metrics", """UPDATE results SET scored = '{"auroc": 0.5, "f1": 1.0}'"""),
    "interval": ("intervals", """UPDATE results SET intervals = '{"auroc": [0.5, 0.5]}'"""),
    "category": ("by_category", """UPDATE results SET by_category = '{"die": {"auroc": 1.0}}'"""),
    "reported": ("reported", """UPDATE results SET reported = '{"own": 2.0}'"""),
    "digest": ("submission_digest", "UPDATE submissions SET digest = 'digest2'"),
    "owner": ("user", "UPDATE jobs SET user_id = 'mallory'"),
}


@pytest.mark.parametrize("case", CHANGES)
def test_a_row_that_was_changed_is_not_shown_and_said_to_be(
    case: str, records: SqlRecords, engine: Engine, job: Job
) -> None:
    field, statement = CHANGES[case]
    change(engine, statement)
    assert shown(records) == []
    assert defects(records) == {"j": Defect(Flaw.CHANGED, (field,))}


def test_a_row_of_one_version_does_not_pass_for_one_of_another(records: SqlRecords, engine: Engine, job: Job) -> None:
    change(engine, "UPDATE jobs SET benchmark_version = '2'")
    with records.reading() as transaction:
        assert transaction.jobs.board("b", "2") == []
    assert defects(records) == {"j": Defect(Flaw.CHANGED, ("benchmark_version",))}


def test_a_result_copied_to_another_job_is_not_shown(
    records: SqlRecords, engine: Engine, clock: SettableClock, sign: Ed25519Signer, job: Job
) -> None:
    complete(records, clock, sign, "other")
    columns = "attempt, scored, intervals, by_category, reported, reported_params, created_at, receipt"
    change(engine, "DELETE FROM results WHERE job_id = 'other'")
    change(
        engine,
        f"INSERT INTO results (job_id, {columns}) SELECT 'other', {columns} FROM results WHERE job_id = 'j'",  # noqa: S608
    )
    assert shown(records) == ["j"]
    assert defects(records)["other"] == Defect(Flaw.CHANGED, ("job",))


def rewritten(receipt: dict[str, str]) -> dict[str, str]:
    """Return the receipt with a better score in its statement, under the old signature."""
    return {**receipt, "statement": receipt["statement"].replace("0.5", "0.9")}


@pytest.mark.parametrize(
    ("forge", "flaw"),
    [
        (rewritten, Flaw.FORGED),
        (lambda receipt: {**receipt, "signature": "rubbish"}, Flaw.FORGED),
        (lambda receipt: {**receipt, "key": "0" * 16}, Flaw.UNKNOWN_KEY),
        (lambda receipt: {"statement": "x"}, Flaw.UNREADABLE),
        (lambda receipt: {**receipt, "by": "operator"}, Flaw.CHANGED),
    ],
)
def test_a_receipt_that_was_tampered_with_is_worth_nothing(
    forge: Callable[[dict[str, str]], dict[str, str]],
    flaw: Flaw,
    records: SqlRecords,
    engine: Engine,
    job: Job,
) -> None:
    with engine.connect() as connection:
        kept = connection.execute(text("SELECT receipt FROM results")).scalar_one()
    receipt = json.loads(kept) if isinstance(kept, str) else kept
    change(
        engine,
        "UPDATE results SET receipt = :receipt, scored = :scored",
        receipt=json.dumps(forge(receipt)),
        scored='{"auroc": 0.9}',
    )
    assert shown(records) == []
    found = defects(records)["j"]
    assert found is not None
    assert found.flaw is flaw


def test_metrics_that_are_not_even_metrics_do_not_take_the_board_down(
    records: SqlRecords, engine: Engine, clock: SettableClock, sign: Ed25519Signer, job: Job
) -> None:
    complete(records, clock, sign, "whole")
    change(engine, """UPDATE results SET scored = '[1]', intervals = '{"auroc": 3}' WHERE job_id = 'j'""")
    assert shown(records) == ["whole"]


def test_somebody_elses_key_signs_nothing_for_this_platform(
    records: SqlRecords, clock: SettableClock, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.mktemp("theirs") / "signing-key"
    make_key(path)
    complete(records, clock, Ed25519Signer(path), "j")
    assert shown(records) == []
    assert defects(records) == {"j": Defect(Flaw.UNKNOWN_KEY)}


def test_an_operator_can_vouch_for_results_that_were_never_signed_but_not_for_changed_ones(
    records: SqlRecords, engine: Engine, clock: SettableClock, sign: Ed25519Signer, job: Job
) -> None:
    complete(records, clock, sign, "old")
    change(engine, "UPDATE results SET receipt = NULL WHERE job_id = 'old'")
    change(engine, """UPDATE results SET scored = '{"auroc": 0.9}' WHERE job_id = 'j'""")
    assert defects(records)["old"] == Defect(Flaw.UNSIGNED)

    assert sign_unsigned(verify_results(records), records, sign) == 1

    assert shown(records) == ["old"]
    with engine.connect() as connection:
        kept = connection.execute(text("SELECT receipt FROM results WHERE job_id = 'old'")).scalar_one()
    receipt = Receipt.read(json.loads(kept) if isinstance(kept, str) else kept)
    assert receipt is not None
    assert receipt.by == SignedBy.OPERATOR


def test_results_are_looked_at_by_job_and_by_benchmark(records: SqlRecords, job: Job) -> None:
    assert [one.job_id for one in verify_results(records, job_id="j")] == ["j"]
    assert verify_results(records, job_id="none") == []
    assert [one.job_id for one in verify_results(records, benchmark="b")] == ["j"]
    assert verify_results(records, benchmark="none") == []


def test_a_verifier_by_the_public_key_alone_tells_true_from_false(sign: Ed25519Signer) -> None:
    verify = verifier_of([sign.public_key])
    key, signature = sign(b"message")
    assert [verify(b"message", key, signature) for _ in range(2)] == ["valid", "valid"]
    assert verify(b"another", key, signature) == "invalid"
