"""What became of offers of a person: each outcome once, by day, only on the website."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from bot.channels.slack.queue import Queue
from bot.channels.turns import TurnLog
from bot.handoff.store import Store
from bot.handoff.tables import ACTIVE, OFFERED, REQUESTED
from bot.report import Period, read_figures, summary
from bot.report.tables import headline, tables
from guidance.interest.keys import Keyring
from tests.bot.report.conftest import AT, turn

NOTHING = {"joined": 0, "nobody": 0, "went": 0, "away": 0, "waiting": 0, "not_asked": 0}


class Office:
    """Offers people with the product's own store; `now` is its time."""

    def __init__(self, engine: sa.engine.Engine) -> None:
        self.now = AT
        keys = Keyring.parse(bytes(range(32)).hex())
        self.store = Store(Queue(engine, keys), TurnLog(engine), keys, lambda: self.now)

    def offer(self, name: str, why: str = "", *, asked: bool = True, after: int = 0, rating: str = "") -> None:
        """One offer: asked for or not, joined after so many seconds, closed for a reason, rated."""
        with self.store.change() as change:
            assert change.offer(name, "asked for a person", None, name, strict=False)
        if asked:
            self._move(name, OFFERED, state=REQUESTED, requested_at=self.now)
        if after:
            self._move(name, REQUESTED, state=ACTIVE, claimed_at=self.now + timedelta(seconds=after))
        if why:
            self._close(name, why)
        if rating:
            self._move(name, "closed", rating=rating)

    def _move(self, name: str, before: str, **values: Any) -> None:
        found = self.store.latest(name)
        assert found is not None
        with self.store.change() as change:
            assert change.move(found, (before,), **values)

    def _close(self, name: str, why: str) -> None:
        found = self.store.latest(name)
        assert found is not None
        with self.store.change() as change:
            assert change.close(found, (OFFERED, REQUESTED, ACTIVE), why)


@pytest.fixture
def office(engine: sa.engine.Engine) -> Office:
    return Office(engine)


def told(engine: sa.engine.Engine, **period: Any) -> dict[str, Any]:
    found: dict[str, Any] = summary(read_figures(engine, Period(**period)))["persons"]
    return found


def test_each_outcome_is_counted(engine: sa.engine.Engine, office: Office) -> None:
    office.offer("helped", "done", after=60, rating="up")
    office.offer("did not help", "visitor", after=120, rating="down")
    office.offer("still talking", after=600)
    for number, why in enumerate(("unclaimed", "declined", "unreachable")):
        office.offer(f"nobody {number}", why)
    office.offer("went back", "cancelled")
    office.offer("closed the page", "left")
    office.offer("at night", "away", asked=False)
    office.offer("said no", "refused", asked=False)
    office.offer("asked something else", "passed", asked=False)
    office.offer("waits")
    found = told(engine)
    waits = found.pop("wait_ms")
    assert found == {
        "joined": 3, "nobody": 3, "went": 2, "away": 1, "waiting": 1, "not_asked": 2, "helped": {"up": 1, "down": 1},
    }  # fmt: skip
    assert 120_000 <= waits["p50"] <= 126_000
    assert 600_000 <= waits["p95"] <= 630_000
    figures = read_figures(engine)
    shown = tables(figures)
    assert shown["persons"].rows[0] == ["A person joined", "3", "25.0 %"]
    assert [row[1] for row in shown["persons"].rows] == ["3", "3", "2", "1", "1", "2"]
    assert shown["helped"].rows == [["It helped", "1", "50.0 %"], ["It did not help", "1", "50.0 %"]]
    values = {name: value for name, _words, value in headline(figures)}
    assert values["joined"] == "3"
    assert values["waited"].endswith(" min")


def test_they_are_counted_on_the_uk_day_of_the_offer_and_on_the_website_only(
    engine: sa.engine.Engine, office: Office, store: Callable[[list[dict[str, Any]]], sa.engine.Engine]
) -> None:
    office.now = datetime(2026, 7, 1, 23, 30, tzinfo=AT.tzinfo)  # 00:30 in the UK
    office.offer("at midnight", "refused", asked=False)
    office.now = AT
    office.offer("later", "refused", asked=False)
    store([turn(channel="slack")])
    day = date(2026, 7, 2)
    assert told(engine, first=day, last=day)["not_asked"] == 1
    assert told(engine, last=day - timedelta(days=1))["not_asked"] == 0
    assert told(engine, channel="web")["not_asked"] == 2
    assert told(engine, channel="slack")["not_asked"] == 0
    assert min(cell[0] for cell in read_figures(engine).cells()["handoffs"]) == 0  # no turn is left of that day


def test_there_are_none_where_handing_over_was_never_set_up(engine: sa.engine.Engine) -> None:
    found = told(engine)
    assert found == {**NOTHING, "wait_ms": {"p50": None, "p95": None}, "helped": {"up": 0, "down": 0}}
    assert read_figures(engine).empty
