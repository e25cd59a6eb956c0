"""What is missing before the guide can be in Slack: token, scopes, signing secret, workspace, channels."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import secrets
import time
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass

import aiohttp

from bot.channels.slack.options import SlackOptions
from bot.channels.slack.web_api import NotDone, WebApi

SCOPES = {
    "app_mentions:read": "hear mentions",
    "channels:history": "hear threads, and see whether a message has arrived",
    "channels:read": "know its channels",
    "chat:write": "answer",
    "commands": "/npq and the shortcut",
    "groups:history": "the same in private channels",
    "groups:read": "the same in private channels",
    "im:history": "hear direct messages",
    "reactions:write": "mark what was delivered to a visitor",
    "users:read": "first names of staff in a chat with a visitor",
}
CHANNELS = {
    "NPQ_SLACK_INTEREST_CHANNEL": "notices of new expressions of interest",
    "NPQ_SLACK_HANDOFF_CHANNEL": "visitors who ask for a person",
}
SECONDS = 10


@dataclass(frozen=True)
class Finding:
    """One thing looked at; `problem` says what is missing and what to do, None when it is fine."""

    what: str
    problem: str | None = None


async def findings(options: SlackOptions, environ: Mapping[str, str], url: str | None = None) -> AsyncIterator[Finding]:
    """Look at everything; `url` is the address of the running service, to try the signing secret with."""
    api = WebApi(options.token, options.api)
    try:
        told, headers = await api.call_with_headers("auth.test")
    except NotDone as problem:
        yield Finding("token", f"{problem}. Copy it again from “OAuth & Permissions” to NPQ_SLACK_BOT_TOKEN.")
        return
    team = str(told.get("team_id"))
    yield Finding(f"token of workspace {told.get('team')} ({team})")
    if team not in options.teams:
        yield Finding("workspace", f"the token belongs to {team}, which is not in NPQ_SLACK_TEAMS. Add it there.")
    granted = {scope.strip() for scope in headers.get("x-oauth-scopes", "").split(",")}
    for scope, why in SCOPES.items():
        missing = (
            f"is missing; without it the bot cannot {why}. Add it under “OAuth & Permissions” and reinstall the app."
        )
        yield Finding(f"scope {scope}", None if scope in granted else missing)
    for setting, use in CHANNELS.items():
        if environ.get(setting):
            yield await _channel(api, setting, environ[setting], use)
        else:
            yield Finding(f"{setting} is not set: no {use} in Slack")
    if not options.interest_users and environ.get("NPQ_SLACK_INTEREST_CHANNEL"):
        yield Finding("NPQ_SLACK_INTEREST_USERS", "is not set: nobody can open an expression of interest in Slack.")
    yield await _secret(options, url) if url else Finding("signing secret: not tried; add --url and your address")


async def _channel(api: WebApi, setting: str, channel: str, use: str) -> Finding:
    try:
        found = (await api.call("conversations.info", channel=channel))["channel"]
    except NotDone as problem:
        return Finding(
            setting,
            f"{channel}: {problem}. Write the channel's id (last line of its details in Slack); invite the bot.",
        )
    if not found.get("is_member"):
        return Finding(setting, f"the bot is not in #{found.get('name')}. Write there: /invite @NPQ Guide")
    return Finding(f"{setting}: #{found.get('name')}, {use}")


async def _secret(options: SlackOptions, url: str) -> Finding:
    """Knock at our own door as Slack does when it confirms the address."""
    challenge, stamp = secrets.token_hex(8), str(int(time.time()))
    body = json.dumps({"type": "url_verification", "challenge": challenge}).encode()
    mark = hmac.new(options.signing_secret.encode(), f"v0:{stamp}:".encode() + body, hashlib.sha256).hexdigest()
    headers = {
        "X-Slack-Request-Timestamp": stamp,
        "X-Slack-Signature": f"v0={mark}",
        "Content-Type": "application/json",
    }
    address = url.rstrip("/") + "/slack/events"
    try:
        async with (
            aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=SECONDS)) as session,
            session.post(address, data=body, headers=headers) as answer,
        ):
            status, text = answer.status, await answer.text()
    except (aiohttp.ClientError, asyncio.TimeoutError, OSError, ValueError) as error:
        return Finding(
            "signing secret", f"{address} cannot be reached ({type(error).__name__}). Is the service running?"
        )
    if status == 200 and challenge in text:
        return Finding(f"signing secret: {address} takes what is signed with it")
    if status == 401:
        return Finding("signing secret", f"{address} runs with another. Restart it with the same settings.")
    return Finding("signing secret", f"{address} answered {status}. Start the service with the Slack settings.")
