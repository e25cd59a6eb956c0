"""What visitor and person say to one another becomes part of the conversation, so that the guide knows it afterwards.

Nothing is predicted from it. Personal details are left out as from any message.
"""

from __future__ import annotations

import logging
from contextlib import suppress
from dataclasses import replace

from rasa.core.agent import Agent
from rasa.core.channels.channel import UserMessage
from rasa.shared.core.events import BotUttered, SlotSet, UserUttered
from sqlalchemy.exc import SQLAlchemyError

from actions import privacy
from actions.answer import CONTEXT_SLOT
from actions.understood import understood
from bot.channels.gate import visible
from bot.channels.once import PERSON
from bot.runtime.store import Overtaken
from bot.runtime.tries import tries
from guidance.question import Context, Understood

logger = logging.getLogger(__name__)


class Memory:
    """The conversation as the guide will remember it."""

    def __init__(self, agent: Agent) -> None:
        self._agent = agent

    async def understand(self, text: str) -> Understood:
        """What a text is about."""
        # Rasa takes a text that begins with `/` as a command, whoever wrote it, and prints what it cannot read.
        return understood(await self._agent.processor.parse_message(UserMessage(visible(text))))

    async def visitor_said(self, conversation: str, text: str, key: str) -> None:
        """Add what the visitor wrote to the person. A failure is only logged: the person has it."""
        try:
            parsed = await self._agent.processor.parse_message(UserMessage(text))
            event = UserUttered(
                text, parsed["intent"], parsed["entities"], parsed, input_channel="web", message_id=key or None
            )
            await self._add(conversation, event, understood(parsed))
        except SQLAlchemyError as error:
            logger.warning("What was said to a person is not remembered (%s).", type(error).__name__)
        finally:
            privacy.forget(conversation)

    async def person_said(self, conversation: str, text: str, name: str) -> None:
        """The same for what the person wrote to the visitor."""
        try:
            event = BotUttered(text, metadata={PERSON: name})
            await self._add(conversation, event, await self.understand(text))
        except SQLAlchemyError as error:
            logger.warning("What a person said is not remembered (%s).", type(error).__name__)

    async def _add(self, conversation: str, event: UserUttered | BotUttered, said: Understood) -> None:
        async with self._agent.lock_store.lock(conversation):
            async for _ in tries():
                with suppress(Overtaken):  # while Redis is away, another process may write at the same moment
                    await self._write(conversation, event, said)
                    return
        logger.warning("What was said in a chat with a person is not remembered: others wrote all the time.")

    async def _write(self, conversation: str, event: UserUttered | BotUttered, said: Understood) -> None:
        tracker = await self._agent.processor.fetch_tracker_with_initial_session(conversation)
        tracker.update(event, self._agent.domain)
        context = Context.from_dict(tracker.get_slot(CONTEXT_SLOT))
        # What the guide asked before is over; what a form asks for is not.
        after = replace(context, programmes=said.programmes or context.programmes, offered=(), misses=0)
        after = after if context.journey else replace(after, asking=None)
        tracker.update(SlotSet(CONTEXT_SLOT, after.to_dict()), self._agent.domain)
        await self._agent.tracker_store.save(tracker)
