"""How well messages are understood, by five-fold cross-validation over data/nlu: `python -m bench.nlu`.

`npq evaluate --full` does the same with three seeds and writes a report; this is for a quick look while working.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from bot.runtime import lean_imports

lean_imports.install()

from bot.evaluation.crossvalidation import PERTURBED, SEED, cross_validate  # noqa: E402
from bot.evaluation.figures import accuracy  # noqa: E402
from bot.evaluation.measured import Measured  # noqa: E402
from bot.evaluation.summary import understanding  # noqa: E402


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the report."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--plain", action="store_true", help="leave out typos, case and punctuation")
    options = parser.parse_args(arguments)
    figures = cross_validate(lambda text: print(text, file=sys.stderr), 0 if options.plain else PERTURBED)
    print(understanding(Measured(figures, {SEED: (accuracy(figures.of()), figures.macro_f1())})))
    return 0


if __name__ == "__main__":
    sys.exit(main())
