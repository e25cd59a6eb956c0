"""`npq train`: train when the inputs changed."""

from __future__ import annotations

import argparse

from bot.runtime.quiet import hush
from bot.settings import read
from bot.training import trained_model
from guidance import knowledge


def run(options: argparse.Namespace) -> int:
    """Check the knowledge, then train."""
    hush()
    knowledge.current()
    trained_model(read(), say=print, force=options.force)
    return 0
