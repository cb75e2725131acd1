"""The tokens of the original contract."""

import pytest

from leadersboard.domain.tokens import find_user, parse_tokens


def test_named_and_bare_tokens_are_known_by_their_users() -> None:
    users = parse_tokens("alice:secret, devtoken ,bare")
    assert find_user("secret", users) == "alice"
    assert find_user("devtoken", users) == "dev"
    assert (find_user("bare", users) or "").startswith("user-")
    assert "secret" not in repr(users)


@pytest.mark.parametrize("token", ["", "alice", "alice:secret", "Secret", "secret "])
def test_anything_else_is_nobodys(token: str) -> None:
    assert find_user(token, parse_tokens("alice:secret")) is None


@pytest.mark.parametrize("text", ["alice:", ":secret", "a b:secret", "../x:secret", "alice:same,bob:same"])
def test_tokens_that_cannot_be_meant_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match="API_TOKENS"):
        parse_tokens(text)
