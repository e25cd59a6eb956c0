"""What is measured of each service, in the same way and with the same questions."""

from __future__ import annotations

import asyncio
import statistics
import time
from collections.abc import Sequence
from typing import Any

import aiohttp

from bench.stock.subjects import Subject

QUESTIONS = (
    "Is NPQH funded?",
    "How long does NPQSL take?",
    "When does the SENCO NPQ start?",
    "Who can take NPQEYL?",
    "How do I apply for NPQLT?",
    "What does NPQLTD cost?",
    "How is NPQLBC assessed?",
    "Which providers run NPQLL?",
    "Can I defer my NPQ?",
    "How many hours a week does NPQEL need?",
)
VISITORS = {1: 200, 8: 480, 32: 960}  # at once -> messages in all
LONG = 505
# (what stock Rasa's form is told, what ours is told): the same details in the order in which each asks for them.
JOURNEYS = {
    "stock Rasa": (
        "I want to register my interest", "NPQH", "Jo Smith", "jo.smith@example.org", "07700 900123", "deputy head",
        "Hillside Primary, Leeds", "autumn 2026", "yes",
    ),
    "NPQ Guide": (
        "I want to register my interest in NPQH", "Jo Smith", "jo.smith@example.org", "deputy head", "skip",
        "autumn 2026", "skip", "no", "yes",
    ),
}  # fmt: skip


async def everything(subject: Subject) -> dict[str, Any]:
    """All figures of one service, started and stopped here."""
    found: dict[str, Any] = {}
    try:
        found["ready_s"] = await subject.start()
        found["memory_ready_mb"] = subject.memory()
        connector = aiohttp.TCPConnector(limit=0)
        async with aiohttp.ClientSession(connector=connector, timeout=aiohttp.ClientTimeout(120)) as client:
            await _visit(subject, client, 30, [], 0)  # whatever is made with the first questions
            for visitors, messages in VISITORS.items():
                found[f"at_once_{visitors}"] = await _load(subject, client, visitors, messages)
            found["long"] = await _long(subject, client)
            found["overlapping"] = await _overlapping(subject, client)
            found["journey"] = await _journey(subject, client)
        found["memory_used_mb"] = subject.memory()
    finally:
        subject.stop()
    return found


async def _visit(subject: Subject, client: aiohttp.ClientSession, count: int, times: list[float], first: int) -> int:
    """One visitor's questions, one after the other; how many got no answer."""
    session, silent = await subject.session(client), 0
    for number in range(count):
        if number and number % len(QUESTIONS) == 0:
            session = await subject.session(client)
        began = time.perf_counter()
        said = await subject.say(client, session, QUESTIONS[(first + number) % len(QUESTIONS)])
        times.append((time.perf_counter() - began) * 1000)
        silent += not said
    return silent


async def _load(subject: Subject, client: aiohttp.ClientSession, visitors: int, messages: int) -> dict[str, float]:
    times: list[float] = []
    busy, began = subject.busy(), time.perf_counter()
    each = messages // visitors
    silent = await asyncio.gather(*(_visit(subject, client, each, times, first) for first in range(visitors)))
    seconds, used = time.perf_counter() - began, subject.busy() - busy
    return {
        **percentiles(times),
        "messages": len(times),
        "unanswered": sum(silent),
        "a_second": len(times) / seconds,
        "a_second_a_core": len(times) / used,
    }


def percentiles(times: Sequence[float]) -> dict[str, float]:
    """Milliseconds -> p50, p95 and p99."""
    ordered = sorted(times)
    return {f"p{share}_ms": ordered[min(len(ordered) - 1, len(ordered) * share // 100)] for share in (50, 95, 99)}


async def _long(subject: Subject, client: aiohttp.ClientSession) -> dict[str, float]:
    """One conversation of many messages: what an early and a late one take."""
    session, times = await subject.session(client), []
    for number in range(LONG):
        began = time.perf_counter()
        await subject.say(client, session, QUESTIONS[number % 5])
        times.append((time.perf_counter() - began) * 1000)
    early, late = statistics.median(times[5:15]), statistics.median(times[-10:])
    return {"message_5_ms": early, "message_500_ms": late, "ratio": late / early}


async def _overlapping(subject: Subject, client: aiohttp.ClientSession) -> dict[str, Any]:
    """Three messages of one visitor sent together: when each was answered, and whether in order. Best of five."""
    best: dict[str, Any] = {}
    for _ in range(5):
        session = await subject.session(client)
        await subject.say(client, session, "hello")
        done: list[int] = []
        began = time.perf_counter()
        ends: list[float] = []

        async def one(number: int, session: str = session, done: list[int] = done, ends: list[float] = ends,
                      began: float = began) -> None:  # fmt: skip
            await asyncio.sleep(number * 0.002)  # so that there is an order they were sent in
            await subject.say(client, session, QUESTIONS[number])
            done.append(number)
            ends.append((time.perf_counter() - began) * 1000)

        await asyncio.gather(*(one(number) for number in range(3)))
        found = {"answered_ms": ends, "in_order": done == sorted(done)}
        if not best or ends[-1] < best["answered_ms"][-1]:
            best = found
    return best


async def _journey(subject: Subject, client: aiohttp.ClientSession) -> dict[str, Any]:
    """A whole expression of interest; whether it was taken, and what each message took."""
    session, times, said = await subject.session(client), [], [""]
    for text in JOURNEYS[subject.name]:
        began = time.perf_counter()
        said = await subject.say(client, session, text)
        times.append((time.perf_counter() - began) * 1000)
    last = " ".join(said)
    taken = "interest is noted" in last or "NPQ-" in last
    return {"taken": taken, "messages": len(times), "total_ms": sum(times), "last": last[:200]}
