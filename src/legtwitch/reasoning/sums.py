"""Exact sums over every combination of causes of a noisy-OR network, by what the causes have brought about so far.

A noisy-OR node holds as soon as one cause brings it about, whichever that is. Going through the causes one by one, all
that needs to be kept is which nodes hold already: 2 ** nodes states, whatever the number of causes. All terms are
positive, so nothing cancels (the sums with alternating signs of Heckerman 1989, Quickscore, lose every digit where
many findings are present that no listed cause explains).

Source: D'Ambrosio 1994 (symbolic probabilistic inference in BN2O) for summing causes out of noisy-OR nodes one by one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from numpy.typing import NDArray

MOST_NODES = 16
"""With more nodes the sums would take too long."""
_CHUNK = 2**16
_TINY = 1e-300


def order(links: Sequence[Mapping[int, object]]) -> tuple[list[int], list[int]]:
    """Return causes and nodes in the order that brings new nodes in as late as possible.

    Parameters
    ----------
    links: for each cause, node → how often it brings the node about.
    """
    waiting = set(range(len(links)))
    causes: list[int] = []
    nodes: list[int] = []
    while waiting:
        best = min(waiting, key=lambda one: (sum(node not in nodes for node in links[one]), one))
        waiting.discard(best)
        causes.append(best)
        nodes += [node for node in sorted(links[best]) if node not in nodes]
    return causes, nodes


def log_odds(
    odds: NDArray[Any], links: Sequence[Mapping[int, NDArray[Any]]], leaks: NDArray[Any], weights: NDArray[Any]
) -> tuple[NDArray[Any], NDArray[Any]]:
    """Return the log-odds of every cause, shape (causes, k), and the log of the chance of none at all, shape (k,).

    Parameters
    ----------
    odds: of each cause before these nodes, shape (causes, k). links: for each cause, node → how often it brings the
    node about. leaks: how often each node holds without a cause, one row for each. weights: chance of what was observed
    of a node if it holds and if it doesn't, shape (nodes, 2, k). The last axis of links and leaks is k or 1.
    """
    import numpy as np

    causes, nodes = order(links)
    place = {node: bit for bit, node in enumerate(nodes)}
    many = odds.shape[1]
    size = max(_CHUNK >> len(nodes), 1)
    found = np.empty(odds.shape)
    nothing = np.empty(many)
    for first in range(0, many, size):
        part = slice(first, first + size)
        steps = [[(place[node], _cut(given, part)) for node, given in links[cause].items()] for cause in causes]
        found[causes, part], nothing[part] = _sums(
            odds[causes, part], steps, _cut(leaks[nodes], part), weights[nodes][:, :, part]
        )  # fmt: skip
    return found, nothing


def _cut(figures: NDArray[Any], part: slice) -> NDArray[Any]:
    return figures if figures.shape[-1] == 1 else figures[..., part]


def _sums(
    odds: NDArray[Any], steps: list[list[tuple[int, NDArray[Any]]]], leaks: NDArray[Any], weights: NDArray[Any]
) -> tuple[NDArray[Any], NDArray[Any]]:
    import numpy as np

    many = odds.shape[1]
    after = np.ones((1, many))
    for leak, (holds, fails) in zip(leaks, weights, strict=True):
        after = np.concatenate([after * (leak * holds + (1 - leak) * fails), after * holds])
    before = np.ones((1, many))
    reached = []
    used = 0
    for index, step in enumerate(steps):
        reached.append(before)
        used = max([used, *(bit + 1 for bit, _ in step)])
        wide = np.zeros((2**used, many))
        wide[: len(before)] = before
        present = wide * odds[index]
        for bit, given in step:
            state = present.reshape(-1, 2, 2**bit, many)
            state[:, 1] += given * state[:, 0]
            state[:, 0] *= 1 - given
        before = wide + present
    total = np.einsum("ij,ij->j", before, after)
    nothing = np.log(np.maximum(after[0], _TINY)) - np.log(np.maximum(total, _TINY))
    found = np.empty(odds.shape)
    for index in range(len(steps) - 1, -1, -1):
        start = reached[index]
        present = after.copy()
        for bit, given in steps[index]:
            state = present.reshape(-1, 2, 2**bit, many)
            state[:, 0] *= 1 - given
            state[:, 0] += given * state[:, 1]
        inside = np.einsum("ij,ij->j", start, present[: len(start)]) * odds[index]
        outside = np.einsum("ij,ij->j", start, after[: len(start)])
        found[index] = np.log(np.maximum(inside, _TINY)) - np.log(np.maximum(outside, _TINY))
        after = after[: len(start)] + odds[index] * present[: len(start)]
    return found, nothing
