"""The sleep stage at a time, as the marks of a recording tell it."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from legtwitch.model import Event

NREM = ("N1", "N2", "N3")


@dataclass(frozen=True, slots=True)
class Stages:
    """Epochs in order of onset: starts and ends (s), stages. known: at least one epoch has a stage."""

    starts: tuple[float, ...]
    ends: tuple[float, ...]
    names: tuple[str, ...]
    known: bool

    @classmethod
    def of(cls, marks: Sequence[Event]) -> Stages:
        """Return the stages that these events mark."""
        epochs = sorted(
            (one.onset_s, one.onset_s + one.duration_s, one.event.removeprefix("stage_"))
            for one in marks
            if one.event.startswith("stage_") and one.duration_s > 0
        )
        names = tuple(name for _, _, name in epochs)
        starts, ends = tuple(start for start, _, _ in epochs), tuple(end for _, end, _ in epochs)
        return cls(starts, ends, names, any(name != "unknown" for name in names))

    def at(self, time_s: float) -> str:
        """Return the stage at a time; `unknown` where there is none."""
        index = bisect_right(self.starts, time_s) - 1
        return self.names[index] if index >= 0 and time_s < self.ends[index] else "unknown"

    def is_nrem(self, start_s: float, end_s: float) -> bool:
        """Return whether the middles of both halves of a stretch lie in NREM sleep."""
        quarter = (end_s - start_s) / 4
        return self.at(start_s + quarter) in NREM and self.at(end_s - quarter) in NREM
