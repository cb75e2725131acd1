"""Who may do what."""

from leadersboard.domain.errors.root import Fault, Kind, LeadersBoardError


class InvalidToken(LeadersBoardError):
    code = "invalid_token"
    kind = Kind.UNAUTHENTICATED
    en = "The token is missing or not valid. Send it as the header 'Authorization: Bearer TOKEN'."
    ja = "トークンがないか、正しくありません。ヘッダー 'Authorization: Bearer TOKEN' で送ってください。"


class LoginUnavailable(LeadersBoardError):
    """Without the hub only the tokens of `API_TOKENS` can be told apart."""

    code = "login_unavailable"
    kind = Kind.UNAVAILABLE
    fault = Fault.PLATFORM
    en = "JupyterHub does not answer at present, so nobody can be logged in. Try again in a moment."
    ja = "JupyterHub が応答しないため、ログインを確認できません。少し待ってからもう一度お試しください。"


class ForgedRequest(LeadersBoardError):
    """A browser is logged in, but another page may have sent this in its name."""

    code = "forged_request"
    kind = Kind.FORBIDDEN
    en = "The request lacks its proof of origin. Reload the page and try again, or send a token instead of a login."
    ja = "リクエストの送信元を確認できません。ページを再読み込みするか、ログインの代わりにトークンを送ってください。"


class LoginNotFinished(LeadersBoardError):
    code = "login_not_finished"
    en = "This login was not begun here, or took too long. Log in again."
    ja = "このログインはここで始められたものではないか、時間切れです。もう一度ログインしてください。"


class NoHub(LeadersBoardError):
    code = "no_hub"
    kind = Kind.NOT_FOUND
    en = "This installation has no JupyterHub. Send a token as the header 'Authorization: Bearer TOKEN'."
    ja = "この環境に JupyterHub はありません。ヘッダー 'Authorization: Bearer TOKEN' でトークンを送ってください。"


class ReadOnlyMlflow(LeadersBoardError):
    code = "read_only_mlflow"
    kind = Kind.FORBIDDEN
    en = "MLflow can be read here, not written: results come from the platform alone."
    ja = "ここでは MLflow の閲覧だけができます。結果はプラットフォームだけが記録します。"


class MlflowUnavailable(LeadersBoardError):
    code = "mlflow_unavailable"
    kind = Kind.UNAVAILABLE
    fault = Fault.PLATFORM
    en = "MLflow does not answer at present. Results are safe and are shown on the board; try again in a moment."
    ja = "MLflow が応答しません。結果は保存されていてボードで見られます。少し待ってからお試しください。"


class NotAllowed(LeadersBoardError):
    code = "not_allowed"
    kind = Kind.FORBIDDEN
    en = "Only organisers can do this. Ask an organiser of the benchmark."
    ja = "この操作は主催者だけができます。ベンチマークの主催者に依頼してください。"
