"""Sparse features: which words, pieces of words and names stand in a text."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, hstack
from sklearn.feature_extraction.text import TfidfVectorizer

from bot.nlu.topics.wording import Wording

VOCABULARY_FILE = "vocabulary.json"
# Pieces of words survive typing errors, whole words carry the meaning of short messages, marks say
# what is named. `weight` is against the sentence vector, whose length is 1.
WORD = r"(?u)\b\w+\b"
PARTS: dict[str, dict[str, Any]] = {
    "pieces": {"analyzer": "char_wb", "ngram_range": (2, 4), "min_df": 2, "max_features": 12_000},
    "words": {"analyzer": "word", "ngram_range": (1, 2), "min_df": 2, "token_pattern": WORD},
    "marks": {"analyzer": "word", "min_df": 2, "token_pattern": r"\S+"},
}
WEIGHTS = {"pieces": 0.5, "words": 0.5, "marks": 0.5}
READS: dict[str, Callable[[Wording], str]] = {
    "pieces": lambda wording: wording.text,
    "words": lambda wording: wording.text,
    "marks": lambda wording: wording.marks,
}
FITTING_ONLY = ("min_df", "max_features")


class SparseFeatures:
    """TF-IDF vectorisers side by side."""

    def __init__(self, parts: dict[str, TfidfVectorizer]) -> None:
        self._parts = parts

    @classmethod
    def fit(cls, wordings: Sequence[Wording]) -> SparseFeatures:
        """Learn the vocabulary of the training texts."""
        parts = {name: _vectoriser(**options) for name, options in PARTS.items()}
        for name, part in parts.items():
            part.fit([READS[name](wording) for wording in wordings])
        return cls(parts)

    def join(self, dense: NDArray[np.float32], wordings: Sequence[Wording]) -> csr_matrix:
        """Sentence vectors (n, 384) and their wordings -> all features, float32 CSR (n, features)."""
        blocks = [csr_matrix(dense)]
        for name, part in self._parts.items():
            found = part.transform([READS[name](wording) for wording in wordings])
            blocks.append(found * np.float32(WEIGHTS[name]))
        return hstack(blocks, format="csr")

    def save(self, folder: Path) -> dict[str, NDArray[np.float32]]:
        """Write the vocabulary to ``folder``; return the arrays for the caller's tensor file."""
        words = {name: {term: int(at) for term, at in part.vocabulary_.items()} for name, part in self._parts.items()}
        (folder / VOCABULARY_FILE).write_text(json.dumps(words), encoding="utf-8")
        return {f"idf.{name}": part.idf_.astype(np.float32) for name, part in self._parts.items()}

    @classmethod
    def load(cls, folder: Path, tensors: dict[str, NDArray[np.float32]]) -> SparseFeatures:
        """The inverse of ``save``."""
        words = json.loads((folder / VOCABULARY_FILE).read_text(encoding="utf-8"))
        parts = {}
        for name, options in PARTS.items():
            kept = {key: value for key, value in options.items() if key not in FITTING_ONLY}
            parts[name] = _vectoriser(vocabulary=words[name], **kept)
            parts[name].idf_ = tensors[f"idf.{name}"]
        return cls(parts)


def _vectoriser(**options: Any) -> TfidfVectorizer:
    return TfidfVectorizer(sublinear_tf=True, dtype=np.float32, **options)
