"""Voluntary activity in one channel: interference of many units, dense potentials; the time it takes is not rest."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from legtwitch.events.emg_parameters import EmgParameters
from legtwitch.events.emg_trace import EmgTrace, Stretch
from legtwitch.signal import runs

_SWOLLEN = 1.2
_OFTEN = 2.0  # potentials a second
_SELDOM = 0.4
_LASTING_S = 3.0
_FLICKER_S = 0.6
_QUIET = 1.6
_RECRUITED_S = 1.0  # units come and go so long before and after the stretch that is seen; choice
_RECRUITED = 5  # discharges during effort; choice
_SWAY = 4.0  # distances from the median to the upper quartile


def loud(trace: EmgTrace, parameters: EmgParameters) -> list[Stretch]:
    """Return the stretches (s from the start of the recording) of interference, without margins.

    The energy's own median over quarter seconds stands above rest, which single potentials cannot do. Pauses within a
    contraction belong to it.
    """
    block_s = trace.block / trace.rate_hz
    floor = np.minimum(trace.rest, np.median(trace.rest))
    above = runs(trace.level > parameters.voluntary.level * floor)
    least = max(1, round(parameters.least_active_s / block_s))
    stretches = [(start * block_s, stop * block_s) for start, stop in above.tolist() if stop - start >= least]
    return [(trace.start_s + start, trace.start_s + stop) for start, stop in merged(stretches, parameters.fill_s)]


def faint(trace: EmgTrace, time_s: NDArray[np.float64], parameters: EmgParameters) -> list[Stretch]:
    """Return stretches in which the noise is a little higher than nearby and potentials come twice a second or faster.

    Where that lasts for 3 s or longer, one in two seconds will do.

    Together these are a faint effort: distant units raise the noise, near ones are seen. Noise that sways by itself has
    to be exceeded. time_s: of the potentials.
    """
    block_s = trace.block / trace.rate_hz
    quiet = trace.swell[trace.swell < _QUIET]
    middle, upper = np.quantile(quiet, (0.5, 0.75)) if quiet.size else (1.0, 1.0)
    swollen = max(_SWOLLEN, float(middle + _SWAY * (upper - middle)))
    found = []
    for start, stop in runs(trace.swell > swollen).tolist():
        begin, end = trace.start_s + start * block_s, trace.start_s + stop * block_s
        count = int(np.searchsorted(time_s, end) - np.searchsorted(time_s, begin))
        if end - begin >= parameters.least_active_s and count >= 3 and count >= _OFTEN * (end - begin):
            found.append((begin, end))
    swell = runs(trace.swell > swollen).tolist()
    lasting = [(trace.start_s + a * block_s, trace.start_s + b * block_s) for a, b in swell]
    for begin, end in merged(lasting, _FLICKER_S):
        count = int(np.searchsorted(time_s, end) - np.searchsorted(time_s, begin))
        if end - begin >= _LASTING_S and count >= 3 and count >= _SELDOM * (end - begin):
            found.append((begin, end))
    return merged(found)


def reaching(stretches: list[Stretch], time_s: NDArray[np.float64], gap_s: float, most_s: float) -> list[Stretch]:
    """Return stretches drawn out to both sides over potentials that follow each other within gap_s, at most most_s."""
    result = []
    for start, stop in stretches:
        first, last = start, stop
        for moment in time_s[(time_s < start) & (time_s > start - most_s)][::-1].tolist():
            if first - moment > gap_s:
                break
            first = moment
        for moment in time_s[(time_s > stop) & (time_s < stop + most_s)].tolist():
            if moment - last > gap_s:
                break
            last = moment
        result.append((first, last))
    return merged(result)


def recruited(
    stretches: list[Stretch], time_s: NDArray[np.float64], unit: NDArray[np.int64], margin_s: float
) -> list[Stretch]:
    """Return the time from stretches of effort to the discharges near them of units that fire nowhere else.

    stretches: in order, apart from each other. time_s, unit: (n,), 0 for no unit. margin_s: taken out anyway.
    A unit that fires five times or more in them, and outside only within a second of them, is recruited by the effort:
    its first and last discharges are told from fasciculations by nothing else.
    """
    if not stretches:
        return []
    bounds = np.asarray(stretches)
    far = np.concatenate(([[-np.inf, -np.inf]], bounds, [[np.inf, np.inf]]))
    place = np.searchsorted(bounds[:, 0], time_s, side="right")
    after, before = time_s - far[place, 1], far[place + 1, 0] - time_s
    off = np.maximum(np.minimum(after, before), 0.0)
    found: list[Stretch] = []
    for one in np.unique(unit[unit > 0]).tolist():
        own = unit == one
        outside = own & (off > margin_s)
        if np.count_nonzero(own & ~outside) < _RECRUITED or (off[outside] > _RECRUITED_S).any():
            continue
        for number in np.flatnonzero(outside).tolist():
            moment, later = float(time_s[number]), after[number] <= before[number]
            edge = float(far[place[number], 1] if later else far[place[number] + 1, 0])
            found.append((min(moment, edge), max(moment, edge)))
    return found


def dense(time_s: NDArray[np.float64], most: int, window_s: float = 1.0) -> list[Stretch]:
    """Return the stretches in which more than `most` times lie within a window."""
    if time_s.size <= most:
        return []
    late = time_s[most:]
    early = time_s[: time_s.size - most]
    full = late - early <= window_s
    return [(float(early[start]), float(late[stop - 1])) for start, stop in runs(full).tolist()]


def merged(stretches: list[Stretch], gap_s: float = 0.0) -> list[Stretch]:
    """Return stretches in order, those that overlap or lie at most gap_s apart as one."""
    result: list[Stretch] = []
    for start, stop in sorted(stretches):
        if result and start <= result[-1][1] + gap_s:
            result[-1] = (result[-1][0], max(result[-1][1], stop))
        else:
            result.append((start, stop))
    return result


def widened(stretches: list[Stretch], by_s: float) -> list[Stretch]:
    """Return stretches with a margin to both sides."""
    return merged([(start - by_s, stop + by_s) for start, stop in stretches])


def inside_any(time_s: NDArray[np.float64], stretches: list[Stretch]) -> NDArray[np.bool_]:
    """Return for each time whether it lies in one of the stretches (in order, apart from each other)."""
    if not stretches or not time_s.size:
        return np.zeros(time_s.size, dtype=bool)
    bounds = np.asarray(stretches)
    place = np.searchsorted(bounds[:, 0], time_s, side="right") - 1
    return np.asarray((place >= 0) & (time_s <= bounds[np.maximum(place, 0), 1]))


def total(stretches: list[Stretch]) -> float:
    """Return the length of stretches that do not overlap, in s."""
    return float(sum(stop - start for start, stop in stretches))


def without(whole: list[Stretch], taken: list[Stretch]) -> list[Stretch]:
    """Return what is left of `whole` when `taken` is cut out; both in order."""
    result: list[Stretch] = []
    for start, stop in whole:
        place = start
        for low, high in taken:
            if high <= place or low >= stop:
                continue
            if low > place:
                result.append((place, low))
            place = max(place, high)
        if place < stop:
            result.append((place, stop))
    return result
