"""The workplace in the interest form: found in the schools register where it is loaded, else as typed."""

from __future__ import annotations

import re
from typing import Any

from guidance import schools
from guidance.interest import fields
from guidance.journeys import interest_free
from guidance.reply import Button

MOST_SHOWN = 4
NOT_THERE = "None of these"
NONE_OF_THEM = re.compile(
    r"(?:no,? |it'?s )?(?:none|neither|not (?:any|one)|no)(?: of (?:these|those|them|the above))?(?: one)?[\s.!]*"
    r"|(?:mine|it)(?: is|'?s)? ?n[o'’]?t (?:here|there|listed|in the list|one of (?:these|them|those))[\s.!]*"
    r"|not (?:listed|there|here|in the list)[\s.!]*|(?:a different|another) one[\s.!]*",
    re.IGNORECASE,
)


def hear(text: str, draft: dict[str, Any], asking: str) -> str | None:
    """Put the workplace into the draft; what is wrong with it otherwise."""
    if asking == "which_school" and NONE_OF_THEM.fullmatch(text.strip()):
        draft["school"] = draft.pop("school_typed", "") or None
        draft.pop("schools", None)
        return None if draft["school"] else "Please write the name of your school or workplace."
    register = schools.current()
    found = schools.chosen(text, _shown(draft)) if asking == "which_school" else None
    if (found is None or not found.one) and register.has_schools:
        found = register.find(text)
    if found and found.one:
        draft.update(school=found.one.name, school_urn=found.one.urn)
        draft.pop("schools", None)
        draft.pop("school_typed", None)
        return None
    if interest_free.NO_WORKPLACE.search(text):
        draft.update(school=interest_free.no_workplace(text))
        draft.pop("school_urn", None)
        return None
    taken = fields.school(text)
    if found and found.ambiguous and taken.value:
        for name in ("school", "school_urn"):
            draft.pop(name, None)
        draft["schools"] = [school.urn for school in found.schools[:MOST_SHOWN]]
        draft["school_typed"] = taken.value
        return None
    if taken.value:
        draft["school"] = taken.value
        draft.pop("school_urn", None)
    return taken.problem


def chooses(text: str, draft: dict[str, Any]) -> bool:
    """Whether a message picks one of the schools shown, or says that it is none of them."""
    found = schools.chosen(text, _shown(draft))
    return bool(NONE_OF_THEM.fullmatch(text.strip()) or (found and found.one))


def _shown(draft: dict[str, Any]) -> list[schools.School]:
    return [school for urn in draft.get("schools") or () if (school := schools.current().school(urn))]


def choices(draft: dict[str, Any]) -> tuple[Button, ...]:
    """The schools to choose from, where the name fits several."""
    buttons = [
        Button(
            ", ".join(part for part in (school.name, school.where, school.phase.lower()) if part),
            f"{school.name}, URN {school.urn}",
        )
        for school in _shown(draft)
    ]
    return (*buttons, Button(NOT_THERE, NOT_THERE)) if buttons else ()
