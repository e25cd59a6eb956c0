"""Nothing leaves the machine, and no visitor's text reaches a log.

Rasa reports usage and crashes to its vendor unless both are switched off, and as a library it never
configures structlog, whose default then prints debug lines with the visitor's text.
"""

from __future__ import annotations

import logging
import os
import warnings


def hush(level: int = logging.WARNING) -> None:
    """Switch Rasa's telemetry and error reports off and its loggers down. Call before importing Rasa."""
    os.environ["RASA_TELEMETRY_ENABLED"] = "false"
    os.environ["LOG_LEVEL"] = "ERROR"  # of Rasa: also switches its progress bars off
    os.environ.setdefault("SQLALCHEMY_SILENCE_UBER_WARNING", "1")
    warnings.filterwarnings("ignore", category=DeprecationWarning)
    warnings.filterwarnings("ignore", category=FutureWarning)
    warnings.filterwarnings("ignore", message="Slot auto-fill")  # about how Rasa 2 did it

    import structlog

    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    for name in ("rasa", "rasa_sdk", "matplotlib", "sanic", "apscheduler", "urllib3"):
        logging.getLogger(name).setLevel(level)
    no_error_reports()


def no_error_reports() -> None:
    """Make Rasa's error tracker a no-op: it starts even when only telemetry is switched off."""
    import rasa.telemetry

    rasa.telemetry.initialize_error_reporting = lambda: None
