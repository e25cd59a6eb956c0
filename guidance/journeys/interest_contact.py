"""Answers to the questions of the email address and the phone number."""

from __future__ import annotations

import re
from dataclasses import dataclass

from guidance.interest import fields
from guidance.journeys.interest_draft import Draft
from guidance.journeys.interest_words import skips
from guidance.journeys.words import NO, YES, plain

_IT_IS = r"(?:(?:no|yes|but|,)\s*)*(?:(?:it'?s|that'?s|it is|that is|this is|both are|i'?m sure)\s*)?"
INSISTING = re.compile(
    rf"{_IT_IS}(?:right|correct|fine|as (?:it is|i (?:wrote|typed))|what i (?:meant|typed|wrote)|my (?:email"
    rf"|address|number)"
    r"|sure|the first(?: one)?|(?:really )?my real (?:email|address|number))[\s.!]*",
    re.IGNORECASE,
)
WRONG = re.compile(rf"{_IT_IS}(?:all )?(?:wrong|not right|neither|incorrect)\b.*|neither.*", re.IGNORECASE)
SECOND = re.compile(
    r"(?:the )?(?:second|other|2nd|new|suggested)(?: one)?[\s.!]*|change it(?: please)?[\s.!]*", re.IGNORECASE
)
NO_EMAIL = re.compile(
    r"\b(?:no|not got|have ?n['’]?t got|have ?n['’]?t|do ?n['’]?t (?:do|have|use|want)|without)\s(?:an?\s|any\s"
    r"|my\s|to give\s)*(?:\w+\s)?"
    r"(?:e-?mail|one|computer)\b|^(?:nope|nah|none|later|not now|rather not|i'?d rather not)\b",
    re.IGNORECASE,
)
NO_PHONE = re.compile(
    r"\b(?:do ?n['’]?t|do not|no|not|never|please no)\b.{0,20}\b(?:phone|call|calls|called|ring|rung|text|phoned)\b"
    r"|\b(?:prefer|rather|just|only|use|by|via)\s(?:be\s)?(?:e-?mail\w*|an e-?mail)\b|none of your business"
    r"|^(?:nope|nah|later|not now|never)\b",
    re.IGNORECASE,
)
# What may stand before an address without being part of it.
_INTRODUCING = re.compile(
    r"\b(?:my|the|is|it|its|it['’]s|e-?mail|mail|address|at|me|on|to|use|try|and|yes|ok|sure|hi|hello|please|so"
    r"|that|would|be|work|home|school"
    r"|personal|new|should|contact|reach|send|write|here|no|sorry|actually|oh|wait|correct|the right one)\b"
    r"|[:=,.;()<>\-–\"']",
    re.IGNORECASE,
)
LONGEST_SPLIT = 3  # loose words before an address that may belong to it


@dataclass(frozen=True)
class Outcome:
    """What an answer came to: `problem` says why it cannot be used; `mine` is false when it is no answer to this."""

    problem: str | None = None
    mine: bool = True


NOT_MINE = Outcome(mine=False)


def doubtful(text: str) -> list[str] | None:
    """An address in a text that looks mistyped, with the one that is likely meant."""
    taken = fields.email(text) if "@" in text else fields.Taken()
    return [str(taken.value), taken.suggestion] if taken.suggestion else None


def hear_email(text: str, draft: Draft) -> Outcome:
    """Put an email address into the draft, or that there is none, or the question whether it is the right one."""
    said = plain(text)
    if "@" not in text and draft.get("email_maybe") and (outcome := _which(said, draft)):
        return outcome
    if "@" not in text and (skips(text) or NO_EMAIL.search(said)):
        draft.pop("email_maybe", None)
        draft["skipped_email"] = True
        draft.pop("skipped_phone", None)
        return Outcome()
    if "@" not in text and " at " not in f" {said} ":
        return NOT_MINE
    taken = fields.email(text)
    if taken.value is None:
        return Outcome(problem=taken.problem)
    before = draft.pop("email_maybe", None)
    if before and taken.value.casefold() == before[0].casefold():
        draft["email"] = taken.value  # typed again: meant as it is
    elif taken.suggestion:
        draft["email_maybe"] = [taken.value, taken.suggestion]
    elif _may_be_part(text, taken.value):
        draft["email_maybe"] = [taken.value, taken.value]
    else:
        draft["email"] = taken.value
    return Outcome()


def _which(said: str, draft: Draft) -> Outcome | None:
    """The answer to "Did you mean ...?"; None when it is none."""
    typed, meant = draft["email_maybe"]
    if typed == meant:  # "Is that your whole address?"
        chosen = typed if YES.match(said) or INSISTING.fullmatch(said) else None
        if chosen is None and not (NO.match(said) or WRONG.fullmatch(said)):
            return None
    elif WRONG.fullmatch(said):
        chosen = None
    elif INSISTING.fullmatch(said) or _names(said, typed, meant):
        chosen = typed
    elif YES.match(said) or SECOND.fullmatch(said) or _names(said, meant, typed):
        chosen = meant
    elif NO.match(said) and len(said.split()) <= 2:
        chosen = typed
    else:
        return None
    draft.pop("email_maybe")
    if chosen:
        draft["email"] = chosen
        return Outcome()
    return Outcome(problem="What is the right address? Please write all of it.")


def _names(said: str, one: str, other: str) -> bool:
    """Whether the provider of one address is said and that of the other is not: "I meant gmail"."""
    mine, theirs = (address.partition("@")[2].partition(".")[0] for address in (one, other))
    return mine != theirs and mine in said.split() and theirs not in said.split()


def _may_be_part(text: str, address: str) -> bool:
    """Whether loose words stand right before the address, as in "j smith@example.org"."""
    before, found, _ = text.partition("@")
    if not found:  # spelled out: "jane smith at example dot org"
        return len(text.lower().split(" at ")[0].split()) > 1
    words = before.rstrip().split()[:-1]
    loose = _INTRODUCING.sub(" ", " ".join(words)).split()
    return bool(loose) and len(words) <= LONGEST_SPLIT and words[-1:] == loose[-1:] and "," not in before


def hear_phone(text: str, draft: Draft) -> Outcome:
    """Put a phone number into the draft; one that looks wrong is taken when it is insisted on."""
    said = plain(text)
    if draft.get("email") and not any(sign.isdigit() for sign in text) and NO_PHONE.search(said):
        draft["skipped_phone"] = True
        return Outcome()
    tried = str(draft.get("phone_tried") or "")
    again = bool(tried) and (INSISTING.fullmatch(said) or _digits(text) == _digits(tried))
    if again:
        taken = fields.phone(tried, insisted=True)
        draft.pop("phone_tried", None)
        if taken.value:
            draft["phone"] = taken.value
            return Outcome()
        return Outcome(problem=taken.problem)
    if not any(sign.isdigit() for sign in text):
        return NOT_MINE
    taken = fields.phone(text)
    if taken.value:
        draft["phone"] = taken.value
        draft.pop("phone_tried", None)
        return Outcome()
    draft["phone_tried"] = text
    return Outcome(problem=taken.problem)


def _digits(text: str) -> str:
    return "".join(sign for sign in text if sign.isdigit())
