"""Rasa component ``SentenceEncoder``: what a message means, as a vector of 384 numbers."""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.featurizers.dense_featurizer.dense_featurizer import DenseFeaturizer
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu import clauses, notes
from bot.nlu.encoder import build, session, weights
from bot.nlu.language import live
from bot.nlu.language.entities import Named, entities
from bot.nlu.topics import repair
from bot.nlu.topics.wording import word
from guidance.knowledge import Knowledge, current
from guidance.own_words import own, without_small_print

LINES_FILE = "lines.json"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=True)
class SentenceEncoder(DenseFeaturizer, GraphComponent):
    """Sets dense sentence features of ``text``; of a visitor's message also its clauses and their vectors.

    What is encoded is the wording with the names of programmes and providers masked (see ``topics.wording``).

    "Training" builds the encoder from the weights and stores it with the model, so that serving
    needs neither the weights nor ``onnx``.
    """

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """``weights_dir``: a folder with other weights of the same form, and their two hashes."""
        return {
            **DenseFeaturizer.get_default_config(),
            "weights_dir": None,
            "model_sha256": weights.MODEL_SHA256,
            "tokenizer_sha256": weights.TOKENIZER_SHA256,
            "cache_dir": None,
        }

    @staticmethod
    def required_packages() -> list[str]:
        """What must be installed to serve a model with this component."""
        return ["onnxruntime", "tokenizers"]

    @classmethod
    def validate_config(cls, config: dict[str, Any]) -> None:
        """Nothing to check before the weights are read."""

    def __init__(
        self,
        config: dict[str, Any],
        name: str,
        storage: ModelStorage,
        resource: Resource,
        encoder: session.Encoder | None = None,
    ) -> None:
        super().__init__(name, {**self.get_default_config(), **config})
        self._storage = storage
        self._resource = resource
        self._encoder = encoder

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> SentenceEncoder:
        """A component without encoder, ready for ``train``."""
        return cls(config, execution_context.node_name, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> SentenceEncoder:
        """The component with the encoder that was stored in the model."""
        with model_storage.read_from(resource) as folder:
            encoder = session.open_encoder(folder)
            repair.learn(json.loads((folder / LINES_FILE).read_text(encoding="utf-8")))
        return cls(config, execution_context.node_name, model_storage, resource, encoder)

    def train(self, training_data: TrainingData) -> Resource:
        """Build (or take from the cache) and store the encoder, and the lines whose words are no slips.

        Raises ``WeightsError`` when the weights are missing or altered.
        """
        files = weights.locate(
            self._config["weights_dir"],
            self._config["model_sha256"],
            self._config["tokenizer_sha256"],
        )
        folder = build.build(files, Path(self._config["cache_dir"] or build.default_cache()))
        lines = sorted(str(example.get(TEXT)) for example in training_data.intent_examples if example.get(TEXT))
        with self._storage.write_to(self._resource) as target:
            shutil.copytree(folder, target, dirs_exist_ok=True)
            (target / LINES_FILE).write_text(json.dumps(lines), encoding="utf-8")
        repair.learn(lines)
        return self._resource

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str | None:
        """Names are masked by the knowledge, so training follows its version."""
        return f"{build.RECIPE}-{repair.RECIPE}-{current().version}"

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Give every training example its wording and its sentence features."""
        encoder, knowledge = self._loaded(), current()
        written = [example for example in training_data.training_examples if example.get(TEXT)]
        wordings = []
        for example in written:
            text = example.get(TEXT)
            wordings.append(word(text, _named(example, text, knowledge), repair=repair.live(knowledge)))
        vectors = encoder.encode([wording.text for wording in wordings], keep=True)
        for at, (example, wording) in enumerate(zip(written, wordings)):
            example.set(notes.WORDINGS, [wording])
            self._add(example, vectors[at : at + 1])
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        """Give every message its features, its clauses, and the wording and vector of each."""
        encoder, knowledge = self._loaded(), current()
        for message in messages:
            text = message.get(TEXT) or ""
            named = _named(message, text, knowledge)
            plain = without_small_print(text)
            mine = own(plain)
            parts = clauses.split(mine)
            parts = parts if len(parts) > 1 else []  # a message of one clause is that clause
            wholes = [plain] if mine == plain else [plain, mine]
            wordings = [
                *(word(whole, said_in(whole, named), repair=repair.live(knowledge)) for whole in wholes),
                *(word(text, named, part.start, part.end, repair.live(knowledge)) for part in parts),
            ]
            vectors = encoder.encode([wording.text for wording in wordings])
            message.set(notes.OWN, mine)
            message.set(notes.QUOTES, mine != plain)
            message.set(notes.CLAUSES, parts)
            message.set(notes.WORDINGS, wordings)
            message.set(notes.VECTORS, vectors)
            self._add(message, vectors[:1])
        return messages

    def _loaded(self) -> session.Encoder:
        if self._encoder is None:
            raise RuntimeError("SentenceEncoder has no encoder: it must be trained and loaded first.")
        return self._encoder

    def _add(self, message: Message, vector: np.ndarray[Any, np.dtype[np.float32]]) -> None:
        self.add_features_to_message(sequence=None, sentence=vector, attribute=TEXT, message=message)


def said_in(text: str, named: Sequence[Named]) -> list[Named]:
    """The names that were not blanked out."""
    return [item for item in named if text[item.start : item.end].strip()]


def _named(message: Message, text: str, knowledge: Knowledge) -> list[Named]:
    """What the message names: as GuideEntities found it, or found now for a training example."""
    noted: list[Named] | None = message.get(notes.NAMED)
    if noted is not None:
        return noted
    return entities(live.guide(knowledge).read(text), knowledge, live.today())
