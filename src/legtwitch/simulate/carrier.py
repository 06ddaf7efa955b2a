"""The carrier: Gaussian noise of unit RMS in the band of surface EMG, made block by block."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

LOW_HZ = 10.0
HIGH_HZ = 100.0
TAP_S = 0.5


class Carrier:
    """Endless noise between 10 Hz and the lower of 100 Hz and 0.45 of the rate; expected mean square exactly 1.

    A windowed-sinc filter (Blackman) by overlap-save, its weights scaled to a sum of squares of 1.
    """

    def __init__(self, rng: np.random.Generator, rate_hz: int) -> None:
        half = round(TAP_S * rate_hz / 2)
        at = np.arange(-half, half + 1) / rate_hz
        high = min(HIGH_HZ, 0.45 * rate_hz)
        taps = 2 * high * np.sinc(2 * high * at) - 2 * LOW_HZ * np.sinc(2 * LOW_HZ * at)
        taps *= np.blackman(len(taps))
        self._taps = (taps / np.sqrt(np.sum(taps**2))).astype(np.float32)
        self._rng = rng
        self._tail = rng.standard_normal(2 * half, dtype=np.float32)

    def block(self, length: int) -> NDArray[np.float32]:
        """Return the next samples, shape (length,), without unit (RMS 1)."""
        noise = np.concatenate([self._tail, self._rng.standard_normal(length, dtype=np.float32)])
        overlap = len(self._tail)
        self._tail = noise[-overlap:]
        size = 1 << int(len(noise) - 1).bit_length()
        spectrum = np.fft.rfft(noise, size) * np.fft.rfft(self._taps, size)
        return np.fft.irfft(spectrum, size)[overlap : overlap + length].astype(np.float32)
