"""The envelope of EMG for rhythms and bursts: RMS over about a hundredth of a second, and its level at rest."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from legtwitch.events.rhythm_parameters import EmgRhythmParameters
from legtwitch.signal import (
    bandpass_kernel,
    constant_runs,
    filter_zero_phase,
    remove_mains,
    rms_envelope,
    runs,
    subtract_spikes,
)
from legtwitch.signal.glitches import moving_mean

Floats = NDArray[np.float64]

_MOST_POTENTIALS = 8
_LEAST_POTENTIAL = 0.4  # of the largest in a burst
_LONGEST_LOOKED_AT_S = 0.5


@dataclass(frozen=True, slots=True)
class Envelope:
    """One muscle over one segment.

    values: filtered EMG of its first channel, (n,), at raw_hz. low: RMS (uV) of what lies below the band, at rate_hz.
    level: RMS (uV) at rate_hz over window_s, a mean over channels. fast: the same over the shortest window, at fast_hz,
    for the rhythm itself. floor: RMS at rest. usable: False where there is no signal. All but values and fast have the
    same shape.
    """

    start_s: float
    raw_hz: float
    rate_hz: float
    window_s: float
    values: NDArray[np.float32]
    low: Floats
    level: Floats
    fast: Floats
    fast_hz: float
    floor: Floats
    usable: NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Burst:
    """A burst: onset and offset in s from the segment's start, corrected for the window; peak RMS and RMS at rest.

    alike: mean correlation of the potentials in it with each other, None where it holds fewer than two.
    low_share: share of its power below the band, 0 to 1.
    """

    onset_s: float
    offset_s: float
    peak_uv: float
    rest_uv: float
    alike: float | None = None
    low_share: float = 0.0

    @property
    def length_s(self) -> float:
        """Length."""
        return self.offset_s - self.onset_s


def envelope_of(
    channels: list[NDArray[np.float32]], rate_hz: float, start_s: float, parameters: EmgRhythmParameters
) -> Envelope | None:
    """Return the envelope of one segment of the channels (each (n,), uV) of a muscle; None where it is too short."""
    samples = channels[0].size
    if samples < parameters.least_piece_s * rate_hz:
        return None
    high = min(parameters.high_hz, parameters.high_of_rate * rate_hz)
    kernel = bandpass_kernel(rate_hz, min(parameters.low_hz, 0.5 * high), high, parameters.kernel_s)
    window_s = max(parameters.window_s, parameters.window_cycles / (high - parameters.low_hz))
    step = max(1, round(rate_hz / parameters.grid_hz))
    window = 2 * round(window_s * rate_hz / 2) + 1
    dead = np.zeros(samples, dtype=bool)
    first: NDArray[np.float32] | None = None
    low = _low(channels[0], rate_hz, step, parameters)
    total: Floats | None = None
    fast_step = max(1, int(rate_hz // parameters.tremor_grid_hz))
    fast_window = 2 * max(1, round(parameters.window_s * rate_hz / 2)) + 1
    fast = np.zeros(-(-samples // fast_step))
    for raw in channels:
        wrong = ~np.isfinite(raw)
        clean = np.where(wrong, np.float32(0), raw) if wrong.any() else raw
        for start, stop in constant_runs(clean, max(2, round(parameters.flat_s * rate_hz))).tolist():
            dead[start:stop] = True
        values = filter_zero_phase(clean, kernel)
        remove_mains(values, rate_hz, high)
        subtract_spikes(values, rate_hz, parameters.spikes)
        level = rms_envelope(values, window, step).astype(np.float64)
        total = level**2 if total is None else total + level**2
        fast += rms_envelope(values, fast_window, fast_step).astype(np.float64) ** 2
        first = values if first is None else first
    if total is None or first is None:
        return None
    mean = np.sqrt(total / len(channels))
    usable = ~dead[: mean.size * step : step]
    rate = rate_hz / step
    freedom = 2 * (high - parameters.low_hz) * window / rate_hz * len(channels) ** 0.5
    floor = _floor(mean, usable, rate, freedom, parameters)
    return Envelope(
        start_s,
        rate_hz,
        rate,
        window / rate_hz,
        first,
        low,
        mean,
        np.sqrt(fast / len(channels)),
        rate_hz / fast_step,
        floor,
        usable,
    )


def _low(raw: NDArray[np.float32], rate_hz: float, step: int, parameters: EmgRhythmParameters) -> Floats:
    """The RMS (uV) of what lies below the band and above 1 Hz, over a tenth of a second, at every step-th sample."""
    smooth = moving_mean(np.nan_to_num(raw), round(0.44 * rate_hz / parameters.low_hz))[::step]
    rate = rate_hz / step
    return np.asarray(np.sqrt(moving_mean((smooth - moving_mean(smooth, round(rate / 2))) ** 2, round(rate / 10))))


def _low_share(envelope: Envelope, onset_s: float, offset_s: float) -> float:
    """The share of a burst's power that lies below the band; 0 to 1."""
    rate = envelope.rate_hz
    first, last = max(0, round(onset_s * rate)), round(offset_s * rate) + 1
    around = envelope.low[max(0, first - round(rate)) : first + round(2 * rate)]
    rest = float(np.quantile(around, 0.3)) ** 2
    low = max(float((envelope.low[first:last] ** 2).max()) - rest, 0.0)
    high = float((envelope.level[first:last] ** 2).mean())
    return low / max(low + high, 1e-12)


