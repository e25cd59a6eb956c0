"""Comparing texts as people do: case, kinds of quotes and dashes, and line breaks make no difference."""

from __future__ import annotations

_PLAIN = str.maketrans(
    {"\u2018": "'", "\u2019": "'", "\u201c": '"', "\u201d": '"', "\u2013": "-", "\u2014": "-", "\u00a0": " "}
)


def plain(text: str) -> str:
    """The text as it is compared."""
    return " ".join(text.translate(_PLAIN).casefold().split())


def same(one: str, other: str) -> bool:
    """Whether two texts differ at most in what people overlook."""
    return plain(one) == plain(other)


def contains(text: str, part: str) -> bool:
    """Whether the part stands in the text."""
    return plain(part) in plain(text)
