"""From an envelope and its resting level to the stretches that the onset and offset rules make of them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from legtwitch.events.parameters import Parameters
from legtwitch.signal import Baseline, crossing_bin, runs


@dataclass(frozen=True, slots=True)
class Signal:
    """One channel over one segment as the rules need it.

    values: filtered samples (uV). envelope: RMS at every `step`-th sample over `window` samples.
    smear: of the filter, for `crossing_bin`.
    """

    values: NDArray[np.float32]
    rate_hz: float
    step: int
    window: int
    envelope: NDArray[np.float32]
    baseline: Baseline
    smear: tuple[float, ...]


def onset_margin(signal: Signal, at: int | slice, parameters: Parameters) -> NDArray[np.float32]:
    """Return how far above rest (uV) a movement begins, at points of the envelope."""
    margin: NDArray[np.float32] = np.maximum(parameters.onset_uv, parameters.onset_noise * signal.baseline.noise[at])
    return margin


def offset_margin(signal: Signal, at: int | slice, parameters: Parameters) -> NDArray[np.float32]:
    """Return how far above rest (uV) a movement ends, at points of the envelope."""
    margin: NDArray[np.float32] = np.maximum(parameters.offset_uv, parameters.offset_noise * signal.baseline.noise[at])
    return margin


@dataclass(frozen=True, slots=True)
class Interval:
    """A movement in samples (start, stop), and whether an end of the segment cuts it."""

    start: int
    stop: int
    cut: bool


def _edge(signal: Signal, point: int, margin: float, parameters: Parameters, forward: bool) -> int:
    """The sample at which the RMS rises through rest + margin near a point (backwards in time if not forward)."""
    rate, step, half = signal.rate_hz, signal.step, signal.window // 2
    direction = 1 if forward else -1
    reach = max(1, round(parameters.fit_after_s * rate / step))
    ahead = (
        signal.envelope[point : point + reach] if forward else signal.envelope[max(0, point - reach + 1) : point + 1]
    )
    top = int(np.argmax(ahead if forward else ahead[::-1]))
    level = float(ahead.max())
    rest = float(signal.baseline.rest[point])
    centre = point * step
    size = parameters.fit_bin(rate)
    before = round(parameters.fit_before_s * rate)
    after = max(top * step + half, 2 * half)
    last = signal.values.size - 1
    first = min(max(centre - direction * before, 0), last)
    final = min(max(centre + direction * after, 0), last)
    stretch = signal.values[first : final + 1] if forward else signal.values[final : first + 1][::-1]
    bins = stretch.size // size
    if bins < 4:
        return centre
    power = np.square(stretch[: bins * size].astype(np.float64)).reshape(bins, size).mean(axis=1)
    band = min(parameters.high_hz, parameters.high_of_rate * rate) - parameters.low_hz
    weight = size * min(1.0, 2 * band / rate)
    crossed = crossing_bin(power, size / rate, rest, level, rest + margin, weight, signal.smear)
    return min(max(first + direction * round(crossed * size), 0), last)


def _lasting_silences(signal: Signal, low: int, high: int, parameters: Parameters) -> list[tuple[int, int]]:
    """Silent points inside a stretch whose true ends, blurred by the window, are at least the hold apart."""
    point_s = signal.step / signal.rate_hz
    found = []
    here = slice(low, high)
    quiet = signal.envelope[here] <= signal.baseline.rest[here] + offset_margin(signal, here, parameters)
    for start, stop in runs(quiet):
        if start == 0 or stop == high - low:
            continue
        if (stop - start) * point_s + signal.window / signal.rate_hz + parameters.ringing_s < parameters.hold_s:
            continue
        falls = _edge(
            signal,
            low + start - 1,
            float(offset_margin(signal, low + start - 1, parameters)),
            parameters,
            forward=False,
        )
        rises = _edge(
            signal, low + stop, float(offset_margin(signal, low + stop, parameters)), parameters, forward=True
        )
        if (rises - falls) / signal.rate_hz >= parameters.hold_s:
            found.append((low + int(start), low + int(stop)))
    return found


def find_intervals(signal: Signal, parameters: Parameters) -> tuple[Interval, ...]:
    """Return what the rules make of a signal, in order: from a rise of 8 uV above rest to the start of a silence.

    Stretches of any length are returned; the shortest movement is the caller's matter.

    Source: AASM scoring manual v2.6/v3 and WASM 2016, onset and offset of a leg movement.
    Deviations: 1. the RMS over a short window is thresholded, not single samples, which would never end a movement
    where the resting RMS is above about 1.2 uV; 2. edges are then fitted to the samples, so that the window doesn't
    blur them; 3. margins are wider than 8 and 2 uV where rest fluctuates by more than they allow.
    """
    hold = parameters.hold_s * signal.rate_hz / signal.step
    quiet, rises = _against_margins(signal, parameters)
    silent = np.zeros(quiet.size, dtype=bool)
    for start, stop in runs(quiet):
        if stop - start >= hold or start == 0 or stop == quiet.size:
            silent[start:stop] = True
    found = []
    for start, stop in runs(~silent):
        if not rises[start:stop].any():
            continue
        bounds = [int(start)]
        for low, high in _lasting_silences(signal, int(start), int(stop), parameters):
            bounds += [low, high]
        bounds.append(int(stop))
        for low, high in zip(bounds[::2], bounds[1::2], strict=True):
            over = np.flatnonzero(rises[low:high])
            if over.size and _is_confirmed(signal, low, high, parameters):
                found.append(_interval(signal, low + int(over[0]), high - 1, parameters))
    return tuple(found)


def _is_confirmed(signal: Signal, low: int, high: int, parameters: Parameters) -> bool:
    """Whether a burst that is level, but for the chance in noise, reaches the onset margin over its better half.

    Without it the chance peaks of noise of 7 uV would rise 8 uV above rest. Uneven bursts rise where they peak.
    """
    trim = -(-signal.window // signal.step)
    power = np.square(signal.envelope[low + trim : high - trim].astype(np.float64))
    if power.size < trim:
        return True
    envelope = np.sqrt(power)
    band = min(parameters.high_hz, parameters.high_of_rate * signal.rate_hz) - parameters.low_hz
    chance = 1 / np.sqrt(4 * band * signal.window / signal.rate_hz)  # of an RMS: 1 / sqrt(2 * degrees of freedom)
    if envelope.std() > parameters.level_spread * chance * envelope.mean():
        return True
    middle = (low + high) // 2
    needed = float(signal.baseline.rest[middle]) + float(onset_margin(signal, middle, parameters))
    half = np.convolve(power, np.full(-(-power.size // 2), 1.0), mode="valid") / -(-power.size // 2)
    return bool(np.sqrt(half.max()) >= parameters.level_share * needed)


def _against_margins(signal: Signal, parameters: Parameters) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Where the envelope is not above the offset margin, and where it reaches the onset margin."""
    quiet = np.empty(signal.envelope.size, dtype=bool)
    rises = np.empty(signal.envelope.size, dtype=bool)
    for first in range(0, quiet.size, 1 << 16):
        here = slice(first, first + (1 << 16))
        above = signal.envelope[here] - signal.baseline.rest[here]
        quiet[here] = above <= offset_margin(signal, here, parameters)
        rises[here] = above >= onset_margin(signal, here, parameters)
    return quiet, rises


def _interval(signal: Signal, first: int, last: int, parameters: Parameters) -> Interval:
    """The interval between the first point over the onset margin and the last over the offset margin."""
    starts_cut, ends_cut = first == 0, last == signal.envelope.size - 1
    start = (
        0
        if starts_cut
        else _edge(signal, first, float(onset_margin(signal, first, parameters)), parameters, forward=True)
    )
    stop = (
        signal.values.size
        if ends_cut
        else _edge(signal, last, float(offset_margin(signal, last, parameters)), parameters, False) + 1
    )
    return Interval(start, max(stop, start + 1), starts_cut or ends_cut)
