"""Energy of short pulses in noise: a bank of derivative-of-Gaussian and Mexican-hat kernels, and the level of noise."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

_HOP = 64
_BLOCK = 1 << 16
_REACH = 4.0  # a kernel ends at so many standard deviations of its Gaussian


def pulse_kernels(rate_hz: float, scales_s: Sequence[float]) -> NDArray[np.float32]:
    """Return pairs of kernels, one pair a scale: the first and the second derivative of a Gaussian.

    rate_hz: samples a second. scales_s: standard deviations of the Gaussians in s.
    Shape (2 * scales, n), n odd; each row has the sum 0 and the sum of squares 1. A pair reacts to a pulse of about
    four to six times its scale, whatever its phase.

    Source: Hermite-Rodriguez functions of the order 1 and 2, as used for potentials of motor units in surface EMG.
    """
    half = max(2, int(np.ceil(_REACH * max(scales_s) * rate_hz)))
    steps = np.arange(-half, half + 1) / rate_hz
    rows = []
    for scale in scales_s:
        place = steps / scale
        bell = np.exp(-(place**2) / 2)
        for row in (-place * bell, (1 - place**2) * bell):
            even = row - bell * (row.sum() / bell.sum())
            rows.append(even / np.sqrt((even**2).sum()))
    return np.asarray(rows, dtype=np.float32)


def _frame_weights(kernels: NDArray[np.float32]) -> NDArray[np.float32]:
    """The matrix that turns a frame into _HOP outputs of every kernel, shape (length, kernels * _HOP)."""
    count, size = kernels.shape
    weights = np.zeros((size + _HOP - 1, count, _HOP), dtype=np.float32)
    for place in range(_HOP):
        weights[place : place + size, :, place] = kernels.T
    return np.ascontiguousarray(weights.reshape(size + _HOP - 1, count * _HOP))


def pulse_energy(values: NDArray[np.float32], kernels: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return at every sample the energy of the best scale, in units of what white noise of the same spectrum gives.

    values: (n,), zero-phase band-passed. kernels: from `pulse_kernels`.
    Each kernel's output is divided by its own level in quiet signal (median of its absolute value), so that noise of
    any colour gives about 1 RMS a kernel before the root of the sum of both squares of a pair is taken; the largest
    pair counts. Values lie about 1.2 to 1.9 in noise alone; the unit is then `values / RMS of the noise`.
    """
    pairs = len(kernels) // 2
    half = kernels.shape[1] // 2
    result = np.empty(values.size, dtype=np.float32)
    if not values.size:
        return result
    level = _levels(values, kernels)
    weights = _frame_weights(kernels / level[:, None])
    length = len(weights)
    for start in range(0, values.size, _BLOCK):
        stop = min(values.size, start + _BLOCK)
        frames = -(-(stop - start) // _HOP)
        low, high = start - half, start - half + (frames - 1) * _HOP + length
        stretch = values[max(low, 0) : max(0, min(high, values.size))]
        stretch = np.pad(
            stretch,
            (max(-low, 0), max(high - values.size, 0)),
            mode="reflect" if stretch.size > high - low - stretch.size else "edge",
        )
        view = np.lib.stride_tricks.sliding_window_view(stretch, length)[::_HOP]
        out = (np.ascontiguousarray(view) @ weights).reshape(frames, pairs, 2, _HOP)
        np.square(out, out=out)
        best = (out[:, :, 0] + out[:, :, 1]).max(axis=1)
        result[start:stop] = np.sqrt(best, out=best).reshape(-1)[: stop - start]
    return result


def _levels(values: NDArray[np.float32], kernels: NDArray[np.float32]) -> NDArray[np.float32]:
    """The level of each kernel's output in the quieter half of up to sixty stretches; never 0."""
    size = max(kernels.shape[1] * 8, 1024)
    if values.size < 2 * size:
        stretches = [values]
    else:
        starts = np.unique(np.linspace(0, values.size - size, 60).astype(np.int64))
        stretches = [values[start : start + size] for start in starts.tolist()]
    rows = []
    for stretch in stretches:
        if stretch.size <= kernels.shape[1]:
            continue
        frames = np.lib.stride_tricks.sliding_window_view(stretch, kernels.shape[1])[::3]
        rows.append(np.median(np.abs(frames @ kernels.T), axis=0) / 0.6745)
    if not rows:
        return np.ones(len(kernels), dtype=np.float32)
    found = np.asarray(rows)
    order = np.argsort(found.sum(axis=1))
    alive = order[found[order].sum(axis=1) > 0]
    quiet = found[alive[: max(1, alive.size // 2)]] if alive.size else np.ones((1, len(kernels)))
    return np.asarray(np.maximum(np.median(quiet, axis=0), 1e-6), dtype=np.float32)


def block_medians(values: NDArray[Any], size: int) -> NDArray[np.float32]:
    """Return the median of each block of `size` samples (a rest shorter than half a block joins the last one)."""
    count = max(1, round(values.size / size))
    whole = min(count, values.size // size)
    if not whole:
        return np.asarray([np.median(values) if values.size else 0.0], dtype=np.float32)
    found = np.median(values[: whole * size].reshape(whole, size), axis=1)
    if count > whole:
        found = np.append(found, np.median(values[whole * size :]))
    return np.asarray(found, dtype=np.float32)


def rolling_quantile(values: NDArray[Any], reach: int, quantile: float) -> NDArray[np.float32]:
    """Return the quantile of values[k - reach : k + reach + 1]; NaN is left out, ends use what exists."""
    padded = np.pad(values.astype(np.float32), reach, constant_values=np.nan)
    windows = np.sort(np.lib.stride_tricks.sliding_window_view(padded, 2 * reach + 1), axis=1)
    count = np.isfinite(windows).sum(axis=1)
    place = quantile * np.maximum(count - 1, 0)
    low = place.astype(np.int64)
    rows = np.arange(values.size)
    left, right = windows[rows, low], windows[rows, np.minimum(low + 1, np.maximum(count - 1, 0))]
    return np.asarray(left + (place - low) * (right - left), dtype=np.float32)


def peaks(energy: NDArray[np.float32], threshold: NDArray[np.float32], block: int, apart: int) -> NDArray[np.int64]:
    """Return the samples at which the energy is above the threshold and the largest within `apart` samples.

    threshold: one value a block of `block` samples; the last holds for what is left.
    """
    above: list[NDArray[np.int64]] = []
    last = len(threshold) - 1
    for number, level in enumerate(threshold.tolist()):
        start = number * block
        stop = energy.size if number == last else min(energy.size, start + block)
        inside = np.flatnonzero(energy[start:stop] > level)
        if inside.size:
            above.append(inside + start)
    if not above:
        return np.empty(0, dtype=np.int64)
    at = np.concatenate(above)
    local = at[(at > 0) & (at < energy.size - 1)]
    local = local[(energy[local] >= energy[local - 1]) & (energy[local] > energy[local + 1])]
    return _thinned(local, energy, apart)


def _thinned(at: NDArray[np.int64], energy: NDArray[np.float32], apart: int) -> NDArray[np.int64]:
    """Those that no larger one lies within `apart` of, the largest first."""
    keep: list[int] = []
    group: list[int] = []
    for place in at.tolist():
        if group and place - group[-1] > apart:
            keep += _largest_first(group, energy, apart)
            group = []
        group.append(place)
    keep += _largest_first(group, energy, apart)
    return np.asarray(keep, dtype=np.int64)


def _largest_first(group: list[int], energy: NDArray[np.float32], apart: int) -> list[int]:
    if len(group) < 2:
        return group
    chosen: list[int] = []
    for place in sorted(group, key=lambda one: -float(energy[one])):
        if all(abs(place - other) > apart for other in chosen):
            chosen.append(place)
    return sorted(chosen)
