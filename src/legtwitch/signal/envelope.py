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
        count = min(points - first, _BLOCK_POINTS)
        start = first * step - half
        stop = start + (count - 1) * step + window
        stretch = values[max(start, 0) : stop].astype(np.float32, copy=False)
        power = np.zeros(stop - start, dtype=np.float32)
        np.square(stretch, out=power[max(-start, 0) : max(-start, 0) + stretch.size])
        total = _window_sums(power, window, step, count)
        if start < 0 or stop > values.size:
            at = np.arange(first, first + count) * step
            total /= np.minimum(at + half + 1, values.size) - np.maximum(at - half, 0)
        else:
            total *= np.float32(1 / window)
        np.sqrt(total, out=result[first : first + count])
    return result


def _window_sums(values: NDArray[np.float32], window: int, step: int, count: int) -> NDArray[np.float32]:
    """Sums of values[k * step : k * step + window] for k < count: steps are added up, then twos, fours, eights of them.

    Unlike differences of a running sum it loses no small value beside a large one.
    """
    whole, rest = divmod(window, step)
    result = np.zeros(count, dtype=np.float32)
    for one in range(rest):
        result += values[whole * step + one :: step][:count]
    steps = values[::step][: count + whole - 1].copy()
    for one in range(1, step):
        steps += values[one::step][: steps.size]
    place, width = 0, 1
    while whole:
        if whole & 1:
            result += steps[place : place + count]
            place += width
        whole >>= 1
        if whole:
            steps = steps[:-width] + steps[width:]
            width *= 2
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
    if values.size < shortest:
        return np.empty((0, 2), dtype=np.int64)
    if shortest >= 16:  # eight of these samples lie in any such stretch: seldom equal by chance
        few = values[:: shortest // 8]
        pairs = (few[2:] == few[1:-1]) & (few[1:-1] == few[:-2])
        if not (pairs[4:] & pairs[2:-2] & pairs[:-4]).any():
            return np.empty((0, 2), dtype=np.int64)
    same = values[1:] == values[:-1]
    width, needed = 1, shortest - 1
    while width < needed and same.any():  # same[i]: `width` pairs from i on are equal
        more = min(width, needed - width)
        same = same[:-more] & same[more:]
        width += more
    found = runs(same)
    found[:, 1] += needed
    return found
