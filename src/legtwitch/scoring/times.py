"""Times as whole milliseconds, and stretches of time."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

HOUR_MS = 3_600_000


def to_ms(seconds: float) -> int:
    """Return seconds as whole milliseconds, so that bounds are compared exactly."""
    return round(seconds * 1000)


def words(ms: int) -> str:
    """Write milliseconds as seconds with one to three decimals: `15.0`, `10.25`."""
    text = f"{ms / 1000:.3f}".rstrip("0")
    return text + "0" if text.endswith(".") else text


def bound(ms: int) -> str:
    """Write a bound of a rule in seconds as the rule text does: `90`, `0.5`."""
    return f"{ms / 1000:g}"


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch from `start` to `end` (ms); `name` is the event's."""

    start: int
    end: int
    name: str


class Stretches:
    """Stretches in order of start, searched without looking at all of them."""

    def __init__(self, stretches: Iterable[Stretch]) -> None:
        self._all = sorted(stretches, key=lambda one: (one.start, one.end, one.name))
        self._starts = [one.start for one in self._all]
        self._longest = max((one.end - one.start for one in self._all), default=0)

    def __len__(self) -> int:
        return len(self._all)

    def __iter__(self) -> Iterator[Stretch]:
        return iter(self._all)

    def meeting(self, start: int, end: int) -> list[Stretch]:
        """Return the stretches that share at least one moment with start..end, ends included (ms)."""
        if not self._all:
            return []
        first, last = bisect_left(self._starts, start - self._longest), bisect_right(self._starts, end)
        return [one for one in self._all[first:last] if one.end >= start]


def cover(stretches: Iterable[Stretch]) -> list[tuple[int, int]]:
    """Return the time covered by stretches as disjoint (start, end) in order, in ms."""
    merged: list[tuple[int, int]] = []
    for one in sorted(stretches, key=lambda each: each.start):
        if merged and one.start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], one.end))
        else:
            merged.append((one.start, one.end))
    return merged


def subtract(spans: Iterable[tuple[int, int]], holes: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Yield what is left of spans after disjoint, ordered holes are cut out, in ms."""
    for start, end in spans:
        at = start
        for number in range(bisect_right(holes, start, key=lambda hole: hole[1]), len(holes)):
            hole_start, hole_end = holes[number]
            if hole_start >= end:
                break
            if hole_start > at:
                yield at, hole_start
            at = max(at, hole_end)
        if at < end:
            yield at, end
