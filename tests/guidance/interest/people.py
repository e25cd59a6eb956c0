"""A made-up person whose details would be found wherever they leaked, and ways to look at every table."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timezone
from typing import Any

import sqlalchemy as sa

from guidance.interest import Consent, Details, Interests, Receipt
from guidance.interest.keys import Keyring

KEY = "q3Zr8xTtV0mY2cLpKb7HnWf5sJd9uGaE1oRi6yUzXkQ"
OLD_KEY = "Zk1vQ8sN3bXw7RtLpY5mDc0HfGj2aUe9oSi4ThKxVyB"
WEBHOOK = {"NPQ_WEBHOOK_URL": "http://127.0.0.1:9/", "NPQ_WEBHOOK_SECRET": "a-secret-of-the-tests-0123456789"}
AT = datetime(2026, 11, 21, 9, 30, tzinfo=timezone.utc)
CANARIES = ("Quillfeather", "quillfeather@canary.example", "7946095", "Ostrichkeeper", "Peregrine Hall", "987654")

DETAILS = Details(
    programmes=("NPQH", "NPQSL"),
    name="Zoë Quillfeather",
    email="Zoe.Quillfeather@canary.example",
    phone="+442079460958",
    role="Ostrichkeeper",
    school="Peregrine Hall School",
    school_urn="987654",
    cohort="spring_2027",
)
NOTICE = Consent("collecting", "We keep your details for 12 months to answer you.", "2026-11", AT)
YES = Consent.marketing("May we also send you news about NPQs?", "2026-11", AT, given=True)
AGREED = [NOTICE, YES]


def keyring(*keys: str) -> Keyring:
    """The keys of the tests, or those given."""
    return Keyring.parse(",".join(keys or (KEY,)))


def submit(interests: Interests, key: str = "form-1", session: str = "talk-1", **other: Any) -> Receipt:
    """Save the person, with other details where given."""
    return interests.store.submit(replace(DETAILS, **other), AGREED, key, session=session, channel="web")


def rows(engine: sa.engine.Engine, table: str) -> list[dict[str, Any]]:
    """All rows of a table."""
    with engine.connect() as connection:
        return [dict(row) for row in connection.execute(sa.text(f"SELECT * FROM {table}")).mappings()]


def everything(engine: sa.engine.Engine) -> str:
    """Whatever is stored anywhere, as text."""
    return "\n".join(str(rows(engine, table)) for table in sa.inspect(engine).get_table_names())
