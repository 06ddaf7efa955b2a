"""Events of different muscles (or units of one) at the same time: within 5 ms of each other."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import replace

from legtwitch.events.emg_parameters import EmgParameters
from legtwitch.events.fasciculation import GroupFound
from legtwitch.model import Detected


def with_same_time(found: Sequence[GroupFound], parameters: EmgParameters) -> list[GroupFound]:
    """Return the groups with `time_locked_to` on each counted event: channels (or units) that fire within 5 ms."""
    near = parameters.locked_ms / 1000
    rows = sorted(
        (
            (one.onset_s + one.duration_s / 2, number, one)
            for number, group in enumerate(found)
            for one in group.events
            if one.event == group.counted
        ),
        key=lambda row: row[0],
    )
    times = [row[0] for row in rows]
    names: dict[int, str] = {}
    for place, (time, number, one) in enumerate(rows):
        partners = []
        for other in range(bisect_left(times, time - near), len(rows)):
            if times[other] > time + near:
                break
            if other != place and (rows[other][1] != number or _other_unit(one, rows[other][2])):
                partner = rows[other][2]
                partners.append(str(partner.channel) if rows[other][1] != number else str(partner.measures["unit_id"]))
        if partners:
            names[id(one)] = ", ".join(dict.fromkeys(partners))
    return [replace(group, events=tuple(_told(one, group.counted, names) for one in group.events)) for group in found]


def _other_unit(one: Detected, other: Detected) -> bool:
    units = (one.measures.get("unit_id"), other.measures.get("unit_id"))
    return None not in units and units[0] != units[1]


def _told(one: Detected, counted: str, names: dict[int, str]) -> Detected:
    if one.event != counted:
        return one
    return replace(one, measures={**one.measures, "time_locked_to": names.get(id(one))})
