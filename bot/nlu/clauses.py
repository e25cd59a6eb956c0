"""Cut a message into clauses, so that each question in it can be understood by itself."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

MOST_CLAUSES = 8  # a longer story is read as its first and last clauses
LONGEST_LIST = 12  # words
LONGEST_ITEM = 4  # words
SHORTEST = 2  # words; a single word is only a clause when it ends a list ("... and cost?")

_STOP = re.compile(
    r"(?m)(?:(?<!^\d)(?<!\s\d)(?<!\be\.g)(?<!\bi\.e)(?<!\betc)(?<!\bvs)[.!](?=\s|$)|[?？؟❓❔;\n]|…|\s[–—-]\s"
    r"|(?<=[\w,])\s+(?=(?:\(?[1-9][.)]|\([a-e]\)|[b-e]\))\s+\D))+"
)
_MARK = re.compile("[?？؟❓❔]")
_STARTER = (
    r"(?:how|what|what's|whats|when|where|which|who|whose|why|is|isn't|are|do|does|did|can|could|will|would"
    r"|(?:by|from|until|since|for|in|at) (?:when|what|which|how)|should|am|has|have i|may i|must|if so|any|anyone"
    r"|whether|tell me|i need|i want|i'd like|i would like)"
)
# "... and did my masters", "... and has a day for it" go on with the sentence; "and did they" asks.
_WHO = r"(?:i|you|we|they|he|she|it|this|that|these|those|there|any\w*|every\w*"
_NO_STARTER = (
    rf"(?!(?:did|has|had|was) (?!{_WHO})\b))"
    rf"(?!(?:is|am|will|would|could|can) (?!{_WHO}|the|my|our|your|their|some\w*|an?|all|npq\w*|not)\b))"
)
# "... and are they funded", ", how much is it", "also when does it start"
_JOINT = re.compile(
    r"(?:\s*,\s*|\s+)(?:and|also|plus|but|&|then|or|so)\s+(?:also\s+|if so\s+|then\s+)?"
    rf"{_NO_STARTER}(?=(?:{_STARTER}|if)\b)"
    rf"|\s*[,:]\s*{_NO_STARTER}(?={_STARTER}\b)"
    r"|(?:\s*,\s*|\s+)(?:and also|also|plus)\s+(?=\w)"
    rf"|(?P<bare>\s+(?=(?:how (?:much|long|many|do)|what (?:is|are|does)|when (?:does|do|is))\b))",
    re.IGNORECASE,
)
# "cost and length of npqh": nouns, which only count when they are surely a topic's words.
_NOUNS = re.compile(r"\s*(?:,|/|&|\+|\band\b)\s*", re.IGNORECASE)
_ASKS = re.compile(
    rf"^(?:(?:hi+|hiya|hello|hey+|and|but|so|ok|okay|please|also|well|then|just|sorry|[-*•]|\(?\w[.)])\W+)*"
    rf"{_NO_STARTER}{_STARTER}\b"
    r"|^if\b.*\b(?:do|does|can|could|will|would|what|how|is|are) (?:i|we|you|they|it|my|our|the|happens?|much|long)\b"
    r"|\b(?:wonder(?:ing|ed)?|want(?:ed)? to know|need to know|like to know|advise|advice|enquir\w+|inquir\w+"
    r"|(?:writing|emailing|messaging) to (?:ask|find out)|grateful (?:if|for)|my question"
    r"|(?:could|can|would) (?:you|anyone))\b",
    re.IGNORECASE,
)
# In a long sentence these are as likely part of what somebody tells.
_MAY_ASK = re.compile(
    r"\b(?:not sure|unsure|confused|curious|tell me|(?<!to )explain|help|please|looking (?:for|to)|want to|would like"
    r"|i'd like|wish to|how (?:much|long|do|many|can)|whether)\b",
    re.IGNORECASE,
)
_ITEM = re.compile(r"(?:[*•·]|\(?(?:\d|[a-e])[.)])\s*\S")  # of a list, where each is a question
_MARKER = re.compile(r"(?:\([1-9a-e]\)|[1-9][.)]|[b-e]\))\s+")
LONG = 25  # words
A_SENTENCE = 10  # words
# Question words inside a statement do not begin a question: "the year when I", "people who are", "talk about how long".
_RELATIVE = re.compile(
    r"\b(?:that|the|people|those|one|someone|know|knows|knew|year|day|school|trust|about|on|of|over|see|understand|sure"
    r"|wonder\w*|ask\w*|tell|told|me|explain\w*)$",
    re.IGNORECASE,
)
_JOINED = re.compile(r"[\s,]*(?:and|also|plus|but|&|or|so)\b", re.IGNORECASE)
# Somebody tells of themselves.
_TELLS = re.compile(r"\b(?:i|i'?m|i'?ve|i'?d|my|me|we|we'?re|we'?ve|our|she|he|her|his|they)\b", re.IGNORECASE)


@dataclass(frozen=True)
class Clause:
    """A part of a message: characters ``start`` to ``end`` (exclusive), and whether it asks.

    ``listed``: an item of a list of nouns ("cost, length and dates"), which is weak evidence.
    """

    text: str
    start: int
    end: int
    asks: bool
    listed: bool = False

    @property
    def tells(self) -> bool:
        """Whether somebody tells something and asks nothing: of themselves, or in a whole sentence."""
        told = len(self.text.split()) >= A_SENTENCE or _TELLS.search(self.text.replace("’", "'"))
        return not self.asks and bool(told)


def split(text: str) -> list[Clause]:
    """The clauses of a message in order; one clause (or none, for blank text) when it is simple."""
    found = [clause for start, end in _sentences(text) for clause in _parts(text, start, end)]
    if len(found) > MOST_CLAUSES:
        # What people want stands at the start or the end; questions in the middle are kept too.
        asking = [clause for clause in found if clause.asks]
        found = sorted({*found[:2], *asking, *found[-3:]}, key=lambda item: item.start)[-MOST_CLAUSES:]
    if len(found) == 1:
        return [*found, *_listed(found[0])]
    return found


def _listed(clause: Clause) -> list[Clause]:
    """The items of "cost, length and dates of npqh"; empty when the clause is no such list."""
    if len(clause.text.split()) > LONGEST_LIST:
        return []
    items = []
    for start, end in _cut(clause.text, _NOUNS, 0, len(clause.text)):
        text = clause.text[start:end].strip(" ?.")
        offset = clause.start + clause.text.index(text, start) if text else 0
        items.append(Clause(text, offset, offset + len(text), True, listed=True))
    short = all(0 < len(item.text.split()) <= LONGEST_ITEM for item in items)
    return items if len(items) > 1 and short else []


def _sentences(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for match in _STOP.finditer(text):
        # The question mark stays with its sentence: it tells that the sentence asks.
        yield start, match.end()
        start = match.end()
    yield start, len(text)


def _parts(text: str, start: int, end: int) -> list[Clause]:
    closing_mark = bool(_MARK.search(text, start, end))
    bounds = list(_cut(text, _JOINT, start, end))
    parts = []
    for number, (first, last) in enumerate(bounds):
        body = text[first:last].strip(" \t\r\n.;,-–—")
        if not re.search(r"\w", body):
            continue
        offset = text.index(body[0], first)
        asks = bool(_ASKS.search(body)) or (closing_mark and number == len(bounds) - 1)
        # "tell me how long it is and if I can do it again"
        asks = asks or bool(_ITEM.match(body)) or (number > 0 and body[:3].lower() == "if ")
        asks = asks or (len(body.split()) <= LONG and bool(_MAY_ASK.search(body)))
        if (marker := _MARKER.match(body)) and re.search(r"\w", body[marker.end() :]):
            body, offset = body[marker.end() :], offset + marker.end()
        parts.append(Clause(body, offset, offset + len(body), asks))
    return parts


def _stands_alone(before: str, match: re.Match[str]) -> bool:
    """Whether words before a joint are a clause of their own; without "and" or comma three are needed."""
    words = len(before.split())
    relative = _RELATIVE.search(before) and not _JOINED.match(match[0])
    return words >= (SHORTEST if match["bare"] is None else SHORTEST + 1) and not relative


def _cut(text: str, joint: re.Pattern[str], start: int, end: int) -> Iterator[tuple[int, int]]:
    """Bounds of the pieces between joints; a joint after a relative word or a stub is no joint."""
    first = start
    for match in joint.finditer(text, start, end):
        before = text[first : match.start()].strip()
        if not before or (joint is _JOINT and not _stands_alone(before, match)):
            continue
        yield first, match.start()
        first = match.end()
    yield first, end
