"""One channel of an EMG made ready: filtered, mains taken out, its resting noise known at every quarter second."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from legtwitch.events.emg_parameters import EmgParameters
from legtwitch.signal import bandpass_kernel, constant_runs, filter_zero_phase, remove_mains, runs
from legtwitch.signal.pulses import block_medians, pulse_energy, pulse_kernels, rolling_quantile

Stretch = tuple[float, float]
_MEDIAN_IN_NOISE = 1.7  # of the energy, in units of the noise
_STEP_S = 0.02
_LOW_HZ = 500.0


@dataclass(slots=True)
class EmgTrace:
    """One segment of one channel.

    values: (n,) in uV at rate_hz. energy: (n,), see `pulse_energy`. block: samples of a quarter second.
    level: median energy of each block. rest: resting energy. threshold: in units of it, higher where noise has heavy
    tails. noise_uv: RMS of the noise at rest, a value a block.
    swell: level over two seconds against the lowest nearby.
    bad: blocks that hold no signal (flat, no numbers). raw_step: largest step of the raw signal in stretches of 20 ms.
    slow: the raw signal in means of 20 ms. low: its band of 8 to 35 Hz at low_hz, where the heart and moved cables are.
    clipped: stretches in s from the segment's start.
    """

    start_s: float
    rate_hz: float
    values: NDArray[np.float32]
    energy: NDArray[np.float32]
    block: int
    level: NDArray[np.float32]
    rest: NDArray[np.float32]
    noise_uv: NDArray[np.float32]
    swell: NDArray[np.float32]
    bad: NDArray[np.bool_]
    raw_step: NDArray[np.float32]
    slow: NDArray[np.float32]
    step_s: float
    low: NDArray[np.float32]
    low_hz: float
    threshold: float
    clipped: list[Stretch]
    flat: list[Stretch]
    not_numbers: int
    mains: tuple[float, ...]

    @property
    def duration_s(self) -> float:
        """Return the length in s."""
        return self.values.size / self.rate_hz

    def block_of(self, samples: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the block in which each sample lies."""
        return np.minimum(samples // self.block, self.level.size - 1)


def thinning(rate_hz: float, work_hz: float) -> int:
    """Return by how much a channel may be thinned and still keep at least work_hz."""
    return max(1, int(rate_hz // work_hz))


def scales_for(rate_hz: float, parameters: EmgParameters) -> tuple[float, ...]:
    """Return the scales that have at least 0.9 samples at this rate; the widest where none has."""
    return tuple(one for one in parameters.scales_s if one * rate_hz >= 0.85) or (1.2 / rate_hz,)


def clipped_runs(samples: NDArray[Any], least: int) -> NDArray[np.int64]:
    """Return stretches of at least `least` equal samples at the top or bottom of the channel, rows (start, stop)."""
    found = constant_runs(samples, least)
    if not len(found):
        return found
    top, bottom = float(samples.max()), float(samples.min())
    span = top - bottom
    level = samples[found[:, 0]]
    return found[(level >= top - 0.01 * span) | (level <= bottom + 0.01 * span)]


def _slow(samples: NDArray[np.float32], rate_hz: float) -> tuple[NDArray[np.float32], NDArray[np.float32], float]:
    """Means of about 20 ms, the largest step between neighbouring samples in each, and their exact length in s."""
    size = max(1, round(_STEP_S * rate_hz))
    count = max(1, samples.size // size)
    rows = samples[: count * size].reshape(count, -1)
    steps = np.abs(np.diff(samples[: count * size], prepend=samples[:1])).reshape(count, -1)
    return rows.mean(axis=1, dtype=np.float32), steps.max(axis=1), rows.shape[1] / rate_hz


def _low(samples: NDArray[np.float32], rate_hz: float) -> tuple[NDArray[np.float32], float]:
    """The band of 8 to 35 Hz at about 500 samples a second, and that rate."""
    size = max(1, round(rate_hz / _LOW_HZ))
    count = samples.size // size
    means = samples[: count * size].reshape(count, size).mean(axis=1, dtype=np.float32)
    rate = rate_hz / size
    return filter_zero_phase(means, bandpass_kernel(rate, 8.0, min(35.0, 0.4 * rate), 0.25)), rate


def prepare(samples: NDArray[np.float32], rate_hz: float, start_s: float, parameters: EmgParameters) -> EmgTrace | None:
    """Return one segment of a channel made ready; None where it is too short to know its rest.

    samples: (n,) in uV. rate_hz: samples a second.
    """
    if samples.size < parameters.least_piece_s * rate_hz:
        return None
    wrong = ~np.isfinite(samples)
    not_numbers = int(np.count_nonzero(wrong))
    if not_numbers:
        samples = np.where(wrong, np.float32(0), samples)
    dead = constant_runs(samples, max(2, round(parameters.flat_s * rate_hz)))
    clipped = clipped_runs(samples, parameters.clipped_samples)
    clipped = clipped[(clipped[:, 1] - clipped[:, 0]) < parameters.flat_s * rate_hz]
    slow, step, step_s = _slow(samples, rate_hz)
    low, low_hz = _low(samples, rate_hz)
    high = min(parameters.high_hz, parameters.high_of_rate * rate_hz)
    values = filter_zero_phase(samples, bandpass_kernel(rate_hz, parameters.low_hz, high, parameters.kernel_s))
    thin = thinning(rate_hz, parameters.work_hz)
    if thin > 1:
        values = np.ascontiguousarray(values[::thin])
    rate = rate_hz / thin
    mains = remove_mains(values, rate, high)
    nothing = np.empty(0, dtype=np.float32)  # until the noise is measured
    trace = EmgTrace(
        start_s,
        rate,
        values,
        nothing,
        max(1, round(parameters.quarter_s * rate)),
        nothing,
        nothing,
        nothing,
        nothing,
        np.empty(0, dtype=bool),
        step,
        slow,
        step_s,
        low,
        low_hz,
        parameters.threshold,
        [(start / rate_hz, stop / rate_hz) for start, stop in clipped.tolist()],
        [(start / rate_hz, stop / rate_hz) for start, stop in dead.tolist()],
        not_numbers,
        mains,
    )
    blocks = max(1, round(values.size / trace.block))
    trace.bad = _touched(trace.flat, blocks, trace.block / rate)
    measure_noise(trace, parameters)
    return trace


def _touched(stretches: list[Stretch], blocks: int, block_s: float) -> NDArray[np.bool_]:
    flags = np.zeros(blocks, dtype=bool)
    for start, stop in stretches:
        flags[int(start / block_s) : int(np.ceil(stop / block_s))] = True
    return flags


def measure_noise(trace: EmgTrace, parameters: EmgParameters) -> None:
    """Compute energy, level, rest and noise of a trace from its values, in place."""
    trace.energy = pulse_energy(trace.values, pulse_kernels(trace.rate_hz, scales_for(trace.rate_hz, parameters)))
    level = block_medians(trace.energy, trace.block)
    trace.level = level
    usable = np.where(trace.bad | (level <= 0), np.float32(np.nan), level)
    smooth = rolling_quantile(usable, 3, 0.5)
    rest = rolling_quantile(smooth, round(parameters.rest_s / parameters.quarter_s), parameters.rest_quantile)
    known = np.flatnonzero(np.isfinite(rest))
    if not known.size:
        trace.rest = np.full(level.size, _MEDIAN_IN_NOISE, dtype=np.float32)
        trace.noise_uv = np.zeros(level.size, dtype=np.float32)
        trace.swell = np.ones(level.size, dtype=np.float32)
        trace.bad[:] = True
        return
    rest = np.interp(np.arange(level.size), known, rest[known]).astype(np.float32)
    smooth = np.where(np.isfinite(smooth), smooth, rest)
    trace.rest = np.clip(smooth, rest, 1.5 * rest).astype(np.float32)
    trace.swell = (smooth / np.maximum(rest, 1e-9)).astype(np.float32)
    magnitude = block_medians(np.abs(trace.values), trace.block) / 0.6745
    quiet = ~trace.bad & (level <= 1.3 * rest)
    ratio = float(np.median(magnitude[quiet] / level[quiet])) if quiet.any() else 1.0
    trace.noise_uv = (ratio * trace.rest).astype(np.float32)
    trace.threshold = _threshold(trace, parameters)


def _threshold(trace: EmgTrace, parameters: EmgParameters) -> float:
    """The threshold for this noise: noise that swells within a second reaches higher than steady noise of its level.

    Told by the ratio of the ninth tenth to the median of the energy in whole seconds, in a quiet quarter of them, so
    that potentials of two a second do not count as noise.
    """
    second = max(1, round(trace.rate_hz))
    count = trace.energy.size // second
    if count < 8:
        return parameters.threshold
    rows = trace.energy[: count * second].reshape(count, second)[:, ::2]
    middle, high = np.quantile(rows, (0.5, 0.9), axis=1)
    alive = middle > 0
    ratio = float(np.quantile(high[alive] / middle[alive], 0.25)) if alive.any() else 0.0
    return float(np.clip(parameters.threshold + 17.0 * (ratio - 1.53), parameters.threshold, parameters.most_threshold))


def stretches_of(flags: NDArray[np.bool_], block_s: float) -> list[Stretch]:
    """Return the stretches of true blocks in s from the segment's start."""
    return [(start * block_s, stop * block_s) for start, stop in runs(flags).tolist()]
