"""Which programmes a message means: weak names, lists, and the older suite's namesakes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from guidance.knowledge import Knowledge

# Words beside which "sl" or "headship" surely names a programme.
BEFORE = frozenset(["npq", "npqs", "course", "courses", "programme", "programmes", "qualification"])
AFTER = BEFORE | frozenset(["one", "ones", "qual", "scholarship", "scholarships"])
FILLERS = frozenset(["in", "for", "the", "a", "an", "of", "on"])
CONNECTORS = frozenset(
    [
        ",",
        "and",
        "or",
        "&",
        "+",
        "vs",
        "versus",
        "v",
        "than",
        "then",
        "to",
        "with",
        "plus",
        "either",
        "both",
        "nor",
        "from",
    ]
)
LEAD_IN = frozenset(
    [
        "what",
        "how",
        "about",
        "and",
        "or",
        "for",
        "the",
        "same",
        "but",
        "is",
        "it",
        "ok",
        "so",
        "with",
        "in",
        "instead",
        "an",
        "npq",
    ]
)
TRAILING = frozenset(["?", "!", ".", "then", "instead", "please", "too"])
COMPARING = frozenset(["difference", "compare", "versus", "vs", "npq", "npqs", "better", "or", "which"])
LONGEST_CODE = 4  # letters: sl, lbc, eyl; "headship" is a word
LONGEST_FOLLOW_UP = 9  # words

_OLD = re.compile(r"\b(legacy|old(?:er)?[ -](?:style|suite|npqs?|version|ones?|format)|pre[ -]?(?:2021|reform))\b")
_OLD_BESIDE = re.compile(r"\b(?:old|older|former|previous|original)(?: \w+)?$")
_CLAUSE_END = re.compile(r"[.?!;,\n]")
LAST_LEGACY_YEAR = 2020


@dataclass(frozen=True)
class Mention:
    """A possible programme: words ``first`` to ``last`` (exclusive) of the message, and its code."""

    value: str
    first: int
    last: int
    weak: bool

    @property
    def words(self) -> int:
        """How many words it covers."""
        return self.last - self.first


def accepted(mentions: Sequence[Mention], words: Sequence[str]) -> list[Mention]:
    """The mentions that stand: strong ones, and weak ones in a place which makes them sure."""
    kept: list[Mention] = []
    for chain in _chains(mentions, words):
        sure = any(not item.weak or _beside_npq(item, words) for item in chain)
        if sure or _sure_list(chain, words) or _follow_up(chain, words):
            kept += chain
    return kept


def with_age(
    mentions: Sequence[tuple[Mention, int]], text: str, years: Sequence[tuple[int, int]], knowledge: Knowledge
) -> list[str]:
    """The code of each (mention, character offset): the older namesake when the message means that one.

    ``years`` are (year, character offset) pairs.
    """
    plain = text.lower()
    return [_aged(item.value, offset, plain, years, knowledge) for item, offset in mentions]


def _chains(mentions: Sequence[Mention], words: Sequence[str]) -> list[list[Mention]]:
    """Mentions joined by nothing but "and", "or", "vs" and commas belong to one list."""
    chains: list[list[Mention]] = []
    for item in sorted(mentions, key=lambda each: each.first):
        between = words[chains[-1][-1].last : item.first] if chains else None
        if between is not None and len(between) <= 3 and all(word in CONNECTORS | FILLERS for word in between):
            chains[-1].append(item)
        else:
            chains.append([item])
    return chains


def _beside_npq(item: Mention, words: Sequence[str]) -> bool:
    before = item.first - 1
    while before >= 0 and words[before] in FILLERS:
        before -= 1
    if before >= 0 and words[before] in BEFORE:
        return True
    return item.last < len(words) and words[item.last] in AFTER


def _sure_list(chain: Sequence[Mention], words: Sequence[str]) -> bool:
    """ "SL and H", "senior leadership or headship": but not a career told in ordinary words."""
    if len({item.value for item in chain}) < 2:
        return False
    codes = any(item.words == 1 and len(words[item.first]) <= LONGEST_CODE for item in chain)
    return codes or not COMPARING.isdisjoint(words)


def _follow_up(chain: Sequence[Mention], words: Sequence[str]) -> bool:
    """ "what about sl?", "and for headship?": nothing but a lead-in and the name."""
    first, last = chain[0].first, chain[-1].last
    if len(words) > LONGEST_FOLLOW_UP or not any(word in LEAD_IN for word in words[:first]):
        return len(words[:first]) == 0 and all(word in TRAILING for word in words[last:])
    return all(word in LEAD_IN for word in words[:first]) and all(word in TRAILING for word in words[last:])


def _aged(code: str, offset: int, plain: str, years: Sequence[tuple[int, int]], knowledge: Knowledge) -> str:
    programme = knowledge.programmes.get(code)
    older = f"LEGACY-{code}"
    if programme is None or programme.status != "current":
        return code
    if programme.namesake and programme.namesake in knowledge.programmes:
        older = programme.namesake
    elif older not in knowledge.programmes:
        return code
    if _OLD.search(plain) or _OLD_BESIDE.search(plain[:offset].rstrip()):
        return older
    return older if any(_its_year(year, at, offset, plain) for year, at in years) else code


def _its_year(year: int, at: int, offset: int, plain: str) -> bool:
    """Whether a year of the older suite stands in the same clause as the programme."""
    between = plain[min(at, offset) : max(at, offset)]
    return year <= LAST_LEGACY_YEAR and not _CLAUSE_END.search(between)
