"""The nearest sentence is found as if all were compared, and the asks of some facts as if all facts' were."""

from __future__ import annotations

import json
import mmap
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from bot.nlu.encoder.session import WIDTH, Encoder
from bot.nlu.facts import SENTENCES_FILE, FactMatcher, encode_masked
from bot.nlu.topics import nearest
from bot.nlu.topics.examples import Example
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


def test_it_is_exact_along_any_directions() -> None:
    rows, asked = sentences(500), sentences(20, seed=4)
    found = Nearest(rows, Nearest(sentences(60, 4, seed=5)).axes)
    for vector in asked:
        assert found(vector[None]) == pytest.approx((rows @ vector).max(), abs=1e-5)


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
    assert found.heads.shape == (4000, DIRECTIONS)
    assert len(compared) == 50
    assert np.median(compared) < 400


@pytest.fixture(scope="module")
def named() -> Fact:
    """A fact whose asks all name a programme, for the tests here."""
    return next(fact for fact in current().facts.values() if fact.asks and len(_ways_to_ask(fact, current())) > 1)


@pytest.fixture(scope="module")
def index(named: Fact) -> SentenceIndex:
    """The index of the live knowledge, its sentences at made-up places."""
    return indexed(named)


def indexed(named: Fact) -> SentenceIndex:
    naming = {*_ways_to_ask(named, current())}
    made = SentenceIndex([], Nearest(np.zeros((0, WIDTH), dtype=np.float32)), ["one", "two"])
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
        ways = index.vectors.rows[[index.known()[way] for way in _ways_to_ask(fact, current())]]
        assert close[fact.id] == pytest.approx(float((ways @ asked.T).max()), abs=1e-5)
    floor = sorted(close.values())[len(close) // 2]
    above = index.close(asked, [fact.id for fact in facts], floor, frozenset({"NPQH"}))
    assert above == {fact: value for fact, value in close.items() if value >= floor}


def test_an_ask_that_names_a_programme_counts_where_the_message_does(index: SentenceIndex, named: Fact) -> None:
    vector = index.vectors.rows[index.known()[named.asks[0]]][None]
    assert index.close(vector, [named.id], 0.0, frozenset({"NPQH"}))[named.id] == pytest.approx(1.0, abs=1e-5)
    assert index.close(vector, [named.id], 0.0, frozenset()) == {}
    assert index.close(vector, [named.id], 0.0, frozenset({"NPQSL"})) == {}


def test_facts_nobody_wrote_questions_for_are_never_close(index: SentenceIndex) -> None:
    silent = next(fact.id for fact in current().facts.values() if fact not in index.asked(fact.topic))
    assert index.close(sentences(1), [silent], -1.0) == {}
    assert index.close(np.zeros((0, WIDTH), dtype=np.float32), ["any"], -1.0) == {}


def test_newer_knowledge_encodes_only_what_is_new(named: Fact) -> None:
    index = indexed(named)
    known = {text: index.vectors.rows[at] for text, at in index.known().items()}
    encoded: list[str] = []
    fact = next(fact for fact in current().facts.values() if len(fact.asks) > 2)
    gone, new = fact.asks[0], "a question that nobody has asked before"
    facts = {**current().facts, fact.id: fact.copy(update={"asks": [*fact.asks[1:], new]})}
    changed = replace(current(), facts=facts, version="newer")

    def encode(texts: Sequence[str]) -> Vectors:
        encoded.extend(texts)
        return sentences(len(texts), seed=11)

    assert index.follow(changed, encode, lambda text: frozenset())
    assert encoded == [new]
    assert gone not in index.known()
    for text, at in index.known().items():
        wanted = sentences(1, seed=11)[0] if text == new else known[text]
        assert np.array_equal(index.vectors.rows[at], wanted)


def test_what_is_stored_is_mapped_and_the_same(encoder: Encoder, tmp_path: Path) -> None:
    learned = [Example(f"how much is number {number}", "ask_cost", "nlu") for number in range(5)]
    vectors = encoder.encode([item.text for item in learned])
    made = FactMatcher.learn(learned, vectors)
    made.save(tmp_path)
    found = FactMatcher.load(tmp_path)
    assert found.known() == made.known() == [item.text for item in learned]
    assert found.nearest(vectors[2:3]) == pytest.approx(1.0, abs=1e-5)
    assert found.nearest(sentences(1)) == pytest.approx(made.nearest(sentences(1)), abs=1e-6)
    assert isinstance(found.vectors.rows.base.base, mmap.mmap)
    following = found.vectors.rows
    found.follow(current())
    assert found.vectors.rows is not following  # there was more to know


def test_vectors_of_another_encoder_are_made_anew(encoder: Encoder, tmp_path: Path) -> None:
    learned = [Example("how much is it", "ask_cost", "nlu")]
    FactMatcher.learn(learned, sentences(1)).save(tmp_path)
    about = json.loads((tmp_path / SENTENCES_FILE).read_text())
    (tmp_path / SENTENCES_FILE).write_text(json.dumps({**about, "encoder": "another"}))
    found = FactMatcher.load(tmp_path)
    assert found.known() == []
    found.follow(current())
    assert found.nearest(encode_masked(["how much is it"], current())) == pytest.approx(1.0, abs=1e-3)
