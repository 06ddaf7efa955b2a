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


@dataclass(frozen=True, slots=True)
class Ringing:
    """How well one damped swing explains a run of beats. fit: share of their power, 0 to 1. cycles: in which it falls
    to 1/e.
    """

    fit: float
    cycles: float


def ringing(values: Floats, rate_hz: float, frequency_hz: float, noise: float) -> Ringing | None:
    """Return how well one damped swing fits values (axes, n), from their largest beat on; None where they are short.

    frequency_hz: the pace of the beats. noise: RMS of an axis at rest, that no swing needs to explain. What was pushed
    once swings at its own frequency, each axis in one phase, and loses the same share in every cycle; each beat of
    clonus is a contraction of its own, of its own size, shorter than the pause.

    Source: engineering of this program: least squares over decay and frequency, with a line for what turns meanwhile.
    """
    count = values.shape[1]
    if count < max(_FEWEST, round(1.5 * rate_hz / frequency_hz)):
        return None
    time = np.arange(count) / rate_hz
    line = np.stack([np.ones(count), time - time.mean()], axis=1)
    data = values.T - line @ np.linalg.lstsq(line, values.T, rcond=None)[0]
    total = float((data**2).sum()) - noise**2 * values.shape[0] * count
    if total <= 0:
        return None
    best = Ringing(0.0, float(_DECAYS[0]))
    for tuned in (frequency_hz * _DETUNED).tolist():
        turn = 2 * math.pi * tuned * time
        for cycles in _DECAYS.tolist():
            fades = np.exp(-time * tuned / cycles)
            parts = np.concatenate([line, (fades * np.cos(turn))[:, None], (fades * np.sin(turn))[:, None]], axis=1)
            left = data - parts @ np.linalg.lstsq(parts, data, rcond=None)[0]
            unexplained = max(0.0, float((left**2).sum()) - noise**2 * values.shape[0] * count)
            fit = 1 - unexplained / total
            if fit > best.fit:
                best = Ringing(fit, cycles)
    return best
