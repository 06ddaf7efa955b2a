"""What speaks for movement at will in a rhythm as fast as tremor: something is struck in every cycle."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from legtwitch.signal import bandpass_kernel, filter_zero_phase
from legtwitch.signal.spectrum import main_direction

Floats = NDArray[np.float64]

_OVERTONES = 3.5  # times the pace; a tremor has few harmonics, and the third is faint
_HIGHEST_HZ = 40.0
_HIGHEST_SHARE = 0.45  # of the samples a second
_LEAST_CYCLES = 6


@dataclass(frozen=True, slots=True)
class Strikes:
    """What lies far above the pace of a rhythm. share: of its power. locked: 0 to 1, how far it comes once a cycle."""

    share: float
    locked: float


def strikes(values: Floats, rate_hz: float, frequency_hz: float) -> Strikes | None:
    """Return what is struck in each cycle of a rhythm in values (axes, n); None where the samples are too few for it.

    A foot that taps meets the floor once a cycle, at the same phase, for some hundredths of a second; muscles and the
    mass of a limb smooth a tremor. Noise above the pace has no phase.

    Source: engineering of this program; the phase is that of the narrow band at the pace, by its analytic signal.
    """
    low, high = _OVERTONES * frequency_hz, min(_HIGHEST_HZ, _HIGHEST_SHARE * rate_hz)
    if high < 1.3 * low or values.shape[1] * frequency_hz < _LEAST_CYCLES * rate_hz:
        return None
    quick = _band(values, rate_hz, low, high)
    whole = _band(values, rate_hz, 0.6 * frequency_hz, high)
    course = main_direction(_band(values, rate_hz, 0.7 * frequency_hz, 1.3 * frequency_hz))
    spectrum = np.fft.fft(course - course.mean())
    spectrum[course.size // 2 + 1 :] = 0
    analytic = np.fft.ifft(spectrum)
    power = (quick**2).sum(axis=0)
    total = float((whole**2).sum())
    if total <= 0 or power.sum() <= 0:
        return None
    turn = analytic / np.maximum(np.abs(analytic), 1e-12)
    return Strikes(float(power.sum()) / total, float(np.abs((power * turn).sum()) / power.sum()))


def _band(values: Floats, rate_hz: float, low: float, high: float) -> Floats:
    kernel = bandpass_kernel(rate_hz, low, high, min(1.0, low / 2))
    return np.stack([filter_zero_phase(axis, kernel) for axis in values - values.mean(axis=1, keepdims=True)]).astype(
        np.float64
    )
