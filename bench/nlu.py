"""How well messages are understood, by five-fold cross-validation over data/nlu: `python -m bench.nlu`.

Each line is read by a model that has not seen it, through the components that serve visitors. The questions in the
knowledge stay in every fold's training: they are part of what is deployed, and no line of data/nlu is among them.
"""

from __future__ import annotations

import argparse
import random
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from bot.runtime import lean_imports

lean_imports.install()

from rasa.shared.nlu.constants import ENTITIES, TEXT  # noqa: E402
from rasa.shared.nlu.training_data.message import Message  # noqa: E402

from bot.nlu import facts  # noqa: E402
from bot.nlu.classifier import TopicClassifier, encoded, words_of  # noqa: E402
from bot.nlu.encoder import build, session, weights  # noqa: E402
from bot.nlu.extractor import GuideEntities  # noqa: E402
from bot.nlu.featurizer import SentenceEncoder  # noqa: E402
from bot.nlu.topics import repair  # noqa: E402
from bot.nlu.topics.examples import Example, examples  # noqa: E402
from bot.nlu.topics.model import TopicModel  # noqa: E402
from bot.settings import PROJECT  # noqa: E402
from bot.training_data import lines_of  # noqa: E402
from guidance.knowledge import current  # noqa: E402

FOLDS = 5
SEED = 20261121
PERTURBED = 4  # every so many-th line is also read with each perturbation
FEWEST_RECALL = 0.8
SHOWN = 25
FALLBACK = "nlu_fallback"
Perturb = Callable[[str, random.Random], str]


@dataclass
class Reading:
    """A held-out line as a model read it. `way`: how it was perturbed, "" for as written."""

    text: str
    wanted: str
    got: str
    confidence: float
    topics: list[str]
    way: str = ""

    @property
    def right(self) -> bool:
        """Whether the intent is the line's."""
        return self.got == self.wanted


@dataclass
class Report:
    """All readings, and the figures drawn from them."""

    readings: list[Reading] = field(default_factory=list)

    def of(self, way: str = "") -> list[Reading]:
        """The readings of lines perturbed in one way."""
        return [item for item in self.readings if item.way == way]

    def accuracy(self, items: Sequence[Reading]) -> float:
        """The share read rightly."""
        return sum(item.right for item in items) / (len(items) or 1)

    def recalls(self) -> dict[str, tuple[float, int]]:
        """Intent -> (recall, lines), worst first."""
        wanted: dict[str, list[bool]] = defaultdict(list)
        for item in self.of():
            wanted[item.wanted].append(item.right)
        found = {name: (sum(right) / len(right), len(right)) for name, right in wanted.items()}
        return dict(sorted(found.items(), key=lambda item: item[1]))

    def macro_f1(self) -> float:
        """The mean over intents of the harmonic mean of precision and recall."""
        hits, wanted, got = Counter[str](), Counter[str](), Counter[str]()
        for item in self.of():
            hits[item.got] += item.right
            wanted[item.wanted] += 1
            got[item.got] += 1
        scores = [2 * hits[name] / (wanted[name] + got[name]) for name in wanted]
        return sum(scores) / (len(scores) or 1)

    def share(self, of: str, read_as: Callable[[str], bool]) -> float:
        """Of the lines whose intent begins with ``of``, the share whose reading fulfils a condition."""
        items = [item for item in self.of() if item.wanted.startswith(of)]
        return sum(read_as(item.got) for item in items) / (len(items) or 1)

    def confusions(self) -> list[tuple[tuple[str, str], list[Reading]]]:
        """(wanted, got) and their lines, most frequent first."""
        pairs: dict[tuple[str, str], list[Reading]] = defaultdict(list)
        for item in self.of():
            if not item.right:
                pairs[item.wanted, item.got].append(item)
        return sorted(pairs.items(), key=lambda pair: -len(pair[1]))

    def text(self) -> str:
        """The report as it is printed."""
        plain = self.of()
        lines = [
            f"lines                   {len(plain)} in {len({item.wanted for item in plain})} intents",
            f"accuracy                {self.accuracy(plain):.3f}",
            f"macro-F1                {self.macro_f1():.3f}",
            f"in scope, refused       {self.share('ask_', _refused):.3f}",
            f"in scope, asked back    {self.share('ask_', _unsure):.3f}",
            f"out of scope, stopped   {self.share('oos_', _not_answered):.3f}",
        ]
        for way in sorted({item.way for item in self.readings} - {""}):
            texts = {(item.text, item.wanted) for item in self.of(way)}
            same = [item for item in plain if (item.text, item.wanted) in texts]
            lines.append(f"{way:23} {self.accuracy(self.of(way)):.3f} (as written {self.accuracy(same):.3f})")
        weak = [f"{name} {recall:.2f} of {count}" for name, (recall, count) in self.recalls().items()]
        weak = [item for item, (recall, _) in zip(weak, self.recalls().values()) if recall < FEWEST_RECALL]
        lines += ["", f"recall under {FEWEST_RECALL}: {len(weak)} intents", *weak, "", "worst confusions"]
        for (wanted, got), items in self.confusions()[:SHOWN]:
            lines.append(f"{len(items):3} {wanted} -> {got}: " + " | ".join(item.text[:60] for item in items[:4]))
        return "\n".join(lines)


def _refused(intent: str) -> bool:
    return intent.startswith("oos_")


def _unsure(intent: str) -> bool:
    return intent == FALLBACK


