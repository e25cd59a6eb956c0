"""The encoder's forward pass in plain NumPy: slow, obvious, and what the ONNX graph is tested against."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray
from scipy.special import erf

from bot.nlu.encoder.weights import Weights

LAYERS = 6
HEADS = 12
WIDTH = 384
EPSILON = 1e-12

Floats = NDArray[np.float32]


def encode(weights: Weights, ids: NDArray[np.int64], mask: NDArray[np.int64]) -> Floats:
    """Token ids and mask, both (n, tokens), mask 1 for real tokens -> unit vectors (n, 384)."""
    hidden = _embed(weights, ids)
    bias = np.where(mask[:, None, None, :] == 1, 0.0, -1e9).astype(np.float32)
    for layer in range(LAYERS):
        hidden = _layer(weights, f"encoder.layer.{layer}", hidden, bias)
    kept = mask[:, :, None].astype(np.float32)
    mean = (hidden * kept).sum(axis=1) / kept.sum(axis=1)
    unit: Floats = mean / np.linalg.norm(mean, axis=1, keepdims=True)
    return unit


def _embed(weights: Weights, ids: NDArray[np.int64]) -> Floats:
    words = weights["embeddings.word_embeddings.weight"][ids]
    places = weights["embeddings.position_embeddings.weight"][: ids.shape[1]]
    kind = weights["embeddings.token_type_embeddings.weight"][0]
    return _normalise(weights, "embeddings.LayerNorm", words + places + kind)


def _layer(weights: Weights, name: str, hidden: Floats, bias: Floats) -> Floats:
    attended = _attention(weights, f"{name}.attention.self", hidden, bias)
    attended = _dense(weights, f"{name}.attention.output.dense", attended)
    hidden = _normalise(weights, f"{name}.attention.output.LayerNorm", hidden + attended)
    wide = _gelu(_dense(weights, f"{name}.intermediate.dense", hidden))
    narrow = _dense(weights, f"{name}.output.dense", wide)
    return _normalise(weights, f"{name}.output.LayerNorm", hidden + narrow)


def _attention(weights: Weights, name: str, hidden: Floats, bias: Floats) -> Floats:
    query, key, value = (_heads(_dense(weights, f"{name}.{part}", hidden)) for part in ("query", "key", "value"))
    scores = query @ key.transpose(0, 1, 3, 2) / math.sqrt(WIDTH // HEADS) + bias
    scores = np.exp(scores - scores.max(axis=-1, keepdims=True))
    mixed = (scores / scores.sum(axis=-1, keepdims=True)) @ value
    joined: Floats = mixed.transpose(0, 2, 1, 3).reshape(hidden.shape)
    return joined


def _heads(hidden: Floats) -> Floats:
    count, tokens, _ = hidden.shape
    return hidden.reshape(count, tokens, HEADS, WIDTH // HEADS).transpose(0, 2, 1, 3)


def _dense(weights: Weights, name: str, hidden: Floats) -> Floats:
    out: Floats = hidden @ weights[f"{name}.weight"].T + weights[f"{name}.bias"]
    return out


def _normalise(weights: Weights, name: str, hidden: Floats) -> Floats:
    centred = hidden - hidden.mean(axis=-1, keepdims=True)
    spread = np.sqrt((centred**2).mean(axis=-1, keepdims=True) + EPSILON)
    out: Floats = centred / spread * weights[f"{name}.weight"] + weights[f"{name}.bias"]
    return out


def _gelu(hidden: Floats) -> Floats:
    out: Floats = hidden * 0.5 * (1.0 + erf(hidden / math.sqrt(2.0)))
    return out.astype(np.float32)
