"""The service's log on standard error: lines for people, or one JSON object a line for programs that collect logs."""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Mapping
from typing import Any

from bot.channels.options import OptionError

TEXT, JSON = "text", "json"
turns = logging.getLogger("npq.turns")
LINE = "%(asctime)s %(levelname)s{worker} %(name)s: %(message)s"


def read_options(environ: Mapping[str, str]) -> str:
    """NPQ_LOG: `text` or `json`.

    Raises:
        OptionError: it is neither.
    """
    form = environ.get("NPQ_LOG") or TEXT
    if form not in (TEXT, JSON):
        raise OptionError("NPQ_LOG: is neither `text` nor `json`. Write one of them.")
    return form


def begin(form: str, *, worker: bool = False) -> None:
    """Log what happens from now on. Nothing that visitors write is ever logged, in either form.

    `worker`: one of several processes, told apart by their numbers (in JSON always).
    """
    handler = logging.StreamHandler(sys.stderr)
    line = LINE.format(worker=f" [{os.getpid()}]" if worker else "")
    handler.setFormatter(_objects() if form == JSON else logging.Formatter(line))
    logging.basicConfig(level=logging.INFO, handlers=[handler])
    turns.setLevel(logging.INFO if form == JSON else logging.WARNING)  # people need no line for each


def turn(status: str, channel: str, seconds: float) -> None:
    """One turn that was answered: how it ended, where and how long it took; no word of it and no session."""
    turns.info("turn", extra={"status": status, "channel": channel, "ms": round(1000 * seconds, 1)})


def _objects() -> logging.Formatter:
    import structlog  # Rasa's way of logging; not needed where people read along

    def renamed(_logger: Any, _method: str, fields: Any) -> Any:
        fields["message"] = fields.pop("event")
        return fields

    shared = [
        structlog.stdlib.ExtraAdder(("status", "channel", "ms")),
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]

    def numbered(_logger: Any, _method: str, fields: Any) -> Any:
        return {**fields, "process": os.getpid()}

    last = [
        numbered,
        structlog.stdlib.ProcessorFormatter.remove_processors_meta,
        structlog.processors.format_exc_info,
        renamed,
        structlog.processors.JSONRenderer(sort_keys=True),
    ]
    formatter: logging.Formatter = structlog.stdlib.ProcessorFormatter(foreign_pre_chain=shared, processors=last)
    return formatter
