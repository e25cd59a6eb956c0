"""Reads the figures from stored turns: one pass that counts and keeps no text."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timezone
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import SQLAlchemyError

from bot.channels.turns import Tables, turns
from bot.report import funnel, handoffs
from bot.report.figures import TRIALS, UK, Figures, Period
from bot.report.questions import Groups, group, unanswered
from bot.report.times import bucket
from guidance.interest import database
from guidance.interest.tables import interests, utc

AT_ONCE = 5000  # rows
HANDOVER = "handover"


class NoDatabase(Exception):
    """The database cannot be read now; the text says why."""


def read_figures(engine: sa.engine.Engine, period: Period | None = None) -> Figures:
    """The figures of a period, from the service's database (an engine of `database.connect`).

    A million turns take some 20 seconds and memory for the conversations' numbers, not for their texts.

    Raises:
        NoDatabase: it cannot be read.
    """
    period = period or Period()
    try:
        Tables(engine).make()
        with engine.connect() as connection, connection.begin():
            database.be_patient(connection)
            return _Count(connection, period).figures()
    except SQLAlchemyError as error:
        raise NoDatabase(
            f"the database cannot be read now ({type(error).__name__}). Check that it runs, and NPQ_DATABASE_URL."
        ) from error


def stored_channels(engine: sa.engine.Engine) -> dict[str, int]:
    """The channels of all stored turns, and how many turns each has.

    Raises:
        NoDatabase: it cannot be read.
    """
    try:
        Tables(engine).make()
        with engine.connect() as connection, connection.begin():
            database.be_patient(connection)
            found = connection.execute(sa.select(turns.c.channel, sa.func.count()).group_by(turns.c.channel))
            return {str(name): int(count) for name, count in found}
    except SQLAlchemyError as error:
        raise NoDatabase(f"the database cannot be read now ({type(error).__name__}).") from error


def within(period: Period, table: Any) -> Any:
    """The rows of a period, by a table's own times and channels."""
    moment = table.c.at if "at" in table.c else table.c.created_at
    begins, ends = period.begins(), period.ends()
    found = sa.true()
    if begins:
        found &= moment >= begins
    if ends:
        found &= moment < ends
    if period.channel:
        return found & (table.c.channel == period.channel)
    return found & table.c.channel.not_in(TRIALS)


@dataclass
class _Seen:
    """What one pass over the turns keeps. Stored texts are counted as they are, and read once each afterwards."""

    hours: Counter[tuple[str, str]] = field(default_factory=Counter)  # hour, channel
    # Day, channel, status, topics, programmes, rating.
    turns: Counter[tuple[date, str, str, str, str, str | None]] = field(default_factory=Counter)
    # Conversations by a hash, which is small: when and where, and the place in the form.
    began: dict[int, tuple[date, str]] = field(default_factory=dict)
    handed: dict[int, tuple[date, str]] = field(default_factory=dict)
    form: dict[int, tuple[date, str, int]] = field(default_factory=dict)


