"""Which texts are alike. A module of its own: it is loaded in a process that does nothing else."""

from __future__ import annotations

from typing import Any

NEAR = 0.62  # cosine distance (0..1) within a group, on average


def alike(distances: Any) -> Any:
    """Cosine distances (n, n) -> (n,) numbers of groups."""
    from sklearn.cluster import AgglomerativeClustering

    clusters = AgglomerativeClustering(
        n_clusters=None, affinity="precomputed", linkage="average", distance_threshold=NEAR
    )
    return clusters.fit_predict(distances)
