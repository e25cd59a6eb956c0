"""The door Slack knocks at: verified, stored, acknowledged. The work is done afterwards."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from typing import Any

from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse, empty
from sanic.response import json as as_json
from sqlalchemy.exc import SQLAlchemyError

from bot.channels.faults import Fault
from bot.channels.slack import reading
from bot.channels.slack.options import SlackOptions
from bot.channels.slack.queue import INCOMING, Task
from bot.channels.slack.service import SlackService
from bot.channels.slack.signature import Signatures

logger = logging.getLogger(__name__)

MOST_BYTES = 512 * 1024  # of what Slack sends: a message with all its blocks
HELP = (
    "Ask me about National Professional Qualifications, such as `/npq how long is NPQH` or `/npq is NPQSENCO funded`. "
    "Only you see the answer."
)
CANNOT = "I cannot take this now: the service has a problem. Please try again in a few minutes."
STORE_SECONDS = 2.0  # Slack waits for three
NOT_STORED = (SQLAlchemyError, asyncio.TimeoutError)
AGAIN_IS_NO_USE = (400, 403, 413)


def slack_door(service: SlackService, options: SlackOptions) -> Blueprint:
    """The routes `/slack/events`, `/slack/interactions` and `/slack/commands`."""
    routes = Blueprint("slack", url_prefix="/slack")
    signatures = Signatures(options.signing_secret)

    @routes.on_request
    async def verify(request: Request) -> None:
        if len(request.body) > MOST_BYTES:
            raise Fault(413, "body_too_large", f"The request must be {MOST_BYTES} bytes or fewer.")
        if not signatures.good(request.headers, request.body):
            raise Fault(401, "bad_signature", "The request is not signed by Slack for this app.")

    @routes.on_response
    async def no_retry(_request: Request, answer: HTTPResponse) -> None:
        if answer.status in AGAIN_IS_NO_USE:
            answer.headers["X-Slack-No-Retry"] = "1"

    def allow(team: str | None, enterprise: str | None) -> None:
        if team not in options.teams and enterprise not in options.teams:
            logger.warning("Something came from a Slack workspace that is not in NPQ_SLACK_TEAMS; it was refused.")
            raise Fault(403, "unknown_team", "This workspace is not served here.")

    def foreign(payload: dict[str, Any]) -> bool:
        """Whether it is by a person of another workspace, in a channel shared with it (Slack Connect)."""
        home = reading.home_of(payload)
        return home not in (None, *options.teams) and reading.enterprise_of(payload) not in options.teams

    async def store(task: Task | None) -> None:
        if task is not None:
            # What is stored later all the same is known by its key when Slack sends it again.
            await asyncio.wait_for(service.put(INCOMING, task), STORE_SECONDS)

    @routes.post("/events")
    async def events(request: Request) -> HTTPResponse:
        envelope = _read(reading.json_object, request.body)
        if envelope.get("type") == "url_verification":
            return as_json({"challenge": str(envelope.get("challenge", ""))[:200]})
        if envelope.get("type") != "event_callback":
            return empty(200)
        allow(reading.team_of(envelope), reading.enterprise_of(envelope))
        if foreign(envelope):
            return empty(200)
        try:
            await store(_read(reading.event, envelope))
        except NOT_STORED as error:  # Slack sends it again
            logger.error("An event from Slack could not be stored (%s); Slack is to send it again.", _name(error))
            raise Fault(503, "unavailable", CANNOT, retry_after=10) from error
        return empty(200)

    @routes.post("/interactions")
    async def interactions(request: Request) -> HTTPResponse:
        payload = _read(reading.json_object, _read(reading.form, request.body).get("payload", "").encode())
        allow(reading.team_of(payload), reading.enterprise_of(payload))
        if foreign(payload):
            raise Fault(403, "unknown_team", "People of this workspace are not served here.")
        try:
            await store(_read(reading.interaction, payload))
        except NOT_STORED as error:  # Slack shows that it did not work
            logger.error("A press of a button in Slack could not be stored (%s).", _name(error))
            raise Fault(503, "unavailable", CANNOT) from error
        return empty(200)

    @routes.post("/commands")
    async def commands(request: Request) -> HTTPResponse:
        fields = _read(reading.form, request.body)
        allow(fields.get("team_id"), fields.get("enterprise_id"))
        if fields.get("text", "").strip().lower() in ("", "help"):
            return as_json({"response_type": "ephemeral", "text": HELP})
        try:
            await store(_read(reading.command, fields))
        except NOT_STORED as error:
            logger.error("A command in Slack could not be stored (%s).", _name(error))
            return as_json({"response_type": "ephemeral", "text": CANNOT})
        return empty(200)

    return routes


def _read(read: Callable[[Any], Any], given: Any) -> Any:
    try:
        return read(given)
    except reading.Unreadable as error:
        raise Fault(400, "unreadable", "This is not what Slack sends.") from error


def _name(error: Exception) -> str:
    return type(error).__name__
