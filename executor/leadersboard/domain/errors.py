"""Everything that can go wrong for a user, as classes that build their own sentence.

Each class has a stable `code`, the sentence in English and Japanese, and whose `fault` it is: quota and retries go by
the fault, the HTTP status and the exit code by the `kind`.
"""

from enum import StrEnum
from typing import ClassVar, Literal

Language = Literal["en", "ja"]


class Fault(StrEnum):
    """Who has to change something before the same request can succeed."""

    PARTICIPANT = "participant"
    ORGANISER = "organiser"
    PLATFORM = "platform"


class Kind(StrEnum):
    """What sort of refusal an error is; transports map kinds, never single classes."""

    INVALID = "invalid"
    UNAUTHENTICATED = "unauthenticated"
    FORBIDDEN = "forbidden"
    NOT_FOUND = "not_found"
    CONFLICT = "conflict"
    TOO_MANY = "too_many"
    UNAVAILABLE = "unavailable"


class LeadersBoardError(Exception):
    """The root of all errors that users see. `facts` fill the sentence of the subclass."""

    code: ClassVar[str] = "error"
    kind: ClassVar[Kind] = Kind.INVALID
    fault: ClassVar[Fault] = Fault.PARTICIPANT
    en: ClassVar[str] = "Something went wrong."
    ja: ClassVar[str] = "問題が発生しました。"

    def __init__(self, **facts: object) -> None:
        self.facts = facts
        super().__init__(self.sentence("en"))

    def sentence(self, language: Language) -> str:
        """Return what the user reads, in `language`."""
        return (self.ja if language == "ja" else self.en).format(**self.facts)


class TooMany(LeadersBoardError):
    """A limit in time was reached; `retry_after_seconds` is among the facts."""

    kind = Kind.TOO_MANY

    def __init__(self, *, retry_after_seconds: int, **facts: object) -> None:
        self.retry_after_seconds = retry_after_seconds
        super().__init__(retry_after_seconds=retry_after_seconds, **facts)


class InvalidToken(LeadersBoardError):
    code = "invalid_token"
    kind = Kind.UNAUTHENTICATED
    en = "The token is missing or not valid. Send it as the header 'Authorization: Bearer TOKEN'."
    ja = "トークンがないか、正しくありません。ヘッダー 'Authorization: Bearer TOKEN' で送ってください。"


class NotAllowed(LeadersBoardError):
    code = "not_allowed"
    kind = Kind.FORBIDDEN
    en = "Only organisers can do this. Ask an organiser of the benchmark."
    ja = "この操作は主催者だけができます。ベンチマークの主催者に依頼してください。"


class NoFiles(LeadersBoardError):
    code = "no_files"
    en = "No file was sent. Send at least one in the form field 'files'."
    ja = "ファイルがありません。フォームの 'files' に1つ以上付けてください。"


class InvalidFileName(LeadersBoardError):
    code = "invalid_file_name"
    en = "The file name {name!r} cannot be used: {problem}. Rename the file and send it again."
    ja = "ファイル名 {name!r} は使えません({problem})。名前を変えて送り直してください。"


class UnsupportedFileType(LeadersBoardError):
    code = "unsupported_file_type"
    en = "Files like {name!r} are not accepted. Accepted are: {allowed}."
    ja = "{name!r} の種類のファイルは受け付けていません。受け付ける種類: {allowed}。"


class DuplicateFile(LeadersBoardError):
    code = "duplicate_file"
    en = "The file {name!r} was sent twice. Send each file once; names that differ only in case count as the same."
    ja = "ファイル {name!r} が2回送られました。1回だけ送ってください(大文字と小文字だけの違いは同じ名前とみなします)。"


class FileTooLarge(LeadersBoardError):
    code = "file_too_large"
    en = "The file {name!r} is larger than the limit of {limit_bytes:,} bytes. Make it smaller and send it again."
    ja = "ファイル {name!r} が上限 {limit_bytes:,} バイトを超えています。小さくして送り直してください。"


