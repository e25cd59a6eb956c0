"""A text as the classifier reads it: what is asked, apart from what it is asked about.

"How long is npqsl?" and "how long is npqh?" are one question. With the names masked the model learns it once,
and a programme added to the knowledge needs no new examples. The names go beside the text as marks.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bot.nlu.language import phrases as kinds
from bot.nlu.language.entities import Named

MASKS = {kinds.PROGRAMME: "this npq", kinds.PROVIDER: "the provider"}
LONG_FORM = re.compile(r"\bnational professional qualification", re.IGNORECASE)
# Pictures and what modifies them: they are neither words nor part of one.
EMOJI = re.compile("[\U0001f000-\U0001faff\u2600-\u27bf\u2b00-\u2bff\ufe0f\u20e3]+")
MARKED = (kinds.PROGRAMME, kinds.PROVIDER, kinds.ROLE, kinds.SETTING, kinds.PHASE, kinds.TOPIC, kinds.PREMISE)


@dataclass(frozen=True)
class Wording:
    """``text`` with names masked; ``marks``: words such as ``role`` and ``role:senco`` for what was named."""

    text: str
    marks: str


def word(
    text: str, named: Sequence[Named], start: int = 0, end: int | None = None, repair: Callable[[str], str] = str
) -> Wording:
    """The wording of characters ``start`` to ``end`` (exclusive) of a message with these names.

    ``repair`` puts misspelt words right.
    """
    end = len(text) if end is None else end
    inside = [item for item in named if start <= item.start and item.end <= end]
    return Wording(repair(EMOJI.sub(" ", _mask(text, inside, start, end))), _marks(inside))


def _mask(text: str, named: Sequence[Named], start: int, end: int) -> str:
    pieces: list[str] = []
    at = start
    for item in named:
        if item.kind in MASKS and item.start >= at:
            pieces += [text[at : item.start], MASKS[item.kind]]
            at = item.end
    return LONG_FORM.sub("npq", "".join([*pieces, text[at:end]]))


def _marks(named: Sequence[Named]) -> str:
    marks = [mark for item in named if item.kind in MARKED for mark in (item.kind, f"{item.kind}:{item.value}")]
    programmes = len({item.value for item in named if item.kind == kinds.PROGRAMME})
    return " ".join([*marks, f"programmes:{min(programmes, 3)}"])
