"""The workplace in the interest form: found in the schools register where it is loaded, else as typed."""

from __future__ import annotations

from typing import Any

from guidance import schools
from guidance.interest import fields
from guidance.reply import Button

MOST_SHOWN = 4
NOT_THERE = "None of these"


def hear(text: str, draft: dict[str, Any], asking: str) -> str | None:
    """Put the workplace into the draft; what is wrong with it otherwise."""
    if asking == "which_school" and text.strip().lower() == NOT_THERE.lower():
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
    taken = fields.school(text)
    if found and found.ambiguous and taken.value:
        draft["schools"] = [school.urn for school in found.schools[:MOST_SHOWN]]
        draft["school_typed"] = taken.value
        return None
    if taken.value:
        draft["school"] = taken.value
        draft.pop("school_urn", None)
    return taken.problem


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
