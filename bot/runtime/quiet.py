"""Nothing leaves the machine, and no visitor's text reaches a log.

Rasa reports usage and crashes to its vendor unless both are switched off, and as a library it never
configures structlog, whose default then prints debug lines with the visitor's text.
"""

from __future__ import annotations

import logging
import os
import warnings

from bot.runtime import lean_imports


def hush(level: int = logging.WARNING) -> None:
    """Switch Rasa's telemetry and error reports off and its loggers down. Call before importing Rasa."""
    os.environ["RASA_TELEMETRY_ENABLED"] = "false"
    os.environ["LOG_LEVEL"] = "ERROR"  # of Rasa: also switches its progress bars off
    warnings.filterwarnings("ignore", category=FutureWarning)
    warnings.filterwarnings("ignore", message="Slot auto-fill")  # about how Rasa 2 did it
    warnings.filterwarnings("ignore", message="Deprecated API features detected")  # Rasa's SQLAlchemy 1.4

    lean_imports.install()
    import structlog

    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    import sanic.app  # noqa: F401  (shows warnings about what is deprecated again)

    warnings.filterwarnings("ignore", category=DeprecationWarning)
    for name in ("rasa", "rasa_sdk", "matplotlib", "sanic", "apscheduler", "urllib3", "alembic"):
        logging.getLogger(name).setLevel(level)
    no_reports()


def no_reports() -> None:
    """Make Rasa's error tracker a no-op: it starts even when only telemetry is switched off.

    Telemetry that the environment switched off still writes a user's number to a file in the home folder.
    """
    import rasa.telemetry

    rasa.telemetry.initialize_error_reporting = lambda: None
    rasa.telemetry.initialize_telemetry = lambda: False
