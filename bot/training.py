"""Train when the inputs changed; otherwise use the model there is."""

from __future__ import annotations

import hashlib
import json
import logging
import os
from collections.abc import Callable
from pathlib import Path

from bot.settings import PROJECT, Settings

logger = logging.getLogger(__name__)

MODELS_KEPT = 2
Say = Callable[[str], None]


class TrainingError(Exception):
    """Training could not be done; the text says why."""


def trained_model(settings: Settings, say: Say = logger.info, *, force: bool = False) -> Path:
    """The model for the present inputs, trained now if there is none.

    Raises:
        TrainingError: when training fails.
    """
    wanted = settings.models / f"npq-guide-{inputs_hash()}.tar.gz"
    if wanted.exists() and not force and _intact(wanted):
        say(f"Model is up to date ({wanted.name}).")
        return wanted
    say("Training the model (about half a minute) ...")
    _train(settings, wanted)
    _seal(wanted)
    _drop_old(settings, wanted)
    say(f"Trained {wanted.name}.")
    return wanted


def inputs_hash() -> str:
    """A hash of everything the model is made from, and of the code that makes it."""
    return _hash(_inputs())


def _hash(paths: list[Path]) -> str:
    digest = hashlib.sha256()
    for path in paths:
        digest.update(str(path.relative_to(PROJECT)).encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def _inputs() -> list[Path]:
    found = [PROJECT / name for name in ("config.yml", "domain.yml", "uv.lock")]
    for folder in ("nlu", "rules", "stories", "knowledge"):
        found += sorted((PROJECT / "data" / folder).rglob("*.yml"))
    return [path for path in [*found, *_code()] if path.exists()]


def _code() -> list[Path]:
    """The code of our NLU components."""
    return sorted((PROJECT / "bot" / "nlu").rglob("*.py"))


def _train(settings: Settings, wanted: Path) -> None:
    # Rasa's cache knows a component by its name and settings, not by its code: new code, new cache.
    os.environ["RASA_CACHE_DIRECTORY"] = str(settings.home / "cache" / f"rasa-{_hash(_code())}")
    from rasa.model_training import train

    settings.models.mkdir(parents=True, exist_ok=True)
    try:
        result = train(
            domain=str(PROJECT / "domain.yml"),
            config=str(PROJECT / "config.yml"),
            training_files=[str(PROJECT / "data" / name) for name in ("nlu", "rules", "stories")],
            output=str(settings.models),
            fixed_model_name=wanted.name.removesuffix(".tar.gz"),
        )
    except OSError as error:
        raise TrainingError(
            f"The model could not be written to {settings.models}: {error.strerror or error}."
        ) from error
    if result.code != 0 or not wanted.exists():
        raise TrainingError("Rasa could not train the model. Run `npq check` to see what is wrong with the data.")


def _seal(model: Path) -> None:
    seal = {"sha256": hashlib.sha256(model.read_bytes()).hexdigest()}
    model.with_suffix(".json").write_text(json.dumps(seal) + "\n", encoding="utf-8")


def _intact(model: Path) -> bool:
    """Whether the model is the one that was sealed after training; anything else is trained again."""
    seal = model.with_suffix(".json")
    if not seal.exists():
        return False
    return bool(json.loads(seal.read_text())["sha256"] == hashlib.sha256(model.read_bytes()).hexdigest())


def _drop_old(settings: Settings, keep: Path) -> None:
    models = sorted(settings.models.glob("npq-guide-*.tar.gz"), key=lambda path: path.stat().st_mtime)
    for old in models[:-MODELS_KEPT]:
        if old != keep:
            old.unlink()
            old.with_suffix(".json").unlink(missing_ok=True)
