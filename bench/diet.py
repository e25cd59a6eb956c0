"""Stock Rasa's classifier (DIET, default pipeline) on the lines this service learns from: `python -m bench.diet`.

One fold of five is held out; both learn the other lines of data/nlu, without the questions of the knowledge.
Stock Rasa is installed into bench/stock/.venv (3 GB). 100 epochs, its default, take half an hour or more on two cores.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import yaml
from sklearn.metrics import f1_score

from bot.runtime import lean_imports

lean_imports.install()

from bench.stock.__main__ import install  # noqa: E402
from bench.stock.project import DEFAULTS  # noqa: E402
from bench.stock.subjects import STOCK  # noqa: E402
from bot.evaluation.crossvalidation import folds, settings, written  # noqa: E402
from bot.nlu.classifier import encoded  # noqa: E402
from bot.nlu.encoder import build, session, weights  # noqa: E402
from bot.nlu.topics import repair  # noqa: E402
from bot.nlu.topics.examples import Example  # noqa: E402
from bot.nlu.topics.likeness import Likeness  # noqa: E402
from bot.nlu.topics.model import TopicModel  # noqa: E402
from bot.settings import PROJECT  # noqa: E402
from guidance.knowledge import current  # noqa: E402

RESULTS = PROJECT / "bench" / "results" / "diet.md"
QUIET = {"RASA_TELEMETRY_ENABLED": "false", "LOG_LEVEL": "ERROR", "TF_CPP_MIN_LOG_LEVEL": "3"}
Lines = Sequence[tuple[str, str]]  # (text, intent)


def stock(kept: Lines, held: Lines, folder: Path, epochs: int) -> tuple[float, float]:
    """Accuracy and macro-F1 of stock Rasa on the held-out lines."""
    config: dict[str, Any] = yaml.safe_load(
        next(STOCK.parent.glob(f"lib/*/site-packages/{DEFAULTS}")).read_text(encoding="utf-8")
    )
    config["assistant_id"] = "npq-guide-stock"
    for component in config["pipeline"]:
        if component["name"] == "DIETClassifier":
            component["epochs"] = epochs
    (folder / "config.yml").write_text(yaml.safe_dump(config, sort_keys=False), encoding="utf-8")
    for name, lines in (("kept", kept), ("held", held)):
        (folder / f"{name}.yml").write_text(_nlu(lines), encoding="utf-8")
    _rasa(folder, "train", "nlu", "--config", "config.yml", "--nlu", "kept.yml", "--out", "models")
    _rasa(folder, "test", "nlu", "--nlu", "held.yml", "--model", "models", "--out", "results", "--no-plot")
    report = json.loads((folder / "results" / "intent_report.json").read_text(encoding="utf-8"))
    return float(report["accuracy"]), float(report["macro avg"]["f1-score"])


def ours(kept: Lines, held: Lines) -> tuple[float, float]:
    """The same of the classifier that serves visitors, without clauses and without asking back."""
    session.open_encoder(build.build(weights.locate(), build.default_cache()))
    repair.learn(text for text, _ in kept)
    config = settings()
    (wordings, vectors), (asked, held_vectors) = (
        encoded([Example(text, intent, "nlu") for text, intent in lines], current(), keep=True)
        for lines in (kept, held)
    )
    intents = [intent for _, intent in kept]
    model = TopicModel.fit(vectors, wordings, intents, config["strength"], config["temperature"])
    scores = model.scores(held_vectors, asked, Likeness.of(vectors, intents))
    found = np.array(model.intents)[scores.argmax(axis=1)]
    wanted = np.array([intent for _, intent in held])
    return float((found == wanted).mean()), float(f1_score(wanted, found, average="macro"))


def _nlu(lines: Lines) -> str:
    by_intent: dict[str, list[str]] = defaultdict(list)
    for text, intent in lines:
        by_intent[intent].append(" ".join(text.split()))
    items = [
        {"intent": intent, "examples": "".join(f"- {text}\n" for text in said)} for intent, said in by_intent.items()
    ]
    return yaml.safe_dump({"version": "3.1", "nlu": items}, sort_keys=False, allow_unicode=True)


def _rasa(folder: Path, *arguments: str) -> None:
    done = subprocess.run([str(STOCK / "rasa"), *arguments], cwd=folder, env={**os.environ, **QUIET}, check=False)
    if done.returncode:
        raise SystemExit(f"rasa {' '.join(arguments)} failed; the reason stands above.")


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the table and write it to bench/results."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--epochs", type=int, default=100, help="epochs of DIET (Rasa's default: 100)")
    epochs = parser.parse_args(arguments).epochs
    install()
    lines = written()
    fold = folds([intent for _, intent in lines])
    kept, held = ([line for line, at in zip(lines, fold) if (at == 0) == out] for out in (False, True))
    rows = [
        "| classifier | accuracy | macro-F1 | training and reading |",
        "|---|---|---|---|",
    ]
    with tempfile.TemporaryDirectory() as folder:
        for name, measure in (
            ("this service's", lambda: ours(kept, held)),
            (f"stock Rasa's DIET, {epochs} epochs", lambda: stock(kept, held, Path(folder), epochs)),
        ):
            began = time.monotonic()
            accuracy, macro = measure()
            rows.append(f"| {name} | {accuracy:.1%} | {macro:.3f} | {time.monotonic() - began:.0f} s |")
            print(rows[-1], flush=True)
    about = f"{len(held)} lines held out of {len(lines)}; trained on the rest. Made by `python -m bench.diet`."
    RESULTS.write_text("\n".join([*rows, "", about, ""]), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
