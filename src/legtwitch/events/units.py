"""Motor units: potentials of a group sorted by shape and, with several channels, by where they are seen."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from legtwitch.events.emg_group import Kept
from legtwitch.events.units_hidden import hidden, known_again
from legtwitch.events.units_small import SmallSettings, absorbed, seen_elsewhere
from legtwitch.signal.sorting import SortingSettings, Two, aligned, fit_one, fit_two, resampled

_HALF_S = 0.010
_WIDE_S = 0.026
_REACH_S = 0.015
_MISFIT = 0.35  # left by a unit that is still taken for it
_ODD = 0.15  # left by one unit alone, as a share of the unit: look for two
_LEFT = 0.15  # left by two units together, as a share of the whole
_BETTER = 2.5  # two units leave so much less than one
_SUMS = 0.3  # of few discharges are sums of two larger units: the group is no unit
_TWO_AT_MOST = 400
_APART_S = 0.0035
_CHANNELS = 16
_NONE = np.empty(0, dtype=np.int64)


TWICE = -1
"""Instead of a unit: the discharge of another potential, seen at another channel and time."""


@dataclass(frozen=True, slots=True)
class Unit:
    """One motor unit.

    number: from 1. channel: the channel (number in the group) that shows it best. shape_uv: its median potential
    there, at the group's rate, the middle of the energy in the middle. peak_to_peak_uv: of that shape.
    """

    number: int
    channel: int
    shape_uv: tuple[float, ...]
    peak_to_peak_uv: float


@dataclass(slots=True)
class UnitsFound:
    """For each potential given its unit (0: none; TWICE) and scale; further ones found under others; the units.

    place: samples of the group's kept signal at which the unit's waveform lies, of the potentials and then the extra.
    shift: samples by which the middle of a potential that was taken apart lies off where it was seen. extra: samples,
    extra_unit: their units.
    """

    unit: NDArray[np.int64]
    scale: NDArray[np.float32]
    place: NDArray[np.float64]
    shift: NDArray[np.float64]
    extra: NDArray[np.float64]
    extra_unit: NDArray[np.int64]
    units: tuple[Unit, ...]


def find_units(
    kept: Kept,
    at: NDArray[np.int64],
    clean: NDArray[np.bool_],
    usable: NDArray[np.bool_],
    least: int,
    settings: SortingSettings | None = None,
    half_s: float = _HALF_S,
    doubtful: NDArray[np.bool_] | None = None,
) -> UnitsFound:
    """Return the units of potentials at samples of `kept` (n,), ascending.

    clean: those from which shapes may be learned (no artefacts, no bursts, no interference). usable: those to which a
    unit may be given. least: discharges of a unit. settings: of the sorting; half_s: compared to both sides.
    doubtful: those that get a unit only where they have its very waveform.
    """
    unit = np.zeros(at.size, dtype=np.int64)
    scale = np.ones(at.size, dtype=np.float32)
    nothing = UnitsFound(
        unit,
        scale,
        at.astype(np.float64),
        np.zeros(at.size),
        np.empty(0),
        np.empty(0, dtype=np.int64),
        (),
    )
    learn = np.flatnonzero(clean)
    if learn.size < least:
        return nothing
    settings, small = settings or SortingSettings(), SmallSettings()
    if learn.size > settings.most:
        learn = learn[np.unique(np.linspace(0, learn.size - 1, settings.most).astype(np.int64))]
    chosen = shown_best(kept, at[learn])
    half = round(half_s * kept.rate_hz)
    values = kept.values[chosen] if len(chosen) < len(kept.values) else kept.values
    steps = (kept.step_uv / kept.noise_uv)[chosen].astype(np.float32)
    reach = round(_REACH_S * kept.rate_hz)
    place, label, rows = aligned(values, steps, at[learn].astype(np.float64), half, settings, reach)
    place, label = absorbed(values, steps, kept.rate_hz, place, label, half, small)
    rows = resampled(values, place, half) * steps[:, None]
    count = np.bincount(label)
    names = sorted((one for one in range(count.size) if count[one] >= least), key=lambda one: -count[one])
    names = _single_ones(values, steps, place, label, names, half, round(_WIDE_S * kept.rate_hz), reach, small.few)
    if not names:
        return nothing
    shapes = np.stack([np.median(rows[label == one], axis=0) for one in names])
    number = {one: k + 1 for k, one in enumerate(names)}
    unit[learn] = [number.get(one, 0) for one in label.tolist()]
    moved = at.astype(np.float64)
    moved[learn] = place
    _fit_all(values, steps, moved, half, shapes, unit, scale, usable)
    unit[_same_twice(moved, unit, 0.003 * kept.rate_hz)] = TWICE
    if doubtful is not None:
        known_again(values, steps, kept.rate_hz, moved, doubtful, shapes, unit)
    known = unit.copy()
    off = np.asarray([float(np.median((moved - at)[known == k + 1])) for k in range(len(names))])
    lag, extra, extra_unit = _taken_apart(values, steps, kept.rate_hz, moved, usable, shapes, unit)
    apart = np.flatnonzero(np.isfinite(lag))
    shift = np.zeros(at.size)
    shift[apart] = (moved - at)[apart] + lag[apart] - off[unit[apart] - 1]
    late = seen_elsewhere(values, steps, kept.rate_hz, moved, shapes, unit, usable, small)
    every = np.concatenate((moved + np.nan_to_num(lag), extra))
    doubted = np.concatenate((late, apart, unit.size + np.arange(extra.size)))
    same = _same_twice(every, np.concatenate((unit, extra_unit)), 0.003 * kept.rate_hz, doubted)
    unit[same[same < unit.size]] = TWICE
    new = ~np.isin(unit.size + np.arange(extra.size), same)
    extra, extra_unit = extra[new], extra_unit[new]
    every = np.concatenate((every[: unit.size], extra))
    where, which = hidden(values, steps, kept.rate_hz, moved, every, shapes, unit)
    extra, extra_unit = np.concatenate((extra, where)), np.concatenate((extra_unit, which))
    units = tuple(_unit(kept, moved[known == k + 1], k + 1, half) for k in range(len(names)))
    place = np.concatenate((every[: unit.size], extra))
    return UnitsFound(unit, scale, place, shift, extra - off[extra_unit - 1], extra_unit, units)


def _same_twice(
    at: NDArray[np.float64], unit: NDArray[np.int64], within: float, doubted: NDArray[np.int64] = _NONE
) -> NDArray[np.int64]:
    """Potentials that, laid on their unit's waveform, are the same discharge as the one before them.

    Of two, the one that is `doubted` is left out where the other is not.
    """
    known = np.flatnonzero(unit > 0)
    order = known[np.argsort(at[known], kind="stable")]
    same = (np.diff(at[order]) < within) & (unit[order][1:] == unit[order][:-1])
    first, second = order[:-1][same], order[1:][same]
    return np.unique(np.where(np.isin(first, doubted) & ~np.isin(second, doubted), first, second))


def _single_ones(
    values: NDArray[np.int16],
    steps: NDArray[np.float32],
    at: NDArray[np.float64],
    label: NDArray[np.int64],
    names: list[int],
    half: int,
    wide: int,
    reach: int,
    few: int,
) -> list[int]:
    """The groups whose waveform is not the sum of two larger groups': the same overlap now and then is no unit."""
    if len(names) < 3:
        return names
    every = [resampled(values, at[label == one][:100], wide) * steps[:, None] for one in names]
    shapes = [np.median(rows, axis=0) for rows in every]
    cores = np.stack([one[:, wide - half : wide + half + 1] for one in shapes]).astype(np.float32)
    kept = list(range(len(names)))
    for place in range(len(names) - 1, 1, -1):
        others = cores[[one for one in kept if one < place]]
        two = fit_two(shapes[place].astype(np.float32), others, reach)
        same = two is not None and two.left < 0.06 and two.alone > 4 * max(two.left, 0.02)
        rows = every[place]
        if not same and len(rows) < few:  # the lag of an overlap varies, and the median is that of neither
            sums = sum(_is_sum(fit_two(row, others, reach)) for row in rows)
            same = sums >= _SUMS * len(rows)
        if same:
            kept.remove(place)
    return [names[one] for one in kept]


