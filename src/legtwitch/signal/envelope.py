"""RMS envelope on a grid of whole samples, and runs of true values."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

_BLOCK_POINTS = 1 << 16


def rms_envelope(values: NDArray[Any], window: int, step: int) -> NDArray[np.float32]:
    """Return the RMS over a centred window at every `step`-th sample, shape (ceil(n / step),), in the unit of values.

    window: odd number of samples; at both ends the part of it that exists. Point k lies at sample k * step.
    """
    if window < 1 or window % 2 == 0 or step < 1:
        raise ValueError("the window must be odd and the step positive")
    half = window // 2
    points = -(-values.size // step)
    result = np.empty(points, dtype=np.float32)
    for first in range(0, points, _BLOCK_POINTS):
        centres = np.arange(first, min(points, first + _BLOCK_POINTS)) * step
        left = np.maximum(centres - half, 0)
        right = np.minimum(centres + half + 1, values.size)
        block = values[left[0] : right[-1]].astype(np.float64)
        total = np.concatenate(([0.0], np.cumsum(block * block)))
        power = (total[right - left[0]] - total[left - left[0]]) / (right - left)
        result[first : first + centres.size] = np.sqrt(np.maximum(power, 0))
    return result


def runs(flags: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Return the stretches of true values as rows (start, stop), stop exclusive, shape (k, 2)."""
    if not flags.size:
        return np.empty((0, 2), dtype=np.int64)
    edges = np.flatnonzero(flags[1:] != flags[:-1]) + 1
    bounds = np.concatenate(([0], edges, [flags.size]))
    first = 0 if flags[0] else 1
    starts, stops = bounds[first:-1:2], bounds[first + 1 :: 2]
    return np.stack((starts, stops), axis=1).astype(np.int64)


def constant_runs(values: NDArray[Any], shortest: int) -> NDArray[np.int64]:
    """Return stretches of at least `shortest` (2 or more) equal samples as rows (start, stop), shape (k, 2)."""
    if values.size < 2:
        return np.empty((0, 2), dtype=np.int64)
    found = runs(values[1:] == values[:-1])
    found[:, 1] += 1
    return found[found[:, 1] - found[:, 0] >= shortest]
