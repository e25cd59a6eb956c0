"""Words about one's details: which field is meant, what is changed, yes and no, details inside a sentence."""

from __future__ import annotations

import re

from guidance import schools
from guidance.interest import fields
from guidance.journeys.words import is_question
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
    "programme": r"npq\w*|ehco|course|courses|programme|qualification",
}
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
_PERSONAL = re.compile(r"@|\d(?:[\s()./-]*\d){5}")
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
        given["role"] = fields.clean(job[1])
    found = schools.current().mentioned(text)
    at = _AT.search(text)
    if found.one:
        given["school"], given["school_urn"] = found.one.name, found.one.urn
    elif at:
        given["school"] = fields.clean(at[1])
    start = _COHORT.search(text)
    if start:
        given["cohort"] = fields.clean(start[1])[:60]
    return given


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
