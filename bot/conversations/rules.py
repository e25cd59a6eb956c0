"""Which rule an intent fires: looked up in data/rules, since Rasa does not keep its name."""

from __future__ import annotations

from functools import lru_cache

from bot.settings import PROJECT
from guidance.knowledge.yaml_lines import read


def rule_of(intent: str | None) -> str:
    """The first rule for an intent with its place, or an empty text."""
    return rules().get(intent or "", "")


@lru_cache(maxsize=1)
def rules() -> dict[str, str]:
    """The rule of each intent, with its place."""
    found: dict[str, str] = {}
    for path in sorted((PROJECT / "data" / "rules").rglob("*.yml")):
        document, problems = read(path, str(path.relative_to(PROJECT)))
        if problems or not isinstance(document.data, dict):
            continue
        for index, rule in enumerate(document.data.get("rules") or []):
            for step in rule.get("steps") or []:
                if isinstance(step, dict) and step.get("intent"):
                    place = f"{document.name}:{document.line(('rules', index))}"
                    found.setdefault(str(step["intent"]), f"{rule.get('rule')} ({place})")
    return found


def all_intents() -> list[str]:
    """The intents of the domain."""
    document, _problems = read(PROJECT / "domain.yml", "domain.yml")
    listed = document.data["intents"]
    return [str(next(iter(item)) if isinstance(item, dict) else item) for item in listed]
