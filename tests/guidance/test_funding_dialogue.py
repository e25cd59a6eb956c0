"""The funding check as a conversation: what it asks, what it takes from a sentence, detours, changes, its end."""

from __future__ import annotations

import random
from typing import Any

import pytest
from test_conversation import say

from guidance import knowledge
from guidance.journeys.funding import MOST_QUESTIONS, facts_of
from guidance.question import Context
from guidance.reply import Answer

LONGEST_BUBBLE = 60


def walk(text: str, *replies: str | tuple[str, dict[str, Any]], **found: Any) -> tuple[list[Answer], Context]:
    """A conversation; a reply is a text, or a text with what is understood in it."""
    answer, context = say(text, "ask_funding_process", **found)
    answers = [answer]
    for reply in replies:
        words, more = reply if isinstance(reply, tuple) else (reply, {})
        more = {"intent": "nlu_fallback", **more}
        answer, context = say(words, more.pop("intent"), context, **more)
        answers.append(answer)
    return answers, context


def press(answer: Answer, title: str) -> str:
    """The text a button sends."""
    return next(button.payload for button in answer.buttons if button.title == title)


def test_it_asks_only_what_the_rules_need_and_says_the_outcome_with_condition_source_and_next_step() -> None:
    answers, _ = walk("check if I can get funding", "NPQH", "A state-funded school or academy in England", "no")
    assert [item.asking for item in answers] == ["programme", "setting", "funded_before", None]
    end = answers[-1]
    assert end.status == "answered"
    assert "allow a scholarship for NPQH" in end.messages[0]
    assert "not guaranteed" in end.messages[0]
    assert "21 August 2026" in end.text
    assert end.sources
    assert all(len(text.split()) <= LONGEST_BUBBLE for item in answers for text in item.messages)


def test_everything_in_one_sentence_is_decided_at_once() -> None:
    answers, _ = walk(
        "state secondary in Leeds, never had funding, want NPQH", programmes=("NPQH",), settings=("state_school",)
    )
    assert answers[0].asking is None
    assert "allow a scholarship for NPQH" in answers[0].text


@pytest.mark.parametrize(
    ("said", "understood", "words"),
    [
        ("what if I did SENCO instead?", {"roles": ("senco",), "intent": "ask_senco_required"}, "for NPQSENCO"),
        ("actually we're an academy trust", {"settings": ("trust",), "intent": "ask_funding"}, "an academy trust"),
        ("what if it was a private nursery", {"settings": ("nursery_private",)}, "no scholarship for NPQH"),
        ("what if I worked in Wales", {"settings": ("wales",), "intent": "ask_international"}, "no scholarship"),
        ("what about npqlt", {"programmes": ("NPQLT",), "intent": "follow_up"}, "disadvantage list"),
    ],
)
def test_one_answer_is_changed_without_starting_again(said: str, understood: dict[str, Any], words: str) -> None:
    start = ("check my funding", "NPQH", "A state-funded school or academy in England", "no")
    answers, _ = walk(*start, (said, understood))
    assert words in answers[-1].text


def test_a_question_in_between_is_answered_and_the_check_goes_on_where_it_was() -> None:
    detour = ("how long does it take?", {"intent": "ask_duration"})
    answers, _ = walk("check my funding", "NPQH", detour, "A state-funded school or academy in England", "never")
    assert "18 months" in answers[2].text
    assert answers[2].asking == "setting"
    assert "Where in England do you work?" in answers[2].messages[-1]
    assert "allow a scholarship" in answers[-1].text


@pytest.mark.parametrize("step", range(1, 4))
def test_every_question_can_be_asked_why_cancelled_and_begun_again(step: int) -> None:
    replies = ["NPQLT", "A state-funded school or academy in England", "It is on the disadvantage list"][:step]
    asked, context = walk("check my funding", *replies)
    why, _ = say("why do you need to know that?", "capabilities", context)
    assert why.asking == asked[-1].asking
    assert len(why.messages) == 2
    stopped, after = say("cancel", "deny", context)
    assert stopped.asking is None
    assert after.journey is None
    again, _ = say("start over", "start_over", context)
    assert again.asking == "programme"


