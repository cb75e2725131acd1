"""What the server half itself refuses, in the shape of the API's own errors: `{"detail", "code", "field"?}`."""

from typing import Any, ClassVar, Literal

from tornado.web import HTTPError

Language = Literal["en", "ja"]


def language_of(accept_language: str) -> Language:
    """Return the first language of the header that there are sentences in."""
    for part in accept_language.split(","):
        code = part.split(";")[0].strip().lower()[:2]
        if code in ("ja", "en"):
            return "ja" if code == "ja" else "en"
    return "en"


class LabError(HTTPError):
    """The root. `facts` fill the sentence of the subclass; `field` names what of the request is wrong."""

    code: ClassVar[str]
    status: ClassVar[int] = 400
    en: ClassVar[str]
    ja: ClassVar[str]

    def __init__(self, field: str | None = None, **facts: object) -> None:
        self.field = field
        self.facts = facts
        super().__init__(self.status)

    def body(self, language: Language) -> dict[str, Any]:
        """Return what the page reads."""
        sentence = (self.ja if language == "ja" else self.en).format(**self.facts)
        body: dict[str, Any] = {"detail": sentence, "code": self.code}
        return body if self.field is None else {**body, "field": self.field}


class ApiRefused(HTTPError):
    """The API's own refusal, passed on as it is: `answer` is its body, `retry_after` the header of that name."""

    def __init__(self, status: int, answer: dict[str, Any], retry_after: str | None) -> None:
        self.answer = answer
        self.retry_after = retry_after
        super().__init__(status)


class ApiUnreachable(LabError):
    code = "api_unreachable"
    status = 502
    en = "LeadersBoard does not answer at present. Try again in a moment; nothing is done twice."
    ja = "LeadersBoard が今は応答しません。少し待ってからもう一度お試しください。同じ操作が二重に行われることはありません。"


class ApiUnexpected(LabError):
    code = "api_unexpected"
    status = 502
    en = (
        "What answers at the address of LeadersBoard is something else. Ask the operator to check LEADERSBOARD_API_URL."
    )
    ja = "LeadersBoard のアドレスで別のものが応答しています。管理者に LEADERSBOARD_API_URL の確認を依頼してください。"


class NoSuchRoute(LabError):
    code = "not_found"
    status = 404
    en = "There is nothing at this address."
    ja = "このアドレスには何もありません。"


class InvalidRequest(LabError):
    code = "invalid_request"
    en = "The request cannot be read: {problem}."
    ja = "要求を読めません({problem})。"


class NoSuchPath(LabError):
    code = "no_such_file"
    status = 404
    en = "There is no {path!r} among your files. Save it, or choose another."
    ja = "{path!r} がファイルの中にありません。保存するか、別のものを選んでください。"


class UnreadableFile(LabError):
    code = "unreadable_file"
    en = "{path!r} cannot be read as a file. Folders and links cannot be sent; choose a file."
    ja = "{path!r} をファイルとして読めません。フォルダーやリンクは送れません。ファイルを選んでください。"


class UnreadableNotebook(LabError):
    code = "unreadable_notebook"
    en = "{path!r} cannot be read as a notebook. Open it in Jupyter and save it again."
    ja = "{path!r} をノートブックとして読めません。Jupyter で開いて保存し直してください。"


class FileTooLarge(LabError):
    code = "file_too_large"
    status = 413
    en = "{path!r} is larger than the limit of {limit_bytes:,} bytes. Make it smaller, or leave it out."
    ja = "{path!r} が上限 {limit_bytes:,} バイトを超えています。小さくするか、外してください。"


class ResultTooLarge(LabError):
    code = "result_too_large"
    status = 413
    en = "The executed notebook is larger than {limit_bytes:,} bytes and cannot be shown here. Download it instead."
    ja = "実行済みノートブックが {limit_bytes:,} バイトを超えるため、ここでは表示できません。ダウンロードしてください。"


class NotebookChanged(LabError):
    code = "notebook_changed"
    status = 409
    en = "{path!r} has changed since it was saved for this submission. Nothing was submitted; press Submit again."
    ja = "{path!r} は提出のための保存後に変更されました。何も提出されていません。もう一度「提出」を押してください。"


class UnknownTemplate(LabError):
    code = "unknown_template"
    status = 404
    en = "There is no template {name!r} any more. Choose another in the launcher."
    ja = "テンプレート {name!r} はもうありません。ランチャーで別のものを選んでください。"


class NoTemplate(LabError):
    code = "no_template"
    status = 404
    en = "{path!r} was not started from a template that is known here."
    ja = "{path!r} は、ここにあるテンプレートから始めたものではありません。"


class CannotWrite(LabError):
    code = "cannot_write"
    status = 403
    en = (
        "Nothing can be written to {path!r}. Go to a folder of your own in the file browser and start again from there."
    )
    ja = "{path!r} に書き込めません。ファイルブラウザーで自分のフォルダーに移動して、もう一度始めてください。"


# For what is refused before any of our code runs: the login, the check against forged requests, a wrong method.
BY_STATUS: dict[int, tuple[str, str, str]] = {
    400: ("invalid_request", "The request cannot be read.", "要求を読めません。"),
    403: (
        "forbidden",
        "Your login to Jupyter is not valid any more. Reload the page and log in.",
        "Jupyter へのログインが無効です。ページを再読み込みしてログインしてください。",
    ),
    404: ("not_found", NoSuchRoute.en, NoSuchRoute.ja),
    405: ("method_not_allowed", "This cannot be done at this address.", "このアドレスではこの操作はできません。"),
}
UNEXPECTED = (
    "internal_error",
    "The extension made a mistake. Nothing is wrong with your request; tell the operator if it happens again.",
    "拡張機能で問題が発生しました。要求に誤りはありません。繰り返す場合は管理者に知らせてください。",
)
