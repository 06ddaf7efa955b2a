"""Many stretches of an array looked at together: numpy is quick once, and slow a thousand times."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Laid:
    """Stretches one behind the other.

    own: which of the stretches asked for these are. at: index of each element in the array, (n,). begins: where each
    stretch begins in `at`, as `ufunc.reduceat` takes it. lengths: of each stretch.
    """

    own: slice
    at: NDArray[np.int64]
    begins: NDArray[np.int64]
    lengths: NDArray[np.int64]


def laid_out(starts: NDArray[np.int64], stops: NDArray[np.int64], at_once: int) -> Iterator[Laid]:
    """Yield stretches start..stop (none empty) in portions of about `at_once` elements, at least one stretch each."""
    lengths = stops - starts
    until = np.cumsum(lengths)
    first = 0
    while first < starts.size:
        before = int(until[first - 1]) if first else 0
        last = max(first + 1, int(np.searchsorted(until, before + at_once, side="right")))
        own = slice(first, last)
        begins = until[own] - lengths[own] - before
        at = np.arange(lengths[own].sum()) + np.repeat(starts[own] - begins, lengths[own])
        yield Laid(own, at, begins, lengths[own])
        first = last
