"""After the form is sent: its reference again, what comes next, another one, a change or a withdrawal."""

from __future__ import annotations

import re
from dataclasses import replace

from guidance.journeys import interest_asking as asking
from guidance.journeys.interest_correcting import field_named
from guidance.journeys.interest_draft import Draft, reference_of
from guidance.journeys.interest_words import CHANGE, says_send
from guidance.journeys.model import Heard, Progress, Setting
from guidance.journeys.rights_words import kind_of
from guidance.journeys.words import CANCEL
from guidance.question import Understood

MY_REFERENCE = re.compile(
    r"\b(my|the|a|lost) (my )?reference\b|\bdid (you|they) get it\b|\b(has|was) it (been )?sent\b|\bdid it (go|send"
    r"|work)\b"
    r"|\bam i registered\b",
    re.IGNORECASE,
)
UNDO = re.compile(
    r"\b(undo|cancel|withdraw|take back|unsend) (it|that|this|my (registration|interest))\b",
    re.IGNORECASE,
)
MISTAKE = re.compile(r"\bi(?:'ve| have)? made a mistake\b", re.IGNORECASE)
NEXT = re.compile(
    r"\bwhat happens (?:next|now|then|after this)\b|\bwhat'?s next\b|\bwho will (?:contact|call|ring|phone|email)\b"
    r"|\bhow (?:soon|long|quickly)\b.{0,20}\b(?:hear|contact(?:ed)?|call(?:ed)?|reply)\b"
    r"|\bwhen (?:will|do|should|can) (?:i|they|someone|somebody|you)\b.{0,20}"
    r"\b(?:hear|contact|call|ring|email|reply)\b",
    re.IGNORECASE,
)
ONE_MORE = re.compile(
    r"^(?=.*\b(?:also|too|as well|another|second|additional)\b)"
    r".*\b(?:register|registering|sign up|signing up|interest)\b",
    re.IGNORECASE,
)
AGAIN = re.compile(r"(yes,? )?(please )?(send|submit)( it)?( again)?[\s.!]*|try again[\s.!]*", re.IGNORECASE)


def after(said: Understood, progress: Progress, draft: Draft, here: Setting, *, offered: bool) -> Heard:
    """Sending again says the reference again; changes and withdrawals are for the collector.

    `offered`: a next step was offered since, which a mere yes accepts.

    Raises:
        CannotSave: the database cannot be read.
    """
    text = said.text.strip()
    again = bool(AGAIN.fullmatch(text) or progress.asking == "confirm" or MY_REFERENCE.search(text))
    again = again or (says_send(text) and not offered)
    changes = (CHANGE.search(text) and field_named(text)) or MISTAKE.search(text)
    undone = UNDO.search(text) or CANCEL.fullmatch(text)
    following = _asks_what_next(said)
    if not (again or undone or changes or following) or _is_request(text):
        return Heard()  # a request about one's data is recorded
    reference = reference_of(draft)
    if reference is None:
        return Heard()
    if again:
        return Heard(replace(progress, answers={"sent": reference, "again": progress.done}), exact=True)
    told = asking.what_next if following else asking.may_withdraw if undone else asking.already_sent
    return told(reference, here)


def _is_request(text: str) -> bool:
    """Whether it asks, in so many words, for what is recorded as a request about one's data."""
    return kind_of(text) in ("erase", "withdraw", "object") or bool(re.search(r"\bcorrect my details\b", text, re.I))


def is_for_form(said: Understood) -> bool:
    """Whether a message after the reference is for the form, whatever else it looks like."""
    text = said.text.strip()
    undone = UNDO.search(text) or MISTAKE.search(text) or CANCEL.fullmatch(text)
    return bool(undone or _asks_what_next(said) or MY_REFERENCE.search(text))


def _asks_what_next(said: Understood) -> bool:
    return bool(NEXT.search(said.text)) and not said.programmes
