"""Which features and which classifier: held-out lines of data/nlu, classified by each: `python -m bench.compare`.

Plain classification, without clauses and without asking back, so that only features and classifier differ.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression
from sklearn.neighbors import KNeighborsClassifier
from sklearn.svm import LinearSVC

from bot.runtime import lean_imports

lean_imports.install()

from bot.evaluation.crossvalidation import FOLDS, folds, settings, written  # noqa: E402
from bot.nlu.classifier import encoded  # noqa: E402
from bot.nlu.encoder import build, session, weights  # noqa: E402
from bot.nlu.topics import regression, repair  # noqa: E402
from bot.nlu.topics.examples import examples  # noqa: E402
from bot.nlu.topics.features import SparseFeatures  # noqa: E402
from bot.nlu.topics.likeness import Likeness  # noqa: E402
from guidance.knowledge import current  # noqa: E402

Labels = NDArray[np.str_]
Guess = Callable[[csr_matrix, Labels, csr_matrix], Labels]
NEIGHBOURS = 5


def multinomial(features: csr_matrix, labels: Labels, held: csr_matrix) -> Labels:
    """One logistic regression of all intents."""
    fitted = _fitted(features, labels)
    found: Labels = np.array(fitted.intents)[fitted.scores(held).argmax(axis=1)]
    return found


def with_likeness(features: csr_matrix, labels: Labels, held: csr_matrix) -> Labels:
    """What serves visitors: that, and how near the likeliest intents' sentences are."""
    fitted = _fitted(features, labels)
    vectors, held_vectors = features[:, : session.WIDTH].toarray(), held[:, : session.WIDTH].toarray()
    likeness = Likeness.of(vectors, labels.tolist())
    scores = likeness.added(fitted.scores(held), held_vectors, fitted.intents)
    found: Labels = np.array(fitted.intents)[scores.argmax(axis=1)]
    return found


def one_each(features: csr_matrix, labels: Labels, held: csr_matrix) -> Labels:
    """A logistic regression for each intent against the rest."""
    fitted = LogisticRegression(
        C=8.0, solver="liblinear", dual=True, tol=0.3, max_iter=300, class_weight="balanced", multi_class="ovr"
    )
    found: Labels = fitted.fit(features, labels).predict(held)
    return found


def _fitted(features: csr_matrix, labels: Labels) -> regression.Regression:
    config = settings()
    return regression.fit(features, labels.tolist(), config["strength"], config["temperature"], session.WIDTH)


def machine(features: csr_matrix, labels: Labels, held: csr_matrix) -> Labels:
    """A linear support vector machine."""
    found: Labels = LinearSVC(C=0.5, class_weight="balanced").fit(features, labels).predict(held)
    return found


def neighbours(features: csr_matrix, labels: Labels, held: csr_matrix) -> Labels:
    """The majority of the nearest lines."""
    fitted = KNeighborsClassifier(NEIGHBOURS, metric="cosine", weights="distance").fit(features, labels)
    found: Labels = fitted.predict(held)
    return found


VARIANTS: list[tuple[str, str, Guess]] = [
    ("sparse", "multinomial regression", multinomial),
    ("encoder", "multinomial regression", multinomial),
    ("both", "multinomial regression", multinomial),
    ("both", "multinomial regression and nearest sentences (serves)", with_likeness),
    ("both", "one regression an intent", one_each),
    ("both", "linear SVM", machine),
    ("encoder", "nearest neighbours", neighbours),
]


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folds", type=int, default=FOLDS, help=f"how many of the {FOLDS} folds to hold out")
    count = parser.parse_args(arguments).folds
    session.open_encoder(build.build(weights.locate(), build.default_cache()))
    learned = examples(written(), current())
    lines = [at for at, item in enumerate(learned) if item.source == "nlu"]
    fold_of = dict(zip(lines, folds([learned[at].intent for at in lines])))
    right: dict[tuple[str, str], list[bool]] = {variant[:2]: [] for variant in VARIANTS}
    for fold in range(count):
        kept = [item for at, item in enumerate(learned) if fold_of.get(at) != fold]
        held = [learned[at] for at in lines if fold_of[at] == fold]
        repair.learn(item.text for item in kept if item.source == "nlu")
        (wordings, vectors), (asked, held_vectors) = (encoded(items, current(), keep=True) for items in (kept, held))
        sparse = SparseFeatures.fit(wordings)
        labels, wanted = np.array([item.intent for item in kept]), np.array([item.intent for item in held])
        parts = {
            "sparse": (sparse.join(vectors * 0, wordings), sparse.join(held_vectors * 0, asked)),
            "encoder": (csr_matrix(vectors), csr_matrix(held_vectors)),
            "both": (sparse.join(vectors, wordings), sparse.join(held_vectors, asked)),
        }
        for name, by, guess in VARIANTS:
            started = time.monotonic()
            right[name, by] += (guess(parts[name][0], labels, parts[name][1]) == wanted).tolist()
            print(f"fold {fold + 1}: {name}, {by}: {time.monotonic() - started:.0f} s", file=sys.stderr)
    print("| features | classifier | right |\n|---|---|---|")
    for (name, by), found in right.items():
        print(f"| {name} | {by} | {sum(found) / len(found):.1%} |")
    return 0


if __name__ == "__main__":
    sys.exit(main())
