"""What a message says of somebody's time as SENCO: when the post began, what is held, what else matters."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from guidance.dates import DateSaid, Impossible, Several, dates_in, one_of
from guidance.knowledge import Fact, Knowledge
from guidance.mentions import mentions
from guidance.question import DEFAULT_CONTACT, Understood
from guidance.selection import CLOSE

Nasenco = Literal["held", "begun", "none"]
Kind = Literal["post", "course", "nasenco", "moved", "other"]

DEADLINE_TOPIC = "senco_deadline"
NEAR_TOPICS = ("senco_required", "nasenco")
ASPECTS = (
    "senco-deadline-change-school",
    "senco-deadline-maternity",
    "senco-deadline-part-time",
    "senco-deadline-acting",
    "senco-deadline-fail",
)
GENERAL_HINTS = ("senco-deadline-general", "senco-deadline-how-long", "senco-deadline-example", "senco-deadline-20")
ANY_DAY = date(2025, 1, 1)  # whether a message has a date does not depend on the day

_AWARD = r"(?:na(?:sen|s?en)co|nasc|national award|senco award|nasen award|old award|old qualification)"
_COURSE = re.compile(
    r"npq\w*(?:\s+(?:for\s+)?send?cos?)?|send?co\s+(?:npq|course|qualification|training)|\b(?:course|cohort|intake|programme"
    r"|if (?:i|we) (?:start|begin|join|do|take)"
    r"|register\w*|enrol\w*|apply|applied|applying|study\w*)\b"
)
_NASENCO = re.compile(_AWARD)
_OTHER = re.compile(
    r"\b(?:qts|qualified|teach|teaching|taught|teacher|ect|nqt|induction|born|pgce|degree|masters|by|until|till|deadline|due|finish\w*"
    r"|pg\s?(?:cert|dip)\w*|certificate|diploma|msc"
    r"|left|maternity|leave|leaving|leaves|resign\w*|retir\w*|rules?|law|replaced|mandatory"
    r"|run(?:s|ning)? out|ran out|(?:is|are|be|was|were) up|ends|ended|ending|expir\w+|results?)\b"
)
_MOVED = re.compile(
    r"\b(?:moved?|moving|chang\w+|switch\w+|transferr?\w*)\b[^.?!]*\b(?:schools?|jobs?|trust)\b|\b(?:new|another|different|second"
    r"|current) (?:school|job|trust)\b|\bmoved (?:here|to)\b"
)
_POST = re.compile(
    r"\b(?:send?cos?|post|role|job|position|took (?:it )?(?:on|over)|take over|taking over|appointed|became|become"
    r"|started|start|starting|began|joined|been|made|since)\b"
)
_CLAUSE = re.compile(r"[,;.?!\n]|\b(?:and|but|then|so)\b")
_HELD = re.compile(
    rf"\b(?:have|hold|holds|held|got|did|done|passed|completed?|finished|achieved|gained|with|awarded|has)\b[^.?!,;]{{0,25}}{_AWARD}"
    rf"|{_AWARD}[^.?!,;]{{0,15}}\b(?:holder|passed|completed|done|in 20[0-2]\d|certificate|qualified)\b"
)
_NO_AWARD = re.compile(
    rf"\b(?:no|not|never|without|havent|haven't|hasnt|hasn't|didnt|didn't|dont|don't)\b[^.?!,;]{{0,25}}{_AWARD}"
    rf"|{_AWARD}[^.?!,;]{{0,6}}\b(?:never|not)\b"
    r"|\bno qualification|\bnot qualified|\bunqualified\b|\bno award\b|\bnot started\b"
    r"|\b(?:havent|haven't) started"
)
_BEGUN = re.compile(
    rf"\b(?:half\w*|part[- ]?way|started|starting|began|begun|doing|on|middle of|unfinished|module\w*|still)\b"
    rf"[^.?!,;]{{0,25}}{_AWARD}"
    rf"|{_AWARD}[^.?!,;]{{0,20}}\b(?:half|unfinished|not finished|never finished|module|left to do)"
    rf"|\b(?:not|never|havent|haven't|didnt|didn't)\s+(?:yet\s+)?(?:finish\w*|complet\w*)\b[^.?!,;]{{0,25}}{_AWARD}"
)
_NOT_BEGUN = re.compile(
    rf"\b(?:not|never|havent|haven't|hadnt|hadn't|didnt|didn't)\s+(?:yet\s+)?(?:start\w*|beg[au]n|begin)\b[^.?!,;]{{0,25}}{_AWARD}"
)
_FIRST_PERSON = re.compile(r"\b(?:i|im|i'm|ive|i've|ill|i'll|me|my|mine|we|our|us)\b")
_BY_WHEN = re.compile(
    r"\b(?:by when|by what date|when (?:must|do|does|should|will|would|have|is)|how long|how much (?:time|longer)"
    r"|deadline|time limit|what date|time left|latest date|run(?:s|ning)? out|in trouble|too late)\b"
)
_LEFT = re.compile(
    r"\bhow (?:long|much (?:time|longer)) (?:(?:have|has) (?:i|we|she|he|they) (?:got|left)"
    r"|(?:do|does|would|will) (?:i|we|she|he|they) (?:have|get)(?! to)\b)"
)
_SENCO = re.compile(r"\bsend?co|\bspecial needs\b|\bnasenco")


@dataclass(frozen=True)
class Known:
    """What the conversation already knows; everything may be left out.

    `post` holds the words in which the start of the post was said earlier. `contact` is named where DfE is to be
    asked. `settings` are ids of settings.yml.
    """

    nasenco: Nasenco | None = None
    settings: tuple[str, ...] = ()
    post: str | None = None
    contact: str = DEFAULT_CONTACT


@dataclass(frozen=True)
class Said:
    """What one message says."""

    post: DateSaid | Impossible | Several | None
    course: DateSaid | None = None
    nasenco: Nasenco | None = None
    moved: bool = False
    aspects: tuple[Fact, ...] = field(default=())


def read(text: str, today: date, knowledge: Knowledge, known: Known) -> Said:
    """Read a message about the time as SENCO, with what is known."""
    plain = text.lower().replace("’", "'")
    found = [(kind_of(item, plain), item) for item in dates_in(text, today)]
    moved = bool(_MOVED.search(plain))
    posts = [item for kind, item in found if kind == "post"]
    post = one_of(posts)
    if post is None and known.post:
        post = one_of(dates_in(known.post, today))
    courses = [item for kind, item in found if kind == "course" and isinstance(item, DateSaid)]
    aspects = tuple(
        knowledge.facts[name]
        for name in ASPECTS
        if name in knowledge.facts and mentions(text, knowledge.facts[name].when.mentions)
    )
    return Said(post, courses[0] if courses else None, _award(plain) or known.nasenco, moved, aspects)


def kind_of(item: DateSaid | Impossible, text: str) -> Kind:
    """What a date in a message is the date of, by the nearest words before it, else after it."""
    if isinstance(item, Impossible):
        return "post"
    before, after = text[: item.start] + " ", _CLAUSE.split(text[item.end :])[0]
    clause = _CLAUSE.split(before)[-1]
    if re.search(r"\bby\s+(?:the\s+)?$", before):
        return "other"
    words = item.words if re.search(r"[a-z]{4} ", item.words) else ""  # "two years as senco" names the post itself
    for where in (f"{clause} {words}", after):
        nearest = _nearest(where, last=where is not after)
        if nearest:
            return nearest
    return "post"


def _nearest(where: str, *, last: bool) -> Kind | None:
    """The kind whose words stand nearest; a course's name is no SENCO post."""
    without_courses = _COURSE.sub(lambda match: " " * len(match[0]), where)
    without_awards = _NASENCO.sub(lambda match: " " * len(match[0]), without_courses)
    places: list[tuple[int, Kind]] = []
    for kind, pattern, words in (
        ("course", _COURSE, where),
        ("nasenco", _NASENCO, without_courses),
        ("moved", _MOVED, where),
        ("other", _OTHER, where),
        ("post", _POST, without_awards),
    ):
        found = [match.end() for match in pattern.finditer(words)]
        if found:
            place = found[-1] if last else -found[0]
            places.append((place, kind))  # type: ignore[arg-type]
    if not places:
        return None
    named = [(place, kind) for place, kind in places if kind != "post"]
    strong = re.search(r"\bsend?co", without_awards)
    if named and not strong:  # "started the npq in", "moved school since": the named thing, not the bare verb
        return max(named)[1]
    return max(places)[1]


