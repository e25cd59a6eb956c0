"""Malformed requests and requests made from the OpenAPI document, against a service of its own: `python -m bench.gate`.

    python -m bench.gate 10000 5000      # so many of each; `NPQ_GATE_SEED=7` repeats the choices of a run

Prints what came back and how the service's memory grew, and keeps it in bench/results/gate.md. Exits 1 when anything
was answered with a server error, memory grew, or fewer requests were made from the document than asked for.
"""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import tempfile
import time
from collections import Counter
from contextlib import suppress
from pathlib import Path

import httpx

from bench.malformed import Malformed

PROJECT = Path(__file__).resolve().parents[1]
RESULTS = PROJECT / "bench" / "results" / "gate.md"
VARIED = 3  # operations that take enough input for any number of different requests
SEED = int(os.environ.get("NPQ_GATE_SEED") or time.time_ns() % 1_000_000)
NO_LIMITS = "session=1000000 address=1000000 service=1000000 sessions=1000000 calls=1000000"
MOST_GROWTH = 15.0  # MB in the second half: what connections need at once is held by then
PATIENCE = 20.0  # seconds for one answer
_STATUS = re.compile(rb"HTTP/1\.[01] (\d{3})")


def send(port: int, request: bytes) -> int:
    """Send one request on a connection of its own; the status, 0 for a connection that was just closed.

    Raises:
        TimeoutError: neither an answer nor a closed connection.
    """
    with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE) as connection:
        with suppress(ConnectionError):
            connection.sendall(request)
            connection.shutdown(socket.SHUT_WR)
        told = b""
        with suppress(ConnectionError):
            while len(told) < 20 and (more := connection.recv(4096)):
                told += more
    found = _STATUS.match(told)
    return int(found[1]) if found else 0


def memory(process: int) -> float:
    """The memory of a process in MB."""
    told = Path(f"/proc/{process}/status").read_text(encoding="ascii")
    return int(re.search(r"VmRSS:\s+(\d+)", told)[1]) / 1024  # type: ignore[index]


def main(malformed: int, made: int) -> int:
    """Both runs; 1 when something is wrong."""
    RESULTS.write_text(f"# The gate\n\nMade by `python -m bench.gate {malformed} {made}`.\n\n", encoding="utf-8")
    with tempfile.TemporaryDirectory() as folder:
        with socket.create_server(("127.0.0.1", 0)) as probe:
            port = probe.getsockname()[1]
        given = {"NPQ_PORT": str(port), "NPQ_DATABASE_URL": f"sqlite:///{folder}/npq.db", "NPQ_LIMITS": NO_LIMITS}
        with (Path(folder) / "log").open("wb") as log:
            npq = Path(sys.executable).with_name("npq")
            process = subprocess.Popen([str(npq), "run"], env={**os.environ, **given}, stdout=log, stderr=log)
        try:
            session = _begin(f"http://127.0.0.1:{port}", process)
            wrong = _malformed(port, process.pid, session, malformed)
        finally:
            process.terminate()
            process.wait(timeout=60)
    return max(wrong, _from_document(made))


def _from_document(number: int) -> int:
    # So many take longer than a test may.
    command = [sys.executable, "-m", "pytest", "-q", "--timeout=0", "tests/bot/channels/test_openapi.py"]
    with tempfile.TemporaryDirectory() as folder:
        counted = Path(folder) / "counted"
        cases = {"NPQ_GATE_CASES": str(-(-number // VARIED)), "NPQ_GATE_COUNTED": str(counted)}
        ended = subprocess.run(command, cwd=PROJECT, env={**os.environ, **cases}, check=False).returncode
        right = int(counted.read_text(encoding="ascii")) if counted.exists() else 0
    _tell(f"{right} requests made from the OpenAPI document got the answer described; checks ended with {ended}.")
    return int(ended != 0 or right < number)


def _tell(line: str) -> None:
    """Print a line and keep it with the results."""
    print(line, flush=True)
    with RESULTS.open("a", encoding="utf-8") as results:
        results.write(f"- {line}\n")


def _begin(url: str, process: subprocess.Popen[bytes]) -> str:
    while process.poll() is None:
        with suppress(httpx.TransportError):
            return str(httpx.post(f"{url}/api/sessions").json()["session"])
        time.sleep(0.2)
    raise SystemExit("The service did not start: run `npq run` to see why.")


def _malformed(port: int, process: int, session: str, number: int) -> int:
    maker, found, seen = Malformed(SEED, session), Counter[int](), []
    for sent in range(number):
        if sent % (number // 10 or 1) == 0:
            seen.append(memory(process))
        request = maker.request()
        status = send(port, request)
        found[status] += 1
        if status >= 500:
            print(f"{status} for {request[:300]!r}")
    _tell(f"{number} malformed requests, seed {SEED}: {dict(sorted(found.items()))} (0: closed without an answer)")
    seen.append(memory(process))
    _tell("Memory in MB at every tenth of it: " + " ".join(f"{value:.0f}" for value in seen))
    growth = seen[-1] - seen[len(seen) // 2]
    return int(any(status >= 500 for status in found) or growth > MOST_GROWTH)


if __name__ == "__main__":
    counts = [int(word) for word in sys.argv[1:]] or [10_000, 5_000]
    raise SystemExit(main(counts[0], counts[-1]))
