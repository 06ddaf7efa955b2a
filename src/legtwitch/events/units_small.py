"""Few discharges that belong to a larger unit: small groups of its waveform, and single ones seen at another moment."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from legtwitch.signal.sorting import resampled

Floats = NDArray[np.float64]
_AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class SmallSettings:
    """When few discharges are a larger unit's. All choices of this program, made on simulated recordings.

    few: groups with fewer discharges are looked at. array: from so many channels on the place where a unit is seen
    tells it, and size says little. alike: least likeness (cosine, noise taken off) of the waveforms with fewer
    channels, and with an array; sizes: their ratio, likewise. reach_s: how far the middle that was seen may lie off
    that of the unit. misfit: most that a single discharge may leave of its unit, as a share of it, noise taken off.
    """

    few: int = 10
    array: int = 3
    alike: tuple[float, float] = (0.99, 0.975)
    sizes: tuple[float, float] = (1.35, 2.5)
    reach_s: float = 0.015
    misfit: float = 0.35


def absorbed(
    values: NDArray[np.int16],
    steps: NDArray[np.float32],
    rate_hz: float,
    at: Floats,
    label: NDArray[np.int64],
    half: int,
    settings: SmallSettings,
) -> tuple[Floats, NDArray[np.int64]]:
    """Return fractional samples and groups (n,) in which small groups are part of the larger one they are like.

    values: (channels, samples); steps: one step of it in units of the noise. half: samples compared to both sides.
    Those that are moved to a larger group lie at its middle.
    """
    at, label = at.copy(), label.copy()
    count = np.bincount(label)
    place = int(len(steps) >= settings.array)
    reach = round(settings.reach_s * rate_hz)
    names = [one for one in range(count.size) if count[one] >= 2]
    wide = {one: _mean(values, steps, at[label == one], half + reach) for one in names}
    for small in reversed(names):
        if count[small] >= settings.few:
            continue
        best, best_lead, best_lag = settings.alike[place], -1, 0
        windows = np.lib.stride_tricks.sliding_window_view(wide[small], 2 * half + 1, axis=1).transpose(1, 0, 2)
        noise = windows[0].size
        power = np.maximum((windows**2).sum(axis=(1, 2)) - noise / count[small], 1e-9)
        for lead in names:
            if count[lead] <= count[small]:
                continue
            core = wide[lead][:, reach:-reach]
            own = max(float((core**2).sum()) - noise / count[lead], 1e-9)
            alike = np.tensordot(windows, core, axes=2) / np.sqrt(power * own)
            ratio = np.sqrt(power / own)
            alike[(ratio > settings.sizes[place]) | (ratio < 1 / settings.sizes[place])] = 0.0
            if alike.max() > best:
                best, best_lead, best_lag = float(alike.max()), lead, int(alike.argmax()) - reach
        if best_lead >= 0:
            at[label == small] += best_lag
            label[label == small] = best_lead
    return at, label


def _mean(values: NDArray[np.int16], steps: NDArray[np.float32], at: Floats, half: int) -> Floats:
    rows = resampled(values, at[:100], half) * steps[:, None]
    return np.asarray(rows.mean(axis=0), dtype=np.float64)


def seen_elsewhere(
    values: NDArray[np.int16],
    steps: NDArray[np.float32],
    rate_hz: float,
    at: Floats,
    shapes: NDArray[np.float32],
    unit: NDArray[np.int64],
    usable: NDArray[np.bool_],
    settings: SmallSettings,
) -> NDArray[np.int64]:
    """Give potentials without a unit the one whose waveform lies round them at another moment, in place; return them.

    at: (n,), samples, moved to the middle of the unit. shapes: (units, channels, size). unit: (n,), 0 for none.
    The middle of a long potential is now this, now that phase of it; what is left over must be little.
    """
    open_ones = np.flatnonzero(usable & (unit == 0))
    given: list[int] = []
    if not open_ones.size or not len(shapes):
        return open_ones[:0]
    size, reach = shapes.shape[2], round(settings.reach_s * rate_hz)
    power = (shapes**2).sum(axis=(1, 2))
    flat = shapes.reshape(len(shapes), -1)
    for start in range(0, open_ones.size, _AT_ONCE):
        own = open_ones[start : start + _AT_ONCE]
        rows = resampled(values, at[own], size // 2 + reach) * steps[:, None]
        windows = np.lib.stride_tricks.sliding_window_view(rows, size, axis=2).transpose(0, 2, 1, 3)
        for number, row in zip(own.tolist(), windows, strict=True):
            every = row.reshape(len(row), -1)
            scale = every @ flat.T / power
            kept = np.maximum(scale, 0.1) ** 2 * power
            left = ((every**2).sum(axis=1)[:, None] - kept - flat.shape[1]) / kept
            left = np.where((scale > 0.5) & (scale < 1.8), left, np.inf)
            if left.min() <= settings.misfit:
                lag, best = np.unravel_index(int(left.argmin()), left.shape)
                at[number] += int(lag) - reach
                unit[number] = int(best) + 1
                given.append(number)
    return np.asarray(given, dtype=np.int64)
