"""Repetitive discharges in needle EMG: stretches that are like themselves a few milliseconds later."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from legtwitch.events.emg_trace import EmgTrace
from legtwitch.signal.glitches import moving_mean

_SCALES = ((0.10, 0.0028, 0.016), (0.30, 0.010, 0.065), (0.80, 0.050, 0.210))  # window, periods in s
_LEAST = (0.55, 0.35, 0.35)  # choice: likeness by scale; of two discharges at once each is like itself in part only
_ALIKE = 0.55  # choice: below it a train has to keep its period, as no motor unit by effort does
_CLOCK_WINDOWS, _CLOCK_SPREAD = 4, 0.02  # choice: so many windows in which the period stays within so much
_COMPLEX_S = 0.05  # choice: from this period on a discharge has to be complex, for effort and fibres fire so slowly
_SHARE, _SLOW_SHARE = 0.85, 0.7  # of the highest likeness, at which the first lag is the period and not its double
_SMOOTH_S = 0.001  # choice: of slow ones; their jitter is as long as a spike
_PHASES, _PHASE_SHARE = 4, 0.15  # more than a fibre has; choice: of the highest, what counts as a phase
_ACTIVE, _SLOW_ACTIVE = 2.0, 1.0  # times the noise, which what goes on and on is part of
_JOIN_S = 0.4
_LONGEST_STEP_S = 0.07  # choice: myotonic discharges end at about 20 a second
_FOLLOWING = 3  # choice: so many at an end tell its rate
_FILLED = 0.85  # share of periods with a discharge: bursts with pauses repeat within themselves, too
_SMOOTH_COURSE = 3  # choice: neighbours that are averaged before a course is called rising
_STEP = 0.4  # neighbouring windows may differ so much in rate


@dataclass(frozen=True, slots=True)
class Train:
    """One repetitive discharge, in s of true time.

    rate_hz: median; rate_change: of its smooth course, the range over the median. amplitude: ratio of the last third to
    the first; swing: range over median. alike: median likeness from one discharge to the next. waxes: ratio of the
    highest to the beginning, of amplitude or of rate, whichever is larger.
    """

    start_s: float
    stop_s: float
    rate_hz: float
    rate_change: float
    amplitude: float
    swing: float
    alike: float
    waxes: float


@dataclass(frozen=True, slots=True)
class _Window:
    start: int
    stop: int
    period_s: float
    alike: float
    rms: float


def repetitive_trains(trace: EmgTrace, least_s: float = 0.25) -> list[Train]:
    """Return the stretches of at least least_s in which one waveform repeats 5 to 350 times a second.

    The likeness is the normalised autocorrelation at the best lag: noise and interference of many units have none.
    """
    trains: list[Train] = []
    for number, (window_s, low_s, high_s) in enumerate(_SCALES):
        found = _windows(trace, window_s, low_s, high_s, _LEAST[number])
        for chain in _chains(found, trace.rate_hz, window_s):
            train = _train(chain, trace)
            long = least_s if number else 0.15
            if train.stop_s - train.start_s >= long and not any(_shared(train, one) > 0.5 for one in trains):
                trains.append(train)
    return as_one(trains)


def with_ends(train: Train, time_s: NDArray[np.float64]) -> Train:
    """A train with the discharges (n,), ascending, that go on from it on both sides, slower and slower or too small.

    Windows need several discharges that are alike; where a myotonic discharge begins or dies out there are fewer.
    """
    before, after = time_s[time_s < train.start_s][::-1], time_s[time_s > train.stop_s]
    first, slow_first = _follow(-train.start_s, -before, train.rate_hz)
    last, slow_last = _follow(train.stop_s, after, train.rate_hz)
    change = max(train.rate_change, 1 - min(slow_first, slow_last) / train.rate_hz)
    waxes = max(train.waxes, train.rate_hz / slow_first)
    return replace(train, start_s=-first, stop_s=last, rate_change=change, waxes=waxes)


def _follow(at_s: float, time_s: NDArray[np.float64], rate_hz: float) -> tuple[float, float]:
    """How far discharges (n,) go on from a time without a pause, and their rate there; that of the train for few."""
    steps = np.diff(time_s, prepend=at_s)
    pauses = np.flatnonzero(steps > _LONGEST_STEP_S)
    count = int(pauses[0]) if pauses.size else steps.size
    if not count:
        return at_s, rate_hz
    slow = 1 / float(np.median(steps[max(0, count - _FOLLOWING) : count])) if count >= _FOLLOWING else rate_hz
    return float(time_s[count - 1]), min(rate_hz, slow)


def train_of(time_s: NDArray[np.float64], peak_to_peak_uv: NDArray[np.floating]) -> Train:
    """Return the discharges of one unit (n,), at least 5, as a train."""
    steps = np.diff(time_s)
    size = min(5, steps.size)
    rates = 1 / np.maximum(np.convolve(steps, np.ones(size) / size, mode="valid"), 1e-6)
    swing = np.convolve(peak_to_peak_uv, np.ones(size) / size, mode="valid")
    third = max(1, time_s.size // 3)
    usual = float(1 / np.median(steps))
    return Train(
        float(time_s[0]) - 0.002,
        float(time_s[-1]) + 0.004,
        usual,
        float(np.ptp(np.quantile(rates, (0.05, 0.95))) / usual),
        float(peak_to_peak_uv[-third:].mean() / max(peak_to_peak_uv[:third].mean(), 1e-9)),
        float(np.ptp(np.quantile(swing, (0.05, 0.95))) / np.median(swing)),
        0.8,
        max(_waxes(peak_to_peak_uv), _waxes(1 / np.maximum(steps, 1e-6))),
    )


def _waxes(course: NDArray[np.floating]) -> float:
    """The ratio of nearly the highest of a smoothed course (n,) to how it began: 1 where it never rises."""
    size = min(_SMOOTH_COURSE, course.size)
    smooth = np.convolve(course, np.ones(size) / size, mode="valid")
    return float(np.quantile(smooth, 0.9) / max(float(smooth[0]), 1e-9))


def as_one(trains: list[Train], join_s: float = _JOIN_S) -> list[Train]:
    """Return pieces of one discharge whose rate changed quickly, or was told twice too high for a while, as one."""
    result: list[Train] = []
    for one in sorted(trains, key=lambda each: each.start_s):
        last = result[-1] if result else None
        if last is None or one.start_s - last.stop_s > join_s or not 0.4 < one.rate_hz / last.rate_hz < 2.5:
            result.append(one)
            continue
        spans = (last.stop_s - last.start_s, one.stop_s - one.start_s)
        whole = sum(spans)
        rate = (last.rate_hz * spans[0] + one.rate_hz * spans[1]) / whole
        low, high = min(last.rate_hz, one.rate_hz), max(last.rate_hz, one.rate_hz)
        result[-1] = Train(
            last.start_s,
            max(last.stop_s, one.stop_s),
            rate,
            max(last.rate_change, one.rate_change, (high - low) / rate),
            last.amplitude * one.amplitude,
            max(last.swing, one.swing),
            (last.alike * spans[0] + one.alike * spans[1]) / whole,
            max(last.waxes, one.waxes, one.rate_hz / last.rate_hz),
        )
    return result


def _windows(trace: EmgTrace, window_s: float, low_s: float, high_s: float, least: float) -> list[_Window]:
    rate = trace.rate_hz
    size, hop = round(window_s * rate), max(1, round(window_s * rate / 2))
    low, high = max(2, round(low_s * rate)), round(high_s * rate)
    noise = float(np.median(trace.noise_uv))
    slow = low_s >= _COMPLEX_S
    found = []
    for start in range(0, trace.values.size - size - high, hop):
        values = trace.values[start : start + size + high].astype(np.float64)
        if slow:
            values = moving_mean(values, round(_SMOOTH_S * rate))
        rms = float(np.sqrt(np.mean(values[:size] ** 2)))
        if rms < (_SLOW_ACTIVE if slow else _ACTIVE) * noise:
            continue
        likeness = _likeness(values, size, low, high)
        lag = _first_peak(likeness, least, _SLOW_SHARE if slow else _SHARE)
        if lag is not None and slow and _phases(values, lag + low) < _PHASES:
            continue
        if lag is not None and _filled(values[:size], lag + low, noise):
            found.append(_Window(start, start + size, (lag + low) / rate, float(likeness[lag]), rms))
    return found


def _phases(values: NDArray[np.float64], period: int) -> int:
    """How many phases the mean of the periods of values has."""
    count = values.size // period
    mean = values[: count * period].reshape(count, period).mean(axis=0)
    mean = np.roll(mean, period // 2 - int(np.abs(mean).argmax()))
    high = mean[np.abs(mean) >= _PHASE_SHARE * np.abs(mean).max()]
    return 1 + int((np.diff(np.sign(high)) != 0).sum())


def _filled(values: NDArray[np.float64], period: int, noise_uv: float) -> bool:
    """Whether nearly every stretch of one and a half periods holds a discharge."""
    size = round(1.5 * period)
    if 2 * size > values.size:
        return True
    count = values.size // size
    tops = np.abs(values[: count * size]).reshape(count, size).max(axis=1)
    return bool(np.mean(tops > max(0.3 * float(np.quantile(tops, 0.75)), 4 * noise_uv)) >= _FILLED)


def _likeness(values: NDArray[np.float64], size: int, low: int, high: int) -> NDArray[np.float64]:
    """The correlation of the first `size` values with those of the same length each lag later."""
    first = values[:size]
    length = 1 << (values.size + size - 1).bit_length()
    product = np.fft.irfft(np.fft.rfft(values, length) * np.conj(np.fft.rfft(first, length)), length)[low : high + 1]
    power = np.concatenate(([0.0], np.cumsum(values**2)))
    lags = np.arange(low, high + 1)
    own = np.sqrt(power[size] * np.maximum(power[lags + size] - power[lags], 1e-12))
    return np.asarray(product / np.maximum(own, 1e-12))


def _first_peak(likeness: NDArray[np.float64], least: float, share: float) -> int | None:
    """The first lag whose likeness is a peak near the highest: the period and not its double."""
    inner = likeness[1:-1]
    tops = np.flatnonzero((inner >= likeness[:-2]) & (inner > likeness[2:]) & (inner >= least)) + 1
    if not tops.size:
        return None
    good = tops[likeness[tops] >= share * likeness[tops].max()]
    dip = float(likeness[: good[0] + 1].min())
    return int(good[0]) if dip < 0.5 * likeness[good[0]] else None  # a slow wave has no dip before its peak


def _chains(found: list[_Window], rate_hz: float, window_s: float) -> list[list[_Window]]:
    chains: list[list[_Window]] = []
    for one in found:
        last = chains[-1][-1] if chains else None
        near = last is not None and one.start - last.start <= 1.1 * window_s * rate_hz
        if last is not None and near and abs(np.log(one.period_s / last.period_s)) < _STEP:
            chains[-1].append(one)
        else:
            chains.append([one])
    return [chain for chain in chains if _is_train(chain)]


def _is_train(chain: list[_Window]) -> bool:
    """Whether windows are much alike, or a little and like a clock."""
    periods = [one.period_s for one in chain]
    clock = len(chain) >= _CLOCK_WINDOWS and max(periods) - min(periods) <= _CLOCK_SPREAD * min(periods)
    return len(chain) >= 2 and (clock or float(np.median([one.alike for one in chain])) >= _ALIKE)


def _train(chain: list[_Window], trace: EmgTrace) -> Train:
    rates = np.asarray([1 / one.period_s for one in chain])
    size = np.asarray([one.rms for one in chain])
    third = max(1, len(chain) // 3)
    smooth = np.convolve(rates, np.ones(3) / 3, mode="valid") if len(chain) >= 3 else rates
    swing = np.convolve(size, np.ones(3) / 3, mode="valid") if len(chain) >= 3 else size
    return Train(
        trace.start_s + chain[0].start / trace.rate_hz,
        trace.start_s + chain[-1].stop / trace.rate_hz,
        float(np.median(rates)),
        float(np.ptp(smooth) / np.median(rates)),
        float(size[-third:].mean() / max(size[:third].mean(), 1e-9)),
        float(np.ptp(swing) / np.median(size)),
        float(np.median([one.alike for one in chain])),
        max(_waxes(size[1:]), _waxes(rates)) if len(chain) >= 4 else 1.0,  # the first window may begin before it
    )


def _shared(one: Train, other: Train) -> float:
    common = min(one.stop_s, other.stop_s) - max(one.start_s, other.start_s)
    return max(0.0, common) / max(one.stop_s - one.start_s, 1e-9)
