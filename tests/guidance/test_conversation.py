"""Turns over the real knowledge: follow-ups, several questions, stale premises, time, the ladder."""

from datetime import date
from typing import Any

import pytest

from guidance import knowledge
from guidance.conversation import turn
from guidance.question import Context, Understood
from guidance.reply import Answer

TODAY = date(2026, 11, 21)


def say(
    text: str, intent: str, context: Context | None = None, today: date = TODAY, **found: Any
) -> tuple[Answer, Context]:
    return turn(Understood(text, intent, **found), context or Context(), knowledge.current(), today)


def test_a_follow_up_without_a_subject_keeps_the_programme() -> None:
    _, context = say("is npqh funded", "ask_funding", programmes=("NPQH",))
    reply, _ = say("and how long is it", "ask_duration", context)
    assert reply.programmes == ("NPQH",)
    assert "18 months" in reply.text


def test_a_topic_about_one_programme_means_it_in_the_rest_of_the_message_and_after_it() -> None:
    reply, context = say("there's a coaching thing? is it free", "ask_ehco", topics=("ehco", "funding"))
    assert reply.programmes == ("EHCO",)
    assert "Which NPQ" not in reply.text
    reply, _ = say("and how long is it", "ask_duration", context)
    assert reply.programmes == ("EHCO",)


def test_a_narrow_fact_whose_words_are_not_said_must_be_very_near_in_meaning() -> None:
    near = {"ehco-six-years": 0.75}
    reply, _ = say("first year as a head, can i have coaching", "ask_ehco", hints=near)
    assert "ehco-six-years" not in reply.facts
    reply, _ = say("in post since 2009", "ask_ehco", hints={"ehco-six-years": 0.9})
    assert "ehco-six-years" in reply.facts


def test_after_the_form_words_that_may_be_a_late_answer_to_it_are_not_kept() -> None:
    unsure, sure = (("nlu_fallback", 0.9),), (("thanks", 0.95),)
    after = Context(details=True)
    assert say("Zoë Quillfeather-Bab", "nlu_fallback", after, ranking=unsure)[0].private
    assert say("Peregrine Hall Primary School", "ask_funding", after, ranking=(("ask_funding", 0.4),))[0].private
    assert not say("how long is npqh", "ask_duration", after, programmes=("NPQH",))[0].private
    assert not say("thanks", "thanks", after, ranking=sure)[0].private
    assert not say("Zoë Quillfeather-Bab", "nlu_fallback", ranking=unsure)[0].private


def test_a_follow_up_without_a_question_keeps_the_topic() -> None:
    _, context = say("how long is npqh", "ask_duration", programmes=("NPQH",))
    reply, _ = say("what about npqlt", "follow_up", context, programmes=("NPQLT",))
    assert reply.topics == ("duration",)
    assert reply.programmes == ("NPQLT",)
    assert "12 months" in reply.text


def test_a_question_about_npqs_in_general_forgets_the_programme() -> None:
    _, context = say("how long is npqh", "ask_duration", programmes=("NPQH",))
    reply, _ = say("how are npqs assessed", "ask_assessment", context)
    assert reply.programmes == ()


def test_a_button_keeps_the_programme_though_it_says_npqs() -> None:
    _, context = say("how long is npqh", "ask_duration", programmes=("NPQH",))
    reply, _ = say("How are NPQs assessed?", "ask_assessment", context)
    assert reply.programmes == ("NPQH",)


def test_before_the_first_answer_nobody_asks_for_its_source() -> None:
    ranking = (("source_check", 0.4), ("ask_how_to_apply", 0.3))
    reply, context = say("wheres the link", "source_check", ranking=ranking)
    assert reply.topics == ("how_to_apply",)
    reply, _ = say("wheres the link", "source_check", context, ranking=ranking)
    assert reply.topics == ("source_check",)


