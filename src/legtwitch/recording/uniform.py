"""True time of samples that carry a clock: gaps, jitter, and a uniform grid where the clock is uneven.

No medicine, no file: arrays in, arrays out. The clock is believed; nothing is assumed of a rate that it does not show.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from numpy.typing import NDArray

GAP_STEPS = 5.5
"""A pause longer than this many steps is a gap; shorter ones are bridged. Our own limit."""
BATCHED_STEP, BATCHED_PART, BATCHED_MOST, LEAST_ROWS = 0.05, 0.45, 16, 20
"""Where so many steps are so much shorter than the mean one, rows came in batches; at random 0.05 of them would be. A
batch holds 16 rows at most, as a packet of a radio link does. Our own limits."""
UNEVEN_STEPS = 0.1
"""Samples that lie farther than this many steps from an even grid are moved to it by interpolation. Our own limit."""
_LEAST_STEP_S = 1e-6
FAITHFUL = 0.2
"""Up to this share of the sampling rate interpolation midway between samples loses at most 5 % of an amplitude."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """Rows `first` … `last` (exclusive, of the rows kept) without a gap, from `start_s` on."""

    first: int
    last: int
    start_s: float


@dataclass(frozen=True, slots=True)
class Laid:
    """What a clock shows. Times count from the first kept row.

    kept: rows whose time is used, in order. times_s: their times. stretches: without gaps, at least two rows each.
    rate_hz: true rate, a whole number where the clock can't tell it from one. even: no resampling is needed.
    jitter_s: root mean square of the distance to the even grid; farthest_s: the largest.
    repeats, backwards: rows left out because the clock stood still or ran back. lone: rows alone between gaps.
    coarse: the clock's step is longer than a sample's. lead_s: from the first kept row to the time 0 of the stretches.
    gap_s: longer pauses are gaps. batch: rows that usually came together, 1 where each has its own time.
    """

    kept: NDArray[Any]
    times_s: NDArray[Any]
    stretches: tuple[Stretch, ...]
    rate_hz: float
    even: bool
    jitter_s: float
    farthest_s: float
    repeats: int
    backwards: int
    lone: int
    coarse: bool
    lead_s: float
    gap_s: float
    batch: float


def step_of(times: NDArray[Any], resolution: float) -> float:
    """Return the usual step of a clock, robust against gaps, repeats and a clock coarser than the samples; 0: none.

    times: shape (n,), in any unit. resolution: the clock's own step in that unit, 0 where it has none to speak of.
    """
    import numpy as np

    count = len(times)
    if count < 3:
        return float(times[-1] - times[0]) if count == 2 else 0.0
    step = float(np.median(np.diff(times)))
    most = max((count - 1) // 4, 1)
    for apart in sorted({min(50, most), min(500, most), most}):
        if step > 0 and step >= 20 * resolution:
            break
        step = float(np.median(times[apart:] - times[:-apart])) / apart
        if step * apart >= 20 * resolution:
            break
    apart = min(500, most)
    mean = float(np.median(times[apart:] - times[:-apart])) / apart if apart >= LEAST_ROWS else step
    if _batched(np.diff(times), mean).any():
        step = mean
    return step if np.isfinite(step) else 0.0


def _batched(steps: NDArray[Any], mean: float) -> NDArray[Any]:
    """Return which steps of a clock join rows that came together, (n,): far shorter than the mean step; else none.

    A sensor that rests between long bursts has short steps as well, but more of them in a row than a batch holds.
    """
    import numpy as np

    together = np.asarray((steps > 0) & (steps < BATCHED_STEP * mean))
    alone = len(steps) + 1 - int(together.sum())
    batches = BATCHED_PART * len(steps) <= together.sum() <= (BATCHED_MOST - 1) * alone
    return together if batches else np.zeros_like(together)


def lay_out(times_s: NDArray[Any], resolution_s: float, bridged_s: float = 0.0) -> Laid | None:
    """Return where samples lie in true time, or None where the clock shows no usable rate.

    times_s: shape (n,), finite, in s, in the order of the file. resolution_s: smallest step the clock can show.
    bridged_s: no pause so short is a gap, however many steps it has.
    """
    import numpy as np

    step = step_of(times_s, resolution_s)
    if step < _LEAST_STEP_S or len(times_s) < 3:
        return None
    steps = np.diff(times_s)
    batch = 1.0
    together = _batched(steps, step)
    if together.any():
        times_s, batch = _as_batches(times_s, together)
        steps = np.diff(times_s)
    if np.count_nonzero(steps == 0) * 50 > len(steps) and np.any(steps > 0):  # it ticks slower than it is written
        resolution_s = max(resolution_s, float(np.median(steps[steps > 0])))
    coarse = resolution_s > 1.001 * step
    kept, repeats, backwards = _forward(times_s, coarse=coarse)
    times = times_s[kept] - times_s[kept[0]]
    gap_s = max(GAP_STEPS * step, bridged_s)
    breaks = np.flatnonzero(np.diff(times) > gap_s + resolution_s * coarse) + 1
    edges = [0, *breaks.tolist(), len(times)]
    runs = [(a, b) for a, b in pairwise(edges) if b - a >= 2]
    if not runs:
        return None
    if coarse:
        times = _smooth(times, runs, step, resolution_s)
    lone = len(times) - sum(b - a for a, b in runs)
    rate = _rate(times, runs, step, resolution_s)
    allowed = max(UNEVEN_STEPS / rate, 0.75 * resolution_s)
    far, squares, even, stretches = 0.0, 0.0, True, []
    for a, b in runs:
        own, rows = times[a:b], np.arange(b - a)
        index = rows if coarse else np.rint((own - own[0]) * rate)
        even = even and bool(np.array_equal(index, rows))
        off = own - index / rate
        middle = float(np.median(off))
        off -= middle
        far = max(far, float(np.abs(off).max()))
        squares += float(off @ off)
        stretches.append((a, b, middle))
    shift = stretches[0][2]
    laid = tuple(Stretch(a, b, max(middle - shift, 0.0)) for a, b, middle in stretches)
    jitter = (squares / (len(times) - lone)) ** 0.5
    even = even and far <= allowed
    return Laid(
        kept, times - shift, laid, rate, even, jitter, far, repeats, backwards, lone, coarse, shift, gap_s, batch
    )


def _as_batches(times: NDArray[Any], together: NDArray[Any]) -> tuple[NDArray[Any], float]:
    """Return the times of rows that came in batches, each that of the last of its batch, and the usual size of one."""
    import numpy as np

    ends = np.append(np.flatnonzero(~together), len(times) - 1)
    sizes = np.diff(np.concatenate([[-1], ends]))
    return np.repeat(times[ends], sizes), float(np.median(sizes))


def _forward(times: NDArray[Any], *, coarse: bool) -> tuple[NDArray[Any], int, int]:
    """Return the rows at which the clock goes on, and how often it stood still or ran back.

    A lone time far ahead of its neighbours is left out rather than all that follow it. A coarse clock may stand still.
    """
    import numpy as np

    back = np.flatnonzero(np.diff(times) < 0)
    ahead = back[(back > 0) & (times[np.minimum(back + 1, len(times) - 1)] >= times[np.maximum(back - 1, 0)])]
    good = np.ones(len(times), bool)
    good[ahead] = False
    rows = np.flatnonzero(good)
    own = times[rows]
    latest = np.maximum.accumulate(own)
    before = np.concatenate([[-np.inf], latest[:-1]])
    backwards = own < before
    stands = (own == before) & (not coarse)
    return rows[~(backwards | stands)], int(stands.sum()), int(backwards.sum()) + len(ahead)


def _smooth(times: NDArray[Any], runs: list[tuple[int, int]], step: float, resolution: float) -> NDArray[Any]:
    """Return the times of a clock coarser than the samples, smoothed to rise evenly between its ticks."""
    import numpy as np

    wide = 2 * int(min(np.ceil(resolution / step), 1e6)) + 1
    smooth = times.copy()
    for a, b in runs:
        rate = (b - a - 1) / max(float(times[b - 1] - times[a]), step)
        off = times[a:b] - np.arange(b - a) / rate
        half = min(wide, (b - a - 1) // 2)
        sums = np.cumsum(np.concatenate([np.full(half + 1, off[0]), off, np.full(half, off[-1])]))
        sums -= sums[0]
        own = (sums[2 * half + 1 :] - sums[: b - a]) / (2 * half + 1) if half else off
        smooth[a:b] = np.maximum.accumulate(np.arange(b - a) / rate + own) + 1e-7 * step * np.arange(b - a)
    return smooth


def _rate(times: NDArray[Any], runs: list[tuple[int, int]], step: float, resolution: float) -> float:
    """Return the true rate over all stretches; a whole number of Hz (or of ms a sample) where the clock allows it."""
    steps = sum(_steps(times[a:b], step) for a, b in runs)
    lasting = sum(float(times[b - 1] - times[a]) for a, b in runs)
    rate = steps / lasting if lasting > 0 and steps > 0 else 1 / step
    doubt = rate * (2 * len(runs) * resolution / max(lasting, step) + 1e-9)
    return next((nice for nice in (float(round(rate)), round(rate, 1)) if nice > 0 and abs(nice - rate) <= doubt), rate)


def _steps(times: NDArray[Any], step: float) -> float:
    """Return how many steps lie between the first and the last row: rows, and those that are missing between them.

    Missing rows make long steps and no short ones; jitter makes both, and then the rows are counted.
    """
    import numpy as np

    wide = np.diff(times) / step
    counted, rows = float(np.rint(wide).sum()), len(times) - 1
    short = int(np.count_nonzero(wide < 0.6))
    return rows if abs(counted - rows) <= 3 * (2 * short) ** 0.5 else counted


def resampled(times_s: NDArray[Any], values: NDArray[Any], start_s: float, rate_hz: float, count: int) -> NDArray[Any]:
    """Return values on an even grid by piecewise cubic (Hermite) interpolation: float32, shape (count,).

    times_s: strictly rising, shape (n,), in s. values: shape (n,). The grid is start_s + i / rate_hz.
    Slopes are those of the parabola through three neighbours. Amplitudes lose up to 5 % at a fifth of the rate.
    """
    import numpy as np

    values = values.astype(np.float64)
    wide = np.diff(times_s)
    slope = np.diff(values) / wide
    tangent = np.empty(len(values))
    tangent[0], tangent[-1] = slope[0], slope[-1]
    tangent[1:-1] = (slope[:-1] * wide[1:] + slope[1:] * wide[:-1]) / (wide[:-1] + wide[1:])
    grid = start_s + np.arange(count) / rate_hz
    at = np.clip(np.searchsorted(times_s, grid, "right") - 1, 0, len(wide) - 1)
    share = np.clip((grid - times_s[at]) / wide[at], 0.0, 1.0)
    left, right = values[at], values[at + 1]
    rising = wide[at] * (tangent[at] * (1 - share) - tangent[at + 1] * share)
    smooth = share * share * (3 - 2 * share)
    result = left + (right - left) * smooth + share * (1 - share) * rising
    return as_float32(result)


def as_float32(values: NDArray[Any]) -> NDArray[Any]:
    """Return values as float32; NaN where they are too large for it."""
    import numpy as np

    with np.errstate(over="ignore"):
        narrow: NDArray[Any] = values.astype(np.float32)
    narrow[np.isinf(narrow)] = np.nan
    return narrow
