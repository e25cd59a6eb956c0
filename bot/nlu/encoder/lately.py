"""Vectors of texts read lately: pressed suggestions, "yes" and the commonest questions come again and again.

What visitors write must not be kept, so neither texts nor their plain hashes are: a text is known by a digest whose key
is made at the start, is in no file, and goes with the process.
"""

from __future__ import annotations

import secrets
from collections import OrderedDict
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

Vector = NDArray[np.float32]

MOST = 1000  # vectors of 1.5 KB


class Lately:
    """The vectors used last, at most so many."""

    def __init__(self) -> None:
        self._key = secrets.token_bytes(32)
        self._vectors: OrderedDict[bytes, Vector] = OrderedDict()

    def get(self, text: str) -> Vector | None:
        """The vector of a text, when it was read lately."""
        name = self._name(text)
        found = self._vectors.get(name)
        if found is not None:
            self._vectors.move_to_end(name)
        return found

    def put(self, text: str, vector: Vector) -> None:
        """Remember a vector in place of the one not used for longest."""
        self._vectors[self._name(text)] = vector
        while len(self._vectors) > MOST:
            self._vectors.popitem(last=False)

    def forget(self) -> None:
        """Drop all."""
        self._vectors.clear()

    def __len__(self) -> int:
        return len(self._vectors)

    def _name(self, text: str) -> bytes:
        return blake2b(text.encode("utf-8", "surrogatepass"), key=self._key, digest_size=20).digest()
