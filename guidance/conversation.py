"""One turn: a step of the journey under way, or an answer, or both."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from guidance.enquiry import enquire
from guidance.interest import CannotSave
from guidance.journeys import turns
from guidance.journeys.interest import is_form
from guidance.journeys.interest_aside import about_form
from guidance.journeys.interest_draft import stored
from guidance.journeys.interest_words import START, holds_contact, holds_details
from guidance.journeys.model import Setting
from guidance.journeys.pausing import back_to_paused, forgotten
from guidance.journeys.rights import reference_given, with_request
from guidance.journeys.rights_words import kind_of
from guidance.journeys.words import asks_anything
from guidance.knowledge import Knowledge
from guidance.question import DEFAULT_CONTACT, Context, Understood
from guidance.reply import Answer

QUESTION = "ask_"  # begins the intents of questions about NPQs
SMALL_TALK = (
    "greet",
    "goodbye",
    "thanks",
    "praise",
    "mood",
    "affirm",
    "deny",
    "feedback_bad",
    "person",
    "bot_identity",
)
YES_OR_NO = ("affirm", "deny")
UNDERSTOOD = ("answered", "social", "crisis")  # statuses of messages that were no answer to a form
SURELY_MEANT = 0.8  # confidence from which a message that asks nothing is no stray answer to the form
# "forget what I said", "don't bother", a child's school records: these have words of a right and are none.
SPOKEN_OTHERWISE = ("crisis", "start_over", "deny", "oos_parent", "complaint", "abuse")


def turn(
    said: Understood,
    context: Context,
    knowledge: Knowledge,
    today: date,
    contact: str = DEFAULT_CONTACT,
    session: str = "",
    channel: str = "web",
) -> tuple[Answer, Context]:
    """Answer one message.

    Args:
        said: the message as understood.
        context: what the conversation was about before it.
        today: the day by which facts hold.
        contact: the contact route named when a person is needed.
        session: whose conversation it is; details that people leave are kept by it.
        channel: where they write, such as "web".

    Returns:
        The answer, and the context for the next turn.
    """
    here = Setting(knowledge, today, contact, session, channel)
    reply, after = _forgotten(said, context, here) or _turn(said, context, here)
    after = replace(after, details=context.details or is_form(after))
    # An address is nobody's business but theirs, also outside the form.
    if holds_contact(said) or _may_be_an_answer(said, reply, context, here):
        here.privacy.message = True
    if here.privacy.message or here.privacy.values:
        reply = replace(reply, private=here.privacy.message, hide=tuple(sorted(here.privacy.values, key=len)[::-1]))
    return reply, after


def _forgotten(said: Understood, context: Context, here: Setting) -> tuple[Answer, Context] | None:
    """The form that a crash made the conversation forget, where the message may be for it."""
    surely = said.crisis or START.search(said.text) or (said.intent in SMALL_TALK and said.intent not in YES_OR_NO)
    if context.details or surely or asks_anything(said.text) or not here.session:
        return None
    if said.intent.startswith(QUESTION) and said.confidence >= SURELY_MEANT:
        return None
    try:
        return forgotten(said, context, here)
    except CannotSave:
        return None


def _may_be_an_answer(said: Understood, reply: Answer, context: Context, here: Setting) -> bool:
    """Whether it may be an answer to the form, such as a bare name, though no form is being filled in.

    It may have taken a long way here, and the form has ended or was sent; or a crash and an outage together lost what
    was asked. A school's name may read as anything, so only what was surely meant otherwise is known to be none.
    """
    if is_form(context):
        return False
    answered = reply.status in UNDERSTOOD
    if asks_anything(said.text) and (answered or not holds_details(said)):
        return False
    about = said.intent.startswith(QUESTION) or said.intent in SMALL_TALK
    if about and answered and said.confidence >= SURELY_MEANT:
        return False
    if context.details:
        return True
    try:
        drafts = stored()
    except CannotSave:  # where details cannot be left, none are asked for
        return False
    try:
        return drafts.load(here.session) is not None
    except CannotSave:  # nobody can tell
        return True


def _turn(said: Understood, context: Context, here: Setting) -> tuple[Answer, Context]:
    under_way = turns.go_on(said, context, here) or turns.accepted(said, context, here)
    if under_way is not None:
        return back_to_paused(said, context, *under_way, here)
    if (said.intent not in SPOKEN_OTHERWISE or (said.intent == "crisis" and not said.crisis)) and kind_of(said.text):
        # however unusual its words
        said = replace(said, intent="data_rights", topics=("data_rights",), ranking=(("data_rights", 1.0),))
    if (named := reference_given(said, here)) is not None:
        return named, context
    reply, after = enquire(said, context, here.knowledge, here.today, here.contact)
    leaving = reply.status == "rights" and START.search(said.text) and not kind_of(said.text)
    if said.intent == "start_over" or (reply.status in ("crisis", "rights") and not leaving):
        told = about_form(said, "", here) if reply.status == "rights" and not kind_of(said.text) else None
        reply = replace(reply, messages=(told,)) if told else with_request(reply, said, here)
        return reply, replace(after, journey=None, paused=None)
    return turns.begin(said, reply, context, after, here)
