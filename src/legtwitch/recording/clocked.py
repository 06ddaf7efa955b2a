"""The time axis of a table of samples: the unit of its clock, its true rate, gaps, and what there is to say of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from math import log
from typing import TYPE_CHECKING, Any

from legtwitch.errors import FileError
from legtwitch.model import Event, Problem, Segment
from legtwitch.recording import codes
from legtwitch.recording.cells import CLOCK_UNITS, date_time, decimals
from legtwitch.recording.uniform import FAITHFUL, Laid, as_float32, lay_out, resampled, step_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

_UNIT_NAMES = {1.0: "seconds", 1e-3: "milliseconds", 1e-6: "microseconds", 1e-9: "nanoseconds"}
EMG_HZ = (40.0, 40_000.0)
MOTION_HZ = (5.0, 5_000.0)
MOTION_BRIDGED_S = 0.075
"""A pause of a sensor of motion so short is bridged: less than half a period of tremor below 6 Hz. Our own limit."""
"""Rates at which EMG and motion are sampled: less than a factor of 1000 wide, so that one unit of time fits at most."""
_DAY_S = 86_400.0


@dataclass(frozen=True, slots=True)
class Axis:
    """Where the rows of a table lie in time.

    rows: rows of the table that are used, in order, None: all. laid: what the clock shows, None without a clock.
    counts: samples of each segment on the even grid.
    """

    rate_hz: float
    segments: tuple[Segment, ...]
    counts: tuple[int, ...]
    rows: NDArray[Any] | None = None
    laid: Laid | None = None
    start: datetime | None = None
    gaps: tuple[Event, ...] = ()
    problems: tuple[Problem, ...] = ()

    @property
    def duration_s(self) -> float:
        """Seconds from the start to the end of the last segment."""
        last = self.segments[-1]
        return last.start_s + last.duration_s

    def placed(self, values: NDArray[Any], segment: int) -> NDArray[Any]:
        """Return the values of a column (all rows of the table) over a segment, on the even grid: float32."""
        own = values if self.rows is None else values[self.rows]
        if self.laid is None:
            return as_float32(own)
        stretch = self.laid.stretches[segment]
        own = own[stretch.first : stretch.last]
        if self.laid.even:
            return as_float32(own)
        times = self.laid.times_s[stretch.first : stretch.last]
        return resampled(times, own, stretch.start_s, self.rate_hz, self.counts[segment])


def by_rate(rows: int, rate_hz: float) -> Axis:
    """Return the axis of samples without a clock."""
    message = f"The file holds no clock; the rate was stated as {rate_hz:g} Hz."
    problems = (Problem(codes.RATE_STATED, message, "With another rate all times are wrong, and gaps can't be seen."),)
    return Axis(rate_hz, (Segment(0.0, rows / rate_hz),), (rows,), problems=problems)


def by_clock(
    times: NDArray[Any],
    cells: Sequence[str],
    unit: str,
    *,
    clock: bool,
    rates_hz: tuple[float, float],
    slow_hz: float = 5.0,
    stated_hz: float | None = None,
    bridged_s: float = 0.0,
) -> Axis:
    """Return the axis of samples that carry a clock.

    Parameters
    ----------
    times: the clock, shape (rows,), float64; NaN where it can't be read. cells: its first cells as written.
    unit: the unit its label gives, empty where it gives none. clock: the cells are clock times, in s.
    rates_hz: rates that can be. slow_hz: from here up to them a clock without a label may be in s or in ms.
    stated_hz: the rate that the user stated; it decides where the unit is open. bridged_s: no pause so short is a gap.

    Raises FileError where no unit of time gives a rate that can be, or the clock makes no sense.
    """
    import numpy as np

    problems: list[Problem] = []
    readable = np.flatnonzero(np.isfinite(times))
    if len(readable) < len(times):
        message = f"{len(times) - len(readable)} of {len(times)} rows have no readable time and were left out."
        problems.append(Problem(codes.TIME_MISSING, message, "They appear as missing samples."))
    own = times[readable]
    own = _past_midnight(own) if clock else own
    shown = _shown(cells, clock=clock)
    step = step_of(own, shown)
    if step <= 0 or len(own) < 3:
        raise _unclear("does not run forward", cells)
    factor = 1.0 if clock else _factor(step, unit, (slow_hz, *rates_hz), stated_hz, cells, problems)
    laid = lay_out((own - own[0]) * factor, shown * factor, bridged_s)
    if laid is None or len(laid.kept) * 2 < len(own):
        raise _unclear("makes no sense: most of its times lie before earlier ones, or stand alone", cells)
    if stated_hz is not None and not 0.98 < stated_hz / laid.rate_hz < 1.02:
        message = f"The rate was stated as {stated_hz:g} Hz; by its clock the file has {laid.rate_hz:.6g} Hz."
        problems.append(Problem(codes.RATE_DIFFERS, message, "The clock was believed."))
    stamp = date_time(cells[0]) if clock and not readable[0] and not laid.kept[0] else None
    start = None if stamp is None else stamp + timedelta(seconds=laid.lead_s)
    return _axis(readable, laid, start, problems)


def _shown(cells: Sequence[str], *, clock: bool) -> float:
    """Return the smallest step that the clock can show as it is written."""
    if not clock:
        return decimals(cells)
    parts = [cell.replace(",", ".").rpartition("." if "." in cell.replace(",", ".") else ":")[2] for cell in cells]
    fine = max((len(part) for cell, part in zip(cells, parts, strict=True) if _has_fraction(cell)), default=0)
    return 10.0**-fine


def _has_fraction(cell: str) -> bool:
    return "." in cell or "," in cell or cell.count(":") == 3


def _past_midnight(times: NDArray[Any]) -> NDArray[Any]:
    import numpy as np

    days = np.concatenate([[0.0], np.cumsum(np.diff(times) < -_DAY_S / 2)])
    turned: NDArray[Any] = times + days * _DAY_S
    return turned


def _factor(
    step: float,
    unit: str,
    rates_hz: tuple[float, float, float],
    stated_hz: float | None,
    cells: Sequence[str],
    problems: list[Problem],
) -> float:
    """Return the seconds of one unit of the clock: by its label, by the stated rate, or by its step (which is said)."""
    slowest, low, high = rates_hz
    labelled = CLOCK_UNITS.get(unit.casefold())
    if labelled is not None and 0.2 <= 1 / (step * labelled) <= 200_000:
        return labelled
    if stated_hz is not None:
        return min(_UNIT_NAMES, key=lambda one: abs(log(step * one * stated_hz)))
    fitting = [one for one in _UNIT_NAMES if low <= 1 / (step * one) < high]
    slow = slowest <= 1 / step < low and labelled is None
    if len(fitting) != 1 or slow:
        raise _unclear(f"has steps of {step:g}, which in no unit or in two gives a rate that can be", cells)
    rate = 1 / (step * fitting[0])
    message = f"The clock steps by {step:.6g}; read in {_UNIT_NAMES[fitting[0]]} that is {rate:.5g} Hz."
    if labelled is not None:
        message += f" Its label says {unit}, which would be {1 / (step * labelled):.4g} Hz."
    problems.append(Problem(codes.CLOCK_UNIT, message, "In another unit no usual rate comes out."))
    return fitting[0]


def _unclear(why: str, cells: Sequence[str]) -> FileError:
    return FileError(
        codes.CLOCK_UNCLEAR,
        f"The clock of the samples {why}.",
        got=", ".join(cells[:4])[:120],
        allowed="times in s, ms, us or ns, or clock times, that rise from row to row",
        do="Name its unit in the header, as in `time (s)`, or state the rate with --rate.",
    )


def _axis(readable: NDArray[Any], laid: Laid, start: datetime | None, problems: list[Problem]) -> Axis:
    rate = laid.rate_hz
    counts, segments = [], []
    for one in laid.stretches:
        rows = one.last - one.first
        lasting = float(laid.times_s[one.last - 1]) - one.start_s
        count = rows if laid.even else max(int(lasting * rate + 0.5), 0) + 1
        counts.append(count)
        segments.append(Segment(one.start_s, count / rate))
    gaps = tuple(
        Event(a.start_s + a.duration_s, b.start_s - a.start_s - a.duration_s, "recording_gap")
        for a, b in pairwise(segments)
    )
    bridged = sum(counts) - sum(one.last - one.first for one in laid.stretches)
    problems += _about(laid, gaps, bridged)
    rows = readable[laid.kept]
    return Axis(rate, tuple(segments), tuple(counts), rows, laid, start, gaps, tuple(problems))


def _about(laid: Laid, gaps: tuple[Event, ...], bridged: int) -> list[Problem]:
    rate = laid.rate_hz
    problems: list[Problem] = []
    if laid.repeats or laid.backwards:
        message = f"The clock stands still at {laid.repeats} row(s) and runs back at {laid.backwards}."
        problems.append(Problem(codes.CLOCK_REPEATS, message, "These rows were left out.", repaired=True))
    if laid.coarse and laid.batch > 1:
        message = (
            f"The samples carry the time at which they came, {laid.batch:g} at once as a rule; "
            "they were taken to follow each other evenly between these times."
        )
        problems.append(Problem(codes.CLOCK_COARSE, message, "Gaps shorter than a batch can't be seen.", repaired=True))
    elif laid.coarse:
        message = (
            "The clock is coarser than the samples; they were taken to follow each other evenly between its ticks."
        )
        problems.append(Problem(codes.CLOCK_COARSE, message, "Gaps shorter than a tick can't be seen."))
    if not laid.even:
        message = (
            f"The clock is uneven: samples lie {laid.jitter_s * 1000:.3g} ms (root mean square), at most "
            f"{laid.farthest_s * 1000:.3g} ms, beside an even grid of {rate:.6g} Hz; they were interpolated onto it."
        )
        if bridged > 0:
            message += f" {bridged} sample(s) are missing in pauses of a few steps and were bridged."
        effect = f"Amplitudes are right within about 5 % up to {rate * FAITHFUL:.3g} Hz; above, they are too low."
        problems.append(Problem(codes.CLOCK_UNEVEN, message, effect, repaired=True))
    if gaps:
        missing = sum(gap.duration_s for gap in gaps)
        message = (
            f"The recording has {len(gaps)} gap{'s' * (len(gaps) > 1)} longer than {laid.gap_s:.3g} s, "
            f"{missing:.3f} s together; the longest lasts {max(gap.duration_s for gap in gaps):.3f} s."
        )
        problems.append(Problem(codes.GAPS, message, "Times are true times; gaps leave the time that can be judged."))
    if laid.lone:
        message = f"{laid.lone} sample(s) stand alone between gaps and were left out."
        problems.append(Problem(codes.LONE_SAMPLES, message))
    return problems
