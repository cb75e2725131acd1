"""What is to be run."""

from leadersboard.domain.errors.root import Fault, Kind, LeadersBoardError, TooMany


class InvalidConfig(LeadersBoardError):
    code = "invalid_config"
    en = "The job's config cannot be used: {problem}."
    ja = "ジョブの config が正しくありません({problem})。"


class UnknownResourceClass(LeadersBoardError):
    code = "unknown_resource_class"
    field = "resource_class"
    en = "There is no resource class {name!r}. Use one of: {known}."
    ja = "リソースクラス {name!r} はありません。{known} のどれかを使ってください。"


class RunningJobsExceeded(TooMany):
    code = "running_jobs_exceeded"
    en = "{limit} of your jobs are running, which is the limit. Wait for one to end, or cancel one."
    ja = "実行中のジョブが上限の {limit} 件に達しています。1つ終わるのを待つか、取り消してください。"


class IdempotencyKeyReused(LeadersBoardError):
    code = "idempotency_key_reused"
    kind = Kind.CONFLICT
    en = "The Idempotency-Key {key!r} was used before for something else. Use a new key for a new request."
    ja = "Idempotency-Key {key!r} は別の内容で使用済みです。新しい要求には新しいキーを使ってください。"


class NoResultsYet(LeadersBoardError):
    code = "no_results"
    kind = Kind.NOT_FOUND
    en = "The job {job_id!r} has no results: it is {status}. Its status page says more: GET /jobs/{job_id}/status."
    ja = "ジョブ {job_id!r} の結果はありません(状態: {status})。詳しくは GET /jobs/{job_id}/status をご覧ください。"


class DamagedSubmission(LeadersBoardError):
    """What storage holds no longer matches the digest taken when the submission was accepted."""

    code = "damaged_submission"
    kind = Kind.UNAVAILABLE
    fault = Fault.PLATFORM
    en = "The stored files of submission {submission_id!r} are damaged or gone. Tell the operator, and submit again."
    ja = "提出 {submission_id!r} の保存ファイルが壊れているか失われています。管理者に知らせて、提出し直してください。"


class DatasetNotReady(LeadersBoardError):
    code = "dataset_not_ready"
    kind = Kind.UNAVAILABLE
    fault = Fault.ORGANISER
    en = "The data set {dataset!r} of this benchmark is not on this machine. An operator adds it with 'leadersboard dataset'."
    ja = "このベンチマークのデータセット {dataset!r} がありません。管理者が 'leadersboard dataset' で追加できます。"
