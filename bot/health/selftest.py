"""A question the service asks itself, through everything an answer needs, storing nothing.

A model can be intact as a file and still not answer: made for other knowledge, by other code, or on a machine whose
libraries compute something else.
"""

from __future__ import annotations

import copy
import logging
import time
from typing import Any

from rasa.core.channels.channel import CollectingOutputChannel, UserMessage
from rasa.core.tracker_store import InMemoryTrackerStore

from actions import privacy
from bot.channels.guide import Guide
from bot.runtime import readings
from guidance import knowledge

logger = logging.getLogger(__name__)

TOPIC = "duration"  # its example is the question; where there is no such topic, that of the first one
AGAIN_SECONDS = 10.0  # whoever asks more often gets the last result
SESSION = "self-test"


class _Collecting(CollectingOutputChannel):
    async def send_response(self, recipient_id: str, message: dict[str, Any]) -> None:
        self.messages.append(message)


class SelfTest:
    """Asks, and remembers the result for some seconds."""

    def __init__(self, guide: Guide) -> None:
        self._agent = guide.agent
        self._told: tuple[float, str | None] | None = None

    async def problem(self) -> str | None:
        """What is wrong, in a sentence; None when the question was understood and answered."""
        if self._told is None or time.monotonic() - self._told[0] > AGAIN_SECONDS:
            found = await self._ask()
            if found:
                logger.error("The self-test failed: %s", found)
            self._told = (time.monotonic(), found)
        return self._told[1]

    async def _ask(self) -> str | None:
        topics = knowledge.current().topics
        topic = topics.get(TOPIC) or next(iter(topics.values()))
        said = _Collecting()
        if self._agent is None:
            return "No model is loaded."
        # The same model and actions on a store of its own: nothing is written and no visitor waits.
        processor = copy.copy(self._agent.processor)
        readings.read_anew(processor)
        processor.tracker_store = InMemoryTrackerStore(self._agent.domain)
        try:
            await processor.handle_message(UserMessage(topic.example, said, SESSION, input_channel="self-test"))
        except Exception as error:
            return f"`{topic.example}` ended in {type(error).__name__}."
        finally:
            privacy.forget(SESSION)
        meta = next((item["npq"] for item in reversed(said.messages) if item.get("npq")), None)
        if meta is None:
            return f"`{topic.example}` was not answered."
        if meta["status"] == "error" or meta.get("intent") != topic.intent:
            return f"`{topic.example}` was taken for {meta.get('intent')} and ended as {meta['status']}."
        return None
