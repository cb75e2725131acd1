"""The built-in token is for this machine alone; asked at every start of the API."""

from ipaddress import ip_address

from leadersboard.domain.errors import Fault, LeadersBoardError
from leadersboard.domain.tokens import find_user, parse_tokens
from leadersboard.settings import DEFAULT_TOKEN, Settings


class DefaultTokenExposed(LeadersBoardError):
    """Everybody knows the built-in token."""

    code = "default_token_exposed"
    fault = Fault.PLATFORM
    en = (
        "The API is to listen on {host!r}, where others can reach it, but accepts the built-in token {token!r}. "
        "Set API_TOKENS to tokens of your own, for example API_TOKENS=alice:SECRET, or listen on 127.0.0.1."
    )
    ja = (
        "API を他から接続できる {host!r} で起動しようとしていますが、既定のトークン {token!r} が有効なままです。"
        "API_TOKENS=alice:SECRET のように独自のトークンを設定するか、127.0.0.1 で起動してください。"
    )


class DemonstrationExposed(LeadersBoardError):
    """With the demonstration's login anybody can be anybody."""

    code = "demonstration_exposed"
    fault = Fault.PLATFORM
    en = (
        "JupyterHub is to listen on {host!r}, where others can reach it, but its demonstration login lets anybody be "
        "anybody. Set LEADERSBOARD_HUB_AUTHENTICATOR to 'native', 'pam' or one for OAuth, or LEADERSBOARD_HUB_HOST to "
        "127.0.0.1."
    )
    ja = (
        "JupyterHub を他から接続できる {host!r} で起動しようとしていますが、デモ用ログインでは誰でも他人を名乗れます。"
        "LEADERSBOARD_HUB_AUTHENTICATOR を 'native'、'pam'、OAuth 用のいずれかにするか、"
        "LEADERSBOARD_HUB_HOST を 127.0.0.1 にしてください。"
    )


def is_loopback(host: str) -> bool:
    """Return whether only this machine can reach `host`; an empty host stands for all addresses."""
    if host == "localhost":
        return True
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def check_exposure(settings: Settings) -> None:
    """Refuse to serve strangers who know the built-in token.

    Raises:
        DefaultTokenExposed
    """
    known = find_user(DEFAULT_TOKEN, parse_tokens(settings.api_tokens)) is not None
    if known and not is_loopback(settings.api_host):
        raise DefaultTokenExposed(host=settings.api_host, token=DEFAULT_TOKEN)


def check_hub_exposure(settings: Settings) -> None:
    """Refuse to let strangers log in as whoever they like.

    Raises:
        DemonstrationExposed
    """
    if settings.hub_authenticator == "demo" and not is_loopback(settings.hub_host):
        raise DemonstrationExposed(host=settings.hub_host)
