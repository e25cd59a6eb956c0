"""The form that another journey interrupted goes on afterwards: nobody has to start it again."""

from __future__ import annotations

import re
from dataclasses import replace

from guidance.journeys import turns
from guidance.journeys.interest import RegisterInterest
from guidance.journeys.model import Progress, Setting
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


BACK_TO_FORM = re.compile(
    r"\b(back to|carry on with|continue|go on with|finish|resume)\b.{0,20}\b(regist\w+|form|details|interest"
    r"|signing up)\b",
    re.IGNORECASE,
)
