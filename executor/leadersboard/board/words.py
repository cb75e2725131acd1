"""What people read about boards, in English and Japanese."""

from collections.abc import Mapping
from datetime import datetime

from leadersboard.domain.errors import Language

WORDS: Mapping[str, tuple[str, str]] = {
    "leaderboard": ("Leaderboard", "リーダーボード"),
    "rank": ("Rank", "順位"),
    "user": ("Participant", "参加者"),
    "method": ("Method", "手法"),
    "template": ("Template", "テンプレート"),
    "date": ("Submitted (UTC)", "提出日時 (UTC)"),
    "class": ("Class", "クラス"),
    "seconds": ("Run time", "実行時間"),
    "memory": ("Memory", "メモリー"),
    "attempt": ("Attempt", "試行"),
    "badges": ("Marks", "印"),
    "baseline": ("baseline", "ベースライン"),
    "scored": ("scored", "採点済み"),
    "reported": ("reported", "自己申告"),
    "best": ("best of user", "本人の最高"),
    "you": ("you", "あなた"),
    "waiting": ("MLflow follows", "MLflow 記録待ち"),
    "differs": ("differs in MLflow", "MLflow と不一致"),
    "text": ("Text", "文字列"),
    "category": ("Category", "カテゴリー"),
    "of_category": (
        "The metrics of {category} alone, ordered by them; ranks are those over all categories.",
        "{category} だけの指標で並べています。順位は全カテゴリーでのものです。",
    ),
    "all_categories": ("All categories", "全カテゴリー"),
    "all": ("All", "すべて"),
    "since": ("From", "開始日"),
    "until": ("To", "終了日"),
    "entries": ("Rows", "表示する行"),
    "entries_best": ("Best of each participant", "参加者ごとの最高"),
    "entries_all": ("All runs", "すべての実行"),
    "apply": ("Show", "表示"),
    "csv": ("Download CSV", "CSV をダウンロード"),
    "rows": ("{shown} of {total} rows", "{total} 行中 {shown} 行"),
    "no_rows": ("No run matches. Change the filter, or submit the first one.", "該当する実行はありません。"),
    "updated": ("Updated", "更新"),
    "away": (
        "MLflow has not answered for {age}. The board is as the platform's records have it, from {time} UTC.",
        "MLflow が {age} 応答していません。表はプラットフォームの記録({time} UTC)によるものです。",
    ),
    "stale": (
        "The platform does not answer. This is the board as it was {age} ago, at {time} UTC.",
        "プラットフォームが応答していません。これは {age} 前({time} UTC)の表です。",
    ),
    "note_busy": (
        "Many people look at boards at present: this page does not refresh by itself. Reload it when you like.",
        "現在、閲覧者が多いため、このページは自動更新されません。再読み込みでいつでも更新できます。",
    ),
    "note_starting": (
        "In a moment this page begins to refresh by itself.",
        "まもなく自動更新の表示に切り替わります。",
    ),
    "note_login": ("You look at this board as a guest.", "ゲストとして表示しています。"),
    "log_in": ("Log in", "ログイン"),
    "choose": ("Choose", "選択"),
    "choose_row": ("Choose run {job} to compare", "実行 {job} を比較に加える"),
    "compare": ("Compare", "比較"),
    "compare_help": ("two to four of the runs that you may open.", "閲覧できる実行を2〜4件選んでください。"),
    "higher": ("higher is better", "大きいほど良い"),
    "lower": ("lower is better", "小さいほど良い"),
    "next": ("Next", "次へ"),
    "previous": ("Previous", "前へ"),
    "primary": ("primary metric", "主指標"),
}


def word(name: str, language: Language, **facts: object) -> str:
    """Return the word or sentence called `name`, with `facts` filled in."""
    english, japanese = WORDS[name]
    text = japanese if language == "ja" else english
    return text.format(**facts) if facts else text


def moment(value: datetime) -> str:
    return value.strftime("%Y-%m-%d %H:%M:%S")


def seconds(value: float | None) -> str:
    """Return a time as people read it: 45.2 s, 3 min 10 s, 2 h 05 min."""
    if value is None:
        return ""
    if value < 60:
        return f"{value:.1f} s"
    whole = round(value)
    if whole < 3600:
        return f"{whole // 60} min {whole % 60:02} s"
    return f"{whole // 3600} h {whole % 3600 // 60:02} min"


def age(value: float, language: Language) -> str:
    """Return for how long something has been so, in seconds, minutes, hours or days: 4 min, 4分."""
    for unit, english, japanese in ((86400, "d", "日"), (3600, "h", "時間"), (60, "min", "分")):
        if value >= unit:
            return f"{value // unit:.0f}{japanese}" if language == "ja" else f"{value // unit:.0f} {english}"
    return f"{max(1, value):.0f}秒" if language == "ja" else f"{max(1, value):.0f} s"


def size(value: int | None) -> str:
    """Return bytes as people read them, in MiB or GiB."""
    if value is None:
        return ""
    mib = value / 1024**2
    return f"{mib:.0f} MiB" if mib < 1024 else f"{mib / 1024:.1f} GiB"
