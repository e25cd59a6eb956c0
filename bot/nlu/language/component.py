"""Our spelling as a spaCy component."""

# No `from __future__ import annotations` here: spaCy reads the factory's types at run time.

from collections.abc import Callable

from spacy.language import Language
from spacy.tokens import Doc, Token

NAME = "guide_spelling"
# The halves of contractions, as people write them with and without apostrophe.
PARTS = frozenset(
    [
        "n't",
        "n’t",
        "nt",
        "'m",
        "’m",
        "m",
        "ca",
        "wo",
        "'ve",
        "’ve",
        "ve",
        "'re",
        "’re",
        "re",
        "'ll",
        "’ll",
        "ll",
        "'d",
        "’d",
        "d",
    ]
)


class Spelling:
    """Sets each token's ``norm_`` to the lower-case word it was meant to be."""

    def __init__(self) -> None:
        self.repair: Callable[[str], str] = str.lower

    def __call__(self, doc: Doc) -> Doc:
        for token in doc:
            token.norm_ = contracted(token) or self.repair(token.lower_)
        return doc


@Language.factory(NAME)
def make_spelling(nlp: Language, name: str) -> Spelling:
    """The factory spaCy asks for; ``Guide`` sets ``repair`` afterwards."""
    return Spelling()


def contracted(token: Token) -> str | None:
    """spaCy's own reading of parts like "n't" -> "not"; None for whole words, such as LL for leading literacy."""
    if token.lower_ in PARTS and token.norm_ != token.lower_ and _joined(token):
        return str(token.norm_)
    return None


def _joined(token: Token) -> bool:
    """Whether it is written together with the other half: "ca" and "n't", "i" and "ll"."""
    after_one = token.i > 0 and not token.nbor(-1).whitespace_
    before_one = not token.whitespace_ and token.i + 1 < len(token.doc) and token.nbor(1).lower_ in PARTS
    return after_one or before_one
