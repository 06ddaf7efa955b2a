"""A mains line: proven in the spectrum, then subtracted as a slowly turning sine, which leaves no ringing."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from legtwitch.signal.order import median

_MAINS_HZ = (50.0, 60.0)
_FFT_S = 4.0
_PROOF = 4.0  # amplitude of the line over that of its neighbours, each the median over the night
_LEAST = 0.3  # RMS in the unit of the signal: a fainter line changes nothing
_LINE_HZ = 0.3  # about a line is it ...
_AROUND_HZ = (1.0, 5.0)  # ... and so far away are its neighbours
_FRAMES = 64  # looked at at once
_MEDIAN_BLOCKS = 9


def _proven_lines(values: NDArray[np.float32], rate_hz: float, lines_hz: Sequence[float]) -> tuple[float, ...]:
    """Those lines that stand out of the spectrum of most stretches."""
    size = round(_FFT_S * rate_hz)
    count = values.size // size
    if count < 3:
        return ()
    frames = values[: count * size].reshape(count, size)[:: max(1, count // 400)]
    window = np.hanning(size).astype(np.float32)
    bins = np.fft.rfftfreq(size, 1 / rate_hz)
    near = [np.flatnonzero(np.abs(bins - line_hz) <= _AROUND_HZ[1]) for line_hz in lines_hz]
    parts: list[list[NDArray[np.float32]]] = [[] for _ in lines_hz]
    for first in range(0, len(frames), _FRAMES):
        spectrum = np.abs(np.fft.rfft(frames[first : first + _FRAMES] * window, axis=1))
        for part, chosen in zip(parts, near, strict=True):
            part.append(spectrum[:, chosen])
    found = []
    for line_hz, chosen, part in zip(lines_hz, near, parts, strict=True):
        spectrum, away = np.concatenate(part), np.abs(bins[chosen] - line_hz)
        line = median(spectrum[:, away <= _LINE_HZ].max(axis=1))
        around = median(spectrum[:, away >= _AROUND_HZ[0]])
        rms = line / (size / 2) * math.sqrt(2)  # a Hann window halves a sine: amplitude = 4 / size of the line
        if line >= _PROOF * around and rms >= _LEAST:
            found.append(line_hz)
    return tuple(found)


def _running_median(values: NDArray[np.float64], width: int) -> NDArray[np.float64]:
    padded = np.pad(values, width // 2, mode="edge")
    return np.asarray(np.sort(np.lib.stride_tricks.sliding_window_view(padded, width), axis=1)[:, width // 2])


def _phasors(values: NDArray[np.float32], rate_hz: float, line_hz: float) -> tuple[NDArray[np.complex128], float]:
    """The line's amplitude at the centre of each second, and its true frequency in radians a sample.

    Sample t of the line is the real part of amplitude * exp(1j * frequency * t).
    """
    size = round(rate_hz)
    blocks = values.size // size
    turn = 2 * np.pi * line_hz / rate_hz
    angle = turn * np.arange(size)
    frames = values[: blocks * size].reshape(blocks, size)
    # By einsum: a product of matrices this thin would start threads that hold more memory than the leg itself.
    real, imag = (np.einsum("ij,j->i", frames, one.astype(np.float32)) for one in (np.cos(angle), -np.sin(angle)))
    seen = 2 / size * (real + 1j * imag) * np.exp(-1j * turn * size * np.arange(blocks))
    # The true frequency: how far the phase turns from block to block.
    angles = np.angle(seen[1:] * np.conj(seen[:-1]))
    steps = _running_median(angles, 31) if blocks > 31 else np.full(blocks - 1, median(angles))
    drift = np.concatenate(([0.0], np.cumsum(steps)))
    still = seen * np.exp(-1j * drift)
    width = min(_MEDIAN_BLOCKS, blocks - 1 + blocks % 2)
    still = _running_median(still.real, width) + 1j * _running_median(still.imag, width)
    usual = median(steps) / size
    centres = np.arange(blocks) * size + (size - 1) / 2
    return still * np.exp(1j * (drift - usual * centres)), turn + usual


def _subtract(values: NDArray[np.float32], rate_hz: float, line_hz: float) -> None:
    """Subtract a sine near line_hz: one complex amplitude a second, made robust against bursts by running medians."""
    size = round(rate_hz)
    amplitude, turn = _phasors(values, rate_hz, line_hz)
    # One row lasts from the centre of a block to that of the next; the first row's left half lies before the start.
    amplitude = np.concatenate((amplitude[:1], amplitude, amplitude[-1:], amplitude[-1:]))
    begin = np.exp(1j * turn * size * np.arange(-1, amplitude.size - 2))
    ends = np.stack((amplitude[:-1] * begin, amplitude[1:] * begin), axis=1)
    weights = np.ascontiguousarray(ends).view(np.float64).astype(np.float32)
    shift = size // 2
    wave = np.exp(1j * turn * (shift + np.arange(size)))
    part = (shift + np.arange(size) - (size - 1) / 2) / size
    shapes = np.stack((wave.real * (1 - part), -wave.imag * (1 - part), wave.real * part, -wave.imag * part))
    many = 64
    for row in range(0, len(weights), many):
        line = (weights[row : row + many] @ shapes.astype(np.float32)).ravel()
        start = (row - 1) * size + shift
        stop = min(values.size, start + line.size)
        values[max(start, 0) : stop] -= line[max(-start, 0) : stop - start]


def remove_mains(values: NDArray[np.float32], rate_hz: float, high_hz: float) -> tuple[float, ...]:
    """Subtract in place each proven line of 50 or 60 Hz and its harmonics below high_hz; return those lines in Hz.

    values: (n,), filtered. Nothing is touched where no line is proven.

    Deviations from a notch filter: 1. a notch rings for a second after each burst, above the 2 uV of the offset rule;
    a sine whose amplitude is a running median over nine seconds does not.
    """
    lines = [
        float(line) for mains in _MAINS_HZ for line in np.arange(mains, min(high_hz, rate_hz / 2 - 1), mains).tolist()
    ]
    proven = _proven_lines(values, rate_hz, lines)
    for line in proven:
        _subtract(values, rate_hz, line)
    return proven
