"""Reading files of conversations: every mistake is named with its line and what to write instead."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from bot.conversations.script import Said
from guidance.knowledge import Knowledge, Problem, current

Read = Callable[..., tuple[list[Any], list[Problem]]]

WHOLE = """\
today: 2024-03-15
conversations:
  - name: A talk
    channel: slack
    steps:
      - user: yes
        bot contains: [one, two]
        asking: null
        most words: 60
      - answers:
          phone: 07700 900123
          email: [wrong, ann@example.com]
          consent: {press: I agree}
        stored: {count: 1, programmes: [NPQH, NPQSL], marketing_consent: no}
"""


def test_a_whole_file_is_read(read: Read) -> None:
    (talk,), problems = read(WHOLE)
    assert not problems
    assert (talk.id, talk.line, talk.channel, talk.today) == ("talk.yml::A talk", 3, "slack", date(2024, 3, 15))
    first, second = talk.steps
    assert first.said == Said("yes")  # not true
    assert [(item.key, item.value, item.line) for item in first.expects] == [
        ("bot contains", ("one", "two"), 7),
        ("asking", None, 8),
        ("most words", 60, 9),
    ]
    assert second.answers == {
        "phone": (Said("07700 900123"),),
        "email": (Said("wrong"), Said("ann@example.com")),
        "consent": (Said("I agree", press=True),),
    }
    assert second.expects[0].value.fields[1] == ("marketing_consent", ("no",))


def test_web_is_the_usual_channel(read: Read) -> None:
    (talk,), _ = read("conversations:\n  - name: x\n    steps: [{user: hello}]")
    assert (talk.channel, talk.today) == ("web", None)


def step(line: str) -> str:
    return f"conversations:\n  - name: A talk\n    steps:\n      - user: hello\n        {line}\n"


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        (step("bot contain: hello"), 5, "`bot contain` is not known here. Did you mean `bot contains`?"),
        (step("status: answerd"), 5, "Did you mean `answered`?"),
        (step("status: nothing"), 5, "`nothing` is not known."),
        (step("programmes: NPQHH"), 5, "Did you mean `NPQH`?"),
        (step("topics: fundin"), 5, "Did you mean `funding`?"),
        (step("most words: many"), 5, "must be a whole number"),
        (step("bot matches: '(a'"), 5, "no regular expression"),
        (step("bot contains: {months}"), 5, 'Put it in quotes: "{months}".'),
        (step("bot contains:"), 5, "is empty"),
        (step("bot contains: []"), 5, "empty list"),
        (step("press: Go on"), 4, "Make two steps of it."),
        (step("answers: []"), 5, "must name what the bot asks for"),
        (step("answers: {email: ''}"), 5, "is empty"),
        (step("stored: {emial: x}"), 5, "Did you mean `email`?"),
        (step("stored: {count: 0, email: x}"), 5, "Remove the fields"),
        (step("user: again"), 5, "stands twice"),
        ("conversations:\n  - name: x\n    steps:\n      - status: answered\n", 4, "Begin it with `user:`"),
        ("conversations:\n  - name: x\n    stepps: [{user: a}]\n", 3, "Did you mean `steps`?"),
        ("conversations:\n  - name: x\n    stepps: [{user: a}]\n", 2, "has no `steps`"),
        ("conversations:\n  - steps: [{user: a}]\n", 2, "has no `name`"),
        ("conversations:\n  - name: x\n    steps: hello\n", 3, "must be a list of steps"),
        ("conversations:\n  - name: a::b\n    steps: [{user: a}]\n", 2, "must not contain `::`"),
        ("conversations:\n  - name: x\n    today: soon\n    steps: [{user: a}]\n", 3, "is not a day"),
        ("today: 2024-02-31\nconversations:\n  - name: x\n    steps: [{user: a}]\n", 1, "is not a day"),
        ("conversations:\n  - name: x\n    channel: sms\n    steps: [{user: a}]\n", 3, "Known: slack, terminal, web."),
        ("conversation:\n  - name: x\n", 1, "Did you mean `conversations`?"),
        ("- name: x\n", 1, "must begin with `conversations:`"),
        ("", 1, "must begin with `conversations:`"),
        ("conversations:\n  - name: 'x\n", 2, "not readable as YAML"),
        (step("asking: emial"), 5, "`emial` is not known. Did you mean `email`?"),
        (step("answers: {emial: ann@example.com}"), 5, "never asks for `emial`. Did you mean `email`?"),
        ("conversations:\n  - name: x\n    steps:\n    - user: a\n    status: social\n", 5, "belongs to a step: begin"),
        (
            "conversations:\n  - name: x\n    steps:\n    - user: a\n      today: 2026-11-21\n",
            5,
            "a conversation:",
        ),
        ("conversations:\n- name: x\nsteps:\n- user: a\n", 3, "belongs to a conversation: begin it in the column"),
        ("stories:\n  - steps: []\n", 2, "needs `story` and `steps`"),
    ],
)
def test_a_mistake_is_named_with_its_line(read: Read, text: str, line: int, says: str, knowledge: Knowledge) -> None:
    _, problems = read(text, knowledge=knowledge)
    assert any(problem.line == line and says in str(problem) for problem in problems), problems


@pytest.fixture
def knowledge() -> Knowledge:
    return current()


def test_two_conversations_of_one_name_are_told_apart_or_refused(read: Read) -> None:
    _, problems = read("conversations:\n  - name: x\n    steps: [{user: a}]\n  - name: x\n    steps: [{user: b}]\n")
    assert [(problem.line, "stands twice" in problem.message) for problem in problems] == [(4, True)]
    assert "line 2 has it too" in problems[0].suggestion


REPEAT = """\
conversations:
  - name: Length of {code}
    repeat with:
      - {code: NPQH, length: 18 months}
      - {code: NPQLT, length: 12 months}
    steps:
      - user: how long is {code}
        bot contains: "{length}"
        bot matches: '\\d{2} {length}'
