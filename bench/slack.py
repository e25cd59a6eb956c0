"""How long Slack waits until an event is acknowledged, while the guide answers those before it.

    python -m bench.slack [events]

Starts a service and a Slack of the tests on this machine. Slack's own limit is 3,000 ms.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx

from tests.bot.channels.slack.stand_in import Knocks, settings, slack
from tests.conftest import NPQ, free_port

EVENTS, AT_ONCE = 400, 8
QUESTIONS = (
    "how long is npqh",
    "is npqsenco funded",
    "when does npqsl start",
    "what does ehco cost",
    "who can take npqeyl",
)


def main(events: int = EVENTS) -> None:
    """Print percentiles in ms, and whether each was answered."""
    with slack() as known, tempfile.TemporaryDirectory() as folder:
        port = free_port()
        given = {"NPQ_PORT": str(port), "NPQ_DATABASE_URL": f"sqlite:///{folder}/npq.db", **settings(known)}
        log = Path(folder, "log")
        process = subprocess.Popen(
            [str(NPQ), "run"], env={**os.environ, **given}, stdout=log.open("w"), stderr=subprocess.STDOUT
        )
        try:
            while "Ready in" not in log.read_text():
                time.sleep(0.2)
            # As Slack does, and without the time a new client takes of this machine.
            knocks = Knocks(known, f"http://127.0.0.1:{port}", post=httpx.Client().post)

            def one(number: int) -> float:
                text = QUESTIONS[number % len(QUESTIONS)]
                event = {"type": "message", "channel": f"D0B{number}", "channel_type": "im", "user": "U0ANN0001"}
                began = time.perf_counter()
                answer = knocks.event({**event, "text": text, "ts": known.stamp()})
                assert answer.status_code == 200, answer.text
                return (time.perf_counter() - began) * 1000

            one(events)
            began = time.monotonic()
            with ThreadPoolExecutor(AT_ONCE) as threads:
                taken = sorted(threads.map(one, range(events)))
            while len(known.posts) <= events and time.monotonic() - began < 300:
                time.sleep(0.1)
            seconds = time.monotonic() - began
        finally:
            process.terminate()
            process.wait()
    cuts = statistics.quantiles(taken, n=100)
    acknowledged = f"p50 {cuts[49]:.0f}, p95 {cuts[94]:.0f}, p99 {cuts[98]:.0f}, longest {taken[-1]:.0f} ms"
    print(f"{events} events, {AT_ONCE} at once: acknowledged after {acknowledged}")
    print(f"{len(known.posts) - 1} of them answered after {seconds:.0f} s")


if __name__ == "__main__":
    try:
        main(*(int(number) for number in sys.argv[1:2]))
    except httpx.HTTPError as error:
        sys.exit(f"the service did not answer: {error}")
