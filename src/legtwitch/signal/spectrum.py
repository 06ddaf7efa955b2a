"""Spectra of short windows: where the peak lies, how much of the power is near it, and of what it is a harmonic."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

_FINE = 4  # zero padding: points of the spectrum for each independent one
_BLOCK_WINDOWS = 512


@dataclass(frozen=True, slots=True)
class Spectra:
    """Power of windows. start_s (k,); hz (m,); power (k, m), summed over axes: power.sum() * step is variance."""

    start_s: Floats
    hz: Floats
    power: NDArray[np.float32]
    window_s: float

    @property
    def step_hz(self) -> float:
        """Distance of two points of the spectrum."""
        return float(self.hz[1] - self.hz[0])


def window_starts(samples: int, size: int, hop: int) -> NDArray[np.int64]:
    """Return the first sample of every whole window, the last one flush with the end, shape (k,)."""
    if samples < size:
        return np.empty(0, dtype=np.int64)
    starts = np.arange(0, samples - size + 1, hop)
    return np.append(starts, samples - size) if starts[-1] != samples - size else starts


def frames_of(values: NDArray[Any], starts: NDArray[np.int64], size: int) -> NDArray[Any]:
    """Return the windows of values (axes, n) that begin at starts, shape (k, axes, size)."""
    view = np.lib.stride_tricks.sliding_window_view(values, size, axis=1)
    return np.asarray(view[:, starts].transpose(1, 0, 2))


def window_spectra(values: NDArray[Any], rate_hz: float, window_s: float, hop_s: float, highest_hz: float) -> Spectra:
    """Return the power spectra of overlapping windows, summed over axes, which no turning of the sensor changes.

    values: (axes, n), in any unit u; power is in u^2/Hz. Each window has its own mean and slope taken out and a Hann
    window laid over. highest_hz: no point beyond it is kept. No window at all where values are shorter than one.

    Source: Welch's method without the average.
    """
    size = round(window_s * rate_hz)
    starts = window_starts(values.shape[1], size, max(1, round(hop_s * rate_hz)))
    length = 1 << int(np.ceil(np.log2(_FINE * size)))
    hz = np.asarray(np.fft.rfftfreq(length, 1 / rate_hz), dtype=np.float64)
    kept = hz <= highest_hz
    taper = np.hanning(size)
    scale = 2 / (rate_hz * (taper**2).sum())
    power = np.empty((starts.size, int(kept.sum())), dtype=np.float32)
    for first in range(0, starts.size, _BLOCK_WINDOWS):
        frames = straightened(frames_of(values, starts[first : first + _BLOCK_WINDOWS], size))
        spectrum = np.fft.rfft(frames * taper, n=length, axis=2)[:, :, kept]
        power[first : first + _BLOCK_WINDOWS] = scale * (np.abs(spectrum) ** 2).sum(axis=1)
    return Spectra(starts / rate_hz, hz[kept], power, window_s)


def straightened(frames: NDArray[Any]) -> Floats:
    """Return frames (…, n) without their mean and slope."""
    line = np.linspace(-1, 1, frames.shape[-1])
    level = frames - frames.mean(axis=-1, keepdims=True)
    return np.asarray(level - (level @ line / (line @ line))[..., None] * line, dtype=np.float64)


def band_power(spectra: Spectra, low_hz: NDArray[Any] | float, high_hz: NDArray[Any] | float) -> Floats:
    """Return the power (unit squared) from low_hz to high_hz of each window, both (k,) or one number, shape (k,)."""
    windows = len(spectra.power)
    low = np.broadcast_to(np.asarray(low_hz, dtype=float), (windows,))
    high = np.broadcast_to(np.asarray(high_hz, dtype=float), (windows,))
    result = np.empty(windows)
    for part in _blocks(windows):
        inside = (spectra.hz >= low[part, None]) & (spectra.hz <= high[part, None])
        result[part] = (spectra.power[part] * inside).sum(axis=1) * spectra.step_hz
    return result


def _blocks(windows: int) -> Iterator[slice]:
    """Parts of many windows, so that no temporary array is large."""
    for first in range(0, windows, _BLOCK_WINDOWS):
        yield slice(first, first + _BLOCK_WINDOWS)


def highest_peak(spectra: Spectra, low_hz: float, high_hz: float) -> Floats:
    """Return the frequency of the highest local maximum between two frequencies of each window; NaN where none is.

    Refined by a parabola through the logarithms of three points.
    """
    power = spectra.power
    top = np.zeros(power.shape, dtype=bool)
    top[:, 1:-1] = (power[:, 1:-1] >= power[:, :-2]) & (power[:, 1:-1] > power[:, 2:])
    top &= (spectra.hz >= low_hz) & (spectra.hz <= high_hz)
    best = np.where(top, power, -1.0).argmax(axis=1) if power.size else np.empty(0, dtype=np.int64)
    rows = np.arange(len(power))
    found = top[rows, best]
    best = np.clip(best, 1, max(1, spectra.hz.size - 2))
    near = [power[rows, best + by].astype(np.float64) for by in (-1, 0, 1)]
    left, middle, right = (np.log(np.maximum(one, 1e-300)) for one in near)
    bend = left - 2 * middle + right
    shift = np.where(bend < 0, (left - right) / np.where(bend < 0, 2 * bend, 1.0), 0.0)
    return np.where(found, spectra.hz[best] + np.clip(shift, -0.5, 0.5) * spectra.step_hz, np.nan)


def line_power(spectra: Spectra, at_hz: Floats, reach_hz: float) -> tuple[Floats, Floats]:
    """Return the highest density within reach of a frequency (k,), and the density of its surroundings, both (k,).

    The surroundings are the median from 1 to 2 main lobes of the window away on both sides.
    """
    lobe = 2 / spectra.window_s
    line, beside = np.zeros(len(spectra.power)), np.zeros(len(spectra.power))
    for part in _blocks(len(spectra.power)):
        power = spectra.power[part]
        away = np.abs(spectra.hz - at_hz[part, None])
        line[part] = np.where(away <= reach_hz, power, 0.0).max(axis=1)
        around = np.where((away >= lobe) & (away <= 2 * lobe + reach_hz), power, np.nan)
        seen = ~np.isnan(around).all(axis=1)
        level = np.zeros(len(power))
        level[seen] = np.nanmedian(around[seen], axis=1)
        beside[part] = level
    return line, beside


def valley_power(spectra: Spectra, at_hz: Floats, span_hz: Floats) -> Floats:
    """Return the higher of the lowest densities within span (k,) to the left and to the right of a frequency, (k,).

    Between lines that stand close together it is the floor that they rise from.
    """
    away = spectra.hz - at_hz[:, None]
    inside = np.abs(away) <= span_hz[:, None]
    left = np.where(inside & (away <= 0), spectra.power, np.inf).min(axis=1)
    right = np.where(inside & (away >= 0), spectra.power, np.inf).min(axis=1)
    return np.maximum(np.where(np.isfinite(left), left, 0.0), np.where(np.isfinite(right), right, 0.0))


def half_width(hz: Floats, power: Floats, peak_hz: float, window_s: float) -> float | None:
    """Return the width (Hz) at half the power of a peak, less what the window itself spreads; None if it never falls.

    hz, power: one spectrum, (m,).
    """
    top = int(np.abs(hz - peak_hz).argmin())
    half = power[top] / 2
    below = power < half
    left, right = np.flatnonzero(below[:top]), np.flatnonzero(below[top:])
    if not left.size or not right.size:
        return None

    def crossing(low: int, high: int) -> float:
        share = (half - power[low]) / (power[high] - power[low])
        return float(hz[low] + share * (hz[high] - hz[low]))

    width = crossing(top + int(right[0]), top + int(right[0]) - 1) - crossing(int(left[-1]), int(left[-1]) + 1)
    own = 1.44 / window_s  # of a Hann window
    return float(np.sqrt(max(width**2 - own**2, 0.0)))


def demodulated(values: NDArray[Any], rate_hz: float, at_hz: float, width_s: float) -> Floats:
    """Return the amplitude of values (axes, n) near a frequency, smoothed over width_s, in their unit, shape (n,).

    A sine of amplitude A along any direction gives A.
    """
    angle = np.exp(-2j * np.pi * at_hz / rate_hz * np.arange(values.shape[1]))
    size = max(1, round(width_s * rate_hz))
    taper = np.hanning(size + 2)[1:-1]
    taper /= taper.sum()
    weight = np.convolve(np.ones(values.shape[1]), taper, mode="same")
    total = np.zeros(values.shape[1])
    for axis in straightened(values):
        turned = np.convolve(axis * angle, taper, mode="same")
        total += np.abs(2 * turned / np.maximum(weight, 1e-9)) ** 2
    return np.sqrt(total)


def main_direction(values: NDArray[Any]) -> Floats:
    """Return values (axes, n) along the direction of their largest variance, without the mean, shape (n,)."""
    centred = values - values.mean(axis=1, keepdims=True)
    if len(centred) == 1:
        return np.asarray(centred[0], dtype=np.float64)
    _, vectors = np.linalg.eigh(centred @ centred.T)
    return np.asarray(vectors[:, -1] @ centred, dtype=np.float64)


def cycle_frequencies(values: NDArray[Any], rate_hz: float) -> Floats:
    """Return the frequency (Hz) of each cycle of a narrow-band signal (n,), from its rises through zero, shape (k,)."""
    rises = np.flatnonzero((values[:-1] < 0) & (values[1:] >= 0))
    at = rises + values[rises] / (values[rises] - values[rises + 1])
    periods = np.diff(at) / rate_hz
    return np.asarray(1 / periods)


def stability_index(cycles_hz: NDArray[Any], fewest: int = 10) -> float | None:
    """Return the interquartile range (Hz) of the change of frequency from cycle to cycle; None for too few cycles.

    Source: tremor stability index, di Biase et al. 2017 (Brain), as described in PMC6806079.
    Deviations: 1. periods are measured between interpolated rises through zero.
    """
    if cycles_hz.size < fewest + 1:
        return None
    low, high = np.percentile(np.diff(cycles_hz), (25, 75))
    return float(high - low)


def harmonics(main_hz: float, most: int) -> Iterator[float]:
    """Yield main_hz / 2, main_hz / 3, … / most: the fundamentals of which a line may be a harmonic."""
    for order in range(2, most + 1):
        yield main_hz / order