"""


def test_repeat_with_makes_one_conversation_of_each_record(read: Read) -> None:
    talks, problems = read(REPEAT)
    assert not problems
    assert [(talk.name, talk.written_name) for talk in talks] == [
        ("Length of NPQH", "Length of {code}"),
        ("Length of NPQLT", "Length of {code}"),
    ]
    assert talks[1].steps[0].said == Said("how long is NPQLT")
    assert [item.value for item in talks[1].steps[0].expects] == [("12 months",), (r"\d{2} 12 months",)]


def test_repetitions_without_a_column_in_the_name_are_numbered_by_their_values(read: Read) -> None:
    talks, _ = read(REPEAT.replace("Length of {code}", "Lengths"))
    assert [talk.name for talk in talks] == ["Lengths [NPQH, 18 months]", "Lengths [NPQLT, 12 months]"]


@pytest.mark.parametrize(
    ("before", "after", "line", "says"),
    [
        ("is {code}", "is {cod}", 7, "`{cod}` is no column of record 1. Did you mean `code`?"),
        ("length: 12 months}", "lenght: 12 months}", 8, "`{length}` is no column of record 2. Did you mean `lenght`?"),
        ("length: 12 months}", "length: 12 months, more: x}", 5, "is used nowhere"),
        ("- {code: NPQLT, length: 12 months}", "- NPQLT", 3, "must be a list of records"),
    ],
)
def test_a_mistake_in_repeat_with_is_named(read: Read, before: str, after: str, line: int, says: str) -> None:
    talks, problems = read(REPEAT.replace(before, after))
    assert not talks
    assert any(problem.line == line and says in str(problem) for problem in problems), problems


def test_braces_stay_as_they_are_where_nothing_is_repeated(read: Read) -> None:
    (talk,), problems = read("conversations:\n  - name: x\n    steps: [{user: 'say {code}'}]\n")
    assert not problems
    assert talk.steps[0].said == Said("say {code}")


def test_files_of_schools_are_named_beside_the_file(read: Read, tmp_path: Path) -> None:
    (tmp_path / "register.csv").write_text("URN")
    talk = "conversations:\n  - name: x\n    schools: register.csv\n    steps: [{user: hello}]"
    (found,), problems = read(talk)
    assert not problems
    assert found.schools == (tmp_path / "register.csv",)
    ((nothing,), _) = read("schools: register.csv\n" + talk.replace("schools: register.csv", "schools: nothing"))
    assert nothing.schools == ()
    _, (problem,) = read(talk.replace("register.csv", "registers.csv"))
    assert problem.line == 3
    assert "no file `registers.csv`" in str(problem)
    assert "register.csv" in problem.suggestion
