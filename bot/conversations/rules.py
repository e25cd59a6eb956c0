"""Which rule an intent fires: looked up in data/rules, since Rasa does not keep its name."""

from __future__ import annotations

from functools import lru_cache

from bot.settings import PROJECT
from guidance.knowledge.yaml_lines import read


def rule_of(intent: str | None) -> str:
    """The first rule for an intent with its place, or an empty text."""
    return _rules().get(intent or "", "")


@lru_cache(maxsize=1)
def _rules() -> dict[str, str]:
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
