"""The running service: stops cleanly, serves edits, keeps the last good knowledge."""

import re
import shutil
import signal
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx

from tests.conftest import PROJECT, Service

NOTICED_WITHIN = 30  # the service promises 5 s; a busy machine may take longer


def until(condition: Callable[[], Any]) -> None:
    for _ in range(NOTICED_WITHIN * 4):
        if condition():
            return
        time.sleep(0.25)
    raise AssertionError("it did not happen in time")


def test_an_edited_fact_is_served_and_a_broken_edit_is_reported(
    start_service: Callable[..., Service], tmp_path: Path
) -> None:
    folder = tmp_path / "data" / "knowledge"
    shutil.copytree(PROJECT / "data" / "knowledge", folder)
    service = start_service(NPQ_KNOWLEDGE=str(folder))

    def answer() -> str:
        return str(service.say(service.session(), "how long does the npqh take").json()["text"])

    def health() -> dict[str, Any]:
        return dict(httpx.get(f"{service.url}/health/ready").json())

    assert "18 months" in answer()
    path = folder / "programmes" / "NPQH.yml"
    good = path.read_text(encoding="utf-8")
    edited = re.sub(r"(  duration:\n    text: >-\n)(?:      .*\n)+", r"\1      NPQH takes 99 weeks.\n", good)
    assert edited != good
    path.write_text(edited, encoding="utf-8")
    until(lambda: "99 weeks" in answer())
    assert health()["status"] == "ok"

    path.write_text(edited.replace("neighbours:", "neighbors:"), encoding="utf-8")
    until(lambda: health()["status"] == "degraded")
    assert "neighbors" in str(health()["knowledge"]["problems"])
    assert "99 weeks" in answer()
    assert "neighbors" in service.log.read_text()

    path.write_text(good, encoding="utf-8")
    until(lambda: health()["status"] == "ok")
    assert "18 months" in answer()


def test_ctrl_c_stops_it_cleanly(start_service: Callable[..., Service]) -> None:
    service = start_service()
    service.process.send_signal(signal.SIGINT)
    assert service.process.wait(timeout=20) == 0
    log = service.log.read_text()
    assert log.rstrip().endswith("Stopped.")
    assert "Traceback" not in log
    assert "Task was destroyed" not in log


def test_a_conversation_survives_a_restart(start_service: Callable[..., Service], tmp_path: Path) -> None:
    database = f"sqlite:///{tmp_path / 'npq.db'}"
    service = start_service(NPQ_DATABASE_URL=database)
    session = service.session()
    service.say(session, "how long does the npqh take")
    service.process.kill()
    service.process.wait()
    service = start_service(NPQ_DATABASE_URL=database)
    assert service.say(session, "and is it funded").json()["programmes"] == ["NPQH"]