def _not_answered(intent: str) -> bool:
    return not intent.startswith("ask_")


def typos(text: str, chance: random.Random) -> str:
    """One edit in a short message, two in a longer one: a letter swapped, dropped, doubled or replaced."""
    letters = list(text)
    for _ in range(1 if len(text) < 40 else 2):
        places = [at for at in range(1, len(letters) - 1) if letters[at].isalpha() and letters[at + 1].isalpha()]
        if not places:
            break
        at = chance.choice(places)
        edit = chance.randrange(4)
        if edit == 0:
            letters[at], letters[at + 1] = letters[at + 1], letters[at]
        elif edit == 1:
            del letters[at]
        elif edit == 2:
            letters.insert(at, letters[at])
        else:
            letters[at] = chance.choice("abcdefghijklmnopqrstuvwxyz")
    return "".join(letters)


PERTURBATIONS: dict[str, Perturb] = {
    "typos": typos,
    "no punctuation": lambda text, _: re.sub(r"[^\w\s]", "", text),
    "lower case": lambda text, _: text.lower(),
    "upper case": lambda text, _: text.upper(),
}


def written(project: Path = PROJECT) -> list[tuple[str, str]]:
    """The (text, intent) lines of data/nlu."""
    found = []
    for path in sorted((project / "data" / "nlu").rglob("*.yml")):
        for item in yaml.safe_load(path.read_text(encoding="utf-8"))["nlu"]:
            found += [(line, item["intent"]) for line in lines_of(item)]
    return found


def folds(labels: Sequence[str]) -> list[int]:
    """A fold for each line, every intent spread evenly."""
    chance = random.Random(SEED)
    by_label: dict[str, list[int]] = defaultdict(list)
    for at, label in enumerate(labels):
        by_label[label].append(at)
    found, turn = [0] * len(labels), 0
    for _, places in sorted(by_label.items()):
        chance.shuffle(places)
        for at in places:
            found[at] = turn % FOLDS
            turn += 1
    return found


class Pipeline:
    """The serving components around one fold's model."""

    def __init__(self, encoder: session.Encoder, classifier: TopicClassifier) -> None:
        storage: Any = None  # nothing is persisted
        self._steps = [
            GuideEntities(),
            SentenceEncoder(SentenceEncoder.get_default_config(), "bench", storage, storage, encoder),
            classifier,
        ]

    def read(self, text: str) -> tuple[str, float, list[str]]:
        """(intent, confidence, topics) of a message."""
        message = Message(data={TEXT: text})
        for step in self._steps:
            step.process([message])
        intent = message.get("intent")
        topics = [item["value"] for item in message.get(ENTITIES, []) if item["entity"] == "topic"]
        return intent["name"], intent["confidence"], topics


def settings() -> dict[str, Any]:
    """The classifier's settings in config.yml."""
    pipeline = yaml.safe_load((PROJECT / "config.yml").read_text(encoding="utf-8"))["pipeline"]
    return next(dict(item) for item in pipeline if item["name"].endswith("TopicClassifier"))


def cross_validate(say: Callable[[str], None], perturbed: int = PERTURBED) -> Report:
    """Train and read each fold."""
    knowledge = current()
    encoder = session.open_encoder(build.build(weights.locate(), build.default_cache()))
    learned = examples(written(), knowledge)
    lines = [at for at, item in enumerate(learned) if item.source == "nlu"]
    fold_of = dict(zip(lines, folds([learned[at].intent for at in lines])))
    config = settings()
    report = Report()
    for fold in range(FOLDS):
        kept = [at for at in range(len(learned)) if fold_of.get(at) != fold]
        repair.learn(learned[at].text for at in kept if learned[at].source == "nlu")
        wordings, vectors = encoded([learned[at] for at in kept], knowledge)
        known = {learned[at].text: vector for at, vector in zip(kept, vectors)}
        model = TopicModel.fit(
            vectors,
            wordings,
            [learned[at].intent for at in kept],
            config.get("strength", 8.0),
            config.get("temperature", 0.85),
        )
        matcher = facts.FactMatcher(known, [learned[at].text for at in kept if learned[at].source == "nlu"])
        matcher.follow(knowledge)
        vocabulary = words_of([learned[at] for at in kept], wordings, knowledge)
        storage: Any = None
        pipeline = Pipeline(encoder, TopicClassifier(config, storage, storage, model, matcher, vocabulary))
        held = [learned[at] for at in lines if fold_of[at] == fold]
        report.readings += _read(pipeline, held, perturbed)
        say(f"fold {fold + 1} of {FOLDS}: {report.accuracy(report.of()):.3f} so far")
    return report


def _read(pipeline: Pipeline, held: Iterable[Example], perturbed: int) -> list[Reading]:
    found = []
    for number, item in enumerate(held):
        found.append(Reading(item.text, item.intent, *pipeline.read(item.text)))
        if perturbed and number % perturbed == 0:
            for way, change in PERTURBATIONS.items():
                text = change(item.text, random.Random(f"{SEED}{item.text}"))
                found.append(Reading(item.text, item.intent, *pipeline.read(text), way))
    return found


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the report."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--plain", action="store_true", help="leave out typos, case and punctuation")
    options = parser.parse_args(arguments)
    report = cross_validate(lambda text: print(text, file=sys.stderr), 0 if options.plain else PERTURBED)
    print(report.text())
    return 0


if __name__ == "__main__":
    sys.exit(main())
