"""Jumps of an electrode as the raw signal shows them: an edge, then a slow return to one side."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from legtwitch.events.emg_parameters import EmgParameters
from legtwitch.signal.periodic import snippets_at

_REACH_S = 0.02  # to both sides of the middle of the energy: where the edge is looked for
_FEWEST = 3
_SPREAD = 0.5  # of the median, between the fifths: potentials of a unit differ by a fifth of their size or less (0.34)
_AROUND_S = 0.025  # before and after the edge: what else moves


def edges(
    samples: NDArray[np.float32], rate_hz: float, at_s: NDArray[np.float64], parameters: EmgParameters
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Return which potentials are jumps of an electrode, and which may be. samples: (n,), uV, raw. at_s: (k,), in s.

    A contact that gives way is an edge as steep as the amplifier lets through, and then the voltage creeps back: by the
    electrode's or the amplifier's own time, at most to a shallow swing to the other side. The potential of a motor unit
    takes milliseconds to pass the electrodes and swings back as fast as it came. Where the voltage is back soon, only a
    shape that comes back at one size can tell a unit.
    """
    lag = max(1, round(parameters.edge_s * rate_hz))
    half = round((_REACH_S + _AROUND_S) * rate_hz) + lag
    surely, maybe = np.zeros(at_s.size, dtype=bool), np.zeros(at_s.size, dtype=bool)
    if rate_hz < parameters.shape_hz * 0.99 or samples.size < 4 * half:
        return surely, maybe
    place = np.round(at_s * rate_hz).astype(np.int64)
    reach, around = round(_REACH_S * rate_hz), round(_AROUND_S * rate_hz)
    offsets = np.arange(-around, around + 1)
    for first in range(0, at_s.size, 4000):
        rows = snippets_at(samples, place[first : first + 4000], half)
        change = rows[:, lag:] - rows[:, :-lag]
        middle = change.shape[1] // 2
        near = np.abs(change[:, middle - reach : middle + reach + 1])
        edge = middle - reach + near.argmax(axis=1)
        every = np.arange(len(rows))
        top = change[every, edge]
        beside = (
            change[every[:, None], np.clip(edge[:, None] + offsets, 0, change.shape[1] - 1)] * np.sign(top)[:, None]
        )
        back = -beside.min(axis=1)
        size = np.abs(top)
        span = np.ptp(rows[every[:, None], np.clip(edge[:, None] + offsets, 0, rows.shape[1] - 1)], axis=1)
        steep = size >= parameters.edge_share * span
        surely[first : first + 4000] = steep & (back <= parameters.edge_back * size)
        maybe[first : first + 4000] = steep & (back <= parameters.edge_back_soon * size)
    return surely, maybe


def varied(size_uv: NDArray[np.float32]) -> bool:
    """Whether potentials of one shape differ more in size (k,) than discharges of one motor unit do."""
    low, middle, high = np.quantile(size_uv, (0.2, 0.5, 0.8))
    return bool(size_uv.size >= _FEWEST and high - low > _SPREAD * middle)
