"""Zero-phase band-pass by a symmetric kernel, in blocks, so that neither the night's length nor its offset matters."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

_BLOCK_SAMPLES = 1 << 16


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
    period = 2 * (values.size - 1)
    index = np.arange(start, stop) % period
    return np.asarray(values[np.minimum(index, period - index)])


def _frame_weights(kernel: NDArray[np.float64]) -> NDArray[np.float32]:
    """The matrix that turns a frame of samples into the filtered samples of its middle, shape (hop + size - 1, hop)."""
    hop = max(64, 1 << (kernel.size // 2 - 1).bit_length())
    padded = np.pad(kernel, hop - 1).astype(np.float32)
    return np.ascontiguousarray(np.lib.stride_tricks.sliding_window_view(padded, hop)[:, ::-1])


def filter_zero_phase(values: NDArray[Any], kernel: NDArray[np.float64]) -> NDArray[np.float32]:
    """Return the centred convolution of values (n,) with an odd kernel, symmetric or its mirror image wanted.

    That is the sum over i of kernel[i] * values[at + i - size // 2]: no delay for a symmetric kernel; same length,
    float32. Both ends are continued by reflection. Works on frames, many at once, as a product of matrices, which at
    these lengths of the kernel takes half the time of a Fourier transform.
    """
    half = kernel.size // 2
    result = np.empty(values.size, dtype=np.float32)
    if not values.size:
        return result
    weights = _frame_weights(kernel)
    length, hop = weights.shape
    centre = np.float32(np.median(values[:: max(1, values.size // 10_000)]))
    many = max(1, _BLOCK_SAMPLES // hop)
    for start in range(0, values.size, hop * many):
        count = min(many, -(-(values.size - start) // hop))
        stretch = _reflected(values, start - half, start + count * hop + half) - centre
        frames = np.lib.stride_tricks.sliding_window_view(stretch.astype(np.float32, copy=False), length)[::hop]
        stop = min(values.size, start + count * hop)
        result[start:stop] = (frames @ weights).ravel()[: stop - start]
    return result
