"""Where exactly a burst of noise rises through a level: a fit to the power itself, not to a smoothed curve."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

_RAMPS_S = (0.0, 0.03, 0.06, 0.1, 0.16, 0.25, 0.4)
_LEVELS = (0.7, 1.0, 1.4)
_QUIET = 0.2
_UNLIKELY = 12.0  # so far below the best log likelihood nothing counts
_AT_ONCE = 1 << 20  # values of one temporary array


def smear_of(kernel: NDArray[np.float64], size: int) -> tuple[float, ...]:
    """Return how a filter spreads the power of noise over neighbouring bins of `size` samples; odd length, sum 1."""
    half = kernel.size // 2
    reach = -(-half // size)
    place = np.floor((np.arange(-half, half + 1) + size / 2) / size).astype(np.int64) + reach
    power = np.bincount(place, kernel**2, 2 * reach + 1)
    return tuple((power / power.sum()).tolist())


@lru_cache(maxsize=128)
def _ramps(bins: int, size: int, rate_hz: float, smear: tuple[float, ...]) -> NDArray[np.float32]:
    """Power, 0 to 1, of bursts with straight ramps of amplitude, -bins..bins bins from the bin in which they start.

    The mean over all samples of that bin at which the ramp may begin.
    """
    reach = len(smear) // 2
    sample = np.arange(-(bins + reach) * size, (bins + reach + 1) * size)
    time = (sample[:, None] - np.arange(size)) / rate_hz
    rows = [np.where(time >= 0, 1.0, 0.0) if ramp == 0 else np.clip(time / ramp, 0, 1) for ramp in _RAMPS_S]
    power = [(row**2).reshape(-1, size * size).mean(axis=1) for row in rows]
    return np.asarray([np.convolve(row, smear, mode="valid") for row in power], dtype=np.float32)


def crossing_bins(
    power: NDArray[np.float32],
    size: int,
    rate_hz: float,
    rest: NDArray[np.float32],
    level: NDArray[np.float32],
    threshold: NDArray[np.float32],
    weight: float,
    smear: tuple[float, ...],
) -> NDArray[np.float64]:
    """Return for each burst the bin (float, from its first) at which the RMS of noise rises through `threshold`.

    power: mean square of bins of `size` samples, one row a burst that begins at rest and ends inside the burst, (k, n).
    rest, level: RMS before, and roughly in the burst, (k,), in the same unit as threshold (k,).
    weight: independent values that a bin holds. smear: from `smear_of`. Returns the median of the posterior over
    starts, lengths of the rise and levels, under Gaussian noise of that RMS, (k,).

    Source: maximum likelihood for the change of the variance of a Gaussian process.
    Deviations: 1. a ramp of amplitude instead of a jump, so that loud bursts that rise slowly aren't found early or
    late; 2. the power that a sharp filter throws ahead of a loud burst is part of the model; 3. neighbouring samples
    are correlated, which `weight` makes up for; 4. quieter than a fraction of the
    threshold is all the same.
    """
    bins = power.shape[1]
    floor = np.maximum(rest, _QUIET * threshold) ** 2
    amplitude = np.sqrt(np.maximum(level**2 - floor, 0))[:, None] * np.array(_LEVELS, dtype=np.float32)
    amplitude = np.maximum(amplitude, 1e-3)
    needed = np.sqrt(np.maximum(threshold**2 - floor, 0))
    later = np.minimum(needed[:, None] / amplitude, 1)[:, :, None] * (np.array(_RAMPS_S) * (rate_hz / size))
    later += (size - 1) / (2 * size)  # within its bin a burst starts halfway on average
    ramps = _ramps(bins, size, rate_hz, smear)
    many = max(1, _AT_ONCE // (2 * bins * bins))
    result = np.empty(len(power))
    for start in range(0, len(power), many):
        own = slice(start, start + many)
        log = -0.5 * weight * _misfit(power[own], floor[own], amplitude[own], ramps, len(smear) // 2)
        result[own] = _medians(log, later[own].reshape(len(log), -1))
    return result


def _misfit(
    power: NDArray[np.float32],
    floor: NDArray[np.float32],
    amplitude: NDArray[np.float32],
    ramps: NDArray[np.float32],
    reach: int,
) -> NDArray[np.float32]:
    """Minus twice the log likelihood by burst, model (level and ramp) and start: log variance + power / variance.

    A start s bins later sees the ramp s bins earlier: bin t meets ramps[..., bins + t - s]. Until `reach` bins before
    the start, the filter's spread, a burst is at rest: that part needs no model.
    """
    count, bins = power.shape
    ahead = max(0, bins - reach)
    variance = floor[:, None, None, None] + (amplitude**2)[:, :, None, None] * ramps[:, ahead:-1]
    variance = variance.reshape(count, -1, variance.shape[-1])
    start = np.arange(bins)
    resting = np.maximum(start - (bins - ahead), 0)  # bins of power before the spread of a burst that begins at start
    later = np.arange(ahead, 2 * bins)[:, None] + start
    result = np.log(variance) @ ((later >= bins) & (later < 2 * bins)).astype(np.float32)
    padded = np.zeros((count, 3 * bins), dtype=np.float32)
    padded[:, bins : 2 * bins] = power
    shifted = np.lib.stride_tricks.sliding_window_view(padded, bins, axis=1)[:, ahead : 2 * bins]
    result += np.reciprocal(variance) @ np.ascontiguousarray(shifted)
    total = np.concatenate((np.zeros((count, 1), dtype=np.float32), np.cumsum(power, axis=1)), axis=1)
    result += (total[:, resting] / floor[:, None] + resting * np.log(floor)[:, None])[:, None]
    return np.asarray(result)


def _medians(log: NDArray[np.float32], later: NDArray[np.float64]) -> NDArray[np.float64]:
    """The median of the time start + later at which the threshold is met, weighted by exp(log), (k, models, starts)."""
    log -= log.max(axis=(1, 2), keepdims=True)
    likely = np.flatnonzero(log.reshape(-1) > -_UNLIKELY)
    row, start = np.divmod(likely, log.shape[2])  # of all models of all bursts, one after the other
    burst = row // log.shape[1]
    time = start + later.reshape(-1)[row]
    order = np.argsort(time + burst * (2.0 * time.max() + 1))
    total = np.cumsum(np.exp(log.reshape(-1)[likely[order]].astype(np.float64)))
    last = total[np.searchsorted(burst, np.arange(len(log)), side="right") - 1]
    half = (np.concatenate(([0.0], last[:-1])) + last) / 2
    return np.asarray(time[order][np.searchsorted(total, half)])
