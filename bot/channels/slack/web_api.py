"""Calls of Slack's Web API: what went wrong, whether it may be tried again, and when."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient

from bot.channels.slack.options import API

SECONDS = 10  # a call may take
RATE_LIMITED = 429
# Slack takes no JSON for these.
READS = frozenset({"conversations.history", "conversations.replies", "conversations.info", "users.info"})
ANSWERS_AT = "https://hooks.slack.com/"
# Trying the same again can never help.
FOR_GOOD = frozenset(
    {
        "channel_not_found", "not_in_channel", "is_archived", "msg_too_long", "no_text", "invalid_blocks",
        "invalid_blocks_format", "thread_not_found", "message_not_found", "cant_update_message", "user_not_found",
        "user_not_in_channel", "restricted_action", "missing_scope", "not_allowed_token_type", "invalid_arguments",
        "already_reacted", "cant_delete_message", "no_reaction", "expired_trigger_id", "expired_url", "used_url",
        "cannot_dm_bot", "messages_tab_disabled", "invalid_json", "invalid_form_data", "too_many_attachments",
        "edit_window_closed", "too_many_emoji", "too_many_reactions", "not_reactable", "bad_timestamp", "invalid_name",
    }
)  # fmt: skip
# Somebody or time may put these right, without anything wrong with what is sent.
PASSING = frozenset(
    {
        "invalid_auth", "not_authed", "token_revoked", "token_expired", "account_inactive", "org_login_required",
        "two_factor_setup_required", "ekm_access_denied", "team_added_to_org", "accesslimited", "fatal_error",
        "internal_error", "service_unavailable", "request_timeout", "rate_limited",
    }
)  # fmt: skip


@dataclass(eq=False)
class NotDone(Exception):
    """A call did not work. `why` is for the log; `wait` seconds until the next try, None: as you like.

    `for_good`: trying again cannot help. `unsure`: it may have been done all the same. `strange`: Slack refused it
    for a reason we do not know, so that trying for long would only hold up what comes after it. `error`: Slack's own
    name for why it refused.
    """

    why: str
    wait: float | None = None
    for_good: bool = False
    unsure: bool = False
    strange: bool = False
    error: str = ""

    def __str__(self) -> str:
        return self.why


class WebApi:
    """Slack's Web API for one workspace's bot."""

    def __init__(self, token: str, base_url: str) -> None:
        """`base_url` is such as https://slack.com/api."""
        self._answers_at = ANSWERS_AT if base_url == API else base_url.rpartition("/")[0] + "/"
        self._limited: dict[str, float] = {}  # method -> until when it must not be called
        # The library tries again by itself when a line breaks, without looking whether the first has arrived.
        self._client = AsyncWebClient(
            token=token, base_url=base_url.rstrip("/") + "/", timeout=SECONDS, retry_handlers=[]
        )

    async def call(self, method: str, **body: Any) -> dict[str, Any]:
        """Call a method such as `chat.postMessage`; returns Slack's answer.

        Raises:
            NotDone: see there.
        """
        answer, _headers = await self.call_with_headers(method, **body)
        return answer

    def _held(self, method: str) -> None:
        """A limit is on the method: what calls it for somebody else must wait as well.

        Raises:
            NotDone: it is not over yet.
        """
        left = self._limited.get(method, 0.0) - time.monotonic()
        if left > 0:
            raise NotDone("ratelimited", wait=left)

    async def call_with_headers(self, method: str, **body: Any) -> tuple[dict[str, Any], dict[str, str]]:
        """The same, with the answer's headers (lower-case names), which name the scopes of the token.

        Raises:
            NotDone: see there.
        """
        self._held(method)
        given: dict[str, Any] = {"http_verb": "GET", "params": body} if method in READS else {"json": body}
        try:
            answer = await self._client.api_call(method, **given)
        except SlackApiError as error:
            refused = _refused(error)
            if refused.wait is not None:
                self._limited[method] = time.monotonic() + refused.wait
            raise refused from None
        except (SlackClientError, aiohttp.ClientError, asyncio.TimeoutError, OSError, ValueError) as error:
            raise NotDone(f"Slack cannot be reached: {type(error).__name__}", unsure=True) from None
        found = answer.data if isinstance(answer.data, dict) else {}
        return found, {name.lower(): str(value) for name, value in answer.headers.items()}

    async def respond(self, url: str, body: dict[str, Any]) -> None:
        """Answer at the address Slack gave with a command or a press of a button.

        Raises:
            NotDone: see there.
        """
        if not url.startswith(self._answers_at):
            raise NotDone("an address to answer at that is not Slack's", for_good=True)
        timeout = aiohttp.ClientTimeout(total=SECONDS)
        try:
            async with (
                aiohttp.ClientSession(timeout=timeout) as session,
                session.post(url, json=body, allow_redirects=False) as answer,
            ):
                status, text = answer.status, (await answer.text())[:60]
                retry_after = answer.headers.get("Retry-After")
        except (aiohttp.ClientError, asyncio.TimeoutError, OSError) as error:
            raise NotDone(f"Slack cannot be reached: {type(error).__name__}", unsure=True) from None
        if status == RATE_LIMITED:
            raise NotDone("ratelimited", wait=_seconds(retry_after))
        if status >= 500:
            raise NotDone(f"Slack answered {status}", unsure=True)
        if status != 200 or "expired_url" in text or "used_url" in text:
            raise NotDone(f"Slack refused: {status}", for_good=True)


def _refused(error: SlackApiError) -> NotDone:
    status = int(getattr(error.response, "status_code", 0) or 0)
    headers = getattr(error.response, "headers", None) or {}
    data = getattr(error.response, "data", None)
    why = str(data.get("error") if isinstance(data, dict) else "") or f"status {status}"
    if status == RATE_LIMITED or why == "ratelimited":
        return NotDone("ratelimited", wait=_seconds(headers.get("Retry-After")))
    if status >= 500 or not isinstance(data, dict):
        return NotDone(f"Slack answered {status}", unsure=True)
    for_good = why in FOR_GOOD
    strange = not for_good and why not in PASSING
    return NotDone(f"Slack refused: {why[:60]}", for_good=for_good, strange=strange, error=why)


def _seconds(text: Any) -> float:
    """Of a Retry-After header; a minute when Slack does not say."""
    try:
        return min(max(float(text), 1.0), 3600.0)
    except (TypeError, ValueError):
        return 60.0
