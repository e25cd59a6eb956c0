"""The home tab: what the guide can do in Slack."""

from __future__ import annotations

from collections.abc import Sequence

from bot.channels.slack import outgoing
from bot.channels.slack.blocks import Block, context, section
from bot.channels.slack.queue import Claimed, Task
from bot.channels.slack.texts import escaped

LINES = (
    "*NPQ Guide* answers questions about National Professional Qualifications: which one suits somebody, who can take "
    "it, funding, dates, time, cost, assessment and how to apply.",
    "*Ask me here or in a direct message.* One question or several at once, such as “how long is NPQSL and is it "
    "funded”. Write “check if I can get funding” and I ask what the rules need to know.",
    "*In a channel*, mention me. I answer in a thread; go on there without a mention.",
    "*`/npq` and your question* shows the answer only to you. “Post to channel” shares it.",
    "*On somebody's message*, choose “More message shortcuts”, then “Answer this with NPQ Guide”.",
    "*Wording for an email* below an answer gives you text to paste.",
)
LIMITS = (
    "I know only what is published and show its source and date. DfE and providers decide on funding and places. "
    "Register somebody's interest in a direct message only, never in a channel."
)


def view(contact: str) -> dict[str, object]:
    """The tab, as views.publish takes it."""
    blocks: list[Block] = [section(line) for line in LINES]
    blocks += [{"type": "divider"}, context(f"{LIMITS} When I do not know: {escaped(contact)}.")]
    return {"type": "home", "blocks": blocks}


class Home:
    """Shows the tab to whoever opens it."""

    def __init__(self, contact: str) -> None:
        self._view = view(contact)

    async def opened(self, task: Claimed) -> Sequence[Task]:
        """Somebody opened it."""
        user = task.body["user"]
        return [outgoing.call(f"home:{task.key}", task.talk, "views.publish", user_id=user, view=self._view)]
