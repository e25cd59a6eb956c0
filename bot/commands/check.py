"""`npq check`: everything that can be wrong with the files people edit."""

from __future__ import annotations

import argparse
import sys

from bot import training_data
from bot.conversations import finding
from bot.settings import PROJECT
from guidance.knowledge import Knowledge, KnowledgeError, Problem, knowledge_folder, load


def run(options: argparse.Namespace) -> int:
    """Print every problem with its file, line and field; 0 when there is none."""
    try:
        known = load(knowledge_folder())
    except KnowledgeError as error:
        return _report(error.problems)
    if options.knowledge_only:
        return _report([], known)
    problems = training_data.check(known) + finding.problems(known)
    if not problems:
        problems = _rasa()
    return _report(problems, known)


def _rasa() -> list[Problem]:
    """What Rasa's own validator finds."""
    from bot.runtime.quiet import hush

    hush()
    from rasa.shared.importers.importer import TrainingDataImporter
    from rasa.validator import Validator

    importer = TrainingDataImporter.load_from_config(
        str(PROJECT / "config.yml"),
        str(PROJECT / "domain.yml"),
        [str(PROJECT / "data" / name) for name in ("nlu", "rules", "stories")],
    )
    validator = Validator.from_importer(importer)
    good = (
        validator.verify_domain_validity()
        and validator.verify_nlu(ignore_warnings=False)
        and validator.verify_story_structure(ignore_warnings=False)
    )
    advice = "Run `rasa data validate` to see what."
    return [] if good else [Problem("domain.yml", 1, "file", "Rasa's own validation fails.", advice)]


def _report(problems: list[Problem], known: Knowledge | None = None) -> int:
    for problem in problems:
        print(problem, file=sys.stderr)
    if problems:
        print(f"{len(problems)} problem{'s' if len(problems) > 1 else ''} found.", file=sys.stderr)
        return 1
    if known is not None:
        print(
            f"Knowledge is sound: {len(known.programmes)} programmes, {len(known.topics)} topics, "
            f"{len(known.facts)} facts, {len(known.sources)} sources (version {known.version})."
        )
    return 0
