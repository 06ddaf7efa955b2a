"""Short waveforms sorted by shape, and sums of two of them taken apart. Rows are measured in units of their noise."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

_FINER = 4


@dataclass(frozen=True, slots=True)
class SortingSettings:
    """Numbers of the sorting.

    All are choices of this program. features: principal components. jitter: how much a waveform may vary in size from
    time to time before that is learned from its group; shape: the same for the rest of the waveform. near, radius: of
    the first, small groups: in distances of two rows of nothing but noise, and as a share of their size; large ones
    hold two units of nearly one shape from the start. apart: two groups stay apart where their means lie at least so
    many standard deviations from each other; halves of one even spread lie 3.5 apart. prior: the weight of the expected
    spread beside that of the group. sizes: groups that differ more in size are never one, however widely one of them
    varies. most: waveforms that are compared.
    """

    features: int = 12
    jitter: float = 0.1
    shape: float = 0.1
    near: float = 1.4
    radius: float = 0.03
    apart: float = 4.5
    prior: float = 7.0
    sizes: float = 2.5
    most: int = 4000


def resampled(
    values: NDArray[np.int16] | NDArray[np.float32], at: NDArray[np.float64], half: int
) -> NDArray[np.float32]:
    """Return for each channel the waveform round fractional samples, shape (n, channels, 2 * half + 1).

    values: (channels, samples). at: (n,) samples, fractions interpolated by a Fourier shift.
    """
    reach = half + 8
    whole = np.floor(at).astype(np.int64)
    part = at - whole
    index = np.clip(whole[:, None] + np.arange(-reach, reach + 1), 0, values.shape[1] - 1)
    rows = values[:, index].astype(np.float32).transpose(1, 0, 2)
    turn = np.exp(2j * np.pi * np.fft.rfftfreq(2 * reach + 1)[None, :] * part[:, None]).astype(np.complex64)
    moved = np.fft.irfft(np.fft.rfft(rows, axis=2) * turn[:, None, :], n=2 * reach + 1, axis=2)
    return np.asarray(moved[:, :, 8:-8], dtype=np.float32)


def components(rows: NDArray[np.float32], count: int) -> NDArray[np.float32]:
    """Return the directions of the largest mean square of rows (n, m), shape (k, m), k at most count."""
    power = rows.T.astype(np.float64) @ rows / max(1, len(rows))
    values, vectors = np.linalg.eigh(power)
    order = np.argsort(values)[::-1][: min(count, rows.shape[1])]
    return np.asarray(vectors[:, order].T, dtype=np.float32)


def sort_shapes(rows: NDArray[np.float32], settings: SortingSettings) -> NDArray[np.int64]:
    """Return for each row (n, m), in units of the noise, the number of its group, the largest group first.

    Small groups round leading rows are merged, the nearest first, as long as their means lie less than `apart`
    standard deviations from each other along the line that joins them.
    """
    if not len(rows):
        return np.empty(0, dtype=np.int64)
    points = rows @ components(rows, settings.features).T
    label = _leaders(points.astype(np.float64), settings)
    label = _merged(points.astype(np.float64), label, settings)
    order = np.argsort(-np.bincount(label), kind="stable")
    rank = np.empty_like(order)
    rank[order] = np.arange(order.size)
    return np.asarray(rank[label], dtype=np.int64)


def _leaders(points: NDArray[np.float64], settings: SortingSettings) -> NDArray[np.int64]:
    """Small groups: each point joins the nearest leader within the radius, else becomes one; twice."""
    size = np.sqrt((points**2).sum(axis=1))
    noise = settings.near * np.sqrt(2 * points.shape[1])
    centres: list[NDArray[np.float64]] = []
    count: list[int] = []
    label = np.empty(len(points), dtype=np.int64)
    for number in np.argsort(-size, kind="stable").tolist():
        point = points[number]
        if centres:
            apart = np.sqrt(((np.asarray(centres) - point) ** 2).sum(axis=1))
            best = int(apart.argmin())
            if apart[best] <= noise + settings.radius * size[number]:
                label[number] = best
                count[best] += 1
                centres[best] = centres[best] + (point - centres[best]) / count[best]
                continue
        label[number] = len(centres)
        centres.append(point.copy())
        count.append(1)
    middle = np.asarray(centres)
    power = (middle**2).sum(axis=1)
    nearest = np.asarray([int((power - 2 * middle @ point).argmin()) for point in points])
    label = np.unique(nearest, return_inverse=True)[1]
    return np.asarray(label, dtype=np.int64)


@dataclass(slots=True)
class _Groups:
    """What is kept of groups of points: count (k,), mean (k, m), scatter round the mean (k, m, m)."""

    count: NDArray[np.float64]
    mean: NDArray[np.float64]
    scatter: NDArray[np.float64]

    def join(self, one: int, other: int) -> None:
        """Put the second group into the first."""
        first, second = self.count[one], self.count[other]
        line = self.mean[one] - self.mean[other]
        self.scatter[one] += self.scatter[other] + first * second / (first + second) * np.outer(line, line)
        self.mean[one] = (first * self.mean[one] + second * self.mean[other]) / (first + second)
        self.count[one] = first + second


def _groups(points: NDArray[np.float64], label: NDArray[np.int64]) -> _Groups:
    members = [points[label == one] for one in range(int(label.max()) + 1)]
    mean = np.stack([one.mean(axis=0) for one in members])
    off = [own - middle for own, middle in zip(members, mean, strict=True)]
    return _Groups(np.array([float(len(one)) for one in members]), mean, np.stack([one.T @ one for one in off]))


def _merged(points: NDArray[np.float64], label: NDArray[np.int64], settings: SortingSettings) -> NDArray[np.int64]:
    groups = _groups(points, label)
    count = groups.count.size
    name = np.arange(count)
    alive = np.ones(count, dtype=bool)
    apart = np.full((count, count), np.inf)
    for one in range(1, count):
        apart[one, :one] = _separation(groups, one, np.arange(one), settings)
    while alive.sum() > 1:
        one, other = divmod(int(apart.argmin()), count)
        if apart[one, other] >= settings.apart:
            break
        groups.join(one, other)
        name[name == other] = one
        alive[other] = False
        apart[other, :] = apart[:, other] = np.inf
        others = np.flatnonzero(alive)
        others = others[others != one]
        apart[np.maximum(one, others), np.minimum(one, others)] = _separation(groups, one, others, settings)
    return np.asarray(np.unique(name[label], return_inverse=True)[1], dtype=np.int64)


def _separation(groups: _Groups, one: int, others: NDArray[np.int64], settings: SortingSettings) -> NDArray[np.float64]:
    """How far a group lies from each of others in standard deviations, their common spread and what is expected of it
    as measure.

    The expected spread is noise of 1 in every direction, the jitter in size along the mean, and a share for shape.
    """
    size = groups.mean.shape[1]
    mean, beside = groups.mean[one], groups.mean[others]
    line, middle = mean - beside, 0.5 * (mean + beside)
    power = 0.5 * (float(mean @ mean) + (beside**2).sum(axis=1))
    total = settings.jitter**2 * middle[:, :, None] * middle[:, None, :]
    total += np.eye(size) * (1.0 + settings.shape**2 * power / size)[:, None, None]
    total *= settings.prior + size / 2
    total += groups.scatter[one] + groups.scatter[others]
    weight = settings.prior + size / 2 + groups.count[one] + groups.count[others]
    solved = np.linalg.solve(total / weight[:, None, None], line[:, :, None])[:, :, 0]
    by_chance = size * (1 / groups.count[one] + 1 / groups.count[others])
    apart = np.sqrt(np.maximum((line * solved).sum(axis=1) - by_chance, 0.0))
    sizes = np.sqrt(np.stack((np.full(len(others), float(mean @ mean)), (beside**2).sum(axis=1))))
    apart[sizes.max(axis=0) > settings.sizes * sizes.min(axis=0) + settings.near * np.sqrt(2 * size)] = np.inf
    return np.asarray(apart)


def aligned(
    values: NDArray[np.int16] | NDArray[np.float32],
    scale: NDArray[np.float32],
    at: NDArray[np.float64],
    half: int,
    settings: SortingSettings,
    reach: int,
    rounds: int = 3,
) -> tuple[NDArray[np.float64], NDArray[np.int64], NDArray[np.float32]]:
    """Return fractional samples of waveforms moved so that like ones lie on each other, their groups and their rows.

    values: (channels, samples). scale: (channels,), one step of `values` in units of the noise. at: (n,).
    reach: by how many samples a group may be moved. The rows have the shape (n, channels, 2 * half + 1) in units of the
    noise.
    """
    at = at.astype(np.float64)
    rows = resampled(values, at, half) * scale[:, None]
    label = sort_shapes(rows.reshape(len(rows), -1), settings)
    for _ in range(rounds):
        wide = resampled(values, at, half + reach) * scale[:, None]
        shift = _group_shifts(wide, label, reach)
        moved = at + shift[label]
        rows = resampled(values, moved, half) * scale[:, None]
        label = _joined_groups(rows, label)
        moved = moved + _fine_shifts(rows, label)
        rows = resampled(values, moved, half) * scale[:, None]
        at, label = moved, sort_shapes(rows.reshape(len(rows), -1), settings)
    return at, label, rows


def _templates(rows: NDArray[np.float32], label: NDArray[np.int64]) -> NDArray[np.float32]:
    """The median waveform of each group, shape (groups, channels, samples)."""
    return np.stack([np.median(rows[label == one], axis=0) for one in range(int(label.max()) + 1)])


def _group_shifts(wide: NDArray[np.float32], label: NDArray[np.int64], reach: int) -> NDArray[np.float64]:
    """By how many samples each group is moved so that it lies on a larger one of the same waveform; 0 where none is.

    wide: rows with `reach` further samples at both ends.
    """
    shapes = _finer(_templates(wide, label))
    beyond = reach * _FINER
    size = shapes.shape[2] - 2 * beyond
    shifts = np.zeros(len(shapes))
    leads: list[int] = []
    cores = shapes[:, :, beyond : beyond + size].reshape(len(shapes), -1)
    power = np.sqrt((cores**2).sum(axis=1))
    for number, shape in enumerate(shapes):
        moved = np.lib.stride_tricks.sliding_window_view(shape, size, axis=1).transpose(1, 0, 2)[::2]
        moved = moved.reshape(len(moved), -1)
        strength = np.sqrt((moved**2).sum(axis=1))
        best, best_lag = 0.0, 0.0
        for lead in leads:
            likeness = moved @ cores[lead] / np.maximum(strength * power[lead], 1e-9)
            ratio = strength / max(float(power[lead]), 1e-9)
            likeness = np.where((ratio >= 0.67) & (ratio <= 1.5), likeness, 0)
            if likeness.max() > best:
                best, best_lag = float(likeness.max()), (2 * int(likeness.argmax()) - beyond) / _FINER
        if best >= 0.93:
            shifts[number] = best_lag
        else:
            leads.append(number)
    return shifts


def _finer(shapes: NDArray[np.float32]) -> NDArray[np.float32]:
    """Waveforms at _FINER times the rate, by a Fourier series."""
    size = shapes.shape[-1]
    spectrum = np.fft.rfft(shapes, axis=-1)
    return np.asarray(np.fft.irfft(spectrum, n=size * _FINER, axis=-1) * _FINER, dtype=np.float32)


def _joined_groups(rows: NDArray[np.float32], label: NDArray[np.int64]) -> NDArray[np.int64]:
    """Groups whose waveforms are alike in shape and size under one number, for the fine alignment only."""
    shapes = _templates(rows, label).reshape(int(label.max()) + 1, -1)
    power = np.sqrt((shapes**2).sum(axis=1))
    name = np.arange(len(shapes))
    for number in range(len(shapes)):
        for lead in range(number):
            likeness = float(shapes[number] @ shapes[lead]) / max(float(power[number] * power[lead]), 1e-9)
            if name[lead] == lead and likeness >= 0.9 and 0.6 <= power[number] / max(power[lead], 1e-9) <= 1.67:
                name[number] = lead
                break
    return np.asarray(np.unique(name[label], return_inverse=True)[1], dtype=np.int64)


def _fine_shifts(rows: NDArray[np.float32], label: NDArray[np.int64]) -> NDArray[np.float64]:
    """The shift of each row against its group's waveform, by its slope, at most one and a half samples."""
    shift = np.zeros(len(rows))
    shapes = _templates(rows, label)
    if shapes.shape[2] < 2:  # no slope in a single sample
        return shift
    for number, shape in enumerate(shapes):
        own = label == number
        slope = np.gradient(shape, axis=1)
        basis = np.stack((shape.ravel(), slope.ravel())).astype(np.float64)
        square = basis @ basis.T
        if np.linalg.det(square) < 1e-9 * square[0, 0] * max(square[1, 1], 1e-12):
            continue
        weight = rows[own].reshape(int(own.sum()), -1) @ np.linalg.solve(square, basis).T
        # values(t + d) = shape + d * slope: a positive weight of the slope means that the row runs ahead.
        shift[own] = np.clip(-weight[:, 1] / np.where(np.abs(weight[:, 0]) > 0.2, weight[:, 0], 1.0), -1.5, 1.5)
    return shift


