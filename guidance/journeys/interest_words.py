"""Words about one's details: which field is meant, what is changed, yes and no, details inside a sentence."""

from __future__ import annotations

import re

from guidance import schools
from guidance.interest import fields
from guidance.knowledge import Knowledge
from guidance.question import Understood

Given = dict[str, str]  # field -> value

OPTIONAL = ("role", "school", "cohort", "phone")
FIELD_WORDS = {
    "email": r"e-?mail|mail address",
    "phone": r"phone|mobile|telephone|number",
    "name": r"name|surname",
    "role": r"role|job|position",
    "school": r"school|workplace|nursery|college",
    "cohort": r"start|intake|cohort|when",
    "marketing": r"marketing|news|newsletter|other courses",
    "programme": r"npqs?|course|courses|programme|qualification",
}
CHANGE = re.compile(
    r"\b(wrong|change|correct|correction|should (be|say)|typo|mistake|misspel\w+|spelt|spelled|update|edit|amend"
    r"|not right|isn'?t right|incorrect|fix)\b|\bactually\b",
    re.IGNORECASE,
)
SEND = re.compile(
    r"(yes|yep|yeah|yup|ok|okay|correct|right|all good|looks? (good|right|fine)|that'?s (right|correct|fine)|send"
    r"|submit|confirm|go ahead|please do|perfect|it is|sure|try again|again)\b[\s,.!]*"
    r"(please|send( it)?|submit( it)?|confirm|go ahead|thanks|thank you|(that|it)'?s (right|correct)|again)?[\s.!]*",
    re.IGNORECASE,
)
CLEAR_YES = re.compile(
    r"(oh )?(yes|yep|yeah|yup)[\s,.!]*"
    r"(please|i do|i agree|that'?s fine|you (may|can)|ok|okay|of course|thanks|thank you)?[\s.!]*"
    r"|i (agree|consent)[\s.!]*|yes,? (please )?send .{0,20}",
    re.IGNORECASE,
)
SKIP = re.compile(
    r"(skip( (it|this|that))?|(i )?(would |'d )?(rather|prefer) not( to)?( say)?|no thanks?( you)?|none"
    r"|leave (it )?(out|blank|empty)|next|pass|(i )?(don'?t|do not) (want to|wish to)( say| give( it)?)?"
    r"|n/?a|not applicable|no phone|no,? (skip|thanks)|no)[\s.!]*",
    re.IGNORECASE,
)
_CALLED = re.compile(
    r"\b(?:my name(?:['’]s| is)|i am called|i['’]m called|name[:=])\s+([^,.;:@\d]{2,100})", re.IGNORECASE
)
_I_AM = re.compile(
    r"\b(?:[Ii]['’]?m|[Ii] am|[Tt]his is|[Ii]t['’]s)\s+((?:[^\W\da-z_][\w'’-]+\s+){1,3}[^\W\da-z_][\w'’-]+)"
)
_JOB = re.compile(
    r"\b(?:i['’]?m|i am|work as|working as)\s+(?:an?\s+|the\s+)?([a-z][\w /&-]{1,60}?)"
    r"(?=\s+(?:at|in|for|and|with|from|my)\b|[,.;!]|$)",
    re.IGNORECASE,
)
_AT = re.compile(
    r"\bat\s+((?:[^\W\da-z_][\w'’.&-]*\s+){1,6}(?:School|Academy|College|Primary|Infants?|Juniors?|Nursery|High))\b"
)
_AND_THEN = re.compile(r"\s+(?:and (?:my|i)|my e?-?mail|email)\b.*$", re.IGNORECASE)
_LONG_NUMBER = re.compile(r"(?:\+|\b0)[\d\s()-]{8,}\d")
_COHORT = re.compile(
    r"\b((?:the )?next (?:intake|start|cohort|year|one|autumn|spring)"
    r"|(?:autumn|spring|september|october|november|january|february|march|april)\s+20\d\d)\b",
    re.IGNORECASE,
)
ROLE_AT = re.compile(r"^(?P<role>.{3,80}?)\s+(?:at|in|from)\s+(?P<school>[A-Z].{2,})$")


def field_named(text: str, only: tuple[str, ...] | None = None) -> str | None:
    """The field a message speaks of; the one named first."""
    found = [
        (match.start(), name)
        for name, words in FIELD_WORDS.items()
        if (only is None or name in only) and (match := re.search(rf"\b(?:{words})(?:['’]?s)?\b", text, re.IGNORECASE))
    ]
    return min(found)[1] if found else None


def details_in(said: Understood) -> Given:
    """Every detail a sentence surely gives, whatever was asked."""
    text, given = said.text, {}
    if "@" in text:
        email = fields.email(text)
        if email.value and not email.suggestion:
            given["email"] = email.value
    number = _LONG_NUMBER.search(text)
    if number and (phone := fields.phone(number[0])).value:
        given["phone"] = phone.value
    called = _CALLED.search(text) or _I_AM.search(text)
    if called and (name := fields.name(_AND_THEN.sub("", called[1]).strip())).value:
        given["name"] = name.value
    job = _JOB.search(text)
    if said.roles and job:
        given["role"] = job[1].strip()
    found = schools.current().mentioned(text)
    at = _AT.search(text)
    if found.one:
        given["school"], given["school_urn"] = found.one.name, found.one.urn
    elif at:
        given["school"] = at[1].strip()
    start = _COHORT.search(text)
    if start:
        given["cohort"] = start[1][:60]
    return given


def current_of(codes: tuple[str, ...], knowledge: Knowledge) -> list[str]:
    """Of programmes named, those that can be taken now."""
    return [code for code in codes if knowledge.programmes[code].status == "current"]