def _is_sum(two: Two | None) -> bool:
    """Whether a potential is explained by two units, and much better than by one."""
    return two is not None and two.left <= _LEFT and two.alone >= _BETTER * max(two.left, 0.02)


def shown_best(kept: Kept, at: NDArray[np.int64]) -> list[int]:
    """Return the channels (at most sixteen) that show potentials at samples (n,) best."""
    if len(kept.values) <= _CHANNELS:
        return list(range(len(kept.values)))
    some = at[np.unique(np.linspace(0, at.size - 1, 300).astype(np.int64))]
    reach = round(0.006 * kept.rate_hz)
    power = np.asarray([np.abs(one[some[:, None] + np.arange(-reach, reach + 1)]).max(axis=1) for one in kept.values])
    best = np.bincount(power.argmax(axis=0), minlength=len(power)) * 1e6 + power.mean(axis=1)
    return sorted(np.argsort(-best)[:_CHANNELS].tolist())


def _fit_all(
    values: NDArray[np.int16],
    steps: NDArray[np.float32],
    at: NDArray[np.float64],
    half: int,
    shapes: NDArray[np.float32],
    unit: NDArray[np.int64],
    scale: NDArray[np.float32],
    usable: NDArray[np.bool_],
) -> None:
    """Give potentials without a unit the unit that fits, and every potential its scale, in place."""
    flat = shapes.reshape(len(shapes), -1)
    for start in range(0, at.size, 2000):
        own = np.arange(start, min(at.size, start + 2000))
        own = own[usable[own]]
        if not own.size:
            continue
        rows = (resampled(values, at[own], half) * steps[:, None]).reshape(own.size, -1)
        best, size, left = fit_one(rows, flat)
        open_ones = (unit[own] == 0) & (left <= _MISFIT)
        unit[own[open_ones]] = best[open_ones] + 1
        given = unit[own] > 0
        flat_own = flat[np.maximum(unit[own], 1) - 1]
        scale[own[given]] = ((rows * flat_own).sum(axis=1) / (flat_own**2).sum(axis=1))[given]
        scale[own[~given]] = size[~given]