class UploadTooLarge(LeadersBoardError):
    code = "upload_too_large"
    en = "All files together are larger than the limit of {limit_bytes:,} bytes. Leave out what the run does not need."
    ja = "ファイルの合計が上限 {limit_bytes:,} バイトを超えています。実行に要らないものを除いてください。"


class TooManyFiles(LeadersBoardError):
    code = "too_many_files"
    en = "More than {limit} files were sent. Leave out what the run does not need, or pack modules together."
    ja = "ファイルが {limit} 個を超えています。実行に要らないものを除いてください。"


class UnreadableArchive(LeadersBoardError):
    code = "unreadable_archive"
    en = "The archive {name!r} cannot be unpacked: {problem}. Pack it again, or send the files one by one."
    ja = "アーカイブ {name!r} を展開できません({problem})。作り直すか、ファイルを個別に送ってください。"


class MissingEntrypoint(LeadersBoardError):
    code = "missing_entrypoint"
    en = "The entrypoint {name!r} is not among the files sent ({sent}). Send it, or name another as 'entrypoint'."
    ja = "エントリーポイント {name!r} が送られたファイル({sent})にありません。送るか、'entrypoint' を変えてください。"


class UnsupportedEntrypoint(LeadersBoardError):
    code = "unsupported_entrypoint"
    en = "The entrypoint {name!r} must be a notebook (.ipynb) or a Python script (.py)."
    ja = "エントリーポイント {name!r} はノートブック(.ipynb)か Python スクリプト(.py)にしてください。"


class MissingConfigFile(LeadersBoardError):
    code = "missing_config_file"
    en = "The config file {name!r} is not among the files sent ({sent}). Send it, or name another as 'config_file'."
    ja = "設定ファイル {name!r} が送られたファイル({sent})にありません。送るか、'config_file' を変えてください。"


class InvalidMetadata(LeadersBoardError):
    code = "invalid_metadata"
    en = 'The metadata cannot be used: {problem}. Send a JSON object, for example {{"method": "padim"}}.'
    ja = 'metadata が正しくありません({problem})。{{"method": "padim"}} のような JSON オブジェクトを送ってください。'


class InvalidConfig(LeadersBoardError):
    code = "invalid_config"
    en = "The job's config cannot be used: {problem}."
    ja = "ジョブの config が正しくありません({problem})。"


class UnreadableNotebook(LeadersBoardError):
    code = "unreadable_notebook"
    en = "The notebook {name!r} cannot be read: {problem}. Open it in Jupyter, save it again and send that file."
    ja = "ノートブック {name!r} を読めません({problem})。Jupyter で開いて保存し直したファイルを送ってください。"


class NoParametersCell(LeadersBoardError):
    code = "no_parameters_cell"
    en = "The notebook {name!r} has no cell tagged 'parameters', so it takes none. Tag the cell with its defaults."
    ja = "ノートブック {name!r} に 'parameters' タグのセルがないため、パラメータを渡せません。既定値のセルにタグを付けてください。"


class UnreadableParametersCell(LeadersBoardError):
    code = "unreadable_parameters_cell"
    en = "The cell tagged 'parameters' in {name!r} cannot be read: {problem}. Keep to lines like 'epochs = 10'."
    ja = "{name!r} の 'parameters' セルを読めません({problem})。'epochs = 10' のような行だけにしてください。"


class UnknownParameter(LeadersBoardError):
    code = "unknown_parameter"
    en = "The notebook has no parameter {name!r}. It has: {known}."
    ja = "ノートブックにパラメータ {name!r} はありません。あるのは {known} です。"


class WrongParameterType(LeadersBoardError):
    code = "wrong_parameter_type"
    en = "The parameter {name!r} takes {expected}, but {given!r} was given."
    ja = "パラメータ {name!r} は {expected} ですが、{given!r} が渡されました。"


class ReservedParameter(LeadersBoardError):
    code = "reserved_parameter"
    en = "The parameter {name!r} is set by the platform. Leave it out."
    ja = "パラメータ {name!r} はプラットフォームが設定します。指定しないでください。"


