"""Answers in people's own words: whether they can be a name, a job, a workplace or a time to start at all."""

from __future__ import annotations

import re
from datetime import date

from guidance.interest import fields
from guidance.journeys.interest_looks import COHORT, JOB, WORKPLACE
from guidance.journeys.words import NO, UNSURE, plain

LONGEST_ROLE, LONGEST_SCHOOL, LONGEST_NAME = 14, 16, 8  # words
# A sentence to the guide, not the name of a job or a place.
_TALK = re.compile(
    r"\b(?:i|i['’]?m|im|i['’]?ve|i['’]?d|you|your|me|we|it['’]?s|its|this|that['’]?s?|don['’]?t|dont|want|show|tell"
    r"|undo|wipe|stop|wait|help|bye"
    r"|goodbye|hang|hold|moment|minute|mistake|wrong|interested|already|understand|person|human|someone|register\w*"
    r"|repeat|later|back|gtg|brb"
    r"|same|before|what|why|how|who|when|please|pls|thanks|send|cancel|delete|remove|change|actually|sorry|ages"
    r"|because|can|could|would)\b|\?",
    re.IGNORECASE,
)
# Said to the guide where a name is asked for. Said twice, it is a name: people are called Bye and Leave.
_NO_NAME = re.compile(
    r"\b(?:that['’]?s|it['’]?s|this|isn['’]?t|not|of|makes|sense|wrong|sorry|hang|wait|minute|secs?|second|moment|rubbish"
    r"|useless|nobody|no ?one|anonymous|private|secret|lol|lmao|haha\w*|hmm+|knock|test(?:ing)?|asdf\w*|qwerty\w*|bye"
    r"|goodbye|form|exit|abandon|leave|away|window|you|your|my|email|phone|number|question|answer)\b|[{}<>\\|=_]",
    re.IGNORECASE,
)
_PLACE = re.compile(
    r".\b(?:school|academy|college|primary|infants?'?|juniors?|nursery|pre-?school|federation|university)$",
    re.IGNORECASE,
)
# Nobody's workplace now: a person between jobs, or of many schools.
NO_WORKPLACE = re.compile(
    r"^(?:(?:i['’]?m|i am|i|well|currently|just|now|a|an)\s+)*(?:(?:do ?n['’]?t|do not)\s+(?:currently\s+|really\s+)?"
    r"(?:work(?:\s+(?:at|in|for)\s+(?:an?|any)\s+\w+|\s+anywhere)?(?:\s+(?:at the moment|now|currently|right now|yet))?"
    r"|have (?:one|a (?:school|workplace|job|post)|any)\b.*)$"
    r"|not\s+(?:currently\s+|yet\s+)?(?:working|employed|in work|(?:at|in|with) (?:an?|any) (?:school|workplace|job))\b"
    r"|between (?:jobs|schools|posts|roles)\b|out of work\b|unemployed\b|on a career break\b"
    r"|no(?:ne)? (?:(?:school|workplace|job|one) )?(?:at the moment|right now|at present|currently|yet|now)\b"
    r"|no (?:school|workplace|job)$|supply\b|self[- ]employed\b|freelance\b|various\b|peripatetic\b"
    r"|(?:several|many|different|lots of) schools\b)",
    re.IGNORECASE,
)
NONE_NOW = "None at present"
_OWN_WORDS = re.compile(
    r"\b(?:supply|self[- ]employed|freelance|various|peripatetic|several|many|different|lots)\b.*", re.IGNORECASE
)
_MAY_FIRST = re.compile(r"may\b(?! (?:i|you|we|he|she|they|there|the|my|people|anyone)\b)[^?]*$", re.IGNORECASE)
_LEADING_SOMETHING = re.compile(
    r"i (?:also |currently )?(?:lead|manage|teach|run|co-?ordinate|support|train|coach|look after|oversee)\b",
    re.IGNORECASE,
)
_TALK_SURELY = re.compile(r"\b(?:i|i['’]?m|you|my|me|don['’]?t|dont|please|tell|want|not)\b", re.IGNORECASE)
_RUDE = re.compile(
    r"\b(?:f+u+c+k\w*|f+ off|shit\w*|piss\w*|crap|stupid|idiot\w*|bollocks|wank\w*"
    r"|bastard\w*|bitch\w*|arse\w*|twat|moron)\b",
    re.IGNORECASE,
)
_NOTHING = re.compile(
    r"(?:ok|okay|k|yes|yep|yeah|y|sure|fine|good|great|cool|right|next|go on|continue|no|nope|n|skip|none|nothing"
    r"|same|hi|hello|\W*"
    r"|(?:id|i'?d|i would) rather not.*|none of your business|(?:it'?s )?me again|my details are.*|just put.*"
    r"|not telling.*|as i said.*|\d{1,4})"
    r"(?: (?:ok|then|please|thanks))?",
    re.IGNORECASE,
)
_LEADING = re.compile(r"^(?:(?:ok|okay|yes|sure|so|well|hi|hello|hey)\b[\s,.!:–-]+)+(?=[^\W\d_])", re.IGNORECASE)
_WHEN = re.compile(
    r"\b(?:20\d\d|next|this|autumn|spring|summer|winter|term|january|february|march|april|may|june|july|august"
    r"|september|october"
    r"|november|december|jan|feb|sept?|oct|nov|dec|soon|later|asap|whenever|any ?time|first|earliest|possible|mind"
    r"|flexible|now|immediately"
    r"|straight away|year|easter|christmas|month|half term|after)\b|\b\d\d ?[/-] ?\d\d\b",
    re.IGNORECASE,
)
_YEAR = re.compile(r"\b20\d\d\b")
# Given names that are also words; "june" to the question of the name is a person.
_GIVEN = frozenset(
    [
        "april",
        "may",
        "june",
        "august",
        "summer",
        "dawn",
        "hope",
        "grace",
        "faith",
        "joy",
        "rose",
        "ruby",
        "will",
        "mark",
        "bill",
        "rob",
        "sue",
        "pat",
        "frank",
        "grant",
        "penny",
        "drew",
        "chase",
        "jack",
        "dean",
        "guy",
        "earl",
        "bishop",
        "king",
        "price",
        "read",
        "reading",
        "case",
        "win",
        "page",
        "miles",
        "max",
        "art",
        "bob",
        "don",
        "gene",
        "iris",
        "ivy",
        "lily",
        "daisy",
        "heather",
        "holly",
        "hazel",
        "olive",
        "pearl",
        "amber",
        "jade",
    ]
)


