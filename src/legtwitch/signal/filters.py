"""Zero-phase band-pass by a symmetric kernel, in blocks, so that neither the night's length nor its offset matters."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

_BLOCK_SAMPLES = 1 << 17
_HOP = 64
_PRODUCT = 250_000  # multiplications in one product of matrices


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


def _frame_weights(kernel: NDArray[np.float64]) -> NDArray[np.float32]:
    """The matrix that turns a frame of samples into the filtered samples of its middle, shape (length, _HOP)."""
    padded = np.pad(kernel, _HOP - 1).astype(np.float32)
    return np.ascontiguousarray(np.lib.stride_tricks.sliding_window_view(padded, _HOP)[:, ::-1])


def filter_zero_phase(values: NDArray[Any], kernel: NDArray[np.float64]) -> NDArray[np.float32]:
    """Return values (n,) filtered by an odd kernel without delay: same length, float32; the mean is left out.

    Sample k is the sum over i of kernel[i] * values[k + i - kernel.size // 2]. Both ends are continued by reflection.
    Works on overlapping frames, many at once, as products of matrices, which takes a third of the time of a Fourier
    transform at these lengths; products are kept so small that no library splits them over threads.
    """
    half = kernel.size // 2
    result = np.empty(values.size, dtype=np.float32)
    if not values.size:
        return result
    weights = _frame_weights(kernel)
    length = len(weights)
    rows = max(1, _PRODUCT // weights.size)
    many = max(1, min(_BLOCK_SAMPLES, values.size + _HOP * rows) // (_HOP * rows))
    frames = np.empty((many, rows, length), dtype=np.float32)
    centre = np.float32(np.median(values[:: max(1, values.size // 10_000)]))
    size = many * rows * _HOP
    for start in range(0, values.size, size):
        stretch = _reflected(values, start - half, start + size + half) - centre
        view = np.lib.stride_tricks.sliding_window_view(stretch.astype(np.float32, copy=False), length)[::_HOP]
        frames.reshape(-1, length)[:] = view
        stop = min(values.size, start + size)
        result[start:stop] = (frames @ weights).ravel()[: stop - start]
    return result