class ParametersForScript(LeadersBoardError):
    code = "parameters_for_script"
    en = "A script takes its settings from its config file. Change {config_file!r} and submit again, without 'parameters'."
    ja = "スクリプトの設定は設定ファイルから読まれます。'parameters' を外し、{config_file!r} を変えて送り直してください。"


class UnknownSubmission(LeadersBoardError):
    code = "unknown_submission"
    kind = Kind.NOT_FOUND
    en = "There is no submission {submission_id!r} of yours. Take the submission_id from the answer of POST /submissions."
    ja = "提出 {submission_id!r} は見つかりません。POST /submissions の応答にある submission_id を使ってください。"


class UnknownSubmissionForJob(UnknownSubmission):
    """The original contract answers 400 where a job names an unknown submission."""

    kind = Kind.INVALID


class UnknownJob(LeadersBoardError):
    code = "unknown_job"
    kind = Kind.NOT_FOUND
    en = "There is no job {job_id!r} of yours. Take the job_id from the answer of POST /jobs, or list yours at GET /jobs."
    ja = "ジョブ {job_id!r} は見つかりません。POST /jobs の応答の job_id を使うか、GET /jobs で一覧を見てください。"


class UnknownBenchmark(LeadersBoardError):
    code = "unknown_benchmark"
    en = "There is no benchmark {slug!r}. Known are: {known}."
    ja = "ベンチマーク {slug!r} はありません。あるのは {known} です。"


class UnknownBenchmarkPage(UnknownBenchmark):
    kind = Kind.NOT_FOUND


class UnknownTemplate(LeadersBoardError):
    code = "unknown_template"
    kind = Kind.NOT_FOUND
    en = "There is no template {name!r} with such a file. GET /templates lists them."
    ja = "テンプレート {name!r} またはそのファイルはありません。GET /templates で一覧を見られます。"


class UnknownResourceClass(LeadersBoardError):
    code = "unknown_resource_class"
    en = "There is no resource class {name!r}. Use one of: {known}."
    ja = "リソースクラス {name!r} はありません。{known} のどれかを使ってください。"


class NoSuchFile(LeadersBoardError):
    code = "no_such_file"
    kind = Kind.NOT_FOUND
    en = "The job {job_id!r} has no file {name!r}. GET /jobs/{job_id}/files lists what there is."
    ja = "ジョブ {job_id!r} にファイル {name!r} はありません。GET /jobs/{job_id}/files で一覧を見られます。"


class NoResultsYet(LeadersBoardError):
    code = "no_results"
    kind = Kind.NOT_FOUND
    en = "The job {job_id!r} has no results: it is {status}. Its status page says more: GET /jobs/{job_id}/status."
    ja = "ジョブ {job_id!r} の結果はありません(状態: {status})。詳しくは GET /jobs/{job_id}/status をご覧ください。"


class SubmissionQuotaExceeded(TooMany):
    code = "submission_quota_exceeded"
    en = "You have made {limit} submissions in the last hour, which is the limit. The next is possible in {retry_after_seconds} s."
    ja = "直近1時間の提出が上限の {limit} 件に達しました。次は {retry_after_seconds} 秒後に提出できます。"


class RunningJobsExceeded(TooMany):
    code = "running_jobs_exceeded"
    en = "{limit} of your jobs are running, which is the limit. Wait for one to end, or cancel one."
    ja = "実行中のジョブが上限の {limit} 件に達しています。1つ終わるのを待つか、取り消してください。"


class IdempotencyKeyReused(LeadersBoardError):
    code = "idempotency_key_reused"
    kind = Kind.CONFLICT
    en = "The Idempotency-Key {key!r} was used before for something else. Use a new key for a new request."
    ja = "Idempotency-Key {key!r} は別の内容で使用済みです。新しい要求には新しいキーを使ってください。"


class NotEnoughSpace(LeadersBoardError):
    code = "not_enough_space"
    kind = Kind.UNAVAILABLE
    fault = Fault.PLATFORM
    en = "The platform is short of disk space and takes no submissions at present. Tell its operator, and try again later."
    ja = "ディスクの空きが足りないため、今は提出を受け付けられません。管理者に知らせて、後でもう一度お試しください。"


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