def name_problem(text: str) -> str | None:
    """Why this can be no name; None when it can."""
    said = plain(text)
    digits = re.sub(r"\d+(?:st|nd|rd|th)\b", "", text, flags=re.IGNORECASE)
    odd = len(text.split()) > LONGEST_NAME or sum(sign.isdigit() for sign in digits) > 2
    nothing = _NOTHING.fullmatch(said) or UNSURE.fullmatch(said) or NO.fullmatch(said)
    talk = re.search(
        r"\b(?:help|want|talk to|speak to|person|npq\w*|register|cancel|why|human)\b", said
    ) and not is_given(text)
    if odd or nothing or talk or _RUDE.search(text) or _is_no_name(text):
        return str(fields.name("skip").problem)
    return None


def _is_no_name(text: str) -> bool:
    """Talk, a job or a school where a name is asked for; several words with capitals are a name whatever they mean."""
    given = fields.name(text).value or ""
    words = given.split()
    if (len(words) > 1 and all(JOB.fullmatch(word) for word in words)) or _PLACE.search(given):
        return True
    named = len(words) > 1 and all(word[:1].isupper() for word in words)
    return bool(_NO_NAME.search(given)) and not named and not is_given(text)


def may_be_meant(field: str, text: str) -> bool:
    """Whether a name, job or workplace that was turned down is taken when it is said a second time."""
    if _NOTHING.fullmatch(plain(text)) or _RUDE.search(text) or len(text.split()) > LONGEST_NAME:
        return False
    return _is_no_name(text) if field == "name" else not (_ASKS.search(text) or _TALK_SURELY.search(text))


