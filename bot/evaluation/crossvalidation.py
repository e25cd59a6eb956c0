"""Five-fold cross-validation over data/nlu.

Each line is read by a model that has not seen it, through the components that serve visitors. The questions in the
knowledge stay in every fold's training: they are part of what is deployed, and no line of data/nlu is among them.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import yaml
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.evaluation.figures import FALLBACK, Figures, Reading, accuracy
from bot.evaluation.perturbations import PERTURBATIONS
from bot.nlu import facts
from bot.nlu.classifier import TopicClassifier, encoded, words_of
from bot.nlu.configured import configured
from bot.nlu.encoder import build, session, weights
from bot.nlu.extractor import GuideEntities
from bot.nlu.featurizer import SentenceEncoder
from bot.nlu.topics import repair
from bot.nlu.topics.examples import Example, examples
from bot.nlu.topics.model import TopicModel
from bot.settings import PROJECT
from bot.training_data import lines_of
from guidance.knowledge import Knowledge, current

FOLDS = 5
SEED = 20261121
PERTURBED = 4  # every so many-th line is also read with each perturbation
STORAGE: Any = None  # nothing is persisted


def written(project: Path = PROJECT) -> list[tuple[str, str]]:
    """The (text, intent) lines of data/nlu."""
    found = []
    for path in sorted((project / "data" / "nlu").rglob("*.yml")):
        for item in yaml.safe_load(path.read_text(encoding="utf-8"))["nlu"]:
            found += [(line, item["intent"]) for line in lines_of(item)]
    return found


def folds(labels: Sequence[str], seed: int = SEED) -> list[int]:
    """A fold for each line, every intent spread evenly."""
    chance = random.Random(seed)
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


def settings() -> dict[str, Any]:
    """The classifier's settings in config.yml."""
    return configured(TopicClassifier.__name__)


class Pipeline:
    """The serving components around one fold's model."""

    def __init__(self, encoder: session.Encoder, classifier: TopicClassifier) -> None:
        self._steps: list[Any] = [
            GuideEntities(),
            SentenceEncoder(SentenceEncoder.get_default_config(), "evaluation", STORAGE, STORAGE, encoder),
            classifier,
        ]

    def parsed(self, text: str) -> dict[str, Any]:
        """A message as the actions are given it."""
        message = Message(data={TEXT: text})
        for step in self._steps:
            step.process([message])
        return {TEXT: text, **{key: message.get(key) for key in ("intent", "intent_ranking", "entities")}}

    def read(self, text: str) -> tuple[str, str, float]:
        """What is made of a message, its likeliest intent, and the confidence in that."""
        ranking = self.parsed(text)["intent_ranking"]
        best = ranking[1] if ranking[0]["name"] == FALLBACK else ranking[0]
        return ranking[0]["name"], best["name"], best["confidence"]


def cross_validate(say: Callable[[str], None], perturbed: int = PERTURBED, seed: int = SEED) -> Figures:
    """Train and read each fold; ``perturbed`` 0 leaves out slips, case and punctuation."""
    figures = Figures()
    for fold, (pipeline, held) in enumerate(held_out(seed)):
        figures.readings += _read(pipeline, held, perturbed)
        say(f"fold {fold + 1} of {FOLDS}: {accuracy(figures.of()):.3f} so far")
    return figures


def held_out(seed: int = SEED) -> Iterator[tuple[Pipeline, list[Example]]]:
    """For each fold: the components trained without it, and its lines."""
    knowledge = current()
    encoder = session.open_encoder(build.build(weights.locate(), build.default_cache()))
    learned = examples(written(), knowledge)
    lines = [at for at, item in enumerate(learned) if item.source == "nlu"]
    fold_of = dict(zip(lines, folds([learned[at].intent for at in lines], seed)))
    try:
        for fold in range(FOLDS):
            kept = [item for at, item in enumerate(learned) if fold_of.get(at) != fold]
            held = [learned[at] for at in lines if fold_of[at] == fold]
            yield Pipeline(encoder, _trained(kept, knowledge)), held
    finally:
        repair.learn([])


def _trained(kept: Sequence[Example], knowledge: Knowledge) -> TopicClassifier:
    """A classifier of some of the examples, as ``TopicClassifier.train`` makes it."""
    config = settings()
    repair.learn(item.text for item in kept if item.source == "nlu")
    wordings, vectors = encoded(kept, knowledge, keep=True)
    intents = [item.intent for item in kept]
    model = TopicModel.fit(vectors, wordings, intents, config.get("strength", 8.0), config.get("temperature", 1.0))
    matcher = facts.FactMatcher.learn(kept, vectors)
    matcher.follow(knowledge)
    return TopicClassifier(config, STORAGE, STORAGE, model, matcher, words_of(kept, wordings, knowledge))


def _read(pipeline: Pipeline, held: Iterable[Example], perturbed: int) -> list[Reading]:
    found = []
    for number, item in enumerate(held):
        found.append(Reading(item.text, item.intent, *pipeline.read(item.text)))
        if perturbed and number % perturbed == 0:
            for way, change in PERTURBATIONS.items():
                text = change(item.text, random.Random(f"{SEED}{item.text}"))
                found.append(Reading(item.text, item.intent, *pipeline.read(text), way))
    return found
