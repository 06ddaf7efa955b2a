"""The moving resting level of an envelope: low percentile, excursions masked, steps of tone followed at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from legtwitch.signal.envelope import runs
from legtwitch.signal.level import Level
from legtwitch.signal.order import median

_SPREAD = (0.16, 0.5, 0.84)
_ROWS = 4096
_GRID_HZ = 25.0  # points of the envelope that are looked at: it is smooth over a tenth of a second


@dataclass(frozen=True, slots=True)
class BaselineSettings:
    """Numbers of the baseline: times in s, levels in the unit of the envelope.

    window_s: to both sides. step_window_s: compared before and after a step. low_quantile: of blocks that rest.
    step_absolute, step_relative: smallest step of tone that parts the baseline.
    mask_absolute, mask_relative: an excursion is higher than rest * (1 + relative) + absolute. guard_s: round it.
    """

    block_s: float = 1.0
    window_s: float = 30.0
    step_window_s: float = 60.0
    low_quantile: float = 0.3
    step_absolute: float = 1.5
    step_relative: float = 0.35
    mask_absolute: float = 2.0
    mask_relative: float = 0.25
    guard_s: float = 0.5
    passes: int = 2


@dataclass(frozen=True, slots=True)
class Baseline:
    """Resting level along an envelope, told at any point of it.

    rest: RMS at rest. noise: standard deviation of the envelope at rest. steps: points at which the tone jumps.
    known: for each block of `block` points whether rest was seen within the window, else it is carried over from the
    nearest.
    """

    rest: Level
    noise: Level
    steps: tuple[int, ...]
    known: NDArray[np.bool_]
    block: int

    def measured(self, point: int) -> bool:
        """Tell whether rest was seen round a point."""
        return bool(self.known[point // self.block])


def _rolling_quantiles(
    values: NDArray[Any], before: int, after: int, quantiles: tuple[float, ...], group: NDArray[np.int64], least: int
) -> NDArray[np.float64]:
    """Quantiles of values[k - before : k + after] of the same group, NaN left out; NaN where fewer than `least`."""
    padded = np.concatenate((np.full(before, np.nan), values, np.full(after, np.nan))).astype(np.float32)
    groups = np.pad(group, (before, after), mode="edge")
    width = before + after
    result = np.full((len(quantiles), values.size), np.nan)
    for first in range(0, values.size, _ROWS):
        own = group[first : first + _ROWS]
        reach = slice(first, first + own.size + width - 1)
        windows = np.lib.stride_tricks.sliding_window_view(padded[reach], width).copy()
        seen = np.concatenate(([0], np.cumsum(np.isfinite(padded[reach]))))
        count = seen[width:] - seen[:-width]
        if groups[reach][0] != groups[reach][-1]:
            windows[np.lib.stride_tricks.sliding_window_view(groups[reach], width) != own[:, None]] = np.nan
            count = np.isfinite(windows).sum(axis=1)
        windows.sort(axis=1)  # NaN sorts last
        if count.min() == width >= least:  # the same places in every row
            for number, quantile in enumerate(quantiles):
                at, part = divmod(quantile * (width - 1), 1)
                lower, upper = windows[:, int(at)].astype(np.float64), windows[:, min(int(at) + 1, width - 1)]
                result[number, first : first + own.size] = lower + part * (upper - lower)
            continue
        rows = np.flatnonzero(count >= least)
        for number, quantile in enumerate(quantiles):
            place = quantile * (count[rows] - 1)
            low = place.astype(np.int64)
            high = np.minimum(low + 1, count[rows] - 1)
            value = windows[rows, low]
            result[number, first + rows] = value + (place - low) * (windows[rows, high] - value)
    return result


def _find_steps(floor: NDArray[np.float64], settings: BaselineSettings) -> list[int]:
    """Blocks at which a lasting change of the floor begins."""
    width = round(settings.step_window_s / settings.block_s)
    least = max(3, width // 4)
    padded = np.concatenate((np.full(width, np.nan), floor))
    one = np.zeros(padded.size, dtype=np.int64)
    level = _rolling_quantiles(padded, 0, width, (settings.low_quantile,), one, least)[0]
    before, after = level[: floor.size], level[width:]
    change = np.nan_to_num(after - before)
    needed = np.maximum(settings.step_absolute, settings.step_relative * np.fmin(after, before))
    steps = []
    for sign in (1.0, -1.0):
        for start, stop in runs(np.nan_to_num(sign * change - needed, nan=-1.0) > 0):
            old, new = before[start], after[stop - 1]
            low, high = max(0, start - 2), min(floor.size, stop + 2)
            here = floor[low:high]
            if not np.isfinite(here).any():
                continue
            left = np.nan_to_num(np.abs(here - old))
            right = np.nan_to_num(np.abs(here - new))
            cost = np.concatenate(([0.0], np.cumsum(left))) + right.sum() - np.concatenate(([0.0], np.cumsum(right)))
            steps.append(low + int(np.argmin(cost)))
    return sorted({step for step in steps if 0 < step < floor.size})


def _place_step(envelope: NDArray[np.float32], point: int, block: int, old: float, new: float) -> int:
    """The point near `point` that best parts two levels."""
    low, high = max(0, point - 3 * block), min(envelope.size, point + 3 * block)
    here = np.minimum(envelope[low:high], max(old, new) * 1.5).astype(np.float64)
    gain = np.concatenate(([0.0], np.cumsum(np.abs(here - old) - np.abs(here - new))))
    return low + int(np.argmin(gain))


def _filled(values: NDArray[np.float64], group: NDArray[np.int64]) -> NDArray[np.float64]:
    """NaN replaced by what lies nearest in the same group, or else anywhere; zero where nothing is known."""
    result = values.copy()
    if np.isfinite(result).all():
        return result
    for chosen in [*(group == one for one in range(int(group[-1]) + 1)), np.ones(values.size, dtype=bool)]:
        known = np.flatnonzero(chosen & np.isfinite(result))
        missing = np.flatnonzero(chosen & ~np.isfinite(result))
        if known.size and missing.size:
            result[missing] = np.interp(missing, known, result[known])
    return np.nan_to_num(result)


def _dilated(flags: NDArray[np.bool_], by: int) -> NDArray[np.bool_]:
    """True values spread by `by` points to both sides: first by one, then by two, by four."""
    result, done = flags.copy(), 0
    while done < by:
        more = min(done + 1, by - done)
        spread = result.copy()
        spread[more:] |= result[:-more]
        spread[:-more] |= result[more:]
        result = spread
        done += more
    return result


def resting_baseline(
    envelope: NDArray[np.float32],
    rate_hz: float,
    settings: BaselineSettings,
    excluded: NDArray[np.bool_] | None = None,
) -> Baseline:
    """Return the resting level along an envelope (n,), in its unit, as lines between the centres of blocks.

    rate_hz: points a second. excluded: points that tell nothing about rest (flat, clipped), shape (n,).
    First a low quantile of blocks shows lasting steps of tone; between steps, excursions are masked and the median of
    the RMS of what is left, over the window to both sides, is taken; this is done again with the better level.

    Deviations from a plain rolling percentile: 1. windows never reach across a step; 2. the level is the RMS of what
    rests, not a percentile of it, so that it has no bias that grows with noise.
    """
    every = max(1, int(rate_hz // _GRID_HZ))
    coarse = envelope[::every]
    block = max(1, round(settings.block_s * rate_hz / every))
    blocks = -(-coarse.size // block)
    rows = np.pad(coarse, (0, blocks * block - coarse.size)).reshape(blocks, block)
    use = np.zeros(rows.shape, dtype=bool)
    use.reshape(-1)[: coarse.size] = True if excluded is None else ~excluded[::every]
    floor = np.sort(rows, axis=1)[:, block // 4].astype(np.float64)
    floor[use.mean(axis=1) < 0.5] = np.nan
    steps = _find_steps(floor, settings)
    group = np.searchsorted(np.asarray(steps, dtype=np.int64), np.arange(blocks), side="right").astype(np.int64)
    width = max(1, round(settings.window_s / settings.block_s))
    rest = _filled(_rolling_quantiles(floor, width, width + 1, (settings.low_quantile,), group, 1)[0], group)
    long = block * every
    placed = [
        _place_step(envelope, step * long, long, rest[max(0, step - 2)], rest[min(blocks - 1, step + 1)])
        for step in steps
    ]
    spread = np.zeros(blocks)
    known = np.zeros(blocks, dtype=bool)
    ratio = 0.0
    for _ in range(settings.passes):
        mean, power, share = _quiet_moments(rows, use, rest, round(settings.guard_s * rate_hz / every), settings)
        here = np.where(share >= 0.3, np.sqrt(power), np.nan)
        low, middle, high = _rolling_quantiles(here, width, width + 1, _SPREAD, group, 3)
        known = np.isfinite(middle)
        rest = _filled(middle, group)
        spread = _filled((high - low) / 2, group)
        variation = np.sqrt(np.maximum(power - mean * mean, 0)) / np.maximum(mean, 1e-9)
        whole = share >= 0.9
        ratio = median(variation[whole]) if whole.any() else 0.0
    jumps = tuple(zip(steps, placed, strict=True))
    return Baseline(
        Level(rest, long, envelope.size, jumps),
        Level(np.hypot(ratio * rest, spread), long, envelope.size, jumps),
        tuple(placed),
        known,
        long,
    )


def _quiet_moments(
    rows: NDArray[np.float32], use: NDArray[np.bool_], rest: NDArray[np.float64], guard: int, settings: BaselineSettings
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Mean and mean square of what rests in each row, and its share of the row."""
    level = (rest * (1 + settings.mask_relative) + settings.mask_absolute).astype(np.float32)
    quiet = use & ~_dilated((rows > level[:, None]).ravel(), guard).reshape(rows.shape)
    # By einsum, which takes a fifth of the time of a sum along short rows.
    number = np.einsum("ij->i", quiet.astype(np.float32))
    count = np.maximum(number, 1)
    chosen = rows * quiet
    total, power = np.einsum("ij->i", chosen), np.einsum("ij,ij->i", chosen, chosen)
    return total / count, power / count, number.astype(np.float64) / rows.shape[1]