def is_month(text: str) -> bool:
    """Whether "may" at the beginning of an answer is the month, and no question."""
    return bool(_MAY_FIRST.match(text.strip()))


def no_workplace(text: str) -> str:
    """What is kept of somebody without one workplace: "supply" in their own words, else that there is none now."""
    own = _OWN_WORDS.search(text)
    return fields.clean(own[0])[: fields.LONGEST_SCHOOL].strip(" .!,") if own else NONE_NOW


def is_given(text: str) -> bool:
    """Whether a word or two with a given name that is also a word are meant as a name: june, hope price."""
    words = text.lower().split()
    return 0 < len(words) <= 3 and "?" not in text and any(word in _GIVEN for word in words)


def without_opening(text: str) -> str:
    """ "ok Jane" without "ok"."""
    rest = _LEADING.sub("", text)
    return rest if rest[:1].isupper() else text


def role_problem(text: str) -> str | None:
    """Why this can be no job; None when it can."""
    rest = fields.role(text).value or ""
    if _NOTHING.fullmatch(plain(text)) or _RUDE.search(text) or len(rest.split()) > LONGEST_ROLE:
        return "Please write what you do, such as deputy headteacher, or say skip."
    leads = _LEADING_SOMETHING.match(rest) and not _ASKS.search(rest)
    if (
        _TALK.search(_IT.sub(" ", rest))
        and not leads
        and not (JOB.search(rest) and len(rest.split()) <= 6 and not _ASKS.search(rest))
    ):
        return "I did not get a job from that. Please write what you do, such as deputy headteacher, or say skip."
    return None


_IT = re.compile(r"\bIT\b")  # the subject
_ASKS = re.compile(
    r"\b(?:want|show|tell|talk|help|stop|cancel|delete|wrong|mistake|interested|you|understand|back)\b|\?",
    re.IGNORECASE,
)


def school_problem(text: str) -> str | None:
    """Why this can be no workplace; None when it can."""
    rest = fields.school(text).value or ""
    said = plain(text)
    long = len(rest.split()) > LONGEST_SCHOOL
    only_job = JOB.search(rest) and not WORKPLACE.search(rest) and not rest[:1].isupper()
    talk = _TALK_SURELY.search(rest) if WORKPLACE.search(rest) else _TALK.search(rest)
    if (
        _NOTHING.fullmatch(said)
        or _RUDE.search(text)
        or long
        or only_job
        or talk
        or re.fullmatch(r"[\d\s+()-]{6,}", rest)
    ):
        return (
            "I did not get a workplace from that. Please write its name, such as Elm Road Primary School, or say skip."
        )
    return None


def cohort_of(text: str, today: date) -> tuple[str | None, str | None]:
    """The time to start in a message, or why it holds none."""
    found = COHORT.search(text)
    years = [int(year) for year in _YEAR.findall(text)]
    if years and max(years) < today.year:
        return None, "That is in the past. When would you like to start? For example autumn 2027, or say not sure."
    value = fields.clean(found[1] if found and len(text.split()) > 5 else text)
    value = re.sub(r"[\s,]+(?:please|pls|thanks|thank you)[\s.!]*$", "", value, flags=re.IGNORECASE).strip(" .!")
    short = len(value.split()) <= 6
    if not value or not short or not (_WHEN.search(value) or (len(value) == 4 and value.isdigit() and years)):
        return None, "Please answer with a time, such as autumn 2027, or say not sure."
    return value[:60], None
