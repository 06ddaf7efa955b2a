"""What unfiltered samples show as they come piece by piece: no numbers, stretches without signal, clipping."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from legtwitch.events.parameters import Parameters
from legtwitch.signal import constant_runs, runs

_Runs = list[tuple[int, int]]


class RawScan:
    """Looks through samples that come in pieces of any length; what it finds does not depend on how they are cut."""

    def __init__(self, rate_hz: float, parameters: Parameters) -> None:
        self.not_numbers = 0
        self._flat = max(2, round(parameters.flat_s * rate_hz))
        self._clipped = parameters.clipped_samples
        self._seen = 0
        self._last = np.empty(0, dtype=np.float32)
        self._dead: _Runs = []
        self._high, self._low = _Extreme(1), _Extreme(-1)

    def push(self, samples: NDArray[np.float32]) -> NDArray[np.float32]:
        """Look through the samples that come next and return them, with 0 for what is no number."""
        good = np.isfinite(samples)
        if not good.all():
            self.not_numbers += int(good.size - np.count_nonzero(good))
            samples = np.where(good, samples, np.float32(0))
        begin = self._seen - self._last.size
        seam = np.concatenate((self._last, samples[: self._flat]))
        self._dead += [(begin + start, begin + stop) for start, stop in constant_runs(seam, self._flat).tolist()]
        self._dead += [
            (self._seen + start, self._seen + stop) for start, stop in constant_runs(samples, self._flat).tolist()
        ]
        self._high.push(samples, self._seen)
        self._low.push(samples, self._seen)
        self._last = np.concatenate((self._last, samples[-self._flat :]))[1 - self._flat :]
        self._seen += samples.size
        return samples

    def dead(self) -> NDArray[np.int64]:
        """Return the stretches of equal samples that are no signal, rows (start, stop), shape (k, 2)."""
        return _joined(self._dead, touching=False)

    def clipped(self) -> NDArray[np.int64]:
        """Return the stretches of equal samples at the lowest or highest value there is, shape (k, 2)."""
        both = [self._high] if self._high.value == self._low.value else [self._high, self._low]
        found = np.concatenate([_joined(one.at, touching=True) for one in both])
        found = found[found[:, 1] - found[:, 0] >= self._clipped]
        return np.asarray(found[np.argsort(found[:, 0])])


class _Extreme:
    """The highest value (sign 1) or the lowest (-1) so far, and where it stands."""

    def __init__(self, sign: int) -> None:
        self._sign = sign
        self.value: float | None = None
        self.at: _Runs = []

    def push(self, samples: NDArray[np.float32], first: int) -> None:
        if not samples.size:
            return
        value = float(samples.max() if self._sign > 0 else samples.min())
        if self.value is not None and (value - self.value) * self._sign < 0:
            return
        if value != self.value:
            self.value, self.at = value, []
        self.at += [(first + start, first + stop) for start, stop in runs(samples == value).tolist()]


def _joined(found: _Runs, *, touching: bool) -> NDArray[np.int64]:
    """Stretches in order, those that share a sample (or only touch) as one; two that touch may hold two values."""
    joined: list[list[int]] = []
    for start, stop in sorted(found):
        if joined and (start < joined[-1][1] or (touching and start == joined[-1][1])):
            joined[-1][1] = max(joined[-1][1], stop)
        else:
            joined.append([start, stop])
    return np.array(joined, dtype=np.int64).reshape(-1, 2)