def test_refused_together_though_each_subject_is_unsure() -> None:
    ranking = (("oos_ect_induction", 0.3), ("oos_pay", 0.2), ("ask_ect", 0.1))
    reply, _ = say("im a senco, what about my induction", "oos_ect_induction", ranking=ranking, roles=("senco",))
    assert reply.status == "out_of_scope"


def test_several_questions_about_several_programmes_are_all_answered_in_order() -> None:
    reply, _ = say(
        "how long are SL and H and are they funded?",
        "ask_duration",
        topics=("duration", "funding"),
        parts={"duration": "how long are SL and H", "funding": "are they funded"},
        programmes=("NPQSL", "NPQH"),
    )
    length, money = reply.messages
    assert "NPQSL: 18 months" in length
    assert "NPQH: 18 months" in length
    assert "NPQSL: " in money
    assert "NPQH: " in money
    assert reply.topics == ("duration", "funding")


def test_a_comparison_has_a_bubble_for_each_programme() -> None:
    reply, _ = say("npqsl or npqh", "ask_compare", programmes=("NPQSL", "NPQH"))
    assert [message.split(" ")[0] for message in reply.messages[-2:]] == ["NPQSL", "NPQH"]
    assert reply.status == "answered"


def test_a_comparison_without_programmes_asks_which() -> None:
    reply, _ = say("what is the difference", "ask_compare")
    assert (reply.status, reply.asking) == ("clarify", "programme")


def test_which_npq_asks_for_the_role_and_then_uses_it() -> None:
    reply, context = say("which npq is for me", "ask_which_npq")
    assert (reply.status, reply.asking) == ("clarify", "role")
    reply, _ = say("head of department", "nlu_fallback", context, roles=("head_of_department",))
    assert reply.status == "answered"
    assert "NPQLT" in reply.text


def test_two_roles_are_both_weighed() -> None:
    one, _ = say("x", "ask_which_npq", roles=("senco",))
    both, _ = say("x", "ask_which_npq", roles=("senco", "head_of_department"))
    assert set(one.facts) < set(both.facts)


def test_a_stale_premise_is_corrected_with_its_date_and_the_rest_still_answered() -> None:
    reply, _ = say(
        "is npqel funded and are we category 5",
        "ask_funding",
        topics=("funding", "school_list"),
        programmes=("NPQEL",),
        premises=("category-5-6",),
    )
    assert "2017" in reply.messages[0]
    assert "no longer" in reply.messages[0].lower() or "do not count today" in reply.messages[0]
    assert any("NPQEL" in message for message in reply.messages[1:])


def test_namesakes_are_told_apart_by_year() -> None:
    then, _ = say("how long was npqh in 2018", "ask_duration", programmes=("LEGACY-NPQH",), years=(2018,))
    now, _ = say("how long is npqh", "ask_duration", programmes=("NPQH",))
    assert "2017" in then.text
    assert then.text != now.text


def test_namesakes_are_asked_about_when_nothing_tells_them_apart() -> None:
    reply, _ = say("how many projects were there in npqh", "ask_assessment", programmes=("NPQH",))
    assert (reply.status, reply.asking) == ("clarify", "programme")
    assert [button.title for button in reply.buttons] == ["The older NPQH", "Today's NPQH"]


@pytest.mark.parametrize(
    ("today", "said", "unsaid"),
    [
        (date(2021, 10, 1), "The next intake is autumn 2021", "2026"),
        (date(2024, 3, 1), "autumn 2024", "autumn 2026"),
        (date(2026, 8, 1), "The next intake is autumn 2026", "started"),
        (TODAY, "starts this month", "next intake is autumn 2026"),
        (date(2027, 2, 1), "started in November 2026", "The next intake is"),
        (date(2028, 2, 1), "I do not know of a newer one", "this month"),
    ],
)
def test_nothing_past_is_offered_as_upcoming(today: date, said: str, unsaid: str) -> None:
    reply, _ = say("when does it start", "ask_dates", today=today)
    assert said in reply.text
    assert unsaid not in reply.text


