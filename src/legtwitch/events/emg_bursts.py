"""Short bursts of several motor units: taps and jerks, told from potentials that lie side by side by chance."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from legtwitch.events.emg_parameters import EmgParameters
from legtwitch.events.emg_potentials import Potentials
from legtwitch.events.emg_trace import Stretch
from legtwitch.events.emg_voluntary import inside_any, merged, reaching
from legtwitch.events.fasciculation_events import Discharges

_AGAIN = 3  # bursts within the window
_OVER_CHANCE = 2.5
_DEVIATIONS = 4.0
_MANY = 4  # different potentials ...
_RARE = 0.01  # ... in one burst, that chance gives so often in the recording
_EDGE_S = 0.02
_RECRUITED = 5  # discharges in movement
_MOSTLY = 0.5
_FARTHEST_S = 20.0


@dataclass(frozen=True, slots=True)
class Bursts:
    """Bursts of several units. effort: as taps at will, with the pauses between them. jerks: single short ones."""

    effort: list[Stretch]
    jerks: list[Stretch]


def active(rows: Potentials, parameters: EmgParameters) -> list[Stretch]:
    """Return the stretches (s) in which potentials follow each other without a pause, in order."""
    own = ~rows.pop
    return merged(list(zip(rows.first_s[own].tolist(), rows.last_s[own].tolist(), strict=True)), parameters.pause_s)


def bursts_of_units(stretches: list[Stretch], found: Discharges, parameters: EmgParameters) -> Bursts:
    """Return which stretches of activity are bursts of several motor units that chance does not explain.

    stretches: of `active`. found: the discharges with their units.

    A fasciculation is one unit, and units fire independently of each other: that two or more lie side by side happens
    as often as their rate says. Effort and jerks recruit several units at once, again and again. Those that last for a
    tenth of a second, or come back within a second, are effort; others are jerks.
    """
    if len(stretches) < 2:
        return Bursts([], [])
    bounds = np.asarray(stretches)
    several = _several(bounds, found)
    burst = (several >= 2) & (bounds[:, 1] - bounds[:, 0] >= parameters.least_burst_s)
    told = np.flatnonzero(_beyond_chance(bounds, burst, several, parameters))
    close = merged([stretches[one] for one in told.tolist()], parameters.again_s)
    effort: list[Stretch] = []
    jerks: list[Stretch] = []
    for start, stop in close:
        inside = told[(bounds[told, 0] >= start) & (bounds[told, 1] <= stop)]
        long = (bounds[inside, 1] - bounds[inside, 0]).max() >= parameters.least_tap_s
        (effort if long or inside.size >= _AGAIN else jerks).append((start - _EDGE_S, stop + _EDGE_S))
    movement = merged(effort, parameters.taps_apart_s)
    again = _of_recruited(movement, found)
    movement = merged(reaching(movement, again, parameters.taps_apart_s, _FARTHEST_S), parameters.taps_apart_s)
    return Bursts(movement, merged(jerks))


def _of_recruited(movement: list[Stretch], found: Discharges) -> NDArray[np.float64]:
    """The times of discharges of units that fire mostly in movement: a weak tap shows only one or two of them."""
    inside = inside_any(found.time_s, movement)
    chosen = np.zeros(found.time_s.size, dtype=bool)
    for one in np.unique(found.unit[(found.unit > 0) & inside]).tolist():
        own = found.unit == one
        count = np.count_nonzero(own & inside)
        if count >= _RECRUITED and count >= _MOSTLY * np.count_nonzero(own):
            chosen |= own
    return found.time_s[chosen]


def _several(bounds: NDArray[np.float64], found: Discharges) -> NDArray[np.int64]:
    """How many different potentials lie in each stretch: units, shapes of no unit; one too long for a unit is two."""
    result = np.zeros(len(bounds), dtype=np.int64)
    place = np.searchsorted(bounds[:, 0], found.time_s + _EDGE_S, side="right") - 1
    own = (place >= 0) & (found.time_s <= bounds[np.maximum(place, 0), 1] + _EDGE_S) & ~found.rows.pop
    alone = own & (found.unit <= 0)
    np.add.at(result, place[alone], 1 + found.rows.burst[alone].astype(np.int64))
    pairs = np.unique(np.stack((place[own & ~alone], found.unit[own & ~alone])), axis=1)
    np.add.at(result, pairs[0], 1)
    return result


def _beyond_chance(
    bounds: NDArray[np.float64], burst: NDArray[np.bool_], several: NDArray[np.int64], parameters: EmgParameters
) -> NDArray[np.bool_]:
    """Which bursts are told: more of them nearby than the rate of activity gives by chance, or one of many units."""
    start = bounds[:, 0]
    window = parameters.bursts_window_s
    low = np.searchsorted(start, start - window)
    high = np.searchsorted(start, start + window, side="right")
    count = (high - low).astype(np.float64)
    summed = np.concatenate(([0], np.cumsum(burst)))
    near = summed[high] - summed[low]
    reach = parameters.pause_s + min(float(np.median(bounds[:, 1] - start)), parameters.usual_s)
    beside = 1 - np.exp(-count / (2 * window) * reach)
    expected = count * beside
    again = (near >= _AGAIN) & (near >= _OVER_CHANCE * expected)
    again &= near >= expected + _DEVIATIONS * np.sqrt(expected)
    rare = len(bounds) * beside ** (several - 1) < _RARE
    many = (several >= _MANY) & rare & (bounds[:, 1] - start >= parameters.least_tap_s)
    return np.asarray(burst & (again | many))


def faint_effort(found: Discharges, recorded_s: float, parameters: EmgParameters) -> list[Stretch]:
    """Return stretches in which more potentials of no unit follow each other than chance gives.

    A weak effort shows the largest of a few distant units now and then, each at another channel or in another sum, so
    that no shape comes back. Fasciculations that come in clusters are those of one unit. recorded_s: of the recording.
    """
    time = found.time_s[(found.unit == 0) & ~found.rows.pop]
    if time.size < _MANY:
        return []
    chains = np.split(time, np.flatnonzero(np.diff(time) > parameters.strangers_s) + 1)
    alone = sum(1 for one in chains if one.size < _MANY)
    beside = 1 - np.exp(-(alone + 1) / max(recorded_s, 1.0) * parameters.strangers_s)
    told = [one for one in chains if one.size >= _MANY and time.size * beside ** (one.size - 1) < _RARE]
    return [(float(one[0]) - _EDGE_S, float(one[-1]) + _EDGE_S) for one in told]
