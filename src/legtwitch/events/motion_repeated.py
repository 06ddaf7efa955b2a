"""Movements of one kind that come back at an even pace, with pauses between: slow tapping of the foot, stepping."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from legtwitch.events.motion_parameters import MotionParameters
from legtwitch.events.motion_runs import maxima, tops_between
from legtwitch.events.motion_signal import Stretch3D
from legtwitch.model import Detected
from legtwitch.signal import runs
from legtwitch.signal.glitches import moving_mean

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

_SMOOTH_S = 0.1
_SLOW_S = 0.5
_AROUND = 2  # intervals to both sides


@dataclass(frozen=True, slots=True)
class Repeated:
    """Movements at an even pace. at: samples of their tops (k,). rate_cov: coefficient of variation of intervals."""

    at: NDArray[np.int64]
    frequency_hz: float
    rate_cov: float


def repeated_movements(
    stretch: Stretch3D, rotation: bool, covered: Flags, parameters: MotionParameters
) -> tuple[Detected, ...]:
    """Return trains of brief movements that a limb makes at will, as events; times from the start of the recording.

    covered: samples of rhythms found by their spectrum, (n,), in which none is looked for. The spectrum of brief blows
    at 1 Hz that come 60 ms too early or too late has no line; their intervals are even all the same. Twitches and jerks
    come at random: at one a second ten in a row are as even less than once in a thousand of them.
    """
    trains = trains_of(stretch, rotation, covered, parameters)
    return tuple(_event(stretch, rotation, one) for one in trains)


def trains_of(stretch: Stretch3D, rotation: bool, covered: Flags, parameters: MotionParameters) -> list[Repeated]:
    """Return trains of at least `repeated_beats` movements of like size at 0.3 to 3.3 Hz, each with pauses between."""
    rate = stretch.rate_hz
    quick = stretch.values - moving_mean(stretch.values, round(_SLOW_S * rate))
    course = moving_mean(np.sqrt((quick**2).sum(axis=0)), max(1, round(_SMOOTH_S * rate)))
    low, high = parameters.repeated_hz
    tops = maxima(course, max(1, round(0.6 * rate / high)))
    limb = parameters.limb_dps if rotation else parameters.limb_mps2
    tops = tops[(course[tops] >= parameters.rocks_of_limb * limb) & ~covered[tops] & stretch.usable[tops]]
    found: list[Repeated] = []
    if tops.size < parameters.repeated_beats:
        return found
    intervals = np.diff(tops_between(course, tops)) / rate
    usual = np.array([np.median(intervals[max(0, k - _AROUND) : k + _AROUND + 1]) for k in range(intervals.size)])
    larger = np.maximum(course[tops[1:]], course[tops[:-1]])
    smaller = np.minimum(course[tops[1:]], course[tops[:-1]])
    valley = np.array([course[a:b].min() for a, b in zip(tops[:-1].tolist(), tops[1:].tolist(), strict=True)])
    good = (
        (np.abs(intervals / usual - 1) <= parameters.repeated_near) & (intervals >= 1 / high) & (intervals <= 1 / low)
    )
    good &= (smaller >= parameters.repeated_size * larger) & (valley <= parameters.repeated_pause * smaller)
    for first, last in runs(good).tolist():
        own = intervals[first:last]
        cov = float(own.std() / own.mean())
        if last - first + 1 >= parameters.repeated_beats:
            found.append(Repeated(tops[first : last + 1], 1 / float(own.mean()), cov))
    return found


def _event(stretch: Stretch3D, rotation: bool, train: Repeated) -> Detected:
    rate = stretch.rate_hz
    half = 0.5 * rate / train.frequency_hz
    first, last = max(0.0, train.at[0] - half), min(float(stretch.usable.size), train.at[-1] + half)
    part = slice(round(first), round(last))
    tilt = stretch.tilt_deg(part.start, part.stop)
    peak = float(np.abs(stretch.dynamic[:, part]).max())
    return Detected(
        stretch.start_s + first / rate,
        (last - first) / rate,
        "voluntary_activity",
        confidence=0.65,
        alternatives={"movement_artifact": 0.15, "high_frequency_leg_movement": 0.12, "myoclonus": 0.05},
        measures={
            "freq_hz": round(train.frequency_hz, 2),
            "beats": int(train.at.size),
            "rate_cov": round(train.rate_cov, 3),
            "peak_dps" if rotation else "peak_mps2": round(peak, 3),
            "tilt_deg": None if tilt is None else round(tilt, 1),
        },
        reasons=(
            f"{train.at.size} movements of like size at {train.frequency_hz:.1f} Hz",
            f"their intervals vary by {100 * train.rate_cov:.0f} % only: at will, or something that knocks",
        ),
    )
