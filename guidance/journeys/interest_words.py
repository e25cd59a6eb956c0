"""Words said to the interest form: yes, no, skip, send, change; and whether a message may hold details."""

from __future__ import annotations

import re

from guidance.journeys.interest_details import details_in
from guidance.journeys.words import is_question
from guidance.knowledge import Knowledge
from guidance.question import Understood

OPTIONAL = ("role", "school", "cohort", "phone")
CHANGE = re.compile(
    r"\b(wrong|change|correction|should (be|say)|typo|mistake|misspel\w+|spelt|spelled|update|edit|amend"
    r"|not right|isn'?t right|incorrect|fix|remove|delete|take (out|off)|leave out|make it|instead|add)\b|\bactually\b"
    r"|\bcorrect (the|my|it)\b|^(yes,? )?but (my|the|make|change)\b|^(sorry|no|wait|oh)\b.*\bit'?s\b",
    re.IGNORECASE,
)
REMOVING = re.compile(r"\b(remove|delete|take (out|off)|leave out|without|no)\b", re.IGNORECASE)
NO_NEWS = re.compile(
    r"\b(no|not|don'?t|do not|stop|without|never|changed my mind)\b.{0,25}\b(news|emails|marketing|newsletters?)\b",
    re.IGNORECASE,
)
SEND_NOW = re.compile(r"(yes[, ]*)?(please )?(send|submit)( it)?[\s.!]*", re.IGNORECASE)
ADDING = re.compile(r"\b(add|also|too|as well|and)\b", re.IGNORECASE)
START_SAID = re.compile(
    r"\b(20\d\d|next|autumn|spring|summer|january|september|soon|later|asap|whenever)\b", re.IGNORECASE
)
SEND = re.compile(
    r"(y|yes|yep|yeah|yup|ok|okay|(all )?correct|right|all (good|fine|right)|looks? (good|right|fine)"
    r"|that'?s (right|correct|fine)|(that|it|everything) is (right|correct|fine)|its? fine|send|submit|confirm|go ahead"
    r"|please do|perfect|it is|sure|try again|again|i am sure|nothing|fine)\b[\s,.!]*"
    r"(then|please|all good|(please )?send( it)?|submit( it)?|confirm|go ahead|thanks|thank you|i am sure"
    r"|(that|it)'?s (right|correct)|again)?[\s,.!]*(thanks|thank you|please)?[\s.!]*|\U0001f44d[\s.!]*",
    re.IGNORECASE,
)
CLEAR_YES = re.compile(
    r"(oh )?(yes|yep|yeah|yup)[\s,.!]*"
    r"(please|i do|i agree|that'?s fine|you (may|can)|ok|okay|of course|thanks|thank you)?[\s.!]*"
    r"|i (agree|consent)[\s.!]*|(y|please do)[\s.!]*",
    re.IGNORECASE,
)
SKIP = re.compile(
    r"(skip( (it|this|that))?|(i )?(would |'d )?(rather|prefer) not( to)?( say)?|no thanks?( you)?|none"
    r"|leave (it )?(out|blank|empty)|next|pass|(i )?(don'?t|do not) (want to|wish to)( say| give( it)?)?"
    r"|n/?a|not applicable|no phone|no,? (skip|thanks)|no)[\s.!]*",
    re.IGNORECASE,
)
# Said to see whether anybody is still there; no name, job or school.
HELLO = re.compile(
    r"(hi|hello|hey|hiya|good (morning|afternoon|evening)|thanks?( you)?|cheers|i'?m back|back|sorry)"
    r"([\s,]+(there|again|all|now|npq guide|guide|very much|a lot|so much|i'?m back))*[\s.!?]*"
    r"|(is (anybody|anyone)|are you)( still)? there[\s.!?]*|where (was i|were we)[\s.!?]*",
    re.IGNORECASE,
)
_PERSONAL = re.compile(r"@|\d(?:[\s()./-]*\d){5}")
ROLE_AT = re.compile(r"^(?P<role>.{3,80}?)\s+(?:at|in|from)\s+(?P<school>[A-Z].{2,})$")


def holds_details(said: Understood) -> bool:
    """Whether a message may hold personal details: sure ones, or what looks like a mistyped address or number."""
    return bool(details_in(said).keys() - {"cohort"} or _PERSONAL.search(said.text))


def holds_contact(said: Understood) -> bool:
    """Whether a message names a person or gives an address or a number, wherever it is said."""
    return bool(details_in(said).keys() & {"name", "email", "phone"} or _PERSONAL.search(said.text))


def may_be_details(said: Understood) -> bool:
    """Whether a message to the form may not be kept: all but plain questions."""
    return not is_question(said.text) or holds_details(said)


def not_denied(said: Understood) -> tuple[str, ...]:
    """The programmes a message wants: not those after "not", as in "NPQSL, not NPQH"."""
    return tuple(
        code for code in said.programmes if not re.search(rf"\bnot (?:the )?{code}\b", said.text, re.IGNORECASE)
    )


def current_of(codes: tuple[str, ...], knowledge: Knowledge) -> list[str]:
    """Of programmes named, those that can be taken now."""
    return [code for code in codes if knowledge.programmes[code].status == "current"]
