"""One waveform that comes again and again (the heart in a leg channel): found by its sameness, then subtracted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from legtwitch.signal.filters import filter_zero_phase
from legtwitch.signal.order import median_row

_BIN_S = 0.016
_APART_S = 0.25
_LEAST_SPIKES = 20
_BLOCK_BINS = 1 << 14


@dataclass(frozen=True, slots=True)
class SpikeSettings:
    """Numbers of the search: times in s.

    shortest_interval_s, longest_interval_s: of the median interval. regular: share of intervals within a third of it.
    same: least correlation with the template. half_width_s: of the template. least_ratio: its peak over the resting
    RMS; least_ratio_known: the same where the times are known from elsewhere.
    """

    chunk_s: float = 120.0
    shortest_interval_s: float = 0.4
    longest_interval_s: float = 1.6
    regular: float = 0.6
    same: float = 0.7
    half_width_s: float = 0.09
    least_ratio: float = 1.3
    least_ratio_known: float = 0.8


@dataclass(frozen=True, slots=True)
class Spikes:
    """A proven train. times: samples of the spikes. peak: highest absolute value of the template."""

    samples: NDArray[np.int64]
    peak: float


def _rolling_max(values: NDArray[Any], reach: int) -> NDArray[Any]:
    """The highest of values[k - reach : k + reach + 1]: of two neighbours, of four, of eight."""
    highest, width, wanted = np.pad(values, reach), 1, 2 * reach + 1
    while 2 * width <= wanted:
        highest = np.maximum(highest[:-width], highest[width:])
        width *= 2
    return np.asarray(np.maximum(highest[: values.size], highest[wanted - width :][: values.size]))


def _tops(values: NDArray[Any], rate_hz: float, apart_s: float) -> NDArray[np.int64]:
    """Samples of the highest absolute value within +-apart_s."""
    size = max(1, round(_BIN_S * rate_hz))
    bins = values.size // size
    if not bins:
        return np.empty(0, dtype=np.int64)
    rows = values[: bins * size].reshape(bins, size)
    top = np.empty(bins, dtype=values.dtype)
    for first in range(0, bins, _BLOCK_BINS):
        high, block = top[first : first + _BLOCK_BINS], np.abs(rows[first : first + _BLOCK_BINS])
        high[:] = block[:, 0]
        for place in range(1, size):
            np.maximum(high, block[:, place], out=high)
    reach = max(1, round(apart_s * rate_hz / size))
    chosen = np.flatnonzero((top >= _rolling_max(top, reach)) & (top > 0))
    return np.asarray(chosen * size + np.abs(rows[chosen]).argmax(axis=1), dtype=np.int64)


def _within(at: NDArray[np.int64], size: int, half: int) -> NDArray[np.int64]:
    """Those samples round which a whole template fits."""
    return at[(at >= half) & (at < size - half)]


def _median(values: NDArray[Any]) -> float:
    """The median, or of an even number of values the higher of the middle two; much faster than numpy's for few."""
    return float(np.partition(values, values.size // 2)[values.size // 2])


def _likeness(snippets: NDArray[Any], template: NDArray[Any]) -> NDArray[Any]:
    size = np.sqrt(np.einsum("ij,ij->i", snippets, snippets) * (template @ template))
    return np.asarray(snippets @ template / np.maximum(size, 1e-12))


def _is_regular(at: NDArray[np.int64], rate_hz: float, settings: SpikeSettings) -> bool:
    intervals = np.diff(at) / rate_hz
    if intervals.size < 10:
        return False
    plausible = intervals[intervals <= settings.longest_interval_s]
    if plausible.size < 10:
        return False
    middle = _median(plausible)
    close = np.abs(intervals - middle) <= middle / 4
    return settings.shortest_interval_s <= middle and bool(close.mean() >= settings.regular)


def _rest(values: NDArray[Any]) -> float:
    return _median(np.abs(values[:: max(1, values.size // 4000)])) / 0.6745


def _template(
    values: NDArray[Any], rate_hz: float, settings: SpikeSettings, tops: NDArray[np.int64] | None = None
) -> NDArray[Any] | None:
    """The repeated waveform of a chunk, or None where none is proven. tops: from `_tops`, where they are known."""
    half = round(settings.half_width_s * rate_hz)
    tops = _tops(values, rate_hz, _APART_S) if tops is None else tops
    if tops.size < _LEAST_SPIKES:
        return None
    height = np.abs(values[tops])
    rest = _rest(values)
    windows = np.lib.stride_tricks.sliding_window_view(values, 2 * half + 1)
    tops = _within(tops[(height < 2.5 * _median(height)) & (height > 2.5 * rest)], values.size, half)
    for sign in (1, -1):
        own = tops[np.sign(values[tops]) == sign]
        if own.size < _LEAST_SPIKES:
            continue
        snippets = windows[own - half]
        alike = _likeness(snippets, snippets.mean(axis=0)) >= settings.same - 0.1
        if np.count_nonzero(alike) < _LEAST_SPIKES:  # noise, seen without the median, which takes long
            continue
        template = median_row(snippets)
        for _ in range(3):
            same = _likeness(snippets, template) >= settings.same
            if np.count_nonzero(same) < _LEAST_SPIKES:
                break
            template = snippets[same].mean(axis=0)
        else:
            if _is_regular(own[same], rate_hz, settings) and np.abs(template).max() >= settings.least_ratio * rest:
                return np.asarray(template)
    return None


def _fitted(snippets: NDArray[Any], template: NDArray[Any]) -> NDArray[Any]:
    """What of the template, larger or smaller and a little shifted, lies in each snippet (one row each)."""
    basis = np.stack((template, np.gradient(template))).astype(np.float64)
    weights = snippets @ np.linalg.solve(basis @ basis.T, basis).T
    return np.asarray(weights @ basis)


def _occurrences(
    values: NDArray[Any], template: NDArray[Any], rate_hz: float, settings: SpikeSettings
) -> tuple[NDArray[np.int64], NDArray[Any]]:
    """Where the template lies in values, and what of it is to be subtracted (one row each)."""
    half, own = template.size // 2, float(template @ template)
    scale = filter_zero_phase(values, template) / own
    power = np.concatenate(([0.0], np.cumsum(np.square(values, dtype=np.float64))))
    near = np.maximum(power[template.size :] - power[: -template.size], 1e-12)
    alike = np.zeros(values.size)
    alike[half : values.size - half] = scale[half : values.size - half] * np.sqrt(own / near)
    # The most alike, not the highest: a burst that begins just after a beat is higher than the beat.
    alike[(scale < 0.4) | (scale > 2.5)] = 0
    tops = _within(_tops(alike, rate_hz, 0.3), values.size, half)
    snippets = np.lib.stride_tricks.sliding_window_view(values, template.size)[tops - half]
    same = alike[tops] >= settings.same - 0.1
    return tops[same], _fitted(snippets[same], template)


def _at_known(
    values: NDArray[Any], at: NDArray[np.int64], half: int, settings: SpikeSettings
) -> tuple[NDArray[Any], NDArray[Any]] | None:
    """The waveform round known samples and what of it is to be subtracted at each; None where it is too small.

    Inside a burst that hides it the usual waveform is taken as it is.
    """
    snippets = np.lib.stride_tricks.sliding_window_view(values, 2 * half + 1)[at - half]
    template = median_row(snippets)
    rest = _rest(values)
    if np.abs(template).max() < settings.least_ratio_known * rest:
        return None
    waves = _fitted(snippets, template)
    left = snippets - waves
    hidden = np.sqrt(np.einsum("ij,ij->i", left, left) / template.size) > 2 * rest
    waves[hidden] = template
    return template, waves


def subtract_spikes(
    values: NDArray[np.float32], rate_hz: float, settings: SpikeSettings, known: NDArray[np.int64] | None = None
) -> Spikes | None:
    """Subtract in place a waveform that repeats regularly; return where it was, None where none is proven.

    values: (n,), zero-phase filtered; where every fourth chunk shows no such waveform, no other is looked at.
    known: samples of its occurrences (k,), ascending, where they are seen elsewhere
    (the beats of an ECG), else None. Works chunk by chunk; a chunk too busy to show the waveform by itself takes the
    template of the chunk before it. Spikes inside a burst that hides them stay, unless their times are known.
    """
    half = round(settings.half_width_s * rate_hz)
    size = max(1, round(settings.chunk_s * rate_hz))
    around = np.arange(-half, half + 1)
    chunks = _chunks(values.size - around.size, size)
    known = np.empty(0, dtype=np.int64) if known is None else known[np.diff(known, prepend=-size) > 2 * half]
    if not known.size and not _shows_any(
        [values[start : start + size] for start, _, _ in chunks[::4]], rate_hz, settings
    ):
        return None
    template = None
    found: list[NDArray[np.int64]] = []
    peak = 0.0
    for start, low, high in chunks:
        chunk = values[low:high]
        at = _within(known[slice(*np.searchsorted(known, (low, high)))] - low, chunk.size, half)
        if at.size >= _LEAST_SPIKES:
            seen = _at_known(chunk, at, half, settings)
            if seen is None:
                continue
            template, waves = seen
        else:
            new = _template(chunk, rate_hz, settings)
            template = new if new is not None else template
            if template is None:
                continue
            at, waves = _occurrences(chunk, template, rate_hz, settings)
        mine = (at + low >= start) & (at + low < start + size)
        chunk[at[mine][:, None] + around] -= waves[mine].astype(np.float32)
        found.append(at[mine] + low)
        peak = max(peak, float(np.abs(template).max()))
    return Spikes(np.concatenate(found), peak) if found else None


def _shows_any(chunks: list[NDArray[Any]], rate_hz: float, settings: SpikeSettings) -> bool:
    """Whether one of these chunks shows a repeated waveform. Their tops are found together, with rest between them."""
    size = max(1, round(_BIN_S * rate_hz))
    rest = np.zeros(size * (max(1, round(_APART_S * rate_hz / size)) + 1), dtype=np.float32)
    parts: list[NDArray[Any]] = []
    starts = []
    begin = 0
    for chunk in chunks:
        starts.append(begin)
        whole = chunk.size // size * size
        parts += [chunk[:whole], rest]
        begin += whole + rest.size
    tops = _tops(np.concatenate(parts), rate_hz, _APART_S) if parts else np.empty(0, dtype=np.int64)
    bounds = np.searchsorted(tops, [*starts, begin]).tolist()
    own = (tops[low:high] - start for start, low, high in zip(starts, bounds[:-1], bounds[1:], strict=True))
    return any(_template(chunk, rate_hz, settings, at) is not None for chunk, at in zip(chunks, own, strict=True))


def _chunks(samples: int, size: int) -> list[tuple[int, int, int]]:
    """Start of each chunk, and the stretch (low, high) that is looked at for it, an eighth longer at both ends."""
    return [(start, max(0, start - size // 8), start + size + size // 8) for start in range(0, samples, size)]
