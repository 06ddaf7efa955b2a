"""Measures of short waveforms, many at once: extent, peak-to-peak amplitude, phases, turns."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray


def spread(flags: NDArray[np.bool_], by: int) -> NDArray[np.bool_]:
    """Return the rows of flags with every true value spread by `by` columns to both sides."""
    result = flags.copy()
    for step in range(1, by + 1):
        result[:, step:] |= flags[:, :-step]
        result[:, :-step] |= flags[:, step:]
    return result


def extents(active: NDArray[np.bool_], gap: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the first and last active column of the stretch round the middle of each row.

    Pauses of up to 2 * gap columns belong to it. Rows without any activity round the middle give the middle twice.
    """
    wide = spread(active, gap)
    middle = wide.shape[1] // 2
    left_open = ~wide[:, middle::-1]
    right_open = ~wide[:, middle:]
    left = np.where(left_open.any(axis=1), left_open.argmax(axis=1), middle + 1)
    right = np.where(right_open.any(axis=1), right_open.argmax(axis=1), wide.shape[1] - middle)
    first = np.where(left > 0, middle - left + 1 + gap, middle)
    last = np.where(right > 0, middle + right - 1 - gap, middle)
    first = np.minimum(first, middle)
    last = np.maximum(last, middle)
    return first.astype(np.int64), last.astype(np.int64)


def inside(shape: tuple[int, int], first: NDArray[np.int64], last: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Return flags of the columns from first to last of each row."""
    column = np.arange(shape[1])
    return np.asarray((column >= first[:, None]) & (column <= last[:, None]))


def phases(rows: NDArray[Any], within: NDArray[np.bool_], least: NDArray[Any]) -> NDArray[np.int64]:
    """Return the number of phases of each row: lobes of alternating sign that reach `least` (one value a row)."""
    sign = np.where(within & (np.abs(rows) >= least[:, None]), np.sign(rows), 0).astype(np.int8)
    row, column = np.nonzero(sign)
    values = sign[row, column]
    new = np.ones(row.size, dtype=bool)
    new[1:] = (row[1:] != row[:-1]) | (values[1:] != values[:-1])
    return np.bincount(row[new], minlength=len(rows)).astype(np.int64)


def turns(rows: NDArray[Any], within: NDArray[np.bool_], least: NDArray[Any]) -> NDArray[np.int64]:
    """Return the number of turns of each row: changes of direction, each at least `least` from the turn before it."""
    found = np.zeros(len(rows), dtype=np.int64)
    for number in range(len(rows)):
        values = rows[number][within[number]].tolist()
        found[number] = _turns(values, float(least[number]))
    return found


def _turns(values: list[float], least: float) -> int:
    if not values:
        return 0
    count, direction = 0, 0
    low = high = values[0]
    for value in values[1:]:
        if direction >= 0 and value < high - least:
            count += direction != 0 or high > values[0]
            direction, low, high = -1, value, value
        elif direction <= 0 and value > low + least:
            count += direction != 0 or low < values[0]
            direction, low, high = 1, value, value
        low, high = min(low, value), max(high, value)
        if direction > 0:
            low = value if value >= high else low
        if direction < 0:
            high = value if value <= low else high
    return count


def energy_widths(rows: NDArray[Any], noise: NDArray[Any], share: float) -> NDArray[np.int64]:
    """Return how many columns hold the middle `share` of each row's energy, less that of its noise (RMS)."""
    power = np.cumsum(np.square(rows, dtype=np.float64) - np.square(noise, dtype=np.float64)[:, None], axis=1)
    power = np.maximum.accumulate(np.maximum(power, 0.0), axis=1)
    whole = power[:, -1:]
    return np.asarray(((power > (0.5 - share / 2) * whole) & (power < (0.5 + share / 2) * whole)).sum(axis=1) + 1)
