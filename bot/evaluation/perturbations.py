"""Messages as hurried people write them: with slips, without punctuation, all lower or upper case."""

from __future__ import annotations

import random
import re
from collections.abc import Callable

Perturb = Callable[[str, random.Random], str]
SHORT = 40  # characters; a longer message gets two slips
LETTERS = "abcdefghijklmnopqrstuvwxyz"


def typos(text: str, chance: random.Random) -> str:
    """One edit in a short message, two in a longer one: a letter swapped, dropped, doubled or replaced."""
    letters = list(text)
    for _ in range(1 if len(text) < SHORT else 2):
        places = [at for at in range(1, len(letters) - 1) if letters[at].isalpha() and letters[at + 1].isalpha()]
        if not places:
            break
        at = chance.choice(places)
        edit = chance.randrange(4)
        if edit == 0:
            letters[at], letters[at + 1] = letters[at + 1], letters[at]
        elif edit == 1:
            del letters[at]
        elif edit == 2:
            letters.insert(at, letters[at])
        else:
            letters[at] = chance.choice(LETTERS)
    return "".join(letters)


PERTURBATIONS: dict[str, Perturb] = {
    "typos": typos,
    "no punctuation": lambda text, _: re.sub(r"[^\w\s]", "", text),
    "lower case": lambda text, _: text.lower(),
    "upper case": lambda text, _: text.upper(),
}
