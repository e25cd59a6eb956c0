"""Words -> answers to the funding rules' inputs: by buttons, workplaces and phrases of the funding file."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from guidance.funding.asking import Dialogue, Makes, Prompt

GAP = "..."
COUNTRY = "works_in_england"
MOST_HERE = 5  # words of an answer to one question only
# What belongs to one workplace and goes when another is named.
OF_THE_WORKPLACE = (
    "work_setting", "early_years_kind", "la_nursery_school", "on_childminder_list", "on_disadvantaged_ey_list",
    "on_la_nursery_list", "eligible_establishment", "on_rise_list", "on_pp50_list", "employment_type",
    "itt_provider_approved", "rtta_referral",
)  # fmt: skip


def workplace(settings: Sequence[str], roles: Sequence[str], dialogue: Dialogue) -> Makes:
    """What the settings and roles named say of the workplace; settings before roles, the first of each first."""
    made: Makes = {}
    for ids, kind in ((settings, "settings"), (roles, "roles")):
        for one in ids:
            for place in dialogue.workplaces:
                if one in getattr(place, kind) and not _clash(made, place.makes):
                    made.update(place.makes)
    return made


def _clash(made: Makes, more: Makes) -> bool:
    return any(name in made and made[name] != value for name, value in more.items())


def phrases(text: str, dialogue: Dialogue) -> Makes:
    """What the words themselves say; of two answers to the same input the first in the file."""
    text = text.replace("’", "'").lower()
    made: Makes = {}
    countries = set()
    for item in dialogue.heard:
        if COUNTRY in item.makes and _pattern(tuple(item.phrases)).search(text):
            countries.add(item.makes[COUNTRY])
        elif all(name not in made for name in item.makes) and _pattern(tuple(item.phrases)).search(text):
            made.update(item.makes)
    if len(countries) == 1:  # "live in Wales, work in Hereford" says neither
        made[COUNTRY] = countries.pop()
    return made


def heard_here(text: str, prompt: Prompt) -> Makes:
    """What a few words say as an answer to this question, though they would say nothing elsewhere."""
    if len(text.split()) > MOST_HERE:
        return {}
    return next((dict(item.makes) for item in prompt.hears if _pattern(tuple(item.phrases)).search(text)), {})


def named_courses(text: str, dialogue: Dialogue) -> tuple[str, ...]:
    """The courses a message names by their subject, where it is known to name one."""
    text = text.replace("’", "'").lower()
    return tuple(str(item.makes["course"]) for item in dialogue.courses if _pattern(tuple(item.phrases)).search(text))


@lru_cache(maxsize=256)
def _pattern(said: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(r"(?<!\w)(?:" + "|".join(_one(phrase) for phrase in said) + r")(?!\w)")


def _one(phrase: str) -> str:
    parts: list[str] = []
    for word in phrase.lower().split():
        if word == GAP:
            parts.append(r"(?:\W+[\w']+){0,4}?")
        else:
            parts.append((r"\W+" if parts else "") + re.escape(word))
    return "".join(parts)


def prompt_for(needs: Sequence[str], known: Makes, dialogue: Dialogue) -> Prompt | None:
    """The question to ask next. Where nothing of the workplace is known, one question finds it with the country."""
    wanted = list(needs)
    if "works_in_england" in wanted and "work_setting" in wanted and "work_setting" not in known:
        wanted.remove("works_in_england")
    fitting = [prompt for prompt in dialogue.prompts if any(name in wanted for name in prompt.finds)]
    if not fitting:
        return None
    # Of the two lists one may be known: then only the other is asked about.
    open_ = set(fitting[0].finds) & set(wanted)
    return next((prompt for prompt in fitting if set(prompt.finds) == open_), fitting[0])


def told(known: Makes, dialogue: Dialogue) -> Iterator[str]:
    """The answers as they are repeated to the person."""
    for item in dialogue.told:
        if item.input in known and item.value in (None, known[item.input]):
            yield item.says.replace("{" + item.input + "}", str(known[item.input]))
