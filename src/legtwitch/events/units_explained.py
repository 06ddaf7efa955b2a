"""Discharges that are nothing but parts of others: what is left of each once its neighbours' waveforms are taken away.

A unit's potential is compared with others over 10 ms to each side of its middle, but it may last for 50 ms and reach
electrodes of an array one after the other. Its late phases are found, and may be sorted, as if they were potentials.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from legtwitch.events.emg_group import Kept
from legtwitch.signal.sorting import resampled

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class ExplainedSettings:
    """When a discharge is part of others. All choices of this program, made on simulated recordings.

    length_s: to both sides of a waveform's middle: the longest potentials with their late phases. beside_s: farther
    away a discharge explains nothing. core_s: to both sides of a discharge, where it is asked what is left of it.
    alone_s: waveforms are learned from discharges without another so near. left: of the sum of squares in the core,
    noise taken off, less is nothing of its own. own: a discharge of a unit that keeps so much of its waveform's size
    beside the others stays, a second discharge of the same unit above all. most: the size of a waveform at most.
    learned: discharges from which one is learned. at_most: discharges that are looked at.
    """

    length_s: float = 0.045
    beside_s: float = 0.040
    core_s: float = 0.010
    alone_s: float = 0.060
    left: float = 0.3
    own: float = 0.5
    most: float = 1.8
    learned: tuple[int, int] = (3, 100)
    at_most: int = 5000


def explained(
    kept: Kept, channels: list[int], place: Floats, unit: NDArray[np.int64], settings: ExplainedSettings | None = None
) -> NDArray[np.bool_]:
    """Return which discharges (n,) are parts of others.

    kept: the signals; channels: those of them that are looked at. place: (n,), samples at which the unit's waveform
    lies, or the potential where it has none. unit: (n,), 0 for none, less for what is no discharge.
    """
    chosen = settings or ExplainedSettings()
    result = np.zeros(place.size, dtype=bool)
    order = np.flatnonzero(unit >= 0)
    order = order[np.argsort(place[order], kind="stable")]
    at = place[order]
    if not order.size:
        return result
    beside = chosen.beside_s * kept.rate_hz
    crowded = np.flatnonzero((np.diff(at, prepend=-np.inf) < beside) | (np.diff(at, append=np.inf) < beside))
    if not crowded.size:
        return result
    view = _View(kept, channels, chosen)
    shapes = view.shapes(at, unit[order])
    taken = np.zeros(order.size, dtype=bool)

    def asked(number: int) -> tuple[float, float] | None:
        low, high = np.searchsorted(at, (at[number] - beside, at[number] + beside))
        others = [k for k in range(int(low), int(high)) if k != number and not taken[k] and unit[order[k]] in shapes]
        if not others:
            return None
        return view.left_of(
            float(at[number]), shapes.get(int(unit[order[number]])), [(at[k], shapes[unit[order[k]]]) for k in others]
        )

    first = {number: asked(number) for number in crowded[: chosen.at_most].tolist()}
    known = {number: one for number, one in first.items() if one is not None and one[0] < chosen.left}
    for number in sorted(known, key=lambda one: known[one][1]):  # two may explain each other: the better one stays
        now = asked(number)
        taken[number] = now is not None and now[0] < chosen.left and now[1] < chosen.own
    result[order[taken]] = True
    return result


@dataclass(frozen=True, slots=True)
class _View:
    """The signals in units of their noise, over the length of a potential."""

    kept: Kept
    channels: list[int]
    settings: ExplainedSettings

    @property
    def half(self) -> int:
        """Return the samples to both sides."""
        return round(self.settings.length_s * self.kept.rate_hz)

    def rows(self, at: Floats) -> NDArray[np.float32]:
        """Return the signals round samples, shape (n, channels, 2 * half + 1)."""
        steps = (self.kept.step_uv / self.kept.noise_uv)[self.channels].astype(np.float32)
        return resampled(self.kept.values[self.channels], at, self.half) * steps[:, None]

    def shapes(self, at: Floats, unit: NDArray[np.int64]) -> dict[int, NDArray[np.float32]]:
        """Return the waveform of each unit, (channels, 2 * half + 1), of its discharges that lie alone, else of all."""
        near = self.settings.alone_s * self.kept.rate_hz
        alone = (np.diff(at, prepend=-np.inf) > near) & (np.diff(at, append=np.inf) > near)
        least, most = self.settings.learned
        found = {}
        for one in np.unique(unit[unit > 0]).tolist():
            own = at[(unit == one) & alone]
            own = own if own.size >= least else at[unit == one]
            if own.size >= least:
                some = own[np.unique(np.linspace(0, own.size - 1, most).astype(np.int64))]
                found[one] = np.median(self.rows(some), axis=0)
        return found

    def left_of(
        self, at: float, own: NDArray[np.float32] | None, others: list[tuple[float, NDArray[np.float32]]]
    ) -> tuple[float, float]:
        """Return what others leave of a discharge, as a share of it, and its own waveform's size beside theirs.

        others: samples and waveforms. The size is 0 without a waveform.
        """
        row = self.rows(np.array([at]))[0]
        length = row.shape[1]
        columns = []
        for place, shape in others:
            lag = round(place - at)
            moved = np.zeros_like(row)
            moved[:, max(0, lag) : length + min(0, lag)] = shape[:, max(0, -lag) : length - max(0, lag)]
            columns += [moved, np.gradient(moved, axis=1)]
        basis = np.stack([one.ravel() for one in columns])
        weight = _fitted(basis, row.ravel())
        weight[::2] = np.clip(weight[::2], 0.0, self.settings.most)
        reach = round(self.settings.core_s * self.kept.rate_hz)
        core = slice(self.half - reach, self.half + reach + 1)
        noise = row[:, core].size
        rest = row - (weight @ basis).reshape(row.shape)
        whole = max(float((row[:, core] ** 2).sum()) - noise, 1e-9)
        left = (float((rest[:, core] ** 2).sum()) - noise) / whole
        if own is None:
            return left, 0.0
        size = _fitted(
            np.concatenate((basis, own.reshape(1, -1), np.gradient(own, axis=1).reshape(1, -1))), row.ravel()
        )
        return left, float(size[-2])


def _fitted(basis: NDArray[np.float32], row: NDArray[np.float32]) -> Floats:
    """The weights of basis rows (k, m) whose sum comes nearest to a row (m,)."""
    square = basis.astype(np.float64) @ basis.T
    return np.asarray(np.linalg.lstsq(square, basis.astype(np.float64) @ row, rcond=1e-9)[0])
