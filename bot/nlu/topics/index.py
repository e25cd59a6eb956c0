"""Sentences by meaning: the training examples and the ways people ask for each fact."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from bot.nlu.topics.likeness import Likeness
from bot.nlu.topics.nearest import Nearest
from guidance.knowledge import Fact, Knowledge

Floats = NDArray[np.float32]
Places = NDArray[np.int64]
Encode = Callable[[Sequence[str]], Floats]  # sentences -> unit vectors (n, 384)
Names = Callable[[str], frozenset[str]]  # a sentence -> the programmes it names


@dataclass(frozen=True)
class _Rows:
    """Asks, grouped by fact, and where their vectors are."""

    asks: Places  # ask -> its row of the matrix
    places: dict[str, tuple[int, int]]  # fact -> its asks, first to last (exclusive)
    names: dict[int, frozenset[str]]  # asks which name programmes -> those


class SentenceIndex:
    """Vectors of all sentences. One already encoded is never encoded again."""

    def __init__(
        self,
        sentences: Sequence[str],
        nearest: Nearest,
        written: Iterable[str],
        names: Mapping[str, frozenset[str]] | None = None,
        intents: Mapping[str, str] | None = None,
    ) -> None:
        """``sentences``, each once, and their vectors; ``names``: sentence -> programmes; ``written``: the training
        files' sentences; ``intents``: of all sentences that were learned from.
        """
        self._known = {text: at for at, text in enumerate(sentences)}
        self._nearest = nearest
        self._names = dict(names or {})
        self._written = list(written)
        self._intents = dict(intents or {})
        self.version = ""
        self._rows = _Rows(np.zeros(0, dtype=np.int64), {}, {})
        self.likeness = Likeness(nearest.rows, {})
        self._asked: dict[str, list[Fact]] = {}

    def follow(self, knowledge: Knowledge, encode: Encode, names: Names) -> bool:
        """Take over newer knowledge, encoding only its new sentences. True when something changed."""
        if knowledge.version == self.version:
            return False
        examples = [*self._written, *(topic.example for topic in knowledge.topics.values())]
        facts = list(knowledge.facts.values())
        ways = {fact.id: _ways_to_ask(fact, knowledge) for fact in facts}
        asked = [fact for fact in facts if ways[fact.id]]
        asks = [ask for fact in asked for ask in ways[fact.id]]
        # An intent's sentences stand side by side: so they can be compared with where they are.
        self._hold(sorted(dict.fromkeys([*examples, *asks]), key=lambda text: self._intents.get(text, "")), encode)
        self._names = {ask: self._names[ask] if ask in self._names else names(ask) for ask in asks}
        starts = np.cumsum([0, *(len(ways[fact.id]) for fact in asked)])
        self._rows = _Rows(
            np.array([self._known[ask] for ask in asks], dtype=np.int64),
            {fact.id: (int(start), int(end)) for fact, start, end in zip(asked, starts, starts[1:])},
            {at: self._names[ask] for at, ask in enumerate(asks) if self._names[ask]},
        )
        self.likeness = Likeness(self._nearest.rows, self._learned())
        self._asked = {}
        for fact in asked:
            self._asked.setdefault(fact.topic, []).append(fact)
        self.version = knowledge.version
        return True

    def _hold(self, texts: list[str], encode: Encode) -> None:
        """Have the vectors of these sentences and no others; where they are the same, what is there stays."""
        if self._known.keys() == set(texts):
            return
        missing = [text for text in texts if text not in self._known]
        rows = np.concatenate([self._nearest.rows, encode(missing)]) if missing else self._nearest.rows
        places = {**self._known, **{text: at for at, text in enumerate(missing, len(self._nearest.rows))}}
        axes = self._nearest.axes if self._known else None
        self._nearest = Nearest(rows[[places[text] for text in texts]], axes)
        self._known = {text: at for at, text in enumerate(texts)}

    def nearest(self, vectors: Floats) -> float:
        """How near (cosine) a message, by the vectors (n, width) of it and its clauses, is to any known question."""
        return self._nearest(vectors)

    def asked(self, topic: str) -> Sequence[Fact]:
        """The facts of a topic that somebody wrote questions for."""
        return self._asked.get(topic, ())

    def close(
        self, vectors: Floats, facts: Iterable[str], floor: float, named: frozenset[str] = frozenset()
    ) -> dict[str, float]:
        """How near (cosine) a message is to the asks of each of these facts, where that is above ``floor``.

        ``named``: the programmes the message names. With names masked, "is npqel funded" and "is npqh
        funded" read the same, so an ask which names a programme counts only where the message does too.
        """
        rows = self._rows
        wanted = [fact for fact in facts if fact in rows.places]
        if not wanted or not len(vectors):
            return {}
        asks = [range(*rows.places[fact]) for fact in wanted]
        numbers = np.fromiter(chain.from_iterable(asks), dtype=np.int64)
        near = (self._nearest.rows[rows.asks[numbers]] @ vectors.T).max(axis=1)
        near[[not rows.names.get(number, named) <= named for number in numbers.tolist()]] = -1.0
        best = np.maximum.reduceat(near, np.cumsum([0, *map(len, asks[:-1])]))
        return {wanted[at]: float(best[at]) for at in np.flatnonzero(best >= floor)}

    def names(self) -> dict[str, frozenset[str]]:
        """Ask -> the programmes it names, for persisting."""
        return self._names

    def known(self) -> dict[str, int]:
        """Sentence -> its row of ``vectors``, in order."""
        return self._known

    @property
    def vectors(self) -> Nearest:
        """The vectors of all sentences."""
        return self._nearest

    def intents(self) -> list[str | None]:
        """The intent each sentence of ``known`` was learned for, None for others; for persisting."""
        return [self._intents.get(text) for text in self._known]

    def _learned(self) -> dict[str, list[int]]:
        """Intent -> the places of its sentences. Those that came with newer knowledge are nobody's yet."""
        found: dict[str, list[int]] = {}
        for text, at in self._known.items():
            if text in self._intents:
                found.setdefault(self._intents[text], []).append(at)
        return found


def _ways_to_ask(fact: Fact, knowledge: Knowledge) -> list[str]:
    """A fact's asks; a topic's example asks for its general fact, the first without conditions."""
    topic = knowledge.topics.get(fact.topic)
    general = next((item.id for item in topic.facts if not item.when), None) if topic else None
    return [*fact.asks, *([topic.example] if topic and general == fact.id else [])]
