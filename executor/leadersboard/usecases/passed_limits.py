"""What a participant reads when a job has passed a limit of its resource class: the limit, and what was measured."""

from dataclasses import dataclass

from leadersboard.domain.resources import MIB, ResourceClass
from leadersboard.ports.runner import RunEnd, RunOutcome

# The limit's name in `ResourceClass` and `Usage`, and what the job did, as the end of a sentence.
_WORDS: dict[RunEnd, tuple[str, str, str]] = {
    RunEnd.TOO_MUCH_CPU_TIME: (
        "cpu_seconds",
        "used too much processor time, of all processors together",
        "CPU 時間(全プロセッサーの合計)を使いすぎました",
    ),
    RunEnd.OUT_OF_GPU_MEMORY: (
        "gpu_memory_bytes",
        "used too much memory of the GPU",
        "GPU のメモリを使いすぎました",
    ),
    RunEnd.TOO_MANY_PROCESSES: (
        "processes",
        "had too many processes and threads",
        "プロセスとスレッドが多すぎました",
    ),
    RunEnd.TOO_MUCH_ON_DISK: (
        "disk_bytes",
        "held too much on the disk, temporary files included",
        "ディスク使用量(一時ファイルを含む)が多すぎました",
    ),
    RunEnd.TOO_MANY_FILES: (
        "disk_files",
        "made too many files, temporary ones included",
        "ファイル数(一時ファイルを含む)が多すぎました",
    ),
    RunEnd.TOO_MUCH_WRITTEN: (
        "written_bytes",
        "wrote too much to the disk, overwritten and deleted files included",
        "ディスクへの総書き込み量(上書き・削除分を含む)が多すぎました",
    ),
}


@dataclass(frozen=True, slots=True)
class PassedLimit:
    """What the job did too much of, as the end of a sentence that begins with where it was; amounts with units."""

    english: str
    japanese: str
    allowed: str
    measured: str


def passed_limit(outcome: RunOutcome, limits: ResourceClass) -> PassedLimit | None:
    """Return the limit that ended the run, or None where it was another one, or none."""
    if outcome.end not in _WORDS:
        return None
    name, english, japanese = _WORDS[outcome.end]
    allowed, measured = (_amount(name, getattr(source, name)) for source in (limits, outcome.usage))
    return PassedLimit(english, japanese, allowed, measured)


def _amount(name: str, value: float) -> str:
    if name.endswith("_bytes"):
        return f"{value / MIB:,.0f} MiB"
    return f"{value:,.0f} s" if name.endswith("_seconds") else f"{value:,.0f}"
