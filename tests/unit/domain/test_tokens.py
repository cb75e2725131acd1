"""The tokens of the original contract."""

import pytest

from leadersboard.domain.errors import InvalidToken
from leadersboard.domain.tokens import parse_tokens, user_of


def test_named_and_bare_tokens_are_known_by_their_users() -> None:
    users = parse_tokens("alice:secret, devtoken ,bare")
    assert user_of("secret", users) == "alice"
    assert user_of("devtoken", users) == "dev"
    assert user_of("bare", users).startswith("user-")
    assert "secret" not in repr(users)


@pytest.mark.parametrize("token", ["", "alice", "alice:secret", "Secret", "secret "])
def test_anything_else_is_nobodys(token: str) -> None:
    with pytest.raises(InvalidToken):
        user_of(token, parse_tokens("alice:secret"))


@pytest.mark.parametrize("text", ["alice:", ":secret", "a b:secret", "../x:secret", "alice:same,bob:same"])
def test_tokens_that_cannot_be_meant_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match="API_TOKENS"):
        parse_tokens(text)
