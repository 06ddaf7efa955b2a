"""What stands out of the rest of a sensor of motion, sought in several bands of frequency at once."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from legtwitch.events.motion_parameters import MotionParameters
from legtwitch.events.motion_signal import Stretch3D
from legtwitch.signal import runs
from legtwitch.signal.ripples import NOISE_MEDIAN, amplitude, evened, ripple_kernels, ripple_reach, ripples

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

_NOTHING = 1e-9
_SAME = 1e-5  # choice: in the unit of the sensor; neighbours nearer than this are equal
_LEVEL = 1e-3  # choice: levels are told apart to this, in the unit of the sensor
_OFTEN = 3  # choice: a level is one that was said so often
_FLICKER = 0.9  # choice: of what differs from the one level: a clock made even has values between, too
_COARSE = 0.05  # choice: share of equal neighbours from which on a sensor is coarse


@dataclass(frozen=True, slots=True)
class Transient:
    """Samples start to stop in which something stands out.

    ratio: how far, over what is needed (1). hz: the band in which it is largest, level: how large, noise: RMS at rest
    on an axis there, both as of white noise in the unit of the sensor. rumbles: a vehicle shakes all the bands in which
    it stands out.
    """

    start: int
    stop: int
    ratio: float
    hz: float
    level: float
    noise: float
    rumbles: bool = False


def floor_of(level: Floats, rate_hz: float, usable: Flags, parameters: MotionParameters, *, highest: bool) -> Floats:
    """Return the level at rest round every sample, (n,): a quantile of the seconds on both sides.

    highest: False for the low quantile of the seconds' medians, which is rest; True for the median of the seconds'
    highest, which is what comes again and again, as the pulse does. Infinite where nothing is usable.
    """
    size = max(1, round(parameters.floor_block_s * rate_hz))
    blocks = level.size // size
    padded = np.where(usable, level, np.nan)
    if not blocks or not usable.any():
        return np.full(level.size, float(np.nanmedian(padded)) if usable.any() else np.inf)
    rows = padded[: blocks * size].reshape(blocks, size)
    seen = ~np.isnan(rows).all(axis=1)
    each = np.full(blocks, np.nan)
    each[seen] = np.nanmax(rows[seen], axis=1) if highest else np.nanmedian(rows[seen], axis=1)
    if not seen.any():
        return np.full(level.size, float(np.nanmedian(padded)))
    half = round(parameters.floor_s / parameters.floor_block_s)
    around = np.lib.stride_tricks.sliding_window_view(np.pad(each, half, constant_values=np.nan), 2 * half + 1)
    known = ~np.isnan(around).all(axis=1)
    quantile = 0.5 if highest else parameters.floor_quantile
    found = np.full(blocks, float(np.nanquantile(each, quantile)))
    found[known] = np.nanquantile(around[known], quantile, axis=1)
    return np.asarray(np.interp(np.arange(level.size), (np.arange(blocks) + 0.5) * size, found))


def step_of(values: Floats) -> float:
    """Return the step (unit of values) of a sensor so coarse that it often says the same twice, else 0.

    values: (axes, n). A resampled clock leaves equal neighbours equal.
    """
    steps = []
    for axis in values:
        same = np.abs(np.diff(axis)) < _SAME
        levels, counts = np.unique(np.round(axis[1:][same] / _LEVEL), return_counts=True)
        gaps = np.diff(levels[counts >= _OFTEN]) * _LEVEL
        if same.mean() < _COARSE:
            continue
        if (gaps > 2 * _LEVEL).any():
            steps.append(float(gaps[gaps > 2 * _LEVEL].min()))
        elif levels.size:  # all but flickers of single samples stand on one level
            away = np.abs(axis - levels[counts.argmax()] * _LEVEL)
            steps += np.quantile(away[away > 2 * _LEVEL], [_FLICKER]).tolist() if (away > 2 * _LEVEL).any() else []
    return max(steps, default=0.0)


def transients(
    stretch: Stretch3D, rotation: bool, parameters: MotionParameters, shaken: Flags | None = None
) -> list[Transient]:
    """Return what stands out of rest in any band, in order; parts that overlap are one.

    shaken: where a vehicle shakes the sensor, (n,); there more is needed in the bands that it shakes, by the crest of
    such a rumble.

    In each band the amplitude is set against its own rest, so that a shaking of one frequency hides nothing of another,
    and against what comes again and again there. The ends lie where it falls to a share of its highest or near rest,
    less what the kernels themselves spread.

    Source: engineering of this program; no detector of twitches by accelerometer with accuracy is published.
    """
    shakes = np.zeros(stretch.usable.size, dtype=np.bool_) if shaken is None else shaken
    bands = [
        _Band.of(stretch, hz, rotation, shakes, parameters)
        for hz in parameters.bands_hz
        if _fits(stretch, hz, parameters)
    ]
    outstanding = [
        (start, stop, band) for band in bands for start, stop in runs((band.ratio >= 1) & stretch.usable).tolist()
    ]
    found: list[Transient] = []
    for group in _overlapping(outstanding):
        highest = max(float(band.level[start:stop].max()) for start, stop, band in group)
        noise = max(band.noise_at(group[0][0]) for band in bands)
        found += _together(
            [one for part in group if (one := part[2].ends(*part[:2], highest, noise, parameters)) is not None]
        )
    return _together(found)


def _together(parts: list[Transient]) -> list[Transient]:
    """Parts of several bands that overlap as one, with the band in which it is largest."""
    result: list[Transient] = []
    for one in sorted(parts, key=lambda each: each.start):
        last = result[-1] if result else None
        if last is None or one.start >= last.stop:
            result.append(one)
        else:
            largest = max(last, one, key=lambda each: each.level)
            ratio, rumbles = max(last.ratio, one.ratio), last.rumbles and one.rumbles
            stop = max(last.stop, one.stop)
            result[-1] = replace(largest, start=last.start, stop=stop, ratio=ratio, rumbles=rumbles)
    return result


def _fits(stretch: Stretch3D, hz: float, parameters: MotionParameters) -> bool:
    return hz <= parameters.highest_band * stretch.rate_hz


@dataclass(frozen=True, slots=True)
class _Band:
    """One band: kernels; amplitude and rest, in the sensor's unit; how far the amplitude, the noise of all directions
    made even, is above rest, and above what is needed (1); rumbles: where a vehicle shakes it: each (n,). axes: of the
    sensor.
    """

    hz: float
    kernels: tuple[Floats, Floats]
    level: NDArray[np.float32]
    rest: NDArray[np.float32]
    above: NDArray[np.float32]
    ratio: NDArray[np.float32]
    rumbles: Flags
    axes: int

    @classmethod
    def of(cls, stretch: Stretch3D, hz: float, rotation: bool, shaken: Flags, parameters: MotionParameters) -> _Band:
        rate, axes, usable = stretch.rate_hz, len(stretch.values), stretch.usable
        least = parameters.noise_least_dps if rotation else parameters.noise_least_mps2
        most = parameters.noise_most_dps if rotation else parameters.noise_most_mps2
        least *= min(1.0, (parameters.noise_least_hz / hz) ** parameters.noise_falls)
        least = max(least, parameters.noise_of_step * step_of(stretch.values))
        kernels = ripple_kernels(rate, hz)
        waves = ripples(stretch.values, kernels)
        level = amplitude(waves)
        low, high = least * NOISE_MEDIAN[axes], most * NOISE_MEDIAN[axes]
        rest = np.maximum(floor_of(level, rate, usable, parameters, highest=False), low)
        waves = evened(waves, usable & (level < parameters.calm * rest), least)
        even = amplitude(waves)
        capped = np.minimum(1, high / rest)
        lowest = floor_of(even, rate, usable, parameters, highest=False)
        own = np.maximum(lowest * capped, _NOTHING)
        # What comes again and again and is larger than any pulse is movement, such as a walk, and hides nothing.
        pulse = parameters.usual_most_dps if rotation else parameters.usual_most_mps2
        usual = floor_of(even, rate, usable, parameters, highest=True) * capped
        usual = np.minimum(usual, lowest * np.maximum(pulse * NOISE_MEDIAN[axes] / rest, 1.0))
        ratio = even / np.maximum(parameters.over_rest * own, parameters.over_usual * usual)
        ratio = np.where(level >= parameters.over_rest * low, ratio, 0.0)
        along = level / np.maximum(even, _NOTHING)  # RMS at rest of the direction in which it moves just now
        rumbles = shaken & (along >= parameters.rumbles * parameters.noise_least_mps2)
        ratio = np.where(rumbles, ratio / parameters.over_shaking, ratio)
        kept = [one.astype(np.float32) for one in (level, np.minimum(rest, high), even / own, ratio)]  # nights are long
        return cls(hz, kernels, kept[0], kept[1], kept[2], kept[3], rumbles, axes)

    def noise_at(self, place: int) -> float:
        """RMS of an axis at rest, as of white noise."""
        return float(self.rest[place]) / NOISE_MEDIAN[self.axes]

    def ends(
        self, start: int, stop: int, highest: float, noise: float, parameters: MotionParameters
    ) -> Transient | None:
        """A run with its ends in this band; None where it is no more than what another band spreads."""
        least, over = parameters.edge_share * highest, parameters.edge_over_rest
        reach = max(1, self.kernels[0].size)
        far, near = slice(max(0, start - reach), start), slice(stop, stop + reach)
        up = (self.level[start:stop] >= least) & (self.above[start:stop] >= over)
        if not up.any():
            return None
        high = np.flatnonzero(up) + start
        top = int(high[self.level[high].argmax()])
        first, last = int(high[0]), int(high[-1]) + 1
        if first == start:
            first -= _run_at_end((self.level[far] >= least) & (self.above[far] >= over))
        if last == stop:
            last += _run_at_end(((self.level[near] >= least) & (self.above[near] >= over))[::-1])
        share = max(least / float(self.level[top]), over / float(self.above[top]))
        spread = ripple_reach(self.kernels, min(share, 1.0))
        ratio, rumbles = float(self.ratio[start:stop].max()), bool(self.rumbles[start:stop].all())
        first, last = min(first + spread, top), max(last - spread, top + 1)
        return Transient(first, last, ratio, self.hz, float(self.level[top]), noise, rumbles)


def _run_at_end(flags: Flags) -> int:
    """How many flags (n,) at the end are true without a break."""
    false = np.flatnonzero(~flags[::-1])
    return int(false[0]) if false.size else flags.size


def _overlapping(found: list[tuple[int, int, _Band]]) -> list[list[tuple[int, int, _Band]]]:
    """Runs of all bands in groups that overlap."""
    groups: list[list[tuple[int, int, _Band]]] = []
    reached = -1
    for one in sorted(found, key=lambda each: each[:2]):
        if groups and one[0] <= reached:
            groups[-1].append(one)
        else:
            groups.append([one])
        reached = max(reached if len(groups[-1]) > 1 else -1, one[1])
    return groups
