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


def test_a_list_of_nouns_gives_its_items() -> None:
    assert [clause.text for clause in split("cost, length and dates") if clause.listed] == ["cost", "length", "dates"]


def test_a_long_story_keeps_its_questions() -> None:
    story = ". ".join(f"This is sentence number {number} of my story" for number in range(30))
    found = split(f"{story}. How much is it? {story}. Thank you")
    assert len(found) <= 8
    assert "How much is it?" in [clause.text for clause in found]
