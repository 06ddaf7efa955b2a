"""Pure tones that come and go (the hum of a loose electrode, a motor): found in the spectrum, then subtracted."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from legtwitch.signal.envelope import runs

_FRAME_S = 0.8
_LOBE = 3  # steps of the spectrum to both sides of a tone that hold nearly all of it
_DRIFT_HZ = 0.5
_LOWEST_HZ = 15.0  # what a cable that swings leaves of its steps in the band of muscle lies below
_AT_ONCE = 512  # frames
_SAMPLES = 256  # frames all over the recording, for tones that last
_BRIDGE_S = 10.0  # a tone goes on under so much else, if it is the same tone before and after
_SAME = 1.5  # the amplitude of one tone in two frames differs by less than this factor
_SPIKY = 5.0  # kurtosis: a tone that lasts half a frame or longer has less, a heart beat five times as much
_LOUD = 0.5  # of the power of a tone: in a frame that holds less, it has ended


@dataclass(frozen=True, slots=True)
class _Tone:
    """A tone in a frame: turn in radians a sample, and complex amplitude at the frame's centre."""

    frame: int
    turn: float
    amplitude: complex

    def is_same(self, other: _Tone, drift: float) -> bool:
        """Tell whether another frame may hold the same tone, whose turn drifts by at most so much."""
        high, low = sorted((abs(self.amplitude), abs(other.amplitude)), reverse=True)
        return abs(self.turn - other.turn) <= drift and high < _SAME * low


