"""What is sent in."""

from leadersboard.domain.errors.root import Fault, Kind, LeadersBoardError, TooMany


class NoFiles(LeadersBoardError):
    code = "no_files"
    field = "files"
    en = "No file was sent. Send at least one in the form field 'files'."
    ja = "ファイルがありません。フォームの 'files' に1つ以上付けてください。"


class InvalidFileName(LeadersBoardError):
    code = "invalid_file_name"
    field = "files"
    en = "The file name {name!r} cannot be used: {problem}. Rename the file and send it again."
    ja = "ファイル名 {name!r} は使えません({problem})。名前を変えて送り直してください。"


class UnsupportedFileType(LeadersBoardError):
    code = "unsupported_file_type"
    field = "files"
    en = "Files like {name!r} are not accepted. Accepted are: {allowed}."
    ja = "{name!r} の種類のファイルは受け付けていません。受け付ける種類: {allowed}。"


class DuplicateFile(LeadersBoardError):
    code = "duplicate_file"
    field = "files"
    en = "The file {name!r} was sent twice. Send each file once; names that differ only in case count as the same."
    ja = "ファイル {name!r} が2回送られました。1回だけ送ってください(大文字と小文字だけの違いは同じ名前とみなします)。"


class FileTooLarge(LeadersBoardError):
    code = "file_too_large"
    field = "files"
    en = "The file {name!r} is larger than the limit of {limit_bytes:,} bytes. Make it smaller and send it again."
    ja = "ファイル {name!r} が上限 {limit_bytes:,} バイトを超えています。小さくして送り直してください。"


class UploadTooLarge(LeadersBoardError):
    code = "upload_too_large"
    field = "files"
    en = "All files together are larger than the limit of {limit_bytes:,} bytes. Leave out what the run does not need."
    ja = "ファイルの合計が上限 {limit_bytes:,} バイトを超えています。実行に要らないものを除いてください。"


class TooManyFiles(LeadersBoardError):
    code = "too_many_files"
    field = "files"
    en = "More than {limit} files were sent. Leave out what the run does not need, or pack modules together."
    ja = "ファイルが {limit} 個を超えています。実行に要らないものを除いてください。"


class UnreadableArchive(LeadersBoardError):
    code = "unreadable_archive"
    field = "files"
    en = "The archive {name!r} cannot be unpacked: {problem}. Pack it again, or send the files one by one."
    ja = "アーカイブ {name!r} を展開できません({problem})。作り直すか、ファイルを個別に送ってください。"


class MissingEntrypoint(LeadersBoardError):
    code = "missing_entrypoint"
    field = "entrypoint"
    en = "The entrypoint {name!r} is not among the files sent ({sent}). Send it, or name another as 'entrypoint'."
    ja = "エントリーポイント {name!r} が送られたファイル({sent})にありません。送るか、'entrypoint' を変えてください。"


class UnsupportedEntrypoint(LeadersBoardError):
    code = "unsupported_entrypoint"
    field = "entrypoint"
    en = "The entrypoint {name!r} must be a notebook (.ipynb) or a Python script (.py)."
    ja = "エントリーポイント {name!r} はノートブック(.ipynb)か Python スクリプト(.py)にしてください。"


class MissingConfigFile(LeadersBoardError):
    code = "missing_config_file"
    field = "config_file"
    en = "The config file {name!r} is not among the files sent ({sent}). Send it, or name another as 'config_file'."
    ja = "設定ファイル {name!r} が送られたファイル({sent})にありません。送るか、'config_file' を変えてください。"


class InvalidMetadata(LeadersBoardError):
    code = "invalid_metadata"
    field = "metadata"
    en = 'The metadata cannot be used: {problem}. Send a JSON object, for example {{"method": "padim"}}.'
    ja = 'metadata が正しくありません({problem})。{{"method": "padim"}} のような JSON オブジェクトを送ってください。'


class SubmissionQuotaExceeded(TooMany):
    code = "submission_quota_exceeded"
    en = "You have made {limit} submissions in the last hour, which is the limit. The next is possible {when}."
    ja = "直近1時間の提出が上限の {limit} 件に達しました。次は{when}に提出できます。"


class MalformedUpload(LeadersBoardError):
    code = "malformed_upload"
    en = "The form cannot be read: {problem}. Send it as multipart/form-data, as 'curl -F' and browsers do."
    ja = "フォームを読めません({problem})。'curl -F' やブラウザーと同じ multipart/form-data で送ってください。"


class ContentMismatch(LeadersBoardError):
    code = "content_mismatch"
    field = "files"
    en = "The file {name!r} does not hold what its name says: {expected}. Give it the name of what it is."
    ja = "ファイル {name!r} の中身が名前({expected})と合いません。中身に合った名前にしてください。"


class NotEnoughSpace(LeadersBoardError):
    code = "not_enough_space"
    kind = Kind.UNAVAILABLE
    fault = Fault.PLATFORM
    en = "The platform is short of disk space and takes no submissions at present. Tell its operator, and try again later."
    ja = "ディスクの空きが足りないため、今は提出を受け付けられません。管理者に知らせて、後でもう一度お試しください。"