def _taken_apart(
    values: NDArray[np.int16],
    steps: NDArray[np.float32],
    rate_hz: float,
    at: NDArray[np.float64],
    usable: NDArray[np.bool_],
    shapes: NDArray[np.float32],
    unit: NDArray[np.int64],
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.int64]]:
    """Look for two units in potentials that none explains; give the nearer one to the potential, return the others.

    The first array holds, for each potential that was taken apart, the lag of what it was given, NaN for others.
    """
    half = shapes.shape[2] // 2
    flat = shapes.reshape(len(shapes), -1)
    wide, reach = round(_WIDE_S * rate_hz), round(_REACH_S * rate_hz)
    open_ones = np.flatnonzero(usable)
    left = np.empty(open_ones.size, dtype=np.float32)
    for start in range(0, open_ones.size, 2000):
        own = open_ones[start : start + 2000]
        middle = (resampled(values, at[own], half) * steps[:, None]).reshape(own.size, -1)
        left[start : start + 2000] = fit_one(middle, flat)[2]
    odd = np.flatnonzero(((left > _ODD) | (unit[open_ones] == 0)) & (unit[open_ones] != TWICE))[:_TWO_AT_MOST]
    rows = resampled(values, at[open_ones[odd]], wide) * steps[:, None]
    apart = _APART_S * rate_hz
    extra: list[float] = []
    extra_unit: list[int] = []
    known = at.copy()
    lag = np.full(at.size, np.nan)
    for row, number in zip(rows, open_ones[odd].tolist(), strict=True):
        two = fit_two(row, shapes, reach)
        if two is None or not _is_sum(two):
            continue
        if abs(two.first_lag - two.second_lag) < apart:
            continue  # nearly at one time a second unit only makes up for what varies in the first
        pairs = sorted(((two.first_lag, two.first), (two.second_lag, two.second)), key=lambda pair: abs(pair[0]))
        unit[number] = pairs[0][1] + 1
        lag[number] = pairs[0][0]
        other = at[number] + pairs[1][0]
        if np.abs(known - other).min() > 0.004 * rate_hz or abs(pairs[1][0]) <= 0.004 * rate_hz:
            extra.append(float(other))
            extra_unit.append(pairs[1][1] + 1)
            known = np.append(known, other)
    return lag, np.asarray(extra, dtype=np.float64), np.asarray(extra_unit, dtype=np.int64)


def _unit(kept: Kept, at: NDArray[np.float64], number: int, half: int) -> Unit:
    some = at[np.unique(np.linspace(0, at.size - 1, 200).astype(np.int64))]
    rows = resampled(kept.values, some, half) * kept.step_uv[:, None]
    shapes = np.median(rows, axis=0)
    channel = int((np.ptp(shapes, axis=1) / kept.noise_uv).argmax())
    shape = shapes[channel]
    return Unit(number, channel, tuple(round(float(one), 2) for one in shape), float(np.ptp(shape)))
