"""Checks that knowledge, domain, rules and training data fit together."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bot.settings import PROJECT
from guidance.knowledge import Knowledge, Problem
from guidance.knowledge.problems import closest
from guidance.knowledge.yaml_lines import Document, read

FALLBACK = "nlu_fallback"
FEWEST_EXAMPLES = 10


def check(knowledge: Knowledge, project: Path = PROJECT) -> list[Problem]:
    """Every misfit between the knowledge and Rasa's files, each with file, line and what to do."""
    problems: list[Problem] = []
    documents = {}
    for path in [project / "domain.yml", *_files(project, "rules"), *_files(project, "nlu")]:
        documents[path], found = read(path, str(path.relative_to(project)))
        problems += found
    if problems:
        return problems
    domain = documents[project / "domain.yml"]
    problems += _domain(domain, knowledge)
    problems += _rules([documents[path] for path in _files(project, "rules")], domain)
    problems += _examples([documents[path] for path in _files(project, "nlu")], domain)
    return problems


def _files(project: Path, folder: str) -> list[Path]:
    return sorted((project / "data" / folder).rglob("*.yml"))


def _domain(domain: Document, knowledge: Knowledge) -> Iterator[Problem]:
    intents = domain.data["intents"]
    for index, intent in enumerate(intents):
        if intent != FALLBACK and intent not in knowledge.by_intent:
            yield domain.problem(
                ("intents", index),
                f"no topic in data/knowledge/topics has the intent `{intent}`.",
                closest(intent, knowledge.by_intent),
            )
    for intent, topic in knowledge.by_intent.items():
        if intent not in intents:
            yield domain.problem(
                ("intents",),
                f"the intent `{intent}` of topic `{topic.id}` is missing.",
                f"Add `- {intent}`.",
            )


def _rules(files: list[Document], domain: Document) -> Iterator[Problem]:
    ruled: set[str] = set()
    for document in files:
        for number, rule in enumerate(document.data.get("rules", [])):
            for step_number, step in enumerate(rule.get("steps", [])):
                intent = step.get("intent")
                if intent is None:
                    continue
                ruled.add(intent)
                if intent not in domain.data["intents"]:
                    yield document.problem(
                        ("rules", number, "steps", step_number),
                        f"`{intent}` is not an intent of domain.yml.",
                        closest(intent, domain.data["intents"]),
                    )
    for index, intent in enumerate(domain.data["intents"]):
        if intent not in ruled:
            yield domain.problem(("intents", index), f"`{intent}` has no rule.", "Add one to data/rules/.")


def _examples(files: list[Document], domain: Document) -> Iterator[Problem]:
    seen: dict[str, str] = {}
    counts: dict[str, int] = {}
    for document in files:
        for number, item in enumerate(document.data.get("nlu", [])):
            intent = item.get("intent")
            if intent not in domain.data["intents"]:
                yield document.problem(
                    ("nlu", number),
                    f"`{intent}` is not an intent of domain.yml.",
                    closest(str(intent), domain.data["intents"]),
                )
                continue
            examples = lines_of(item)
            counts[intent] = counts.get(intent, 0) + len(examples)
            first = document.line(("nlu", number, "examples")) + 1
            for offset, example in enumerate(examples):
                key = " ".join(example.lower().split())
                if seen.setdefault(key, intent) != intent:
                    yield Problem(
                        document.name,
                        first + offset,
                        f"nlu.{number}.examples",
                        f"`{example}` is also an example of `{seen[key]}`.",
                        "Keep it in one of them.",
                    )
    for index, intent in enumerate(domain.data["intents"]):
        if intent != FALLBACK and counts.get(intent, 0) < FEWEST_EXAMPLES:
            yield domain.problem(
                ("intents", index),
                f"`{intent}` has {counts.get(intent, 0)} examples.",
                f"Write at least {FEWEST_EXAMPLES} in data/nlu/.",
            )


def lines_of(item: dict[str, Any]) -> list[str]:
    """The examples of one intent, without their dashes."""
    lines = str(item.get("examples", "")).splitlines()
    return [line.lstrip("- ").strip() for line in lines if line.strip()]
