"""From an envelope and its resting level to the stretches that the onset and offset rules make of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from legtwitch.events.parameters import Parameters
from legtwitch.signal import Baseline, crossing_bins, laid_out, runs

Noise = TypeVar("Noise", float, NDArray[np.float32])

_AT_ONCE = 1 << 17


@dataclass(frozen=True, slots=True)
class Signal:
    """One channel over one segment as the rules need it.

    values: filtered samples (uV). envelope: RMS at every `step`-th sample over `window` samples. tops: its highest
    point in each block of the baseline. smear: of the filter, for `crossing_bins`.
    """

    values: NDArray[np.float32]
    rate_hz: float
    step: int
    window: int
    envelope: NDArray[np.float32]
    tops: NDArray[np.float32]
    baseline: Baseline
    smear: tuple[float, ...]

    def loud(self, margin: float) -> NDArray[np.bool_]:
        """Return which blocks may hold a point more than `margin` (uV) above rest; all others hold none."""
        return np.asarray(self.tops > self.baseline.rest.below() + np.float32(margin))


def onset_margin(noise: Noise, parameters: Parameters) -> Noise:
    """Return how far above rest (uV) a movement begins where the envelope at rest fluctuates by `noise` (uV)."""
    return _margin(parameters.onset_uv, parameters.onset_noise, noise)


def offset_margin(noise: Noise, parameters: Parameters) -> Noise:
    """Return how far above rest (uV) a movement ends where the envelope at rest fluctuates by `noise` (uV)."""
    return _margin(parameters.offset_uv, parameters.offset_noise, noise)


def _margin(least: float, times: float, noise: Noise) -> Noise:
    if isinstance(noise, float):
        return max(least, times * noise)
    margin: NDArray[np.float32] = np.maximum(np.float32(least), np.float32(times) * noise)
    return margin


@dataclass(frozen=True, slots=True)
class Interval:
    """A movement in samples (start, stop), and whether an end of the segment cuts it."""

    start: int
    stop: int
    cut: bool


def _edges(
    signal: Signal, rises: NDArray[np.int64], falls: NDArray[np.int64], parameters: Parameters
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The samples at which the RMS passes the onset margin near its rises and the offset margin near its falls.

    A fall is a rise backwards in time, so that all are fitted together.
    """
    rate, step, half = signal.rate_hz, signal.step, signal.window // 2
    points = np.concatenate((rises, falls))
    margins = np.concatenate(
        (
            onset_margin(signal.baseline.noise[rises], parameters),
            offset_margin(signal.baseline.noise[falls], parameters),
        )
    )
    direction = np.where(np.arange(points.size) < rises.size, 1, -1)
    reach = max(1, round(parameters.fit_after_s * rate / step))
    ahead = np.clip(points[:, None] + direction[:, None] * np.arange(reach), 0, signal.envelope.size - 1)
    top = signal.envelope[ahead].argmax(axis=1)
    level = signal.envelope[ahead[np.arange(points.size), top]]
    rest = signal.baseline.rest[points]
    size = parameters.fit_bin(rate)
    # Few different lengths, so that many edges are fitted at once.
    unit = size * max(1, round(parameters.fit_unit_s * rate / size))
    before = round(parameters.fit_before_s * rate)
    after = -(-np.maximum(top * step + half, 2 * half) // unit) * unit
    last = signal.values.size - 1
    result = points * step
    first = np.clip(result - direction * before, 0, last)
    final = np.clip(result + direction * after, 0, last)
    bins = (np.abs(final - first) + 1) // size
    band = min(parameters.high_hz, parameters.high_of_rate * rate) - parameters.low_hz
    weight = size * min(1.0, 2 * band / rate)
    far = max(1, round(parameters.fit_far_s * rate / size))
    for count in sorted(set(bins[bins >= 4].tolist())):
        own = np.flatnonzero(bins == count)
        stretch = signal.values[first[own, None] + direction[own, None] * np.arange(count * size)]
        power = np.square(stretch).reshape(own.size, count, size).mean(axis=2)
        # Tone may have risen before a movement; a ramp that begins there would otherwise explain it.
        tone, threshold = np.sqrt(power[:, :far].mean(axis=1)), rest[own] + margins[own]
        rose = (tone > parameters.fit_tone * rest[own]) & (tone < parameters.fit_tone_share * threshold)
        floor = np.where(rose, tone, rest[own])
        crossed = crossing_bins(power, size, rate, floor, level[own], threshold, weight, signal.smear)
        result[own] = np.clip(first[own] + direction[own] * np.round(crossed * size).astype(np.int64), 0, last)
    return result[: rises.size], result[rises.size :]


def _lasting(signal: Signal, silences: NDArray[np.int64], parameters: Parameters) -> NDArray[np.int64]:
    """Those silent stretches of points (start, stop), blurred by the window, whose true ends are the hold apart."""
    points = silences[:, 1] - silences[:, 0]
    blurred_s = signal.window / signal.rate_hz + parameters.ringing_s
    silences = silences[points * signal.step / signal.rate_hz + blurred_s >= parameters.hold_s]
    rises, falls = _edges(signal, silences[:, 1], silences[:, 0] - 1, parameters)
    return silences[(rises - falls) / signal.rate_hz >= parameters.hold_s]


def find_intervals(signal: Signal, parameters: Parameters) -> tuple[Interval, ...]:
    """Return what the rules make of a signal, in order: from a rise of 8 uV above rest to the start of a silence.

    Stretches of any length are returned; the shortest movement is the caller's matter.

    Source: AASM scoring manual v2.6/v3 and WASM 2016, onset and offset of a leg movement.
    Deviations: 1. the RMS over a short window is thresholded, not single samples, which would never end a movement
    where the resting RMS is above about 1.2 uV; 2. edges are then fitted to the samples, so that the window doesn't
    blur them; 3. margins are wider than 8 and 2 uV where rest fluctuates by more than they allow.
    """
    points = signal.envelope.size
    quiet, over = _against_margins(signal, parameters)
    silences = runs(quiet)
    long = silences[:, 1] - silences[:, 0] >= parameters.hold_s * signal.rate_hz / signal.step
    long |= (silences[:, 0] == 0) | (silences[:, 1] == points)
    low, high = _rising(silences[long], over, points)
    inside = np.searchsorted(low, silences[:, 0], side="right") - 1
    inner = ~long & (inside >= 0)
    inner[inner] = silences[inner, 1] <= high[inside[inner]]
    parting = np.concatenate((silences[long], _lasting(signal, silences[inner], parameters)))
    low, high = _rising(parting[np.argsort(parting[:, 0])], over, points)
    chosen = _confirmed(signal, low, high, parameters)
    return _intervals(signal, over[np.searchsorted(over, low[chosen])], high[chosen] - 1, parameters)


def _rising(
    silences: NDArray[np.int64], over: NDArray[np.int64], points: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """What lies between silences, (start, stop) in order, and before and after them, if it holds a point of `over`."""
    starts = np.concatenate(([0], silences[:, 1]))
    stops = np.concatenate((silences[:, 0], [points]))
    holds = np.searchsorted(over, starts) < np.searchsorted(over, stops)
    return starts[holds], stops[holds]


def _confirmed(
    signal: Signal, lows: NDArray[np.int64], highs: NDArray[np.int64], parameters: Parameters
) -> NDArray[np.bool_]:
    """Which bursts (first point, and the one after the last) reach the onset margin over their better half.

    Without it the chance peaks of noise of 7 uV would rise 8 uV above rest. Uneven bursts rise where they peak, and of
    short ones nothing is left beside the blur of the window.
    """
    trim = -(-signal.window // signal.step)
    middle = (lows + highs) // 2
    needed = signal.baseline.rest[middle] + onset_margin(signal.baseline.noise[middle], parameters)
    least = (parameters.level_share * needed.astype(np.float64)) ** 2
    chosen = highs - lows < 3 * trim
    long = np.flatnonzero(~chosen)
    starts, stops = lows[long] + trim, highs[long] - trim
    for laid in laid_out(starts, stops, _AT_ONCE):
        power = np.square(signal.envelope[laid.at], dtype=np.float64)
        chosen[long[laid.own]] = np.add.reduceat(power, laid.begins) >= least[long[laid.own]] * laid.lengths
    around = round(parameters.top_s * signal.rate_hz / signal.step)
    for at in np.flatnonzero(~chosen).tolist():
        power = np.square(signal.envelope[lows[at] + trim : highs[at] - trim], dtype=np.float64)
        top = int(power.argmax())
        near = power[max(0, top - around) : top + around + 1]
        judged = near if _is_uneven(power, signal, parameters.level_spread, parameters) else power
        chosen[at] = _best_half(judged) >= least[at] or (
            judged is near and _is_uneven(near, signal, parameters.top_spread, parameters)
        )
    return chosen


def _is_uneven(power: NDArray[np.float64], signal: Signal, spread: float, parameters: Parameters) -> bool:
    """Whether the RMS of a stretch varies by more than `spread` times what noise makes it vary."""
    envelope = np.sqrt(power)
    band = min(parameters.high_hz, parameters.high_of_rate * signal.rate_hz) - parameters.low_hz
    chance = 1 / np.sqrt(4 * band * signal.window / signal.rate_hz)  # of an RMS: 1 / sqrt(2 * degrees of freedom)
    return bool(envelope.std() > spread * chance * envelope.mean())


def _best_half(power: NDArray[np.float64]) -> float:
    """The highest mean of half as many neighbouring values as there are."""
    half = -(-power.size // 2)
    sums = np.concatenate(([0.0], np.cumsum(power)))
    return float((sums[half:] - sums[:-half]).max() / half)


def _against_margins(signal: Signal, parameters: Parameters) -> tuple[NDArray[np.bool_], NDArray[np.int64]]:
    """Where the envelope is not above the offset margin, and the points at which it reaches the onset margin.

    Most of a night lies below any margin: only blocks of which some point may not are looked at point by point.
    """
    baseline, envelope, block = signal.baseline, signal.envelope, signal.baseline.block
    quiet = np.ones(envelope.size, dtype=bool)
    whole = envelope.size // block
    rows = envelope[: whole * block].reshape(whole, block)
    loud = np.flatnonzero(signal.loud(min(parameters.offset_uv, parameters.onset_uv))[:whole])
    above = rows[loud] - baseline.rest.rows(loud)
    noise = baseline.noise.rows(loud)
    quiet[: whole * block].reshape(whole, block)[loud] = above <= offset_margin(noise, parameters)
    row, place = np.nonzero(above >= onset_margin(noise, parameters))
    tail = slice(whole * block, envelope.size)
    last = envelope[tail] - baseline.rest[tail]
    quiet[tail] = last <= offset_margin(baseline.noise[tail], parameters)
    end = np.flatnonzero(last >= onset_margin(baseline.noise[tail], parameters))
    return quiet, np.concatenate((loud[row] * block + place, tail.start + end))


def _intervals(
    signal: Signal, first: NDArray[np.int64], last: NDArray[np.int64], parameters: Parameters
) -> tuple[Interval, ...]:
    """The intervals between the first point over the onset margin and the last over the offset margin of each burst."""
    starts, ends = _edges(signal, first, last, parameters)
    starts[first == 0] = 0
    ends[last == signal.envelope.size - 1] = signal.values.size - 1
    cut = (first == 0) | (last == signal.envelope.size - 1)
    return tuple(
        Interval(start, max(end, start) + 1, at_end)
        for start, end, at_end in zip(starts.tolist(), ends.tolist(), cut.tolist(), strict=True)
    )
