"""What a visitor typed for a field: the value, or what is wrong and what to write.

Pure: no network, no database. The problem texts are for people and are shown as they are.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field

import phonenumbers

from guidance.interest.addresses import NoAddress, find_address, likely_meant

MOST = 1000  # characters of a message looked at; the gate takes no more
LONGEST_NAME, LONGEST_ROLE, LONGEST_SCHOOL = 100, 100, 200
_FORMATTING_KEPT = "\u200c\u200d"  # joiners, which names in Persian and Indian scripts need


@dataclass(frozen=True)
class Taken:
    """One field. Either `value` or `problem` is set.

    `suggestion`: `value` is possible but looks mistyped; ask whether this is meant. Yes takes the suggestion, no or the
    same answer again takes `value`.
    """

    value: str | None = field(default=None, repr=False)
    problem: str | None = field(default=None, repr=False)
    suggestion: str | None = field(default=None, repr=False)


def email(text: str) -> Taken:
    """An email address, also out of a sentence or in Slack's form."""
    try:
        address = find_address(text[:MOST])
    except NoAddress as problem:
        return Taken(problem=str(problem))
    return Taken(address, suggestion=likely_meant(address))


# Numbers Ofcom keeps free for drama; people who try the service use them.
_DRAMA = re.compile(r"\+44(7700900\d{3}|1632960\d{3}|8081570\d{3}|3069990\d{3})")


def phone(text: str, *, insisted: bool = False) -> Taken:
    """A phone number as +441134960000, with an extension as +441134960000;ext=12. UK unless it says otherwise.

    `insisted`: take a number that could exist though no such range is known.
    """
    matches = phonenumbers.PhoneNumberMatcher(text[:MOST], "GB", _POSSIBLE)
    found = {_e164(match.number) for match in matches}
    if not found:
        return Taken(
            problem="I could not find a phone number in that. Please write it with its area code, such as "
            "0113 496 0000, or with the country, such as +33 1 23 45 67 89."
        )
    if len(found) > 1 and _ONE_RUN.fullmatch(text.strip()):
        return Taken(problem="That has too many digits for one phone number. Please check it and write it again.")
    if len(found) > 1:
        return Taken(problem="I found more than one phone number. Please write only the one you prefer.")
    (number,) = found
    if insisted or _DRAMA.fullmatch(number) or phonenumbers.is_valid_number(phonenumbers.parse(_dialled(number))):
        return Taken(number)
    return Taken(
        # Not repeated: the record of what the guide said would keep it.
        problem="That does not look like a phone number in use: a digit may be missing or wrong. "
        "Please check it, and write it with its area code, such as 0113 496 0000."
    )


_ONE_RUN = re.compile(r"\+?\d[\d ()-]{5,18}")  # without "or" and line breaks between them
_POSSIBLE = phonenumbers.Leniency.POSSIBLE


def _e164(number: phonenumbers.PhoneNumber) -> str:
    plain = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    return f"{plain};ext={number.extension}" if number.extension else plain


def _dialled(number: str) -> str:
    return number.partition(";")[0]


def shown_phone(number: str) -> str:
    """A stored number as people write it: 0113 496 0000, +33 1 23 45 67 89."""
    dialled, _, extension = number.partition(";ext=")
    parsed = phonenumbers.parse(dialled)
    style = phonenumbers.PhoneNumberFormat.INTERNATIONAL
    if parsed.country_code == 44:
        style = phonenumbers.PhoneNumberFormat.NATIONAL
    shown = str(phonenumbers.format_number(parsed, style))
    return f"{shown} ext. {extension}" if extension else shown


_HELLO = (
    r"(?:(?:hi|hello|hey|hiya|actually|sorry|sure|ok|okay|yes|yeah|yep|oh|well|of course|certainly)\b[\s,.!:–—-]*)*"
)
_NAMED = re.compile(
    rf"{_HELLO}(?:(?:my|the|her|his|their)\s+(?:full\s+)?name(?:['’]?s|\s+is)|i\s+am\s+called|i['’]?m\s+called|s?he(?:['’]?s|\s+is)\s+called|call\s+me|mine\s+is|"
    r"(?:it['’]?s\s+|it\s+is\s+)?for\s+(?:me|him|her|them|my\s+\w+)|i\s+am|i['’]?m|it\s+is|it['’]?s|this\s+is|(?:full\s+)?name\s*[:=]|you\s+can\s+call\s+me)[\s:,]+",
    re.IGNORECASE,
)
_FIRST_AND_LAST = re.compile(
    r"(?:my\s+)?first\s+name(?:\s+is|:)?\s+(?P<first>[^\s,;]+)[\s,;]+(?:and\s+)?(?:my\s+)?"
    r"(?:last|second|family|sur)\s*name(?:\s+is|:)?\s+(?P<last>.+)",
    re.IGNORECASE,
)
_THANKS = re.compile(r"[\s,.!]+(?:thanks|thank you|thx|cheers|please|ta)[\s.!]*$", re.IGNORECASE)
_LINK = re.compile(r"https?:|www\.|://|@|\bat\b.+\bdot\b|\b[\w-]+\.(?:com|org|net|uk|io|co)\b", re.IGNORECASE)
# An and My are names, so articles count only after "I am".
_NO_NAME = re.compile(
    r"(?:(?:i|why|what|how|not|don['’]?t|skip|prefer|interested|looking)\s|my\s+(?:e-?mail|phone|number|school|role|job)\b)",
    re.IGNORECASE,
)
_NO_NAME_AFTER_I_AM = re.compile(
    r"(?:an?|the|not|just|currently|working|interested|looking|hoping|thinking|happy|in|at|from)\s", re.IGNORECASE
)
_NOTHING = frozenset({"no", "none", "nothing", "skip", "n/a", "me", "yes", "ok"})


