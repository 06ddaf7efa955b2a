"""Single movements of a limb and runs of beats in a sensor of motion."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from legtwitch.events.motion_bands import Transient, transients
from legtwitch.events.motion_parameters import MotionParameters
from legtwitch.events.motion_signal import Stretch3D
from legtwitch.signal import runs
from legtwitch.signal.glitches import moving_mean
from legtwitch.signal.ripples import energy_duration
from legtwitch.signal.spectrum import main_direction

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Activity:
    """Samples start to stop in which the sensor moves.

    highest: largest value without gravity. noise: RMS at rest there on an axis, as of white noise. hz: the
    band in which it is largest, level: how large, as RMS of white noise.
    ratio: how far it stands out, over what is needed (1). rumbles: a vehicle shakes all the bands in which it does.
    knock: a blow from outside, as of a finger; may_be_knock: that or a twitch.
    held_deg: the angle at which the limb was held meanwhile or afterwards, against before; None without gravity.
    """

    start: int
    stop: int
    highest: float
    noise: float
    hz: float
    level: float
    ratio: float
    rumbles: bool = False
    knock: bool = False
    may_be_knock: bool = False
    held_deg: float | None = None


@dataclass(frozen=True, slots=True)
class Beats:
    """A run of regular beats. at: their samples (k,). size: amplitude of each (k,).

    slows: whether it clearly becomes slower from beginning to end; None with too few beats to tell.
    """

    at: NDArray[np.int64]
    size: Floats
    frequency_hz: float
    rate_cov: float
    decrement: float
    fades: bool
    slows: bool | None = None


def activities(
    stretch: Stretch3D, rotation: bool, parameters: MotionParameters, shaken: Flags | None = None
) -> list[Activity]:
    """Return the stretches in which the sensor moves clearly more than at rest, knocks among them.

    What is parted by less than 0.5 s is one movement, as for leg movements by EMG; brief ones that neither turn the
    limb nor are fast enough to move it are twitches, each of its own. shaken: where a vehicle shakes the sensor, (n,).
    """
    rate = stretch.rate_hz
    hold = round(parameters.hold_s * rate)
    limb = parameters.limb_dps if rotation else parameters.limb_mps2
    found: list[Activity] = []
    for each in transients(stretch, rotation, parameters, shaken):
        highest = _highest(stretch, each)
        knock, unsure = _blow(stretch, each, rotation, highest >= limb, parameters).tolist()
        one = Activity(
            each.start, each.stop, highest, each.noise, each.hz, each.level, each.ratio, each.rumbles, knock, unsure
        )
        last = found[-1] if found else None
        if last is not None and one.start - last.stop < parameters.apart_s * rate:
            found[-1] = _joined([last, one])
            continue
        if last is not None and one.start - last.stop < hold:
            larger, smaller = max(last.level, one.level), min(last.level, one.level)
            if smaller < parameters.edge_share * larger:  # the end of a movement, or what came before it
                found[-1] = max(last, one, key=lambda part: part.level)
                continue
            both = _joined([last, one])
            turns = turned_by(stretch, both)
            if both.highest >= limb or turns is None or turns >= parameters.turned_deg:
                found[-1] = both
                continue
        found.append(one)
    return _with_returns(stretch, found, parameters)


def _blow(stretch: Stretch3D, one: Transient, rotation: bool, hard: bool, parameters: MotionParameters) -> Flags:
    """Whether the energy is over sooner than a muscle can push and stop, and whether it may be, (2,).

    A blow lasts 1 to 5 ms and rings at the resonance of the device; a contraction that moves a limb takes 60 to 150 ms,
    the sooner over the harder it would be. Below some 80 samples a second a twitch of 50 ms can't be told from a blow.
    """
    rate, around = stretch.rate_hz, round(parameters.blow_around_s * stretch.rate_hz)
    seconds = (one.stop - one.start) / rate
    if any(one.hz >= hz and seconds < briefest for hz, briefest in parameters.briefest):
        return np.ones(2, dtype=np.bool_)
    least = parameters.noise_least_dps if rotation else parameters.noise_least_mps2
    lasts = energy_duration(stretch.values, rate, one.start, one.stop, around, least)
    shortest = max(parameters.push_s if hard else parameters.blow_s, parameters.blow_samples / rate)
    return np.array([lasts < shortest, lasts < max(shortest, parameters.unsure_samples / rate)])


def _joined(parts: list[Activity], held_deg: float | None = None) -> Activity:
    """Parts of one movement, in order, as one; the band is that of the largest."""
    largest = max(parts, key=lambda each: each.level)
    return replace(
        largest,
        start=parts[0].start,
        stop=parts[-1].stop,
        highest=max(each.highest for each in parts),
        ratio=max(each.ratio for each in parts),
        rumbles=all(each.rumbles for each in parts),
        knock=all(each.knock for each in parts),
        may_be_knock=all(each.may_be_knock for each in parts),
        held_deg=held_deg,
    )


def turned_by(stretch: Stretch3D, one: Activity) -> float | None:
    """Return the angle (degrees) by which the limb turned: how far it was held, or gravity turned around it."""
    around = round(stretch.rate_hz)
    moved = stretch.tilt_deg(max(0, one.start - around), min(stretch.usable.size, one.stop + around))
    return moved if one.held_deg is None or moved is None else max(one.held_deg, moved)


def held_over(stretch: Stretch3D, one: Activity, first: int, last: int, parameters: MotionParameters) -> float | None:
    """Return the angle (degrees) at which the limb was held from first to last, against before the activity; None where
    it isn't known, without gravity or at the ends of a segment.
    """
    still = round(parameters.still_s * stretch.rate_hz)
    if stretch.gravity is None or one.start < still or one.stop > stretch.usable.size - still or last - first < still:
        return None
    before = _direction(stretch, one.start, -1, parameters)
    meanwhile = _angle(before, stretch.values[:, first:last].mean(axis=1))
    return meanwhile if one.held_deg is None else max(one.held_deg, meanwhile)


def _highest(stretch: Stretch3D, one: Transient) -> float:
    """The largest value without gravity, in any direction, noise far faster than the movement smoothed away."""
    margin = round(0.1 * stretch.rate_hz)
    part = stretch.dynamic[:, max(0, one.start - margin) : one.stop + margin]
    return float(np.linalg.norm(moving_mean(part, round(stretch.rate_hz / (6 * one.hz))), axis=0).max())


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
        held, taken = _angle(before, after), number
        if held >= parameters.held_deg:
            for place in range(number + 1, min(number + 5, len(found))):
                if found[place].stop - one.start > parameters.movement_s[1] * rate:
                    break
                back = _angle(before, _direction(stretch, found[place].stop, 1, parameters))
                if back <= 0.4 * held:
                    taken = place
                    break
        result.append(_joined(found[number : taken + 1], held))
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
    around, pad = round(rate), round(0.15 * rate)
    first, last = max(0, activity.start - around), min(stretch.values.shape[1], activity.stop + around)
    part = stretch.values[:, first:last]
    slow = moving_mean(part, round(rate / 2))
    own = slice(max(0, activity.start - pad) - first, min(stretch.values.shape[1], activity.stop + pad) - first)
    course = main_direction((moving_mean(part, max(1, round(0.03 * rate))) - slow)[:, own])
    first += own.start
    if np.abs(course.min()) > course.max():
        course = -course
    return regular_run(course, rate, first, parameters.beat_over_noise * activity.noise, parameters)


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
    at = _without_echoes(best, course, parameters)
    intervals = np.diff(tops_between(course, at)) / rate_hz
    cov, frequency = float(intervals.std() / intervals.mean()), 1 / float(intervals.mean())
    if cov > parameters.beat_cov or not parameters.clonus_hz[0] <= frequency <= parameters.clonus_hz[1]:
        return None
    size = course[at]
    decrement, fades = fall(size)
    return Beats(at + first, size, frequency, cov, decrement, fades, slowing(intervals, parameters))


def slowing(intervals: Floats, parameters: MotionParameters) -> bool | None:
    """Return whether intervals (k,) grow clearly from first to last, by a straight line through them.

    Clonus slows down as it tires; the rate of tremor wanders to both sides.
    """
    if intervals.size < parameters.slowing_beats - 1:
        return None
    order = np.arange(intervals.size) - (intervals.size - 1) / 2
    slope = float(order @ intervals / (order @ order))
    left = intervals - intervals.mean() - slope * order
    error = float(np.sqrt(left @ left / (intervals.size - 2) / (order @ order)))
    grown = slope * intervals.size / float(intervals.mean())
    return grown >= parameters.slowing_least and slope >= parameters.slowing_sure * error


def _without_echoes(at: NDArray[np.int64], course: Floats, parameters: MotionParameters) -> NDArray[np.int64]:
    """Beats without a first or last one that a filter left: far below the next two, or lower and off the beat."""
    while at.size > parameters.clonus_beats:
        intervals, size = np.diff(at), course[at]
        usual = float(np.median(intervals))
        echoes = []
        for interval, outer, inner in ((intervals[0], size[0], size[1:3]), (intervals[-1], size[-1], size[-2:-4:-1])):
            off = abs(float(interval) / usual - 1) > parameters.echo_off
            small = outer < parameters.echo_least * inner.max()
            echoes.append(small or (off and outer < parameters.echo_share * inner[0]))
        if not any(echoes):
            break
        at = at[int(echoes[0]) : at.size - int(echoes[1])]
    return at


def tops_between(course: Floats, at: NDArray[np.int64]) -> Floats:
    """Return where the maxima at samples (k,) of a course lie between samples, by a parabola through three, (k,)."""
    inner = np.clip(at, 1, course.size - 2)
    left, middle, right = course[inner - 1], course[inner], course[inner + 1]
    bend = left - 2 * middle + right
    shift = np.where(bend < 0, (left - right) / np.where(bend < 0, 2 * bend, 1.0), 0.0)
    return np.asarray(at + np.where(inner == at, np.clip(shift, -0.5, 0.5), 0.0))


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