def subtract_tones(
    values: NDArray[np.float32], rate_hz: float, stretches: NDArray[np.int64], share: float
) -> list[tuple[int, int]]:
    """Subtract in place what is a tone in these stretches, and return where that was, (start, stop) in samples.

    values: filtered (n,). stretches: rows (start, stop), ascending, which are looked at, and so are some samples from
    everywhere and whatever lies beside a tone that is found. share: of the power of about a second that lies in one
    tone and its octave: muscle, which never holds a single frequency, comes to 0.5.

    Frames overlap by half under the root of a Hann window; in those that are a tone, the tone alone is put together
    again and taken off, so that a movement under a hum stays. Under a movement much louder than the hum no frame is
    a tone: there the sine of the frames before and after goes on, or else half of the hum would stand before the
    movement and seem to begin it.
    """
    size = 1 << max(5, round(math.log2(_FRAME_S * rate_hz)))
    hop = size // 2
    window = np.sqrt(np.hanning(size + 1)[:-1]).astype(np.float32)
    last = (values.size - size) // hop
    chosen = np.zeros(max(last + 1, 0), dtype=bool)
    for start, stop in stretches.tolist():
        chosen[max(0, start // hop - 1) : stop // hop + 1] = True
    chosen[:: max(1, chosen.size // _SAMPLES)] = True
    tonal, lasting = np.zeros(chosen.size, dtype=bool), np.zeros(chosen.size, dtype=bool)
    wholes: dict[int, NDArray[np.float32]] = {}
    frames, beside = np.flatnonzero(chosen), 1
    while frames.size:
        for first in range(0, frames.size, _AT_ONCE):
            own = frames[first : first + _AT_ONCE]
            spectrum = np.fft.rfft(values[own[:, None] * hop + np.arange(size)] * window, axis=1)
            kept, held = _tone_of(spectrum, rate_hz, size)
            are = np.flatnonzero(held >= share)
            if are.size:
                whole = np.fft.irfft(spectrum[are] * kept[are], size, axis=1).astype(np.float32)
                wholes |= dict(zip(own[are].tolist(), whole, strict=True))
                tonal[own[are]] = True
                lasting[own[are]] = _kurtosis(whole) <= _SPIKY
        edges = runs(tonal)
        near = np.concatenate([edges[:, :1] - 1 - np.arange(beside), edges[:, 1:] + np.arange(beside)], axis=None)
        near = np.unique(near[(near >= 0) & (near < chosen.size)])
        frames, beside = near[~chosen[near]], 2 * beside
        chosen[frames] = True
    found = [(start, stop) for start, stop in runs(tonal).tolist() if lasting[start:stop].any()]
    frames_of = [frame for start, stop in found for frame in range(start, stop)]
    hidden = _continued(values, [_measured(frame, wholes[frame], window) for frame in frames_of], window, rate_hz)
    for frame in frames_of:
        values[frame * hop : frame * hop + size] -= wholes[frame] * window
    for frame, wave in hidden:
        values[frame * hop : frame * hop + size] -= wave
    return [(start * hop, (stop - 1) * hop + size) for start, stop in found]


def _kurtosis(rows: NDArray[np.float32]) -> NDArray[np.float64]:
    """The mean fourth power of each row over its squared mean square: 2.25 for a tone under the window."""
    power = np.square(rows, dtype=np.float64)
    return np.asarray(np.square(power).mean(axis=1) / np.maximum(np.square(power.mean(axis=1)), 1e-30))


def _measured(frame: int, wave: NDArray[np.float32], window: NDArray[np.float32]) -> _Tone:
    """The tone of a frame, of which `wave` is what a window lets through."""
    size, middle = wave.size, wave.size // 2
    at = np.arange(size) - middle
    weighted = (wave * window).astype(np.float64)
    turn = 2 * np.pi * int(np.abs(np.fft.rfft(weighted)).argmax()) / size
    # How far the phase turns from the first half to the second tells what is between the steps of the spectrum.
    turned = weighted * np.exp(-1j * turn * at)
    power = np.square(window, dtype=np.float64)
    apart = 2 * float(power[middle:] @ at[middle:]) / float(power[middle:].sum())
    turn += float(np.angle(turned[middle:].sum() * np.conj(turned[:middle].sum()))) / apart
    return _Tone(frame, turn, complex(2 * (weighted @ np.exp(-1j * turn * at)) / power.sum()))


def _continued(
    values: NDArray[np.float32], tones: list[_Tone], window: NDArray[np.float32], rate_hz: float
) -> list[tuple[int, NDArray[np.float32]]]:
    """What goes on of tones in the frames between and beside them, where something louder hides it: frame and wave."""
    size, hop = window.size, window.size // 2
    hann = np.square(window)
    drift = 2 * np.pi * _DRIFT_HZ / rate_hz
    at = np.arange(size) - hop

    def wave(tone: _Tone, frames: int, turn: float, amplitude: float) -> NDArray[np.float32]:
        phase = np.angle(tone.amplitude) + turn * (frames * hop + at)
        return np.asarray(amplitude * np.cos(phase) * hann, dtype=np.float32)

    def is_loud(frame: int, tone: _Tone) -> bool:
        there = values[frame * hop : frame * hop + size]
        if frame < 0 or there.size < size:
            return False
        return float(hann @ np.square(there)) / hop >= _LOUD * abs(tone.amplitude) ** 2 / 2

    found: list[tuple[int, NDArray[np.float32]]] = []
    for before, after in pairwise((None, *tones, None)):
        gap = 0 if before is None or after is None else after.frame - before.frame
        if before is not None and after is not None and gap == 1:
            continue
        if before is not None and after is not None and gap * hop <= _BRIDGE_S * rate_hz:
            hidden = range(before.frame + 1, after.frame)
            if before.is_same(after, drift) and all(is_loud(frame, before) for frame in hidden):
                turn = (before.turn + after.turn) / 2
                late = np.angle(after.amplitude / before.amplitude * np.exp(-1j * turn * gap * hop))
                turn += float(late) / (gap * hop)
                for number, frame in enumerate(hidden, 1):
                    part = number / gap
                    amplitude = (1 - part) * abs(before.amplitude) + part * abs(after.amplitude)
                    found.append((frame, wave(before, number, turn, amplitude)))
                continue
        for tone, step in ((before, 1), (after, -1)):
            if tone is not None and is_loud(tone.frame + step, tone):
                found.append((tone.frame + step, wave(tone, step, tone.turn, abs(tone.amplitude))))
    return found


def _tone_of(
    spectrum: NDArray[np.complexfloating], rate_hz: float, size: int
) -> tuple[NDArray[np.bool_], NDArray[np.floating]]:
    """Which steps of each row belong to its strongest tone and the octave of it, and their share of the power."""
    power = np.square(spectrum.real) + np.square(spectrum.imag)
    reach = _LOBE + math.ceil(_DRIFT_HZ * size / rate_hz)
    step = np.arange(power.shape[1])
    peak = power.argmax(axis=1)[:, None]
    kept = (np.abs(step - peak) <= reach) | (np.abs(step - 2 * peak) <= reach)
    held = (power * kept).sum(axis=1) / np.maximum(power.sum(axis=1), 1e-30)
    return kept, np.where(peak[:, 0] * rate_hz / size >= _LOWEST_HZ, held, 0)