def test_a_rule_past_its_end_is_said_to_be_the_last_known() -> None:
    reply, _ = say("is npqh funded", "ask_funding", today=date(2028, 2, 1), programmes=("NPQH",))
    assert "last rule I know" in reply.text


def test_an_old_page_is_introduced_as_what_it_said_then_and_what_replaced_it() -> None:
    reply, _ = say("what did harris offer", "ask_provider_offer", providers=("harris",))
    assert "2019" in reply.text
    assert "replaced" in reply.text


def test_the_ladder_never_says_the_same_sentence_twice() -> None:
    ranking = (("ask_funding", 0.2), ("ask_cost", 0.15), ("ask_dates", 0.1))
    context, texts, statuses = Context(), [], []
    for _ in range(9):
        reply, context = say("blorp", "nlu_fallback", context, ranking=ranking)
        texts.append(reply.text)
        statuses.append(reply.status)
    assert len(set(texts)) == 9
    assert statuses[:3] == ["clarify", "clarify", "handover"]


def test_the_second_rung_offers_the_three_likeliest_topics() -> None:
    ranking = (("ask_funding", 0.2), ("greet", 0.2), ("ask_cost", 0.15), ("ask_dates", 0.1), ("ask_trn", 0.05))
    _, context = say("blorp", "nlu_fallback", ranking=ranking)
    reply, _ = say("blorp", "nlu_fallback", context, ranking=ranking)
    topics = knowledge.current().topics
    assert [button.payload for button in reply.buttons] == [
        topics[name].example for name in ("funding", "cost", "dates")
    ]


def test_an_answer_resets_the_ladder() -> None:
    _, context = say("blorp", "nlu_fallback")
    _, context = say("is npqh funded", "ask_funding", context, programmes=("NPQH",))
    assert context.misses == 0
    reply, _ = say("blorp", "nlu_fallback", context)
    assert reply.status == "clarify"


def test_yes_takes_the_step_that_was_offered() -> None:
    first, context = say("how long is npqh", "ask_duration", programmes=("NPQH",))
    reply, _ = say("yes please", "affirm", context)
    assert reply.topics == context.offered[:1]
    assert reply.messages != first.messages


def test_crisis_words_win_over_any_question() -> None:
    reply, _ = say("x", "ask_cost", topics=("cost",), crisis=True)
    assert reply.status == "crisis"
    for line in ("116 123", "999", "111", "08000 562561"):
        assert line in reply.text
    assert not reply.buttons


def test_context_survives_storage() -> None:
    _, context = say("is npqh funded", "ask_funding", programmes=("NPQH",), settings=("academy",))
    assert Context.from_dict(context.to_dict()) == context
    assert Context.from_dict(None) == Context()
    assert Context.from_dict({"a_key_of_an_older_version": 1}) == Context()


def test_every_topic_has_an_answer_with_a_source_for_every_programme() -> None:
    known = knowledge.current()
    for topic in known.topics.values():
        for programmes in ((), *((code,) for code in known.programmes)):
            reply, _ = say(topic.example, topic.intent, programmes=programmes)
            assert reply.messages, (topic.id, programmes)
            assert all(len(message.split()) <= 110 for message in reply.messages), (topic.id, programmes)
            if reply.status == "answered":
                assert reply.sources, (topic.id, programmes)


def test_a_message_not_understood_that_names_a_programme_is_asked_about_it() -> None:
    unsure = (("nlu_fallback", 0.9),)
    text = "dear all, the board met about npqel and the rota for june"
    reply, context = say(text, "nlu_fallback", ranking=unsure, programmes=("NPQEL",))
    assert reply.status == "clarify"
    assert "NPQEL" in reply.text
    assert reply.buttons[0].payload == "Tell me about NPQEL"
    reply, _ = say("How long does an NPQ take?", "ask_duration", context)
    assert reply.programmes == ("NPQEL",)
