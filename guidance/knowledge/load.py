"""Read a knowledge folder into a `Knowledge`, or say everything that is wrong with it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from pydantic import ValidationError

from guidance.knowledge import model
from guidance.knowledge.checks import check
from guidance.knowledge.problems import Problem, closest, relative
from guidance.knowledge.yaml_lines import Document, Keys, read

R = TypeVar("R", bound=model.Record)

LISTS: dict[str, tuple[str, type[model.Record]]] = {
    "roles.yml": ("roles", model.Role),
    "settings.yml": ("settings", model.Named),
    "phases.yml": ("phases", model.Named),
    "cohorts.yml": ("cohorts", model.Cohort),
    "premises.yml": ("premises", model.Premise),
}
SINGLE = ("sources.yml", "safety.yml", "interest.yml", "funding.yml", "recommend.yml")
FOLDERS: dict[str, type[model.Record]] = {
    "programmes": model.Programme,
    "providers": model.Provider,
}


class KnowledgeError(Exception):
    """The knowledge cannot be used. `problems` lists every fault found."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = sorted(set(problems))
        super().__init__("\n".join(str(problem) for problem in self.problems))


@dataclass
class Entry:
    """A record with the place it was written, for messages."""

    record: Any
    document: Document
    path: Keys

    def problem(self, keys: Keys, message: str, suggestion: str = "") -> Problem:
        """A problem at a field of this record."""
        return self.document.problem((*self.path, *keys), message, suggestion)


