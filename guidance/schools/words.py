"""School names as words that can be compared: one spelling for what people write in many."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache


def one_of(text: str) -> frozenset[str]:
    """The words of a text, to be looked up."""
    return frozenset(text.split())


_PHRASES = [
    (re.compile(pattern), f" {word} ")
    for pattern, word in (
        (r"\bc\.? ?of ?\.?e\b\.?|\bchurch of england\b|\bc\.?e\b\.?", "cofe"),
        (r"\broman catholic\b|\br\.?c\b\.?", "catholic"),
        (r"\bchurch in wales\b", "ciw"),
        (r"\bpupil referral unit\b", "pru"),
        (r"\buniversity technical college\b", "utc"),
        (r"\b(?:sixth|6th)[ -]form\b", "sixthform"),
        (r"\bvoluntary aided\b", "va"),
        (r"\bvoluntary controlled\b", "vc"),
        (r"\bour lady\b", "ourlady"),
        (r"\ball (saint|soul)s?\b", r"all\1"),
        (r"&", "and"),
    )
]
_SAME = {
    "saint": "st",
    "ss": "st",
    "prim": "primary",
    "pri": "primary",
    "sec": "secondary",
    "jnr": "junior",
    "jr": "junior",
    "inf": "infant",
    "sch": "school",
    "schl": "school",
    "acad": "academy",
    "coll": "college",
    "comm": "community",
    "comp": "comprehensive",
    "nurs": "nursery",
    "mt": "mount",
    "ctr": "centre",
    "center": "centre",
}
GLUE = one_of(
    """
    the and of in at for on with a an de upon by to under le la
    """
)
"""Words that may stand inside a name and say nothing."""

GENERIC = one_of(
    """
    school academy college nursery primary secondary junior infant high grammar comprehensive community special free
    studio sixthform first middle upper lower preparatory prep independent st cofe catholic ciw va vc pru utc centre
    girl boy mixed voluntary controlled aided foundation trust learning education unit campus provision alternative
    early year children technical university state maintained method ysgol gynradd
    """
)
"""Words of kinds of schools: they never make a name by themselves."""

LIGHT = frozenset(["school", "academy"])
"""Words that people add or leave out as they like."""

HEADWORDS = one_of(
    """
    school academy college nursery primary secondary junior infant high grammar comprehensive pru utc centre sixthform
    prep preparatory ysgol
    """
)
"""One of these stands in every name that is recognised inside a sentence."""

_WORD = re.compile(r"[a-z0-9]+")


def plain(text: str) -> str:
    """Lower case, no accents, no apostrophes, one spelling for set phrases."""
    if not text.isascii():
        text = "".join(sign for sign in unicodedata.normalize("NFKD", text) if not unicodedata.combining(sign))
    text = re.sub(r"['’‘`´]", "", text.lower())
    for pattern, word in _PHRASES:
        text = pattern.sub(word, text)
    return text


@lru_cache(maxsize=4096)
def one_form(word: str) -> str:
    """One form of a word: `Saint` is `st`, and a plural or possessive s is dropped."""
    if len(word) > 3 and word[-1] == "s" and word[-2] != "s":
        word = word[:-1]
    return _SAME.get(word, word)


def words(text: str) -> list[str]:
    """The words of a text in order, without those that say nothing."""
    return [one_form(word) for word in _WORD.findall(plain(text)) if word not in GLUE]


def name_and_place(name: str) -> tuple[list[str], list[str]]:
    """A name's own words, and what stands after a comma: "Christ Church Primary School, Hampstead"."""
    first, _, rest = name.partition(",")
    own = words(first)
    if not distinctive(own):
        return words(name), []
    return own, words(rest)


def distinctive(tokens: list[str]) -> list[str]:
    """The words that tell one school from another."""
    return [token for token in dict.fromkeys(tokens) if token not in GENERIC]
