"""How steady a tone is: how far its frequency and its size wander from one second to the next."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from legtwitch.signal.spectrum import frames_of

_BLOCK_S = 1.0
_HOP_S = 0.5
_FEWEST = 8  # pairs of blocks
_TURNS = 2
_DEVIATION = 1.4826  # standard deviations of a normal distribution in a median absolute deviation


@dataclass(frozen=True, slots=True)
class Steadiness:
    """A tone over some time. frequency_hz: median. frequency_spread: robust standard deviation of the frequency from
    second to second, as a share of it. amplitude: median, in the signal's unit; amplitude_spread: the same of it.
    """

    frequency_hz: float
    frequency_spread: float
    amplitude: float
    amplitude_spread: float


def steadiness(values: NDArray[Any], rate_hz: float, near_hz: float) -> Steadiness | None:
    """Return how steady the tone near a frequency (within 0.4 Hz) is in values (axes, n); None where they are short.

    The frequency comes from how the phase turns from block to block, so that noise of a tenth of the tone's size makes
    no more than about 0.0005 of 13 Hz. Noise and a jittered clock can only make a tone look less steady than it is.

    Source: complex demodulation; the spreads are median absolute deviations, so that a run-up at one end weighs little.
    """
    size, hop = round(_BLOCK_S * rate_hz), round(_HOP_S * rate_hz)
    starts = np.arange(0, values.shape[1] - size + 1, max(1, hop), dtype=np.int64)
    if starts.size < _FEWEST + 2:
        return None
    taper = np.hanning(size + 2)[1:-1]
    taper *= 2 / taper.sum()
    centred = values - values.mean(axis=1, keepdims=True)
    hz = near_hz
    for _ in range(_TURNS):
        turned = centred * np.exp(-2j * np.pi * hz / rate_hz * np.arange(values.shape[1]))
        blocks = (frames_of(turned, starts, size) * taper).sum(axis=2)
        away = np.angle((blocks[2:] * blocks[:-2].conj()).sum(axis=1)) / (4 * np.pi * hop / rate_hz)
        hz += float(np.median(away))
    sizes = np.sqrt((np.abs(blocks) ** 2).sum(axis=1))
    middle = float(np.median(sizes))
    return Steadiness(hz, _spread(away) / hz, middle, _spread(sizes) / max(middle, 1e-12))


def _spread(values: NDArray[Any]) -> float:
    return _DEVIATION * float(np.median(np.abs(values - np.median(values))))
