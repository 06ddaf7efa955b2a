"""The course of a night: periodic leg movements by hour and by third of the night."""

from __future__ import annotations

from collections.abc import Sequence

from legtwitch.model import NightHour
from legtwitch.scoring.night import SLEEP, Night
from legtwitch.scoring.times import HOUR_MS

THIRDS = 3
MOST_HOURS = 240
"""A longer recording is no night, and a mark with a wrong time may make it endless."""


def _asleep(night: Night, start: int, end: int) -> float:
    """Return the hours of sleep that count from `start` to `end` (ms)."""
    windows = [(max(one, start), min(other, end)) for one, other in night.windows]
    total = night.time_by_stage(windows)
    return sum(total[stage] for stage in SLEEP) / HOUR_MS


def _bed(night: Night) -> tuple[int, int]:
    return night.windows[0][0], night.windows[-1][1]


def by_hour(plms: Sequence[int], night: Night) -> tuple[NightHour, ...] | None:
    """Return periodic movements and hours of sleep of each hour from lights off; the last hour may be shorter.

    plms: onsets (ms) of periodic movements in sleep. None without stages, and for more than 240 hours.
    """
    if not night.staged:
        return None
    start, end = _bed(night)
    if end - start > MOST_HOURS * HOUR_MS:
        return None
    hours = []
    for since in range(start, end, HOUR_MS):
        until = min(since + HOUR_MS, end)
        last = until == end
        count = sum(since <= one < until or (last and one == until) for one in plms)
        hours.append(NightHour(since / 1000, until / 1000, count, _asleep(night, since, until)))
    return tuple(hours)


def by_third(plms: Sequence[int], night: Night) -> tuple[float | None, ...] | None:
    """Return periodic movements an hour of sleep in each third of the time from lights off to lights on.

    plms: onsets (ms) of periodic movements in sleep. None without stages; a third without sleep is None.
    """
    if not night.staged:
        return None
    start, end = _bed(night)
    edges = [start + (end - start) * number // THIRDS for number in range(THIRDS)]
    found = []
    for since, until in zip(edges, [*edges[1:], end + 1], strict=True):
        sleep = _asleep(night, since, until)
        found.append(sum(since <= one < until for one in plms) / sleep if sleep > 0 else None)
    return tuple(found)
