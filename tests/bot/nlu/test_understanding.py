"""What several clauses mean together."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from bot.nlu.topics.understanding import Found, Limits, Part, Understanding, refused, understand

INTENTS = ["ask_cost", "ask_duration", "complaint", "crisis", "greet", "person"]
LIMITS = Limits(further=0.5, statement=0.6, listed=0.7, urgent=0.4, term=0.15, together=0.4)


def part(start: int, *, asks: bool = True, terms: frozenset[str] = frozenset(), **scores: float) -> Part:
    row = np.array([scores.get(name, 0.0) for name in INTENTS], dtype=np.float32)
    row += (1 - row.sum()) / len(INTENTS)
    return Part(start, start + 10, asks, row, terms)


def meant(whole: Part, *parts: Part, crisis: bool = False) -> Understanding:
    return understand(INTENTS, whole, parts, LIMITS, crisis=crisis)


def topics(found: Understanding) -> list[str]:
    return [item.intent for item in found.found]


def test_a_simple_message_has_one_intent() -> None:
    found = meant(part(0, ask_cost=0.9))
    assert (found.intent, topics(found)) == ("ask_cost", ["ask_cost"])


def test_two_questions_are_found_in_order() -> None:
    found = meant(part(0, ask_cost=0.6, ask_duration=0.3), part(0, ask_duration=0.9), part(12, ask_cost=0.9))
    assert topics(found) == ["ask_duration", "ask_cost"]


def test_small_talk_never_hides_a_question() -> None:
    found = meant(part(0, greet=0.8), part(0, asks=False, greet=0.95), part(12, ask_cost=0.6))
    assert found.intent == "ask_cost"


def test_statements_beside_a_question_are_background() -> None:
    found = meant(part(0, ask_cost=0.5), part(0, asks=False, ask_duration=0.9), part(12, ask_cost=0.9))
    assert topics(found) == ["ask_cost"]


def test_a_clause_that_the_whole_message_does_not_bear_out_must_be_surer() -> None:
    whole = part(0, ask_duration=0.97)
    bar = part(32, ask_cost=0.6)  # "..., is that a bar?"
    assert topics(meant(whole, part(0, asks=False, ask_duration=0.95), bar)) == ["ask_duration"]
    sure = part(32, ask_cost=0.9)
    assert topics(meant(whole, part(0, asks=False, ask_duration=0.95), sure)) == ["ask_duration", "ask_cost"]


def test_a_subject_that_is_not_ours_is_no_small_talk() -> None:
    def read(cost: float) -> str:
        intents = [*INTENTS, "oos_pay"]

        def row(start: int, asks: bool, **scores: float) -> Part:
            return Part(start, start + 10, asks, np.array([scores.get(name, 0.01) for name in intents], np.float32))

        whole = row(0, True, oos_pay=0.95)
        clauses = (row(0, False, oos_pay=0.9), row(12, True, ask_cost=cost))
        return understand(intents, whole, clauses, LIMITS).intent

    assert read(0.7) == "oos_pay"
    assert read(0.9) == "ask_cost"


def test_what_is_only_told_is_no_question_of_its_own() -> None:
    told = replace(part(12, asks=False, ask_duration=0.9), tells=True)
    found = meant(part(0, ask_cost=0.6), part(0, asks=False, ask_cost=0.7), told, part(24, asks=False))
    assert topics(found) == ["ask_cost"]


def test_of_nothing_but_questions_each_is_answered() -> None:
    questions = (part(0, ask_cost=0.95), part(12, ask_duration=0.33))
    assert topics(meant(part(0, ask_cost=0.9), *questions)) == ["ask_cost", "ask_duration"]
    assert topics(meant(part(0, ask_cost=0.9), *questions, part(24, asks=False))) == ["ask_cost"]


def test_a_sure_question_comes_before_what_the_story_only_sounds_like() -> None:
    story = (part(0, asks=False, ask_duration=0.2), part(12, asks=False, ask_duration=0.4), part(24, ask_cost=0.7))
    assert meant(part(0, ask_duration=0.35), *story).intent == "ask_cost"


def test_a_question_is_kept_should_the_alarm_be_false() -> None:
    found = meant(part(0, ask_cost=0.9), part(0, ask_cost=0.9), part(12, crisis=0.8))
    assert (found.intent, topics(found)) == ("crisis", ["ask_cost", "crisis"])


def test_a_complaint_is_kept_whatever_else_is_asked() -> None:
    found = meant(part(0, ask_cost=0.9), part(0, asks=False, complaint=0.7), part(12, ask_cost=0.95))
    assert found.intent == "complaint"
    assert topics(found) == ["complaint", "ask_cost"]


def test_crisis_wins_over_everything() -> None:
    clauses = (part(0, complaint=0.9), part(12, crisis=0.8))
    assert meant(part(0, complaint=0.9), *clauses).intent == "crisis"
    assert meant(part(0, ask_cost=0.99), crisis=True).intent == "crisis"


def test_a_topics_own_words_add_it() -> None:
    sure = part(0, ask_cost=0.6, ask_duration=0.2, terms=frozenset({"ask_duration"}))
    assert set(topics(meant(sure))) == {"ask_cost", "ask_duration"}
    unlikely = part(0, ask_cost=0.98, terms=frozenset({"ask_duration"}))
    assert topics(meant(unlikely)) == ["ask_cost"]


def test_being_asked_to_do_something_is_no_request_for_a_person() -> None:
    found = meant(part(0, ask_cost=0.7), part(0, asks=False, person=0.35), part(12, ask_cost=0.9))
    assert found.intent == "ask_cost"


def test_what_is_refused_becomes_the_likeliest_subject_that_is_not_ours() -> None:
    ranking = [("ask_cost", 0.5), ("oos_pay", 0.3), ("oos_jobs", 0.1)]
    found = refused(Understanding(ranking, [Found("ask_cost", 0.5, 0, 9)]))
    assert (found.intent, topics(found)) == ("oos_pay", ["oos_pay"])
    assert sorted(name for name, _ in found.ranking) == ["ask_cost", "oos_jobs", "oos_pay"]
