"""The figures: counted right, the same on SQLite and PostgreSQL, by days and hours in the UK."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date, datetime, timedelta, timezone
from typing import Any

import pytest
import sqlalchemy as sa
import yaml

from bot.report import Figures, Period, read_figures, summary
from bot.report.times import bucket, percentile
from guidance.interest import Interests
from tests.bot.report.conftest import AT, not_understood, turn
from tests.guidance.interest.people import submit

Store = Callable[[list[dict[str, Any]]], sa.engine.Engine]
FORM = ("name", "email", "role", "school", "cohort", "phone", "marketing", "confirm")


def told(engine: sa.engine.Engine, **period: Any) -> dict[str, Any]:
    return summary(read_figures(engine, Period(**period)))


def form(session: str, asked: int, **more: Any) -> list[dict[str, Any]]:
    """A conversation in which the form asked for so many details."""
    return [
        turn("[personal details]", session=session, status="form", topics=["register_interest"], asking=name, **more)
        for name in FORM[:asked]
    ]


def test_everything_is_counted(store: Store) -> None:
    found = told(
        store(
            [
                turn(rating="up"),
                turn(topics=["funding", "dates"], programmes=["NPQH", "NPQSL"], rating="down"),
                turn(session="two", at=AT + timedelta(days=2, hours=5), programmes=[], ms=900),
                turn(session="two", at=AT + timedelta(days=2, hours=5), status="handover", channel="slack"),
                turn(session="two", at=AT + timedelta(days=2, hours=5), status="handover", channel="slack"),
                not_understood("can my dog come", session="three"),
            ]
        )
    )
    assert (found["turns"], found["conversations"]) == (6, 3)
    assert (found["from"], found["to"], found["channels"]) == ("2026-11-10", "2026-11-12", ["slack", "web"])
    assert found["by_day"] == {"2026-11-10": 3, "2026-11-11": 0, "2026-11-12": 3}
    assert {hour: count for hour, count in found["by_hour"].items() if count} == {"9": 3, "14": 3}
    assert found["statuses"] == {"answered": 3, "handover": 2, "clarify": 1}
    assert found["topics"] == {"funding": 5, "dates": 1}
    assert found["programmes"] == {"NPQH": 4, "NPQSL": 1}
    assert found["ratings"] == {"up": 1, "down": 1}
    assert found["ratings_by_topic"] == {"funding": {"up": 1, "down": 1}, "dates": {"up": 0, "down": 1}}
    assert found["handovers"] == {"turns": 2, "conversations": 1, "topics": {"funding": 2}}
    assert found["unanswered"]["turns"] == 1


def test_days_and_hours_are_those_of_the_uk(store: Store) -> None:
    summer, winter = (
        datetime(2026, 7, 1, 23, 30, tzinfo=timezone.utc),
        datetime(2026, 12, 1, 23, 30, tzinfo=timezone.utc),
    )
    engine = store([turn(at=summer), turn(at=winter)])
    found = told(engine)
    assert {day: count for day, count in found["by_day"].items() if count} == {"2026-07-02": 1, "2026-12-01": 1}
    assert found["by_hour"]["0"] == found["by_hour"]["23"] == 1
    assert told(engine, first=date(2026, 7, 2), last=date(2026, 7, 2))["turns"] == 1
    assert told(engine, last=date(2026, 7, 1))["turns"] == 0
    assert told(engine, last=date(2026, 12, 1))["turns"] == 2


def test_a_channel_is_chosen_and_trials_are_counted_only_when_named(store: Store) -> None:
    engine = store([turn(), turn(channel="slack"), *(turn(channel=name) for name in ("ask", "terminal", "evaluate"))])
    assert told(engine)["turns"] == 2
    assert [told(engine, channel=name)["turns"] for name in ("web", "slack", "ask", "terminal")] == [1, 1, 1, 1]


def test_the_funnel_says_where_people_stop(store: Store, open_: Callable[..., Interests]) -> None:
    engine = store(
        [
            *form("left at once", 1),
            *form("left at the school", 4),
            *form("sent it", 8),
            *form("did not send it", 8),
            turn(session="asked which school", status="form", topics=["register_interest"], asking="which_school"),
            turn(session="of the funding check", status="form", topics=["funding"], asking="school"),
        ]
    )
    submit(open_(), session="sent it")
    steps = {step["step"]: (step["reached"], step["stopped"]) for step in told(engine)["interest"]["funnel"]}
    assert steps == {
        "programme": (5, 0), "name": (5, 1), "email": (4, 0), "role": (4, 0), "school": (4, 2), "cohort": (2, 0),
        "phone": (2, 0), "marketing": (2, 0), "confirm": (2, 1), "sent": (1, 0),
    }  # fmt: skip
    assert told(engine)["interest"]["registered"] == 1


def test_the_same_question_in_other_words_is_one_group(store: Store) -> None:
    figures = read_figures(
        store(
            [
                *(not_understood("Can my dog come to the sessions?") for _ in range(3)),
                not_understood("can my dog come to the session"),
                not_understood("CAN MY DOG COME TO SESSIONS"),
                not_understood("is there parking at the venue", intent="ask_delivery"),
                not_understood("parking at the venue", intent="ask_delivery"),
                turn("who won the cup", status="out_of_scope", topics=["other"], intent="out_of_scope_other"),
                turn("asked for a person", status="handover"),
                turn("which npq suits me", status="clarify", topics=["which_npq"], asking="role"),
            ]
        )
    )
    groups = summary(figures)["unanswered"]["groups"]
    assert [(group["text"], group["count"]) for group in groups] == [
        ("Can my dog come to the sessions?", 5),
        ("is there parking at the venue", 2),
        ("who won the cup", 1),
    ]
    assert groups[0]["intent"] == "ask_funding"
    assert groups[1]["intent"] == "ask_delivery"


def test_the_lines_for_training_are_ready_for_data_nlu(store: Store) -> None:
    nasty = '- [npqh](programme) {"a": 1} `x` &amp; what: is # this'
    figures = read_figures(store([not_understood(nasty), not_understood("two\nlines: | > %")]))
    for group in summary(figures)["unanswered"]["groups"]:
        document = yaml.safe_load('version: "3.1"\n\nnlu:\n' + group["training"])
        (item,) = document["nlu"]
        assert item["intent"] == "ask_funding"
        lines = item["examples"].splitlines()
        assert len(lines) == 1
        assert lines[0].startswith("- ")
        assert not set(lines[0]) & set("[](){}`")


def test_more_wordings_than_make_groups_are_all_counted(engine: sa.engine.Engine, store: Store) -> None:
    words = ["tent", "boat", "kite", "drum", "sock", "fork", "vase", "coat"]
    store([not_understood(f"do you sell a {words[n % 8]} and a {words[n % 8]} case {n}") for n in range(3500)])
    figures = read_figures(engine)
    shown = sum(figures.total("questions").values())
    assert shown + figures.left_out == 3500
    assert shown > 3000
    assert len(figures.questions) <= 50


@pytest.mark.parametrize("share", [0.5, 0.95, 1.0])
def test_percentiles_are_at_most_five_percent_too_long(share: float) -> None:
    chance = random.Random(2)
    times = sorted(chance.lognormvariate(4, 1) for _ in range(2000))
    counts: dict[int, int] = {}
    for ms in times:
        counts[bucket(ms)] = counts.get(bucket(ms), 0) + 1
    exact = times[int(share * len(times)) - 1]
    found = percentile(counts, share)
    assert found is not None
    assert exact <= found * (1 + 1e-9) <= exact * 1.0501
    assert percentile({}, share) is None


def test_sqlite_and_postgresql_give_the_same_figures(tmp_path: Any, postgres: str) -> None:
    from bot.channels.turns import Tables, turns
    from guidance.interest import database
    from tests import databases

    chance, found = random.Random(3), []
    rows = []
    for number in range(2000):
        make = not_understood if chance.random() < 0.3 else turn
        rows.append(
            make(
                f"question {chance.randrange(200)} Ünïcode",
                at=AT + timedelta(minutes=37 * number), session=f"s{number // 4}", ms=chance.lognormvariate(3, 1),
                channel=chance.choice(["web", "slack"]), rating=chance.choice([None, None, "up", "down"]),
            )
        )  # fmt: skip
    with databases.new_database(postgres) as server:
        for url in (f"sqlite:///{tmp_path / 'npq.db'}", server):
            engine = database.connect(url)
            Tables(engine).make()
            with engine.begin() as connection:
                connection.execute(turns.insert(), rows)
            figures: Figures = read_figures(engine)
            found.append((summary(figures), figures.cells()))
            engine.dispose()
    assert found[0] == found[1]
