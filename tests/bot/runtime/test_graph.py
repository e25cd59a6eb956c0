"""The graph without dask: the same results, the order worked out once."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import dask
import pytest
from rasa.core import processor
from rasa.engine.exceptions import GraphRunError
from rasa.engine.runner.dask import DaskGraphRunner

from bot.channels.guide import Guide
from bot.channels.sessions import new_conversation
from bot.runtime.graph import OrderedGraphRunner

pytestmark = pytest.mark.slow


async def test_messages_are_read_as_by_rasas_runner(guide: Guide, monkeypatch: pytest.MonkeyPatch) -> None:
    runner = guide.agent.processor.graph_runner
    assert isinstance(runner, OrderedGraphRunner)
    remembering = guide.agent.processor._parse_message_with_graph
    monkeypatch.setattr(guide.agent.processor, "_parse_message_with_graph", remembering._read)
    for text in ("Is NPQH funded?", "how long is it and when does SL start", "asdf qwer", "hello"):
        quick = await guide.agent.parse_message(text)
        with monkeypatch.context() as patch:
            patch.setattr(OrderedGraphRunner, "run", DaskGraphRunner.run)
            assert await guide.agent.parse_message(text) == quick


async def test_a_turn_asks_dask_for_nothing(guide: Guide, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: Any, **__: Any) -> None:
        raise AssertionError("dask was asked")

    monkeypatch.setattr(dask, "get", fail)
    assert (await guide.reply(new_conversation(), "Is NPQH funded?", "web")).status == "answered"


def test_a_missing_input_is_named(guide: Guide) -> None:
    with pytest.raises(GraphRunError, match="__message__"):
        guide.agent.processor.graph_runner.run(targets=["run_RegexMessageHandler"], inputs={})


def test_models_are_loaded_with_it(model: Path, guide: Guide) -> None:
    assert processor.DaskGraphRunner is OrderedGraphRunner