def fit_one(
    rows: NDArray[np.float32], shapes: NDArray[np.float32]
) -> tuple[NDArray[np.int64], NDArray[np.float32], NDArray[np.float32]]:
    """Return for each row (n, m) the waveform (k, m) that fits best, its scale, and the misfit it leaves.

    Misfit: what is left beyond noise of 1, as a share of the waveform's sum of squares.
    """
    power = (shapes**2).sum(axis=1)
    scale = rows @ shapes.T / power
    left = np.maximum((rows**2).sum(axis=1)[:, None] - scale**2 * power - rows.shape[1], 0.0) / power
    left = np.where((scale > 0.5) & (scale < 1.8), left, np.float32(np.inf))
    best = left.argmin(axis=1)
    every = np.arange(len(rows))
    return best, scale[every, best], left[every, best]


@dataclass(frozen=True, slots=True)
class Two:
    """A sum of two waveforms: their numbers, their shifts in samples from the middle, and what is left (misfit).

    left, alone: what both, and what the better one by itself, leave beyond noise, as a share of the whole.
    """

    first: int
    second: int
    first_lag: int
    second_lag: int
    left: float
    alone: float


def fit_two(row: NDArray[np.float32], shapes: NDArray[np.float32], reach: int) -> Two | None:
    """Return the two waveforms whose sum explains a row, or None where no pair of plausible sizes does.

    row: (channels, m). shapes: (k, channels, size), size odd and smaller than m. reach: largest shift in samples.
    """
    size = shapes.shape[2]
    middle = row.shape[1] // 2
    power = (shapes**2).sum(axis=(1, 2))
    lags = np.arange(-reach, reach + 1)
    begin = middle - size // 2

    def gains(what: NDArray[np.float32]) -> NDArray[np.float32]:
        windows = np.lib.stride_tricks.sliding_window_view(what, size, axis=1)[:, begin - reach : begin + reach + 1]
        return np.asarray(np.einsum("clt,kct->kl", windows, shapes, optimize=True) / power[:, None])

    def rest(gain: NDArray[np.float32]) -> NDArray[np.float32]:
        return np.where((gain > 0.6) & (gain < 1.6), gain**2 * power[:, None], 0)

    total = float((row**2).sum())
    best: Two | None = None
    lowest = np.inf
    first_gain = rest(gains(row))
    for one in range(len(shapes)):
        for lag_index in np.argsort(first_gain[one])[::-1][:3].tolist():
            if first_gain[one, lag_index] <= 0:
                continue
            scale = float(np.sqrt(first_gain[one, lag_index] / power[one]))
            left = row.copy()
            place = begin + int(lags[lag_index])
            left[:, place : place + size] -= scale * shapes[one]
            second = rest(gains(left))
            other, other_lag = np.unravel_index(int(second.argmax()), second.shape)
            remaining = total - float(first_gain[one, lag_index]) - float(second[other, other_lag])
            together = float(first_gain[one, lag_index]) + float(second[other, other_lag])
            plausible = second[other, other_lag] > 25 and together < 1.3 * total  # not one against the other
            if plausible and remaining < lowest:
                lowest = remaining
                best = Two(one, int(other), int(lags[lag_index]), int(lags[other_lag]), remaining, 0.0)
    if best is None:
        return None
    excess = max(best.left - row.size, 0.0) / max(total, 1e-9)
    alone = max(total - float(first_gain.max()) - row.size, 0.0) / max(total, 1e-9)
    return Two(best.first, best.second, best.first_lag, best.second_lag, excess, alone)
