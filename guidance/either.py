"""Choosing between NPQs that a message names: "npqsl or npqel for an assistant principal in a college"."""

from __future__ import annotations

import re
from dataclasses import replace

from guidance.question import Understood

COMPARE = "compare"
# These say which of two suits by what the person is.
SAYING_WHICH = ("which_npq", COMPARE)
_OR = re.compile(r"\b(?:or|vs|versus)\b", re.IGNORECASE)
_CHOOSES = re.compile(
    r"\b(?:should|shall|do|would|could) (?:i|we|he|she|they)(?: \w+)? (?:do|take|go|choose|pick|apply|be doing)\b"
    r"|\bto (?:do|take|choose|pick)\b"
    r"|\b(?:would|is|are|will|could)\b(?=.*\b(?:better|best|suits?|right|fits?)\b)",
    re.IGNORECASE,
)
# What else may be asked of either: then it is no choice between them.
_ASKS = re.compile(
    r"\b(?:how|when|where|who|why|what|is|are|do|does|did|can|could|will|would|have|has|get|fund\w*|free|cost\w*|price\w*"
    r"|pay\w*|long|hours?|start\w*|appl\w+|regist\w+|need\w*|eligib\w+|allowed|both|after|before|without|first|change"
    r"|switch|swap)\b",
    re.IGNORECASE,
)


def either(said: Understood) -> Understood:
    """The same message, as asking for a comparison where it only puts two NPQs to choose from."""
    if len(said.programmes) < 2 or not _OR.search(said.text) or set(said.topics) & set(SAYING_WHICH):
        return said
    if not said.intent.startswith("ask_") or _ASKS.search(_CHOOSES.sub(" ", said.text)):
        return said
    return replace(said, intent=f"ask_{COMPARE}", topics=(COMPARE,))
