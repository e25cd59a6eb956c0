"""The project that stock Rasa is trained on: our questions, intents and rules, its default pipeline and policies.

Answers come from an action server over HTTP, as Rasa's documentation has it. It says one fact a topic, without looking
at what is asked; a form takes an expression of interest, its fields taken as typed. So stock Rasa has less to do.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import yaml

from guidance.knowledge import current

PROJECT = Path(__file__).resolve().parents[2]
FIELDS = ("programme", "name", "email", "phone", "role", "school", "cohort", "consent")
START = "ask_register_interest"
ANSWERS = "answers.json"
DEFAULTS = "rasa/engine/recipes/config_files/default_config.yml"
ACTION_URL = "http://127.0.0.1:5955/webhook"


def write(folder: Path, packages: Path, epochs: int | None = None) -> None:
    """Write the whole project to an empty folder.

    `packages`: where stock Rasa is installed. `epochs`: of the intent classifier (DIET); default: Rasa's 100. They
    change how well it is trained and how long that takes, and nothing about the time an answer takes.
    """
    (folder / "data").mkdir(parents=True)
    shutil.copytree(PROJECT / "data" / "nlu", folder / "data" / "nlu")
    shutil.copytree(PROJECT / "bench" / "stock" / "actions", folder / "actions")
    _dump(folder / "config.yml", _config(packages / DEFAULTS, epochs))
    _dump(folder / "endpoints.yml", {"action_endpoint": {"url": ACTION_URL}})
    _dump(folder / "credentials.yml", {"rest": None})
    _dump(folder / "domain.yml", _domain())
    _dump(folder / "data" / "rules.yml", {"version": "3.1", "rules": _rules()})
    texts = {topic.intent: topic.facts[0].said() for topic in current().topics.values() if topic.facts}
    (folder / ANSWERS).write_text(json.dumps(texts), encoding="utf-8")


def _config(path: Path, epochs: int | None) -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    found["assistant_id"] = "npq-guide-stock"
    for component in found["pipeline"]:
        if component["name"] == "DIETClassifier" and epochs:
            component["epochs"] = epochs
    return found


def _domain() -> dict[str, Any]:
    ours = yaml.safe_load((PROJECT / "domain.yml").read_text(encoding="utf-8"))
    slots = {
        name: {
            "type": "text",
            "influence_conversation": False,
            "mappings": [
                {"type": "from_text", "conditions": [{"active_loop": "interest_form", "requested_slot": name}]}
            ],
        }
        for name in FIELDS
    }
    return {
        "version": "3.1",
        "intents": ours["intents"],
        "slots": slots,
        "forms": {"interest_form": {"required_slots": list(FIELDS)}},
        "responses": {f"utter_ask_{name}": [{"text": f"What is your {name}?"}] for name in FIELDS},
        "actions": ["action_answer", "action_keep_interest"],
        "session_config": ours["session_config"],
    }


def _rules() -> list[dict[str, Any]]:
    found = []
    for path in sorted((PROJECT / "data" / "rules").glob("*.yml")):
        found += yaml.safe_load(path.read_text(encoding="utf-8"))["rules"]
    kept = [rule for rule in found if {"intent": START} not in rule["steps"]]
    begin = [{"intent": START}, {"action": "interest_form"}, {"active_loop": "interest_form"}]
    over = [{"action": "interest_form"}, {"active_loop": None}, {"slot_was_set": [{"requested_slot": None}]},
            {"action": "action_keep_interest"}]  # fmt: skip
    return [
        *kept,
        {"rule": "interest form", "steps": begin},
        {"rule": "interest kept", "condition": [{"active_loop": "interest_form"}], "steps": over},
    ]


def _dump(path: Path, content: Any) -> None:
    path.write_text(yaml.safe_dump(content, sort_keys=False), encoding="utf-8")
