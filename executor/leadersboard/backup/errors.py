"""What can keep a backup from being made, or from being restored."""

from typing import ClassVar

from leadersboard.domain.errors import Fault, Kind, LeadersBoardError


class BackupError(LeadersBoardError):
    """The root of what is wrong with a backup."""

    code = "backup_error"
    kind: ClassVar[Kind] = Kind.INVALID
    fault = Fault.PLATFORM


class BackupExists(BackupError):
    code = "backup_exists"
    en = "{path} exists already. Name a folder that does not: a backup never overwrites anything."
    ja = "{path} はすでに存在します。存在しないフォルダーを指定してください。バックアップは上書きしません。"


class NotABackup(BackupError):
    code = "not_a_backup"
    en = "{path} is not a backup of this platform ({problem})."
    ja = "{path} はこのプラットフォームのバックアップではありません({problem})。"


class BackupDamaged(BackupError):
    code = "backup_damaged"
    en = "The backup is damaged: {file} is missing, or is not what was backed up. Nothing was restored."
    ja = "バックアップが壊れています: {file} がないか、内容が異なります。何も復元していません。"


class NotEmpty(BackupError):
    code = "restore_not_empty"
    en = "{where} holds something already. Restore into an empty place: end the platform and move what is there away."
    ja = "{where} は空ではありません。プラットフォームを終了し、既存の内容を移動してから復元してください。"


class ToolMissing(BackupError):
    code = "backup_tool_missing"
    en = "The program {tool} was not found. Install PostgreSQL's client programs of the server's version."
    ja = "プログラム {tool} が見つかりません。サーバーと同じ版の PostgreSQL クライアントを入れてください。"


class DatabaseToolFailed(BackupError):
    code = "backup_tool_failed"
    en = "{tool} has failed: {said}"
    ja = "{tool} が失敗しました: {said}"
