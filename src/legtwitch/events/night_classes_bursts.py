"""Single bursts of a leg, finer than movements: what trains, short potentials and twitches are made of."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from legtwitch.events.intervals import Signal, onset_margin
from legtwitch.events.night_classes_parameters import NightClassSettings
from legtwitch.events.parameters import Parameters
from legtwitch.signal import runs

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Bursts:
    """Bursts of one leg in order, arrays of shape (n,).

    start_s, stop_s: in true time. centre_s: of the energy. top_uv: highest RMS above rest. swing_uv: from the lowest to
    the highest sample.
    """

    start_s: Floats
    stop_s: Floats
    centre_s: Floats
    top_uv: Floats
    swing_uv: Floats

    @property
    def size(self) -> int:
        """Return how many there are."""
        return int(self.start_s.size)

    @property
    def length_s(self) -> Floats:
        """Return how long each lasts."""
        return self.stop_s - self.start_s

    def where(self, chosen: NDArray[np.bool_]) -> Bursts:
        """Return the bursts that are chosen."""
        return Bursts(*(getattr(self, one.name)[chosen] for one in fields(self)))


def joined(parts: list[Bursts]) -> Bursts:
    """Return the bursts of several segments as one, in order."""
    if not parts:
        return Bursts(*(np.empty(0) for _ in fields(Bursts)))
    return Bursts(*(np.concatenate([getattr(part, one.name) for part in parts]) for one in fields(Bursts)))


def find_bursts(signal: Signal, begin_s: float, parameters: Parameters) -> Bursts:
    """Return the bursts of one channel over a segment that begins at begin_s.

    The envelope is parted wherever it sinks below half the onset margin, and in valleys much lower than both tops.
    A burst then lasts as long as its samples stand out of rest, so that the window of the envelope does not add to it.
    """
    chosen = parameters.classes
    rate, step = signal.rate_hz, signal.step
    points = max(1, round(chosen.point_s * rate / step))
    size = points * step
    level, active = _levels(signal, points, parameters)
    rows: list[tuple[float, float, float, float, float]] = []
    for first, last in runs(active).tolist():
        rest = signal.baseline.rest.at(first * points)
        least = chosen.least_top * onset_margin(signal.baseline.noise.at(first * points), parameters)
        tops = signal.envelope[first * points : last * points] - rest
        if tops.max() < least:
            continue
        for low, high in _parted(level[first:last].tolist(), chosen.valley_share):
            top = float(tops[low * points : high * points].max())
            if top < least:
                continue
            before = 0 if low else signal.window // 2
            after = 0 if high < last - first else signal.window // 2
            start, stop = (first + low) * size - before, (first + high) * size + after
            row = _measured(signal, max(0, start), min(stop, signal.values.size), rest, chosen)
            rows.append((begin_s + row[0], begin_s + row[1], begin_s + row[2], top, row[3]))
    return Bursts(*np.array(rows, dtype=np.float64).reshape(-1, 5).T)


def _levels(signal: Signal, points: int, parameters: Parameters) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
    """The mean of each so many points of the envelope above rest, and where it is over half the onset margin.

    Only where a block is loud enough for that: elsewhere the mean stays 0.
    """
    count, block = signal.envelope.size // points, signal.baseline.block
    level, active = np.zeros(count, dtype=np.float32), np.zeros(count, dtype=bool)
    near = [
        np.arange(max(0, start * block // points - 1), min(count, stop * block // points + 1))
        for start, stop in runs(signal.loud(0.5 * parameters.onset_uv)).tolist()
    ]
    here = np.concatenate(near) if near else np.empty(0, dtype=np.int64)
    places = here * points
    total = signal.envelope[places]
    for shift in range(1, points):
        total += signal.envelope[places + shift]
    total /= np.float32(points)
    total -= signal.baseline.rest[places]
    level[here] = total
    active[here] = total > 0.5 * onset_margin(signal.baseline.noise[places], parameters)
    return level, active


def _parted(level: list[float], share: float) -> list[tuple[int, int]]:
    """Part a stretch at valleys that are at most this share of the tops on both sides; rows (start, stop)."""
    cuts = [0]
    top = low = level[0]
    low_at = 0
    for at, value in enumerate(level):
        if value < low:
            low, low_at = value, at
        elif low <= share * top and value * share >= low:
            cuts.append(low_at)
            top = low = value
            low_at = at
        if value > top:
            top = low = value
            low_at = at
    return list(zip(cuts, [*cuts[1:], len(level)], strict=True))


def _measured(
    signal: Signal, start: int, stop: int, rest: float, chosen: NightClassSettings
) -> tuple[float, float, float, float]:
    """Start, stop and centre of energy (s from the start of the segment) and swing (uV) of the samples start..stop."""
    values = signal.values[start:stop]
    loud = np.abs(values)
    out = np.flatnonzero(loud >= max(chosen.edge_rest * rest, chosen.edge_share * float(loud.max())))
    if not out.size:
        out = np.array([int(loud.argmax())])
    first, last = int(out[0]), int(out[-1]) + 1
    power = np.square(values[first:last])
    centre = float(power @ np.arange(power.size, dtype=np.float32)) / float(power.sum())
    swing = float(values.max()) - float(values.min())
    rate = signal.rate_hz
    return (start + first) / rate, (start + last) / rate, (start + first + centre) / rate, swing
