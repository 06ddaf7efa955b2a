"""What speaks for movement at will in a rhythm as fast as tremor: something is struck in every cycle."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from legtwitch.events.motion_parameters import MotionParameters
from legtwitch.signal import bandpass_kernel, filter_zero_phase
from legtwitch.signal.spectrum import main_direction

Floats = NDArray[np.float64]

_OVERTONES = 3.5  # times the pace; a tremor has few harmonics, and the third is faint
_HIGHEST_HZ = 40.0
_HIGHEST_SHARE = 0.45  # of the samples a second
_LEAST_CYCLES = 6
_KEPT_STILL = ("at_rest", "lying", "holding", "standing")


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


def may_be_at_will(
    hz: float, values: Floats, rate_hz: float, rotation: bool, posture: str | None, parameters: MotionParameters
) -> tuple[float, str] | None:
    """Return how likely a rhythm as fast as tremor is one made at will, at least, and why; None where nothing says so.

    values: (axes, n). posture: as told; who keeps still on purpose does not bounce a leg. Three signs: something is
    struck in every cycle; the rhythm lies below all tremors that are named; the limb swings as far as only the largest
    tremors do. Rotation tells nothing of the last.
    """
    beat = strikes(values, rate_hz, hz)
    if beat is not None and beat.share >= parameters.struck_share and beat.locked >= parameters.struck_locked:
        return parameters.struck_chance, "in each cycle something is struck, as by a foot that taps"
    if rotation or posture in _KEPT_STILL:
        return None
    narrow = _band(values, rate_hz, 0.7 * hz, 1.3 * hz)
    swing_cm = 100 * math.sqrt(2 * float((narrow**2).sum(axis=0).mean())) / (2 * math.pi * hz) ** 2
    if hz < parameters.at_will_hz and swing_cm >= parameters.at_will_slow_cm:
        return (
            parameters.at_will_slow_chance,
            f"at {hz:.1f} Hz a leg can be shaken at will, and hardly any tremor is so slow",
        )
    if hz < parameters.at_will_most_hz and swing_cm >= parameters.at_will_cm:
        why = f"the limb swings by {swing_cm:.1f} cm to each side: a large tremor, or a leg that bounces at will"
        return parameters.at_will_chance, why
    return None
