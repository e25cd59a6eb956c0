"""`npq interest` as staff meet it, and the service that delivers, in processes of their own."""

from __future__ import annotations

import csv
import json
import os
import signal
import sqlite3
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from guidance.interest import Interests, open_interests
from tests.conftest import NPQ, PROJECT, free_port
from tests.guidance.interest.people import CANARIES, DETAILS, KEY, WEBHOOK, rows, submit
from tests.guidance.interest.receivers import Web, web


@pytest.fixture
def home(tmp_path: Path) -> dict[str, str]:
    """Settings of a place of its own."""
    return {"NPQ_HOME": str(tmp_path), "NPQ_DATA_KEY": KEY, "NPQ_DATABASE_URL": f"sqlite:///{tmp_path / 'npq.db'}"}


@pytest.fixture
def interests(home: dict[str, str]) -> Interests:
    """The expressions of interest there."""
    return open_interests(home["NPQ_DATABASE_URL"], Path(home["NPQ_HOME"]), {**home, **WEBHOOK}, say=print)


@pytest.fixture
def npq(home: dict[str, str]) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Runs `npq interest` with further settings."""

    def run(*arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
        command = [str(NPQ), "interest", *arguments]
        env = {name: value for name, value in {**os.environ, **home, **settings}.items() if value}
        return subprocess.run(command, capture_output=True, text=True, timeout=120, env=env, stdin=subprocess.DEVNULL)

    return run


Npq = Callable[..., "subprocess.CompletedProcess[str]"]


def actions(interests: Interests) -> list[str]:
    return [row["action"] for row in rows(interests.store.engine, "audit")]


def test_list_shows_references_and_delivery_without_personal_data(npq: Npq, interests: Interests) -> None:
    receipt = submit(interests)
    interests.store.requests.open("erase", "talk-1")
    for given in (("list",), ("list", "--json")):
        done = npq(*given)
        assert done.returncode == 0, done.stderr
        assert receipt.reference in done.stdout
        assert "webhook" in done.stdout
        assert "1 expression of interest." in done.stderr
        assert "1 data protection request to answer" in done.stderr
        told = (done.stdout + done.stderr).casefold()
        assert [canary for canary in CANARIES if canary.casefold() in told] == []
    assert json.loads(npq("list", "--json").stdout)[0]["deliveries"]["webhook"]["state"] == "waiting"


def test_list_names_dead_letters_and_resend_revives_them(npq: Npq, interests: Interests) -> None:
    receipt = submit(interests)
    with interests.store.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE outbox SET dead_at = created_at, attempts = 40, problem = 'no answer'")
    done = npq("list")
    assert "webhook dead (40 tries: no answer)" in done.stdout
    assert f"Not delivered after hours of trying: {receipt.reference}." in done.stderr
    assert npq("resend", receipt.reference.lower()).returncode == 0
    assert interests.health()["dead"] == 0
    again = npq("resend", receipt.reference)
    assert again.returncode == 1
    assert "was given up" in again.stderr


def test_show_tells_everything_and_is_audited(npq: Npq, interests: Interests) -> None:
    receipt = submit(interests)
    done = npq("show", receipt.reference)
    assert done.returncode == 0, done.stderr
    for told in (
        receipt.reference,
        "Zoë Quillfeather",
        DETAILS.email,
        "Peregrine Hall School",
        "collecting",
        "captured",
    ):
        assert str(told) in done.stdout
    (record,) = json.loads(npq("show", "ZOE.quillfeather@canary.example", "--json").stdout)
    assert record["name"] == DETAILS.name
    assert record["consents"][1]["wording"] == "May we also send you news about NPQs?"
    assert actions(interests) == ["captured", "shown", "shown"]
    unknown = npq("show", "nobody@canary.example")
    assert unknown.returncode == 1
    assert unknown.stderr == "npq interest: nothing is held under that.\n"


def test_export_as_json_by_the_contract(npq: Npq, interests: Interests, tmp_path: Path) -> None:
    receipt = submit(interests)
    done = npq("export", "--json")
    (row,) = json.loads(done.stdout)
    assert list(row) == [
        "reference", "programmes", "name", "email", "phone", "role", "school", "cohort", "marketing_consent",
        "created_at",
    ]  # fmt: skip
    assert row["reference"] == receipt.reference
    assert row["programmes"] == ["NPQH", "NPQSL"]
    file = tmp_path / "out.json"
    assert npq("export", "--json", str(file)).returncode == 0
    assert json.loads(file.read_text(encoding="utf-8")) == [row]
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert actions(interests) == ["captured", "exported", "exported"]


def test_export_as_csv_for_spreadsheets(npq: Npq, interests: Interests, tmp_path: Path) -> None:
    submit(interests, name="=HYPERLINK(1)")
    file = tmp_path / "out.csv"
    file.write_text("old")
    file.chmod(0o644)
    assert npq("export", str(file)).returncode == 0
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert file.read_bytes().startswith(b"\xef\xbb\xbf")  # Excel reads UTF-8 only so
    with file.open(encoding="utf-8-sig", newline="") as opened:
        (row,) = csv.DictReader(opened)
    assert row["name"] == "'=HYPERLINK(1)"
    assert row["phone"] == "'+442079460958"
    printed = npq("export", "--csv").stdout
    assert printed.startswith("reference,")


def test_what_cannot_be_decrypted_is_named_and_the_rest_exported(npq: Npq, interests: Interests) -> None:
    broken, good = submit(interests), submit(interests, key="form-2")
    with interests.store.engine.begin() as connection:
        connection.exec_driver_sql(f"UPDATE interests SET name = 'x' WHERE reference = '{broken.reference}'")
    done = npq("export", "--json")
    assert done.returncode == 1
    assert [row["reference"] for row in json.loads(done.stdout)] == [good.reference]
    assert broken.reference in done.stderr
    assert npq("show", broken.reference).returncode == 1


def test_erase_asks_first_and_then_removes_everything(npq: Npq, interests: Interests) -> None:
    receipt = submit(interests)
    asked = npq("erase", "--email", str(DETAILS.email))
    assert asked.returncode == 1
    assert f"would remove 1 expression of interest ({receipt.reference})" in asked.stderr
    assert interests.store.find(receipt.reference)
    done = npq("erase", "--email", str(DETAILS.email), "--yes")
    assert done.returncode == 0, done.stderr
    assert "interests 1, consents 2, outbox 1" in done.stdout
    assert interests.store.find(receipt.reference) is None
    again = npq("erase", "--reference", receipt.reference, "--yes")
    assert (again.returncode, again.stdout) == (0, "Nothing is held under that.\n")
    assert actions(interests) == ["captured", "erased"]
    assert str(DETAILS.email) not in str(rows(interests.store.engine, "audit"))


def test_purge_and_requests(npq: Npq, interests: Interests) -> None:
    submit(interests)
    given = interests.store.requests.open("access", "talk-1")
    assert "interests 0" in npq("purge").stdout
    assert given in npq("requests").stdout
    assert json.loads(npq("requests", "--json").stdout)[0]["kind"] == "access"
    (request, record) = json.loads(npq("show", given, "--json").stdout)
    assert (request["reference"], request["right"], record["name"]) == (given, "access", DETAILS.name)
    assert npq("requests", "--close", given).returncode == 0
    assert record["reference"] in npq("withdraw", "--email", str(DETAILS.email)).stdout
    assert "there was none" in npq("withdraw", "--reference", record["reference"]).stdout
    assert npq("requests", "--close", given).returncode == 1
    early = npq("purge", NPQ_TODAY="2035-01-01")
    assert early.returncode == 1
    assert "NPQ_TODAY is a day to come" in early.stderr
    assert rows(interests.store.engine, "interests")
    assert "interests 1" in npq("purge", "--yes", NPQ_TODAY="2035-01-01").stdout


@pytest.mark.parametrize(
    ("given", "settings", "words"),
    [
        (("show", "NPQ-1111-1111"), {}, "No reference contains 1."),
        (("show", "nonsense"), {}, "That is not a reference."),
        (("erase", "--email", "zoe"), {}, "that is not an email address"),
        (("erase", "--email", ""), {}, "that is not an email address"),
        (("withdraw", "--email", "zoe"), {}, "that is not an email address"),
        (("withdraw", "--email", ""), {}, "that is not an email address"),
        (("export", "/nowhere/at/all.json"), {}, "cannot write /nowhere/at/all.json"),
        (("list",), {"NPQ_DATA_KEY": "short"}, "NPQ_DATA_KEY: key 1 is not 32 random bytes"),
        (("list",), {"NPQ_DATA_KEY": "", "NPQ_ENV": "production"}, "NPQ_DATA_KEY: is missing"),
        (("list",), {"NPQ_KEEP_INTERESTS_MONTHS": "ever"}, "NPQ_KEEP_INTERESTS_MONTHS: is not a whole number"),
        (("list",), {"NPQ_DATABASE_URL": "nonsense"}, "NPQ_DATABASE_URL: is not an address"),
        (("list",), {"NPQ_DATABASE_URL": "postgresql://u:hunter2@127.0.0.1:1/x"}, "the database cannot be used now"),
    ],
)
def test_a_fault_is_one_sentence(npq: Npq, given: tuple[str, ...], settings: dict[str, str], words: str) -> None:
    done = npq(*given, **settings)
    assert done.returncode == 1
    assert words in done.stderr
    assert "Traceback" not in done.stderr
    assert "hunter2" not in done.stderr
    assert done.stderr.splitlines()[-1].startswith("npq interest: ")


# The service as `npq run` builds it, without a model: nobody talks to it here.
SERVE = """
import sys
from bot.runtime import lean_imports
lean_imports.install()
from bot.runtime.quiet import hush
hush()
import logging
logging.basicConfig(level=logging.DEBUG)
from bot.app import build
from bot.channels.guide import Guide
from bot.channels.turns import TurnLog
from bot.runtime.agent import tracker_store
from bot.settings import read
from guidance import interest
settings = read()
interest.use(settings.open_interests(print))
guide = Guide(None, TurnLog(tracker_store(settings.database_url).engine), settings.contact)
build(guide).run(host="127.0.0.1", port=settings.port, access_log=True, motd=False)
"""


@pytest.fixture
def receiver() -> Iterator[Web]:
    with web() as running:
        yield running


@pytest.fixture
def serve(
    home: dict[str, str], receiver: Web, tmp_path: Path
) -> Iterator[Callable[[], tuple[subprocess.Popen[bytes], str]]]:
    """Starts the service; gives its process and address."""
    started = []

    def start() -> tuple[subprocess.Popen[bytes], str]:
        port = free_port()
        settings = {
            **os.environ, **home, "NPQ_PORT": str(port), "NPQ_WEBHOOK_URL": receiver.url,
            "NPQ_WEBHOOK_SECRET": WEBHOOK["NPQ_WEBHOOK_SECRET"],
        }  # fmt: skip
        log = (tmp_path / "log").open("ab")
        process = subprocess.Popen([sys.executable, "-c", SERVE], env=settings, stdout=log, stderr=log, cwd=PROJECT)
        started.append(process)
        url = f"http://127.0.0.1:{port}"
        until(lambda: process.poll() is not None or answers(url))
        assert process.poll() is None, (tmp_path / "log").read_text()
        return process, url

    yield start
    for process in started:
        if process.poll() is None:
            process.terminate()
            process.wait(timeout=60)


def answers(url: str) -> bool:
    try:
        return httpx.get(f"{url}/health/live").status_code == 200
    except httpx.TransportError:
        return False


def until(condition: Callable[[], Any]) -> None:
    for _ in range(1200):
        if condition():
            return
        time.sleep(0.05)
    raise AssertionError("it did not happen")


def test_the_service_delivers_reports_and_goes_on_after_a_kill(
    serve: Callable[[], tuple[subprocess.Popen[bytes], str]], interests: Interests, receiver: Web, tmp_path: Path
) -> None:
    process, url = serve()
    submit(interests)
    until(lambda: receiver.requests)
    until(lambda: interests.health()["waiting"] == 0)
    health = httpx.get(f"{url}/health/ready").json()
    assert health["interest"]["ok"]
    assert health["interest"]["destinations"] == ["webhook"]

    receiver.answers += [(500, {}, b"")]
    submit(interests, key="form-2")
    until(lambda: len(receiver.requests) >= 2)
    process.send_signal(signal.SIGKILL)
    process.wait()
    submit(interests, key="form-3")
    process, url = serve()
    with interests.store.engine.begin() as connection:  # as if the waiting time and the dead worker's lease had passed
        connection.exec_driver_sql("UPDATE outbox SET due_at = created_at, lease = NULL, leased_until = NULL")
    until(lambda: interests.health()["waiting"] == 0)
    assert len({request.headers["x-npq-event-id"] for request in receiver.requests}) == 3

    with interests.store.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE outbox SET sent_at = NULL, dead_at = created_at WHERE id = 1")
    told = httpx.get(f"{url}/health/ready").json()  # "down" as a whole: there is no model here
    assert (told["interest"]["ok"], told["interest"]["dead"]) == (False, 1)

    process.terminate()
    assert process.wait(timeout=60) == 0
    log = (tmp_path / "log").read_text()
    assert [canary for canary in CANARIES if canary.casefold() in log.casefold()] == []
    assert "Traceback" not in log
    with sqlite3.connect(tmp_path / "npq.db") as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
