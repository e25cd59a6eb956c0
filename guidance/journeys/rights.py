"""A request about one's own data, made in the chat: recorded, with a reference to quote."""

from __future__ import annotations

import re
from dataclasses import replace

from guidance.interest import CannotSave, current
from guidance.interest.promise import promise
from guidance.journeys.model import Setting
from guidance.journeys.words import is_question
from guidance.question import Understood
from guidance.reply import Answer

_MINE = r"(?:my|me|mine|i'?ve|what i|our)"
_ABOUT = r"(?:data|details|information|record)"
_KEPT = r"(?:personal data|conversation|chat(?: history)?|transcript|account|everything (?:you|about me))"
KINDS = (
    (
        "erase",
        rf"\b(?:delete|erase|remove|forget|wipe|destroy)\b.{{0,30}}\b(?:{_MINE}\b.{{0,20}}\b{_ABOUT}\b|{_KEPT}\b)"
        r"|\b(?:delete|erase|forget) me\b|\bright to be forgotten\b",
    ),
    (
        "access",
        rf"\b(?:copy|see|access|download|send me|show me|what)\b.{{0,40}}\b{_MINE}\b.{{0,30}}\b{_ABOUT}\b"
        rf"|\bsubject access\b|\bd?sar\b|\b{_ABOUT} (?:do )?you (?:hold|have|keep) (?:on|about) me\b",
    ),
    ("correct", rf"\b(?:correct|rectify|change|update|amend)\b.{{0,30}}\b{_MINE}\b.{{0,20}}\b{_ABOUT}\b"),
    (
        "withdraw",
        r"\b(?:withdraw|take back)\b.{0,20}\bconsent\b|\bunsubscribe\b|\bstop (?:emailing|contacting|sending)\b",
    ),
    ("restrict", rf"\brestrict\b.{{0,30}}\b{_MINE}\b"),
    (
        "object",
        rf"\bobject to\b.{{0,30}}\b{_MINE}\b|\bdo ?n'?t (?:use|process|share)\b.{{0,20}}\bmy {_ABOUT}\b",
    ),
)
_PATTERNS = tuple((kind, re.compile(pattern, re.IGNORECASE)) for kind, pattern in KINDS)
_ASKING = re.compile(r"^(?:can|could|would|will) (?:you|i)\b|^(?:please|pls)\b", re.IGNORECASE)
_HOW = re.compile(r"^(?:how|what happens|why|when|where|who|do you|does|is)\b", re.IGNORECASE)


def kind_of(text: str) -> str | None:
    """Which right a message uses; None where it only asks about data protection."""
    plain = text.strip().replace("’", "'")
    found = next((kind for kind, pattern in _PATTERNS if pattern.search(plain)), None)
    if found is None or (_HOW.match(plain) and found != "access"):
        return None
    return found if not is_question(plain) or _ASKING.match(plain) or found == "access" else None


def requested(said: Understood, here: Setting) -> Answer | None:
    """Record the request and say its reference; None where the message makes none."""
    kind = kind_of(said.text)
    if kind is None:
        return None
    made = promise()
    try:
        reference = current().store.open_rights_request(kind, here.session)
    except CannotSave:
        text = "I cannot record your request just now. Please try again in a little while, or write to {contact}."
        return Answer((made.fill(text, here.contact),), "rights", topics=("data_rights",))
    first = "I have recorded your request about your data. Its reference is {reference}."
    then = "{collector} must answer within one month."
    if kind == "erase":
        then = (
            "{collector} will delete this conversation and what was registered in it, and must answer within one month."
        )
    then += " If you registered in another chat, say its reference here too, so that it is found."
    messages = tuple(made.fill(text, here.contact, reference=reference) for text in (first, then))
    return Answer(messages, "rights", topics=("data_rights",))


def with_request(reply: Answer, said: Understood, here: Setting) -> Answer:
    """The answer on data protection, with the request recorded where it was one."""
    if reply.status != "rights":
        return reply
    made = requested(said, here)
    return reply if made is None else replace(made, sources=reply.sources, buttons=reply.buttons)
