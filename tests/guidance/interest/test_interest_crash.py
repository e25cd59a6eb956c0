"""A process killed while submitting leaves all or nothing, and a reference it gave is kept for ever."""

from __future__ import annotations

import random
import subprocess
import sys
from collections.abc import Callable

from guidance.interest import Interests
from tests.conftest import PROJECT
from tests.guidance.interest.people import WEBHOOK, rows

# Forks a process for each number it reads, and kills it when it has taken so many steps.
CRASH_AT = """
import os, signal, sys
from pathlib import Path
import sqlalchemy as sa
from guidance.interest import open_interests
from tests.guidance.interest.people import KEY, WEBHOOK, submit

def child(boundary):
    interests = open_interests(sys.argv[1], Path("."), {"NPQ_DATA_KEY": KEY, **WEBHOOK}, say=print)
    steps = 0

    def step(*_arguments, **_named):
        nonlocal steps
        if steps == boundary:
            os.kill(os.getpid(), signal.SIGKILL)
        steps += 1

    for event in ("before_cursor_execute", "after_cursor_execute", "commit", "begin"):
        sa.event.listen(interests.store.engine, event, step)
    print("saved", submit(interests, key="form-1").reference, flush=True)

for line in sys.stdin:
    process = os.fork()
    if not process:
        child(int(line))
        os._exit(0)
    if os.waitpid(process, 0)[1]:
        print("killed", flush=True)
"""

CRASH_ANY_TIME = """
import sys
from pathlib import Path
from guidance.interest import open_interests
from tests.guidance.interest.people import KEY, WEBHOOK, submit

interests = open_interests(sys.argv[1], Path("."), {"NPQ_DATA_KEY": KEY, **WEBHOOK}, say=print)
number = int(sys.argv[2])
print("started", flush=True)
while True:
    print(number, submit(interests, key=f"form-{number}").reference, flush=True)
    number += 1
"""


def run(program: str, *arguments: object) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", program, *map(str, arguments)]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=PROJECT)


def whole(interests: Interests) -> list[str]:
    """The references stored, each with all that belongs to it and nothing without its interest."""
    engine = interests.store.engine
    stored = rows(engine, "interests")
    references = sorted(row["reference"] for row in stored)
    assert sorted(row["reference"] for row in rows(engine, "outbox")) == references
    assert sorted(row["reference"] for row in rows(engine, "audit")) == references
    assert sorted(row["interest_id"] for row in rows(engine, "consents")) == sorted(row["id"] for row in stored * 2)
    return references


def test_killed_at_every_step_of_submitting_there_is_all_or_nothing(
    database_url: str, open_: Callable[..., Interests]
) -> None:
    interests, killed = open_(**WEBHOOK), 0
    process = run(CRASH_AT, database_url)
    assert process.stdin is not None
    assert process.stdout is not None
    before: list[str] = []
    for boundary in range(200):
        process.stdin.write(f"{boundary}\n")
        process.stdin.flush()
        told = process.stdout.readline().split()
        stored = whole(interests)
        if told[0] == "saved":
            assert told[1:] == stored
            break
        killed += 1
        # saved though the answer was lost: every later try finds the same row
        assert len(stored) <= 1
        assert stored == before or before == []
        before = stored
    process.communicate()
    assert told[0] == "saved"
    assert killed >= 10, "too few steps: the test kills nothing"


def test_killed_at_any_time_no_reference_is_lost_and_none_invented(
    database_url: str, open_: Callable[..., Interests]
) -> None:
    chance = random.Random(5)
    given: dict[int, str] = {}
    for _ in range(6):
        process = run(CRASH_ANY_TIME, database_url, max(given, default=-1) + 1)
        assert process.stdout is not None
        assert process.stdout.readline() == "started\n"
        for _ in range(chance.randrange(1, 25)):
            number, reference = process.stdout.readline().split()
            given[int(number)] = reference
        process.kill()
        rest = process.communicate()[0]
        given |= {int(line.split()[0]): line.split()[1] for line in rest.splitlines() if len(line.split()) == 2}
    stored = whole(open_(**WEBHOOK))
    assert set(given.values()) <= set(stored)
    # At most one submission a kill was saved without its answer being heard; its retry found it.
    assert len(stored) - len(given) in (0, 1)
    assert len(set(given.values())) == len(given)
