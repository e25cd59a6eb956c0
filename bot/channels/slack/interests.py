"""Expressions of interest in Slack: the details are shown to those who may see them, to them alone, and audited."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence

from bot.channels.slack import outgoing
from bot.channels.slack.blocks import section
from bot.channels.slack.options import SlackOptions
from bot.channels.slack.queue import Claimed, Task
from bot.channels.slack.texts import escaped
from guidance import interest
from guidance.interest import reference as references
from guidance.interest.fields import clean

logger = logging.getLogger(__name__)

LABELS = {
    "programmes": "NPQ", "name": "Name", "email": "Email", "phone": "Phone", "role": "Role", "school": "School",
    "cohort": "Start", "marketing_consent": "News", "created_at": "Registered",
}  # fmt: skip
NOT_ALLOWED = (
    "You are not on the list of people who may see personal details here. Ask whoever runs this service to add your "
    "id, {user}, to NPQ_SLACK_INTEREST_USERS."
)
NOTHING = "Nothing is held under {reference}: it was erased, or its time is over."


class Interests:
    """Opens what was registered."""

    def __init__(self, options: SlackOptions) -> None:
        self._allowed = options.interest_users

    async def pressed(self, task: Claimed) -> Sequence[Task]:
        """Somebody pressed "Open" below the notice of a new expression of interest."""
        text = await asyncio.to_thread(self._text, task.body["user"], task.body["value"])
        return [outgoing.answer(task, "interest", text, blocks=[section(text)])]

    def _text(self, user: str, reference: str) -> str:
        store = interest.current().store
        try:
            known = references.read(reference)
        except references.NotAReference as problem:
            return escaped(str(problem))
        if user not in self._allowed:
            store.record("refused", f"slack {user}", known)
            return NOT_ALLOWED.format(user=user)
        found = store.find(known)
        store.record("shown", f"slack {user}", known, detail=f"found {int(found is not None)}")
        if found is None:
            return NOTHING.format(reference=escaped(known))
        told = found.to_dict()
        lines = [f"*{escaped(found.reference)}* (only you see this; it is noted that you opened it)"]
        for name, label in LABELS.items():
            value = told[name]
            if isinstance(value, bool):
                value = "yes" if value else "no"
            shown = ", ".join(value) if isinstance(value, list) else clean(str(value)) if value else "not given"
            lines.append(f"{label}: {escaped(shown)}")
        return "\n".join(lines)
