"""Features of a few texts are made without the vectorisers' detours, and are the same."""

import numpy as np

from bot.nlu.topics import features
from bot.nlu.topics.features import SparseFeatures
from bot.nlu.topics.wording import Wording

TEXTS = [
    "is _programme_ funded",
    "how long does it take",
    "when does it start start start",
    "",
    "qwxz",
    "who can take it",
]


def wordings() -> list[Wording]:
    return [Wording(text, "programme" if "_" in text else "") for text in TEXTS]


def test_the_same_features_as_from_the_vectorisers() -> None:
    fitted = SparseFeatures.fit(wordings() * 3)
    dense = np.random.default_rng(1).normal(size=(len(TEXTS), 384)).astype(np.float32)
    many = fitted.join(np.tile(dense, (10, 1)), wordings() * 10)[: len(TEXTS)]
    assert len(TEXTS) <= features.FEW < 10 * len(TEXTS)
    few = fitted.join(dense, wordings())
    assert few.dtype == many.dtype == np.float32
    np.testing.assert_allclose(few.toarray(), many.toarray(), rtol=1e-5, atol=1e-7)


def test_no_texts_have_no_features() -> None:
    assert SparseFeatures.fit(wordings() * 3).join(np.zeros((0, 384), dtype=np.float32), []).shape[0] == 0
