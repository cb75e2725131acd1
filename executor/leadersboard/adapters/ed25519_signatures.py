"""Signatures by Ed25519 (RFC 8032): workers hold the private key, whoever shows results needs the public one alone."""

import base64
import binascii
import hashlib
import os
import secrets
from collections.abc import Iterable
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from leadersboard.domain.signature import Verdict, Verify

_KEY_BYTES = 32
# A board is read again and again, and checking a signature takes as long as reading ten rows.
_REMEMBERED = 200_000


class UnusableKey(ValueError):
    """A key is not the base64 text of 32 bytes."""


class Ed25519Signer:
    """Signs with the private key in a file that its owner alone can read."""

    def __init__(self, path: Path) -> None:
        self._key = Ed25519PrivateKey.from_private_bytes(_decoded(path.read_text(encoding="ascii"), str(path)))
        self.public_key = _encoded(self._key.public_key().public_bytes_raw())
        self._id = _id_of(self.public_key)

    def __call__(self, message: bytes) -> tuple[str, str]:
        return self._id, _encoded(self._key.sign(message))


def public_key_of(path: Path) -> str:
    """Return the public half of the private key at `path`.

    Raises:
        UnusableKey, FileNotFoundError
    """
    return Ed25519Signer(path).public_key


def make_key(path: Path) -> None:
    """Make a key at `path` unless there is one, and write its public half beside it, as `NAME.pub`."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not path.exists():
        _write_once(path, _encoded(secrets.token_bytes(_KEY_BYTES)))
    public = path.with_name(f"{path.name}.pub")
    if not public.exists():
        _write_once(public, public_key_of(path))


def verifier_of(public_keys: Iterable[str]) -> Verify:
    """Return what tells signatures by one of `public_keys`, base64 of 32 bytes each, from others.

    Raises:
        UnusableKey
    """
    keys = {_id_of(text): Ed25519PublicKey.from_public_bytes(_decoded(text, "a public key")) for text in public_keys}

    valid: set[bytes] = set()

    def verify(message: bytes, key: str, signature: str) -> Verdict:
        found = keys.get(key)
        if found is None:
            return Verdict.UNKNOWN_KEY
        seen = hashlib.sha256(b"%s %s %s" % (key.encode(), signature.encode(), message)).digest()
        if seen in valid:
            return Verdict.VALID
        try:
            found.verify(base64.b64decode(signature, validate=True), message)
        except (InvalidSignature, binascii.Error, ValueError):
            return Verdict.INVALID
        if len(valid) >= _REMEMBERED:
            valid.clear()
        valid.add(seen)
        return Verdict.VALID

    return verify


def _write_once(path: Path, text: str) -> None:
    # A link, unlike a rename, leaves the file alone that another process has made in the meantime.
    fresh = path.with_name(f".{path.name}-{os.getpid()}-{secrets.token_hex(4)}")
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:
        file.write(f"{text}\n")
    try:
        os.link(fresh, path)
    except FileExistsError:
        pass
    finally:
        fresh.unlink()


def _id_of(public_key: str) -> str:
    return hashlib.sha256(public_key.strip().encode()).hexdigest()[:16]


def _encoded(raw: bytes) -> str:
    return base64.b64encode(raw).decode("ascii")


def _decoded(text: str, what: str) -> bytes:
    try:
        raw = base64.b64decode(text.strip(), validate=True)
    except (binascii.Error, ValueError):
        raw = b""
    if len(raw) != _KEY_BYTES:
        raise UnusableKey(f"{what} is not the base64 text of {_KEY_BYTES} bytes")
    return raw
