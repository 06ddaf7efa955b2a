"""A mains line: proven in the spectrum, then subtracted as a slowly turning sine, which leaves no ringing."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

_MAINS_HZ = (50.0, 60.0)
_FFT_S = 4.0
_PROOF = 4.0  # amplitude of the line over that of its neighbours, each the median over the night
_LEAST = 0.3  # RMS in the unit of the signal: a fainter line changes nothing
_MEDIAN_BLOCKS = 9


def _proven(values: NDArray[np.float32], rate_hz: float, line_hz: float) -> bool:
    """Whether a line stands out of the spectrum of most stretches."""
    size = round(_FFT_S * rate_hz)
    count = values.size // size
    if count < 3:
        return False
    frames = values[: count * size].reshape(count, size)[:: max(1, count // 400)]
    bins = np.fft.rfftfreq(size, 1 / rate_hz)
    near = np.flatnonzero(np.abs(bins - line_hz) <= 5)
    amplitude = np.abs(np.fft.rfft(frames * np.hanning(size).astype(np.float32), axis=1)[:, near])
    away = np.abs(bins[near] - line_hz)
    line = np.median(amplitude[:, away <= 0.3].max(axis=1))
    around = np.median(amplitude[:, away >= 1])
    rms = line / (size / 2) * np.sqrt(2)  # a Hann window halves a sine: amplitude = 4 / size of the line
    return bool(line >= _PROOF * around and rms >= _LEAST)


def _running_median(values: NDArray[np.float64], width: int) -> NDArray[np.float64]:
    padded = np.pad(values, width // 2, mode="edge")
    return np.asarray(np.median(np.lib.stride_tricks.sliding_window_view(padded, width), axis=1))


def _subtract(values: NDArray[np.float32], rate_hz: float, line_hz: float) -> None:
    """Subtract a sine near line_hz: one complex amplitude a second, made robust against bursts by running medians."""
    size = round(rate_hz)
    blocks = values.size // size
    time = np.arange(size) / rate_hz
    angle = 2 * np.pi * line_hz * time
    frames = values[: blocks * size].reshape(blocks, size)
    product = frames @ np.stack((np.cos(angle), -np.sin(angle)), axis=1).astype(np.float32)
    shift = np.exp(-2j * np.pi * line_hz * size / rate_hz * np.arange(blocks))
    turn = 2 / size * (product[:, 0] + 1j * product[:, 1]) * shift
    # The true frequency: how far the phase turns from block to block.
    pairs = turn[1:] * np.conj(turn[:-1])
    steps = _running_median(np.angle(pairs), 31) if blocks > 31 else np.full(blocks - 1, np.median(np.angle(pairs)))
    drift = np.concatenate(([0.0], np.cumsum(steps)))
    still = turn * np.exp(-1j * drift)
    width = min(_MEDIAN_BLOCKS, blocks - 1 + blocks % 2)
    still = _running_median(still.real, width) + 1j * _running_median(still.imag, width)
    centres = (np.arange(blocks) + 0.5) * size
    many = 64
    for first in range(0, blocks, many):
        start = first * size
        stop = values.size if first + many >= blocks else (first + many) * size
        at = np.arange(start, stop)
        amplitude = np.interp(at, centres, still.real) + 1j * np.interp(at, centres, still.imag)
        phase = np.interp(at, centres, drift) + 2 * np.pi * line_hz / rate_hz * at
        values[start:stop] -= (amplitude * np.exp(1j * phase)).real.astype(np.float32)


def remove_mains(values: NDArray[np.float32], rate_hz: float, high_hz: float) -> tuple[float, ...]:
    """Subtract in place each proven line of 50 or 60 Hz and its harmonics below high_hz; return those lines in Hz.

    values: (n,), filtered. Nothing is touched where no line is proven.

    Deviations from a notch filter: 1. a notch rings for a second after each burst, above the 2 uV of the offset rule;
    a sine whose amplitude is a running median over nine seconds does not.
    """
    found: list[Any] = []
    for mains in _MAINS_HZ:
        for line in np.arange(mains, min(high_hz, rate_hz / 2 - 1), mains):
            if _proven(values, rate_hz, float(line)):
                _subtract(values, rate_hz, float(line))
                found.append(float(line))
    return tuple(found)
