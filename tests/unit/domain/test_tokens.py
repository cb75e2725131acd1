"""The tokens of the original contract."""

import pytest

from leadersboard.domain.tokens import digest, find_user, hashed_entries, parse_tokens


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


def test_a_token_may_be_given_by_its_digest_alone() -> None:
    users = parse_tokens(f"alice:sha256:{digest('secret')}\n# nobody\nsha256:{digest('bare').upper()}, bob:plain")
    assert find_user("secret", users) == "alice"
    assert find_user("plain", users) == "bob"
    assert (find_user("bare", users) or "").startswith("user-")
    # Whoever reads the digest has no token by that.
    assert find_user(f"sha256:{digest('secret')}", users) is None
    assert find_user(digest("secret"), users) is None


def test_what_is_written_down_lets_the_same_in_and_holds_no_token() -> None:
    text = "alice:secret,devtoken,bare"
    written = hashed_entries(text)
    assert parse_tokens(written) == parse_tokens(text)
    assert not any(token in written for token in ("secret", "devtoken", ":bare"))
