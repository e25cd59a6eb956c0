"""Personal fields at rest: AES-256-GCM, each value bound to its row and field.

Several keys may be given: the first encrypts, all decrypt. A keyed digest finds a row by email without storing it.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import os
import secrets
from collections.abc import Callable, Sequence
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

KEY_BYTES = 32
LEAST_VARIETY = 16  # different bytes: 32 random ones have about 30
MAKE_ONE = "Make one with: python3 -c 'import secrets; print(secrets.token_urlsafe(32))'"
_NONCE = 12


class KeyProblem(ValueError):
    """A key cannot be used; the text says why and what to do, never the key."""


class Unreadable(Exception):
    """A stored value cannot be decrypted: it was changed or moved, or its key is not among those given."""


class Keyring:
    """The keys in use, first to encrypt, all to decrypt."""

    def __init__(self, keys: Sequence[bytes]) -> None:
        if not keys:
            raise KeyProblem(f"There is no key. {MAKE_ONE}")
        self._ciphers = {_id(key): AESGCM(_derived(key, b"fields")) for key in keys}
        self._index_keys = [_derived(key, b"index") for key in keys]
        self._current = _id(keys[0])

    @classmethod
    def parse(cls, text: str) -> Keyring:
        """Keys as in NPQ_DATA_KEY: base64 or hexadecimal, separated by commas.

        Raises:
            KeyProblem: when there is none, or one is not 32 random bytes.
        """
        return cls([_key(item.strip(), place) for place, item in enumerate(text.split(","), start=1)])

    def encrypt(self, value: str, row: str, name: str) -> str:
        """The value for this row and field only."""
        nonce = os.urandom(_NONCE)
        sealed = self._ciphers[self._current].encrypt(nonce, value.encode(), _bound(row, name))
        return f"{self._current}.{base64.urlsafe_b64encode(nonce + sealed).decode()}"

    def decrypt(self, stored: str, row: str, name: str) -> str:
        """The value back.

        Raises:
            Unreadable: see there.
        """
        key, _, data = stored.partition(".")
        cipher = self._ciphers.get(key)
        if cipher is None:
            raise Unreadable(
                f"{name}: encrypted with a key that is not in NPQ_DATA_KEY; add the old key after the new."
            )
        try:
            raw = base64.urlsafe_b64decode(data)
            return cipher.decrypt(raw[:_NONCE], raw[_NONCE:], _bound(row, name)).decode()
        except (InvalidTag, ValueError) as error:
            raise Unreadable(f"{name}: was changed in the database, or belongs to another row or field.") from error

    def digests(self, value: str) -> list[str]:
        """Keyed digests the value may be stored under: the first is the one to store, the others are of older keys."""
        return [hmac.new(key, value.encode(), hashlib.sha256).hexdigest() for key in self._index_keys]


def _bound(row: str, name: str) -> bytes:
    return f"{row}/{name}".encode()


def _derived(key: bytes, use: bytes) -> bytes:
    return HKDF(SHA256(), KEY_BYTES, salt=None, info=b"npq-guide interest " + use).derive(key)


def _id(key: bytes) -> str:
    return _derived(key, b"id")[:4].hex()


def _key(text: str, place: int) -> bytes:
    wrong = f"key {place} is not 32 random bytes in base64 or hexadecimal. {MAKE_ONE}"
    try:
        if len(text) == 2 * KEY_BYTES:
            key = bytes.fromhex(text)
        else:
            plain = text.replace("+", "-").replace("/", "_").rstrip("=").encode("ascii")
            key = base64.b64decode(plain + b"=" * (-len(plain) % 4), altchars=b"-_", validate=True)
    except (ValueError, binascii.Error) as error:
        raise KeyProblem(wrong) from error
    if len(key) != KEY_BYTES or len(set(key)) < LEAST_VARIETY:
        raise KeyProblem(wrong)
    return key


def development_key(home: Path, say: Callable[[str], None]) -> str:
    """The key kept in a file for development, made on first use. Several processes starting at once get the same."""
    path = home / "data.key"
    if not path.exists():
        draft = home / f".data.key.{os.getpid()}.{secrets.token_hex(4)}"
        descriptor = os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_urlsafe(KEY_BYTES) + "\n")
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(draft, path)  # fails when another process was first, and never shows half a file
            say(
                f"Warning: made a development key for personal data in {path}. Keep it: without it the details "
                "cannot be read. For real visitors set NPQ_ENV=production and NPQ_DATA_KEY."
            )
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path.read_text().strip()
