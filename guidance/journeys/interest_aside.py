"""What is said in the form that is no answer: questions about the form itself, and what ends or halts it."""

from __future__ import annotations

import re

from guidance.interest.promise import promise
from guidance.journeys.interest_asking import why
from guidance.journeys.interest_correcting import field_named
from guidance.journeys.interest_looks import JOB
from guidance.journeys.model import Setting
from guidance.journeys.words import asks_why, is_question
from guidance.mentions import mentions
from guidance.question import Understood

REPEAT = re.compile(
    r"\bwhat do you mean\b|\bwhat does that mean\b|\b(?:can|could) you repeat\b|\bsay (?:that|it) again\b"
    r"|\bwhat was the question\b",
    re.IGNORECASE,
)
SO_FAR = re.compile(
    r"\b(?:show|tell|read|list|give)\b.{0,20}\b(?:what i(?:['’]?ve| have)? (?:told|given|said|entered|typed|put)"
    r"|my answers|what you have|what you['’]?ve got)\b"
    r"|\bwhat (?:have you|do you have|you have|have i|did i)\b.{0,25}"
    r"\b(?:so far|down|got for me|told you|given you|put)\b",
    re.IGNORECASE,
)
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
    r"|(?:doing|taking|studying) (?:my|for my) (?:gcses?|a[- ]levels?)\b|in year (?:9|1[0-3])\s*(?:$|[.,!;])"
    r"|(?:ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen)\s*(?:$|[.,!;]|years? old\b)"
    r"|still at school\b)",
    re.IGNORECASE,
)
_STATE = (
    r"depressed|suicidal|autistic|disabled|pregnant|epileptic|diabetic|dyslexic|dyspraxic|bipolar|ill|sick"
    r"|anxious and depressed|gay"
    r"|lesbian|bisexual|transgender|a wheelchair user|muslim|jewish|hindu|sikh|hiv positive"
)
_CONDITION = (
    r"depression|anxiety|cancer|chemo\w*|disability|epilepsy|diabetes|autism|asd|adhd|dyslexia|dyspraxia"
    r"|miscarriage|illness"
    r"|bipolar|ptsd|breakdown|mental health|ms|me/cfs|long covid|stroke|heart (?:attack|condition|disease)|hiv"
    r"|surgery|abuse"
)
# Of oneself, in so many words: the autism lead, St Mary's Catholic Primary and Christian Bale tell of nothing private.
SENSITIVE = (
    re.compile(
        rf"\b[Ii](?:['’]?m| am)\s+(?:(?:a bit|very|so|quite|currently|also|really|an?)\s+)*(?:{_STATE})\b(?!\s+[A-Z])"
    ),
    re.compile(
        rf"\bi(?:['’]?ve| have| had| suffer from| was diagnosed with|['’]?ve got|['’]?ve had)\s+(?:(?:a|an|got|had"
        rf"|been|severe|bad|some)\s+)*"
        rf"(?:{_CONDITION})\b",
        re.IGNORECASE,
    ),
    re.compile(
        rf"\b(?:my|due to|because of|recovering from|living with|suffering from|with)\s+(?:own )?(?:{_CONDITION})\b",
        re.IGNORECASE,
    ),
    re.compile(
        r"\bdiagnosed with\b|\bsigned off (?:work|sick)\b|\boff (?:sick|work ill)\b|\bsick leave\b", re.IGNORECASE
    ),
)
AROUND = 30  # characters around a condition in which a job or a pupil makes it a subject: "lead for mental health"
_A_SUBJECT = re.compile(
    r"\b(?:pupils?|children|students?|team|school|lead for|head of|working with|in charge of|teach\w*)\b", re.IGNORECASE
)


def is_child(text: str) -> bool:
    """Whether somebody says that they are under 18; nobody is asked."""
    return bool(CHILD.search(text))


def is_sensitive(text: str) -> bool:
    """Whether somebody tells of their own health, belief or the like; the autism lead speaks of a job."""
    if "@" in text:
        return False
    for pattern in SENSITIVE:
        if found := pattern.search(text):
            around = text[max(0, found.start() - AROUND) : found.end() + AROUND]
            after = text[found.end() : found.end() + AROUND]
            return not (_A_SUBJECT.search(around) or JOB.search(after))
    return False


def about_form(said: Understood, field: str, here: Setting) -> str | None:
    """The answer to a question about the form itself; None for any other message."""
    text = said.text
    if not is_question(text) or asks_why(text):
        return None
    words = here.knowledge.interest
    if REPEAT.search(text) and field:
        return why(field, here)
    if MUST_I.search(text) and field and not said.programmes:
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
