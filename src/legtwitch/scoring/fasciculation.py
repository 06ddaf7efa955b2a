"""Counts, rates and intervals of short potentials in one muscle, with exact intervals and what a norm says."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from statistics import mean, median, pstdev

from legtwitch.events.emg_parameters import EmgParameters
from legtwitch.events.fasciculation import GroupFound
from legtwitch.model import Detected, KindScore
from legtwitch.scoring import fasciculation_codes as codes
from legtwitch.scoring.fasciculation_norms import norm_of
from legtwitch.scoring.poisson import poisson_interval

_WINDOW_S = 10.0
_NORM_S = 120.0
_NORM_UV = 50.0
_AXONAL_S = (0.0025, 0.020)
_F_WAVE_S = (0.025, 0.045)
_LEAST_WINDOWS = 6
Stretch = tuple[float, float]
Values = dict[str, float | int | None]


def score_group(
    found: GroupFound,
    others: Sequence[GroupFound],
    parameters: EmgParameters,
    *,
    age: float | None = None,
    volts: bool = True,
) -> KindScore:
    """Return the score of one muscle: counts at rest, never anything that they could mean beyond a norm.

    Parameters
    ----------
    found: what the muscle shows. others: the other muscles, for discharges at the same time.
    age: in years, for norms; None: not told. volts: whether amplitudes are in uV.

    Source: Sleutjes 2016 (isolated discharges, two units in 10 s), van der Heijden 1994 (50 uV, 2 minutes),
    Garwood 1936 (interval).
    Deviations: 1. windows of 10 s lie side by side in rest only; a stretch shorter than 10 s has none.
    """
    events = [one for one in found.events if one.event == found.counted and "burst" not in one.reasons[:1]]
    values: Values = {}
    reasons: dict[str, str] = {}
    _rate(events, found, parameters, values, reasons)
    _amplitudes(events, found, values, reasons, volts=volts)
    _intervals(events, found, values, reasons)
    _windows(events, found, values, reasons)
    _units(events, found, values, reasons)
    _same_time(events, found, others, parameters, values, reasons)
    norm = norm_of(found.counted, found.group.muscle, values, age=age, told=found.group.told)
    return KindScore(
        found.counted,
        found.group.muscle,
        found.group.side,
        found.group.names,
        round(found.scorable_s / 60, 4),
        values,
        reasons,
        norm,
    )


def _missing(values: Values, reasons: dict[str, str], code: str, *names: str) -> None:
    for name in names:
        values[name] = None
        reasons[name] = code


def _rate(
    events: Sequence[Detected], found: GroupFound, parameters: EmgParameters, values: Values, reasons: dict[str, str]
) -> None:
    minutes = found.scorable_s / 60
    values["count"] = len(events)
    if not events and found.scorable_s < parameters.presence_s:
        _missing(values, reasons, codes.TOO_SHORT_FOR_PRESENCE, "count")
    if found.scorable_s >= parameters.presence_s or _two_within(events, parameters.presence_s):
        values["present"] = int(_two_within(events, parameters.presence_s))
    else:
        _missing(values, reasons, codes.TOO_SHORT_FOR_PRESENCE, "present")
    if found.scorable_s < parameters.rate_s - 1.0:
        _missing(values, reasons, codes.TOO_SHORT_FOR_RATE, "rate_per_min", "rate_low", "rate_high")
        return
    low, high = poisson_interval(len(events))
    values["rate_per_min"] = len(events) / minutes
    values["rate_low"], values["rate_high"] = low / minutes, high / minutes


def _two_within(events: Sequence[Detected], within_s: float) -> bool:
    times = [one.onset_s for one in events]
    return any(after - before <= within_s for before, after in pairwise(times))


def _quartiles(numbers: Sequence[float]) -> tuple[float, float, float]:
    ordered = sorted(numbers)

    def at(share: float) -> float:
        place = share * (len(ordered) - 1)
        low = int(place)
        high = min(low + 1, len(ordered) - 1)
        return ordered[low] + (place - low) * (ordered[high] - ordered[low])

    return at(0.25), at(0.5), at(0.75)


def _amplitudes(
    events: Sequence[Detected], found: GroupFound, values: Values, reasons: dict[str, str], *, volts: bool
) -> None:
    names = ("amplitude_median_uv", "amplitude_q1_uv", "amplitude_q3_uv", "amplitude_iqr_uv")
    sizes = [float(size) for one in events if isinstance(size := one.measures.get("peak_to_peak_uv"), (int, float))]
    if not found.shape or not volts or len(sizes) < 3:
        code = codes.NO_SHAPE if not found.shape else codes.TOO_FEW_EVENTS if volts else codes.NO_AMPLITUDE
        _missing(values, reasons, code, *names)
    else:
        low, middle, high = _quartiles(sizes)
        values |= dict(zip(names, (middle, low, high, high - low), strict=True))
    first = _first(found.scorable, _NORM_S)
    if not found.shape or not volts or first is None:
        code = codes.NO_SHAPE if not found.shape else codes.NO_TWO_MINUTES if volts else codes.NO_AMPLITUDE
        _missing(values, reasons, code, "rate_50uv_2min")
        return
    large = [
        one
        for one in events
        if one.onset_s < first
        and isinstance(size := one.measures.get("peak_to_peak_uv"), (int, float))
        and size >= _NORM_UV
    ]
    values["rate_50uv_2min"] = len(large) / (_NORM_S / 60)


def _first(rest: Sequence[Stretch], needed_s: float) -> float | None:
    """The time by which so many seconds of rest have gone by; None where there are not so many."""
    left = needed_s
    for start, stop in rest:
        if stop - start >= left - 0.5:
            return min(stop, start + left)
        left -= stop - start
    return None


def _stretch_of(rest: Sequence[Stretch], time: float) -> int:
    return next((number for number, (start, stop) in enumerate(rest) if start <= time <= stop), -1)


def _intervals(events: Sequence[Detected], found: GroupFound, values: Values, reasons: dict[str, str]) -> None:
    """Times from one event to the next within one stretch of rest; the longest also counts to the ends of stretches."""
    names = ("interval_median_s", "interval_mean_s", "interval_cov", "interval_longest_s")
    places = [(one.onset_s, _stretch_of(found.scorable, one.onset_s)) for one in events]
    steps = [b[0] - a[0] for a, b in pairwise(places) if a[1] == b[1] >= 0]
    if len(steps) < 3:
        _missing(values, reasons, codes.TOO_FEW_EVENTS, *names)
        return
    middle = mean(steps)
    values |= dict(
        zip(names, (median(steps), middle, pstdev(steps) / middle if middle else None, max(steps)), strict=True)
    )


def _windows(events: Sequence[Detected], found: GroupFound, values: Values, reasons: dict[str, str]) -> None:
    """Counts in windows of 10 s: the Fano factor, and the share of windows with two or more isolated units."""
    windows = [
        (start + number * _WINDOW_S, start + (number + 1) * _WINDOW_S)
        for start, stop in found.scorable
        for number in range(int((stop - start + 1e-6) // _WINDOW_S))
    ]
    if len(windows) < _LEAST_WINDOWS:
        _missing(values, reasons, codes.TOO_SHORT_FOR_PRESENCE, "fano_10s", "two_isolated_units_share")
        return
    counts = [0] * len(windows)
    units: list[set[str]] = [set() for _ in windows]
    number = 0
    for one in events:
        while number < len(windows) and windows[number][1] <= one.onset_s:
            number += 1
        if number < len(windows) and windows[number][0] <= one.onset_s:
            counts[number] += 1
            if one.measures.get("isolation") == "isolated":
                units[number].add(str(one.measures["unit_id"]))
    usual = mean(counts)
    if usual > 0:
        values["fano_10s"] = pstdev(counts) ** 2 / usual
    else:
        _missing(values, reasons, codes.TOO_FEW_EVENTS, "fano_10s")
    if found.shape:
        values["two_isolated_units_share"] = sum(len(one) >= 2 for one in units) / len(windows)
    else:
        _missing(values, reasons, codes.NO_SHAPE, "two_isolated_units_share")


def _units(events: Sequence[Detected], found: GroupFound, values: Values, reasons: dict[str, str]) -> None:
    names = ("distinct_units", "isolated_share", "continual_share", "doublet_share", "f_wave_like_pairs")
    if not found.shape:
        _missing(values, reasons, codes.NO_SHAPE, *names)
        return
    known = [one for one in events if one.measures.get("unit_id")]
    times: Counter[str] = Counter(str(one.measures["unit_id"]) for one in known)
    values["distinct_units"] = sum(1 for count in times.values() if count >= 3)
    if values["count"] is None:
        _missing(values, reasons, codes.TOO_SHORT_FOR_PRESENCE, "distinct_units")
    if not known:
        _missing(values, reasons, codes.TOO_FEW_EVENTS, *names[1:])
        return
    kinds = Counter(one.measures.get("isolation") for one in known)
    values["isolated_share"] = kinds["isolated"] / len(known)
    values["continual_share"] = kinds["continual"] / len(known)
    after = [
        float(step) / 1000 for one in known if isinstance(step := one.measures.get("interval_after_ms"), (int, float))
    ]
    values["doublet_share"] = sum(_AXONAL_S[0] <= step <= _AXONAL_S[1] for step in after) / len(known)
    values["f_wave_like_pairs"] = sum(_F_WAVE_S[0] <= step <= _F_WAVE_S[1] for step in after)


def _same_time(
    events: Sequence[Detected],
    found: GroupFound,
    others: Sequence[GroupFound],
    parameters: EmgParameters,
    values: Values,
    reasons: dict[str, str],
) -> None:
    """The share of events with one in another muscle, or of another unit, within 5 ms, and what chance would give."""
    names = ("time_locked_share", "time_locked_by_chance")
    if not others and len(found.group.names) < 2:
        _missing(values, reasons, codes.ONE_CHANNEL, *names)
        return
    if not events:
        _missing(values, reasons, codes.TOO_FEW_EVENTS, *names)
        return
    locked = sum(1 for one in events if one.measures.get("time_locked_to"))
    values["time_locked_share"] = locked / len(events)
    far = sum(len([one for one in other.events if one.event == other.counted]) for other in others)
    seconds = max(found.scorable_s, 1.0)
    values["time_locked_by_chance"] = min(1.0, far / seconds * 2 * parameters.locked_ms / 1000)
