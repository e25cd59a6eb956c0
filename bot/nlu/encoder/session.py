"""Run a built encoder: texts in, unit vectors out."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from tokenizers import Tokenizer

from bot.nlu.encoder.build import ABOUT_FILE, MODEL_FILE, TOKENIZER_FILE
from bot.nlu.encoder.lately import Lately

WIDTH = 384
MOST_TOKENS = 128
MOST_KEPT = 1000  # vectors of 1.5 KB, of texts read lately
MANY = 100  # texts worth the start of threads; a visitor's message has a few

Vectors = NDArray[np.float32]

_open: dict[str, Encoder] = {}
_latest: list[str] = []


class Encoder:
    """A loaded encoder. ``digest`` names weights and recipe: vectors of different digests must not be compared."""

    def __init__(self, folder: Path) -> None:
        self.digest: str = json.loads((folder / ABOUT_FILE).read_text(encoding="utf-8"))["digest"]
        self._tokenizer = Tokenizer.from_file(str(folder / TOKENIZER_FILE))
        self._tokenizer.enable_truncation(MOST_TOKENS)
        self._tokenizer.no_padding()
        self._session = onnxruntime.InferenceSession(
            str(folder / MODEL_FILE), _options(), providers=["CPUExecutionProvider"]
        )
        self._kept: dict[str, Vectors] = {}
        self._lately: Lately[Vectors] = Lately(MOST_KEPT)
        places = {word: at for word, at in self._tokenizer.get_vocab(False).items() if word.isalpha()}
        self._words = frozenset(places)
        whole = sorted((word for word in places if len(word) > 1 or word in "ai"), key=places.__getitem__)
        self._ranks = {word: rank for rank, word in enumerate(whole, 1)}

    def encode(self, texts: Sequence[str], *, keep: bool = False) -> Vectors:
        """Texts -> float32 (n, 384), rows of length 1. Words beyond 128 tokens are not read.

        ``keep`` remembers the vectors until ``forget``: for training, where two components ask for
        the same texts. What visitors write must not be kept; see ``lately`` for what is, of few texts.
        """
        if not texts:
            return np.zeros((0, WIDTH), dtype=np.float32)
        new = [text for text in dict.fromkeys(texts) if text not in self._kept]
        if len(new) < MANY:
            found = {text: self._read(text) for text in new}
        else:  # training, or much new knowledge: ONNX Runtime lets other threads run
            with ThreadPoolExecutor(os.cpu_count()) as pool:
                found = dict(zip(new, pool.map(self._one, new)))
        vectors = [self._kept[text] if text in self._kept else found[text] for text in texts]
        if keep:
            self._kept.update(zip(texts, vectors))
        return np.stack(vectors)

    def forget(self) -> None:
        """Drop what ``encode`` remembered, by ``keep=True`` or of late."""
        self._kept.clear()
        self._lately.forget()

    def words(self) -> frozenset[str]:
        """The English words the encoder knows as a whole: right as they are, no misspellings."""
        return self._words

    def ranks(self) -> Mapping[str, int]:
        """The same words with their places by frequency, 1 for the most frequent: the vocabulary is in that order."""
        return self._ranks

    def _read(self, text: str) -> Vectors:
        """The vector of one text, which nobody may write to."""
        known = self._lately.get(text)
        if known is None:
            known = self._one(text)
            self._lately.put(text, known)
        return known

    def _one(self, text: str) -> Vectors:
        # One text a run, never a padded batch: padding costs as much as words, and the int8 scale
        # is shared within a run, so a text's vector would depend on its neighbours.
        ids = np.array([self._tokenizer.encode(text).ids], dtype=np.int64)
        vectors: Vectors = self._session.run(None, {"ids": ids, "mask": np.ones_like(ids)})[0]
        first: Vectors = vectors[0]
        return first


def open_encoder(folder: Path) -> Encoder:
    """Load the encoder in ``folder``; components and reloaded models with the same digest share one in memory."""
    digest = json.loads((folder / ABOUT_FILE).read_text(encoding="utf-8"))["digest"]
    if digest not in _open:
        _open[digest] = Encoder(folder)
    _latest[:] = [digest]
    return _open[digest]


def active() -> Encoder:
    """The encoder opened last: the running model's. Raises ``LookupError`` when no model is loaded."""
    if not _latest:
        raise LookupError("No sentence encoder is loaded; SentenceEncoder must come earlier in config.yml's pipeline.")
    return _open[_latest[0]]


def _options() -> onnxruntime.SessionOptions:
    options = onnxruntime.SessionOptions()
    # One thread: the service scales by processes, and a second thread only steals from them.
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    # The arena keeps the largest message's memory for ever; plain allocation costs under 0.1 ms.
    options.enable_cpu_mem_arena = False
    options.enable_mem_pattern = False
    options.log_severity_level = 3
    return options
