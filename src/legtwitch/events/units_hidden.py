"""Small potentials hidden beside a larger one: what is left of it when its unit's waveform is subtracted."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from legtwitch.signal.sorting import resampled

_WIDE_S = 0.026
_REACH_S = 0.018
_APART_S = 0.0035
_FREE_S = 0.005  # from any potential that is known
_STANDS_OUT = 5.0  # noise RMS
_SHARE = 0.12  # of the larger one's peak: its shape varies from time to time
_SIZE = (0.65, 1.5)
_MISFIT = 0.3
_ALIKE = 0.15
_NEAR_S = 0.005
_MOST = 3000
_AT_ONCE = 500


def hidden(
    values: NDArray[np.int16],
    steps: NDArray[np.float32],
    rate_hz: float,
    at: NDArray[np.float64],
    known: NDArray[np.float64],
    shapes: NDArray[np.float32],
    unit: NDArray[np.int64],
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Return samples and units (from 1) of potentials that are seen once the larger one beside them is subtracted.

    values: (channels, samples); steps: one step of it in units of the noise. at: (n,), samples of potentials,
    moved onto their unit's waveform; unit: (n,), 0 or less for none. known: samples of all potentials, none is found
    near them. shapes: (units, channels, size).
    """
    nothing = np.empty(0), np.empty(0, dtype=np.int64)
    chosen = np.flatnonzero(unit > 0)[:_MOST]
    if not chosen.size or len(shapes) < 2:
        return nothing
    wide = round(_WIDE_S * rate_hz)
    full = np.zeros((len(shapes), shapes.shape[1], 2 * wide + 1), dtype=np.float32)
    for one in range(len(shapes)):
        some = at[unit == one + 1][:100]
        if some.size:
            full[one] = np.median(resampled(values, some, wide) * steps[:, None], axis=0)
    marks = np.sort(known)
    where: list[float] = []
    which: list[int] = []
    for start in range(0, chosen.size, _AT_ONCE):
        own = chosen[start : start + _AT_ONCE]
        rest = _without(resampled(values, at[own], wide) * steps[:, None], full[unit[own] - 1])
        peak = np.abs(full[unit[own] - 1]).max(axis=(1, 2))
        odd = np.abs(rest).max(axis=(1, 2)) > np.maximum(_STANDS_OUT, _SHARE * peak)
        for row, number in zip(rest[odd], own[odd].tolist(), strict=True):
            found = _best(row, shapes, _APART_S * rate_hz, _MISFIT, round(_REACH_S * rate_hz))
            if found is None:
                continue
            place = float(at[number]) + found[0]
            near = np.searchsorted(marks, place)
            beside = marks[max(0, near - 1) : near + 1]
            if beside.size and np.abs(beside - place).min() < _FREE_S * rate_hz:
                continue
            where.append(place)
            which.append(found[1] + 1)
            marks = np.insert(marks, near, place)
    return np.asarray(where, dtype=np.float64), np.asarray(which, dtype=np.int64)


def _without(rows: NDArray[np.float32], full: NDArray[np.float32]) -> NDArray[np.float32]:
    """Rows (n, channels, m) less the waveform of each, at its best size and small shift."""
    slope = np.gradient(full, axis=2)
    power, along = (full**2).sum(axis=(1, 2)), (slope**2).sum(axis=(1, 2))
    cross = (full * slope).sum(axis=(1, 2))
    first, second = (rows * full).sum(axis=(1, 2)), (rows * slope).sum(axis=(1, 2))
    square = np.maximum(power * along - cross**2, 1e-9)
    size = np.clip((first * along - second * cross) / square, 0.6, 1.6)
    shift = np.clip((second * power - first * cross) / square, -1.0, 1.0)
    return np.asarray(rows - size[:, None, None] * full - shift[:, None, None] * slope, dtype=np.float32)


def known_again(
    values: NDArray[np.int16],
    steps: NDArray[np.float32],
    rate_hz: float,
    at: NDArray[np.float64],
    doubtful: NDArray[np.bool_],
    shapes: NDArray[np.float32],
    unit: NDArray[np.int64],
) -> None:
    """Give potentials that look like jumps of an electrode the unit whose waveform they have, in place.

    Only a unit with five other discharges or more, and three for ten such potentials: jumps are like each other, too.
    The rest as for `hidden`.
    """
    rows = np.flatnonzero(doubtful)[:_MOST]
    if not rows.size or not len(shapes):
        return
    wide = shapes.shape[2] // 2 + round(_NEAR_S * rate_hz)
    best = np.zeros(rows.size, dtype=np.int64)
    for part in (-0.5, -0.25, 0.0, 0.25):
        every = resampled(values, at[rows] + part, wide) * steps[:, None]
        for place, row in enumerate(every):
            found = _best(row, shapes, 0.0, _ALIKE, wide) if not best[place] else None
            best[place] = best[place] or (0 if found is None else found[1] + 1)
    for one in np.unique(best[best > 0]).tolist():
        own, clean = best == one, int(np.count_nonzero(unit == one))
        if clean >= 5 and clean >= 0.3 * np.count_nonzero(own):
            unit[rows[own]] = one


def _best(
    row: NDArray[np.float32], shapes: NDArray[np.float32], apart: float, misfit: float, reach: int
) -> tuple[int, int] | None:
    """The lag in samples and the number of the unit that explains most of what is left; None where none fits.

    apart: least lag, reach: largest, in samples. misfit: at most, as a share of the unit's sum of squares.
    """
    size, middle = shapes.shape[2], row.shape[1] // 2
    reach = min(reach, (row.shape[1] - size) // 2)
    begin = middle - size // 2
    windows = np.lib.stride_tricks.sliding_window_view(row, size, axis=1)[:, begin - reach : begin + reach + 1]
    power = (shapes**2).sum(axis=(1, 2))
    scale = np.einsum("clt,kct->kl", windows, shapes, optimize=True) / np.maximum(power, 1e-9)[:, None]
    energy = (windows**2).sum(axis=(0, 2))
    left = (energy[None, :] - scale**2 * power[:, None] - shapes[0].size) / np.maximum(power, 1e-9)[:, None]
    lags = np.arange(-reach, reach + 1)
    fits = (scale >= _SIZE[0]) & (scale <= _SIZE[1]) & (left <= misfit)
    fits &= (np.abs(lags) > apart - 1e-9)[None, :]
    gain = np.where(fits, scale**2 * power[:, None], 0.0)
    if gain.max() < 4 * _STANDS_OUT**2:
        return None
    one, lag = np.unravel_index(int(gain.argmax()), gain.shape)
    return int(lags[lag]), int(one)
