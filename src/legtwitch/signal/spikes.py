"""One waveform that comes again and again (the heart in a leg channel): found by its sameness, then subtracted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

_BIN_S = 0.016


@dataclass(frozen=True, slots=True)
class SpikeSettings:
    """Numbers of the search: times in s.

    shortest_interval_s, longest_interval_s: of the median interval. regular: share of intervals within a third of it.
    same: least correlation with the template. half_width_s: of the template.
    """

    chunk_s: float = 120.0
    shortest_interval_s: float = 0.4
    longest_interval_s: float = 1.6
    regular: float = 0.6
    same: float = 0.7
    half_width_s: float = 0.09
    least_ratio: float = 1.3


@dataclass(frozen=True, slots=True)
class Spikes:
    """A proven train. times: samples of the spikes. peak: highest absolute value of the template."""

    samples: NDArray[np.int64]
    peak: float


def _tops(values: NDArray[Any], rate_hz: float, apart_s: float) -> NDArray[np.int64]:
    """Samples of the highest absolute value within +-apart_s."""
    size = max(1, round(_BIN_S * rate_hz))
    bins = values.size // size
    if not bins:
        return np.empty(0, dtype=np.int64)
    high = np.abs(values[: bins * size]).reshape(bins, size)
    top = high.max(axis=1)
    reach = max(1, round(apart_s * rate_hz / size))
    around = np.lib.stride_tricks.sliding_window_view(np.pad(top, reach), 2 * reach + 1).max(axis=1)
    chosen = np.flatnonzero((top >= around) & (top > 0))
    return np.asarray(chosen * size + high[chosen].argmax(axis=1), dtype=np.int64)


def _snippets(values: NDArray[Any], at: NDArray[np.int64], half: int) -> NDArray[np.float64]:
    padded = np.pad(values.astype(np.float64), half)
    return np.asarray(np.lib.stride_tricks.sliding_window_view(padded, 2 * half + 1)[at])


def _likeness(snippets: NDArray[np.float64], template: NDArray[np.float64]) -> NDArray[np.float64]:
    size = np.linalg.norm(snippets, axis=1) * np.linalg.norm(template)
    return np.asarray(snippets @ template / np.maximum(size, 1e-12))


def _is_regular(at: NDArray[np.int64], rate_hz: float, settings: SpikeSettings) -> bool:
    intervals = np.diff(at) / rate_hz
    if intervals.size < 10:
        return False
    plausible = intervals[intervals <= settings.longest_interval_s]
    if plausible.size < 10:
        return False
    middle = float(np.median(plausible))
    close = np.abs(intervals - middle) <= middle / 4
    return settings.shortest_interval_s <= middle and bool(close.mean() >= settings.regular)


def _template(values: NDArray[Any], rate_hz: float, settings: SpikeSettings) -> NDArray[np.float64] | None:
    """The repeated waveform of a chunk, or None where none is proven."""
    half = round(settings.half_width_s * rate_hz)
    tops = _tops(values, rate_hz, 0.25)
    if tops.size < 20:
        return None
    height = np.abs(values[tops])
    usual = float(np.median(height))
    rest = float(np.median(np.abs(values))) / 0.6745
    tops = tops[(height < 2.5 * usual) & (height > 2.5 * rest)]
    for sign in (1, -1):
        own = tops[np.sign(values[tops]) == sign]
        if own.size < 20:
            continue
        snippets = _snippets(values, own, half)
        template = np.median(snippets, axis=0)
        for _ in range(3):
            same = _likeness(snippets, template) >= settings.same
            if same.sum() < 20:
                break
            template = snippets[same].mean(axis=0)
        else:
            if _is_regular(own[same], rate_hz, settings) and np.abs(template).max() >= settings.least_ratio * rest:
                return template
    return None


def _occurrences(
    values: NDArray[Any], template: NDArray[np.float64], rate_hz: float, settings: SpikeSettings
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Where the template lies in values, and what of it is to be subtracted (one row each)."""
    half = template.size // 2
    size = 1 << (values.size + template.size).bit_length()
    spectrum = np.fft.rfft(values, size)
    match = np.fft.irfft(spectrum * np.fft.rfft(template[::-1], size), size)[half : half + values.size]
    scale = match / (template @ template)
    tops = _tops(np.maximum(scale, 0), rate_hz, 0.3)
    tops = tops[(scale[tops] > 0.4) & (scale[tops] < 2.5)]
    snippets = _snippets(values, tops, half)
    tops = tops[_likeness(snippets, template) >= settings.same - 0.1]
    snippets = _snippets(values, tops, half)
    slope = np.gradient(template)
    basis = np.stack((template, slope), axis=1)
    weights = np.linalg.lstsq(basis, snippets.T, rcond=None)[0]
    return tops, (basis @ weights).T


def subtract_spikes(values: NDArray[np.float32], rate_hz: float, settings: SpikeSettings) -> Spikes | None:
    """Subtract in place a waveform that repeats regularly; return where it was, None where none is proven.

    values: (n,), zero-phase filtered. Works chunk by chunk; a chunk too busy to show the waveform by itself takes the
    template of the chunk before it. Spikes inside a burst that hides them stay.
    """
    half = round(settings.half_width_s * rate_hz)
    size = max(1, round(settings.chunk_s * rate_hz))
    template = None
    found: list[NDArray[np.int64]] = []
    peak = 0.0
    for start in range(0, values.size, size):
        low, high = max(0, start - size // 8), min(values.size, start + size + size // 8)
        chunk = values[low:high]
        new = _template(chunk, rate_hz, settings)
        template = new if new is not None else template
        if template is None:
            continue
        at, waves = _occurrences(chunk, template, rate_hz, settings)
        mine = (at + low >= start) & (at + low < start + size)
        for sample, wave in zip(at[mine] + low, waves[mine], strict=True):
            first, last = max(0, sample - half), min(values.size, sample + half + 1)
            values[first:last] -= wave[first - sample + half : last - sample + half].astype(np.float32)
        found.append(at[mine] + low)
        peak = max(peak, float(np.abs(template).max()))
    return Spikes(np.concatenate(found), peak) if found else None
