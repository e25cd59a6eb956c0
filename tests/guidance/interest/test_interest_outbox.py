"""Every event is claimed by one worker at a time, tried for hours, and then kept for a person to see."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta, timezone

import pytest

from guidance.interest import Interests, outbox
from tests.conftest import PROJECT
from tests.guidance.interest.people import WEBHOOK, rows, submit


def now() -> datetime:
    return datetime.now(timezone.utc)


@pytest.fixture
def told(open_: Callable[..., Interests]) -> Interests:
    """Interests that are told to a webhook."""
    return open_(**WEBHOOK)


def claim(interests: Interests, at: datetime | None = None) -> outbox.Delivery | None:
    return outbox.claim(interests.store.engine, "webhook", at or now())


def test_a_claim_is_for_one_worker_until_it_ends(told: Interests) -> None:
    receipt = submit(told)
    first = claim(told)
    assert first is not None
    assert (first.reference, first.attempts) == (receipt.reference, 1)
    assert claim(told) is None
    assert outbox.sweep(told.store.engine, now()) == 0
    later = now() + outbox.LEASE + timedelta(seconds=1)
    assert outbox.sweep(told.store.engine, later) == 1  # its worker died
    again = claim(told, later + timedelta(minutes=1))
    assert again is not None
    assert (again.event_id, again.attempts) == (first.event_id, 2)
    outbox.sent(told.store.engine, first, now())  # the first worker was only slow: it may no longer say anything
    assert rows(told.store.engine, "outbox")[0]["sent_at"] is None
    outbox.sent(told.store.engine, again, now())
    assert rows(told.store.engine, "outbox")[0]["sent_at"] is not None
    assert claim(told, later + timedelta(days=1)) is None


def test_many_threads_never_claim_the_same(told: Interests) -> None:
    references = sorted(submit(told, key=f"form-{number}").reference for number in range(40))
    gate = threading.Barrier(8)

    def work(_: int) -> list[str]:
        gate.wait()
        mine = []
        while delivery := claim(told):
            mine.append(delivery.reference)
        return mine

    with ThreadPoolExecutor(8) as pool:
        claimed = [reference for mine in pool.map(work, range(8)) for reference in mine]
    rest = [delivery.reference for _ in range(40) if (delivery := claim(told))]  # skipped while others held it
    assert sorted(claimed + rest) == references


CLAIM = """
import sys
from datetime import datetime, timezone
from guidance.interest import database, outbox
engine = database.connect(sys.argv[1])
sys.stdin.readline()
misses = 0
while misses < 20:
    delivery = outbox.claim(engine, "webhook", datetime.now(timezone.utc))
    if delivery:
        print(delivery.reference, flush=True)
        outbox.sent(engine, delivery, datetime.now(timezone.utc))
    else:
        misses += 1
"""


def test_two_processes_never_claim_the_same(told: Interests, database_url: str) -> None:
    references = sorted(submit(told, key=f"form-{number}").reference for number in range(60))
    started = [
        subprocess.Popen(
            [sys.executable, "-c", CLAIM, database_url],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=PROJECT,
        )
        for _ in range(2)
    ]
    claimed = [reference for process in started for reference in process.communicate("go\n")[0].split()]
    assert [process.returncode for process in started] == [0, 0]
    assert sorted(claimed) == references


def test_a_failing_delivery_is_tried_for_four_hours_and_then_waits_for_a_person(told: Interests) -> None:
    receipt = submit(told)
    began = clock = now()
    tries = 0
    while True:
        delivery = claim(told, clock)
        if delivery is None:
            clock += timedelta(seconds=20)
            continue
        tries += 1
        if outbox.failed(told.store.engine, delivery, "answered with status 500", clock):
            break
    assert timedelta(hours=4) < clock - began < timedelta(hours=6)
    assert 12 <= tries < 300
    assert claim(told, clock + timedelta(days=30)) is None
    health = told.health()
    assert (health["ok"], health["dead"], health["waiting"]) == (False, 1, 0)
    with told.store.engine.connect() as connection:
        state = outbox.states(connection)[receipt.reference]["webhook"]
    assert (state["state"], state["problem"]) == ("dead", "answered with status 500")
    assert outbox.resend(told.store.engine, receipt.reference, clock) == 1
    again = claim(told, clock)
    assert again is not None
    assert again.attempts == 1
    assert told.health()["dead"] == 0


def test_a_service_that_was_off_for_hours_still_tries(told: Interests) -> None:
    submit(told)
    first = claim(told)
    assert first is not None
    assert not outbox.failed(told.store.engine, first, "no answer", now())
    tomorrow = now() + timedelta(days=1)
    second = claim(told, tomorrow)
    assert second is not None
    assert not outbox.failed(told.store.engine, second, "no answer", tomorrow)


def test_a_row_that_kills_its_worker_each_time_ends_dead(told: Interests) -> None:
    submit(told)
    clock = now()
    for _ in range(400):
        if claim(told, clock):
            assert outbox.sweep(told.store.engine, clock + outbox.LEASE + timedelta(seconds=1)) == 1
        clock += timedelta(minutes=5)
    assert told.health()["dead"] == 1


def test_waits_grow_with_full_jitter_and_heed_what_the_destination_asks(told: Interests) -> None:
    for attempt in (1, 5, 9, 50, 5000):
        most = min(outbox.LONGEST_DELAY, outbox.FIRST_DELAY * 2 ** min(attempt - 1, 20))
        waits = [outbox.delay(attempt) for _ in range(300)]
        assert all(0 <= wait <= most for wait in waits)
        assert min(waits) < most / 4
        assert max(waits) > most * 3 / 4
    submit(told)
    delivery = claim(told)
    assert delivery is not None
    outbox.failed(told.store.engine, delivery, "answered with status 429", now(), wait=600)
    assert claim(told, now() + timedelta(seconds=590)) is None
    assert claim(told, now() + timedelta(seconds=610)) is not None


def test_an_old_undelivered_row_is_reported(told: Interests) -> None:
    submit(told)
    assert told.health()["ok"]
    with told.store.engine.begin() as connection:
        connection.execute(outbox.outbox.update().values(created_at=now() - timedelta(hours=2)))
    assert not told.health()["ok"]
