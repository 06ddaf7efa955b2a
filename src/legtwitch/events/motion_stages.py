"""Whether somebody slept at a time, by the stages that a recording is marked with."""

from __future__ import annotations

from collections.abc import Sequence

from legtwitch.model import Event

_ASLEEP = ("stage_N1", "stage_N2", "stage_N3", "stage_R")


def asleep_at(time_s: float, marks: Sequence[Event]) -> bool | None:
    """Return whether an epoch of sleep holds a time; None where no epoch, or one without a stage, does."""
    for one in marks:
        if one.event.startswith("stage_") and one.onset_s <= time_s < one.onset_s + one.duration_s:
            return None if one.event == "stage_unknown" else one.event in _ASLEEP
    return None
