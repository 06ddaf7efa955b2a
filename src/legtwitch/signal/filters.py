"""Zero-phase band-pass by a symmetric kernel, in blocks, so that neither the night's length nor its offset matters."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from legtwitch.signal.order import median

_HOP = 32
_DEEP = 160  # samples of a stretch in one product of matrices: for longer kernels products are added up
_PRODUCT = 250_000  # multiplications in one product
_PRODUCTS = 8
_PIECE = 1 << 16  # samples that stay near the processor
_FIRST = 4096  # samples that show where the signal lies


def bandpass_kernel(rate_hz: float, low_hz: float, high_hz: float, length_s: float) -> NDArray[np.float64]:
    """Return an odd, symmetric band-pass kernel (Hamming-windowed sinc) that lets no constant through.

    rate_hz: samples a second. low_hz, high_hz: edges (-6 dB), 0 < low < high < rate / 2, else ValueError.
    length_s: length of the kernel; the transitions are about 3.3 / length_s wide.

    Source: Oppenheim & Schafer, window method of FIR design.
    Deviations: 1. the gain at 0 Hz is set to exactly 0, so that an electrode's offset of millivolts leaves nothing.
    """
    if not 0 < low_hz < high_hz < rate_hz / 2:
        raise ValueError(f"band {low_hz} to {high_hz} Hz does not fit {rate_hz} samples a second")
    half = max(2, round(length_s * rate_hz / 2))
    steps = np.arange(-half, half + 1)
    window = np.hamming(steps.size)
    high, low = 2 * high_hz / rate_hz, 2 * low_hz / rate_hz
    kernel = (high * np.sinc(high * steps) - low * np.sinc(low * steps)) * window
    kernel -= window * (kernel.sum() / window.sum())
    return np.asarray(kernel, dtype=np.float64)


def _reflected(values: NDArray[Any], start: int, stop: int) -> NDArray[Any]:
    """Return values[start:stop] where the array goes on as its mirror image beyond both ends."""
    if start >= 0 and stop <= values.size:
        return values[start:stop]
    if values.size == 1:
        return np.repeat(values, stop - start)
    before, after = max(0, -start), max(0, stop - values.size)
    if max(before, after) < values.size and start < values.size and stop > 0:
        inside = values[max(0, start) : min(stop, values.size)]
        return np.concatenate((values[before:0:-1], inside, values[values.size - 1 - after : -1][::-1]))
    period = 2 * (values.size - 1)
    index = np.arange(start, stop) % period
    return np.asarray(values[np.minimum(index, period - index)])


def _weights(kernel: NDArray[np.float64]) -> NDArray[np.float32]:
    """The matrix that turns a stretch of samples, _HOP - 1 longer than the kernel, into _HOP filtered ones."""
    weights = np.zeros((_HOP + kernel.size - 1, _HOP), dtype=np.float32)
    for place in range(_HOP):
        weights[place : place + kernel.size, place] = kernel
    return weights


class ZeroPhaseFilter:
    """Filters samples that come in pieces of any length; the result is the same, to the last bit, however they come.

    Sample k is the sum over i of kernel[i] * values[k + i - kernel.size // 2]; the kernel is odd. Both ends are
    continued by reflection. What a kernel lets through of a constant is counted from the median of the first samples
    (4,096 as a rule); a band-pass lets none through.

    Stretches of samples are the rows of matrices, which takes a third of the time of a Fourier transform at these
    lengths; products are kept so small that no library splits them.
    """

    def __init__(self, kernel: NDArray[np.float64], size: int) -> None:
        """kernel: odd. size: samples that will come."""
        self._half = kernel.size // 2
        self._weights = _weights(kernel)
        self._size = size
        width = len(self._weights)
        self._parts = [slice(low, min(low + _DEEP, width)) for low in range(0, width, _DEEP)]
        apart = -(-width // _HOP)  # in hops: stretches that many apart do not overlap, and make one matrix
        hops = max(1, -(-size // _HOP))
        rows = min(_PRODUCT // (min(width, _DEEP) * _HOP), -(-hops // apart))
        many = min(_PRODUCTS, -(-hops // (apart * rows)))
        self._shape = (many, rows, apart, _HOP)
        self._out = int(np.prod(self._shape))
        self._line = np.zeros(self._out + (apart - 1) * _HOP, dtype=np.float32)
        self._filled = self._done = 0
        self._held: list[NDArray[Any]] = []
        self._last = np.empty(0, dtype=np.float32)  # samples that have come, as many as the reflection needs
        self._centre = np.float32(0)
        self._settled = False
        self._result = np.empty(-(-size // self._out) * self._out, dtype=np.float32)

    def push(self, piece: NDArray[Any]) -> None:
        """Take the samples that come next, shape (n,)."""
        self._last = np.concatenate((self._last, piece))[-self._half - 1 :]
        if self._settled:
            self._feed(piece)
            return
        self._held.append(np.array(piece))  # whoever gives the piece may use its memory again
        held = sum(one.size for one in self._held)
        first = min(self._size, max(_FIRST, self._half + 1))
        if held >= first > 0:
            values = np.concatenate(self._held)
            self._held, self._settled = [], True
            # Only for precision: the kernel of a band-pass lets no constant through.
            self._centre = np.float32(median(values[:first]))
            self._feed(_reflected(values, -self._half, 0))
            self._feed(values)

    def result(self) -> NDArray[np.float32]:
        """Return the filtered samples (size,), float32, once all have come."""
        if self._size:
            self._feed(_reflected(self._last, self._last.size, self._last.size + self._half))
        while self._done < self._size:
            self._line[self._filled :] = 0
            self._multiply()
        return self._result[: self._size]

    def _feed(self, values: NDArray[Any]) -> None:
        """Put samples, reflected ones included, into the line and filter it whenever it is full."""
        taken = 0
        while taken < values.size:
            more = min(values.size - taken, self._line.size - self._filled)
            here = slice(self._filled, self._filled + more)
            np.subtract(values[taken : taken + more], self._centre, out=self._line[here], casting="same_kind")
            taken += more
            self._filled += more
            if self._filled == self._line.size:
                self._multiply()

    def _multiply(self) -> None:
        found = self._result[self._done : self._done + self._out].reshape(self._shape)
        many, rows, apart, hop = self._shape
        for first in range(apart):
            line = self._line[first * hop : first * hop + self._out].reshape(many, rows, apart * hop)
            into = found[:, :, first]
            for part in self._parts:
                if part.start:
                    into += line[:, :, part] @ self._weights[part]
                else:
                    np.matmul(line[:, :, part], self._weights[part], out=into)
        self._done += self._out
        rest = self._line.size - self._out
        self._line[:rest] = self._line[self._out :].copy()
        self._filled = rest


def filter_zero_phase(values: NDArray[Any], kernel: NDArray[np.float64]) -> NDArray[np.float32]:
    """Return values (n,) filtered without delay by an odd kernel, float32: see `ZeroPhaseFilter`."""
    filtered = ZeroPhaseFilter(kernel, values.size)
    for first in range(0, values.size, _PIECE):
        filtered.push(values[first : first + _PIECE])
    return filtered.result()
