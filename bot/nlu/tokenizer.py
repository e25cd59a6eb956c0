"""Rasa component ``GuideTokenizer``: words, by the spaCy pipeline which also finds what is named."""

from __future__ import annotations

from typing import Any

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.nlu.tokenizers.tokenizer import Token, Tokenizer
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu import notes
from bot.nlu.language import live


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_TOKENIZER, is_trainable=False)
class GuideTokenizer(Tokenizer):
    """Sets tokens; keeps the whole reading of ``text`` with the message for ``GuideEntities``."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Rasa's own options for intents that consist of several names; we have none."""
        return {
            "intent_tokenization_flag": False,
            "intent_split_symbol": "_",
            "token_pattern": None,
            "prefix_separator_symbol": None,
        }

    @staticmethod
    def required_packages() -> list[str]:
        """What must be installed to serve a model with this component."""
        return ["spacy", "rapidfuzz"]

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Nothing: no component learns from tokens, and Rasa's cache would take two seconds to name them all."""
        return training_data

    def tokenize(self, message: Message, attribute: str) -> list[Token]:
        """The tokens of one attribute, white space left out."""
        reading = live.guide().read(message.get(attribute))
        if attribute == TEXT:
            message.set(notes.READING, reading)
        return [Token(token.text, token.idx) for token in reading.doc if not token.is_space]
