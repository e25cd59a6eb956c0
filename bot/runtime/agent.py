"""The Rasa agent as this service runs it: own store, actions in process."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import sqlalchemy as sa
import sqlalchemy.orm
from rasa.core.agent import Agent
from sqlalchemy import event
from sqlalchemy.pool import QueuePool

from bot.runtime import graph, quick_checks, quick_trackers, readings, rules, unheard
from bot.runtime.in_process import InProcessActions
from bot.runtime.locks import ConversationLocks
from bot.runtime.shared_locks import SharedLocks
from bot.runtime.store import PrivateTrackerStore
from guidance.interest import database

# `Agent` would wrap the store in one that falls back to memory and loses turns silently, so the
# store is set after it is built: a failing database fails the turn and the visitor is told.


_ANY_THREAD = {"check_same_thread": False}  # the pool hands a connection to one user at a time


def load_agent(model: Path, database_url: str, redis_url: str | None = None) -> Agent:
    """Load a trained model, with its conversations in the given database; shared with other processes through Redis."""
    quick_checks.install()
    quick_trackers.install()
    graph.install()
    unheard.install()
    locks = SharedLocks(redis_url) if redis_url else ConversationLocks()
    agent = Agent(action_endpoint=InProcessActions(), lock_store=locks)
    agent.tracker_store = tracker_store(database_url, shared=bool(redis_url))
    agent.load_model(str(model))
    rules.hasten(agent.processor.graph_runner)
    readings.remember(agent)
    return agent


def tracker_store(database_url: str, *, shared: bool = False) -> PrivateTrackerStore:
    """The tracker store on the service's database. `shared`: other processes write to it too."""
    store = PrivateTrackerStore(host=database_url, shared=shared)
    if database_url.startswith("sqlite"):
        # Rasa opens and closes the file for every query; closing costs 4 ms each time.
        store.engine = sa.create_engine(database_url, poolclass=QueuePool, connect_args=_ANY_THREAD)
        store.sessionmaker = sa.orm.sessionmaker(bind=store.engine)
        quick_sqlite(store.engine)
    else:
        store.engine = database.connect(database_url)  # notices a database that went away, and never waits for long
        store.sessionmaker = sa.orm.sessionmaker(bind=store.engine)
    return store


def quick_sqlite(engine: Any) -> None:
    """Write-ahead logging: a commit then needs no full sync, and readers do not block the writer."""

    @event.listens_for(engine, "connect")
    def _set(connection: Any, _record: Any) -> None:
        cursor = connection.cursor()
        cursor.execute("PRAGMA busy_timeout=5000")
        database.write_ahead(cursor)
        cursor.execute("PRAGMA synchronous=NORMAL")
        cursor.execute("PRAGMA secure_delete=ON")  # what changes or moves leaves nothing behind for a later erasure
        cursor.close()

    engine.dispose()