def _floor(
    level: Floats, usable: NDArray[np.bool_], rate_hz: float, freedom: float, parameters: EmgRhythmParameters
) -> Floats:
    """The RMS at rest round every point: low quantiles of blocks, and of those a low quantile over time.

    A low quantile sees the rest between the bursts of a tremor. That noise alone has low values too is made up for by
    the distribution of its RMS (Wilson and Hilferty's form).
    """
    size = max(4, round(parameters.block_s * rate_hz))
    blocks = max(1, level.size // size)
    rows = np.where(usable, level, np.nan)[: blocks * size]
    if rows.size < blocks * size or blocks == 1:
        low = np.array([np.nanquantile(rows, parameters.rest_quantile) if np.isfinite(rows).any() else np.inf])
    else:
        table = rows.reshape(blocks, size)
        seen = np.isfinite(table).any(axis=1)
        low = np.full(blocks, np.nan)
        low[seen] = np.nanquantile(table[seen], parameters.rest_quantile, axis=1)
    half = round(parameters.rest_s / parameters.block_s)
    padded = np.pad(low, half, constant_values=np.nan)
    around = np.lib.stride_tricks.sliding_window_view(padded, 2 * half + 1)
    known = np.isfinite(around).any(axis=1)
    rest = np.full(low.size, np.inf)
    rest[known] = np.nanquantile(around[known], parameters.rest_blocks_quantile, axis=1)
    share = 2 / (9 * max(freedom, 2.0))
    lower = (1 - share - 1.2816 * math.sqrt(share)) ** 1.5  # the tenth quantile of the RMS over its mean
    known_rest = rest[np.isfinite(rest)]
    if known_rest.size:
        rest = np.minimum(rest, parameters.floor_most * float(np.quantile(known_rest, parameters.rest_quantile)))
    centres = (np.arange(low.size) + 0.5) * size
    floor = np.interp(np.arange(level.size), centres, rest) / max(lower, 0.2)
    return np.asarray(np.maximum(floor, parameters.floor_uv), dtype=np.float64)


def bursts_of(envelope: Envelope, parameters: EmgRhythmParameters) -> list[Burst]:
    """Return the stretches of activity: above a multiple of rest, joined over pauses of a few hundredths of a second.

    The ends of a burst lie where the RMS comes to a fifth of its peak, less what the window adds.
    """
    rate, level = envelope.rate_hz, envelope.level
    above = (level > parameters.offset_ratio * envelope.floor) & envelope.usable
    hold = max(1, round(parameters.join_s * rate))
    joined: list[list[int]] = []
    for start, stop in runs(above).tolist():
        if joined and start - joined[-1][1] <= hold:
            joined[-1][1] = stop
        else:
            joined.append([start, stop])
    found = []
    for start, stop in joined:
        peak_at = start + int(level[start:stop].argmax())
        rest = float(envelope.floor[peak_at])
        if level[peak_at] < parameters.onset_ratio * rest:
            continue
        peak = float(np.quantile(level[start:stop], 0.95))
        bar = max(parameters.edge_share * peak, parameters.offset_ratio * rest)
        inside = np.flatnonzero(level[start:stop] >= bar)
        first, last = (
            _crossing(level, start + int(inside[0]), -1, bar),
            _crossing(level, start + int(inside[-1]), 1, bar),
        )
        trim = 0.5 * envelope.window_s * _overhang(bar / max(peak, bar))
        onset, offset = first / rate + trim, last / rate - trim
        if offset <= onset:
            middle = (onset + offset) / 2
            onset, offset = middle - 0.5 / rate, middle + 0.5 / rate
        alike, low = _alike(envelope, onset, offset), _low_share(envelope, onset, offset)
        found.append(Burst(onset, offset, peak, rest, alike, low))
    return found


def _alike(envelope: Envelope, onset_s: float, offset_s: float) -> float | None:
    """How alike the potentials of a burst are: one motor unit repeats its waveform, many do not."""
    rate = envelope.raw_hz
    half = round(0.004 * rate)
    first, last = max(half, round((onset_s - 0.005) * rate)), round((offset_s + 0.005) * rate)
    last = min(last, envelope.values.size - half)
    if half < 3 or last - first < 4 * half or offset_s - onset_s > _LONGEST_LOOKED_AT_S:
        return None
    part = envelope.values[first:last]
    left = part * np.sign(part[int(np.abs(part).argmax())])  # phases of one sign only, else one unit has two shapes
    least = _LEAST_POTENTIAL * float(left.max())
    tops: list[int] = []
    while len(tops) < _MOST_POTENTIALS:
        top = int(left.argmax())
        if left[top] < least:
            break
        tops.append(first + top)
        left[max(0, top - 2 * half) : top + 2 * half] = -np.inf
    if len(tops) < 2:
        return None
    shapes = np.stack([envelope.values[top - half : top + half + 1] for top in tops]).astype(np.float64)
    shapes /= np.maximum(np.linalg.norm(shapes, axis=1, keepdims=True), 1e-9)
    pairs = (shapes @ shapes.T)[np.triu_indices(len(tops), 1)]
    return float(pairs.mean())


def _overhang(share: float) -> float:
    """How far, in halves of the window, the RMS of a sharp edge rises through a share of its peak too early."""
    return max(0.0, 1 - 2 * share * share)


def _crossing(level: Floats, at: int, way: int, bar: float) -> float:
    """Where between two points the level crosses the bar, beside a point above it."""
    beside = at + way
    if not 0 <= beside < level.size or level[beside] >= level[at]:
        return float(at)
    share = (level[at] - bar) / (level[at] - level[beside])
    return at + way * float(np.clip(share, 0, 1))
