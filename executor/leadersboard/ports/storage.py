"""Files of submissions and outputs of jobs."""

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO, Protocol

from leadersboard.domain.submission import StoredFile, Submission


class UploadSink(Protocol):
    """A submission on its way in. Nothing of it is there for others until `keep`."""

    def write(self, name: str, source: BinaryIO) -> StoredFile:
        """Store one file, digesting it as it streams.

        Raises:
            FileTooLarge, UploadTooLarge: a limit was passed; what was written goes with the sink.
        """
        ...

    def read(self, name: str, limit_bytes: int) -> bytes:
        """Return the first `limit_bytes` of a file written before."""
        ...

    def keep(self) -> None:
        """Make the submission's files lasting."""
        ...


class SubmissionFiles(Protocol):
    """What participants sent."""

    def receive(self, submission_id: str) -> AbstractContextManager[UploadSink]:
        """Open a sink; leaving it without `keep` removes all that was written."""
        ...

    def open(self, submission_id: str, name: str) -> BinaryIO: ...

    def lay_out(self, submission: Submission, folder: Path) -> None:
        """Copy the files into `folder`, checking each against its digest.

        Raises:
            DamagedSubmission: a file is gone or not what was sent.
        """
        ...

    def remove(self, submission_id: str) -> None: ...

    def older_than(self, moment: datetime) -> Sequence[str]:
        """Return the ids of submissions that all files of were last changed before `moment`."""
        ...

    def remove_incoming(self, moment: datetime) -> int:
        """Remove uploads that were begun, not kept, and last changed before `moment`; return how many there were."""
        ...


@dataclass(frozen=True, slots=True)
class OutputFile:
    """One file a job left: its path below the attempt's folder and its size in bytes."""

    name: str
    size: int


class JobFiles(Protocol):
    """What jobs left, by attempt; the attempt that ended the job is the one that counts."""

    def keep(self, job_id: str, attempt: int, folder: Path, prefix: str) -> None:
        """Store all regular files below `folder` under `prefix`; links and devices are never followed."""
        ...

    def listing(self, job_id: str, attempt: int) -> Sequence[OutputFile]: ...

    def open(self, job_id: str, attempt: int, name: str) -> BinaryIO | None:
        """Open a file for reading, or return None where there is no such file."""
        ...

    def fetch(self, job_id: str, attempt: int, names: Sequence[str]) -> AbstractContextManager[Path]:
        """Give a folder on this machine with the files `names` in it, while the context lasts."""
        ...

    def size(self, job_id: str) -> int:
        """Return how large all files of all attempts are, in bytes."""
        ...

    def remove(self, job_id: str) -> None:
        """Remove all files of all attempts, if there are any."""
        ...


def chunks_of(source: BinaryIO, size: int = 1024 * 1024) -> Iterator[bytes]:
    """Yield the contents of `source` in chunks of at most `size` bytes."""
    while chunk := source.read(size):
        yield chunk
