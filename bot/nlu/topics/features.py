"""Sparse features: which words, pieces of words and names stand in a text."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Sequence
from functools import cached_property
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
FEW = 32  # texts
FITTING_ONLY = ("min_df", "max_features")


class _Quick:
    """A fitted vectoriser for one text at a time: its columns, in order, and their TF-IDF weights, of length 1."""

    def __init__(self, part: TfidfVectorizer) -> None:
        self._pieces = part.build_analyzer()
        self._columns: dict[str, int] = part.vocabulary_
        self._idf = np.asarray(part.idf_, dtype=np.float32)
        self.width = len(self._idf)

    def __call__(self, text: str) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        found = Counter(self._columns[piece] for piece in self._pieces(text) if piece in self._columns)
        columns = np.array(sorted(found), dtype=np.int64)
        often = np.array([found[column] for column in sorted(found)], dtype=np.float32)
        weights = (np.log(often) + np.float32(1)) * self._idf[columns]
        length = np.sqrt(np.square(weights, dtype=np.float64).sum())
        return columns, (weights / length).astype(np.float32) if length else weights


class SparseFeatures:
    """TF-IDF vectorisers side by side."""

    def __init__(self, parts: dict[str, TfidfVectorizer]) -> None:
        self._parts = parts

    @cached_property
    def _quick(self) -> dict[str, _Quick]:
        return {name: _Quick(part) for name, part in self._parts.items()}

    @classmethod
    def fit(cls, wordings: Sequence[Wording]) -> SparseFeatures:
        """Learn the vocabulary of the training texts."""
        parts = {name: _vectoriser(**options) for name, options in PARTS.items()}
        for name, part in parts.items():
            part.fit([READS[name](wording) for wording in wordings])
        return cls(parts)

    def join(self, dense: NDArray[np.float32], wordings: Sequence[Wording]) -> csr_matrix:
        """Sentence vectors (n, 384) and their wordings -> all features, float32 CSR (n, features)."""
        if len(wordings) <= FEW:
            return self._join_few(dense, wordings)
        blocks = [csr_matrix(dense)]
        for name, part in self._parts.items():
            found = part.transform([READS[name](wording) for wording in wordings])
            blocks.append(found * np.float32(WEIGHTS[name]))
        return hstack(blocks, format="csr")

    def _join_few(self, dense: NDArray[np.float32], wordings: Sequence[Wording]) -> csr_matrix:
        """The same for a message and its clauses. The vectorisers' checks and copies take 2 ms however short a text."""
        columns, values, ends = [], [], [0]
        for row, wording in zip(dense, wordings):
            start = len(row)
            columns.append(np.arange(start))
            values.append(row)
            for name, quick in self._quick.items():
                found, weights = quick(READS[name](wording))
                columns.append(found + start)
                values.append(weights * np.float32(WEIGHTS[name]))
                start += quick.width
            ends.append(ends[-1] + sum(map(len, columns[-1 - len(self._quick) :])))
        width = dense.shape[1] + sum(quick.width for quick in self._quick.values())
        if not wordings:
            return csr_matrix((0, width), dtype=np.float32)
        return csr_matrix((np.concatenate(values), np.concatenate(columns), ends), shape=(len(wordings), width))

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
