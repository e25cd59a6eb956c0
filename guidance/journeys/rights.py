"""A request about one's own data, made in the chat: recorded, with a reference to quote."""

from __future__ import annotations

import re
from dataclasses import replace

from guidance.interest import CannotSave, current
from guidance.interest.promise import promise
from guidance.interest.reference import NotAReference, in_text
from guidance.journeys.model import Setting
from guidance.journeys.rights_words import kind_of
from guidance.question import Understood
from guidance.reply import Answer


def requested(said: Understood, here: Setting) -> Answer | None:
    """Record the request and say its reference; None where the message makes none."""
    kind = kind_of(said.text)
    if kind is None:
        return None
    made, about = promise(), _named(said.text)
    try:
        mine = current().store.registered_in(here.session)
        reference = current().store.requests.open(kind, here.session, about)
    except CannotSave:
        text = "I cannot record your request just now. Please try again in a little while, or write to {contact}."
        return Answer((made.fill(text, here.contact),), "rights", topics=("data_rights",))
    first = "I have recorded your request about your data. Its reference is {reference}."
    then = "{collector} must answer within one month."
    withdraws = kind == "erase" and TAKES_BACK.search(said.text)
    if kind == "erase" and mine:
        first = WITHDRAWN if withdraws else first
        then = "{collector} will delete {mine} and this conversation, and must answer within one month."
    elif withdraws:
        then = "Nothing was registered in this chat. {collector} will delete it, and must answer within one month."
    elif kind == "erase":
        then = (
            "{collector} will delete this conversation and what was registered in it, and must answer within one month."
        )
    if about not in mine:
        then += f" It names {about} too." if about else "" if mine else _OTHER_CHAT
    if withdraws:
        then += " A registration with DfE or a place on a course is something else: tell your provider."
    messages = tuple(
        made.fill(text, here.contact, reference=reference, mine=" and ".join(mine)) for text in (first, then)
    )
    return Answer(messages, "rights", topics=("data_rights",))


# Whoever says this wants their expression of interest taken back, and speaks of no data.
TAKES_BACK = re.compile(
    r"\b(?:registrations?|interests?|sign[- ]?up|enquiry|unregister|de-?register|un-?enrol)\b(?! (?:data|details))",
    re.IGNORECASE,
)
WITHDRAWN = (
    "I have recorded that you withdraw your expression of interest {mine}. This request has the reference {reference}."
)
_OTHER_CHAT = " If you registered in another chat, say that reference here too (NPQ-....-....), so that it is found."


def reference_given(said: Understood, here: Setting) -> Answer | None:
    """A message that gives a reference: added to the request made before it. None where it gives none."""
    try:
        about = in_text(said.text)
    except NotAReference as problem:
        return Answer((str(problem),), "rights", topics=("data_rights",))
    if about is None or kind_of(said.text):
        return None
    try:
        reference = current().store.requests.name(here.session, about)
    except CannotSave:
        text = "I cannot add that just now. Please try again in a little while, or write to {contact}."
        return Answer((promise().fill(text, here.contact),), "rights", topics=("data_rights",))
    text = f"Thank you. I have added {about} to your request {reference}." if reference else promise().fill(KNOWN, "")
    return Answer((text,), "rights", topics=("data_rights",))


# Nothing is said about what it holds: anybody could type it.
KNOWN = (
    "That is the reference of an expression of interest. I cannot show what is kept under it here. To have it deleted, "
    "changed or sent to you, say so, for example “delete my details”, and I record the request."
)


def _named(text: str) -> str | None:
    try:
        return in_text(text)
    except NotAReference:
        return None


def with_request(reply: Answer, said: Understood, here: Setting) -> Answer:
    """The answer on data protection, with the request recorded where it was one."""
    if reply.status != "rights":
        return reply
    made = requested(said, here)
    return reply if made is None else replace(made, sources=reply.sources, buttons=reply.buttons)
