"""Pulses of an electrical device: a nerve stimulator or a pacemaker is as even as no motor unit ever fires."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from legtwitch.events.emg_parameters import EmgParameters
from legtwitch.events.emg_trace import Stretch
from legtwitch.events.emg_voluntary import merged

_MISSED = 20  # pulses in a row that other potentials hide, or that are taken for the heart and subtracted


def pulses(time_s: NDArray[np.float64], unit: NDArray[np.int64], parameters: EmgParameters) -> NDArray[np.float64]:
    """Return for each discharge the rate (Hz) of the train of pulses it belongs to; 0 for none.

    time_s: (n,), ascending, of the shapes as laid on their unit's. unit: (n,), 0 for none.

    Intervals constant to a millisecond: those of a motor unit vary by a twentieth at the very least, by effort as at
    rest. A pulse and the response it evokes in the muscle come at the same intervals, so both are told.
    """
    rate = np.zeros(time_s.size)
    for one in np.unique(unit[unit > 0]).tolist():
        own = np.flatnonzero(unit == one)
        for first, last, interval in _even(time_s[own], parameters):
            rate[own[first : last + 1]] = 1 / interval
    return rate


def _even(times: NDArray[np.float64], parameters: EmgParameters) -> list[tuple[int, int, float]]:
    """Stretches (first, last number, usual interval in s) of times at one interval, some of them missing."""
    found = []
    start = 0
    while start + parameters.pulses_least <= times.size:
        stop = _from(times, start, parameters.pulse_jitter_s)
        if stop - start + 1 >= parameters.pulses_least:
            found.append((start, stop, float(np.median(np.diff(times[start : stop + 1])))))
            start = stop
        start += 1
    return found


def _from(times: NDArray[np.float64], start: int, jitter_s: float) -> int:
    """How far an even stretch that begins with the interval after `start` goes."""
    interval = float(times[start + 1] - times[start])
    stop = start
    while stop + 1 < times.size and interval > 4 * jitter_s:
        step = float(times[stop + 1] - times[stop])
        many = round(step / interval)
        if not 1 <= many <= _MISSED + 1 or abs(step - many * interval) > jitter_s:
            break
        stop += 1
        interval = float(times[stop] - times[start]) / max(1, round((times[stop] - times[start]) / interval))
    return stop


def evoked(time_s: NDArray[np.float64], parameters: EmgParameters) -> list[Stretch]:
    """Return the stretches after pulses in which what the muscle does is an answer to them."""
    before, after = parameters.evoked_s
    return merged([(one - before, one + after) for one in time_s.tolist()])
