"""Whole dialogues: choosing among what was offered, namesakes, unsure guesses, the ladder, several questions."""

from typing import Any

import pytest
from test_conversation import say

from guidance import knowledge
from guidance.question import Context
from guidance.reply import Answer

JUNK: dict[str, Any] = {"ranking": (("ask_funding", 0.2), ("ask_cost", 0.15), ("ask_dates", 0.1))}


def asked_about_npqh() -> tuple[Answer, Context]:
    return say("what were the assessments for npqh", "ask_assessment", programmes=("NPQH",))


@pytest.mark.parametrize(
    "said", ["older one", "the old one please", "legacy", "the 2018 one", "i meant the former one"]
)
def test_a_namesake_is_chosen_in_a_few_words(said: str) -> None:
    _, context = asked_about_npqh()
    reply, _ = say(said, "nlu_fallback", context)
    assert (reply.topics, reply.programmes) == (("assessment",), ("LEGACY-NPQH",))


@pytest.mark.parametrize("said", ["today's", "today’s one", "the new one", "current", "Today's NPQH"])
def test_todays_namesake_is_chosen_in_a_few_words(said: str) -> None:
    _, context = asked_about_npqh()
    reply, _ = say(said, "goodbye", context, programmes=("NPQH",))
    assert (reply.topics, reply.programmes, reply.status) == (("assessment",), ("NPQH",), "answered")


def test_a_namesake_button_answers_whatever_it_is_classified_as() -> None:
    first, context = asked_about_npqh()
    for button, code in zip(first.buttons, ("LEGACY-NPQH", "NPQH")):
        reply, _ = say(button.payload, "ask_legacy", context, programmes=("NPQH",), years=(2017,))
        assert (reply.topics, reply.programmes) == (("assessment",), (code,))


def test_a_new_question_after_the_choice_is_a_new_question() -> None:
    _, context = asked_about_npqh()
    reply, _ = say("is there a new cohort", "ask_dates", context)
    assert reply.topics == ("dates",)


def test_yes_walks_on_and_never_goes_back() -> None:
    _, context = say("how long is npqh", "ask_duration", programmes=("NPQH",))
    topics = ["duration"]
    for _ in range(8):
        reply, context = say("yes please", "affirm", context)
        if reply.topics == ("affirm",) or reply.asking:
            break
        topics += reply.topics
    assert len(topics) == len(set(topics)) > 2


@pytest.mark.parametrize("said", ["ok", "right", "I see", "ok got it.", "hmm"])
def test_an_acknowledgement_is_not_a_choice(said: str) -> None:
    _, context = say("is npqh funded", "ask_funding", programmes=("NPQH",))
    reply, _ = say(said, "affirm", context)
    assert reply.topics == ("affirm",)


@pytest.mark.parametrize(("said", "place"), [("the second one", 1), ("first", 0), ("3", 2), ("the last one please", 2)])
def test_a_topic_is_chosen_by_its_place(said: str, place: int) -> None:
    _, context = say("blorp", "nlu_fallback", **JUNK)
    offered, context = say("blorp", "nlu_fallback", context, **JUNK)
    assert offered.asking == "topic"
    reply, _ = say(said, "deny", context)
    assert reply.topics == (("funding", "cost", "dates")[place],)


def test_the_second_one_chooses_nothing_where_no_choice_was_asked() -> None:
    _, context = say("is npqh funded", "ask_funding", programmes=("NPQH",))
    reply, _ = say("the second one", "nlu_fallback", context)
    assert reply.status == "clarify"


@pytest.mark.parametrize(("faces", "topic"), [("👍", "praise"), ("🙂🙂", "praise"), ("😡", "feedback_bad")])
def test_faces_say_whether_the_answer_pleased(faces: str, topic: str) -> None:
    reply, _ = say(faces, "nlu_fallback")
    assert reply.topics == (topic,)


