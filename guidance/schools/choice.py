"""Which of several schools just shown is meant: "the Durham one", "the second", "C of E"."""

from __future__ import annotations

import re
from collections.abc import Sequence

from guidance.schools.model import Found, School
from guidance.schools.words import one_of, words

PLACES = (
    re.compile(r"\b(1st|first|1)\b", re.IGNORECASE),
    re.compile(r"\b(2nd|second|2)\b", re.IGNORECASE),
    re.compile(r"\b(3rd|third|3)\b", re.IGNORECASE),
    re.compile(r"\b(4th|fourth|4)\b", re.IGNORECASE),
    re.compile(r"\b(5th|fifth|5)\b", re.IGNORECASE),
)
SAID_AROUND = one_of(
    """
    the one urn in at of is it its mine i im we our work near from please school number option that this yes
    """
)
MOST_WORDS = 12


def chosen(text: str, shown: Sequence[School]) -> Found:
    """The one of the schools shown that the words tell from the others; nothing where they tell none or several."""
    said = [word for word in words(text) if word not in SAID_AROUND]
    if not said or len(said) > MOST_WORDS:
        return Found()
    fitting = [school for school in shown if set(said) <= _told(school)]
    if not fitting and len(said) == 1:
        fitting = [school for place, school in zip(PLACES, shown) if place.fullmatch(said[0])]
    return Found((fitting[0],), True, "name", 1) if len(fitting) == 1 else Found()


def _told(school: School) -> set[str]:
    return {*words(f"{school.name} {school.where} {school.phase} {school.postcode}"), school.urn}
