"""Corrections: which fields a message changes, and to what."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from rapidfuzz import fuzz

from guidance.interest import fields
from guidance.journeys.interest_looks import COHORT

FIELD_WORDS = {
    "email": r"e-?mail|mail address",
    "phone": r"phone|mobile|telephone|number",
    "name": r"name|surname",
    "role": r"role|job|position",
    "school": r"school|workplace|nursery|college",
    "cohort": r"start|intake|cohort|when",
    "marketing": r"marketing|news|newsletter|other courses",
    "programme": r"npq\w*|ehco|course|courses|programme|qualification",
}
_ANY_FIELD = "|".join(FIELD_WORDS.values())
MOST_MARKS = 8  # "is", "to", commas ... looked behind
LONGEST = 300  # characters of a correction; what is longer is a story, and is not searched for changes
_CLAUSES = re.compile(
    rf"[,;]? (?:and |also )?(?=(?:change )?(?:my|the) (?:{_ANY_FIELD})\b)"
    r"|,? and (?=i['’]?m |i am )"
    rf"|(?:[,;] (?:and )?| and )(?=(?:{_ANY_FIELD}) (?:is|should|to|now)\b|(?:{_ANY_FIELD})[:=]|(?:phone|e-?mail"
    rf"|mobile) [\w+])",
    re.IGNORECASE,
)
_ALONE = re.compile(rf"\b(?:{_ANY_FIELD})\b", re.IGNORECASE)
_BLANK = re.compile(r"\b(?:blank|empty|none|nothing|removed|left out|deleted)[\s.!]*$", re.IGNORECASE)
LABELLED = re.compile(rf"^(?:my |the )?(?:{_ANY_FIELD})\s+(?P<value>\w.*)$", re.IGNORECASE)  # "role head of science"
# The last of these says where the new value begins.
_MARK = re.compile(
    r"(?:\b(?:it['’]?s|its|it is|it should be|should be|should say|should read|i meant|i mean|make it|make that"
    r"|spelt|spelled|"
    r"change it to|is now|will be|is|to|be|as|say)\b|[:=]|,|–|—|\s-(?=\s))\s*",
    re.IGNORECASE,
)
# Words that say only that something is wrong.
_NO_VALUE = re.compile(
    r"the|my|is|was|it['’]?s|all|completely|not|wrong|incorrect|right|correct|mis-?spel\w*|mis-?typed|spel(?:t|led)"
    r"|typo"
    r"|an?|mistake|changed?|update|edit|amend|fix|please|sorry|no|wait|oh|actually|again|different|old|one|that|this"
    r"|instead|something|else|better|and|but|in|of|with|should|capitals?|capital|letters|upper|lower|case|remove|delete"
    r"|everything|rest|looks?|fine|good|ok|okay|except|apart|from"
    r"|take|leave|out|off|without|drop|add|too|also|both|these|those|are|were|have|has|need|needs|needed|to|be|i|want"
    rf"|{_ANY_FIELD}",
    re.IGNORECASE,
)
_NOT = re.compile(r"^(?P<new>.*?)[\s,]*\b(?:and )?not\s+(?P<old>.+)$", re.IGNORECASE)
_NOT_FIRST = re.compile(
    r"^(?:.*(?:\b|n['’]?))?(?:not|t)\s+(?P<old>[^,;]+?)(?:[,;] ?| but | it['’]?s )(?P<new>.+)$", re.IGNORECASE
)
_SHOULD_BE = re.compile(
    r"^(?P<old>.+?)\s+(?:should be|should say|should read|needs to be|is really|=>|->)\s+(?P<new>.+)$", re.IGNORECASE
)
_LEAD = re.compile(
    r"^(?:(?:sorry|no|oh|oops|wait|actually|it['’]?s|its|it is|it|my|the|is|i['’]?m|i am|should be|that['’]?s|make it"
    r"|please|change it to|use|put)\b[\s,:]*"
    rf"|(?:{_ANY_FIELD})\b(?:['’]s)?[\s,:]*)+",
    re.IGNORECASE,
)
_POLITE = re.compile(
    r"[\s,.!]+(?:please|thanks|thank you|instead|sorry|not that|that'?s all|actually)[\s.!]*$", re.IGNORECASE
)


def field_named(text: str, only: tuple[str, ...] | None = None) -> str | None:
    """The field a message speaks of; the one named first."""
    found = [
        (match.start(), name)
        for name, words in FIELD_WORDS.items()
        if (only is None or name in only) and (match := re.search(rf"\b(?:{words})(?:['’]?s)?\b", text, re.IGNORECASE))
    ]
    return min(found)[1] if found else None


def clauses(text: str) -> list[str]:
    """ "change my name to Tess and my job to head" speaks of two fields."""
    return [part for part in _CLAUSES.split(_flat(text)) if part.strip(" ,.")]


def fields_alone(text: str) -> list[str]:
    """The fields of a message that names several and says nothing else: "my name and email are wrong"."""
    plain = _flat(text)
    named = [name for found in _ALONE.findall(plain) if (name := field_named(found))]
    several = list(dict.fromkeys(named))
    return several if len(several) > 1 and _says_nothing(plain.replace("/", " ")) else []


def _flat(text: str) -> str:
    """One line with single blanks, which keeps the searches short."""
    return " ".join(text.replace("\n", ", ").split())[:LONGEST]


def _says_nothing(value: str) -> bool:
    words = [word.strip(",.!?;:\"'“”") for word in value.split()]
    return all(_NO_VALUE.fullmatch(word) for word in words if word)


def new_value(text: str, name: str, old: str | None) -> str | None:
    """The value a message gives to a field in place of the old one; None where it only says that it is wrong."""
    text = _flat(text).rstrip(" ?")  # "could you change the name to Anna Lee?"
    if name in ("email", "phone"):
        return _reachable(text, name, old)
    contrast = _contrasted(text, old)
    if contrast:
        return _checked(contrast, name)
    if _BLANK.search(text):
        return None
    if name == "name" and old and (whole := _part_of_name(text, old)):
        return whole
    if name == "cohort" and (start := COHORT.search(text)):
        return fields.clean(start[1])
    text = _TAIL.sub("", text)
    ends = [mark.end() for mark in _MARK.finditer(text)][-MOST_MARKS:]
    clear = [mark.end() for mark in _CLEAR.finditer(text)][-1:]
    for end in clear + ends[::-1]:
        value = _POLITE.sub("", text[end:]).strip(" ,.!:;\"“”'")
        value = re.sub(
            r"^(?:(?:it['’]?s|its|it is|it should be|should be|called|now|actually|really|just|the name)\s+)+",
            "",
            value,
            flags=re.IGNORECASE,
        )
        if value and not _says_nothing(value):
            return _checked(value, name)
    after = LABELLED.match(text)
    return _checked(after["value"], name) if after and not _says_nothing(after["value"]) else None


_CLEAR = re.compile(
    r"\b(?:(?:should|needs to) (?:be|say|read)|chang\w+ (?:\S+ ){0,4}?to|update\w* (?:\S+ ){0,4}?to|it['’]?s now|is now"
    r"|has changed (?:\S+ ){0,3}?to)\s+",
    re.IGNORECASE,
)
# What is said after a value and is no part of it.
_TAIL = re.compile(
    r"(?:[\s,]+(?:now|please|thanks|thank you|instead|though|and (?:then )?(?:send"
    r"|submit)(?: it)?(?: please)?))+[\s.!]*$",
    re.IGNORECASE,
)
_FIRST = re.compile(
    r"\b(?:first|given) name\b.*?\b(?:is|be|to|it['’]?s)\s+"
    r"(?:(?:now|actually|really|spelt|spelled)\s+)*(?P<new>[^\W\d_][\w'’-]*)",
    re.IGNORECASE,
)
_LAST = re.compile(
    r"\b(?:surname|last name|second name|family name)\b.*?\b(?:is|be|to"
    r"|it['’]?s)\s+(?:(?:now|actually|really|spelt|spelled)\s+)*(?P<new>[^\W\d_][\w'’-]*)",
    re.IGNORECASE,
)


def _part_of_name(text: str, old: str) -> str | None:
    """A first name or a surname put in its place: "my surname is Jones now"."""
    words = old.split()
    if len(words) < 2:
        return None
    if first := _FIRST.search(text):
        return None if _says_nothing(first["new"]) else " ".join([first["new"], *words[1:]])
    if last := _LAST.search(text):
        return None if _says_nothing(last["new"]) else " ".join([*words[:-1], last["new"]])
    return None


def _reachable(text: str, name: str, old: str | None) -> str | None:
    """The address or number in a text; of two, the one that is not the old one."""
    take = fields.email if name == "email" else fields.phone
    if old and name == "email":
        text = re.sub(re.escape(old), " ", text, flags=re.IGNORECASE)
    return take(text).value or take(_AND_NOT.sub("", text)).value


_AND_NOT = re.compile(r"\b(?:and )?not\b.*$", re.IGNORECASE)


def contrasted_field(text: str, draft: Mapping[str, Any]) -> str | None:
    """The field that holds what is said to be wrong: "Tessa not Tess"."""
    for name in ("name", "role", "school"):
        if draft.get(name) and _contrasted(text, str(draft[name])):
            return name
    return None


def like_field(text: str, draft: Mapping[str, Any]) -> str | None:
    """The field whose value looks like the one now given, where no field is named: "spelt wrong, it's Tess Torr"."""
    near = {
        name: max(like(value.casefold(), str(draft[name]).casefold()) for like in (fuzz.ratio, fuzz.token_set_ratio))
        for name in ("name", "role", "school")
        if draft.get(name) and (value := new_value(text, name, None))
    }
    best = max(near, key=lambda name: near[name], default=None)
    return best if best and near[best] >= LIKE else None


LIKE = 70  # of 100


def _contrasted(text: str, old: str | None) -> str | None:
    """ "Tessa, not Tess" with Tess Tor stored gives Tessa Tor."""
    if not old:
        return None
    for pattern in (_NOT_FIRST, _SHOULD_BE, _NOT):
        match = pattern.match(_flat(text))
        if not match:
            continue
        wrong = _LEAD.sub("", match["old"].strip(" ,.!\"'“”")).strip()
        right = _POLITE.sub("", _LEAD.sub("", match["new"].strip(" ,.!\"'“”")).strip())
        found = re.search(rf"(?<!\w){re.escape(wrong)}(?!\w)", old, re.IGNORECASE) if wrong else None
        if found and right and not _says_nothing(right):
            whole = right.casefold().startswith(old[: found.start()].casefold()) and len(right.split()) >= len(
                old.split()
            )
            return right if whole else old[: found.start()] + right + old[found.end() :]
    return None


def _checked(value: str, name: str) -> str | None:
    kinds = {"name": fields.name, "role": fields.role, "school": fields.school}
    return kinds[name](value).value if name in kinds else fields.clean(value)[:60]
