"""A stretch that is one pure tone: the hum of a loose electrode, a motor; muscle never holds a single frequency."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from legtwitch.signal.order import median

_PIECE_S = 0.8
_LOBE = 2.0  # half the width of a Hann window's main lobe, in steps of the spectrum
_DRIFT_HZ = 0.5
_CREST = 2.6  # highest value over RMS: of a tone 1.4, of one that swells and fades 2.3, of muscle mostly above 3


def may_be_tone(highest: float, rms: float) -> bool:
    """Tell by the highest absolute value of a stretch and its RMS whether it may be a tone: only then look closer."""
    return 0 < highest <= _CREST * rms


def tone(values: NDArray[Any], rate_hz: float) -> tuple[float, float]:
    """Return the share of the power that lies in one tone and its octave, and the RMS of what else there is.

    values: filtered samples (n,). The stretch is looked at in pieces of 0.8 s or somewhat more, each with a tone of its
    own; both figures are medians over the pieces. RMS in the unit of the values. 16 samples or fewer show no tone.
    """
    pieces = max(1, int(values.size // (_PIECE_S * rate_hz)))
    size = values.size // pieces
    if size <= 16:
        return 0.0, math.sqrt(float(np.einsum("i,i", values, values)) / max(values.size, 1))
    rows = values[: pieces * size].reshape(pieces, size)
    window = np.hanning(size)
    power = np.square(np.abs(np.fft.rfft(rows * window, axis=1)))
    reach = math.ceil(_LOBE + _DRIFT_HZ * size / rate_hz)
    total = np.concatenate((np.zeros((pieces, 1)), np.cumsum(power, axis=1)), axis=1)
    peak, row, last = power.argmax(axis=1), np.arange(pieces), power.shape[1]

    def near(place: NDArray[np.int64]) -> NDArray[np.float64]:
        return np.asarray(total[row, np.clip(place + reach + 1, 0, last)] - total[row, np.clip(place - reach, 0, last)])

    shares = (near(peak) + near(np.maximum(2 * peak, peak + 2 * reach + 1))) / np.maximum(total[:, -1], 1e-30)
    left = np.sqrt(np.maximum(1 - shares, 0) * np.square(rows).mean(axis=1))
    return median(shares), median(left)
