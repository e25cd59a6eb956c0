"""The SENCO clock: when somebody took the post, and so by when the qualification must be held."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from guidance.dates import DateSaid, Impossible, dates_in
from guidance.journeys.model import Heard, Journey, Progress, Setting
from guidance.journeys.words import plain
from guidance.question import Context, Understood
from guidance.reply import Answer, Button
from guidance.senco import Known, asks_by_when, asks_for_clock, senco_clock

AWARD = re.compile(r"\bna(?:sen|s?en)co\b|\bnational award\b|\b(?:since|before|in) 2009\b", re.IGNORECASE)
# What may stand beside a date that answers "three years from the day you took the post".
OF_THE_POST = re.compile(
    r"\b(?:i|she|he|hers|his|ours|ive|i'?ve|was|been|it|we|since|from|started|began|became|appointed|took|in|on|as|about|around|roughly|early"
    r"|late|mid|beginning|end|of|the|post|role|job|send?co|over|so|well|mine|for|me|ago)\b|[^\w]"
)
# Whether such a person may hold the post is asked, not by when they must have the qualification.
NO_TEACHER = re.compile(
    r"\b(?:isn['’]?t|is not|not|aren['’]?t|without|no)\b[\w ]{0,16}\b(?:teacher|qts)\b", re.IGNORECASE
)
FEW_WORDS = 6  # "how long have I got": nothing else is asked
SPOKEN_OF = {"senco_deadline", "senco_required"}  # their answers speak of the three years
EXAMPLE = "When must I finish the SENCO NPQ?"


class SencoClock(Journey):
    """By when must I have it?"""

    id = "senco"
    name = "working out your SENCO deadline"
    topics = ("senco_deadline", "senco_required", "nasenco")
    near = ("senco_required",)
    invitation = Button("Work out my deadline", "By when must I have the SENCO qualification?")
    cancelled = "I have stopped. Ask me anything else about the SENCO NPQ whenever you like."

    def wanted(self, said: Understood, topics: tuple[str, ...], context: Context, here: Setting) -> Progress | None:
        """Where someone asks by when they must have the qualification, or gives the date of their post."""
        pressed = plain(said.text) in (plain(self.invitation.payload), plain(EXAMPLE))
        asked, by_when, spoken = asks_for_clock(said), asks_by_when(said), bool(SPOKEN_OF & set(context.topics))
        if not (pressed or asked or by_when or spoken):  # every message comes here; its dates are read for few
            return None
        found = dates_in(said.text, here.today)
        alone = spoken and _only_a_date(said, found)
        post = "" if found else _told_before(context, here)
        left = bool(post) and by_when
        if not (pressed or asked or alone or left):
            return None
        if NO_TEACHER.search(said.text) and not by_when:
            return None
        alone = alone or (left and len(said.text.split()) <= FEW_WORDS)
        settings = list(said.settings or context.settings)
        answers = {"text": said.text, "post": post, "settings": settings, "alone": alone}
        progress = Progress(self.id, answers=answers)
        return progress if _clock(progress, here) is not None else None

    def hear(self, said: Understood, progress: Progress, context: Context, here: Setting) -> Heard:
        """The date of the post, or what changes the rule: an older award, work outside England."""
        found = dates_in(said.text, here.today)
        answers = dict(progress.answers)
        if said.intent == "ask_which_npq":
            return Heard()
        if found or said.settings or AWARD.search(said.text):
            settings = list(said.settings) or answers.get("settings", [])
            earlier = answers.get("post") or answers.get("text") or ""
            post = "" if found else earlier
            return Heard(replace(progress, answers={"text": said.text, "post": post, "settings": settings}))
        told = any(dates_in(str(answers.get(name) or ""), here.today) for name in ("text", "post"))
        return Heard(progress) if told and asks_by_when(said) else Heard()

    def step(self, progress: Progress, here: Setting) -> tuple[Answer, Progress]:
        """The deadline, or the question when the post began."""
        answer = _clock(progress, here)
        if answer is None:
            fact = here.knowledge.topics["senco_deadline"].facts[0]
            return Answer((fact.said(),), "answered", topics=("senco_deadline",)), replace(progress, done=True)
        if answer.asking:
            return answer, progress.asks(answer.asking)
        return answer, replace(progress, done=True, asking=None)

    def again(self, progress: Progress, here: Setting) -> Answer:
        """The question it is at."""
        answer = _clock(replace(progress, answers={"text": ""}), here)
        assert answer is not None  # the rule was there when the journey began
        return answer

    def why(self, progress: Progress, here: Setting) -> str:
        """Why it asks that."""
        return (
            "The three years count from the day you took up the post, and posts before 2009 have a rule of their own."
        )


def _told_before(context: Context, here: Setting) -> str:
    """The words in which the start of the post was told earlier in the conversation; empty when it was not."""
    before = Progress.from_dict(context.journey)
    if before is None or before.id != SencoClock.id:
        return ""
    told = [str(before.answers.get(name) or "") for name in ("post", "text")]
    return next((text for text in told if text and dates_in(text, here.today)), "")


def _only_a_date(said: Understood, found: Sequence[DateSaid | Impossible]) -> bool:
    """Whether the date of the post is all that is said."""
    text = said.text.lower()
    for item in found:
        text = text.replace(item.words.lower(), " ")
    return text != said.text.lower() and not OF_THE_POST.sub("", text)


def _clock(progress: Progress, here: Setting) -> Answer | None:
    answers = progress.answers
    known = Known(settings=tuple(answers.get("settings", ())), post=answers.get("post") or None, contact=here.contact)
    answer = senco_clock(str(answers.get("text", "")), here.today, here.knowledge, known=known)
    return answer if answer is None or answer.topics else replace(answer, topics=("senco_deadline",))
