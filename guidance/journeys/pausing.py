"""The form that another journey interrupted goes on afterwards: nobody has to start it again."""

from __future__ import annotations

import re
from dataclasses import replace

from guidance.journeys import turns
from guidance.journeys.interest import RegisterInterest
from guidance.journeys.interest_draft import left_behind
from guidance.journeys.model import Progress, Setting
from guidance.journeys.rights_words import kind_of
from guidance.journeys.words import CANCEL
from guidance.question import Context, Understood
from guidance.reply import Answer


def back_to_paused(
    said: Understood, before: Context, reply: Answer, after: Context, here: Setting
) -> tuple[Answer, Context]:
    """Once a journey that interrupted the form is over, or the form is asked for, go on with the form."""
    paused = Progress.from_dict(before.paused)
    now = Progress.from_dict(after.journey)
    form = RegisterInterest()
    if paused is None or (now is not None and now.id == form.id):
        return reply, replace(after, paused=None) if now is not None and now.id == form.id else after
    wanted = BACK_TO_FORM.search(said.text)
    if not wanted and now is not None and not now.done:
        return reply, replace(after, paused=before.paused)
    question = form.again(paused, here)
    messages: tuple[str, ...] = (f"Back to {form.name}. {question.messages[-1]}",)
    if not wanted:
        messages = (*reply.messages[: turns.MOST_BUBBLES - 1], *messages)
    resumed = replace(reply, messages=messages, buttons=turns.with_stop(question.buttons), asking=question.asking)
    return resumed, replace(after, journey=paused.to_dict(), paused=None, asking=question.asking)


def forgotten(said: Understood, context: Context, here: Setting) -> tuple[Answer, Context] | None:
    """The form goes on where a crash made the conversation forget that it was being filled in.

    What was said is not taken for an answer: nobody knows which question it answers.

    Raises:
        CannotSave: the database cannot be read.
    """
    draft = None if context.details else left_behind(context, here)
    if draft is None or "sent" in draft:
        return None
    form, progress = RegisterInterest(), Progress(RegisterInterest.id, explicit=True)
    here.privacy.message = True
    knowing = replace(context, journey=progress.to_dict(), details=True)
    if CANCEL.fullmatch(said.text.strip()) or turns.DELETE_ALL.fullmatch(said.text.strip()) or kind_of(said.text):
        return turns.go_on(said, knowing, here)
    question, progress = form.step(progress, here)
    lost = replace(question, messages=(LOST, *question.messages))
    return lost, replace(knowing, journey=progress.to_dict(), asking=question.asking)


LOST = "Sorry, something went wrong and I may have lost your last message. I still have what you told me before it."
BACK_TO_FORM = re.compile(
    r"\b(back to|carry on with|continue|go on with|finish|resume)\b.{0,20}\b(regist\w+|form|details|interest"
    r"|signing up)\b",
    re.IGNORECASE,
)
