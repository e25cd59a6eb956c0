"""What a program gets that sends something we cannot serve: a 4xx or 5xx status with a code and a sentence."""

from __future__ import annotations

import logging

from sanic.exceptions import SanicException
from sanic.request import Request
from sanic.response import HTTPResponse
from sanic.response import json as as_json

logger = logging.getLogger(__name__)

MOST_BYTES = 8 * 1024
PRIVATE = {"Cache-Control": "no-store"}


class Fault(SanicException):
    """A request that cannot be served: status, code for programs, sentence for people.

    `retry_after`: seconds after which it is worth trying again.
    """

    def __init__(self, status: int, code: str, message: str, *, retry_after: int | None = None) -> None:
        super().__init__(message, status_code=status)
        self.code = code
        self.retry_after = retry_after


def session_unknown() -> Fault:
    """There is no such session, or it has ended."""
    text = "This chat session is unknown or has ended. Start a new one with POST /api/sessions."
    return Fault(401, "session_unknown", text)


def away() -> Fault:
    """The database is needed and cannot be used."""
    text = "The record of conversations cannot be reached now. Nothing was changed. Please try again in a few minutes."
    return Fault(503, "unavailable", text, retry_after=10)


def explain(_request: Request, error: Exception) -> HTTPResponse:
    """Any error as a JSON fault; what is not ours to blame on the caller is logged and kept general."""
    headers = dict(PRIVATE)
    if isinstance(error, Fault):
        code, message = error.code, str(error)
        if error.retry_after is not None:
            headers["Retry-After"] = str(error.retry_after)
    elif isinstance(error, SanicException) and error.status_code < 500:
        code, message = _GENERAL.get(error.status_code, ("bad_request", "The request cannot be served."))
    elif isinstance(error, SanicException) and str(error) == "Cancelled":  # Sanic's word for: the visitor went away
        code, message = "cancelled", "The request was given up."
    else:
        logger.error("A request failed.", exc_info=error)
        code, message = "failed", "Sorry, there is a problem with the service. Please try again in a few minutes."
    status = getattr(error, "status_code", 500)
    headers.update(getattr(error, "headers", None) or {})  # such as Allow
    return as_json({"error": {"code": code, "message": message}}, status=status, headers=headers)


_GENERAL = {
    404: ("not_found", "There is nothing at this address."),
    405: ("method_not_allowed", "This address does not take that method."),
    413: ("body_too_large", f"The request must be {MOST_BYTES} bytes or fewer."),
}
