"""Rasa component ``TopicClassifier``: what a message asks, all of it, and which facts are closest to it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.nlu.constants import ENTITIES, INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from safetensors.numpy import load_file, save_file

from bot.nlu import facts, notes
from bot.nlu.clauses import Clause
from bot.nlu.encoder import session
from bot.nlu.featurizer import SentenceEncoder, said_in
from bot.nlu.language import live
from bot.nlu.language import phrases as kinds
from bot.nlu.language.entities import Named, entities
from bot.nlu.topics import output, repair
from bot.nlu.topics.domain import Domain, belongs, hardly, is_gibberish
from bot.nlu.topics.examples import Example, examples
from bot.nlu.topics.model import TopicModel
from bot.nlu.topics.understanding import ASK, OUT, Limits, Part, Understanding, refused, understand
from bot.nlu.topics.vocabulary import Vocabulary
from bot.nlu.topics.wording import Wording, word
from guidance.knowledge import Knowledge, current

Floats = NDArray[np.float32]
TENSORS_FILE = "topics.safetensors"
STORY = 4  # clauses from which on what is only told tells which fact is meant less than what is asked


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class TopicClassifier(IntentClassifier, GraphComponent):
    """Sets intent and ranking; adds the entities ``topic`` (every topic asked) and ``fact`` (closest facts).

    Learns from the examples of ``data/nlu``, the ``asks`` of every fact and the ``example`` of every topic.
    """

    @classmethod
    def required_components(cls) -> list[type]:
        """The encoder, whose clauses and vectors are used."""
        return [SentenceEncoder]

    @staticmethod
    def required_packages() -> list[str]:
        """What must be installed to serve a model with this component."""
        return ["sklearn", "safetensors"]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Strength of the regression, and the limits; ``config.yml`` says how they were chosen."""
        return {
            "strength": 8.0,
            "temperature": 1.0,
            "ranking_length": 10,
            "confidence": 0.2,
            "belonging": 0.5,
            "refuse": 0.15,
            "further": 0.5,
            "statement": 0.6,
            "listed": 0.7,
            "urgent": 0.4,
            "together": 0.4,
            "term": 0.15,
            "fact_floor": 0.45,
            "facts_a_topic": 3,
            "other_fact_floor": 0.65,
        }

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str | None:
        """The knowledge's questions are training examples, so training follows its version."""
        return f"{repair.RECIPE}-{current().version}"

    def __init__(
        self,
        config: dict[str, Any],
        storage: ModelStorage,
        resource: Resource,
        model: TopicModel | None = None,
        matcher: facts.FactMatcher | None = None,
        vocabulary: Vocabulary | None = None,
    ) -> None:
        self._config = {**self.get_default_config(), **config}
        self._storage = storage
        self._resource = resource
        self._model = model
        self._matcher = matcher
        self._vocabulary = vocabulary or Vocabulary(frozenset())
        names = ("further", "statement", "listed", "urgent", "together", "term")
        self._limits = Limits(**{name: float(self._config[name]) for name in names})
        self._hints = facts.HintLimits(
            self._config["fact_floor"], self._config["facts_a_topic"], self._config["other_fact_floor"]
        )

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> TopicClassifier:
        """An untrained component, ready for ``train``."""
        return cls(config, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> TopicClassifier:
        """The trained component, its facts brought up to the live knowledge."""
        with model_storage.read_from(resource) as folder:
            tensors = load_file(folder / TENSORS_FILE)
            model = TopicModel.load(folder, tensors)
            matcher = facts.FactMatcher.load(folder)
            vocabulary = Vocabulary.load(folder)
        matcher.follow(current())
        return cls(config, model_storage, resource, model, matcher, vocabulary)

    def train(self, training_data: TrainingData) -> Resource:
        """Train on the examples and the knowledge, and store the result."""
        knowledge = current()
        written = [
            (example.get(TEXT), example.get(INTENT))
            for example in training_data.intent_examples
            if example.get(TEXT) and example.get(INTENT)
        ]
        learned = examples(written, knowledge)
        known = {
            item.get(TEXT): item.get(notes.WORDINGS)[0] for item in training_data.intent_examples if item.get(TEXT)
        }
        wordings, vectors = encoded(learned, knowledge, known)
        self._model = TopicModel.fit(
            vectors,
            wordings,
            [example.intent for example in learned],
            self._config["strength"],
            self._config["temperature"],
        )
        self._matcher = facts.FactMatcher.learn(learned, vectors)
        self._matcher.follow(knowledge)
        self._vocabulary = words_of(learned, wordings, knowledge)
        with self._storage.write_to(self._resource) as folder:
            save_file(self._model.save(folder), folder / TENSORS_FILE)
            self._matcher.save(folder)
            self._vocabulary.save(folder)
        session.active().forget()
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """Set intent, ranking, topics and facts of each message."""
        if self._model is None or self._matcher is None:
            raise RuntimeError("TopicClassifier is not trained: run `npq train`.")
        knowledge = current()
        self._matcher.follow(knowledge)
        for message in messages:
            self._read(message, self._model, self._matcher, knowledge)
        return messages

    def _read(self, message: Message, model: TopicModel, matcher: facts.FactMatcher, knowledge: Knowledge) -> None:
        text: str = message.get(TEXT) or ""
        named: list[Named] = message.get(notes.NAMED) or []
        wordings: list[Wording] = message.get(notes.WORDINGS)
        vectors: Floats = message.get(notes.VECTORS)
        scores = model.scores(vectors, wordings, matcher.likeness)
        rows = model.probabilities(scores)
        first = 1 if message.get(notes.QUOTES) else 0
        if first and rows[1].max() < self._limits.further:
            rows[1] = rows[0]  # "is this still right": what is quoted tells what it is about
        told: str = message.get(notes.OWN)
        clauses: list[Clause] = message.get(notes.CLAUSES)
        whole, *parts = _parts(text, clauses, rows[first:], said_in(told, named), knowledge)
        crisis = any(item.kind == kinds.CRISIS for item in named)
        meant = understand(model.intents, whole, parts, self._limits, crisis=crisis)
        words = self._vocabulary.read(wordings[0].text, session.active().words())
        asking = [number for number, clause in enumerate(clauses, first + 1) if clause.asks]
        heard = vectors[[first, *asking]] if asking and len(clauses) >= STORY else vectors
        close_facts = matcher.hints(heard, *_topics(meant, knowledge), named, self._hints)
        near = max((hint.closeness for hint in close_facts), default=-1.0)
        exact = partial(matcher.nearest, vectors)
        domain = Domain(model.intents, scores, near, words, named, exact=exact)
        if not parts and hardly(meant.intent, text, domain, self._config["refuse"]):
            meant = refused(meant)
            close_facts = matcher.hints(heard, *_topics(meant, knowledge), named, self._hints)
        sure = self._sure(text, meant, domain)
        length = self._config["ranking_length"]
        output.set_intent(message, meant, length, sure=sure)
        kept = output.without_background(message.get(ENTITIES, []), told, clauses)
        added = [*output.topics(meant, named, knowledge, sure=sure), *output.facts(close_facts, len(text))]
        message.set(ENTITIES, kept + added, add_to_output=True)

    def _sure(self, text: str, meant: Understanding, domain: Domain) -> bool:
        """Whether the message is understood well enough to answer."""
        if not any(letter.isalnum() for letter in text):
            return False
        if meant.confidence < self._config["confidence"]:
            return False
        if is_gibberish(domain, text) and meant.intent.startswith((ASK, OUT)):
            return False  # better asked to put it in words than told that it is off topic
        return belongs(meant.intent, text, domain, self._config["belonging"])


def encoded(
    learned: Sequence[Example], knowledge: Knowledge, known: Mapping[str, Wording] | None = None, *, keep: bool = False
) -> tuple[list[Wording], Floats]:
    """Wordings and vectors (n, 384) of training examples; ``keep``: remember the vectors for another round.

    ``known``: the wordings of texts that were read before.
    """
    guide, today, mend = live.guide(knowledge), live.today(), repair.live(knowledge)
    read = known or {}
    wordings = [
        read.get(example.text) or word(example.text, entities(guide.read(example.text), knowledge, today), repair=mend)
        for example in learned
    ]
    return wordings, session.active().encode([wording.text for wording in wordings], keep=keep)


def words_of(learned: Sequence[Example], wordings: Sequence[Wording], knowledge: Knowledge) -> Vocabulary:
    """The words of the questions about NPQs and of the facts."""
    questions = [wording.text for example, wording in zip(learned, wordings) if example.intent.startswith(ASK)]
    return Vocabulary.learn(questions, [fact.said() for fact in knowledge.facts.values()])


def _parts(
    text: str, clauses: Sequence[Clause], rows: Floats, named: Sequence[Named], knowledge: Knowledge
) -> list[Part]:
    """The whole message and its clauses with their probabilities and the topics their words name."""

    def terms(start: int, end: int) -> frozenset[str]:
        topics = [item.value for item in named if item.kind == kinds.TOPIC and start <= item.start and item.end <= end]
        return frozenset(knowledge.topics[str(topic)].intent for topic in topics if topic in knowledge.topics)

    whole = Part(0, len(text), True, rows[0], terms(0, len(text)))
    return [
        whole,
        *(
            Part(
                clause.start, clause.end, clause.asks, row, terms(clause.start, clause.end), clause.listed, clause.tells
            )
            for clause, row in zip(clauses, rows[1:])
        ),
    ]


def _topics(meant: Understanding, knowledge: Knowledge) -> tuple[list[str], list[str]]:
    """The ids of the topics asked, and of the likeliest others."""

    def ids(intents: Sequence[str]) -> list[str]:
        return [knowledge.by_intent[intent].id for intent in intents if intent in knowledge.by_intent]

    return ids([item.intent for item in meant.found]), ids([intent for intent, _ in meant.ranking[:3]])
