"""What could not be answered: the same question in other words is one group, with a count and lines for training."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from concurrent.futures import ProcessPoolExecutor
from datetime import date
from multiprocessing import get_context
from typing import Any

import numpy as np
import sqlalchemy as sa
from sklearn.feature_extraction.text import TfidfVectorizer

from bot.channels.turns import turns
from bot.report.alike import alike
from bot.report.figures import Cell, Question
from bot.report.personal import may_name_somebody

MOST_WORDINGS = 1500  # the most frequent ones make the groups; the others are counted to the nearest
MOST_GROUPS = 50
MOST_EXAMPLES = 10
MOST_CHARACTERS = 200  # of an example
LEAST_LIKE = 0.45  # cosine (0..1) of a further wording with its group
AT_ONCE = 4000
_GUESSES = re.compile(r"ask_\w+|handover|out_of_scope_\w+")  # intents worth suggesting
PLACEHOLDER = "ask_CHOOSE_ONE"


def unanswered() -> Any:
    """The turns that were not answered: not understood, out of scope, failed."""
    nothing = sa.cast(turns.c.topics, sa.Text) == "[]"
    status = turns.c.status
    return status.in_(("out_of_scope", "error")) | (status.in_(("clarify", "handover")) & nothing)


def group(connection: sa.engine.Connection, mine: Any) -> Groups:
    """The groups of unanswered questions among some turns, before anything is counted to them."""
    often = sa.func.count().label("often")
    query = (
        sa.select(turns.c.said, often)
        .where(mine & unanswered())
        .group_by(turns.c.said)
        .order_by(often.desc(), sa.func.min(turns.c.id))
        .limit(2 * MOST_WORDINGS)
    )
    wordings: Counter[str] = Counter()
    shown: dict[str, str] = {}
    for said, count in connection.execute(query):
        text = same(said)
        if text and not may_name_somebody(said[:1000]):
            wordings[text] += int(count)
            shown.setdefault(text, " ".join(said.split())[:MOST_CHARACTERS])
    return Groups(wordings.most_common(MOST_WORDINGS), shown)


def same(text: str) -> str:
    """The same for texts that differ in capitals, blanks and punctuation only."""
    return " ".join(re.findall(r"[^\W_]+", text.casefold().replace("'", "").replace("’", "")))


class Groups:
    """Groups of wordings. `counts`: turns by day, channel and number of the group, once `finish` was called."""

    def __init__(self, wordings: list[tuple[str, int]], shown: dict[str, str]) -> None:
        self.counts: Counter[Cell] = Counter()
        self.left_out = 0
        self._shown = shown
        self._of: dict[str, int] = {}
        self._members: list[list[str]] = []
        self._intents: dict[int, Counter[str]] = defaultdict(Counter)
        self._waiting: list[tuple[tuple[date, str], str, str | None]] = []
        self._numbers: list[int] = []
        texts = [text for text, _count in wordings]
        self._make(texts, np.array([count for _text, count in wordings]))

    def _make(self, texts: list[str], often: Any) -> None:
        self._vectors = TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 3), sublinear_tf=True, dtype=np.float32)
        if not texts:
            self._centres = None
            return
        matrix = self._vectors.fit_transform(texts)
        labels = np.zeros(1, dtype=int)
        if len(texts) > 1:
            # In a process of its own: what clustering needs is not loaded where answers are given, and takes seconds.
            with ProcessPoolExecutor(1, get_context("spawn")) as apart:
                labels = apart.submit(alike, np.clip(1 - (matrix @ matrix.T).toarray(), 0, None)).result()
        sizes = Counter({int(label): 0 for label in labels})
        for label, count in zip(labels, often):
            sizes[int(label)] += int(count)
        order = {label: place for place, (label, _size) in enumerate(sizes.most_common())}
        self._members = [[] for _ in order]
        for text, label in zip(texts, labels):
            self._of[text] = order[int(label)]
            self._members[order[int(label)]].append(text)
        self._centres = _centres(matrix, [self._of[text] for text in texts], len(order))

    def add(self, where: tuple[date, str], said: str, intent: str | None) -> None:
        """Count one turn."""
        text = same(said)
        number = self._of.get(text)
        if number is not None:
            self._count(where, number, intent)
            return
        self._waiting.append((where, text, intent))
        if len(self._waiting) >= AT_ONCE:
            self._place()

    def _count(self, where: tuple[date, str], number: int, intent: str | None) -> None:
        self.counts[(where[0], where[1], number)] += 1
        if intent and _GUESSES.fullmatch(intent):
            self._intents[number][intent] += 1

    def _place(self) -> None:
        """Count those that wait to the group they are most like; what is like none, or may name somebody, to none."""
        waiting, self._waiting = self._waiting, []
        if not waiting or self._centres is None:
            self.left_out += len(waiting)
            return
        distinct = list(dict.fromkeys(text for _where, text, _intent in waiting))
        like = self._vectors.transform(distinct) @ self._centres.T
        best = np.asarray(like.argmax(axis=1)).ravel()
        how = like.max(axis=1).toarray().ravel()
        found = {text: int(number) for text, number, near in zip(distinct, best, how) if near >= LEAST_LIKE}
        for where, text, intent in waiting:
            if text in found:
                self._count(where, found[text], intent)
            else:
                self.left_out += 1

    def finish(self) -> None:
        """Count the last ones and keep the largest groups."""
        self._place()
        sizes: Counter[int] = Counter()
        for (_day, _channel, key), count in self.counts.items():
            sizes[int(key)] += count
        kept = {number: place for place, (number, _count) in enumerate(sizes.most_common(MOST_GROUPS))}
        self.left_out += sum(count for number, count in sizes.items() if number not in kept)
        old, self.counts = self.counts, Counter()
        for (day, channel, key), count in old.items():
            if int(key) in kept:
                self.counts[day, channel, kept[int(key)]] += count
        self._numbers = list(kept)

    @property
    def questions(self) -> list[Question]:
        """The largest groups, as they are shown."""
        return [self._question(number) for number in self._numbers]

    def _question(self, number: int) -> Question:
        examples = tuple(self._shown[text] for text in self._members[number][:MOST_EXAMPLES])
        guess = next((intent for intent, _count in self._intents[number].most_common(1)), None)
        return Question(examples[0], examples, guess, training(examples, guess))


def training(examples: tuple[str, ...], intent: str | None) -> str:
    """Lines ready for `data/nlu`. Brackets would be read as marks of entities, so they are left out."""
    plain = (" ".join(re.sub(r"[\[\](){}`\\]", " ", text).split()) for text in examples)
    lines = [f"      - {text.lstrip('-–• ')}" for text in dict.fromkeys(plain) if text.strip("-–• ")]
    return "\n".join([f"  - intent: {intent or PLACEHOLDER}", "    examples: |", *lines]) + "\n"


def _centres(matrix: Any, numbers: list[int], count: int) -> Any:
    """The mean of each group, as unit vectors."""
    from scipy.sparse import csr_matrix
    from sklearn.preprocessing import normalize

    ones = np.ones(len(numbers), dtype=np.float32)
    belongs = csr_matrix((ones, (numbers, range(len(numbers)))), shape=(count, len(numbers)))
    return normalize(belongs @ matrix).tocsr()
