"""Build the encoder that config.yml names, into the cache: training starts this beside Rasa's reading of the data."""

from __future__ import annotations

import contextlib
from pathlib import Path

import yaml

from bot.nlu.encoder import build, weights
from bot.settings import PROJECT

COMPONENT = "bot.nlu.featurizer.SentenceEncoder"


def main() -> None:
    """Do nothing where the weights are missing or altered: training itself says so."""
    pipeline = yaml.safe_load((PROJECT / "config.yml").read_text(encoding="utf-8"))["pipeline"]
    told = next(({**item} for item in pipeline if item["name"] == COMPONENT), {})
    hashes = (told.get("model_sha256", weights.MODEL_SHA256), told.get("tokenizer_sha256", weights.TOKENIZER_SHA256))
    with contextlib.suppress(weights.WeightsError):
        files = weights.locate(told.get("weights_dir"), *hashes)
        build.build(files, Path(told.get("cache_dir") or build.default_cache()))


if __name__ == "__main__":
    main()
