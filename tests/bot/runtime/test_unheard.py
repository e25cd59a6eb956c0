"""What Rasa would log is not copied, and nothing else in those modules is a copy."""

from __future__ import annotations

import ast
import copy
import inspect
from types import ModuleType

import pytest
from rasa.core import processor
from rasa.core.policies import rule_policy

from bot.channels.guide import Guide


@pytest.mark.parametrize("module", [processor, rule_policy])
def test_all_copies_are_arguments_of_debug_lines(module: ModuleType) -> None:
    tree = ast.parse(inspect.getsource(module))
    used = [node for node in ast.walk(tree) if isinstance(node, ast.Name) and node.id == "copy"]
    logged = [
        name
        for call in ast.walk(tree)
        if isinstance(call, ast.Call) and ast.unparse(call.func) == "structlogger.debug"
        for name in ast.walk(call)
        if isinstance(name, ast.Name) and name.id == "copy"
    ]
    assert used
    assert set(used) == set(logged)


@pytest.mark.slow
async def test_a_turn_copies_no_events(guide: Guide, monkeypatch: pytest.MonkeyPatch) -> None:
    callers: list[str] = []
    deepcopy = copy.deepcopy

    def noted(*given: object) -> object:
        callers.append(inspect.stack()[1].filename)
        return deepcopy(*given)

    monkeypatch.setattr(copy, "deepcopy", noted)
    assert (await guide.reply("copies", "Is NPQH funded?", "web")).status == "answered"
    assert not [name for name in callers if name.endswith(("core/processor.py", "rule_policy.py"))]
