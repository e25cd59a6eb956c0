"""References such as NPQ-4X7K-9DMR: short, hard to guess, easy to read aloud, with a check character.

23 characters: no vowels, so no words; of those that look or sound alike only one (0 O, 1 I L, 2 Z, 5 S, 6 G, 8 B, M N).
23 is a prime, so that the check character finds every single wrong character and every swap of two.
"""

from __future__ import annotations

import re
import secrets

INTEREST, RIGHTS = "NPQ", "DPR"
ALPHABET = "23456789CDFHJKMPQRTVWXY"
RANDOM = 7  # 23 ** 7 is 3.4 thousand million
_SIZE = len(ALPHABET)


class NotAReference(ValueError):
    """The text is no reference; it says why and what one looks like."""


def new(prefix: str = INTEREST) -> str:
    """A random reference."""
    body = "".join(secrets.choice(ALPHABET) for _ in range(RANDOM))
    body += _check(body)
    return f"{prefix}-{body[:4]}-{body[4:]}"


def read(text: str) -> str:
    """The reference a person wrote, in whatever case and spacing.

    Raises:
        NotAReference: wrong form, a character that is never used, or a wrong check character.
    """
    plain = re.sub(r"[\s\-_.–—]", "", text[:60]).upper()
    found = re.fullmatch(f"({INTEREST}|{RIGHTS})([0-9A-Z]{{{RANDOM + 1}}})", plain)
    if not found:
        raise NotAReference("That is not a reference. It looks like NPQ-4X7K-9DMR.")
    prefix, body = found.groups()
    odd = sorted(set(body) - set(ALPHABET))
    if odd:
        raise NotAReference(f"No reference contains {' or '.join(odd)}. Please look at it again.")
    if _check(body[:-1]) != body[-1]:
        raise NotAReference("One character of that reference is wrong, or two are swapped. Please look at it again.")
    return f"{prefix}-{body[:4]}-{body[4:]}"


def in_text(text: str) -> str | None:
    """The reference of an expression of interest in a text; None where there is none.

    Raises:
        NotAReference: it has a slip.
    """
    found = _WRITTEN.search(text)
    return read(found[0]) if found else None


# Eight characters, with a digit or hyphens among them: NPQ and a word of eight letters is no reference.
_WRITTEN = re.compile(
    rf"\b{INTEREST}(?:[-–—]\s?[0-9A-Z]{{4}}\s?[-–—]\s?[0-9A-Z]{{4}}"
    rf"|\s?[{ALPHABET}]{{4}}\s?[{ALPHABET}]{{4}})\b",
    re.IGNORECASE,
)


def _check(body: str) -> str:
    return ALPHABET[sum(place * ALPHABET.index(sign) for place, sign in enumerate(body, start=1)) % _SIZE]
