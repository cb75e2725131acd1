"""Who may do what."""

from leadersboard.domain.errors.root import Kind, LeadersBoardError


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
