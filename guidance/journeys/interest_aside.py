"""What is said in the form that is no answer: questions about the form itself, and what ends or halts it."""

from __future__ import annotations

import re

from guidance.interest.promise import promise
from guidance.journeys.interest_correcting import field_named
from guidance.journeys.interest_details import JOB
from guidance.journeys.model import Setting
from guidance.journeys.words import asks_why, is_question
from guidance.question import Understood
from guidance.selection import mentions

MUST_I = re.compile(
    r"\b(?:do i (?:really |actually )?(?:have|need) to|must i|have i got to|do you (?:really |actually )?need"
    r"|can i (?:skip|leave|miss|not)"
    r"|(?:is|are) (?:this|it|that|they|these|my \w+|the \w+|an? \w+) (?:really |actually )?(?:optional|required"
    r"|mandatory|compulsory|necessary|needed|essential)"
    r"|what if i (?:do ?n['’]?t|have ?n['’]?t|have no|would rather not)|could i (?:skip|leave))\b",
    re.IGNORECASE,
)
CHILD = re.compile(
    r"\b(?:i['’]?m|i am)\s+(?:only |just |still )?(?:(?:[5-9]|1[0-7])\s*(?:$|[.,!;]|(?:years?|yrs?)[ -]?old\b"
    r"|y/?o\b|and\b)"
    r"|under (?:18|eighteen|16|sixteen)\b|(?:a |an )?(?:year (?:9|1[0-3]) )?(?:pupil|sixth[- ]former|school ?(?:boy"
    r"|girl|child|kid)|child|minor|kid)\b"
    r"|(?:doing|taking|studying) (?:my|for my) (?:gcses?|a[- ]levels?)\b|in year (?:9|1[0-3])\s*(?:$|[.,!;]))",
    re.IGNORECASE,
)
_CONDITION = (
    r"depress\w*|anxiety|suicid\w*|cancer|chemo\w*|disab\w*|epilep\w*|diabet\w*|autis\w*|asd|adhd|dyslex\w*"
    r"|dyspra\w*|pregnan\w*|"
    r"miscarr\w*|illness|ill|sick(?:ness)?|bipolar|ptsd|breakdown|mental health|wheelchair|abus\w*|assault\w*"
    r"|surgery|hiv|"
    r"muslim|christian|catholic|jewish|hindu|sikh|gay|lesbian|bisexual|trans(?:gender)?|ms|me/cfs|long covid|stroke"
    r"|heart (?:attack|condition)"
)
SENSITIVE = re.compile(
    rf"\b(?:i['’]?m|i am|i have|i['’]?ve|i suffer|i was|i had|i got|my|having|due to|because of|off"
    rf"|diagnosed)\b(?:\W+\w+){{0,5}}?\W+(?:{_CONDITION})\b"
    r"|\bdiagnosed with\b|\bsigned off (?:work|sick)\b|\boff (?:sick|work ill)\b|\bsick leave\b",
    re.IGNORECASE,
)
AFTER = 30  # characters after the condition in which a job makes it a subject: "autism lead"


def is_child(text: str) -> bool:
    """Whether somebody says that they are under 18; nobody is asked."""
    return bool(CHILD.search(text))


def is_sensitive(text: str) -> bool:
    """Whether somebody tells of their own health, belief or the like; the autism lead speaks of a job."""
    found = SENSITIVE.search(text)
    return found is not None and not JOB.search(text[found.end() : found.end() + AFTER])


def about_form(said: Understood, field: str, here: Setting) -> str | None:
    """The answer to a question about the form itself; None for any other message."""
    text = said.text
    if not is_question(text) or asks_why(text):
        return None
    words = here.knowledge.interest
    if MUST_I.search(text) and not said.programmes:
        return _must(field_named(text) or field, here)
    found = next((item.answer for item in words.questions if mentions(text, item.mentions)), None)
    return promise().fill(found, here.contact) if found and not said.programmes else None


def _must(field: str, here: Setting) -> str:
    asked = next((item for item in here.knowledge.interest.fields if item.field == field), None)
    if field in ("email", "phone"):
        return "An email address or a phone number is needed, so that you can be reached. You can skip one of the two."
    if field == "marketing":
        return "You can say no. Your enquiry does not depend on it."
    if asked is None:
        return "Your NPQ, your name, and an email address or phone number are needed. The rest can be skipped."
    if asked.optional:
        return f"No. {asked.why} Say skip to leave it out."
    return f"Yes, this one is needed. {asked.why}"
