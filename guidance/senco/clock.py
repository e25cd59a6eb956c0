"""By when the SENCO qualification must be held, which one it is, and what is uncertain about it."""

from __future__ import annotations

from datetime import date

from guidance.dates import Impossible, Several
from guidance.knowledge import Knowledge
from guidance.question import NOT_ENGLAND
from guidance.reply import Answer
from guidance.senco.case import ASK_WHEN, HELD, MOVED, Case
from guidance.senco.deadline import deadline
from guidance.senco.rule import DEADLINE, REQUIRED, rule
from guidance.senco.said import Known, read
from guidance.senco.words import Sentence, Sentences, day, month


def senco_clock(question_text: str, today: date, knowledge: Knowledge, *, known: Known | None = None) -> Answer | None:
    """Say by when the SENCO qualification must be held.

    Args:
        question_text: the message: the question with its date, or the reply to "when did you take up the post".
        today: the day from which dates count and courses lie ahead.
        knowledge: where the rule and its sources are read.
        known: what the conversation already knows.

    Returns:
        At most two bubbles of at most 60 words; `asking` is "senco_start", with example buttons, where the date of
        the post is missing, impossible, contradictory or too wide. None where the clock has nothing to say: the rule
        is not in the knowledge, or did not hold yet on that day.
    """
    known = known or Known()
    found = rule(knowledge)
    if found is None or today < found.mandatory_since:
        return None
    case = Case(read(question_text, today, knowledge, known), found, known, knowledge, today)
    post = case.said.post
    setting = case.setting_fact()
    if setting and set(known.settings) & set(NOT_ENGLAND):
        return case.reply([Sentence(setting.said(), 0, (setting.id,))])
    if case.said.nasenco == "held":
        return _held(case)
    if isinstance(post, Impossible):
        text = f"“{post.words}” is not in the calendar: {post.why}."
        return case.reply([Sentence(text), Sentence(ASK_WHEN)], ask=True, status="clarify")
    if isinstance(post, Several):
        return _several(case, post)
    if post is None:
        general = Sentence(knowledge.facts[DEADLINE].said(), 0, (DEADLINE,))
        return case.reply([general], [Sentence(ASK_WHEN)], ask=True)
    return deadline(case, post)


def _held(case: Case) -> Answer:
    text = (
        "No deadline: with the NASENCO award you have met the requirement and need not take the SENCO NPQ, which "
        f"replaced it on {day(case.rule.mandatory_since)}. Keep your certificate to show a new school."
    )
    return case.reply([Sentence(text, 0, (HELD, REQUIRED))])


def _several(case: Case, post: Several) -> Answer:
    """Ask which date is meant, and say where the safest of them leads."""
    said = " and ".join(f"“{item.words}”" for item in post.dates[:3])
    first = min(post.dates, key=lambda item: item.first)
    safe: Sentences = []
    if first.earliest and first.earliest >= case.rule.exempt_before:
        ends = case.rule.ends(first.latest)
        verb = "ended" if ends < case.today else "end"
        safe = [Sentence(f"Counted from {first.words}, three years {verb} by {month(ends)}.", 0, (DEADLINE,))]
    text = f"You gave more than one date: {said}. On which did you first take up a post as SENCO?"
    moved = (
        "What a move or a second spell as SENCO does to the three years is not known here; do not count on three "
        "fresh ones."
    )
    return case.reply([Sentence(text)], [*safe, Sentence(moved, 1, (MOVED,))], ask=True)
