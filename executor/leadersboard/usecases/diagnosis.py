"""Says why a run failed, so that the participant knows what to change."""

from leadersboard.domain.job import Failure, Reason
from leadersboard.domain.resources import MIB, ResourceClass
from leadersboard.domain.submission import Entry
from leadersboard.ports.runner import RunEnd, RunOutcome
from leadersboard.usecases.passed_limits import passed_limit

_MEMORY_ERRORS = frozenset({"MemoryError", "OutOfMemoryError", "_ArrayMemoryError"})

_OUT_OF_MEMORY_HINT = (
    "Use a smaller batch or image size, or submit with a resource class that has more memory.",
    "バッチや画像サイズを小さくするか、メモリの多いリソースクラスで提出してください。",
)
# By the name of the error: what usually helps.
_HINTS = {
    "ModuleNotFoundError": (
        "The package is not installed where jobs run. Use one that is, or add the module to your files.",
        "そのパッケージは実行環境にありません。別のものを使うか、モジュールをファイルに加えてください。",
    ),
    "FileNotFoundError": (
        "Read the data from 'data_dir' and write only below 'output_dir'.",
        "データは 'data_dir' から読み、'output_dir' の下にだけ書いてください。",
    ),
    "PermissionError": (
        "Write only below 'output_dir'.",
        "'output_dir' の下にだけ書いてください。",
    ),
    "LocalEntryNotFoundError": (
        "Jobs cannot download anything. Use weights from the weights folder, or train without pretrained ones.",
        "ジョブではダウンロードできません。重みフォルダーの重みを使うか、事前学習なしで学習してください。",
    ),
    "StdinNotImplementedError": (
        "Nobody can type while a job runs. Take the value from the parameters cell.",
        "実行中に入力はできません。値は parameters セルから取ってください。",
    ),
    "OutOfMemoryError": _OUT_OF_MEMORY_HINT,
    "MemoryError": _OUT_OF_MEMORY_HINT,
}
_HINTS |= dict.fromkeys(
    ("BlockingIOError",),
    (
        "A job may have a limited number of processes and threads. Start fewer.",
        "ジョブのプロセスとスレッドの数には上限があります。数を減らしてください。",
    ),
)
_HINTS |= dict.fromkeys(
    ("URLError", "ConnectionError", "gaierror", "OfflineModeIsEnabled"), _HINTS["LocalEntryNotFoundError"]
)


# By what the error says: errors of the operating system share a name.
_HINTS_BY_NUMBER = {
    "[Errno 27]": (
        "One file may have a limited size. Write several smaller ones, or less.",
        "1つのファイルの大きさには上限があります。分割するか、小さくしてください。",
    ),
    "[Errno 28]": (
        "The folder /tmp is small. Write temporary files to the folder TMPDIR, results below 'output_dir'.",
        "/tmp の容量はわずかです。一時ファイルは TMPDIR に、結果は 'output_dir' の下に書いてください。",  # noqa: S108
    ),
    "[Errno 30]": _HINTS["PermissionError"],
}


def diagnose(outcome: RunOutcome, entry: Entry, limits: ResourceClass) -> Failure:
    """Return the failure that `outcome`, which is no success, means for a participant."""
    reason = _reason(outcome)
    english, japanese = _sentences(outcome, reason, entry, limits)
    hint, hint_ja = _hint(outcome, reason)
    return Failure(
        reason=reason,
        sentence=english,
        sentence_ja=japanese,
        cell=outcome.cell,
        error_name=outcome.error_name,
        traceback=outcome.traceback,
        hint=hint,
        hint_ja=hint_ja,
        peak_memory_bytes=outcome.peak_memory_bytes,
    )


def _reason(outcome: RunOutcome) -> Reason:
    match outcome.end:
        case RunEnd.TIMED_OUT | RunEnd.TOO_MUCH_CPU_TIME:
            return Reason.TIMEOUT
        case RunEnd.OUT_OF_MEMORY | RunEnd.OUT_OF_GPU_MEMORY:
            return Reason.OUT_OF_MEMORY
        case RunEnd.TOO_MUCH_ON_DISK | RunEnd.TOO_MANY_FILES | RunEnd.TOO_MUCH_WRITTEN:
            return Reason.INVALID_OUTPUT
        case RunEnd.PROCESS_DIED:
            return Reason.KERNEL_DIED
        case _:
            return Reason.OUT_OF_MEMORY if outcome.error_name in _MEMORY_ERRORS else Reason.NOTEBOOK_ERROR


def _sentences(outcome: RunOutcome, reason: Reason, entry: Entry, limits: ResourceClass) -> tuple[str, str]:
    where, where_ja = _where(outcome, entry)
    passed = passed_limit(outcome, limits)
    if passed is not None:
        return (
            f"{where} {passed.english} (the class '{limits.name}' allows {passed.allowed}, {passed.measured} were measured).",
            f"{where_ja}で{passed.japanese}(クラス '{limits.name}' の上限 {passed.allowed}、測定値 {passed.measured})。",
        )
    peak = outcome.peak_memory_bytes // MIB
    match outcome.end, reason:
        case RunEnd.TOO_MUCH_OUTPUT, _:
            size = f"{limits.log_bytes / MIB:.3g} MiB"
            return (
                f"{where} printed more than {size}, which is the limit. Print less.",
                f"{where_ja}の出力が上限 {size} を超えました。出力を減らしてください。",
            )
        case _, Reason.TIMEOUT:
            minutes = limits.wall_seconds / 60
            return (
                f"The run took longer than the {minutes:g} minutes of the class '{limits.name}'. It was in {where}.",
                f"実行時間がクラス '{limits.name}' の上限 {minutes:g} 分を超えました({where_ja})。",
            )
        case _, Reason.OUT_OF_MEMORY:
            return (
                f"{where} ran out of memory ({peak:,} MiB in use at most; '{limits.name}' has"
                f" {limits.memory_bytes // MIB:,} MiB).",
                f"{where_ja}でメモリが不足しました(最大 {peak:,} MiB、上限 {limits.memory_bytes // MIB:,} MiB)。",
            )
        case _, Reason.KERNEL_DIED:
            code = outcome.exit_code or 0
            how = f"signal {-code}" if code < 0 else f"exit code {code}"
            return (
                f"Python ended in the middle of {where} ({how}). A native library may have crashed.",
                f"{where_ja}の途中で Python が終了しました({how})。ネイティブライブラリの異常終了かもしれません。",
            )
        case _:
            what = ": ".join(part for part in (outcome.error_name, (outcome.error_value or "")[:300]) if part)
            ended = what or f"exit code {outcome.exit_code}"
            return f"{where} failed: {ended}", f"{where_ja}でエラーが起きました: {ended}"


def _where(outcome: RunOutcome, entry: Entry) -> tuple[str, str]:
    if entry is Entry.SCRIPT:
        return "the script", "スクリプト"
    if outcome.cell is None:
        return "the notebook", "ノートブック"
    return f"cell {outcome.cell}", f"セル {outcome.cell} "


def _hint(outcome: RunOutcome, reason: Reason) -> tuple[str | None, str | None]:
    if reason is Reason.OUT_OF_MEMORY:
        return _OUT_OF_MEMORY_HINT
    number = (outcome.error_value or "")[:10]
    if number in _HINTS_BY_NUMBER:
        return _HINTS_BY_NUMBER[number]
    return _HINTS.get(outcome.error_name or "", (None, None))
