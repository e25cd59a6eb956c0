"""Processes on one database that would not know of one another are refused, and told what to set."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.settings import SettingsError
from bot.workers import alone
from bot.workers.alone import Place
from tests.faults import outages


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[outages.Database]:
    """An empty database."""
    with outages.empty_database(request.param, tmp_path / "npq.db") as found:
        yield found


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(alone, "WAIT_SECONDS", 0.0)


def refused(place: Place) -> str:
    with pytest.raises(SettingsError) as error:
        place.take(print)
    return str(error.value)


def test_without_redis_there_is_one(database: outages.Database, capsys: pytest.CaptureFixture[str]) -> None:
    first, second = (Place(database.url, shared=False) for _ in range(2))
    first.take(print)
    assert "set NPQ_REDIS_URL for all of them" in refused(second)
    first.leave()
    second.take(print)
    second.leave()


def test_with_redis_there_are_many_and_none_without(database: outages.Database) -> None:
    many = [Place(database.url, shared=True) for _ in range(3)]
    for place in many:
        place.take(print)
    assert "NPQ_REDIS_URL: is missing" in refused(Place(database.url, shared=False))
    for place in many:
        place.leave()
    lone = Place(database.url, shared=False)
    lone.take(print)
    assert "uses this database without it" in refused(Place(database.url, shared=True))
    lone.leave()


def test_a_process_that_is_killed_leaves_its_place(database: outages.Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(alone, "WAIT_SECONDS", 30.0)
    code = (
        "import sys, time; from bot.workers.alone import Place; place = Place(sys.argv[1], shared=False); "
        "place.take(print); print('taken', flush=True); time.sleep(1000)"
    )
    process = subprocess.Popen([sys.executable, "-c", code, database.url], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "taken\n"
    said: list[str] = []
    process.kill()
    place = Place(database.url, shared=False)
    place.take(said.append)
    place.leave()
    process.wait()


def test_a_database_that_is_away_keeps_nobody_from_starting(database: outages.Database, tmp_path: Path) -> None:
    if isinstance(database, outages.Sqlite):
        Place(f"sqlite:///{tmp_path / 'nowhere' / 'npq.db'}", shared=False).take(print)
        return
    database.stop()
    Place(database.url, shared=False).take(print)
    database.start()


def test_what_is_no_address_of_a_database_is_left_to_be_told_by_others() -> None:
    Place("nonsense", shared=False).take(print)
