"""What is not there."""

from leadersboard.domain.errors.root import Kind, LeadersBoardError


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
    field = "benchmark"
    en = "There is no benchmark {slug!r}. Known are: {known}."
    ja = "ベンチマーク {slug!r} はありません。あるのは {known} です。"


class UnknownBenchmarkPage(UnknownBenchmark):
    kind = Kind.NOT_FOUND


class UnknownOrder(LeadersBoardError):
    code = "unknown_order"
    field = "sort"
    en = "A board cannot be ordered by {order!r}. It can be by: {known}; a minus in front turns the order round."
    ja = "{order!r} では並べ替えられません。使えるのは {known} です。先頭に - を付けると逆順になります。"


class UnknownTemplate(LeadersBoardError):
    code = "unknown_template"
    kind = Kind.NOT_FOUND
    en = "There is no template {name!r} with such a file. GET /templates lists them."
    ja = "テンプレート {name!r} またはそのファイルはありません。GET /templates で一覧を見られます。"


class UnknownRun(LeadersBoardError):
    code = "unknown_run"
    kind = Kind.NOT_FOUND
    en = "There is no such run of yours. The files of a run are shown to whoever submitted it, and to organisers."
    ja = "該当する自分の実行がありません。実行のファイルは提出者本人と主催者だけが見られます。"


class NoGallery(LeadersBoardError):
    code = "no_gallery"
    kind = Kind.NOT_FOUND
    en = (
        "The job {job_id!r} has no gallery. There is one of completed jobs of a benchmark whose data set and scoring "
        "notebook are still those that scored it."
    )
    ja = (
        "ジョブ {job_id!r} にギャラリーはありません。ギャラリーがあるのは、完了したジョブのうち、"
        "採点時のデータセットと採点ノートブックが今も同じベンチマークのものです。"
    )


class NoSuchPicture(LeadersBoardError):
    code = "no_such_picture"
    kind = Kind.NOT_FOUND
    en = "There is no such picture in the gallery of the job {job_id!r}, or its label is not shown."
    ja = "ジョブ {job_id!r} のギャラリーにその画像はないか、ラベルが公開されていません。"


class NoSuchFile(LeadersBoardError):
    code = "no_such_file"
    kind = Kind.NOT_FOUND
    en = "The job {job_id!r} has no file {name!r}. GET /jobs/{job_id}/files lists what there is."
    ja = "ジョブ {job_id!r} にファイル {name!r} はありません。GET /jobs/{job_id}/files で一覧を見られます。"
