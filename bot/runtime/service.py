"""Put the guide together: knowledge, model, stores, agent."""

from __future__ import annotations

import logging
from collections.abc import Callable

from bot.channels.guide import Guide
from bot.settings import Settings, read
from bot.training import trained_model
from guidance import knowledge

logger = logging.getLogger(__name__)


def start_guide(
    settings: Settings | None = None, say: Callable[[str], None] = logger.info, *, serving: bool = False
) -> Guide:
    """A guide ready to answer; trains first when the inputs changed.

    `serving`: it shares its conversations with the other processes that NPQ_REDIS_URL connects.

    Raises:
        KnowledgeError: the knowledge is broken; nothing is served on broken knowledge.
        SettingsError, TrainingError: as their names say.
    """
    settings = settings or read()
    knowledge.current()
    from bot.runtime.quiet import hush

    hush()
    from guidance import interest

    interest.use(settings.open_interests(say))
    model = trained_model(settings, say)
    from bot.channels.turns import TurnLog
    from bot.runtime.agent import load_agent

    agent = load_agent(model, settings.database_url, settings.web.redis_url if serving else None)
    return Guide(agent, TurnLog(agent.tracker_store.engine), settings.contact)
