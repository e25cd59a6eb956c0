"""What is told to a destination, made from the database when it is sent, never kept in the outbox."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

import sqlalchemy as sa

from guidance.interest import outbox
from guidance.interest.model import Interest
from guidance.interest.outbox import Delivery
from guidance.interest.store import Store
from guidance.interest.tables import rights_requests


class NotDelivered(Exception):
    """The destination did not take it. The text has no personal data; `wait` is what it asked for, in seconds."""

    def __init__(self, problem: str, wait: float | None = None) -> None:
        self.wait = wait
        super().__init__(problem)


@dataclass(frozen=True)
class Message:
    """One event. `interest` is there for expressions of interest, `right` (its kind) for rights requests."""

    event_id: str
    kind: str
    reference: str
    created_at: datetime
    interest: Interest | None = None
    consents: list[dict[str, Any]] = field(default_factory=list, repr=False)
    right: str | None = None

    @property
    def title(self) -> str:
        """What happened, without personal data."""
        if self.kind == outbox.WITHDRAWN:
            return f"Consent to marketing withdrawn for {self.reference}"
        if self.interest:
            return f"New expression of interest {self.reference} for {', '.join(self.interest.details.programmes)}"
        return f"New data protection request {self.reference} ({self.right}): answer within one month"

    @property
    def look(self) -> str:
        """The command that shows more."""
        return f"npq interest show {self.reference}"


class Sender(Protocol):
    """A destination."""

    name: str

    def send(self, message: Message) -> None:
        """Hand it over.

        Raises:
            NotDelivered: it was not taken.
        """


def build(store: Store, delivery: Delivery) -> Message | None:
    """The message for a delivery; None when what it is about has been erased meanwhile."""
    told: dict[str, Any] = {}
    if delivery.kind != outbox.RIGHTS:
        interest = store.find(delivery.reference)
        if interest is None:
            return None
        told = {"interest": interest, "consents": store.consents_of(interest)}
    else:
        query = sa.select(rights_requests.c.kind).where(rights_requests.c.reference == delivery.reference)
        with store.engine.connect() as connection:
            told["right"] = connection.execute(query).scalar()
        if told["right"] is None:
            return None
    return Message(delivery.event_id, delivery.kind, delivery.reference, delivery.created_at, **told)
