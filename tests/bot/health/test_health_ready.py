"""/health/ready: the self-test, the database, the knowledge and its age."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx
import pytest
from sqlalchemy import func, select

from bot.channels.guide import Guide
from bot.channels.turns import turns
from bot.health.selftest import SelfTest
from tests.conftest import Service

pytestmark = pytest.mark.slow


def test_it_tells_of_every_part(service: Service) -> None:
    told = httpx.get(f"{service.url}/health/ready")
    assert told.status_code == 200
    body = told.json()
    assert body["status"] == "ok"
    assert set(body) == {"status", "model", "store", "knowledge", "interest", "schools"}
    assert body["model"] == {"ok": True, "problems": []}
    assert body["store"] == {"ok": True}
    assert 0 <= body["knowledge"]["age_seconds"] < 3600


def test_a_database_that_is_away_is_told_and_questions_are_still_answered(
    start_service: Callable[..., Service],
) -> None:
    service = start_service(NPQ_DATABASE_URL="postgresql://nobody@127.0.0.1:1/nothing")
    told = httpx.get(f"{service.url}/health/ready", timeout=30)
    assert (told.status_code, told.json()["status"]) == (200, "degraded")
    assert told.json()["store"] == {"ok": False}
    assert told.json()["model"]["ok"]


async def test_the_self_test_stores_nothing(guide: Guide) -> None:
    def stored() -> int:
        with guide.turns.engine.connect() as connection:
            return int(connection.execute(select(func.count()).select_from(turns)).scalar())

    before = stored()
    assert await SelfTest(guide).problem() is None
    assert stored() == before
    assert await guide.agent.tracker_store.retrieve("self-test") is None


@pytest.mark.parametrize("fault", ["wrong intent", "no answer", "error"])
async def test_a_model_that_does_not_answer_is_found(guide: Guide, monkeypatch: pytest.MonkeyPatch, fault: str) -> None:
    from bot.nlu.classifier import TopicClassifier

    def read(_self: Any, message: Any, *_: Any) -> None:
        if fault == "error":
            raise RuntimeError("a secret word")
        intent = {"name": "greet" if fault == "wrong intent" else None, "confidence": 1.0}
        message.set("intent", intent, add_to_output=True)

    monkeypatch.setattr(TopicClassifier, "_read", read)
    problem = await SelfTest(guide).problem()
    assert problem
    assert "secret" not in problem


async def test_a_good_result_is_not_asked_for_again_at_once(guide: Guide) -> None:
    test = SelfTest(guide)
    assert await test.problem() is None
    test._agent = None  # type: ignore[assignment]
    assert await test.problem() is None
    test._told = None
    assert await test.problem()
