"""How motor units fire: regular runs by effort, multiplets, isolated and continual discharges."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

_CHAIN_S = 0.110
_FAST_HZ = 4.0
_FASTEST_S = 0.05
_PAUSE_S = 0.45
_TRAIN = 14
_ECHO_S = 0.025
_ECHO_SPREAD_S = 0.0015
_ARRAY_SPREAD_S = 0.006  # along an array the channel that shows a part best varies
_ECHO_SHARE = 0.6
_BESIDE_S = 0.02
_HALF = 0.5
_LOCKED = 3
_LOCK_S = 0.0025
_LEAST_LAG_S = 0.004
_SATELLITES = 0.3
_BESIDE_SHARE = 0.4
_SMALLER = 0.85


@dataclass(frozen=True, slots=True)
class Run:
    """A regular run of one unit: when, at what rate (Hz), with what variation of its intervals, how many discharges."""

    unit: int
    start_s: float
    stop_s: float
    rate_hz: float
    cov: float
    discharges: int


def regular_runs(
    time_s: NDArray[np.float64],
    unit: NDArray[np.int64],
    band_hz: tuple[float, float],
    most_cov: float,
    least: int,
) -> list[Run]:
    """Return the runs in which a unit fires regularly at a rate that effort gives.

    time_s: (n,), ascending. unit: (n,), 0 for none. band_hz: lowest and highest rate. most_cov: coefficient of
    variation of the intervals. least: discharges. A discharge may be missed now and then: an interval of twice the
    usual one counts as two.
    """
    found: list[Run] = []
    for one in np.unique(unit[unit > 0]).tolist():
        times = time_s[unit == one]
        intervals = np.diff(times)
        near = (intervals >= 1 / band_hz[1] * 0.7) & (intervals <= 2.2 / band_hz[0])
        start = 0
        while start < near.size:
            if not near[start]:
                start += 1
                continue
            stop = start
            while stop < near.size and near[stop]:
                stop += 1
            found += _parts(one, times[start : stop + 1], band_hz, most_cov, least)
            start = stop
    return sorted(found, key=lambda run: run.start_s)


def _parts(
    unit: int, times: NDArray[np.float64], band_hz: tuple[float, float], most_cov: float, least: int
) -> list[Run]:
    """The regular parts of a chain: windows of `least` discharges that are regular, those that touch as one."""
    if times.size < least:
        return []
    flags = np.zeros(times.size, dtype=bool)
    for first in range(times.size - least + 1):
        window = slice(first, first + least)
        steady = _steady(np.diff(times[window]))
        if steady is not None and band_hz[0] <= 1 / steady[0] <= band_hz[1] and steady[1] < most_cov:
            flags[window] = True
    runs: list[Run] = []
    edges = np.flatnonzero(np.diff(np.concatenate(([0], flags.astype(np.int8), [0]))))
    for start, stop in edges.reshape(-1, 2).tolist():
        own = times[start:stop]
        steady = _steady(np.diff(own)) or (float(np.median(np.diff(own))), 0.0)
        runs.append(Run(unit, float(own[0]), float(own[-1]), 1 / steady[0], steady[1], int(own.size)))
    return runs


def _steady(intervals: NDArray[np.float64]) -> tuple[float, float] | None:
    """Usual interval and coefficient of variation, an interval of about twice the usual one taken as two."""
    usual = float(np.median(intervals))
    if usual <= 0:
        return None
    times = np.where((intervals > 1.6 * usual) & (intervals < 2.4 * usual), 2.0, 1.0)
    if np.count_nonzero(times == 2) > intervals.size // 3:
        return None
    whole = intervals / times
    return float(whole.mean()), float(whole.std() / whole.mean())


def is_fast(time_s: NDArray[np.float64], unit: NDArray[np.int64]) -> bool:
    """Whether a unit fires five times or more within a stretch, mostly at intervals that effort gives."""
    for one in np.unique(unit[unit > 0]).tolist():
        steps = np.diff(time_s[unit == one])
        usual = (steps > _FASTEST_S) & (steps < 1 / _FAST_HZ)
        if np.count_nonzero(usual) >= 4 and usual.mean() >= 0.6:
            return True
    return False


def steady_trains(time_s: NDArray[np.float64]) -> list[tuple[float, float]]:
    """Return stretches in which potentials of whatever unit follow each other steadily, as by a faint effort.

    At least fourteen, never more than 0.45 s apart, more than 4.5 a second, and more even than chance would have it
    (coefficient of variation of the intervals below 0.65). time_s: (n,), ascending.
    """
    found = []
    steps = np.diff(time_s)
    breaks = np.flatnonzero(steps > _PAUSE_S) + 1
    for chain in np.split(np.arange(time_s.size), breaks):
        if chain.size < _TRAIN:
            continue
        own = steps[chain[:-1]]
        own = own[own > 0.01]
        if own.size and 1 / own.mean() > 4.5 and own.std() / own.mean() < 0.65:
            found.append((float(time_s[chain[0]]), float(time_s[chain[-1]])))
    return found


def echoes(
    time_s: NDArray[np.float64],
    unit: NDArray[np.int64],
    size: NDArray[np.float32],
    channel: NDArray[np.int64] | None = None,
) -> NDArray[np.bool_]:
    """Return which potentials are a late part of one before or after them, seen as a unit of its own.

    time_s: (n,), ascending. unit: 0 for none. size: peak-to-peak. A unit of whose potentials 60 % lie at one lag
    (within 1.5 ms, at most 25 ms) to those of another unit with as many or more, or of all others, is an echo:
    propagation along an array, or a satellite. A potential less than 16 ms from a larger one of its own unit, less than
    0.6 of its size, is one, too. channel: where each is seen best, for an array: then the lag may vary by 6 ms, and two
    of one unit less than 20 ms apart on different channels, in an eighth of all its discharges, are early and late
    parts of one.
    """
    result = np.zeros(time_s.size, dtype=bool)
    numbers = [(int(np.count_nonzero(unit == one)), one) for one in np.unique(unit[unit > 0]).tolist()]
    for count, late in sorted(numbers, key=lambda one: (one[0], float(np.median(size[unit == one[1]])))):
        own = np.flatnonzero(unit == late)
        leads = [(unit == lead) for others, lead in numbers if lead != late and others >= max(count, 3)]
        for lead in (*leads, (unit > 0) & (unit != late)):  # at last all others: shapes of one unit may differ
            times = time_s[lead & ~result]
            if not times.size:
                continue
            lag = _nearest(time_s[own], times)
            near = lag[np.abs(lag) <= _ECHO_S]
            if near.size < max(3, _ECHO_SHARE * count):
                continue
            middle = float(np.median(near))
            spread = _ECHO_SPREAD_S if channel is None else _ARRAY_SPREAD_S
            same = np.abs(lag - middle) <= spread
            if np.count_nonzero(same) >= max(3, _ECHO_SHARE * count) and abs(middle) > _ECHO_SPREAD_S:
                result[own[same]] = True
                break
    close = np.flatnonzero((np.diff(time_s) < 0.016) & (unit[1:] == unit[:-1]) & (unit[1:] > 0))
    for one in close.tolist():
        small, large = (one, one + 1) if size[one] < size[one + 1] else (one + 1, one)
        if size[small] < 0.6 * size[large]:
            result[small] = True
    if channel is not None:
        result |= _late_parts(time_s, unit, size, channel)
    return result


def _late_parts(
    time_s: NDArray[np.float64], unit: NDArray[np.int64], size: NDArray[np.float32], channel: NDArray[np.int64]
) -> NDArray[np.bool_]:
    result = np.zeros(time_s.size, dtype=bool)
    for one in np.unique(unit[unit > 0]).tolist():
        own = np.flatnonzero(unit == one)
        pairs = np.flatnonzero((np.diff(time_s[own]) < 0.02) & (channel[own][1:] != channel[own][:-1]))
        if pairs.size < max(4, own.size // 8):
            continue
        first, second = own[pairs], own[pairs + 1]
        result[np.where(size[first] < size[second], first, second)] = True
    return result


def small_beside_large(
    time_s: NDArray[np.float64], unit: NDArray[np.int64], size: NDArray[np.float32], usable: NDArray[np.bool_]
) -> NDArray[np.bool_]:
    """Return which potentials are late or early parts of a larger one less than 20 ms away.

    A potential without a unit, at most half as large; and those of a unit of whose potentials four in ten lie beside a
    larger one: by chance a few in a hundred do.
    """
    rows = np.flatnonzero(usable)
    at, height = time_s[rows], size[rows]
    beside = np.full(rows.size, np.inf)
    for step in range(1, 5):
        near = at[step:] - at[:-step] < _BESIDE_S
        ratio = height[step:] / np.maximum(height[:-step], 1e-9)
        beside[step:] = np.minimum(beside[step:], np.where(near, ratio, np.inf))
        beside[:-step] = np.minimum(beside[:-step], np.where(near, 1 / np.maximum(ratio, 1e-9), np.inf))
    share = np.full(time_s.size, np.inf)
    share[rows] = beside
    result = (unit == 0) & (share <= _HALF)
    for one in np.unique(unit[unit > 0]).tolist():
        own = (unit == one) & usable
        small = own & (share <= _SMALLER)
        if np.count_nonzero(small) >= max(3, _BESIDE_SHARE * np.count_nonzero(own)):
            result |= small
    return np.asarray(result, dtype=np.bool_)


def locked_parts(time_s: NDArray[np.float64], unit: NDArray[np.int64], size: NDArray[np.float32]) -> NDArray[np.bool_]:
    """Return which potentials of a unit lie at one lag (4 to 25 ms, within 2.5 ms) to twice as large ones of another.

    At least three, and ten times as many as chance would give. time_s: (n,), ascending; unit: 0 or less for none.
    """
    result = np.zeros(time_s.size, dtype=bool)
    if time_s.size < 6:
        return result
    names = np.unique(unit[unit > 0]).tolist()
    length = max(float(time_s[-1] - time_s[0]), 1.0)
    for late in names:
        own = np.flatnonzero(unit == late)
        for lead in names:
            others = np.flatnonzero(unit == lead)
            if lead == late or np.median(size[others]) * _HALF < np.median(size[own]):
                continue
            lag = _nearest(time_s[own], time_s[others])
            near = (np.abs(lag) <= _ECHO_S) & (np.abs(lag) >= _LEAST_LAG_S)
            if np.count_nonzero(near) < _LOCKED:
                continue
            same = near & (np.abs(lag - np.median(lag[near])) <= _LOCK_S)
            chance = own.size * others.size / length * 2 * _LOCK_S
            if np.count_nonzero(same) >= max(_LOCKED, 10 * chance):
                result[own[same]] = True
    return result


def parts_without_unit(
    time_s: NDArray[np.float64], unit: NDArray[np.int64], size: NDArray[np.float32], usable: NDArray[np.bool_]
) -> NDArray[np.bool_]:
    """Return which potentials without a unit are parts of a long one, whose phases vary from time to time.

    Of those that follow each other within 25 ms all but the largest: that shapes seen once lie so near by chance is
    rare. And those so near to a unit, before or after it, that has one there in three of ten discharges and three times
    or more. time_s: (n,), ascending; unit: 0 for none. usable: that are looked at.
    """
    result = np.zeros(time_s.size, dtype=bool)
    open_ones = np.flatnonzero(usable & (unit == 0))
    if not open_ones.size:
        return result
    for one in np.unique(unit[usable & (unit > 0)]).tolist():
        own = time_s[usable & (unit == one)]
        lag = _nearest(time_s[open_ones], own)
        for side in (-1, 1):
            near = (side * lag > 0) & (np.abs(lag) <= _ECHO_S)
            if np.count_nonzero(near) >= max(_LOCKED, _SATELLITES * own.size):
                result[open_ones[near]] = True
    open_ones = open_ones[~result[open_ones]]
    for chain in np.split(open_ones, np.flatnonzero(np.diff(time_s[open_ones]) > _ECHO_S) + 1):
        if chain.size > 1:
            result[chain] = True
            result[chain[int(size[chain].argmax())]] = False
    return result


def _nearest(times: NDArray[np.float64], others: NDArray[np.float64]) -> NDArray[np.float64]:
    """The time of each against the nearest of others."""
    place = np.clip(np.searchsorted(others, times), 1, max(others.size - 1, 1))
    left = others[np.minimum(place - 1, others.size - 1)]
    right = others[np.minimum(place, others.size - 1)]
    return np.where(np.abs(times - left) <= np.abs(times - right), times - left, times - right)


@dataclass(frozen=True, slots=True)
class Firing:
    """For each discharge (n,): time to the one of its unit before and after (s, NaN: none), and how many lie in a row
    less than 110 ms apart (1: single); 0 where the unit is not known."""

    before_s: NDArray[np.float64]
    after_s: NDArray[np.float64]
    multiplicity: NDArray[np.int64]


def firing(time_s: NDArray[np.float64], unit: NDArray[np.int64]) -> Firing:
    """Return the intervals of every discharge within its unit. time_s: (n,), ascending; unit: 0 for none."""
    before = np.full(time_s.size, np.nan)
    after = np.full(time_s.size, np.nan)
    many = np.zeros(time_s.size, dtype=np.int64)
    for one in np.unique(unit[unit > 0]).tolist():
        own = np.flatnonzero(unit == one)
        steps = np.diff(time_s[own])
        before[own[1:]], after[own[:-1]] = steps, steps
        chain = np.concatenate(([0], np.cumsum(steps > _CHAIN_S)))
        many[own] = np.bincount(chain)[chain]
    return Firing(before, after, many)


def isolation(before_s: float, after_s: float, limit_s: float) -> str:
    """Return `isolated` (both intervals longer than the limit), `continual` (both at most) or `other`.

    Source: Sleutjes 2016. An interval that is not there (NaN) counts as longer.
    """
    short_before, short_after = before_s <= limit_s, after_s <= limit_s
    if short_before and short_after:
        return "continual"
    return "other" if short_before or short_after else "isolated"
