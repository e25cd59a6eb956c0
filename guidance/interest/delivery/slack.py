"""A notice in the staff's Slack: reference and programmes only. Slack is no place for personal data."""

from __future__ import annotations

import json
from dataclasses import dataclass, field

from guidance.interest.delivery import http
from guidance.interest.delivery.message import Message, NotDelivered
from guidance.interest.options import Environ, OptionError, secure_url

API = "https://slack.com/api"
OPEN = "interest:open"  # what the button does


@dataclass(frozen=True)
class Slack:
    """Posts to an incoming webhook, or as the bot to a channel."""

    url: str = field(repr=False)  # an incoming webhook's address is a secret
    token: str | None = field(default=None, repr=False)
    channel: str | None = None
    interactive: bool = False  # presses of buttons are heard
    name: str = "slack"

    @classmethod
    def from_environment(cls, environ: Environ) -> Slack | None:
        """As set by NPQ_SLACK_INTEREST_WEBHOOK, or NPQ_SLACK_INTEREST_CHANNEL with NPQ_SLACK_BOT_TOKEN."""
        webhook = secure_url(environ, "NPQ_SLACK_INTEREST_WEBHOOK")
        if webhook:
            return cls(webhook)
        channel = environ.get("NPQ_SLACK_INTEREST_CHANNEL")
        if not channel:
            return None
        token = environ.get("NPQ_SLACK_BOT_TOKEN") or ""
        if not token.startswith("xoxb-"):
            raise OptionError("NPQ_SLACK_BOT_TOKEN: is missing or no bot token. Write the one that begins with xoxb-.")
        heard = bool(environ.get("NPQ_SLACK_SIGNING_SECRET"))
        return cls(f"{secure_url(environ, 'NPQ_SLACK_API') or API}/chat.postMessage", token, channel, heard)

    def send(self, message: Message) -> None:
        """Post the notice."""
        text = f"{message.title}. `{message.look}`"
        # client_msg_id makes Slack drop a second copy of the same message
        body: dict[str, object] = {"text": text}
        headers = {"Content-Type": "application/json; charset=utf-8"}
        if self.token:
            body |= {"channel": self.channel, "client_msg_id": message.event_id, "unfurl_links": False}
            if self.interactive and message.interest:
                body["blocks"] = _with_button(text, message.reference)
            headers["Authorization"] = f"Bearer {self.token}"
        answer = http.post(self.url, json.dumps(body).encode(), headers)
        if self.token:
            self._check(answer)

    @staticmethod
    def _check(answer: bytes) -> None:
        """The Web API says 200 also when it refuses."""
        try:
            told = json.loads(answer)
        except ValueError:
            told = None
        if not isinstance(told, dict) or told.get("ok") is not True:
            why = told.get("error") if isinstance(told, dict) else None
            raise NotDelivered(f"Slack refused: {str(why or 'no valid answer')[:60]}")


def _with_button(text: str, reference: str) -> list[dict[str, object]]:
    """The notice with a button that shows the details to those who may see them."""
    button = {
        "type": "button",
        "action_id": OPEN,
        "text": {"type": "plain_text", "text": "Open"},
        "value": reference,
    }
    return [
        {"type": "section", "text": {"type": "mrkdwn", "text": text}},
        {"type": "actions", "elements": [button]},
    ]
