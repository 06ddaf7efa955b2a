"""Piecewise true time: which data records follow each other without a gap, and when each stretch begins.

All clock arithmetic is in whole nanoseconds, so that no time drifts: sample i of a stretch lies at start + i / rate.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from legtwitch.model import Event, Problem, Segment
from legtwitch.recording import codes
from legtwitch.recording.header import SECOND

MILLISECOND = SECOND // 1000


@dataclass(frozen=True, slots=True)
class Timeline:
    """segments in true time with the data records of each (`runs`: first and count); times from the first record.

    offset_ns: from the header's start time to the first record.
    """

    segments: tuple[Segment, ...]
    runs: tuple[tuple[int, int], ...]
    offset_ns: int
    duration_ns: int
    gaps: tuple[Event, ...]
    problems: tuple[Problem, ...]


def build_timeline(
    clock: Sequence[int | None], count: int, record_ns: int, *, plus: str, fastest_samples: int
) -> Timeline:
    """Place all data records in time.

    Parameters
    ----------
    clock: time of each record in ns by its time-keeping annotation; None where unreadable, empty where there is none.
    count: number of whole records. record_ns: duration of one, above 0.
    plus: `+C`, `+D` or empty, as the header says. fastest_samples: samples per record of the fastest signal.

    A jump of up to half a sample of the fastest signal, or 1 ms, is rounding and no gap.
    """
    if not count:
        return Timeline((), (), 0, 0, (), ())
    tolerance = max(MILLISECOND, record_ns // (2 * max(fastest_samples, 1)))
    offset = (clock[0] if clock else None) or 0
    times = [None if time is None else time - offset for time in clock]
    placed = _Placed(record_ns, tolerance)
    if not times or times == list(range(0, count * record_ns, record_ns)):
        placed.stretches.append((0, 0, count))
    else:
        for number, time in enumerate(times):
            placed.put(time, times[number + 1 : number + 3])
    ends = [start + records * record_ns for start, _, records in placed.stretches]
    gaps = tuple(
        Event(end / SECOND, (start - end) / SECOND, "recording_gap")
        for end, (start, _, _) in zip(ends, placed.stretches[1:], strict=False)
    )
    segments = tuple(Segment(start / SECOND, records * record_ns / SECOND) for start, _, records in placed.stretches)
    runs = tuple((first, records) for _, first, records in placed.stretches)
    problems = tuple(_problems(placed, gaps, plus, has_clock=any(time is not None for time in times), offset=offset))
    return Timeline(segments, runs, offset, ends[-1], gaps, problems)


class _Placed:
    """Stretches of records without a gap: start in ns, first record, number of records."""

    def __init__(self, record_ns: int, tolerance: int) -> None:
        self.stretches: list[tuple[int, int, int]] = []
        self.unreadable = self.backwards = self.drift = 0
        self._record_ns = record_ns
        self._tolerance = tolerance
        self._clock_end = 0  # where the next record should begin by the clock of the one before

    def put(self, time: int | None, following: Sequence[int | None]) -> None:
        """Add the next record, with its time and those of the two behind it, in ns from the first record."""
        if not self.stretches:
            self.stretches.append((0, 0, 1))
            self._clock_end = self._record_ns
            return
        start, first, records = self.stretches[-1]
        by_samples = start + records * self._record_ns
        if time is None:
            self.unreadable += 1
        elif time < self._clock_end - self._tolerance:
            self.backwards += 1
        elif time > self._clock_end + self._tolerance:
            if next((one for one in following if one is not None), time) >= time:
                self.stretches.append((time, first + records, 1))
                self._clock_end = time + self._record_ns
                return
            self.unreadable += 1  # a lone time far ahead of its neighbours
        else:
            self.drift = max(self.drift, abs(time - by_samples))
            self._clock_end = time
        self._clock_end += self._record_ns
        self.stretches[-1] = (start, first, records + 1)


def _problems(placed: _Placed, gaps: Sequence[Event], plus: str, has_clock: bool, offset: int) -> list[Problem]:
    problems: list[Problem] = []
    if gaps:
        missing = sum(gap.duration_s for gap in gaps)
        problems.append(
            Problem(
                codes.GAPS,
                f"The recording has {len(gaps)} gap{'s' * (len(gaps) > 1)}, {missing:.3f} s together; "
                f"the longest lasts {max(gap.duration_s for gap in gaps):.3f} s.",
                "Times are true times; gaps leave hours and series.",
            )
        )
        if plus != "+D":
            problems.append(
                Problem(
                    codes.GAPS_UNDECLARED,
                    "The header says that the recording has no gaps; the times of its data records show some.",
                    "The times of the data records were believed.",
                    repaired=True,
                )
            )
    if plus == "+D" and not has_clock:
        problems.append(
            Problem(
                codes.CLOCK_UNREADABLE,
                "The header says that the recording may have gaps, but no data record tells its time.",
                "Records were taken to follow each other; times may be wrong.",
            )
        )
    elif placed.unreadable and has_clock:
        problems.append(
            Problem(
                codes.CLOCK_UNREADABLE,
                f"The time of {placed.unreadable} data record(s) can't be read; they were taken to follow on.",
                "Times there may be wrong if there was a gap.",
            )
        )
    if placed.backwards:
        problems.append(
            Problem(
                codes.CLOCK_BACKWARDS,
                f"The times of {placed.backwards} data record(s) lie before the end of the record before them; "
                "they were taken to follow it.",
                "Marks of the file may not lie where they belong after that.",
            )
        )
    if placed.drift > placed._tolerance:
        problems.append(
            Problem(
                codes.CLOCK_DRIFT,
                f"The file's clock and its samples drift apart by up to {placed.drift / SECOND:.3f} s; "
                "times were counted in samples.",
                "Marks may be off by as much.",
            )
        )
    if not 0 <= offset < SECOND:
        problems.append(
            Problem(
                codes.FIRST_RECORD_LATE,
                f"The first data record begins {offset / SECOND:.3f} s after the start time of the header; "
                "times count from that record.",
            )
        )
    return problems
