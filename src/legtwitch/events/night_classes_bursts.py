"""Single bursts of a leg, finer than movements: what trains, short potentials and twitches are made of."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from legtwitch.events.intervals import Signal, onset_margin
from legtwitch.events.night_classes_parameters import NightClassSettings
from legtwitch.events.parameters import Parameters
from legtwitch.signal import Laid, laid_out, runs

Floats = NDArray[np.float64]
_AT_ONCE = 1 << 17  # samples of bursts that are measured together


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
    level, tops, active = _levels(signal, points, parameters)
    stretches = runs(active)
    rests = signal.baseline.rest[stretches[:, 0] * points]
    leasts = rests + chosen.least_top * onset_margin(signal.baseline.noise[stretches[:, 0] * points], parameters)
    found: list[tuple[int, int, float, float]] = []
    for (first, last), rest, least in zip(stretches.tolist(), rests.tolist(), leasts.tolist(), strict=True):
        highest = tops[first:last].tolist()
        if max(highest) < least:
            continue
        for low, high in _parted(level[first:last].tolist(), chosen.valley_share):
            top = max(highest[low:high]) - rest
            if top + rest < least:
                continue
            before = 0 if low else signal.window // 2
            after = 0 if high < last - first else signal.window // 2
            start, stop = max(0, (first + low) * size - before), (first + high) * size + after
            found.append((start, min(stop, signal.values.size), rest, top))
    rows = np.array(found, dtype=np.float64).reshape(-1, 4)
    starts, stops = rows[:, :2].T.astype(np.int64)
    parts = [_measured(signal, laid, rows[laid.own, 2], chosen) for laid in laid_out(starts, stops, _AT_ONCE)]
    begin, end, centre, swing = np.concatenate(parts, axis=1) if parts else np.empty((4, 0))
    return Bursts(begin_s + begin / rate, begin_s + end / rate, begin_s + centre / rate, rows[:, 3], swing)


def _levels(
    signal: Signal, points: int, parameters: Parameters
) -> tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.bool_]]:
    """The mean of each so many points of the envelope above rest, the highest, and where half the margin is passed.

    Only where a block is loud enough for that: elsewhere mean and highest stay 0.
    """
    count, block = signal.envelope.size // points, signal.baseline.block
    level, highest, active = np.zeros(count, np.float32), np.zeros(count, np.float32), np.zeros(count, bool)
    near = [
        np.arange(max(0, start * block // points - 1), min(count, stop * block // points + 1))
        for start, stop in runs(signal.loud(0.5 * parameters.onset_uv)).tolist()
    ]
    here = np.concatenate(near) if near else np.empty(0, dtype=np.int64)
    places = here * points
    cells = signal.envelope[places[:, None] + np.arange(points)]
    total = np.einsum("ij->i", cells) / np.float32(points)
    highest[here] = np.maximum.reduce(cells, axis=1)
    total -= signal.baseline.rest[places]
    level[here] = total
    active[here] = total > 0.5 * onset_margin(signal.baseline.noise[places], parameters)
    return level, highest, active


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


def _measured(signal: Signal, laid: Laid, rest: Floats, chosen: NightClassSettings) -> Floats:
    """Start, stop, centre of energy (samples) and swing (uV) of what stands out of rest (uV) in each burst, (4, n)."""
    at, begins, lengths = laid.at, laid.begins, laid.lengths
    values = signal.values[at]
    loud = np.abs(values)
    top = np.maximum.reduceat(loud, begins)
    limit = np.minimum(top, np.maximum(chosen.edge_rest * rest, chosen.edge_share * top))
    out = loud >= np.repeat(limit, lengths)
    first = np.minimum.reduceat(np.where(out, at, at[-1] + at.size), begins)
    last = np.maximum.reduceat(np.where(out, at, -1), begins)
    power = np.square(values, dtype=np.float64)
    power[(at < np.repeat(first, lengths)) | (at > np.repeat(last, lengths))] = 0
    centre = np.add.reduceat(power * (at - np.repeat(first, lengths)), begins) / np.add.reduceat(power, begins)
    swing = np.maximum.reduceat(values, begins) - np.minimum.reduceat(values, begins)
    return np.stack((first, last + 1, first + centre, swing)).astype(np.float64)
