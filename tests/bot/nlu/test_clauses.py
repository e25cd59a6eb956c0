"""Messages are cut where a new question begins, and nowhere else."""

from __future__ import annotations

import pytest

from bot.nlu.clauses import split

CASES = {
    "how long are SL and H and are they funded?": ["how long are SL and H", "are they funded?"],
    "what is npqh, how much does it cost and when does it start": [
        "what is npqh",
        "how much does it cost",
        "when does it start",
    ],
    "is it funded how long does it take": ["is it funded", "how long does it take"],
    "thanks that's great, how do I apply": ["thanks that's great", "how do I apply"],
    "is there a deadline and if so when is it": ["is there a deadline", "when is it"],
    "cost? dates? length?": ["cost?", "dates?", "length?"],
    "do you know when it starts": ["do you know when it starts"],
    "I am a teacher who is leaving": ["I am a teacher who is leaving"],
    "Do I need QTS e.g. for npqh?": ["Do I need QTS e.g. for npqh?"],
    "how much is it": ["how much is it"],
    "how many hours a week is it": ["how many hours a week is it"],
    "can a TA do the literacy one also who runs it": ["can a TA do the literacy one", "who runs it"],
    "what if I fail, and if I leave do I pay": ["what if I fail", "if I leave do I pay"],
    "hiii 👋 is it on zoom & do u get time off": ["hiii 👋 is it on zoom", "do u get time off"],
    "1. I heard nothing\n2. who do I ask": ["I heard nothing", "who do I ask"],
    "two things. 1) can TAs do it 2) is it online": ["two things", "can TAs do it", "is it online"],
    "say (a) who pays, (b) how long it is": ["say", "who pays", "how long it is"],
    "two things: is it online, is it free": ["two things", "is it online", "is it free"],
    "I got a first and did my masters before": ["I got a first and did my masters before"],
    "the heads argue about how much time it takes": ["the heads argue about how much time it takes"],
    "是否可以申请？需要多少钱": ["是否可以申请？", "需要多少钱"],
    "": [],
    "  \n ": [],
}


@pytest.mark.parametrize(("text", "parts"), [pytest.param(*item, id=item[0]) for item in CASES.items()])
def test_clauses(text: str, parts: list[str]) -> None:
    found = [clause for clause in split(text) if not clause.listed]
    assert [clause.text for clause in found] == parts
    assert all(text[clause.start : clause.end] == clause.text for clause in found)


def test_questions_are_told_from_statements() -> None:
    text = "Hi, I've been teaching 12 years. My head mentioned it. I wonder how much it is. Also is it hard?"
    assert [clause.asks for clause in split(text)] == [False, False, True, True]


def test_a_long_sentence_that_only_tells_is_no_question() -> None:
    told = (
        "Last year our head said that she would like to help us with it but then two of us left and nobody was sure of "
        "anything any more"
    )
    found = split(f"{told}. By when do I register")
    assert [(clause.asks, clause.tells) for clause in found] == [(False, True), (True, False)]


def test_each_item_of_a_list_is_a_question() -> None:
    assert [clause.asks for clause in split("We need:\n* cover costs\n2) time out\n* dates")] == [
        False,
        True,
        True,
        True,
    ]


def test_a_list_of_nouns_gives_its_items() -> None:
    assert [clause.text for clause in split("cost, length and dates") if clause.listed] == ["cost", "length", "dates"]


def test_a_long_story_keeps_its_questions() -> None:
    story = ". ".join(f"This is sentence number {number} of my story" for number in range(30))
    found = split(f"{story}. How much is it? {story}. Thank you")
    assert len(found) <= 8
    assert "How much is it?" in [clause.text for clause in found]
