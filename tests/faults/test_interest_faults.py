"""Nothing lost, nothing invented, nothing twice: expressions of interest while everything fails.

    NPQ_FAULT_SEED=7 NPQ_FAULT_VISITORS=2000 pytest -s tests/faults

repeats the choices of a run: who comes, what they type, which requests are lost or doubled, which faults follow.
"""

from __future__ import annotations

import asyncio
import hashlib
import os
import random
import re
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import httpx
import pytest
import sqlalchemy as sa

from tests.faults import outages
from tests.faults.receiver import Receiver, receiver
from tests.faults.running import Running
from tests.faults.visitors import Traffic, Visitor

SEED = int(os.environ.get("NPQ_FAULT_SEED") or time.time_ns() % 1_000_000)
VISITORS = int(os.environ.get("NPQ_FAULT_VISITORS") or 30)  # on each database
AT_ONCE = 24
TURNS = 11  # of a visitor, about
FAULTS = max(3, VISITORS // 40)
LONG = VISITORS >= 500  # then deliveries have their real time
# In the first faults of a run each kind comes once.
KINDS = ("kill", "database", "kill and database", "kill")
DELIVERED_WITHIN = 900.0
CANARIES = "quillfeather|@canary|peregrine|7700 ?900"  # of every visitor's details, in lower case

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300 + 8 * VISITORS)]


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[outages.Database]:
    """An empty database that can go away."""
    with outages.empty_database(request.param, tmp_path / "npq.db") as found:
        yield found


@dataclass
class Trouble:
    """Faults of the service and its database, one after the other, while visitors come."""

    running: Running
    database: outages.Database
    traffic: Traffic
    chance: random.Random
    done: Counter[str] = field(default_factory=Counter)
    over: bool = False

    async def go_on(self) -> None:
        """Until it is over: let some replies through, then the next fault, so many times."""
        share = VISITORS * TURNS / FAULTS
        while not self.over and sum(self.done.values()) < FAULTS:
            kind = KINDS[sum(self.done.values())] if sum(self.done.values()) < 3 else self.chance.choice(KINDS)
            until = self.traffic.replies + self.chance.uniform(0.2, 0.9) * share
            seconds = self.chance.uniform(0.3, 7 if self.database.url.startswith("sqlite") else 3)
            while self.traffic.replies < until and not self.over:
                await asyncio.sleep(0.01)
            if not self.over:
                await self._fail(kind, seconds)
                self.done[kind] += 1

    async def _fail(self, kind: str, seconds: float) -> None:
        if "database" in kind:
            await self._call(self.database.stop)
        try:
            if "kill" in kind:
                self.running.kill()
                await asyncio.sleep(min(seconds, 0.5))
                await self.running.start()
            if "database" in kind:
                await asyncio.sleep(seconds)
        finally:
            if "database" in kind:
                await self._call(self.database.start)

    @staticmethod
    async def _call(job: Callable[[], None]) -> None:
        await asyncio.get_running_loop().run_in_executor(None, job)


async def everybody(visitors: list[Visitor], trouble: Trouble) -> None:
    """All visits, so many at once, with trouble beside them."""
    gate = asyncio.Semaphore(AT_ONCE)
    limits = httpx.Limits(max_connections=None, max_keepalive_connections=AT_ONCE)
    async with httpx.AsyncClient(limits=limits) as client:

        async def visit(one: Visitor) -> None:
            async with gate:
                await one.visit(client)

        faults = asyncio.get_running_loop().create_task(trouble.go_on())
        try:
            await asyncio.gather(*(visit(one) for one in visitors))
        finally:
            trouble.over = True
            await faults
            await asyncio.gather(*trouble.traffic.late, return_exceptions=True)


async def all_delivered(running: Running, database: outages.Database) -> None:
    """Kill it once more, start it, and wait for what is still to be delivered."""
    running.kill()
    engine = sa.create_engine(database.direct, poolclass=sa.pool.NullPool)
    if not LONG:  # instead of waiting for leases and delays to pass, let the time have passed
        before = datetime.now(timezone.utc) - timedelta(minutes=1)
        with engine.begin() as connection:
            outbox = sa.table("outbox", *(sa.column(name, sa.DateTime) for name in ("due_at", "leased_until")))
            waiting = sa.text("sent_at IS NULL")
            connection.execute(outbox.update().where(waiting).values(due_at=before))
            connection.execute(
                outbox.update().where(waiting & outbox.c.leased_until.is_not(None)).values(leased_until=before)
            )
    await running.start()
    for _ in range(int(DELIVERED_WITHIN)):
        with engine.connect() as connection:
            waiting = connection.exec_driver_sql("SELECT count(*) FROM outbox WHERE sent_at IS NULL").scalar()
        if not waiting:
            return
        await asyncio.sleep(1)
    raise AssertionError(f"{waiting} deliveries do not arrive: {running.log.read_text()[-2000:]}")


@dataclass
class Found:
    """What must be empty."""

    lost: list[Any]
    invented: list[Any]
    twice: list[Any]
    untold: list[Any]
    undelivered: list[Any]
    kept_though_not_sent: list[Any]
    in_clear: list[Any]