class _Count:
    """One pass over the turns, then one over what it counted."""

    def __init__(self, connection: sa.engine.Connection, period: Period) -> None:
        self._connection = connection
        self._period = period
        self._found = Figures(period)
        self._seen = _Seen()
        self._groups: Groups = group(connection, within(period, turns))

    def figures(self) -> Figures:
        """All of them."""
        self._pass()
        self._names()
        self._conversations()
        handoffs.count(self._connection, self._period, self._found.counts)
        self._groups.finish()
        found = self._found
        found.questions, found.left_out = self._groups.questions, self._groups.left_out
        found.counts["questions"] = self._groups.counts
        return found

    def _rows(self) -> Iterator[Any]:
        told = turns.c
        said = sa.case((unanswered(), told.said), else_=None)
        # Such as `2026-11-21 09`, cheaper than a moment a row: times are stored, and given by the server, in UTC.
        hour = sa.func.substr(sa.cast(told.at, sa.Text), 1, 13)
        query = (
            sa.select(
                told.session, told.channel, hour, told.status, told.intent, sa.cast(told.topics, sa.Text),
                sa.cast(told.programmes, sa.Text), told.ms, told.asking, told.rating, said,
            )
            .where(within(self._period, turns) & (told.said != ""))  # not what people of the team wrote
            .order_by(told.id)
        )  # fmt: skip
        streamed = self._connection.execution_options(stream_results=True, max_row_buffer=AT_ONCE).execute(query)
        yield from streamed.partitions(AT_ONCE)

    def _pass(self) -> None:
        seen, groups, times = self._seen, self._groups, self._found.counts["times"]
        open_questions, began = self._found.counts["unanswered"], self._seen.began
        for rows in self._rows():
            for session, channel, at, status, intent, topics, programmes, ms, asking, rating, said in rows:
                day, talk = _in_uk(at)[0], hash(session)
                seen.hours[at, channel] += 1
                seen.turns[day, channel, status, topics, programmes, rating] += 1
                if ms:  # else it was passed on to a person, and not answered
                    times[day, channel, bucket(ms)] += 1
                if talk not in began:
                    began[talk] = (day, channel)
                if status == HANDOVER:
                    seen.handed.setdefault(talk, (day, channel))
                if said is not None:
                    open_questions[day, channel, ""] += 1
                    groups.add((day, channel), said, intent)
                place = funnel.step(asking, _names(topics)) if asking else None
                if place is not None:
                    first, on, before = seen.form.get(talk, (day, channel, place))
                    seen.form[talk] = (first, on, max(before, place))

    def _names(self) -> None:
        counts = self._found.counts
        for (at, channel), count in self._seen.hours.items():
            day, hour = _in_uk(at)
            counts["hours"][day, channel, hour] += count
        for (day, channel, status, topics, programmes, rating), count in self._seen.turns.items():
            counts["statuses"][day, channel, status] += count
            for name in _names(programmes):
                counts["programmes"][day, channel, name] += count
            if rating:
                counts["ratings"][day, channel, rating] += count
            for name in _names(topics):
                counts["topics"][day, channel, name] += count
                if rating:
                    counts["rated_topics"][day, channel, f"{name} {rating}"] += count
                if status == HANDOVER:
                    counts["handover_topics"][day, channel, name] += count

    def _conversations(self) -> None:
        counts = self._found.counts
        for day, channel in self._seen.began.values():
            counts["conversations"][day, channel, ""] += 1
        for day, channel in self._seen.handed.values():
            counts["handovers"][day, channel, ""] += 1
        sent = set()
        for session, channel, created in self._interests():
            day = utc(created).astimezone(UK).date()
            counts["interests"][day, channel, ""] += 1
            sent.add(hash(session))
        last = len(funnel.STEPS) - 1
        for talk, (day, channel, place) in self._seen.form.items():
            counts["funnel"][day, channel, funnel.STEPS[last if talk in sent else place]] += 1

    def _interests(self) -> Iterable[tuple[str, str, datetime]]:
        if not sa.inspect(self._connection).has_table(interests.name):
            return []
        query = sa.select(interests.c.session, interests.c.channel, interests.c.created_at)
        rows: Iterable[Any] = self._connection.execute(query.where(within(self._period, interests)))
        return rows


@lru_cache(maxsize=20_000)
def _in_uk(hour: str) -> tuple[date, int]:
    found = datetime.strptime(hour, "%Y-%m-%d %H").replace(tzinfo=timezone.utc).astimezone(UK)
    return found.date(), found.hour


@lru_cache(maxsize=20_000)
def _names(text: str) -> tuple[str, ...]:
    """A stored list of names."""
    found = json.loads(text) if text else []
    return tuple(dict.fromkeys(str(name) for name in found)) if isinstance(found, list) else ()
