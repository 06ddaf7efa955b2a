"""Where exactly a burst of noise rises through a level: a fit to the power itself, not to a smoothed curve."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

_RAMPS_S = (0.0, 0.03, 0.06, 0.1, 0.16, 0.25, 0.4)
_LEVELS = (0.7, 1.0, 1.4)
_QUIET = 0.2


def smear_of(kernel: NDArray[np.float64], size: int) -> tuple[float, ...]:
    """Return how a filter spreads the power of noise over neighbouring bins of `size` samples; odd length, sum 1."""
    half = kernel.size // 2
    reach = -(-half // size)
    place = np.floor((np.arange(-half, half + 1) + size / 2) / size).astype(np.int64) + reach
    power = np.bincount(place, kernel**2, 2 * reach + 1)
    return tuple((power / power.sum()).tolist())


@lru_cache(maxsize=128)
def _ramps(bins: int, bin_s: float, smear: tuple[float, ...]) -> NDArray[np.float64]:
    """Power, 0 to 1, of bursts with straight ramps of amplitude, -bins..bins bins from the start of the ramp."""
    reach = len(smear) // 2
    time = np.arange(-bins - reach, bins + reach + 1) * bin_s
    rows = [np.where(time >= 0, 1.0, 0.0) if ramp == 0 else np.clip(time / ramp, 0, 1) for ramp in _RAMPS_S]
    return np.asarray([np.convolve(row**2, smear, mode="valid") for row in rows])


def crossing_bin(
    power: NDArray[np.float64],
    bin_s: float,
    rest: float,
    level: float,
    threshold: float,
    weight: float,
    smear: tuple[float, ...],
) -> float:
    """Return the bin (float, from the start of `power`) at which the RMS of noise rises through `threshold`.

    power: mean square of bins (n,) of `bin_s` seconds that begin at rest and end inside the burst.
    rest, level: RMS before, and roughly in the burst, in the same unit as threshold.
    weight: independent values that a bin holds. smear: from `smear_of`. Returns the median of the posterior over
    starts, lengths of the rise and levels, under Gaussian noise of that RMS.

    Source: maximum likelihood for the change of the variance of a Gaussian process.
    Deviations: 1. a ramp of amplitude instead of a jump, so that loud bursts that rise slowly aren't found early or
    late; 2. the power that a sharp filter throws ahead of a loud burst is part of the model; 3. neighbouring samples
    are correlated, which `weight` makes up for; 4. quieter than a fraction of the
    threshold is all the same.
    """
    bins = power.size
    ramps = _ramps(bins, bin_s, smear)
    floor = max(rest, _QUIET * threshold) ** 2
    starts = np.arange(bins)
    logs, times = [], []
    needed = float(np.sqrt(max(threshold**2 - floor, 0.0)))
    for scale in _LEVELS:
        amplitude = max(float(np.sqrt(max(level**2 - floor, 0.0))) * scale, 1e-3)
        variance = floor + amplitude**2 * ramps
        sums = np.concatenate((np.zeros((len(ramps), 1)), np.cumsum(np.log(variance), axis=1)), axis=1)
        log = sums[:, 2 * bins - starts] - sums[:, bins - starts]
        # A start s bins later sees the ramp s bins earlier: the sum over t of power[t] / variance[bins + t - s].
        misfit = np.array([np.correlate(1 / row, power)[bins:0:-1] for row in variance])
        logs.append(-0.5 * weight * (log + misfit))
        reach = min(needed / amplitude, 1.0)
        times.append(starts[None, :] + (np.asarray(_RAMPS_S) * (reach / bin_s))[:, None])
    every = np.concatenate([one.ravel() for one in logs])
    time = np.concatenate([one.ravel() for one in times])
    likely = np.flatnonzero(every > every.max() - 12)
    likely = likely[np.argsort(time[likely])]
    total = np.cumsum(np.exp(every[likely] - every.max()))
    return float(time[likely[int(np.searchsorted(total, total[-1] / 2))]])