_LIKE = "such as Zoë O'Brien-Smith"


def name(text: str) -> Taken:
    """A full name in any script, without "my name is" before it."""
    plain = clean(text)
    if both := _FIRST_AND_LAST.fullmatch(plain):
        plain = f"{both['first']} {both['last']}"
    introduced = _NAMED.match(plain)
    given = _THANKS.sub("", plain[introduced.end() :] if introduced else plain).strip(' ,.!:;"“”')
    if not plain:
        return Taken(problem=f"Please write your full name, {_LIKE}.")
    if _LINK.search(given):
        return Taken(problem="That has a web or email address in it. Please write only your name.")
    if len(given) > LONGEST_NAME:
        return Taken(problem=f"That is longer than {LONGEST_NAME} characters. Please write only your name.")
    if not _has_letter(given):
        return Taken(problem=f"There is no letter in that. Please write your full name, {_LIKE}.")
    guarded = _NO_NAME_AFTER_I_AM if introduced else _NO_NAME
    if "?" in given or given.casefold() in _NOTHING or guarded.match(given):
        return Taken(problem=f"That does not look like a name. Please write your full name, {_LIKE}.")
    return Taken(given)


_ROLE = re.compile(
    rf"{_HELLO}(?:my\s+(?:current\s+)?(?:job|role|position|job title)\s+is|(?:job|role|position)\s*[:=]|"
    r"i\s+work\s+as|i\s+am|i['’]?m|i\s+will\s+be|i['’]ll\s+be|currently)\s+(?:working\s+as\s+|currently\s+)?(?:an?\s+|the\s+)?",
    re.IGNORECASE,
)
_SCHOOL = re.compile(
    rf"{_HELLO}(?:my\s+(?:school|workplace|nursery|college|trust)\s+is|(?:school|workplace)\s*[:=]|"
    r"(?:i\s+(?:currently\s+)?)?(?:work|teach)\s+(?:at|for|in)|i\s+am\s+(?:at|with)|i['’]?m\s+(?:at|with)|"
    r"i(?:['’]?ve)?\s+(?:have\s+)?(?:just\s+)?moved\s+to|it\s+is|it['’]?s(?:\s+called)?)\s+",
    re.IGNORECASE,
)


def role(text: str) -> Taken:
    """What somebody does, in their own words."""
    return _words(text, _ROLE, LONGEST_ROLE, "your role, such as deputy headteacher")


def school(text: str) -> Taken:
    """Where somebody works, in their own words."""
    return _words(
        text, _SCHOOL, LONGEST_SCHOOL, "the name of your school or workplace, such as Elm Road Primary School"
    )


_PHONE_LIKE = re.compile(r"(?:\d[\s().-]{0,2}){9}")  # a school's URN and a year have fewer digits


def _words(text: str, prefix: re.Pattern[str], longest: int, what: str) -> Taken:
    plain = clean(text)
    given = _THANKS.sub("", prefix.sub("", plain, count=1) if prefix.match(plain) else plain).strip(' ,.!:;"“”')
    if not _has_letter(given) or "?" in given:
        return Taken(problem=f"Please write {what}.")
    if len(given) > longest:
        return Taken(problem=f"That is longer than {longest} characters. Please write only {what}.")
    if "@" in given or "://" in given:
        return Taken(problem=f"That has an address in it. Please write only {what}.")
    if _PHONE_LIKE.search(given):
        return Taken(problem=f"That has a phone number in it. Please write only {what}.")
    return Taken(given)


def clean(text: str) -> str:
    """One line of what people see: composed letters, single blanks, nothing invisible."""
    composed = unicodedata.normalize("NFC", text[:MOST])
    kept = (" " if sign.isspace() else sign for sign in composed if sign.isspace() or _is_shown(sign))
    return " ".join("".join(kept).split()).strip(_FORMATTING_KEPT)


def _is_shown(sign: str) -> bool:
    return not unicodedata.category(sign).startswith("C") or sign in _FORMATTING_KEPT


def _has_letter(text: str) -> bool:
    return any(unicodedata.category(sign).startswith("L") for sign in text)
