"""What comes out: programmes with reasons, or what to ask next."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from guidance.knowledge.model import Fact
from guidance.recommend.model import Question

MOST_WORDS = 60


@dataclass(frozen=True)
class Recommendation:
    """A decision with its reasons; while `needs` names questions, nothing is decided yet.

    `first` is None in a decision when no NPQ is meant for the person; `why` then says so.
    `weighing` names the jobs (or job and aim) that were weighed and says which prevails.
    `decides` says what the choice between first and alternative hangs on when too little is known.
    """

    needs: tuple[str, ...] = ()
    first: str | None = None
    alternative: str | None = None
    why: str = ""
    why_alternative: str = ""
    why_not: tuple[tuple[str, str], ...] = ()
    weighing: str = ""
    decides: str = ""
    rules: tuple[str, ...] = ()
    facts: tuple[Fact, ...] = ()
    asks: tuple[Question, ...] = ()
    opening: str = ""
    turning: str = ""
    roles: tuple[str, ...] = field(default=())

    @property
    def decided(self) -> bool:
        """Whether there is something to tell, not to ask."""
        return not self.needs

    @property
    def why_not_codes(self) -> tuple[str, ...]:
        """The programmes that were set aside."""
        return tuple(code for code, _ in self.why_not)

    @property
    def programmes(self) -> tuple[str, ...]:
        """First choice and alternative, as far as there are any."""
        return tuple(code for code in (self.first, self.alternative) if code)

    def bubbles(self, most: int = MOST_WORDS) -> tuple[str, ...]:
        """The decision as at most two texts of at most `most` words each.

        The first says what and why, the second the alternative and why not the neighbours; whole sentences
        that no longer fit are left out, the last why-not first.
        """
        head = packed((self.opening, self.weighing, self.why), most)
        tail = packed((self.turning, self.why_alternative, self.decides, *(text for _, text in self.why_not)), most)
        return tuple(text for text in (head, tail) if text)


def packed(texts: Iterable[str], most: int) -> str:
    """The texts in order, each only if it still fits."""
    kept: list[str] = []
    for text in texts:
        if text and sum(len(item.split()) for item in (*kept, text)) <= most:
            kept.append(text)
    return " ".join(kept)
