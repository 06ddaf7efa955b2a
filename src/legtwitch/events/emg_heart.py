"""The heart in muscle channels: its beats from an ECG channel or from the muscle channels themselves."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from legtwitch.events.emg_parameters import EmgParameters
from legtwitch.events.emg_trace import EmgTrace, measure_noise
from legtwitch.signal import bandpass_kernel, filter_zero_phase
from legtwitch.signal.periodic import (
    Locked,
    PeriodicSettings,
    centred,
    follow_train,
    median_shape,
    periodic_train,
    subtract_locked,
)
from legtwitch.signal.pulses import peaks

_CHUNK_S = 90.0
_SETTINGS = PeriodicSettings()
_HALF_S = 0.1
_STANDS_OUT = 3.0
_FINE_S = 0.006
_BAR = 0.4  # a potential on a beat is at least so large beside the heart's waveform


def beats_of_ecg(samples: NDArray[np.float32], rate_hz: float) -> NDArray[np.float64]:
    """Return the beats (s from the start of the samples) of an ECG channel; empty where no steady rhythm is seen.

    samples: (n,), any unit.
    """
    if samples.size < 5 * rate_hz or rate_hz < 50:
        return np.empty(0)
    kernel = bandpass_kernel(rate_hz, 8.0, min(40.0, 0.42 * rate_hz), 0.25)
    values = filter_zero_phase(np.nan_to_num(samples), kernel)
    block = max(1, round(2.0 * rate_hz))
    size = np.abs(values)
    rows = size[: size.size // block * block].reshape(-1, block)
    top = np.median(rows.max(axis=1)) if len(rows) else float(size.max())
    at = peaks(size, np.asarray([0.45 * top], dtype=np.float32), size.size, round(0.3 * rate_hz))
    return np.asarray(at / rate_hz, dtype=np.float64)


def beats_in(trace: EmgTrace) -> NDArray[np.float64]:
    """Return the beats (s from the segment's start) seen in a muscle channel itself; empty where none is proven.

    They are looked for between 8 and 35 Hz, where the heart is large beside the noise and beside motor units.
    """
    values, rate = trace.low, trace.low_hz
    noise = float(np.median(np.abs(values))) / 0.6745
    if noise <= 0:
        return np.empty(0)
    height = np.abs(values)
    least = np.asarray([_STANDS_OUT * noise], dtype=np.float32)
    candidates = peaks(height, least, height.size, round(0.25 * rate))
    size = round(_CHUNK_S * rate)
    found: list[NDArray[np.int64]] = []
    for start in range(0, values.size, size):
        chunk = candidates[slice(*np.searchsorted(candidates, (start, start + size)))]
        train = periodic_train(values, rate, chunk, min(size, values.size - start) / rate, _SETTINGS)
        if train is not None:
            found.append(train)
    if not found:
        return np.empty(0)
    most = max(found, key=lambda one: one.size)  # one stretch alone: others may be aligned to another wave
    shape = median_shape(values, most, round(_SETTINGS.half_s * rate))
    beats = follow_train(values, rate, shape, noise, _SETTINGS)
    return np.asarray(beats / rate, dtype=np.float64)


def take_heart_out(trace: EmgTrace, beats_s: NDArray[np.float64], parameters: EmgParameters) -> Locked | None:
    """Subtract the heart's waveform in place and measure the noise again; return it, or None where it isn't seen.

    beats_s: from the segment's start.
    """
    at = np.round(beats_s * trace.rate_hz).astype(np.int64)
    noise = max(float(np.median(trace.noise_uv)), 1e-6)
    half = round(_HALF_S * trace.rate_hz)
    low_noise = max(float(np.median(np.abs(trace.low))) / 0.6745, 1e-6)
    subtract_locked(trace.low, np.round(beats_s * trace.low_hz).astype(np.int64), round(0.15 * trace.low_hz), low_noise)
    at = at[(at >= half) & (at < trace.values.size - half)]
    if at.size:
        at = centred(trace.values, at, half // 2, round(_FINE_S * trace.rate_hz), noise)
    locked = subtract_locked(trace.values, at, half, noise)
    if locked is not None:
        measure_noise(trace, parameters)
    return locked


def bar_near_beats(
    trace: EmgTrace, at: NDArray[np.int64], beats_s: NDArray[np.float64], locked: Locked | None
) -> NDArray[np.float32]:
    """Return for each sample the amplitude (uV, half peak-to-peak) that a potential needs there because of the heart.

    0 away from beats; near one the larger of four times what usually stays after subtraction, and a share of the
    heart's waveform.
    """
    bar = np.zeros(at.size, dtype=np.float32)
    if locked is None or not beats_s.size or not at.size:
        return bar
    half = locked.shape.size // 2
    reach = max(1, round(0.012 * trace.rate_hz))
    noise = float(np.median(trace.noise_uv))
    needed = np.maximum(_BAR * np.abs(locked.shape), np.where(locked.left > 1.4 * noise, 4 * locked.left, 0))
    padded = np.pad(needed, reach)
    needed = np.lib.stride_tricks.sliding_window_view(padded, 2 * reach + 1).max(axis=1)
    beats = np.round(beats_s * trace.rate_hz).astype(np.int64)
    near = np.clip(np.searchsorted(beats, at), 1, beats.size - 1) if beats.size > 1 else np.zeros(at.size, np.int64)
    for candidate in (near - 1, near) if beats.size > 1 else (near,):
        lag = at - beats[candidate]
        inside = np.abs(lag) <= half
        bar[inside] = np.maximum(bar[inside], needed[lag[inside] + half])
    return bar


def common_beats(traces: Iterable[EmgTrace]) -> NDArray[np.float64]:
    """Return the beats of the first of these channels (same segment) that proves them; empty where none does."""
    for trace in traces:
        beats = beats_in(trace)
        if beats.size:
            return beats
    return np.empty(0)
