"""Checks across records: references, dates, aliases, lengths."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from guidance.knowledge import model
from guidance.knowledge.problems import Problem, closest

if TYPE_CHECKING:
    from guidance.knowledge.load import Entry

MOST_WORDS = 60
FIRST_NPQ_YEAR = 1997
Place = tuple["Entry", tuple[Any, ...]]


def check(knowledge: model.Knowledge, entries: Mapping[str, Sequence[Entry]]) -> list[Problem]:
    """Every problem that one record alone cannot show."""
    return [
        *_duplicates(entries),
        *_aliases(entries.get("programmes", ())),
        *_facts(knowledge, entries),
        *_references(knowledge, entries),
        *_funding(knowledge, entries),
        *_recommend(knowledge, entries),
    ]


def _funding(knowledge: model.Knowledge, entries: Mapping[str, Sequence[Entry]]) -> list[Problem]:
    from guidance.funding.checks import check as check_funding  # it builds on this package

    known = {
        "settings": list(knowledge.settings),
        "roles": list(knowledge.roles),
        "sources": list(knowledge.sources),
        "programmes": list(knowledge.programmes),
        "cohorts": [cohort.id for cohort in knowledge.cohorts],
    }
    return [problem for entry in entries.get("funding", ()) for problem in check_funding(entry, known)]


def _recommend(knowledge: model.Knowledge, entries: Mapping[str, Sequence[Entry]]) -> list[Problem]:
    from guidance.recommend.checks import check as check_recommend  # it builds on this package

    return [problem for entry in entries.get("recommend", ()) for problem in check_recommend(entry, knowledge)]


def _duplicates(entries: Mapping[str, Sequence[Entry]]) -> Iterator[Problem]:
    for kind, items in entries.items():
        key = "code" if kind == "programmes" else "id"
        seen: dict[str, Entry] = {}
        for entry in items:
            identity = getattr(entry.record, key, None)
            if identity is None:
                continue
            if identity in seen:
                first = seen[identity]
                place = f"{first.document.name}:{first.document.line(first.path)}"
                yield entry.problem((key,), f"`{identity}` is already used at {place}.", "Choose another.")
            seen.setdefault(identity, entry)


def _aliases(programmes: Sequence[Entry]) -> Iterator[Problem]:
    owner: dict[str, str] = {}
    for entry in programmes:
        item = entry.record
        for field in ("aliases", "misspellings", "weak_aliases"):
            for index, alias in enumerate(getattr(item, field)):
                if alias != alias.lower():
                    yield entry.problem((field, index), f"`{alias}` is not lower case.", f"Write `{alias.lower()}`.")
                other = owner.setdefault(alias.lower(), item.code)
                if other != item.code:
                    yield entry.problem(
                        (field, index),
                        f"`{alias}` already means {other}.",
                        f"Keep it in one of {other} and {item.code}.",
                    )


def _places(
    entries: Mapping[str, Sequence[Entry]],
) -> Iterator[tuple[Entry, tuple[Any, ...], model.Fact]]:
    for entry in entries.get("topics", ()):
        for index, fact in enumerate(entry.record.facts):
            yield entry, ("facts", index), fact
    for entry in entries.get("programmes", ()):
        for key, fact in entry.record.facts.items():
            yield entry, ("facts", key), fact
    for entry in entries.get("providers", ()):
        for index, fact in enumerate(entry.record.facts):
            yield entry, ("facts", index), fact
        for index, fact in enumerate(entry.record.page.facts if entry.record.page else ()):
            yield entry, ("page", "facts", index), fact


def _facts(knowledge: model.Knowledge, entries: Mapping[str, Sequence[Entry]]) -> Iterator[Problem]:
    seen: dict[str, str] = {}
    for entry, path, fact in _places(entries):
        if fact.id:
            if fact.id in seen:
                yield entry.problem(
                    (*path, "id"),
                    f"`{fact.id}` is already used in {seen[fact.id]}.",
                    "Choose another.",
                )
            seen.setdefault(fact.id, entry.document.name)
        elif isinstance(entry.record, model.Topic):
            yield entry.problem((*path, "id"), "is missing.", "Give the fact a name in kebab-case.")
        yield from _dates(entry, path, fact)
        yield from _wording(entry, path, fact)
        yield from _conditions(knowledge, entry, path, fact.when)
    for entry in (*entries.get("premises", ()), *entries.get("cohorts", ())):
        yield from _day(entry, ("as_of",), entry.record.as_of)


def _dates(entry: Entry, path: tuple[Any, ...], fact: model.Fact) -> Iterator[Problem]:
    yield from _day(entry, (*path, "as_of"), fact.as_of)
    if fact.valid_from and fact.valid_until and fact.valid_until < fact.valid_from:
        yield entry.problem(
            (*path, "valid_until"),
            f"{fact.valid_until} is before valid_from {fact.valid_from}.",
            "Swap them or correct one.",
        )


def _day(entry: Entry, path: tuple[Any, ...], day: date) -> Iterator[Problem]:
    if fault := day_fault(day):
        yield entry.problem(path, *fault)


def day_fault(day: date) -> tuple[str, str] | None:
    """What is wrong with the day a source was read, and what to write."""
    if day > date.today():
        return f"{day} lies in the future.", "It is the day the source was read."
    if day.year < FIRST_NPQ_YEAR:
        return f"{day} is before there were NPQs.", "Write the day the source was read."
    return None


def _wording(entry: Entry, path: tuple[Any, ...], fact: model.Fact) -> Iterator[Problem]:
    words = len(fact.said().split())
    if words > MOST_WORDS:
        yield entry.problem((*path, "text"), f"has {words} words.", f"Say it in {MOST_WORDS} or split the fact.")
    for name in re.findall(r"\{(\w+)\}", fact.said() + (fact.said_short() or "")):
        if name != "contact":
            yield entry.problem((*path, "text"), f"`{{{name}}}` has no value.", closest(name, fact.values))


def _conditions(knowledge: model.Knowledge, entry: Entry, path: tuple[Any, ...], when: model.When) -> Iterator[Problem]:
    known: dict[str, Sequence[str]] = {
        "programme": list(knowledge.programmes),
        "setting": list(knowledge.settings),
        "role": list(knowledge.roles),
        "phase": list(knowledge.phases),
        "provider": list(knowledge.providers),
        "period": [cohort.id for cohort in knowledge.cohorts],
    }
    for field, names in known.items():
        for index, name in enumerate(getattr(when, field)):
            if name not in names:
                yield entry.problem(
                    (*path, "when", field, index),
                    f"there is no {field} `{name}`.",
                    closest(name, names),
                )


def _references(knowledge: model.Knowledge, entries: Mapping[str, Sequence[Entry]]) -> Iterator[Problem]:
    def unknown(
        entry: Entry, path: tuple[Any, ...], names: Sequence[str], known: Sequence[str], what: str
    ) -> Iterator[Problem]:
        for index, name in enumerate(names):
            if name not in known:
                yield entry.problem((*path, index), f"there is no {what} `{name}`.", closest(name, known))

    topics, codes, sources = (
        list(knowledge.topics),
        list(knowledge.programmes),
        list(knowledge.sources),
    )
    for entry, path, fact in _places(entries):
        yield from unknown(entry, (*path, "source"), fact.source, sources, "source")
        if isinstance(fact, model.ProviderFact):
            yield from unknown(entry, (*path, "topic"), [fact.topic], topics, "topic")
    for entry in entries.get("topics", ()):
        yield from unknown(entry, ("next",), entry.record.next, topics, "topic")
        yield from unknown(entry, ("covers",), entry.record.covers, topics, "topic")
        yield from unknown(entry, ("about",), [entry.record.about] if entry.record.about else [], codes, "programme")
    for entry in entries.get("programmes", ()):
        item = entry.record
        yield from unknown(entry, ("facts",), list(item.facts), topics, "topic")
        yield from unknown(entry, ("source",), item.source, sources, "source")
        yield from unknown(entry, ("neighbours",), item.neighbours, codes, "programme")
        yield from unknown(entry, ("replaced_by",), item.replaced_by, codes, "programme")
        yield from unknown(entry, ("namesake",), [item.namesake] if item.namesake else [], codes, "programme")
        if item.valid_from and item.valid_until and item.valid_until < item.valid_from:
            yield entry.problem(("valid_until",), f"{item.valid_until} is before valid_from {item.valid_from}.")
    for entry in entries.get("providers", ()):
        yield from unknown(entry, ("offers",), entry.record.offers, codes, "programme")
        yield from unknown(entry, ("source",), entry.record.source, sources, "source")
    for entry in entries.get("roles", ()):
        yield from unknown(entry, ("suggests",), entry.record.suggests, codes, "programme")
    for kind in ("cohorts", "premises"):
        for entry in entries.get(kind, ()):
            yield from unknown(entry, ("source",), entry.record.source, sources, "source")
    for entry in entries.get("premises", ()):
        yield from unknown(entry, ("topics",), entry.record.topics, topics, "topic")
