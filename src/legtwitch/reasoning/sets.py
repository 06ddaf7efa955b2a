"""Sums over all sets of at most so many causes that hold together, for where exact sums would take too long."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from itertools import combinations
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from numpy.typing import NDArray

ALL_TOGETHER = 12
"""Up to so many causes every combination is counted."""
_CHUNK = 2**16
_TINY = 1e-300


def log_odds(
    odds: NDArray[Any],
    links: Sequence[Mapping[int, NDArray[Any]]],
    leaks: NDArray[Any],
    weights: NDArray[Any],
    together: int,
) -> tuple[NDArray[Any], NDArray[Any]]:
    """Return what `sums.log_odds` does, over sets of up to `together` causes; of up to 12 causes, over all sets."""
    import numpy as np

    count, many = odds.shape
    rows = sets(count, together)
    members = np.zeros((count + 1, len(rows)))
    members[rows, np.arange(len(rows))[:, None]] = 1.0
    members = members[:count]
    size = max(_CHUNK // len(rows), 1)
    found = np.empty((count, many))
    nothing = np.empty(many)
    for first in range(0, many, size):
        part = slice(first, first + size)
        state = _product(np.vstack([odds[:, part], np.ones((1, odds[:, part].shape[1]))]), rows)
        for node, (holds, fails) in enumerate(weights[:, :, part]):
            kept = np.ones((count + 1, state.shape[1]))
            for cause, speaks in enumerate(links):
                if node in speaks:
                    given = speaks[node]
                    kept[cause] = 1 - (given if len(given) == 1 else given[part])
            leak = leaks[node] if leaks.shape[1] == 1 else leaks[node, part]
            miss = (1 - leak) * _product(kept, rows)
            state *= holds + (fails - holds) * miss
            state /= np.maximum(state.max(axis=0), _TINY)
        total = state.sum(axis=0)
        inside, outside = members @ state, (1 - members) @ state
        found[:, part] = np.log(np.maximum(inside, _TINY)) - np.log(np.maximum(outside, _TINY))
        nothing[part] = np.log(np.maximum(state[0], _TINY)) - np.log(total)
    return found, nothing


def _product(figures: NDArray[Any], rows: NDArray[Any]) -> NDArray[Any]:
    result: NDArray[Any] = figures[rows[:, 0]]
    for column in range(1, rows.shape[1]):
        result *= figures[rows[:, column]]
    return result


@lru_cache(maxsize=16)
def sets(count: int, together: int) -> NDArray[Any]:
    """Return sets of `count` causes as rows of indices, filled up with `count`; the first is the empty one."""
    import numpy as np

    size = max(min(together, count), 1)
    if count <= ALL_TOGETHER:
        bits = (np.arange(2**count)[:, None] >> np.arange(max(count, 1))) & 1
        return np.where(bits == 1, np.arange(max(count, 1)), count)
    rows = [np.full((1, size), count)]
    for many in range(1, size + 1):
        chosen = np.array(list(combinations(range(count), many)))
        rows.append(np.pad(chosen, ((0, 0), (0, size - many)), constant_values=count))
    return np.concatenate(rows)
