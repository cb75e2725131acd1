"""Takes files in as a submission: whole, checked and counted, or not at all."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, BinaryIO
from uuid import uuid4

from leadersboard.domain.content import HEAD_BYTES, broken_promise
from leadersboard.domain.errors import (
    ContentMismatch,
    FileTooLarge,
    IdempotencyKeyReused,
    InvalidMetadata,
    NoFiles,
    TooManyFiles,
)
from leadersboard.domain.parameters import Parameter, parse_parameters
from leadersboard.domain.quota import Charge, ChargedFor, Quota
from leadersboard.domain.submission import (
    ARCHIVE_SUFFIX,
    DEFAULT_CONFIG_FILE,
    DEFAULT_ENTRYPOINT,
    Entry,
    StoredFile,
    Submission,
    check_distinct,
    check_entry,
    digest_of,
    parse_metadata,
    safe_name,
)
from leadersboard.ports.clock import Clock
from leadersboard.ports.notebooks import Notebooks
from leadersboard.ports.records import Records
from leadersboard.ports.storage import SubmissionFiles, UploadSink
from leadersboard.usecases.charges import count_charges
from leadersboard.usecases.limits import UploadLimits
from leadersboard.usecases.unpack_archive import unpack


@dataclass(frozen=True, slots=True)
class Upload:
    """One file as it comes in."""

    name: str
    content: BinaryIO


@dataclass(frozen=True, slots=True)
class Offer:
    """What a user sends. Fields that are None were not sent; `metadata` may name them instead."""

    user_id: str
    uploads: Sequence[Upload]
    entrypoint: str | None = None
    config_file: str | None = None
    metadata: str | None = None
    idempotency_key: str | None = None


def accept_submission(
    offer: Offer,
    *,
    records: Records,
    files: SubmissionFiles,
    notebooks: Notebooks,
    clock: Clock,
    quota: Quota,
    limits: UploadLimits,
) -> Submission:
    """Return the accepted submission; with an idempotency key used before, the one of then.

    Raises:
        LeadersBoardError: something is wrong with what was sent, or a limit is reached. Nothing is left of it.
    """
    metadata = parse_metadata(offer.metadata)
    names = _check_names([upload.name for upload in offer.uploads], limits)
    submission_id = uuid4().hex
    with files.receive(submission_id) as sink:
        stored = _store(sink, list(zip(names, offer.uploads, strict=True)), limits)
        submission = _describe(submission_id, offer, metadata, stored, sink, notebooks, clock, limits)
        earlier = _earlier(submission, records)
        if earlier is not None:
            return earlier
        # The files first: a row without files would be a promise that nobody can keep, files without a row are litter.
        sink.keep()
    try:
        return _register(submission, files, records, clock, quota)
    except BaseException:
        files.remove(submission_id)
        raise


def _check_names(names: Sequence[str], limits: UploadLimits) -> list[str]:
    if not names:
        raise NoFiles
    if len(names) > limits.max_files:
        raise TooManyFiles(limit=limits.max_files)
    safe = [safe_name(name) for name in names]
    check_distinct(safe)
    return safe


def check_before_reading(
    user_id: str, idempotency_key: str | None, *, records: Records, clock: Clock, quota: Quota
) -> None:
    """Refuse a user who is past the limit before anything of theirs is read; what counts is looked at again later.

    Raises:
        SubmissionQuotaExceeded
    """
    with records.reading() as transaction:
        if not (idempotency_key and transaction.submissions.with_key(user_id, idempotency_key)):
            count_charges(user_id, transaction, clock.now(), quota)


def _store(sink: UploadSink, uploads: Sequence[tuple[str, Upload]], limits: UploadLimits) -> list[StoredFile]:
    stored: list[StoredFile] = []
    for name, upload in uploads:
        if name.lower().endswith(ARCHIVE_SUFFIX):
            stored += unpack(name, upload.content, sink, limits)
        else:
            stored.append(sink.write(name, upload.content))
        if len(stored) > limits.max_files:
            raise TooManyFiles(limit=limits.max_files)
    check_distinct(file.name for file in stored)
    for file in stored:
        expected = broken_promise(file.name, sink.read(file.name, HEAD_BYTES)) if file.size else None
        if expected is not None:
            raise ContentMismatch(name=file.name, expected=expected)
    return stored


def _describe(
    submission_id: str,
    offer: Offer,
    metadata: Mapping[str, Any],
    stored: Sequence[StoredFile],
    sink: UploadSink,
    notebooks: Notebooks,
    clock: Clock,
    limits: UploadLimits,
) -> Submission:
    entrypoint = offer.entrypoint or _named(metadata, "entrypoint") or DEFAULT_ENTRYPOINT
    config_file = offer.config_file or _named(metadata, "config_file") or DEFAULT_CONFIG_FILE
    entry = check_entry(entrypoint, config_file, [file.name for file in stored])
    parameters: tuple[Parameter, ...] | None = None
    about: Mapping[str, Any] = {}
    if entry is Entry.NOTEBOOK:
        parameters, about = _read_notebook(entrypoint, sink, notebooks, limits)
    return Submission(
        submission_id=submission_id,
        user_id=offer.user_id,
        created_at=clock.now(),
        entrypoint=entrypoint,
        config_file=config_file,
        files=tuple(sorted(stored, key=lambda file: file.name)),
        digest=digest_of(stored),
        metadata={**about, **metadata},
        parameters=parameters,
        idempotency_key=offer.idempotency_key,
    )


# What a notebook that was made from a template says of its origin.
_KEPT_FROM_NOTEBOOK = ("template", "template_version", "benchmark")


def _read_notebook(
    name: str, sink: UploadSink, notebooks: Notebooks, limits: UploadLimits
) -> tuple[tuple[Parameter, ...] | None, Mapping[str, Any]]:
    content = sink.read(name, limits.max_notebook_bytes + 1)
    if len(content) > limits.max_notebook_bytes:
        raise FileTooLarge(name=name, limit_bytes=limits.max_notebook_bytes)
    facts = notebooks.inspect(content, name)
    about = {key: str(facts.about[key])[:200] for key in _KEPT_FROM_NOTEBOOK if key in facts.about}
    if facts.parameters_source is None:
        return None, about
    return parse_parameters(facts.parameters_source, name), about


def _named(metadata: Mapping[str, Any], key: str) -> str | None:
    value = metadata.get(key)
    if value is not None and not isinstance(value, str):
        raise InvalidMetadata(problem=f"{key!r} in it is not text")
    return value or None


def _earlier(submission: Submission, records: Records) -> Submission | None:
    """Return the submission made before with the same key, if its contents were the same."""
    if submission.idempotency_key is None:
        return None
    with records.reading() as transaction:
        return _same(submission, transaction.submissions.with_key(submission.user_id, submission.idempotency_key))


def _same(submission: Submission, known: Submission | None) -> Submission | None:
    if known is not None and (known.digest, known.entrypoint) != (submission.digest, submission.entrypoint):
        raise IdempotencyKeyReused(key=submission.idempotency_key)
    return known


def _register(
    submission: Submission, files: SubmissionFiles, records: Records, clock: Clock, quota: Quota
) -> Submission:
    with records.writing() as transaction:
        transaction.ledger.lock_user(submission.user_id)
        if submission.idempotency_key is not None:
            known = transaction.submissions.with_key(submission.user_id, submission.idempotency_key)
            if _same(submission, known) is not None and known is not None:
                files.remove(submission.submission_id)
                return known
        count_charges(submission.user_id, transaction, clock.now(), quota)
        transaction.submissions.add(submission)
        charge = Charge(submission.submission_id, submission.created_at, ChargedFor.SUBMISSION)
        transaction.ledger.charge(submission.user_id, charge)
    return submission
