"""What messages read lately mean, so that the same words are not read anew.

What a message means depends on its words, on the knowledge and on the day, and on nothing else: no component looks at
the conversation. A pressed suggestion, "yes" and the commonest questions come again and again, and reading them is a
third of a turn. What visitors write is not kept: see `Lately` for what is; what they may be called is in no reading.
"""

from __future__ import annotations

import json
from typing import Any

from rasa.core.agent import Agent
from rasa.core.channels.channel import UserMessage
from rasa.core.processor import MessageProcessor
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.nlu.constants import TEXT

from bot.nlu.encoder.lately import Lately
from bot.nlu.language.live import today
from guidance.knowledge import current

TOKENS = "text_tokens"
MOST = 300  # readings, 2 KB each


class Readings:
    """Reads messages as a model's processor does, and remembers how it read them."""

    def __init__(self, processor: MessageProcessor) -> None:
        self._read = processor._parse_message_with_graph
        self._lately: Lately[str] = Lately(MOST)

    def __call__(
        self, message: UserMessage, tracker: DialogueStateTracker | None = None, only_output_properties: bool = True
    ) -> dict[str, Any]:
        """As Rasa's: intent, ranking and entities of a message; each call gets its own."""
        name = json.dumps([current().version, str(today()), only_output_properties, message.text])
        known = self._lately.get(name)
        if known is not None:
            return {TEXT: message.text, **json.loads(known, object_hook=_tuples)}
        found: dict[str, Any] = self._read(message, tracker, only_output_properties)
        self._lately.put(name, json.dumps({key: value for key, value in found.items() if key != TEXT}))
        return found


def _tuples(found: dict[str, Any]) -> dict[str, Any]:
    """JSON knows no tuples: the places of words are some."""
    if TOKENS in found:
        found[TOKENS] = [tuple(place) for place in found[TOKENS]]
    return found


def remember(agent: Agent) -> None:
    """Let a loaded model's processor remember what it read."""
    agent.processor._parse_message_with_graph = Readings(agent.processor)


def read_anew(processor: MessageProcessor) -> None:
    """Let a copy of a processor read each message itself, as a test of the model must."""
    vars(processor).pop("_parse_message_with_graph", None)
