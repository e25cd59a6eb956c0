"""What the interest form says: its questions, the answers to check, the reference, and what cannot be done."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from guidance.interest.fields import shown_phone
from guidance.interest.promise import Promise, promise
from guidance.journeys import interest_school
from guidance.journeys.model import Heard, Progress, Setting
from guidance.knowledge import AskedField, Knowledge
from guidance.reply import Answer, Button, Cited

Draft = Mapping[str, Any]
HOW = re.compile(r"(how (do|can|would|should) (i|we)|where (do|can) (i|we)|can (i|we)|what is|what'?s|is there|do i)\b")
ORDER = ("programme", "name", "email", "role", "school", "cohort", "phone", "marketing")
ASKED = (*ORDER, "which_school", "confirm", "change")
TOPIC = ("register_interest",)
SKIP = Button("Skip", "Skip")
NO_NEWS = Button("No", "No")
WITHDRAW = Button("Withdraw it", "Withdraw my interest")
COURSES = (
    ("NPQH", "NPQH"), ("NPQSL", "NPQSL"), ("SENCO (NPQSENCO)", "NPQSENCO"), ("Early years (NPQEYL)", "NPQEYL"),
    ("Leading teaching (NPQLT)", "NPQLT"), ("Behaviour (NPQLBC)", "NPQLBC"), ("Literacy (NPQLL)", "NPQLL"),
    ("Primary maths (NPQLPM)", "NPQLPM"), ("Teacher development (NPQLTD)", "NPQLTD"),
    ("Executive leadership (NPQEL)", "NPQEL"), ("Headship coaching (EHCO)", "EHCO"),
)  # fmt: skip


def next_question(draft: Draft, progress: Progress, here: Setting) -> Answer:
    """What is still to be asked; the answers to check when nothing is."""
    about = tuple(draft.get("programmes") or ())
    return replace(_next(draft, progress, here), programmes=about)


def _next(draft: Draft, progress: Progress, here: Setting) -> Answer:
    if progress.asking == "change":
        return _what_to_change(draft, here)
    if draft.get("schools"):
        text = "I know several schools like that. Which one is it?"
        return _form(text, "which_school", interest_school.choices(dict(draft)))
    field = next((name for name in ORDER if not _known(name, draft)), None)
    if field is None:
        return _check(draft, here)
    question = _question(field, draft, progress.tries, here)
    if field != "programme" and "told" not in progress.asked and not set(progress.asked) - {"programme", "again"}:
        return _with_notice(question, here)
    return question


def wordings(here: Setting) -> tuple[str, str]:
    """The notice and the question about news, word for word as they are shown."""
    made, words = _promise(), here.knowledge.interest
    return made.fill(words.notice, here.contact), made.fill(words.marketing, here.contact)


def saved(reference: str, programmes: tuple[str, ...], here: Setting, *, again: bool = False) -> Answer:
    """Only after it is saved and read back: the reference, what happens next, whom to ask."""
    words = here.knowledge.interest
    first = _promise().fill(words.saved, here.contact, reference=reference)
    then = _promise().fill(words.next, here.contact, reference=reference)
    if again:
        first = f"{first} That was earlier in this chat, so I have not sent it twice."
        then += " To register for another NPQ or another person, say “register another”."
    buttons = _steps(here.knowledge, "funding", "dates")
    return Answer((first, then), "form", topics=TOPIC, programmes=programmes, buttons=buttons)


def already_sent(reference: str, here: Setting) -> Heard:
    """It can no longer be changed here: the collector does that, when asked."""
    text = (
        "Your interest is registered as {reference}, so I cannot change it here. Say “correct my details”, and I "
        "record with a reference that {the_collector} is to do so."
    )
    correct = Button("Ask for a correction", "Please correct my details")
    return Heard(problem=_promise().fill(text, here.contact, reference=reference), buttons=(correct, WITHDRAW))


def may_withdraw(reference: str, here: Setting) -> Heard:
    """How what was registered is taken back."""
    text = (
        "Your interest is registered as {reference}. To withdraw it, say “withdraw my interest”: I record that with a "
        "reference, and {the_collector} deletes what you sent."
    )
    return Heard(problem=_promise().fill(text, here.contact, reference=reference), buttons=(WITHDRAW,))


def what_next(reference: str, here: Setting) -> Heard:
    """What follows once it is registered."""
    return Heard(problem=_promise().fill(f"{here.knowledge.interest.next} It is {reference}.", here.contact))


def cannot_save(here: Setting, *, maybe: bool = False) -> Answer:
    """It is not saved, and nothing pretends that it is."""
    text = _promise().fill(here.knowledge.interest.cannot_save, here.contact)
    if maybe:
        text += " It may have been saved all the same; trying again does not make a second one."
    again = (Button("Try again", "Try again"), Button("Cancel", "cancel"))
    return Answer((text,), "error", topics=TOPIC, buttons=again, asking="confirm")


def cannot_delete(here: Setting) -> str:
    """Cancelled while the database is away: said as it is."""
    text = (
        "I have stopped. Nothing was registered. What you told me cannot be deleted just now; nobody is sent it, and "
        "it is deleted by itself within a day. For questions about it write to {contact}."
    )
    return _promise().fill(text, here.contact)


def expired(here: Setting) -> Answer:
    """The draft has gone: left for too long, or deleted."""
    text = "Your answers were left for too long, so I have deleted them. Nothing was registered. Shall we start again?"
    return Answer((text,), "form", topics=TOPIC, buttons=(Button("Start again", "I want to register my interest"),))


def not_kept(field: str, draft: Draft, progress: Progress, here: Setting) -> str:
    """Something private was said that the form does not need; its question again."""
    question = next_question(draft, replace(progress, asking=field if field == "change" else None), here)
    return f"{here.knowledge.interest.care.sensitive} {question.messages[-1]}"


def why(field: str, here: Setting, draft: Draft | None = None) -> str:
    """Why a field is asked for."""
    if field == "phone" and draft and draft.get("skipped_email"):
        return "Without an email address it is the only way to reach you."
    if field in ("confirm", "change"):
        return _promise().fill("So that {the_collector} gets what you mean. Nothing is sent until you say so.", "")
    named = {"which_school": "school"}.get(field, field)
    asked = _field(named, here.knowledge)
    return _promise().fill(asked.why, here.contact)


def _known(field: str, draft: Draft) -> bool:
    if field == "programme":
        return bool(draft.get("programmes"))
    if field == "email":
        return bool(draft.get("email")) or bool(draft.get("skipped_email"))
    if field == "marketing" and not draft.get("email"):
        return True  # news come by email, so there is nothing to ask
    return field in draft or bool(draft.get("skipped_" + field))


def _question(field: str, draft: Draft, tries: int, here: Setting) -> Answer:
    asked = _field(field, here.knowledge)
    if field == "programme":
        ended = f"{draft['ended']} can no longer be taken. " if draft.get("ended") else ""
        return _form(ended + asked.ask, field, tuple(Button(title, says) for title, says in COURSES))
    if field == "email" and draft.get("email_maybe"):
        typed, meant = draft["email_maybe"]
        if typed == meant:
            whole = (Button("Yes", "Yes"), Button("No", "No"))
            return _form(f"I read {typed}. Is that your whole address?", field, whole)
        yes, no = Button("Yes, change it", "Yes"), Button("No, it is right", "No")
        return _form(f"You wrote {typed}. Did you mean {meant}?", field, (yes, no))
    if field == "phone" and draft.get("skipped_email"):
        email = Button("Give an email address", "Change the email")
        return _form("What is your phone number? Without an email address it is needed.", field, (email,))
    if field == "cohort":
        return _form(asked.ask, field, _starts(here))
    if field == "marketing":
        return _form(wordings(here)[1], field, (Button("Yes", "Yes"), NO_NEWS))
    can_skip = field in ("phone", "role", "school") or (field == "email" and tries > 1)
    return _form(asked.ask, field, (SKIP,) if can_skip else ())


def _starts(here: Setting) -> tuple[Button, ...]:
    ahead = [item for item in here.knowledge.cohorts if item.first_day > here.today]
    started = [item for item in here.knowledge.cohorts if item.first_day <= here.today]
    year = started[-1].first_day.year + 1 if started else here.today.year
    soonest = ahead[0].label[:1].upper() + ahead[0].label[1:] if ahead else f"Autumn {max(year, here.today.year)}"
    names = (soonest, "Later than that", "Not sure yet")
    return tuple(Button(name, name) for name in names)


def _with_notice(question: Answer, here: Setting) -> Answer:
    notice, _ = wordings(here)
    day = here.knowledge.interest.version
    year, month = (int(part) for part in day.split("-")[:2])
    cited = Cited("Privacy notice", _promise().notice, here.today.replace(year=year, month=month, day=1))
    return replace(question, messages=(notice, *question.messages), sources=(cited,))


def so_far(draft: Draft, here: Setting) -> str:
    """What is in the draft."""
    there = [line for line in _lines(draft, here) if not line.endswith(": left out")]
    return "So far I have:\n" + "\n".join(there) if there else "You have told me nothing yet."


def _lines(draft: Draft, here: Setting) -> list[str]:
    """The answers, a line each."""
    shown = {
        "programme": ", ".join(draft.get("programmes") or ()),
        "phone": shown_phone(draft["phone"]) if draft.get("phone") else "",
        "marketing": ("yes" if draft["marketing"] else "no") if "marketing" in draft else "",
    }
    return [f"{_field(name, here.knowledge).label}: {shown.get(name, draft.get(name)) or 'left out'}" for name in ORDER]


def _check(draft: Draft, here: Setting) -> Answer:
    answers = "Please check your answers.\n" + "\n".join(_lines({"marketing": False, **draft}, here))
    question = f"Shall I send this to {_promise().the_collector}?"
    buttons = (
        Button("Yes, send it", "Yes, send it"),
        Button("Change something", "Change something"),
        Button("Cancel", "cancel"),
    )
    return Answer((answers, question), "form", buttons=buttons, asking="confirm", topics=TOPIC)


def _what_to_change(draft: Draft, here: Setting) -> Answer:
    buttons = [Button(_field(name, here.knowledge).label, f"Change the {_WORDS[name]}") for name in ORDER]
    return _form("What shall I change?", "change", tuple(buttons))


_WORDS = {
    "programme": "NPQ", "name": "name", "email": "email", "role": "role", "school": "school", "cohort": "start",
    "phone": "phone", "marketing": "news",
}  # fmt: skip


def _form(text: str, field: str, buttons: tuple[Button, ...] = ()) -> Answer:
    return Answer((text,), "form", buttons=buttons, asking=field, topics=TOPIC)


def _field(name: str, knowledge: Knowledge) -> AskedField:
    return next(item for item in knowledge.interest.fields if item.field == name)


def _steps(knowledge: Knowledge, *names: str) -> tuple[Button, ...]:
    found = [knowledge.topics[name] for name in names if name in knowledge.topics]
    return tuple(Button(topic.title, topic.example) for topic in found)


def _promise() -> Promise:
    return promise()