def test_what_is_no_answer_is_asked_again_and_then_with_a_way_out() -> None:
    answers, _ = walk("check my funding", "blue", "green")
    assert [item.asking for item in answers] == ["programme"] * 3
    assert len({item.text for item in answers}) == 3
    assert "@" in answers[-1].text
    assert any(button.payload == "cancel" for button in answers[-1].buttons)


def test_not_knowing_gives_both_outcomes_never_a_guess() -> None:
    answers, _ = walk("check my funding", "NPQLT", "A state-funded school or academy in England", "dunno", "no")
    assert "It depends on DfE's lists" in answers[-1].text
    assert "If not" in answers[-1].text


def test_undecided_people_hear_what_is_funded_where_they_work() -> None:
    answers, _ = walk("check my funding", "not sure yet", "A nursery or early years setting in England",
                      "A private or voluntary nursery")  # fmt: skip
    assert "NPQEYL" in answers[-1].messages[0]
    assert "Not funded: " in answers[-1].messages[0]


def test_funding_for_another_course_does_not_count() -> None:
    had_another = ("yes, npqml in 2019", {"programmes": ("LEGACY-NPQML",), "intent": "affirm"})
    answers, context = walk("check my funding", "NPQH", "A state-funded school or academy in England", had_another)
    assert "allow a scholarship for NPQH" in answers[-1].text
    assert context.journey is not None
    assert context.journey["answers"]["course"] == "NPQH"


def test_a_course_that_has_ended_and_two_at_once_are_explained() -> None:
    ended = ("NPQML", {"programmes": ("LEGACY-NPQML",), "intent": "ask_legacy"})
    both = ("npqh or npqsl", {"programmes": ("NPQH", "NPQSL"), "intent": "ask_compare"})
    answers, _ = walk("check my funding", ended, both)
    assert "no longer be taken" in answers[1].text
    assert "one NPQ at a time" in answers[2].text
    assert answers[2].asking == "programme"


def test_a_question_about_ones_own_case_is_answered_and_the_check_offered_without_pressing() -> None:
    answer, context = say("will I get funding for NPQLT?", "ask_funding", programmes=("NPQLT",))
    assert answer.status == "answered"
    assert answer.asking == "setting"
    other, after = say("how long is it", "ask_duration", context)
    assert other.asking is None
    assert "Back to" not in other.text
    assert after.journey is None or after.journey["asking"] is None or after.journey["offered"]


def test_a_crisis_is_answered_alone_and_ends_the_check() -> None:
    _, context = walk("check my funding", "NPQH")
    answer, after = say("i want to die", "crisis", context, crisis=True)
    assert answer.status == "crisis"
    assert answer.asking is None
    assert after.journey is None


@pytest.mark.parametrize("seed", range(40))
def test_any_way_through_ends_within_five_questions_with_what_the_rules_say(seed: int) -> None:
    chance = random.Random(seed)
    answer, context = say("check my funding", "ask_funding_process")
    asked = 0
    while answer.asking:
        asked += 1
        assert asked <= MOST_QUESTIONS
        sure = [
            button for button in answer.buttons if button.title not in ("Cancel", "I do not know", "Not decided yet")
        ]
        answer, context = say(chance.choice(sure).payload, "nlu_fallback", context)
    assert context.journey is not None
    decision = knowledge.current().funding.decide(facts_of(context.journey["answers"]))
    assert decision.outcome is not None, decision
    words = {"funded": "allow a scholarship", "in_review": "not decided by rule", "not_funded": "no scholarship"}
    assert words[decision.outcome] in answer.messages[0]
    assert decision.reason is not None
    assert decision.reason in answer.messages[0]


def test_the_check_is_offered_after_answers_on_funding_and_yes_starts_it() -> None:
    answer, context = say("is npqh funded", "ask_funding", programmes=("NPQH",))
    assert answer.buttons[0].title == "Check my funding"
    for words, intent in (("yes please", "affirm"), (answer.buttons[0].payload, "ask_funding_process")):
        started, _ = say(words, intent, context)
        assert started.asking == "setting"
