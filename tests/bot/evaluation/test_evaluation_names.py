"""The hand-labelled names: enough of them, all known to the knowledge, nearly all found."""

from __future__ import annotations

from pathlib import Path

import yaml

from bot.evaluation import names
from bot.nlu.encoder import session
from guidance.knowledge import current

GOAL = 0.95


def test_the_labels_are_many_and_name_what_the_knowledge_has() -> None:
    knowledge = current()
    known = {
        "programme": knowledge.programmes,
        "provider": knowledge.providers,
        "role": knowledge.roles,
        "setting": knowledge.settings,
        "phase": knowledge.phases,
    }
    messages = yaml.safe_load(names.LABELLED.read_text(encoding="utf-8"))["messages"]
    assert len({item["text"] for item in messages}) >= 150
    pairs = [name.split(":", 1) for item in messages for name in item["named"]]
    assert {kind for kind, _ in pairs} == set(names.KINDS)
    assert [(kind, value) for kind, value in pairs if kind in known and value not in known[kind]] == []


def test_names_are_found(encoder: session.Encoder) -> None:
    scores, misses = names.score(current())
    assert scores[names.ALL].f1 >= GOAL, misses


def test_what_is_missed_and_what_is_made_up_both_count(encoder: session.Encoder, tmp_path: Path) -> None:
    file = tmp_path / "entities.yml"
    labels = {"messages": [{"text": "is npqh with ucl any good", "named": ["programme:NPQH", "role:senco"]}]}
    file.write_text(yaml.safe_dump(labels), encoding="utf-8")
    scores, misses = names.score(current(), file)
    assert scores[names.ALL] == names.Score(found=1, wrong=1, missed=1)
    assert (misses[0].wrong, misses[0].missed) == (("provider:ucl",), ("role:senco",))
