"""Facts about other programmes are left out before they are looked at, and no others."""

from __future__ import annotations

import pytest

from guidance.knowledge import current

ASKED = [(), ("NPQH",), ("NPQSL", "EHCO"), ("NO-SUCH",), ("LEGACY-NPQML", "NPQH", "NPQSENCO")]


@pytest.mark.parametrize("programmes", ASKED, ids=str)
def test_the_facts_that_can_fit_stay_in_their_order(programmes: tuple[str, ...]) -> None:
    knowledge = current()
    for topic, facts in knowledge.by_topic.items():
        fitting = [fact for fact in facts if not fact.when.programme or set(fact.when.programme) & {*programmes}]
        assert [entry.fact for entry in knowledge.narrowed.about(topic, programmes)] == fitting
    assert knowledge.narrowed.about("no_such_topic", programmes) == []


def test_most_facts_are_about_one_programme_where_each_has_its_own() -> None:
    knowledge = current()
    assert len(knowledge.narrowed.about("duration", ("NPQH",))) < len(knowledge.by_topic["duration"])
