"""Short potentials of one channel: where they are, how large and long, and which are no potentials of a muscle."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from legtwitch.events.emg_heart import bar_near_beats
from legtwitch.events.emg_parameters import EmgParameters
from legtwitch.events.emg_trace import EmgTrace
from legtwitch.signal.periodic import Locked, snippets_at
from legtwitch.signal.pulses import peaks
from legtwitch.signal.shapes import energy_widths, extents, inside, phases, turns

_HALF_S = 0.04
_NEAR_S = 0.013
_GAP_S = 0.002
_ECHO_S = 0.07
_SLOW_S = 0.05
_SLOW_SHARE = 0.8
_NET = 0.1
_ENERGY = 0.9


@dataclass(slots=True)
class Potentials:
    """Potentials of one segment of one channel, arrays of one length (n,).

    at: sample of the middle of the energy. time_s: the same, from the start of the recording.
    first_s, last_s: begin and end. energy: over its median in noise. peak_to_peak_uv, noise_uv. phases, turns.
    burst: activity without a pause round it is too long for one potential. pop: the electrode's, or movement's;
    moved: movement's. sharp: too short for a motor unit, unless its shape comes back.
    clear: energy over what the noise reaches there and just then, in units in which the usual threshold is usual.
    saturated: clipped. segment: its number.
    """

    at: NDArray[np.int64]
    time_s: NDArray[np.float64]
    first_s: NDArray[np.float64]
    last_s: NDArray[np.float64]
    energy: NDArray[np.float32]
    clear: NDArray[np.float32]
    peak_to_peak_uv: NDArray[np.float32]
    noise_uv: NDArray[np.float32]
    phases: NDArray[np.int64]
    turns: NDArray[np.int64]
    burst: NDArray[np.bool_]
    pop: NDArray[np.bool_]
    moved: NDArray[np.bool_]
    sharp: NDArray[np.bool_]
    saturated: NDArray[np.bool_]
    segment: NDArray[np.int64]

    def __len__(self) -> int:
        return self.at.size

    def take(self, chosen: NDArray[np.bool_] | NDArray[np.int64]) -> Potentials:
        """Return some of them."""
        return Potentials(*(getattr(self, one.name)[chosen] for one in fields(self)))


def joined(parts: list[Potentials]) -> Potentials:
    """Return the potentials of several segments as one; at least one part."""
    return Potentials(*(np.concatenate([getattr(part, one.name) for part in parts]) for one in fields(Potentials)))


def find_potentials(
    trace: EmgTrace, beats_s: NDArray[np.float64], locked: Locked | None, segment: int, parameters: EmgParameters
) -> Potentials:
    """Return all potentials above the threshold of a trace whose heart was subtracted.

    beats_s: from the segment's start. locked: what the heart left, or None.
    """
    rate = trace.rate_hz
    at = peaks(trace.energy, trace.threshold * trace.rest, trace.block, round(parameters.apart_s * rate))
    block = trace.block_of(at)
    found = measured(trace, at, segment, parameters)
    bar = bar_near_beats(trace, at, beats_s, locked)
    keep = (found.peak_to_peak_uv >= parameters.floor_uv) & (found.peak_to_peak_uv / 2 >= bar) & ~trace.bad[block]
    return _without_echoes(found.take(keep))


def _without_echoes(found: Potentials) -> Potentials:
    """Leave out small potentials beside a pop: what the filter makes of it."""
    at = found.time_s[found.pop]
    if not at.size:
        return found
    size = found.peak_to_peak_uv[found.pop]
    place = np.searchsorted(at, found.time_s)
    echo = np.zeros(len(found), dtype=bool)
    for near in (np.clip(place - 1, 0, at.size - 1), np.clip(place, 0, at.size - 1)):
        apart = np.abs(found.time_s - at[near])
        echo |= (apart > 0) & (apart < _ECHO_S) & (found.peak_to_peak_uv < 0.2 * size[near])
    return found.take(~echo | found.pop)


def measured(trace: EmgTrace, at: NDArray[np.int64], segment: int, parameters: EmgParameters) -> Potentials:
    """Return the potentials at these samples with their measures."""
    rate = trace.rate_hz
    half = round(_HALF_S * rate)
    rows = snippets_at(trace.values, at, half)
    block = trace.block_of(at)
    noise = trace.noise_uv[block]
    near = max(1, round(_NEAR_S * rate))
    middle = rows[:, half - near : half + near + 1]
    peak = np.abs(middle).max(axis=1, initial=0)
    size = np.ptp(middle, axis=1) if at.size else np.empty(0, dtype=np.float32)
    active = np.abs(rows) > np.maximum(2.5 * noise, 0.07 * peak)[:, None]
    active[:, half] = True  # between two phases the signal is 0
    first, last = extents(active, max(1, round(_GAP_S * rate)))
    within = inside(rows.shape, first, last)
    length = (last - first + 1) / rate
    step = np.maximum(2.0 * noise, 0.1 * size)
    jumps, moved = _pops(trace, at, size), _moved(trace, at, size)
    energy = (trace.energy[at] / np.maximum(trace.rest[block], np.float32(1e-6))).astype(np.float32)
    usual = np.float32(parameters.threshold / trace.threshold)
    return Potentials(
        at,
        trace.start_s + at / rate,
        trace.start_s + (at - half + first) / rate,
        trace.start_s + (at - half + last) / rate,
        energy,
        energy * usual / _swelling(trace, at, parameters),
        size,
        noise,
        phases(rows, within, np.maximum(2.5 * noise, 0.1 * size)),
        turns(rows, within, step),
        length > parameters.burst_s,
        jumps | moved,
        moved & ~jumps,
        _sharp(rows, noise, rate, parameters),
        _on_clipped(trace, at),
        np.full(at.size, segment, dtype=np.int64),
    )


def _sharp(
    rows: NDArray[np.float32], noise: NDArray[np.float32], rate_hz: float, parameters: EmgParameters
) -> NDArray[np.bool_]:
    """Whether a potential is over sooner than that of a motor unit, which takes time to pass two electrodes."""
    half, reach = rows.shape[1] // 2, max(1, round(_NEAR_S * rate_hz))
    if rate_hz < parameters.shape_hz * 0.99:
        return np.zeros(len(rows), dtype=bool)
    wide = energy_widths(rows[:, half - reach : half + reach + 1], noise, _ENERGY)
    return np.asarray(wide < parameters.shortest_s * rate_hz)


def _swelling(trace: EmgTrace, at: NDArray[np.int64], parameters: EmgParameters) -> NDArray[np.float32]:
    """How far the noise just before and after potentials stands above its rest (at least 1): it may swell so shortly
    that no resting level follows."""
    first, last = (round(one * trace.rate_hz) for one in parameters.beside_s)
    lags = np.arange(first, last, max(1, (last - first) // 100))
    index = np.clip(at[:, None] + np.concatenate((-lags, lags)), 0, max(trace.energy.size - 1, 0))
    beside = np.median(trace.energy[index], axis=1) if at.size else np.empty(0)
    return np.maximum(beside / np.maximum(trace.rest[trace.block_of(at)], 1e-6), 1.0).astype(np.float32)


def _pops(trace: EmgTrace, at: NDArray[np.int64], size: NDArray[np.float32]) -> NDArray[np.bool_]:
    """Whether the raw signal jumps in one sample, or lies at another level after than before: electrode or cable."""
    slow = trace.slow
    if slow.size < 16 or not at.size:
        return np.zeros(at.size, dtype=bool)
    place = np.clip((at / trace.rate_hz / trace.step_s).astype(np.int64), 8, slow.size - 9)
    step = np.maximum.reduce([trace.raw_step[place + one] for one in (-1, 0, 1)]) - float(np.median(trace.raw_step))

    def shift(where: NDArray[np.int64]) -> NDArray[np.float32]:
        after = np.minimum(where + 2, slow.size - 1)
        return np.asarray(np.abs(slow[after] - slow[where - 2]), dtype=np.float32)

    usual = float(np.median(np.abs(slow[4:] - slow[:-4])))
    apart = shift(place)
    excess = apart - np.maximum(shift(place - 5), shift(place + 5))
    moved = (excess > 0.2 * size) & (apart > np.maximum(0.35 * size, 6 * usual))
    if trace.rate_hz < 800:  # a potential is a step or two itself
        return np.asarray(moved & (excess > 0.4 * size))
    fast = trace.rate_hz >= 1500
    jump = (step > (0.72 if fast else 0.95) * size) & (_area(slow, place) > _NET * size)
    return np.asarray(jump | (moved & (step > (0.45 if fast else 0.7) * size)))


def _area(slow: NDArray[np.float32], place: NDArray[np.int64]) -> NDArray[np.float32]:
    """How far a mean of 20 ms lies off the line through those 60 ms before and after it: the phases of a sharp
    potential cancel each other, a jump dies away to one side."""
    result = np.zeros(place.size, dtype=np.float32)
    for near in (-1, 0, 1):
        where = place + near
        line = 0.5 * (slow[where - 3] + slow[where + 3])
        result = np.maximum(result, np.abs(slow[where] - line))
    return result


def _moved(trace: EmgTrace, at: NDArray[np.int64], size: NDArray[np.float32]) -> NDArray[np.bool_]:
    """Whether most of what is seen lies below 35 Hz, where a motor unit has hardly anything."""
    if not trace.low.size or not at.size or trace.rate_hz < 800:
        return np.zeros(at.size, dtype=bool)
    reach = round(_SLOW_S * trace.low_hz)
    place = np.clip(np.round(at / trace.rate_hz * trace.low_hz).astype(np.int64), 0, trace.low.size - 1)
    rows = snippets_at(trace.low, place, reach)
    usual = float(np.median(np.abs(trace.low))) / 0.6745
    return np.asarray(np.ptp(rows, axis=1) - 3 * usual > _SLOW_SHARE * size)


def _on_clipped(trace: EmgTrace, at: NDArray[np.int64]) -> NDArray[np.bool_]:
    touched = np.zeros(at.size, dtype=bool)
    if trace.clipped:
        bounds = np.asarray(trace.clipped)
        time = at / trace.rate_hz
        place = np.clip(np.searchsorted(bounds[:, 0], time), 1, len(bounds)) - 1
        for near in (place, np.minimum(place + 1, len(bounds) - 1)):
            touched |= (time > bounds[near, 0] - _HALF_S / 2) & (time < bounds[near, 1] + _HALF_S / 2)
    return touched