def proof(
    visitors: list[Visitor], rows: list[dict[str, Any]], requests: set[str], told: Receiver, stored: str
) -> Found:
    """Compare what visitors were told with what is stored and what was delivered.

    `requests`: the references of requests about personal data. "The email is wrong, it's ..." is one where it arrives
    again after the form was sent, and a crash lost that it had been answered before.
    """
    by_reference = {row["reference"]: {key: row[key] for key in row if key != "created_at"} for row in rows}
    shown = {reference: one for one in visitors for reference in one.shown}
    delivered: Counter[str] = Counter()
    wrong = []
    for event_id, bodies in told.events.items():
        data = bodies[0]["data"]
        delivered[data["reference"]] += 1
        if data["reference"] in requests:
            continue
        sent = {key: data[key] for key in by_reference.get(data["reference"], {})}
        if sent != by_reference.get(data["reference"]) or any(body != bodies[0] for body in bodies):
            wrong.append((event_id, data["reference"]))
    emails = Counter(row["email"] for row in rows)
    return Found(
        lost=[(one.number, ref) for ref, one in shown.items() if by_reference.get(ref) != one.expected(ref)],
        invented=[ref for ref in by_reference if ref not in shown or not shown[ref].pressed],
        twice=[one.number for one in visitors if len(one.shown) > 1 or emails[one.meant["email"]] > 1],
        untold=[one.number for one in visitors if one.wants == "send" and not one.shown],
        undelivered=[*wrong, *(ref for ref in [*by_reference, *requests] if delivered[ref] != 1)],
        kept_though_not_sent=[
            one.number
            for one in visitors
            if one.wants != "send" and (emails[one.meant["email"]] or emails[one.first_email] or one.shown)
        ],
        in_clear=re.findall(rf".{{0,300}}(?:{CANARIES}).{{0,80}}", stored)[:5],
    )


def requests_in(url: str) -> set[str]:
    """The references of the requests about personal data."""
    engine = sa.create_engine(url, poolclass=sa.pool.NullPool)
    with engine.connect() as connection:
        return set(connection.exec_driver_sql("SELECT reference FROM rights_requests").scalars())


def drafts_left(visitors: list[Visitor], url: str) -> list[int]:
    """Those who were told that all is deleted, and whose draft is still there."""
    engine = sa.create_engine(url, poolclass=sa.pool.NullPool)
    query = "SELECT token_sha256 FROM sessions JOIN drafts ON drafts.session = sessions.conversation"
    with engine.connect() as connection:
        left = set(connection.exec_driver_sql(query).scalars())
    mine = {hashlib.sha256(one.tokens[-1].encode()).hexdigest(): one.number for one in visitors if one.deleted}
    return [number for token, number in mine.items() if token in left]


@pytest.mark.usefixtures("model")
async def test_nothing_is_lost_invented_or_doubled_while_everything_fails(
    database: outages.Database, tmp_path: Path
) -> None:
    kind = type(database).__name__
    print(f"\nNPQ_FAULT_SEED={SEED} NPQ_FAULT_VISITORS={VISITORS} on {kind}", flush=True)
    began = time.monotonic()
    with receiver(random.Random(f"{SEED}/receiver")) as told:
        running = Running(tmp_path, database.url, **told.settings())
        traffic = Traffic(running.url)
        visitors = [Visitor(number, SEED, traffic) for number in range(VISITORS)]
        trouble = Trouble(running, database, traffic, random.Random(f"{SEED}/faults"))
        try:
            await running.start()
            await everybody(visitors, trouble)
            told.trouble = False
            await all_delivered(running, database)
            rows = running.export()
            running.stop()
        finally:
            running.kill()
    requests = requests_in(database.direct)
    found = proof(visitors, rows, requests, told, outages.dump(database.direct).casefold())
    log = running.log.read_text(encoding="utf-8").casefold()
    again = sum(len(bodies) - 1 for bodies in told.events.values())
    print(
        f"{kind}: {len(rows)} registered, {sum(one.wants == 'cancel' for one in visitors)} cancelled, "
        f"{sum(one.wants == 'leave' for one in visitors)} left; {len(requests)} requests about data; "
        f"{traffic.tries} requests, {traffic.problems} of them without an answer or with an apology; "
        f"{dict(trouble.done)}; {told.requests} deliveries tried, "
        f"{told.refused} refused, {again} repeated; {time.monotonic() - began:.0f} s",
        flush=True,
    )
    print({name: len(value) for name, value in vars(found).items()}, flush=True)
    seen = " ".join(found.in_clear)
    told_of = {one.number: one.transcript for one in visitors if one.meant["school"].split()[1].casefold() in seen}
    assert found == Found([], [], [], [], [], [], []), told_of
    left = drafts_left(visitors, database.direct)
    assert left == [], [visitors[number].transcript for number in left]
    assert not re.findall(rf".{{0,200}}(?:{CANARIES}).{{0,80}}", log)[:5]
    assert told.forged == 0
    # The run proves something only when all of this really happened.
    assert rows
    assert running.starts >= 3
    assert set(trouble.done) >= {"kill", "database"}
    assert told.refused
