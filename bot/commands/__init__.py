"""What each `npq` subcommand does. Imports stay inside so that each starts as fast as it can."""

from __future__ import annotations

import argparse
import importlib

from bot.settings import SettingsError
from bot.training import TrainingError
from guidance.knowledge import KnowledgeError


class CommandError(Exception):
    """A subcommand cannot go on; the text says why and what to do."""


FAULTS = (CommandError, SettingsError, TrainingError, KnowledgeError)


def run(options: argparse.Namespace) -> int:
    """Run the subcommand named in the options."""
    module = importlib.import_module(f"bot.commands.{options.command}")
    return int(module.run(options))
