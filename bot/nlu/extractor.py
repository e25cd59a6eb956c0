"""Rasa component ``GuideEntities``: programmes, providers, roles and more, as the knowledge names them."""

from __future__ import annotations

from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.extractors.extractor import EntityExtractorMixin
from rasa.shared.nlu.constants import (
    ENTITIES,
    ENTITY_ATTRIBUTE_END,
    ENTITY_ATTRIBUTE_START,
    ENTITY_ATTRIBUTE_TYPE,
    ENTITY_ATTRIBUTE_VALUE,
    TEXT,
)
from rasa.shared.nlu.training_data.message import Message

from bot.nlu import notes
from bot.nlu.language import live
from bot.nlu.language.entities import entities
from bot.nlu.tokenizer import GuideTokenizer
from guidance.knowledge import current


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class GuideEntities(GraphComponent, EntityExtractorMixin):
    """Adds the entities programme, provider, role, setting, phase, aim, experience, topic, premise, crisis and dates.

    Nothing is learned: a programme or provider added to the knowledge is found at the next message.
    """

    @classmethod
    def required_components(cls) -> list[type]:
        """The tokenizer, whose reading is used."""
        return [GuideTokenizer]

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> GuideEntities:
        """There is nothing to configure."""
        return cls()

    def process(self, messages: list[Message]) -> list[Message]:
        """Add to each message what it names, in the order in which it is said."""
        for message in messages:
            knowledge = current()
            text = message.get(TEXT) or ""
            reading = message.get(notes.READING) or live.guide(knowledge).read(text)
            named = entities(reading, knowledge, live.today())
            message.set(notes.NAMED, named)
            found = [
                {
                    ENTITY_ATTRIBUTE_TYPE: item.kind,
                    ENTITY_ATTRIBUTE_VALUE: item.value,
                    ENTITY_ATTRIBUTE_START: item.start,
                    ENTITY_ATTRIBUTE_END: item.end,
                }
                for item in named
            ]
            known = message.get(ENTITIES, [])
            message.set(ENTITIES, known + self.add_extractor_name(found), add_to_output=True)
        return messages
