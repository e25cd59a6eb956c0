"""`npq train`: train when the inputs changed."""

from __future__ import annotations

import argparse
import sys

from bot.runtime.quiet import hush
from bot.settings import read
from bot.training import ModelDamaged, trained_model
from guidance import knowledge


def run(options: argparse.Namespace) -> int:
    """Check the knowledge, then train."""
    hush()
    knowledge.current()
    settings = read()
    try:
        trained_model(settings, say=print, force=options.force)
    except ModelDamaged as damaged:
        print(f"npq train: {damaged}\nIt is trained again now.", file=sys.stderr)
        trained_model(settings, say=print, force=True)
    return 0
