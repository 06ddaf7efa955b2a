"""Whether a run of beats is the ringing of something that was pushed once: a swing that dies away by itself."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

_DECAYS = np.geomspace(0.3, 8.0, 14)  # cycles in which a swing falls to 1/e
_DETUNED = np.linspace(0.88, 1.12, 13)  # of the pace of the beats
_FEWEST = 8  # samples
_CLEAR = 1.0  # choice: RMS of the swing over that of noise


@dataclass(frozen=True, slots=True)
class Ringing:
    """How well one damped swing explains a run of beats. fit: share of their power, 0 to 1. cycles: in which it falls
    to 1/e. goes_on: what is there after the last beat, as a share of what the swing would be; None in noise.
    """

    fit: float
    cycles: float
    goes_on: float | None


def ringing(values: Floats, rate_hz: float, frequency_hz: float, beats: int, noise: float) -> Ringing | None:
    """Return how well one damped swing fits values (axes, n), from their largest beat on; None where they are short.

    frequency_hz: the pace of the beats. beats: samples until the last of them ends; what follows tells whether it goes
    on. noise: RMS of an axis at rest, that no swing needs to explain. What was pushed once swings at its own frequency,
    each axis in one phase, loses the same share in every cycle and dies away to nothing; each beat of clonus is a
    contraction of its own, of its own size, shorter than the pause, and after the last there is none.

    Source: engineering of this program: least squares over decay and frequency, with a line for what turns meanwhile.
    """
    beats = min(beats, values.shape[1])
    if beats < max(_FEWEST, round(1.5 * rate_hz / frequency_hz)):
        return None
    time = np.arange(values.shape[1]) / rate_hz
    line = np.stack([np.ones(beats), time[:beats] - time[:beats].mean()], axis=1)
    own = values[:, :beats].T
    data = own - line @ np.linalg.lstsq(line, own, rcond=None)[0]
    chance = noise**2 * data.size
    total = float((data**2).sum()) - chance
    if total <= 0:
        return None
    least, swing, cycles = math.inf, np.zeros((values.shape[1], values.shape[0])), float(_DECAYS[0])
    for tuned in (frequency_hz * _DETUNED).tolist():
        turn = 2 * math.pi * tuned * time
        for one in _DECAYS.tolist():
            fades = np.exp(-time * tuned / one)
            parts = np.stack([fades * np.cos(turn), fades * np.sin(turn)], axis=1)
            every = np.concatenate([line, parts[:beats]], axis=1)
            found = np.linalg.lstsq(every, data, rcond=None)[0]
            left = float(((data - every @ found) ** 2).sum())
            if left < least:
                least, swing, cycles = left, parts @ found[2:], one
    fit = 1 - max(0.0, least - chance) / total
    return Ringing(fit, cycles, _goes_on(values[:, beats:].T, swing[beats:], noise))


def _goes_on(after: Floats, swing: Floats, noise: float) -> float | None:
    """The share of a swing that is there after the last beat, by projection; None where noise hides it."""
    if len(after) < _FEWEST // 2 or float((swing**2).mean()) < (_CLEAR * noise) ** 2:
        return None
    time = np.arange(len(after)) - (len(after) - 1) / 2
    line = np.stack([np.ones(len(after)), time], axis=1)
    expected = swing - line @ np.linalg.lstsq(line, swing, rcond=None)[0]
    power = float((expected**2).sum())
    return float((after * expected).sum()) / power if power > 0 else None
