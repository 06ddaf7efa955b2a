"""Pure tones that come and go (the hum of a loose electrode, a motor): found in the spectrum, then subtracted."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from legtwitch.signal.envelope import runs

_FRAME_S = 0.8
_LOBE = 3  # steps of the spectrum to both sides of a tone that hold nearly all of it
_DRIFT_HZ = 0.5
_AT_ONCE = 512  # frames


def subtract_tones(
    values: NDArray[np.float32], rate_hz: float, stretches: NDArray[np.int64], share: float
) -> list[tuple[int, int]]:
    """Subtract in place what is a tone in these stretches, and return where that was, (start, stop) in samples.

    values: filtered (n,). stretches: rows (start, stop), ascending, which are looked at. share: of the power of about a
    second that lies in one tone and its octave: muscle, which never holds a single frequency, comes to 0.5.

    Frames overlap by half under the root of a Hann window; in those that are a tone, the tone alone is put together
    again and taken off, so that a movement under a hum stays.
    """
    size = 1 << max(5, round(math.log2(_FRAME_S * rate_hz)))
    hop = size // 2
    window = np.sqrt(np.hanning(size + 1)[:-1]).astype(np.float32)
    last = (values.size - size) // hop
    chosen = np.zeros(max(last + 1, 0), dtype=bool)
    for start, stop in stretches.tolist():
        chosen[max(0, start // hop - 1) : stop // hop + 1] = True
    frames = np.flatnonzero(chosen)
    tonal = np.zeros(chosen.size, dtype=bool)
    tones: list[tuple[int, NDArray[np.float32]]] = []
    for first in range(0, frames.size, _AT_ONCE):
        own = frames[first : first + _AT_ONCE]
        spectrum = np.fft.rfft(values[own[:, None] * hop + np.arange(size)] * window, axis=1)
        kept, held = _tone_of(spectrum, rate_hz, size)
        are = np.flatnonzero(held >= share)
        if are.size:
            waves = np.fft.irfft(spectrum[are] * kept[are], size, axis=1).astype(np.float32) * window
            tones += list(zip(own[are].tolist(), waves, strict=True))
            tonal[own[are]] = True
    for frame, wave in tones:
        values[frame * hop : frame * hop + size] -= wave
    return [(start * hop, (stop - 1) * hop + size) for start, stop in runs(tonal).tolist()]


def _tone_of(
    spectrum: NDArray[np.complexfloating], rate_hz: float, size: int
) -> tuple[NDArray[np.bool_], NDArray[np.floating]]:
    """Which steps of each row belong to its strongest tone and the octave of it, and their share of the power."""
    power = np.square(spectrum.real) + np.square(spectrum.imag)
    reach = _LOBE + math.ceil(_DRIFT_HZ * size / rate_hz)
    step = np.arange(power.shape[1])
    peak = power.argmax(axis=1)[:, None]
    kept = (np.abs(step - peak) <= reach) | (np.abs(step - 2 * peak) <= reach)
    return kept, (power * kept).sum(axis=1) / np.maximum(power.sum(axis=1), 1e-30)
