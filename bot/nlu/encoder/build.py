"""Weights in, encoder folder out; built once for each set of weights, then taken from the cache."""

from __future__ import annotations

import json
import logging
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bot.nlu.encoder import weights
from bot.settings import PROJECT

logger = logging.getLogger(__name__)

RECIPE = "3"  # raise it when graph.py or quantise.py changes what comes out
MODEL_FILE = "encoder.onnx"
TOKENIZER_FILE = "tokenizer.json"
ABOUT_FILE = "encoder.json"

_under_way: list[subprocess.Popen[bytes]] = []


def default_cache() -> Path:
    """Where built encoders are kept: beside the service's other state."""
    return Path(os.environ.get("NPQ_HOME") or PROJECT / "var").expanduser() / "encoder"


@contextmanager
def meanwhile() -> Iterator[None]:
    """Another processor builds the encoder of config.yml while Rasa reads the data. If it fails, ``build`` does it."""
    command = [sys.executable, "-m", "bot.nlu.encoder"]
    building = subprocess.Popen(command, cwd=PROJECT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _under_way.append(building)
    try:
        yield
    finally:
        _under_way.remove(building)
        building.kill()
        building.wait()


def build(files: weights.WeightFiles, cache: Path) -> Path:
    """Return a folder with the encoder made from these weights. Takes 5 to 10 seconds when the cache has none."""
    folder = cache / f"{files.digest}-{RECIPE}"
    for building in _under_way:  # what it has begun is done before this process would be
        building.wait()
    if (folder / ABOUT_FILE).is_file():
        return folder
    logger.info("Building the sentence encoder; the next training takes it from %s.", folder)
    cache.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=cache) as scratch:
        made = Path(scratch) / "made"
        made.mkdir()
        _write(files, made)
        try:
            made.rename(folder)  # in one step: two trainings at once never see half a folder
        except OSError:
            if not (folder / ABOUT_FILE).is_file():
                raise
    return folder


def _write(files: weights.WeightFiles, folder: Path) -> None:
    from bot.nlu.encoder import graph, quantise  # these import onnx, which serving never needs

    quantise.quantise(graph.build(weights.load(files)), folder / MODEL_FILE)
    shutil.copyfile(files.tokenizer, folder / TOKENIZER_FILE)
    about = {"digest": f"{files.digest}-{RECIPE}"}
    (folder / ABOUT_FILE).write_text(json.dumps(about), encoding="utf-8")
