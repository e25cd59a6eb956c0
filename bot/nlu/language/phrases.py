"""What to look for in a message, generated from the knowledge: adding a provider needs no code."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Protocol

from bot.nlu.language.component import PARTS
from guidance.knowledge import Knowledge, Programme

PROGRAMME, PROVIDER, ROLE, SETTING, PHASE = "programme", "provider", "role", "setting", "phase"
TOPIC, PREMISE, CRISIS = "topic", "premise", "crisis"
AIM, EXPERIENCE = "aim", "experience"
# Parts of an aim or of experience, found beside each other: "hope to" + "lead literacy", "already have" + "NPQSL".
WISH, WANT, HOLDING = "wish", "want", "holding"


@dataclass(frozen=True)
class Phrase:
    """Words that mean something. ``weak`` ones mean it only beside words like "npq" or "course"."""

    kind: str
    value: str
    text: str
    weak: bool = False


class _Named(Protocol):
    @property
    def aliases(self) -> list[str]: ...


def phrases(knowledge: Knowledge) -> list[Phrase]:
    """Every phrase of the knowledge, lower case, one meaning for each text and kind."""
    unique: dict[tuple[str, str], Phrase] = {}
    for phrase in _all(knowledge):
        if phrase.text:
            unique.setdefault((phrase.kind, phrase.text), phrase)
    return list(unique.values())


def typed_code(code: str) -> str:
    """``LEGACY-NPQH`` -> ``npqh``."""
    return code.removeprefix("LEGACY-").lower()


def _all(knowledge: Knowledge) -> Iterator[Phrase]:
    yield from _programmes(knowledge)
    for provider in knowledge.providers.values():
        names = [provider.name, *provider.aliases, *provider.misspellings]
        yield from _plain(PROVIDER, provider.id, names)
    named: dict[str, Mapping[str, _Named]] = {
        ROLE: knowledge.roles,
        SETTING: knowledge.settings,
        PHASE: knowledge.phases,
    }
    for kind, items in named.items():
        for identity, item in items.items():
            yield from _plain(kind, identity, item.aliases)
    for kind, items in named.items():
        for identity, item in items.items():
            yield from _plain(kind, identity, filter(None, map(_plural, item.aliases)))
    yield from _wants(knowledge)
    for topic in knowledge.topics.values():
        yield from _plain(TOPIC, topic.id, topic.terms)
    for premise in knowledge.premises.values():
        yield from _plain(PREMISE, premise.id, premise.phrases)


def _wants(knowledge: Knowledge) -> Iterator[Phrase]:
    """What people want to do and how far they are, from the criteria of the recommendation."""
    criteria = knowledge.recommend.data
    for aim in criteria.aims:
        yield from _plain(AIM, aim.id, aim.aliases)
        yield from _plain(WANT, aim.id, aim.wants)
    for item in criteria.experience:
        yield from _plain(EXPERIENCE, item.id, item.aliases)
    yield from _plain(WISH, WISH, criteria.wishes)
    yield from _plain(HOLDING, HOLDING, criteria.holding)


def _programmes(knowledge: Knowledge) -> Iterator[Phrase]:
    ordered = list(_current_first(knowledge))
    for item in ordered:
        yield from _plain(PROGRAMME, item.code, [*item.aliases, *item.misspellings])
    for item in ordered:
        code = typed_code(item.code)
        suffix = code.removeprefix("npq")
        strong = [item.title.split("(")[0].strip(), code]
        weak = list(item.weak_aliases)
        if code != suffix:
            strong += [f"npq {suffix}", f"npq in {item.name}", f"npq for {item.name}"]
            strong += [f"npq {item.name}", f"{item.name} npq"]
            # "ll" is how "will" is read in "we'll": only "npq ll" and "npqll" are surely the programme.
            weak += [item.name] if suffix in PARTS else [suffix, item.name]
        yield from _plain(PROGRAMME, item.code, strong)
        yield from (Phrase(PROGRAMME, item.code, text.lower(), weak=True) for text in weak)


def _current_first(knowledge: Knowledge) -> Iterator[Programme]:
    yield from sorted(knowledge.programmes.values(), key=lambda item: item.status != "current")


def _plural(text: str) -> str:
    """ "literacy lead" -> "literacy leads"; empty where an s does not make a plural."""
    last = text.split()[-1]
    return f"{text}s" if len(last) >= 4 and last.isalpha() and last[-1] not in "sy" else ""


def _plain(kind: str, value: str, texts: Iterable[str]) -> Iterator[Phrase]:
    for text in texts:
        yield Phrase(kind, value, text.lower())
