"""Discharges of known units that do not stand out of the noise by themselves, found by their unit's whole waveform."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from legtwitch.events.emg_group import Kept
from legtwitch.signal.pulses import block_medians
from legtwitch.signal.sorting import resampled

Floats = NDArray[np.float64]
_LENGTH = 1 << 16  # samples transformed at once


@dataclass(frozen=True, slots=True)
class WeakSettings:
    """When a waveform seen in the noise is a unit's discharge. All choices of this program.

    channels: the best of a unit, which are looked at. clean: discharges from which its waveform is known well enough.
    stands_out: its size there over the spread that noise gives to that size just then. size: beside the unit's.
    left: of it at most, as a share of its sum of squares, and so many standard deviations that noise gives to it.
    free_s: from any other potential; nearer, phases of that are taken for it. level_s: the noise is measured in
    stretches of this length. half_s: of the waveform, to both sides; most: discharges from which it is learned.
    """

    channels: int = 4
    clean: int = 5
    stands_out: float = 6.0
    size: tuple[float, float] = (0.6, 1.6)
    left: tuple[float, float] = (0.35, 3.0)
    free_s: float = 0.030
    level_s: float = 0.25
    half_s: float = 0.010
    most: int = 100


@dataclass(frozen=True, slots=True)
class WeakFound:
    """Weak discharges (n,): samples, ascending, units from 1, size beside the unit, and how far it stands out."""

    at: Floats
    unit: NDArray[np.int64]
    scale: Floats
    stands_out: Floats


def weak(
    kept: Kept,
    place: Floats,
    unit: NDArray[np.int64],
    known: Floats,
    settings: WeakSettings | None = None,
) -> WeakFound:
    """Return discharges below the threshold whose waveform is that of a unit on its best channels together.

    kept: the signals. place: (n,), samples at which the waveforms of discharges lie from which they are learned; unit:
    (n,), from 1. known: samples of all potentials, artefacts and parts of others among them: none is found near them.
    """
    chosen = settings or WeakSettings()
    steps = (kept.step_uv / kept.noise_uv).astype(np.float32)
    half = round(chosen.half_s * kept.rate_hz)
    marks = np.sort(known)
    parts = []
    for one in np.unique(unit).tolist():
        own = place[unit == one]
        if own.size < chosen.clean:
            continue
        some = own[np.unique(np.linspace(0, own.size - 1, chosen.most).astype(np.int64))]
        shape = np.median(resampled(kept.values, some, half) * steps[:, None], axis=0)
        best = np.sort(np.argsort(-(shape**2).sum(axis=1))[: chosen.channels])
        found = _of_unit(kept.values[best], steps[best], kept.rate_hz, shape[best], marks, chosen)
        parts.append((*found, np.full(found[0].size, one)))
    if not parts:
        return WeakFound(np.empty(0), np.empty(0, dtype=np.int64), np.empty(0), np.empty(0))
    at, scale, out, gain, which = (np.concatenate(columns) for columns in zip(*parts, strict=True))
    alone = _apart(at, gain, chosen.free_s * kept.rate_hz)
    return WeakFound(at[alone], which[alone], scale[alone], out[alone])


def _apart(at: Floats, gain: Floats, free: float) -> NDArray[np.int64]:
    """The numbers, in order of time, of those with no other near that explains more: where two units fit, one fired."""
    kept: list[int] = []
    taken: list[float] = []
    for number in np.argsort(-gain, kind="stable").tolist():
        place = bisect_left(taken, float(at[number]))
        if all(abs(other - at[number]) > free for other in taken[max(0, place - 1) : place + 1]):
            taken.insert(place, float(at[number]))
            kept.append(number)
    return np.asarray(sorted(kept, key=lambda number: float(at[number])), dtype=np.int64)


def _of_unit(
    values: NDArray[np.int16],
    steps: NDArray[np.float32],
    rate_hz: float,
    shape: NDArray[np.float32],
    marks: Floats,
    settings: WeakSettings,
) -> tuple[Floats, Floats, Floats, Floats]:
    """Samples, sizes, how far they stand out and the sums of squares explained, of one unit away from what is known."""
    power = float((shape**2).sum())
    size = _sizes(values, steps, shape) / np.float32(power)
    block = max(1, round(settings.level_s * rate_hz))
    level = block_medians(np.abs(size), block) / np.float32(0.6745)
    alive = level[level > 0]
    if not alive.size:
        return np.empty(0), np.empty(0), np.empty(0), np.empty(0)
    padded = np.pad(np.maximum(level, np.median(alive)), 1, mode="edge")
    level = np.maximum.reduce([padded[:-2], padded[1:-1], padded[2:]])
    least, most = settings.size
    at = np.flatnonzero((size[1:-1] >= least) & (size[1:-1] >= size[:-2]) & (size[1:-1] > size[2:])) + 1
    spread = level[np.minimum(at // block, level.size - 1)]
    at = at[(size[at] <= most) & (size[at] >= settings.stands_out * spread) & _free(at, marks, settings, rate_hz)]
    if not at.size:
        return np.empty(0), np.empty(0), np.empty(0), np.empty(0)
    spread = level[np.minimum(at // block, level.size - 1)]
    half = shape.shape[1] // 2
    rows = resampled(values, at.astype(np.float64), half) * steps[:, None]
    noise = np.maximum(spread**2 * power, 1.0)  # white noise of 1 gives a size of 1 over the root of the power
    gain = size[at] ** 2 * power
    left = (rows**2).sum(axis=(1, 2)) - gain - noise * shape.size
    share, deviations = settings.left
    fits = left <= share * gain + deviations * noise * np.sqrt(2 * shape.size)
    return at[fits].astype(np.float64), size[at[fits]], size[at[fits]] / spread[fits], gain[fits]


def _free(at: NDArray[np.int64], marks: Floats, settings: WeakSettings, rate_hz: float) -> NDArray[np.bool_]:
    if not marks.size:
        return np.ones(at.size, dtype=bool)
    place = np.searchsorted(marks, at)
    before, after = marks[np.maximum(place - 1, 0)], marks[np.minimum(place, marks.size - 1)]
    return np.asarray(np.minimum(np.abs(at - before), np.abs(after - at)) > settings.free_s * rate_hz)


def _sizes(values: NDArray[np.int16], steps: NDArray[np.float32], shape: NDArray[np.float32]) -> NDArray[np.float32]:
    """The product of a waveform (channels, size) with the signals round every sample, piece by piece."""
    half = shape.shape[1] // 2
    hop = max(1, _LENGTH - 2 * half)
    result = np.zeros(values.shape[1], dtype=np.float32)
    spectrum = np.conj(np.fft.rfft(shape * steps[:, None], n=_LENGTH, axis=1))
    for start in range(0, values.shape[1], hop):
        low = start - half
        piece = values[:, max(0, low) : low + _LENGTH].astype(np.float32)
        before = max(0, -low)
        piece = np.pad(piece, ((0, 0), (before, _LENGTH - before - piece.shape[1])))
        product = np.fft.irfft((np.fft.rfft(piece, axis=1) * spectrum).sum(axis=0), n=_LENGTH)
        stop = min(start + hop, values.shape[1])
        result[start:stop] = product[: stop - start]
    return result
