"""The shape of labs.yaml: units, spans and limits of lab values."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from legtwitch.knowledge.entry import Entry, Sourced


class LabLimit(Sourced):
    """A finding in words that a value sets (`low_ferritin`): below or above a limit in `unit`.

    or_equal: the limit itself counts too. clear: the value from which the finding is absent; between the limit and
    this it stays unknown (without it, all that isn't below or above is absent). printed: there is no limit of ours,
    the lab's own printed one decides. own_range: the lab's own printed limit takes the place of ours (a decision
    limit such as 75 ng/mL keeps ours).
    """

    finding: str
    below: float | None = None
    above: float | None = None
    printed: Literal["below", "above"] | None = None
    unit: str
    or_equal: bool = False
    clear: float | None = None
    own_range: bool = True
    note: str = ""

    @model_validator(mode="after")
    def _one_limit(self) -> LabLimit:
        if sum(one is not None for one in (self.below, self.above, self.printed)) != 1:
            raise ValueError("exactly one of `below`, `above` and `printed`")
        return self


class Reference(Sourced):
    """The usual span of a lab value in adults; what isn't named doesn't restrict. It sets no finding."""

    sex: Literal["female", "male"] | None = None
    low: float | None = None
    high: float | None = None
    unit: str
    note: str = ""


class LabUnits(Entry):
    """Units that convert into each other: base value = value * factor + offset; plausible span in the base unit."""

    unit: str
    factors: dict[str, float]
    offsets: dict[str, float] = Field(default_factory=dict)
    plausible: tuple[float, float]


class Lab(LabUnits):
    """A lab value: base unit, factors of all accepted units to it (value * factor), plausible span in the base unit.

    separate: further groups of units, which no factor ties to the first (per gram of creatinine, per day).
    reference: usual spans in adults. note: the convention behind a factor that is not exact.
    """

    id: str
    separate: tuple[LabUnits, ...] = ()
    limits: tuple[LabLimit, ...] = ()
    reference: tuple[Reference, ...] = ()
    note: str = ""
