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
    onset, offset: margins above rest (uV) at every point of the envelope. smear: of the filter, for `crossing_bin`.
    """

    values: NDArray[np.float32]
    rate_hz: float
    step: int
    window: int
    envelope: NDArray[np.float32]
    baseline: Baseline
    onset: NDArray[np.float32]
    offset: NDArray[np.float32]
    smear: tuple[float, ...]


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
    quiet = signal.envelope[low:high] <= signal.baseline.rest[low:high] + signal.offset[low:high]
    for start, stop in runs(quiet):
        if start == 0 or stop == high - low:
            continue
        if (stop - start) * point_s + signal.window / signal.rate_hz < parameters.hold_s:
            continue
        falls = _edge(signal, low + start - 1, float(signal.offset[low + start - 1]), parameters, forward=False)
        rises = _edge(signal, low + stop, float(signal.offset[low + stop]), parameters, forward=True)
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
    quiet = signal.envelope <= signal.baseline.rest + signal.offset
    rises = signal.envelope >= signal.baseline.rest + signal.onset
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
            if over.size:
                found.append(_interval(signal, low + int(over[0]), high - 1, parameters))
    return tuple(found)


def _interval(signal: Signal, first: int, last: int, parameters: Parameters) -> Interval:
    """The interval between the first point over the onset margin and the last over the offset margin."""
    starts_cut, ends_cut = first == 0, last == signal.envelope.size - 1
    start = 0 if starts_cut else _edge(signal, first, float(signal.onset[first]), parameters, forward=True)
    stop = signal.values.size if ends_cut else _edge(signal, last, float(signal.offset[last]), parameters, False) + 1
    return Interval(start, max(stop, start + 1), starts_cut or ends_cut)
