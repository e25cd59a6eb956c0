"""Choosing an NPQ and the SENCO deadline as conversations: questions, detours, changes, what follows."""

from __future__ import annotations

import random
from typing import Any

import pytest
from test_conversation import say

from guidance.question import Context
from guidance.reply import Answer

MOST_QUESTIONS = 3
LONGEST_BUBBLE = 60


def choose(*replies: str | tuple[str, dict[str, Any]], **found: Any) -> tuple[list[Answer], Context]:
    answer, context = say("which npq should i do", "ask_which_npq", **found)
    answers = [answer]
    for reply in replies:
        words, more = reply if isinstance(reply, tuple) else (reply, {})
        more = {"intent": "ask_which_npq", **more}
        answer, context = say(words, more.pop("intent"), context, **more)
        answers.append(answer)
    return answers, context


def test_a_role_gives_first_choice_alternative_why_not_funding_next_start_and_next_steps() -> None:
    answers, _ = choose(roles=("head_of_year",))
    end = answers[-1]
    assert end.asking is None
    assert end.messages[0].startswith("First choice: Leading behaviour and culture (NPQLBC).")
    assert "Alternative: " in end.messages[1]
    assert "Funding" in end.messages[2]
    assert "autumn 2027" in end.messages[2]
    assert [button.title.split()[0] for button in end.buttons] == ["Compare", "Check", "Register"]
    assert end.sources
    assert all(len(text.split()) <= LONGEST_BUBBLE for text in end.messages)


def test_two_roles_are_weighed_and_both_named() -> None:
    answers, _ = choose(roles=("key_stage_lead", "head_of_year"))
    assert "a pastoral lead and a key stage lead" in answers[-1].text


def test_nothing_known_is_asked_with_buttons_that_answer() -> None:
    answers, context = choose()
    assert answers[0].asking == "role"
    for button in answers[0].buttons:
        reply, _ = say(button.payload, "nlu_fallback", context)
        assert reply.asking != "role", button


@pytest.mark.parametrize("seed", range(25))
def test_at_most_three_questions_whatever_is_pressed(seed: int) -> None:
    chance = random.Random(seed)
    answers, context = choose()
    answer, asked = answers[-1], 0
    while answer.asking:
        asked += 1
        assert asked <= MOST_QUESTIONS
        options = [button.payload for button in answer.buttons if button.payload != "cancel"]
        answer, context = say(chance.choice([*options, "not sure"]), "nlu_fallback", context)
    assert answer.status == "answered"
    assert "First choice" in answer.text


def test_a_question_in_between_is_answered_and_the_choice_goes_on() -> None:
    started, context = say("Help me choose an NPQ", "ask_which_npq")
    assert started.asking == "role"
    detour, context = say("how long is npqsl?", "ask_duration", context, programmes=("NPQSL",))
    assert "18 months" in detour.text
    assert detour.asking == "role"
    end, _ = say("I am a headteacher", "ask_which_npq", context, roles=("headteacher",))
    assert end.asking != "role"


def test_another_role_replaces_the_first_when_it_corrects_it() -> None:
    answers, _ = choose(("what if i was a literacy lead", {"roles": ("literacy_lead",)}), roles=("head_of_year",))
    assert "First choice: Leading literacy (NPQLL)" in answers[-1].text
    assert "pastoral" not in answers[-1].messages[0]


def test_the_funding_check_takes_over_the_programme_chosen() -> None:
    _, context = choose(roles=("literacy_lead",))
    check, _ = say("Check if I can get funding", "ask_funding_process", context)
    assert check.asking == "setting"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("when must i finish the senco npq? i started sept 2024", "September 2027"),
        ("i became senco on 29 February 2024, by when do i need the qualification", "28 February 2027"),
        ("by when must i have it? i have been senco since 2007", "2009"),
    ],
)
def test_the_senco_clock_reads_the_date_in_the_question(text: str, words: str) -> None:
    reply, _ = say(text, "ask_senco_deadline", roles=("senco",))
    assert words in reply.text
    assert reply.asking is None
    assert reply.status == "answered"


def test_the_senco_clock_asks_for_the_date_takes_it_and_can_be_changed_or_left() -> None:
    asked, context = say("By when must I have the SENCO qualification?", "ask_senco_deadline")
    assert asked.asking == "senco_start"
    detour, during = say("how much is it?", "ask_cost", context)
    assert detour.asking == "senco_start"
    told, after = say("january 2025", "ask_dates", during)
    assert "January 2028" in told.text
    changed, _ = say("what if it was september 2023", "ask_dates", after)
    assert "September 2026" in changed.text
    stopped, _ = say("cancel", "deny", context)
    assert stopped.asking is None


def test_an_impossible_date_is_explained_not_guessed() -> None:
    _, context = say("By when must I have the SENCO qualification?", "ask_senco_deadline")
    reply, _ = say("31/02/2024", "nlu_fallback", context)
    assert "31/02/2024" in reply.text
    assert reply.asking == "senco_start"
