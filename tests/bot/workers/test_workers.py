"""Several processes on one port: refused without shared stores, started again, stopped with their supervisor."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
from pathlib import Path

import pytest

from bot.channels.options import WebOptions
from bot.settings import SettingsError, read
from bot.workers.checks import check
from bot.workers.listening import hold
from bot.workers.supervisor import NotStarted, Supervisor, Worker
from tests.conftest import NPQ, free_port

SHARED = {"NPQ_DATABASE_URL": "postgresql://npq@127.0.0.1/npq", "NPQ_REDIS_URL": "redis://127.0.0.1/0"}


@pytest.mark.parametrize(
    ("settings", "missing", "there"),
    [
        ({}, ("NPQ_DATABASE_URL", "NPQ_REDIS_URL"), ()),
        ({"NPQ_REDIS_URL": SHARED["NPQ_REDIS_URL"]}, ("NPQ_DATABASE_URL",), ("NPQ_REDIS_URL",)),
        ({"NPQ_DATABASE_URL": SHARED["NPQ_DATABASE_URL"]}, ("NPQ_REDIS_URL",), ("NPQ_DATABASE_URL",)),
    ],
)
def test_without_what_they_share_several_are_refused_and_told_what_to_set(
    settings: dict[str, str], missing: tuple[str, ...], there: tuple[str, ...]
) -> None:
    given = {**os.environ, "NPQ_PORT": str(free_port()), **settings}
    done = subprocess.run([str(NPQ), "run", "--workers", "2"], env=given, capture_output=True, text=True, timeout=60)
    assert done.returncode == 1
    assert done.stdout == ""
    assert "Traceback" not in done.stderr
    for name in missing:
        assert f"Set {name}" in done.stderr
    for name in there:
        assert f"Set {name}" not in done.stderr


def test_the_setting_asks_for_several_too(monkeypatch: pytest.MonkeyPatch) -> None:
    given = {**os.environ, "NPQ_PORT": str(free_port()), "NPQ_WORKERS": "3"}
    done = subprocess.run([str(NPQ), "run"], env=given, capture_output=True, text=True, timeout=60)
    assert done.returncode == 1
    assert "--workers 3" in done.stderr


def test_one_process_needs_nothing_and_several_have_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    assert read().web == WebOptions(limits=read().web.limits)  # no Redis
    check(read(), 1)
    for name, value in SHARED.items():
        monkeypatch.setenv(name, value)
    check(read(), 8)
    for number in (0, 65):
        with pytest.raises(SettingsError, match="from 1 to 64"):
            check(read(), number)


async def test_a_worker_that_cannot_start_stops_nothing_but_the_first_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("NPQ_TODAY", "not a day")
    policy = asyncio.get_event_loop_policy()
    asyncio.set_event_loop_policy(None)  # Python's, as in a supervisor, which never loads Sanic

    async def nothing() -> bool:
        return True

    with hold("127.0.0.1", 0) as listening:
        with pytest.raises(NotStarted):
            await Worker.start(listening)
        with pytest.raises(NotStarted):
            await Supervisor(listening, 2, nothing).run(lambda: None)
    assert capfd.readouterr().err.count("NPQ_TODAY: `not a day` is not a date.") == 2
    loop = asyncio.get_running_loop()
    asyncio.set_event_loop_policy(policy)
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        loop.remove_signal_handler(number)
