"""Copies of what was withdrawn wait for a person: a withdrawal names one article and means its text."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from dataset_builder.copies.near import ClusterMembers
from dataset_builder.spelling import Indices


def set_apart(
    clusters: ClusterMembers, withdrawn: npt.NDArray[np.bool_], order: Indices
) -> tuple[ClusterMembers, dict[int, int]]:
    """The clusters of what was not withdrawn, and the rows that are like a withdrawn one.

    Args:
        withdrawn: of every row whether it was.
        order: the row numbers, the best representatives first.

    Returns:
        The clusters without withdrawn rows, each of two members or more; and row -> the first withdrawn one of the
        cluster that it was in.
    """
    touched = np.unique(clusters.representatives[withdrawn[clusters.rows]])
    if not len(touched):
        return clusters, {}
    chosen = np.isin(clusters.representatives, touched)
    rank = np.empty(len(order), np.int64)
    rank[order] = np.arange(len(order))
    representatives = dict(
        zip(clusters.rows[~chosen].tolist(), clusters.representatives[~chosen].tolist(), strict=True)
    )
    like: dict[int, int] = {}
    for first in touched.tolist():
        members = clusters.rows[clusters.representatives == first]
        members = members[np.argsort(rank[members])]
        gone, left = members[withdrawn[members]].tolist(), members[~withdrawn[members]].tolist()
        like |= dict.fromkeys(left, gone[0])
        if len(left) > 1:
            representatives |= dict.fromkeys(left, left[0])
    rows = sorted(representatives)
    named = [representatives[row] for row in rows]
    return ClusterMembers(np.array(rows, np.int64), np.array(named, np.int64)), like
