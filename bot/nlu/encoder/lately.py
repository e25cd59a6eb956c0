"""What was made of texts read lately: pressed suggestions, "yes" and the commonest questions come again and again.

What visitors write must not be kept, so neither texts nor their plain hashes are: a text is known by a digest whose key
is made at the start, is in no file, and goes with the process.
"""

from __future__ import annotations

import secrets
from collections import OrderedDict
from hashlib import blake2b
from typing import Generic, TypeVar

T = TypeVar("T")


class Lately(Generic[T]):
    """What was used last, at most so many."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._key = secrets.token_bytes(32)
        self._found: OrderedDict[bytes, T] = OrderedDict()

    def get(self, text: str) -> T | None:
        """What was made of a text, when it was read lately."""
        name = self._name(text)
        found = self._found.get(name)
        if found is not None:
            self._found.move_to_end(name)
        return found

    def put(self, text: str, made: T) -> None:
        """Remember it in place of what was not used for longest."""
        self._found[self._name(text)] = made
        while len(self._found) > self._most:
            self._found.popitem(last=False)

    def forget(self) -> None:
        """Drop all."""
        self._found.clear()

    def __len__(self) -> int:
        return len(self._found)

    def _name(self, text: str) -> bytes:
        return blake2b(text.encode("utf-8", "surrogatepass"), key=self._key, digest_size=20).digest()
