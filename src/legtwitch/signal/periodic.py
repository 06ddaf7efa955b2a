"""A waveform that comes back at a nearly steady interval (the heart in a muscle channel), and what it leaves behind."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from legtwitch.signal.filters import filter_zero_phase
from legtwitch.signal.pulses import peaks

_LEAST = 20
_MOST = 900  # candidates that are compared with each other
_ALIKE = 0.55
_STRETCH = 60  # beats that share a waveform
_STEADY = 0.16  # an interval may differ so much from the median one ...
_SHARE = 0.75  # ... and so many of them must not
_COVERED = 0.5  # so many of the beats that the interval asks for are there


@dataclass(frozen=True, slots=True)
class PeriodicSettings:
    """Times in s: the shortest and longest interval, and the half width of the waveform."""

    shortest_s: float = 0.333
    longest_s: float = 1.5
    half_s: float = 0.06


def snippets_at(values: NDArray[np.float32], at: NDArray[np.int64], half: int) -> NDArray[np.float32]:
    """Return values[k - half : k + half + 1] for each k, shape (n, 2 * half + 1); zeros beyond both ends."""
    padded = np.pad(values, half)
    return np.lib.stride_tricks.sliding_window_view(padded, 2 * half + 1)[at]


def is_periodic(times_s: NDArray[np.float64], span_s: float, settings: PeriodicSettings) -> bool:
    """Whether times come at one steady interval of the allowed range for most of a span of span_s.

    Up to two in a row may be missing. Random times of any rate pass with a chance below one in a million.
    """
    if times_s.size < _LEAST:
        return False
    intervals = np.diff(times_s)
    inside = (intervals >= settings.shortest_s) & (intervals <= settings.longest_s)
    if np.count_nonzero(inside) < _LEAST // 2:
        return False
    near = _usual(intervals, inside)
    times = np.maximum(1, np.round(intervals / near))
    steady = (np.abs(intervals / times - near) <= _STEADY * near) & (times <= 3)
    covered = times_s.size * float(np.median(near)) / max(float(times_s[-1] - times_s[0]), span_s)
    return bool(steady.mean() >= _SHARE and covered >= _COVERED)


def _usual(intervals: NDArray[np.float64], inside: NDArray[np.bool_]) -> NDArray[np.float64]:
    """The median of the plausible intervals round each one: the rate of a heart drifts."""
    place = np.flatnonzero(inside)
    plausible = intervals[place]
    local = [np.median(plausible[max(0, k - 8) : k + 9]) for k in range(place.size)]
    return np.asarray(np.interp(np.arange(intervals.size), place, local), dtype=np.float64)


def periodic_train(
    values: NDArray[np.float32],
    rate_hz: float,
    candidates: NDArray[np.int64],
    span_s: float,
    settings: PeriodicSettings,
) -> NDArray[np.int64] | None:
    """Return the samples of a steadily repeated waveform among candidate peaks, or None where none is proven.

    values: (n,), filtered. candidates: samples, ascending, of a stretch of span_s. Candidates of like
    shape are looked at together; the first
    group whose times are periodic is the train; `follow_train` finds the beats that it lacks.
    """
    half = round(settings.half_s * rate_hz)
    candidates = candidates[:_MOST]
    if candidates.size < _LEAST:
        return None
    shapes = snippets_at(values, candidates, half)
    size = np.sqrt(np.einsum("ij,ij->i", shapes, shapes))
    unit = shapes / np.maximum(size, 1e-9)[:, None]
    alike = np.maximum.reduce([unit @ np.roll(unit, shift, axis=1).T for shift in (-2, -1, 0, 1, 2)])
    ratio = size[:, None] / np.maximum(size[None, :], 1e-9)
    close = (alike >= _ALIKE) & (ratio > 0.45) & (ratio < 2.2)
    left = np.ones(candidates.size, dtype=bool)
    for _ in range(12):
        count = (close & left[None, :]).sum(axis=1) * left
        seed = int(count.argmax())
        if count[seed] < _LEAST:
            return None
        members = np.flatnonzero(close[seed] & left)
        template = np.median(unit[members], axis=0)
        fit = unit @ template / max(float(np.sqrt(template @ template)), 1e-9)
        typical = np.median(size[members])
        members = np.flatnonzero(left & (fit >= _ALIKE) & (size > 0.4 * typical) & (size < 2.5 * typical))
        times = candidates[members] / rate_hz
        if is_periodic(_spaced(times, settings.shortest_s), span_s, settings):
            return candidates[members]
        left[members] = False
        left[seed] = False
    return None


def _spaced(times_s: NDArray[np.float64], least_s: float) -> NDArray[np.float64]:
    keep: list[float] = []
    for time in times_s.tolist():
        if not keep or time - keep[-1] >= least_s:
            keep.append(time)
    return np.asarray(keep)


def median_shape(values: NDArray[np.float32], at: NDArray[np.int64], half: int) -> NDArray[np.float32]:
    """Return the median waveform round the samples `at`, shape (2 * half + 1,)."""
    return np.asarray(np.median(snippets_at(values, at, half), axis=0), dtype=np.float32)


def follow_train(
    values: NDArray[np.float32], rate_hz: float, shape: NDArray[np.float32], noise: float, settings: PeriodicSettings
) -> NDArray[np.int64]:
    """Return all samples at which a proven waveform comes, also those hidden by other things.

    values: (n,). shape: (2 * half + 1,). noise: RMS. Where it is seen by itself it sets the rhythm; in gaps of two to
    five intervals, before the first and after the last it is put where it fits best.
    """
    power = float(shape @ shape)
    limit = 2.5 * float(np.abs(shape).max())
    scale = filter_zero_phase(np.clip(values, -limit, limit), shape.astype(np.float64)) / power
    least = float(np.clip(4.5 * noise / np.sqrt(power), 0.45, 0.8))
    seen = peaks(scale, np.asarray([least], dtype=np.float32), scale.size, round(settings.shortest_s * rate_hz * 0.9))
    rows = snippets_at(values, seen, shape.size // 2)
    likeness = scale[seen] * np.sqrt(power / np.maximum(np.einsum("ij,ij->i", rows, rows), 1e-9))
    seen = seen[(likeness >= _ALIKE) & (scale[seen] < 2.0)]
    return _filled(seen, values, shape, rate_hz, settings) if seen.size > 2 else seen


def _filled(
    at: NDArray[np.int64],
    values: NDArray[np.float32],
    shape: NDArray[np.float32],
    rate_hz: float,
    settings: PeriodicSettings,
) -> NDArray[np.int64]:
    """The train with beats put into gaps of two to five intervals (and before and after), where the shape fits best."""
    at = np.asarray(np.round(_spaced(at / rate_hz, settings.shortest_s) * rate_hz), dtype=np.int64)
    intervals = np.diff(at).astype(np.float64)
    inside = intervals <= settings.longest_s * rate_hz
    if not inside.any():
        return at
    periods = _usual(intervals, inside)
    filled: list[int] = at[:1].tolist()
    for beat, period in zip(at[1:].tolist(), periods.tolist(), strict=True):
        missing = round((beat - filled[-1]) / period) - 1
        if 0 < missing <= 4:
            step = (beat - filled[-1]) / (missing + 1)
            start = filled[-1]
            filled += [
                _best(values, shape, round(start + step * (one + 1)), round(0.12 * step)) for one in range(missing)
            ]
        filled.append(beat)
    period = float(np.median(periods))
    first, last = filled[0], filled[-1]
    before = [round(first - period * one) for one in range(1, 4) if first - period * one >= 0]
    after = [round(last + period * one) for one in range(1, 4) if last + period * one < values.size]
    reach = round(0.12 * period)
    extra = np.asarray([_best(values, shape, one, reach) for one in [*before, *after]], dtype=np.int64)
    if extra.size:  # beyond the ends a beat must be seen, for there may be none
        extra = extra[snippets_at(values, extra, shape.size // 2) @ shape >= 0.45 * float(shape @ shape)]
    return np.asarray(sorted({*filled, *extra.tolist()}), dtype=np.int64)


def _best(values: NDArray[np.float32], shape: NDArray[np.float32], centre: int, reach: int) -> int:
    """The sample within `reach` of `centre` at which the shape correlates best."""
    half = shape.size // 2
    low = max(0, centre - reach - half)
    limit = 1.5 * float(np.abs(shape).max())  # a large potential beside it must not lead
    stretch = np.clip(values[low : min(values.size, centre + reach + half + 1)], -limit, limit)
    if stretch.size <= shape.size:
        return min(max(centre, 0), values.size - 1)
    return low + half + int(np.correlate(stretch, shape, mode="valid").argmax())


def centred(
    values: NDArray[np.float32], at: NDArray[np.int64], half: int, reach: int, noise: float
) -> NDArray[np.int64]:
    """Return samples moved by up to `reach` so that the waveforms round them lie on each other.

    Nothing is moved where their common waveform does not stand out of the noise (RMS).
    """
    for _ in range(2):
        shape = median_shape(values, at, half)
        if np.abs(shape).max() < 2.0 * noise:
            return at
        at = np.asarray([_best(values, shape, one, reach) for one in at.tolist()], dtype=np.int64)
    return at


@dataclass(frozen=True, slots=True)
class Locked:
    """What is left round each beat: shape subtracted, and the noise (RMS, robust) that stays, both (2 * half + 1,)."""

    shape: NDArray[np.float32]
    left: NDArray[np.float32]


def subtract_locked(values: NDArray[np.float32], at: NDArray[np.int64], half: int, noise: float) -> Locked | None:
    """Subtract in place the waveform locked to known samples; return it, or None where it does not stand out.

    values: (n,). at: samples of the beats. half: samples to both sides. noise: RMS of the noise.
    Each beat takes the median waveform of its sixty neighbours, larger or smaller and a little shifted as fits best.
    """
    at = at[(at >= half) & (at < values.size - half)]
    if at.size < _LEAST:
        return None
    shapes = snippets_at(values, at, half)
    shape = np.median(shapes, axis=0)
    if np.abs(shape).max() < 3.0 * 1.25 * noise / np.sqrt(at.size) or np.abs(shape).max() < 0.3 * noise:
        return None
    window = np.hanning(2 * half + 3)[1:-1] ** 0.25
    around = np.arange(-half, half + 1)
    left = np.empty_like(shapes)
    for first in range(0, at.size, _STRETCH):
        own = slice(first, min(first + _STRETCH, at.size))
        near = shapes[max(0, first - _STRETCH // 2) : first + _STRETCH + _STRETCH // 2]
        local = np.median(near, axis=0) if len(near) >= _LEAST else shape
        basis = np.stack((local, np.gradient(local))).astype(np.float64)
        square = basis @ basis.T + 1e-9 * np.eye(2) * float((basis**2).sum())
        weight = _clipped(shapes[own], local, noise) @ np.linalg.solve(square, basis).T
        limited = np.stack((np.clip(weight[:, 0], 0.5, 1.6), np.clip(weight[:, 1], -2.0, 2.0)), axis=1)
        wave = (limited @ basis * window).astype(np.float32)
        left[own] = shapes[own] - wave
        for number, place in enumerate(at[own].tolist()):
            values[place + around] -= wave[number]
    spread = np.median(np.abs(left), axis=0) / 0.6745
    return Locked(np.asarray(shape, dtype=np.float32), np.asarray(spread, dtype=np.float32))


def _clipped(shapes: NDArray[np.float32], usual: NDArray[np.float32], noise: float) -> NDArray[np.float64]:
    """Snippets whose deviation from the usual one is limited, so that a potential beside a beat does not lead."""
    limit = 4 * noise + 0.3 * np.abs(usual).max()
    return np.asarray(usual + np.clip(shapes - usual, -limit, limit), dtype=np.float64)