def _award(text: str) -> Nasenco | None:
    if _NOT_BEGUN.search(text):
        return "none"
    if _BEGUN.search(text):
        return "begun"
    if _NO_AWARD.search(text):
        return "none"
    return "held" if _HELD.search(text) else None


def asks_for_clock(said: Understood) -> bool:
    """Whether a message asks by when somebody must hold the SENCO qualification.

    True for the topic senco_deadline with the date of a post, or in the first person asking by when in general; and
    for the other SENCO topics where a post's date is given. A question near to a fact of its own (maternity, resits,
    what counts) without a date is left to that fact. Where the clock asked for the date (`asking="senco_start"`), call
    `senco_clock` with the reply without asking this.
    """
    topics = {said.intent.removeprefix("ask_"), *said.topics}
    text = said.text.lower().replace("’", "'")
    if DEADLINE_TOPIC in topics:
        return _dated(said.text, text) or (bool(_FIRST_PERSON.search(text)) and asks_by_when(said))
    near = bool(topics & set(NEAR_TOPICS)) and bool(_SENCO.search(text) or "senco" in said.roles)
    return near and _dated(said.text, text)


def _dated(typed: str, text: str) -> bool:
    return any(isinstance(item, Impossible) or kind_of(item, text) == "post" for item in dates_in(typed, ANY_DAY))


def asks_by_when(said: Understood) -> bool:
    """Whether a message asks for somebody's deadline, when the start of their post may have been told before."""
    topics = {said.intent.removeprefix("ask_"), *said.topics}
    text = said.text.lower().replace("’", "'")
    about = DEADLINE_TOPIC in topics or bool(_LEFT.search(text))  # alone it reads like asking for the course's length
    return about and bool(_BY_WHEN.search(text)) and not _own_fact(said)


def _own_fact(said: Understood) -> bool:
    """Whether the message is nearest in meaning to a particular fact about the deadline."""
    near = [(score, name) for name, score in said.hints.items() if name.startswith("senco-") and score >= CLOSE]
    return bool(near) and not max(near)[1].startswith(GENERAL_HINTS)
