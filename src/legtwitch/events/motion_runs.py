"""Single movements of a limb and runs of beats in a sensor of motion."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from legtwitch.events.motion_parameters import MotionParameters
from legtwitch.events.motion_signal import Stretch3D
from legtwitch.signal import runs
from legtwitch.signal.glitches import moving_mean, moving_spread
from legtwitch.signal.spectrum import main_direction

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Activity:
    """Samples start to stop in which the sensor moves. highest: largest spread; floor: spread at rest there.

    held_deg: the angle at which the limb was held meanwhile or afterwards, against before; None without gravity.
    """

    start: int
    stop: int
    highest: float
    floor: float
    held_deg: float | None = None


@dataclass(frozen=True, slots=True)
class Beats:
    """A run of regular beats. at: their samples (k,). size: amplitude of each (k,)."""

    at: NDArray[np.int64]
    size: Floats
    frequency_hz: float
    rate_cov: float
    decrement: float
    fades: bool


def floor_of(
    spread: Floats, rate_hz: float, usable: Flags, parameters: MotionParameters, quantile: float | None = None
) -> Floats:
    """Return the spread at rest round every sample, (n,): a low quantile of the seconds on both sides, or another."""
    quantile = parameters.floor_quantile if quantile is None else quantile
    size = max(1, round(rate_hz))
    blocks = max(1, spread.size // size)
    padded = np.where(usable, spread, np.nan)[: blocks * size]
    if padded.size < blocks * size:
        return np.full(spread.size, float(np.nanmedian(spread)))
    rows = padded.reshape(blocks, size)
    seen = ~np.isnan(rows).all(axis=1)
    level = np.full(blocks, np.nan)
    level[seen] = np.nanmedian(rows[seen], axis=1)
    if not seen.any():
        return np.full(spread.size, np.inf)
    half = round(parameters.floor_s)
    wide = np.pad(level, half, constant_values=np.nan)
    around = np.lib.stride_tricks.sliding_window_view(wide, 2 * half + 1)
    known = ~np.isnan(around).all(axis=1)
    low = np.full(blocks, np.nan)
    low[known] = np.nanquantile(around[known], quantile, axis=1)
    low[~known] = float(np.nanquantile(level, quantile))
    centres = (np.arange(blocks) + 0.5) * size
    return np.asarray(np.interp(np.arange(spread.size), centres, low))


def activities(stretch: Stretch3D, rotation: bool, parameters: MotionParameters) -> list[Activity]:
    """Return the stretches in which the sensor moves clearly more than at rest, joined over pauses below 0.5 s.

    Deviations from published engineering choices (8 times the floor, 20 mg): the floor is a low quantile over two
    minutes; the ends lie where the spread over 0.3 s comes down to a few times the floor for 0.5 s.
    """
    rate = stretch.rate_hz
    size = max(3, round(parameters.local_s * rate))
    spread = moving_spread(stretch.values, size)
    fine = moving_spread(stretch.values, max(3, size // 3))
    floor_most = parameters.floor_most_dps if rotation else parameters.floor_most_mps2
    floor = np.minimum(floor_of(spread, rate, stretch.usable, parameters), floor_most)
    usual = floor_of(fine, rate, stretch.usable, parameters, parameters.usual_quantile)
    brief_least = parameters.brief_least_dps if rotation else parameters.brief_least_mps2
    edge_least = parameters.edge_least_dps if rotation else parameters.edge_least_mps2
    onset_least = parameters.onset_least_dps if rotation else parameters.onset_least_mps2
    edge = np.maximum(parameters.edge_ratio * floor, edge_least)
    above = runs((fine > edge) & stretch.usable)
    hold = round(parameters.hold_s * rate)
    joined: list[list[int]] = []
    for start, stop in above.tolist():
        if joined and start - joined[-1][1] < hold:
            joined[-1][1] = stop
        else:
            joined.append([start, stop])
    found = []
    trim = size // 3 // 2  # the spread sees an edge half its window early
    for start, stop in joined:
        top = start + int(fine[start:stop].argmax())
        peak = float(fine[top])
        lively = parameters.brief_over_usual * float(usual[top])
        if peak >= max(parameters.brief_ratio * float(floor[top]), lively, brief_least):
            low, high = start + trim, max(stop - trim, start + trim + 1)
            found.append(Activity(low, high, peak, float(floor[top])))
    found = _with_returns(stretch, found, parameters)
    return [one for one in found if _is_clear(one, rate, onset_least, parameters)]


def _is_clear(one: Activity, rate: float, least: float, parameters: MotionParameters) -> bool:
    """Whether an activity is brief, turns the limb, or stands as far above rest as a movement has to."""
    brief = one.stop - one.start < parameters.movement_s[0] * rate
    turns = one.held_deg is not None and one.held_deg >= parameters.held_deg
    return brief or turns or one.highest >= max(parameters.onset_ratio * one.floor, least)


def _with_returns(stretch: Stretch3D, found: list[Activity], parameters: MotionParameters) -> list[Activity]:
    """Activities with the angle they lead to; a lift, what is held, and the return are one movement of at most 10 s."""
    if stretch.gravity is None:
        return found
    rate = stretch.rate_hz
    result: list[Activity] = []
    number = 0
    while number < len(found):
        one = found[number]
        before = _direction(stretch, one.start, -1, parameters)
        after = _direction(stretch, one.stop, 1, parameters)
        held, stop, taken = _angle(before, after), one.stop, number
        if held >= parameters.held_deg:
            for place in range(number + 1, min(number + 5, len(found))):
                if found[place].stop - one.start > parameters.movement_s[1] * rate:
                    break
                back = _angle(before, _direction(stretch, found[place].stop, 1, parameters))
                if back <= 0.4 * held:
                    stop, taken = found[place].stop, place
                    break
        highest = max(found[place].highest for place in range(number, taken + 1))
        result.append(Activity(one.start, stop, highest, one.floor, held))
        number = taken + 1
    return result


def _direction(stretch: Stretch3D, at: int, way: int, parameters: MotionParameters) -> Floats:
    """Where gravity points just before (way -1) or after (1) a sample, or as near to it as there are samples."""
    size = max(2, round(parameters.still_s * stretch.rate_hz))
    gap = size // 4
    first, last = (at - gap - size, at - gap) if way < 0 else (at + gap, at + gap + size)
    first, last = max(0, min(first, stretch.values.shape[1] - 2)), max(2, min(last, stretch.values.shape[1]))
    return np.asarray(np.median(stretch.values[:, first:last], axis=1), dtype=np.float64)


def _angle(one: Floats, other: Floats) -> float:
    """The angle between two directions in degrees."""
    size = float(np.linalg.norm(one) * np.linalg.norm(other))
    return float(np.degrees(np.arccos(np.clip(one @ other / max(size, 1e-9), -1, 1))))


def beats_in(stretch: Stretch3D, activity: Activity, parameters: MotionParameters) -> Beats | None:
    """Return the longest run of regular beats at the rate of clonus within an activity, or None.

    One beat for each cycle of the main direction of movement.
    """
    rate = stretch.rate_hz
    pad = round(0.15 * rate)
    first, last = max(0, activity.start - pad), min(stretch.values.shape[1], activity.stop + pad)
    part = stretch.values[:, first:last]
    slow = moving_mean(part, round(rate / 2))
    course = main_direction(moving_mean(part - slow, max(1, round(0.03 * rate))))
    if np.abs(course.min()) > course.max():
        course = -course
    return regular_run(course, rate, first, max(2.5 * activity.floor, 0.0), parameters)


def regular_run(course: Floats, rate_hz: float, first: int, noise: float, parameters: MotionParameters) -> Beats | None:
    """Return the longest run of maxima of a course (n,) whose intervals are even and fit clonus; None below 3.

    first: sample of course[0]. noise: maxima below it are no beats.
    """
    apart = max(1, round(0.55 * rate_hz / parameters.clonus_hz[1]))
    tops = maxima(course, apart)
    if not tops.size:
        return None
    tops = tops[course[tops] >= noise]
    if tops.size < parameters.clonus_beats:
        return None
    best = _longest_even(tops, rate_hz, parameters)
    if best.size:
        inside = np.flatnonzero(course[best] >= parameters.beat_least * float(course[best].max()))
        best = best[inside[0] : inside[-1] + 1]
    if best.size < parameters.clonus_beats:
        return None
    at = best
    intervals = np.diff(at) / rate_hz
    cov, frequency = float(intervals.std() / intervals.mean()), 1 / float(intervals.mean())
    if cov > parameters.beat_cov or not parameters.clonus_hz[0] <= frequency <= parameters.clonus_hz[1]:
        return None
    size = course[at]
    decrement, fades = fall(size)
    return Beats(at + first, size, frequency, cov, decrement, fades)


def _longest_even(tops: NDArray[np.int64], rate_hz: float, parameters: MotionParameters) -> NDArray[np.int64]:
    """The longest run of maxima whose intervals fit clonus and lie near their own median."""
    intervals = np.diff(tops) / rate_hz
    low, high = parameters.clonus_hz
    best = np.empty(0, dtype=np.int64)
    for start, stop in runs((intervals >= 0.85 / high) & (intervals <= 1.15 / low)).tolist():
        own = intervals[start:stop]
        near = np.abs(own / np.median(own) - 1) <= parameters.beat_near
        for first, last in runs(near).tolist():
            if last - first + 1 > best.size:
                best = tops[start + first : start + last + 1]
    return best


def maxima(course: Floats, apart: int) -> NDArray[np.int64]:
    """Return the samples that are highest within `apart` samples to both sides and above zero, ascending."""
    padded = np.pad(course, apart, constant_values=-np.inf)
    highest = np.lib.stride_tricks.sliding_window_view(padded, 2 * apart + 1).max(axis=1)
    tops = np.flatnonzero((course == highest) & (course > 0))
    return tops[np.diff(tops, prepend=-apart - 1) > apart // 2] if tops.size else tops


def fall(size: Floats) -> tuple[float, bool]:
    """Return the fall of amplitudes (k,) from the first to the last third, 0 to 1, and whether they die away evenly."""
    third = max(1, size.size // 3)
    early, late = float(size[:third].mean()), float(size[-third:].mean())
    decrement = float(np.clip(1 - late / max(early, 1e-12), 0, 1))
    if size.size < 3:
        return decrement, False
    order = np.arange(size.size)
    logarithm = np.log(np.maximum(size, 1e-12))
    like = float(np.corrcoef(order, logarithm)[0, 1]) if logarithm.std() > 0 else 0.0
    return decrement, decrement >= 0.4 and like <= -0.7
