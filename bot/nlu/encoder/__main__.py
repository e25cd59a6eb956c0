"""Build the encoder that config.yml names, into the cache: training starts this beside Rasa's reading of the data."""

from __future__ import annotations

import contextlib
from pathlib import Path

from bot.nlu.configured import configured
from bot.nlu.encoder import build, weights


def main() -> None:
    """Do nothing where the weights are missing or altered: training itself says so."""
    told = configured("SentenceEncoder")
    hashes = (told.get("model_sha256", weights.MODEL_SHA256), told.get("tokenizer_sha256", weights.TOKENIZER_SHA256))
    with contextlib.suppress(weights.WeightsError):
        files = weights.locate(told.get("weights_dir"), *hashes)
        build.build(files, Path(told.get("cache_dir") or build.default_cache()))


if __name__ == "__main__":
    main()
