"""Several rule sets over one table of marks."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from legtwitch.model import Event, Hours, Recording
from legtwitch.scoring import aasm, wasm2006, wasm2016
from legtwitch.scoring.night import Night, read_night
from legtwitch.scoring.rules import Rules
from legtwitch.scoring.steps import Outcome
from legtwitch.scoring.table import Table, make_table

SCORERS: dict[str, Callable[[Table, Night, Hours, Rules], Outcome]] = {
    "aasm-v3": aasm.score,
    "wasm-2016": wasm2016.score,
    "wasm-2006": wasm2006.score,
}


@dataclass(frozen=True, slots=True)
class Prepared:
    """The night and its hours as the readings of the rule sets chosen make them."""

    rules: tuple[Rules, ...]
    night: Night
    hours: Hours
    keep_points: bool

    def table(self, movements: Sequence[Event]) -> Table:
        """Return the table of single-leg movements. Raises RecordingError (E340) for a mark without a usable time."""
        merge_below = self.rules[0].ms("same_leg_gap")
        return make_table(movements, self.night, keep_points=self.keep_points, merge_below=merge_below)

    def outcomes(self, table: Table) -> Mapping[str, Outcome]:
        """Return what each rule set gives."""
        return {one.name: SCORERS[one.name](table, self.night, self.hours, one) for one in self.rules}


def prepare(recording: Recording, movements: Sequence[Event], rules: tuple[Rules, ...]) -> Prepared:
    """Return all that scoring needs of a recording apart from movements.

    movements: tell which legs were recorded where no channel does. rules: from `choose`, at least one.
    """
    taken = rules[0].readings
    restrict, own_leg = taken["lights"] == "restrict", taken["artifact_leg"] == "own"
    night = read_night(recording, movements, restrict_to_lights=restrict, own_leg=own_leg)
    return Prepared(rules, night, night.hours(), taken["point_marks"] == "keep")