@dataclass
class Shelf:
    """All records as read, before they are indexed; keyed by kind."""

    entries: dict[str, list[Entry]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def add(self, kind: str, document: Document, path: Keys, data: Any, shape: type[R]) -> None:
        """Validate one record; keep it, or keep the problems it has."""
        if not isinstance(data, dict):
            self.problems.append(document.problem(path, "is not a record of `key: value` lines."))
            return
        try:
            self.entries.setdefault(kind, []).append(Entry(shape(**data), document, path))
        except ValidationError as error:
            self.problems += [_explain(document, path, item, shape) for item in error.errors()]
        except TypeError as error:
            self.problems.append(document.problem(path, f"has a key that is not text: {error}."))


def load(folder: Path) -> model.Knowledge:
    """Load and check a knowledge folder.

    Raises:
        KnowledgeError: with every problem found, each with file, line and field.
    """
    shelf = _read_all(folder)
    if shelf.problems:  # a record left out would make every mention of it look wrong
        raise KnowledgeError(shelf.problems)
    knowledge = _index(shelf, version(folder))
    problems = check(knowledge, shelf.entries)
    if problems:
        raise KnowledgeError(problems)
    return knowledge


def files(folder: Path) -> list[Path]:
    """The knowledge files, in a fixed order."""
    return sorted(folder.rglob("*.yml"))


def version(folder: Path) -> str:
    """A hash of the content of all knowledge files."""
    digest = hashlib.sha256()
    for path in files(folder):
        digest.update(str(path.relative_to(folder)).encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def _read_all(folder: Path) -> Shelf:
    shelf = Shelf()
    if not folder.is_dir():
        shelf.problems.append(Problem(str(folder), 1, "folder", "there is no such knowledge folder."))
        return shelf
    for path in files(folder):
        document, problems = read(path, relative(path, folder))
        shelf.problems += problems
        if document.data is None:
            if not problems:
                shelf.problems.append(document.problem((), "is empty.", "Remove the file or fill it."))
            continue
        _sort_in(shelf, document, path.relative_to(folder))
    for name in (*SINGLE, *LISTS):
        if not (folder / name).exists():
            shelf.problems.append(Problem(relative(folder / name, folder), 1, "file", "is missing."))
    return shelf


def _sort_in(shelf: Shelf, document: Document, where: Path) -> None:
    data, name = document.data, where.as_posix()
    if name == "sources.yml":
        for key, value in data.items() if isinstance(data, dict) else ():
            record = {"id": key, **value} if isinstance(value, dict) else value
            shelf.add("sources", document, (key,), record, model.Source)
    elif name == "safety.yml":
        shelf.add("safety", document, (), data, model.Safety)
    elif name == "interest.yml":
        shelf.add("interest", document, (), data, model.InterestWords)
    elif name == "funding.yml":
        from guidance.funding import Funding  # it builds on the shapes of this package

        shelf.add("funding", document, (), data, Funding)
    elif name == "recommend.yml":
        from guidance.recommend import Recommend  # likewise

        shelf.add("recommend", document, (), data, Recommend)
    elif name in LISTS:
        key, shape = LISTS[name]
        _add_list(shelf, document, key, data, shape)
    elif where.parts[0] in FOLDERS and len(where.parts) == 2:
        shelf.add(where.parts[0], document, (), data, FOLDERS[where.parts[0]])
    elif where.parts[0] == "topics" and len(where.parts) == 2:
        _add_list(shelf, document, "topics", data, model.Topic)
    else:
        known = [*SINGLE, *LISTS, "programmes/", "providers/", "topics/"]
        shelf.problems.append(document.problem((), "is not a file the guide knows.", closest(name, known)))


def _add_list(shelf: Shelf, document: Document, key: str, data: Any, shape: type[R]) -> None:
    if not isinstance(data, dict) or not isinstance(data.get(key), list):
        shelf.problems.append(document.problem((), f"must hold a list under the key `{key}:`."))
        return
    for extra in set(data) - {key}:
        shelf.problems.append(document.problem((extra,), "is not a known key.", closest(str(extra), [key])))
    for index, item in enumerate(data[key]):
        shelf.add(key, document, (key, index), item, shape)


def _explain(document: Document, path: Keys, error: Any, shape: type[R]) -> Problem:
    """A pydantic error in words, with the known keys as suggestion where a key is unknown."""
    keys: Keys = tuple(error["loc"])
    kind, message, advice = error["type"], error["msg"], ""
    if kind == "value_error.extra":
        message, advice = (
            "is not a known key.",
            closest(str(keys[-1]), _known_keys(shape, keys[:-1])),
        )
    elif kind == "value_error.missing":
        message, advice = (
            "is missing.",
            _needed(shape) if len(keys) > 1 else "Add it.",
        )
    elif kind.startswith("value_error.date"):
        message, advice = (
            "is not a date that can be.",
            "Write year-month-day, for example 2026-05-18.",
        )
    elif kind == "value_error.const":
        permitted = error.get("ctx", {}).get("permitted", [])
        message, advice = "has a value the guide does not know.", closest("", map(str, permitted))
    return document.problem((*path, *keys), message, advice)


def _needed(shape: type[model.Record]) -> str:
    if shape.__name__ == "Recommend":
        return "Every rule needs id, when, first, why, source, as_of and certainty."
    if shape.__name__ == "Funding":
        return "Every table, group and statement needs source and as_of."
    return "Every fact needs text, source, as_of and certainty."


def _known_keys(shape: type[model.Record], keys: Keys) -> list[str]:
    """The keys allowed where an unknown one was found, following the path through the shapes."""
    here: type[model.Record] = shape
    for key in keys:
        found = here.__fields__.get(str(key))
        if found is not None and isinstance(found.type_, type) and issubclass(found.type_, model.Record):
            here = found.type_
    return list(here.__fields__)


def _index(shelf: Shelf, version_hash: str) -> model.Knowledge:
    def records(kind: str) -> list[Any]:
        return [entry.record for entry in shelf.entries.get(kind, [])]

    topics = {topic.id: topic.copy(update={"intent": topic.intent or _intent(topic.id)}) for topic in records("topics")}
    from guidance.funding import Funding, Rules
    from guidance.recommend import Criteria, Recommend

    safety, funding, recommend = records("safety"), records("funding"), records("recommend")
    interest = records("interest")
    knowledge = model.Knowledge(
        version=version_hash,
        sources={source.id: source for source in records("sources")},
        topics=topics,
        programmes={item.code: item for item in records("programmes")},
        providers={item.id: item for item in records("providers")},
        roles={item.id: item for item in records("roles")},
        settings={item.id: item for item in records("settings")},
        phases={item.id: item for item in records("phases")},
        cohorts=sorted(records("cohorts"), key=lambda cohort: cohort.starts),
        premises={item.id: item for item in records("premises")},
        safety=safety[0] if safety else model.Safety(crisis=[]),
        funding=Rules(funding[0] if funding else Funding.construct()),
        interest=interest[0] if interest else model.InterestWords.construct(),
        recommend=Criteria(recommend[0] if recommend else Recommend.construct()),
        by_intent={topic.intent: topic for topic in topics.values()},
    )
    for fact in _all_facts(knowledge):
        knowledge.facts[fact.id] = fact
        knowledge.by_topic.setdefault(fact.topic, []).append(fact)
        knowledge.narrowed.add(fact)
    return knowledge


def _intent(topic_id: str) -> str:
    return topic_id if topic_id.startswith("oos_") else f"ask_{topic_id}"


def _all_facts(knowledge: model.Knowledge) -> list[model.Fact]:
    """Every fact with its id, topic and implied conditions filled in."""
    facts: list[model.Fact] = []
    for topic in knowledge.topics.values():
        facts += [fact.copy(update={"topic": topic.id}) for fact in topic.facts]
    for programme in knowledge.programmes.values():
        for topic_id, fact in programme.facts.items():
            implied = {"programme": [programme.code]}
            identity = f"{programme.code.lower()}.{topic_id}"
            facts.append(fact.copy(update={"id": identity, "topic": topic_id, "when": _with(fact, implied)}))
    for provider in knowledge.providers.values():
        named = {"provider": [provider.id]}
        facts += [_of_provider(provider, fact, index, named) for index, fact in enumerate(provider.facts)]
        for index, fact in enumerate(provider.page.facts if provider.page else []):
            said_then = _of_provider(provider, fact, index, named, page=True)
            knowledge.page_facts[said_then.id] = provider.id
            facts.append(said_then)
    return facts


def _of_provider(
    provider: model.Provider,
    fact: model.ProviderFact,
    index: int,
    named: dict[str, list[str]],
    *,
    page: bool = False,
) -> model.Fact:
    identity = fact.id or f"{provider.id}.{'page.' if page else ''}{fact.topic}.{index}"
    return fact.copy(update={"id": identity, "when": _with(fact, named)})


def _with(fact: model.Fact, implied: dict[str, list[str]]) -> model.When:
    return fact.when.copy(update=implied)
