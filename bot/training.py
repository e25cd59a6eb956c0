"""Train when the inputs changed; otherwise use the model there is."""

from __future__ import annotations

import contextlib
import gc
import hashlib
import io
import json
import logging
import os
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

from bot.settings import PROJECT, Settings

logger = logging.getLogger(__name__)

MODELS_KEPT = 2
Say = Callable[[str], None]


class TrainingError(Exception):
    """Training could not be done; the text says why."""


class ModelDamaged(TrainingError):
    """A model file is not the one that was trained; the text says which and what to do."""


def trained_model(settings: Settings, say: Say = logger.info, *, force: bool = False) -> Path:
    """The model for the present inputs, trained now if there is none. `force`: trained anew in any case.

    Raises:
        ModelDamaged: the file is not the one that was trained. It is never loaded, and never replaced unasked: who
            changed it is a question for a person.
        TrainingError: when training fails.
    """
    wanted = model_path(settings)
    if is_trained(settings) and not force:
        _check(wanted)
        say(f"Model is up to date ({wanted.name}).")
        return wanted
    say("Training the model (about half a minute) ...")
    _train(settings, wanted)
    _drop_old(settings, wanted)
    say(f"Trained {wanted.name}.")
    return wanted


def model_path(settings: Settings) -> Path:
    """Where the model for the present inputs is, or would be."""
    return settings.models / f"npq-guide-{inputs_hash()}.tar.gz"


def is_trained(settings: Settings) -> bool:
    """Whether there is a model for the present inputs. One without its seal is half written, and does not count."""
    model = model_path(settings)
    return model.exists() and _seal_of(model).exists()


def train_apart(settings: Settings) -> None:
    """Train in a process of its own when there is no model: what learning takes is given back, 300 MB of memory.

    Raises:
        TrainingError: it failed; it has said why on the terminal.
    """
    if is_trained(settings):
        return
    done = subprocess.run([sys.executable, "-m", "bot.cli", "train"], check=False)
    if done.returncode != 0:
        raise TrainingError("The model could not be trained; the reason stands above.")


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
    from bot.nlu.encoder import build

    with build.meanwhile(), _data_read_once(), _no_collection(), _not_compressed():
        _run(settings, wanted)


def _run(settings: Settings, wanted: Path) -> None:
    from rasa.model_training import train

    try:
        settings.models.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix="training-", dir=settings.models) as folder:
            said = io.StringIO()  # where Rasa put the model for now is of no use to anybody
            with contextlib.redirect_stdout(said):
                result = train(
                    domain=str(PROJECT / "domain.yml"),
                    config=str(PROJECT / "config.yml"),
                    training_files=[str(PROJECT / "data" / name) for name in ("nlu", "rules", "stories")],
                    output=folder,
                    fixed_model_name=wanted.name.removesuffix(".tar.gz"),
                )
            made = Path(folder) / wanted.name
            if result.code != 0 or not made.exists():
                print(said.getvalue())
                raise TrainingError(
                    "Rasa could not train the model. Run `npq check` to see what is wrong with the data."
                )
            _put(made, wanted)
    except OSError as error:
        raise TrainingError(
            f"The model could not be written to {settings.models}: {error.strerror or error}."
        ) from error


@contextlib.contextmanager
def _data_read_once() -> Iterator[None]:
    """Rasa remembers the data by the words of the call, with and without the language, and so reads all of it twice."""
    from rasa.shared.importers.importer import E2EImporter

    read = E2EImporter.get_nlu_data
    E2EImporter.get_nlu_data = lambda self, language="en": read(self, language)
    try:
        yield
    finally:
        E2EImporter.get_nlu_data = read


@contextlib.contextmanager
def _no_collection() -> Iterator[None]:
    """Rasa makes a million small objects which all stay: looking again and again for garbage takes 3 s of 30."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


@contextlib.contextmanager
def _not_compressed() -> Iterator[None]:
    """A model is vectors, which compressing makes a fifth smaller: it takes 2 s, and unpacking 0.5 s at each start."""
    from rasa.engine.storage import local_model_storage

    plain: Any = tarfile.TarFile.gzopen
    packing: Any = local_model_storage.TarSafe
    packing.gzopen = partial(plain.__func__, packing, compresslevel=0)
    try:
        yield
    finally:
        del packing.gzopen  # what it inherits


def _put(made: Path, wanted: Path) -> None:
    """Move a model into place and seal it. Cut off anywhere, it leaves no seal that belongs to another file."""
    _seal_of(wanted).unlink(missing_ok=True)
    made.replace(wanted)
    _seal_of(wanted).write_text(json.dumps({"sha256": _digest(wanted)}) + "\n", encoding="utf-8")


def _seal_of(model: Path) -> Path:
    return model.with_suffix(".json")


def _digest(model: Path) -> str:
    return hashlib.sha256(model.read_bytes()).hexdigest()


def _check(model: Path) -> None:
    try:
        sealed = str(json.loads(_seal_of(model).read_text(encoding="utf-8"))["sha256"])
    except (OSError, ValueError, KeyError, TypeError):
        sealed = ""
    if sealed != _digest(model):
        raise ModelDamaged(
            f"The model {model} is not the one that was trained: its SHA-256 is not the one in "
            f"{_seal_of(model).name} beside it. It is not loaded. If the disk or a copy is to blame, run `npq train` "
            "to make it again; if not, find out who changed it first (docs/runbooks/bad-model.md)."
        )


def _drop_old(settings: Settings, keep: Path) -> None:
    models = sorted(settings.models.glob("npq-guide-*.tar.gz"), key=lambda path: path.stat().st_mtime)
    for old in models[:-MODELS_KEPT]:
        if old != keep:
            old.unlink()
            _seal_of(old).unlink(missing_ok=True)
