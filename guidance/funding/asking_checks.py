"""What can be wrong with the funding check's conversation: names that stand for nothing, values that cannot be."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from guidance.funding.asking import Makes
from guidance.knowledge.problems import closest

if TYPE_CHECKING:
    from guidance.funding.model import Funding

MOST_WORDS = 30  # of a question
# The intake is the latest one, and its scholarships follow; the others were used up to autumn 2025 only.
NOT_ASKED = ("cohort", "cohort_funded", "on_disadvantaged_ey_list", "on_la_nursery_list")
Path = tuple[Any, ...]
Fault = tuple[Path, str, str]


def faults(data: Funding, known: Mapping[str, Sequence[str]]) -> Iterator[Fault]:
    """Every fault: path, what is wrong, what to write."""
    inputs = [item.id for item in data.inputs]
    fields = [prompt.field for prompt in data.dialogue.prompts]
    for number, prompt in enumerate(data.dialogue.prompts):
        path: Path = ("dialogue", "prompts", number)
        yield from _names((*path, "finds"), prompt.finds, inputs, "input")
        for field in ("yes", "no"):
            yield from _makes(data, getattr(prompt, field), (*path, field))
        for place, choice in enumerate(prompt.choices):
            here = (*path, "choices", place)
            yield from _makes(data, choice.makes, (*here, "makes"))
            yield from _names((*here, "unsure"), choice.unsure, inputs, "input")
            if choice.then is not None and choice.then not in fields:
                yield (*here, "then"), f"there is no prompt `{choice.then}`.", closest(choice.then, fields)
            if not (choice.makes or choice.unsure):
                yield here, "answers nothing.", "Give it `makes` or `unsure`."
        if len(prompt.text.split()) > MOST_WORDS:
            yield (*path, "text"), f"has {len(prompt.text.split())} words.", f"Ask it in {MOST_WORDS}."
        if fields.index(prompt.field) != number:
            yield (*path, "field"), f"`{prompt.field}` is already used.", "Choose another."
    found = {name for prompt in data.dialogue.prompts for name in prompt.finds}
    for name in inputs if found else ():
        if name not in found and name not in NOT_ASKED:
            yield ("dialogue", "prompts"), f"nothing asks for `{name}`.", "Add a prompt that finds it."
    for number, workplace in enumerate(data.dialogue.workplaces):
        path = ("dialogue", "workplaces", number)
        yield from _makes(data, workplace.makes, (*path, "makes"))
        for kind in ("settings", "roles"):
            yield from _names((*path, kind), getattr(workplace, kind), known.get(kind), kind.rstrip("s"))
    for kind in ("heard", "courses"):
        for number, item in enumerate(getattr(data.dialogue, kind)):
            yield from _makes(data, item.makes, ("dialogue", kind, number, "makes"))
    for number, told in enumerate(data.dialogue.told):
        yield from _names(("dialogue", "told", number, "input"), [told.input], inputs, "input", alone=True)


def _names(
    path: Path, names: Iterable[str], allowed: Sequence[str] | None, kind: str, *, alone: bool = False
) -> Iterator[Fault]:
    for index, name in enumerate(names):
        if allowed is not None and name not in allowed:
            yield (path if alone else (*path, index)), f"there is no {kind} `{name}`.", closest(name, allowed)


def _makes(data: Funding, makes: Makes, path: Path) -> Iterator[Fault]:
    inputs = {item.id: item for item in data.inputs}
    for name, value in makes.items():
        if name not in inputs:
            yield (*path, name), f"there is no input `{name}`.", closest(name, inputs)
        elif not any(value == other and isinstance(value, type(other)) for other in inputs[name].values):
            allowed = [str(other).lower() if isinstance(other, bool) else other for other in inputs[name].values]
            yield (*path, name), f"`{name}` has no value `{value}`.", closest(str(value), allowed)
