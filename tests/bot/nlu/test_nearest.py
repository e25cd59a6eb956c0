"""The nearest sentence is found as if all were compared, and the asks of some facts as if all facts' were."""

from __future__ import annotations

import numpy as np
import pytest

from bot.nlu.encoder.session import WIDTH
from bot.nlu.topics import nearest
from bot.nlu.topics.index import SentenceIndex, _ways_to_ask
from bot.nlu.topics.nearest import DIRECTIONS, Nearest
from guidance.knowledge import Fact, current

Vectors = np.ndarray


def unit(rows: Vectors) -> Vectors:
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), dtype=np.float32)


def sentences(count: int, directions: int = 60, seed: int = 3) -> Vectors:
    """Vectors that lie mainly in some directions, as those of sentences on one subject do."""
    random = np.random.default_rng(seed)
    main = random.normal(size=(count, directions)) @ random.normal(size=(directions, WIDTH))
    return unit(main + random.normal(size=(count, WIDTH)) * 2)


@pytest.mark.parametrize("directions", [4, 60, 384])
@pytest.mark.parametrize("count", [1, 7, 3000])
def test_the_result_is_exact(count: int, directions: int) -> None:
    rows, asked = sentences(count, directions), sentences(40, directions, seed=4)
    found = Nearest(rows)
    for at in range(0, 40, 2):
        assert found(asked[at : at + 2]) == pytest.approx((rows @ asked[at : at + 2].T).max(), abs=1e-5)
    assert found(rows[:1]) == pytest.approx(1.0, abs=1e-5)


def test_opposite_vectors_are_far() -> None:
    rows = sentences(1)
    assert Nearest(rows)(-rows) == pytest.approx(-1.0, abs=1e-5)


def test_without_rows_or_vectors_nothing_is_near() -> None:
    assert Nearest(np.zeros((0, WIDTH), dtype=np.float32))(sentences(1)) == 0.0
    assert Nearest(sentences(3))(np.zeros((0, WIDTH), dtype=np.float32)) == 0.0


def test_most_rows_are_not_compared_in_full(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = sentences(4000)
    found, compared = Nearest(rows), []
    real = np.flatnonzero

    def counted(which: Vectors) -> Vectors:
        compared.append(len(real(which)))
        return real(which)

    monkeypatch.setattr(nearest.np, "flatnonzero", counted)
    for row in sentences(4000)[:50]:
        found(unit(row[None] + 0.01))
    assert found._heads.shape == (4000, DIRECTIONS)
    assert len(compared) == 50
    assert np.median(compared) < 400


@pytest.fixture(scope="module")
def named() -> Fact:
    """A fact whose asks all name a programme, for the tests here."""
    return next(fact for fact in current().facts.values() if fact.asks and len(_ways_to_ask(fact, current())) > 1)


@pytest.fixture(scope="module")
def index(named: Fact) -> SentenceIndex:
    """The index of the live knowledge, its sentences at made-up places."""
    naming = {*_ways_to_ask(named, current())}
    made = SentenceIndex({}, ["one", "two"], WIDTH)
    made.follow(
        current(),
        lambda texts: sentences(len(texts)),
        lambda text: frozenset({"NPQH"}) if text in naming else frozenset(),
    )
    return made


def test_asks_are_as_close_as_each_by_itself(index: SentenceIndex) -> None:
    facts = [fact for topic in ("funding", "dates") for fact in index.asked(topic)]
    asked = sentences(2, seed=9)
    close = index.close(asked, [fact.id for fact in facts], -1.0, frozenset({"NPQH"}))
    assert list(close) == [fact.id for fact in facts]
    for fact in facts:
        ways = np.stack([index.known()[way] for way in _ways_to_ask(fact, current())])
        assert close[fact.id] == pytest.approx(float((ways @ asked.T).max()), abs=1e-5)
    floor = sorted(close.values())[len(close) // 2]
    above = index.close(asked, [fact.id for fact in facts], floor, frozenset({"NPQH"}))
    assert above == {fact: value for fact, value in close.items() if value >= floor}


def test_an_ask_that_names_a_programme_counts_where_the_message_does(index: SentenceIndex, named: Fact) -> None:
    vector = index.known()[named.asks[0]][None]
    assert index.close(vector, [named.id], 0.0, frozenset({"NPQH"}))[named.id] == pytest.approx(1.0, abs=1e-5)
    assert index.close(vector, [named.id], 0.0, frozenset()) == {}
    assert index.close(vector, [named.id], 0.0, frozenset({"NPQSL"})) == {}


def test_facts_nobody_wrote_questions_for_are_never_close(index: SentenceIndex) -> None:
    silent = next(fact.id for fact in current().facts.values() if fact not in index.asked(fact.topic))
    assert index.close(sentences(1), [silent], -1.0) == {}
    assert index.close(np.zeros((0, WIDTH), dtype=np.float32), ["any"], -1.0) == {}
