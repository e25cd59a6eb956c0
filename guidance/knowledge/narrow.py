"""A topic's facts without those about other programmes: nearly all, where each of thousands has its own."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple

from guidance.mentions import first_letters

if TYPE_CHECKING:
    from guidance.knowledge.model import Fact

ANY = ""  # stands for the programme of a fact about none in particular
DIMENSIONS = ("programme", "setting", "role", "phase", "provider", "period")


class Entry(NamedTuple):
    """A fact with its conditions as they are compared with a question."""

    fact: Fact
    wanted: tuple[tuple[str, frozenset[str]], ...]  # dimension and the values of which one must be given
    letters: frozenset[str]  # see `first_letters`: of its `mentions`


class Narrowed:
    """Facts by topic and by the programmes they are about, in the order in which they were added."""

    def __init__(self) -> None:
        self._facts: dict[str, list[Entry]] = {}
        self._places: dict[str, dict[str, list[int]]] = {}

    def add(self, fact: Fact) -> None:
        """Index a fact."""
        facts = self._facts.setdefault(fact.topic, [])
        for code in fact.when.programme or (ANY,):
            self._places.setdefault(fact.topic, {}).setdefault(code, []).append(len(facts))
        wanted = ((name, frozenset(getattr(fact.when, name))) for name in DIMENSIONS)
        facts.append(Entry(fact, tuple(item for item in wanted if item[1]), first_letters(fact.when.mentions)))

    def about(self, topic: str, programmes: Iterable[str]) -> list[Entry]:
        """The facts of a topic that are about one of these programmes, or about none in particular."""
        places = self._places.get(topic, {})
        wanted = {place for code in (ANY, *programmes) for place in places.get(code, ())}
        return [self._facts[topic][place] for place in sorted(wanted)]
