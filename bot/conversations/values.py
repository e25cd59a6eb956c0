"""Reading the values people write after a key. Everything in a file arrives as text, list or record."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from datetime import date
from typing import Any

from guidance.knowledge.problems import closest

NOTHING = ("", "null", "nothing", "none", "~")


class Unusable(Exception):
    """A value cannot be used: what is wrong, and what to write instead."""

    def __init__(self, message: str, suggestion: str = "") -> None:
        self.message, self.suggestion = message, suggestion
        super().__init__(message)


def text(value: Any) -> str:
    """One text."""
    if isinstance(value, dict):
        if len(value) == 1 and next(iter(value.values())) in NOTHING:
            written = next(iter(value))
            raise Unusable("is a text that begins with {.", f'Put it in quotes: "{{{written}}}".')
        raise Unusable("must be one text.", "A text with a colon inside needs quotes.")
    if isinstance(value, list):
        raise Unusable("must be one text, not a list.")
    if not value.strip():
        raise Unusable("is empty.", "Write a text, or remove the line.")
    return str(value)


def texts(value: Any) -> tuple[str, ...]:
    """One text or a list of texts."""
    if isinstance(value, list):
        if not value:
            raise Unusable("is an empty list.", "Write at least one text, or remove the line.")
        return tuple(text(item) for item in value)
    return (text(value),)


def text_or_nothing(value: Any) -> str | None:
    """One text; `null` or `nothing` for none."""
    return None if isinstance(value, str) and value.strip().casefold() in NOTHING else text(value)


def texts_or_nothing(value: Any) -> tuple[str, ...]:
    """Texts; `null`, `nothing` or an empty list for none."""
    if value == [] or (isinstance(value, str) and value.strip().casefold() in NOTHING):
        return ()
    return texts(value)


def number(value: Any) -> int:
    """A whole number from 0."""
    if not isinstance(value, str) or not value.strip().isdigit():
        raise Unusable("must be a whole number.", "Such as 60.")
    return int(value)


def patterns(value: Any) -> tuple[str, ...]:
    """Regular expressions."""
    found = texts(value)
    for item in found:
        try:
            re.compile(item)
        except re.error as error:
            raise Unusable(
                f"`{item}` is no regular expression: {error}.", "Use `bot contains` for plain text."
            ) from error
    return found


def day(value: Any) -> date:
    """A day as year-month-day."""
    written = text(value)
    try:
        return date.fromisoformat(written)
    except ValueError as error:
        raise Unusable(f"`{written}` is not a day.", "Write year-month-day, such as 2026-11-21.") from error


def some_of(words: Collection[str], *, nothing: bool = True) -> Callable[[Any], tuple[str, ...]]:
    """Reads one or several of the given words, or `nothing` where that is allowed."""

    def read(value: Any) -> tuple[str, ...]:
        found = texts_or_nothing(value) if nothing else texts(value)
        for item in found:
            known(item, words)
        return found

    return read


def one_of(words: Collection[str]) -> Callable[[Any], str | None]:
    """Reads one of the given words, or `nothing`."""

    def read(value: Any) -> str | None:
        found = text_or_nothing(value)
        return found if found is None else known(found, words)

    return read


def known(word: str, words: Collection[str]) -> str:
    """The word, if it is one of the given ones."""
    if word not in words:
        raise Unusable(f"`{word}` is not known.", closest(word, words))
    return word
