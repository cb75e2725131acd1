"""What people read on the dashboards, in English and Japanese."""

from collections.abc import Mapping

WORDS: Mapping[str, tuple[str, str]] = {
    "leaderboard": ("Leaderboard", "リーダーボード"),
    "submit": ("Submit", "提出"),
    "organise": ("Organise", "運営"),
    "lab": ("JupyterLab", "JupyterLab"),
    "plots": ("Plots", "グラフ"),
    "runs": ("runs", "実行"),
    "best_so_far": ("best so far", "これまでの最高"),
    "front": ("not beaten in both", "パレート最適"),
    "over_time": ("Score over time", "スコアの推移"),
    "date": ("submitted (UTC)", "提出日時 (UTC)"),
    "against_seconds": ("Score against run time", "スコアと実行時間"),
    "against_memory": ("Score against memory", "スコアとメモリー"),
    "axis_seconds": ("run time (s)", "実行時間(秒)"),
    "axis_memory": ("peak memory (MiB)", "最大メモリー (MiB)"),
    "run": ("Run", "実行"),
    "board": ("On the board", "リーダーボードで見る"),
    "metrics": ("Metrics", "指標"),
    "mean": ("mean", "平均"),
    "parameters": ("Parameters", "パラメータ"),
    "environment": ("Environment", "実行環境"),
    "curves": ("Curves", "曲線"),
    "gallery": ("Heat maps", "ヒートマップ"),
    "notebooks": ("Notebooks", "ノートブック"),
    "notebook": ("executed notebook", "実行済みノートブック"),
    "scoring-notebook": ("scoring notebook", "採点ノートブック"),
    "files": ("{count} files", "{count} 個のファイル"),
    "log": ("Log", "ログ"),
    "cell": ("cell {cell} of {cells}", "セル {cell}/{cells}"),
    "in_cell": ("In cell {cell}.", "セル {cell} で発生しました。"),
    "status_pending": ("waiting", "待機中"),
    "status_running": ("running", "実行中"),
    "status_completed": ("completed", "完了"),
    "status_failed": ("failed", "失敗"),
    "status_cancelled": ("cancelled", "キャンセル済み"),
    "about_benchmark": ("benchmark", "ベンチマーク"),
    "about_benchmark_version": ("version of the benchmark", "ベンチマークの版"),
    "about_resource_class": ("resource class", "リソースクラス"),
    "about_device": ("device", "デバイス"),
    "about_worker": ("worker", "ワーカー"),
    "about_attempt": ("attempt", "試行回数"),
    "about_seconds": ("run time (s)", "実行時間(秒)"),
    "about_memory": ("peak memory (bytes)", "最大メモリー(バイト)"),
    "compare": ("Compare", "比較"),
    "choose_runs": (
        "Choose two to four runs on the leaderboard, then press Compare.",
        "リーダーボードで実行を2〜4件選び、「比較」を押してください。",
    ),
    "best": ("best", "最高"),
    "against": ("against {run}", "{run} との差"),
    "what_differs": ("What they were told differently", "設定の違い"),
    "nothing_differs": ("No difference.", "違いはありません。"),
    "notebooks_differ": ("Notebooks: from {first} to {second}", "ノートブックの違い: {first} → {second}"),
    "same_image": ("The same image under each run's map", "同じ画像に対する各実行のマップ"),
    "cell_added": ("Cell {cell}: added", "セル {cell}: 追加"),
    "cell_removed": ("Cell {cell}: removed", "セル {cell}: 削除"),
    "cell_changed": ("Cell {cell}: changed", "セル {cell}: 変更"),
    "away": (
        "The platform does not answer at present. This page goes on by itself when it does.",
        "プラットフォームが応答していません。復旧すると、このページも自動的に更新されます。",
    ),
}


def word(name: str, language: str, **facts: object) -> str:
    """Return the word or sentence called `name`, with `facts` filled in."""
    text = WORDS[name][language == "ja"]
    return text.format(**facts) if facts else text
