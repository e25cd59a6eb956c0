"""The trained pipeline on whole messages."""

from __future__ import annotations

import time

import pytest

from tests.bot.nlu.conftest import Parse

pytestmark = pytest.mark.slow

SEVERAL = {
    "how long are SL and H and are they funded?": {"duration", "funding"},
    "what does npqlt cost and when does it start?": {"cost", "dates"},
    "cost, length and dates for npqh": {"cost", "duration", "dates"},
    "Which npq should I do and is it funded? Also how many hours a week is it": {"which_npq", "funding", "weekly_time"},
}
STORY = (
    "Hi, I've been teaching for 12 years at a primary in Leeds, I lead maths, and last week my head mentioned that "
    "NPQs exist. I'm not really sure where to begin. How much does it cost? Thanks"
)


@pytest.mark.parametrize(("text", "topics"), [pytest.param(*item, id=item[0]) for item in SEVERAL.items()])
def test_every_question_of_a_message_is_found(text: str, topics: set[str], parse: Parse) -> None:
    assert set(parse(text).topics) == topics


def test_topics_stand_in_the_order_asked(parse: Parse) -> None:
    assert parse("is npqh funded, and how long is it?").topics == ["funding", "duration"]
    assert parse("how long is npqh, and is it funded?").topics == ["duration", "funding"]


def test_a_story_is_read_for_its_question(parse: Parse) -> None:
    assert parse(STORY).intent == "ask_cost"


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("hello", "greet"),
        ("thanks, how do I apply?", "ask_how_to_apply"),
        ("delete my data please, and how long is npqel?", "data_rights"),
        ("i want to make a formal complaint. also when does npqh start?", "complaint"),
        ("i want to end my life. how do i withdraw from npqh", "crisis"),
        ("can i speak to a human", "person"),
        ("how do i train to be a teacher", "oos_become_teacher"),
        ("who won the world cup", "oos_off_topic"),
    ],
)
def test_what_must_be_heard(text: str, intent: str, parse: Parse) -> None:
    assert parse(text).intent == intent


@pytest.mark.parametrize("text", ["", "   ", "😀", "??"])
def test_what_cannot_be_understood_is_a_fallback(text: str, parse: Parse) -> None:
    found = parse(text)
    assert found.intent == "nlu_fallback"
    assert found.ranking[0] == "nlu_fallback"


@pytest.mark.parametrize("text", ["blorp wibble frotz", "xkcd zzgrb fnord", "flurb grix snaffo plem"])
def test_gibberish_is_asked_back_about(text: str, parse: Parse) -> None:
    assert parse(text).intent == "nlu_fallback"


@pytest.mark.parametrize(
    "text", ["how do i apply for a blue badge", "how much is my gas bill", "track my parcel", "who sings that song"]
)
def test_everyday_questions_are_not_answered(text: str, parse: Parse) -> None:
    assert not parse(text).intent.startswith("ask_")


@pytest.mark.parametrize("text", ["how mcuh does npqsl csot", "HOW MUCH DOES NPQSL COST", "how much does npqsl cost"])
def test_slips_and_case_do_not_change_the_question(text: str, parse: Parse) -> None:
    assert parse(text).intent == "ask_cost"


def test_the_ranking_stays_below_a_fallback(parse: Parse) -> None:
    assert len(parse("??").ranking) == 11


@pytest.mark.parametrize("text", ["xkcd zzgrb fnord", "asdf", "the the the", "select * from users"])
def test_junk_is_never_a_question_about_npqs(text: str, parse: Parse) -> None:
    assert not parse(text).intent.startswith("ask_")


def test_a_button_finds_its_own_topic(parse: Parse) -> None:
    from guidance.knowledge import current

    wrong = {
        topic.example: parse(topic.example).intent
        for topic in current().topics.values()
        if topic.in_scope and parse(topic.example).intent != topic.intent
    }
    assert not wrong


def test_an_ask_finds_its_own_fact(parse: Parse) -> None:
    from guidance.knowledge import current

    asked = [fact for fact in current().facts.values() if fact.asks and not fact.when.provider][::40]
    found = [fact.id in parse(fact.asks[0]).facts for fact in asked]
    assert sum(found) > 0.75 * len(found)


def test_entities_are_json(parse: Parse) -> None:
    import json

    json.dumps(parse("was npqlpm funded in autumn 2024 for a hod, and how long is it?").entities)


def test_a_message_takes_milliseconds(parse: Parse) -> None:
    texts = [f"how long is npqh for {number} people" for number in range(50)]
    parse("warm up")
    start = time.process_time()
    for text in texts:
        parse(text)
    assert (time.process_time() - start) / len(texts) < 0.04  # generous: the machine may be slow or busy
