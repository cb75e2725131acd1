"""What organisers ask for."""

from leadersboard.domain.errors.root import Kind, LeadersBoardError


class InvalidReason(LeadersBoardError):
    code = "invalid_reason"
    field = "reason"
    en = "Give a reason of 1 to {limit} characters: it is kept in the log."
    ja = "理由を1〜{limit}文字で入力してください。理由は記録に残ります。"


class ReasonTooLong(LeadersBoardError):
    """Where a reason may be left out."""

    code = "reason_too_long"
    field = "reason"
    en = "The reason cannot be kept: use up to {limit} plain characters."
    ja = "理由を記録できません。{limit}文字以内の通常の文字で入力してください。"


class NoRowToHide(LeadersBoardError):
    code = "no_row_to_hide"
    kind = Kind.CONFLICT
    field = "job_id"
    en = "The job {job_id!r} has no row on a board: it is {status}. Only rows of completed jobs can be hidden."
    ja = "ジョブ {job_id!r} はボードに載っていません(状態: {status})。隠せるのは完了したジョブの行だけです。"


class JobNotOver(LeadersBoardError):
    code = "job_not_over"
    kind = Kind.CONFLICT
    field = "job_id"
    en = "The job {job_id!r} is still {status}. Wait for its end or cancel it, then run it again."
    ja = "ジョブ {job_id!r} はまだ終わっていません(状態: {status})。終了を待つか取り消してから、再実行してください。"