def test_crisis_words_win_over_the_choice_of_a_namesake() -> None:
    _, context = asked_about_npqh()
    reply, _ = say("the old me wants to die", "crisis", context, crisis=True)
    assert reply.status == "crisis"


def test_a_follow_up_about_another_programme_leaves_the_role() -> None:
    _, context = say("i lead maths, npqlpm?", "ask_which_npq", programmes=("NPQLPM",), roles=("maths_lead",))
    reply, _ = say("and for behaviour", "follow_up", context, programmes=("NPQLBC",))
    assert "NPQLBC" in reply.messages[0]
    assert "NPQLPM" not in reply.text


def test_none_of_these_takes_the_next_rung() -> None:
    _, context = say("blorp", "nlu_fallback", **JUNK)
    offered, context = say("blorp", "nlu_fallback", context, **JUNK)
    reply, _ = say("none of those", "deny", context, **JUNK)
    assert (len(offered.buttons), reply.status) == (3, "handover")


def test_the_ladder_repeats_nothing_across_a_long_conversation() -> None:
    context, texts = Context(), []
    for number in range(12):
        if number % 2 == 0:
            _, context = say("is npqh funded", "ask_funding", context, programmes=("NPQH",))
        reply, context = say("blorp", "nlu_fallback", context, **JUNK)
        texts.append(reply.text)
    rephrased = [text for text in texts if "example" in text or "such as" in text or "something like" in text]
    assert len(set(rephrased)) == len(rephrased) == 6


@pytest.mark.parametrize("intent", ["crisis", "complaint", "data_rights", "abuse", "greet"])
def test_a_weak_guess_at_something_heavy_is_not_acted_on(intent: str) -> None:
    reply, _ = say("and after that what could i take", intent, ranking=((intent, 0.27), ("ask_after", 0.2)))
    assert reply.status == "clarify"
    reply, _ = say("x", intent, ranking=((intent, 0.6),))
    assert reply.status != "clarify"


def test_who_i_am_is_no_request_for_a_job() -> None:
    reply, _ = say(
        "I'm deputy head in a special school in Leeds",
        "oos_jobs",
        ranking=(("oos_jobs", 0.27),),
        roles=("deputy_head",),
    )
    assert reply.topics == ("which_npq",)
    assert reply.status == "answered"


def test_more_goes_on_without_asking_back() -> None:
    _, context = say("tell me about npqlbc", "ask_about", programmes=("NPQLBC",))
    for _ in range(5):
        reply, context = say("more", "more", context)
        assert reply.asking is None


def test_each_of_three_questions_gets_its_bubble() -> None:
    reply, _ = say(
        "how long are the specialist npqs, is npqlt funded and when do i apply",
        "ask_duration",
        topics=("duration", "funding", "dates"),
        parts={
            "duration": "how long are the specialist npqs",
            "funding": "is npqlt funded",
            "dates": "when do i apply",
        },
        programmes=("NPQLT",),
    )
    known = knowledge.current()
    assert len(reply.messages) <= 4
    assert {known.facts[fact].topic for fact in reply.facts if fact in known.facts} >= {"duration", "funding"}
    assert any("2026" in message for message in reply.messages[2:])


def test_they_is_the_provider_spoken_of() -> None:
    _, context = say("teach first", "ask_providers", providers=("teach_first",))
    reply, _ = say("do they do npqlpm", "ask_what_is_npq", context, programmes=("NPQLPM",))
    assert "Teach First" in reply.text


@pytest.mark.parametrize(("confidence", "status"), [(0.7, "answered"), (0.95, "crisis")])
def test_stress_around_a_question_is_answered_unless_a_crisis_is_very_likely(confidence: float, status: str) -> None:
    reply, _ = say(
        "i'm exhausted, can i pause my npq",
        "crisis",
        ranking=(("crisis", confidence),),
        topics=("crisis", "deferral"),
        parts={"crisis": "i'm exhausted", "deferral": "can i pause my npq"},
    )
    assert reply.status == status
