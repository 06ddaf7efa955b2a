"""Cases and findings: what a person, a clinician, a lab or a recording said."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date as Date
from pathlib import Path
from typing import Literal

from legtwitch.model.words import Role

By = Literal["person", "clinician", "recording", "lab"]


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number with its unit (a unit of `units.py`, or of the lab's own list)."""

    value: float
    unit: str


@dataclass(frozen=True, slots=True)
class Finding:
    """The narrow waist: one thing that is so, isn't so, or isn't known.

    id: of a section of the vocabulary; ids of findings, person, medications, exposures and labs never collide.
    value: flag words, a quantity, or the chosen options of a choice (empty tuple: none of the options).
    attributes: side, site, muscle, region and the like. origin: where it comes from, in words for the report
    (`case file`, `night.edf, rule set aasm-v3`, `Benadryl`, `ferritin 18 ng/mL`).
    """

    id: str
    value: Literal["present", "absent", "unknown"] | Quantity | tuple[str, ...]
    by: By = "person"
    attributes: Mapping[str, str] = field(default_factory=dict)
    since: Date | None = None
    date: Date | None = None
    note: str = ""
    origin: str = ""


@dataclass(frozen=True, slots=True)
class Medicine:
    """A medicine as the person wrote it, and the ingredients it was understood as (empty: not known here)."""

    written: str
    ingredients: tuple[str, ...]
    started: Date | None = None
    stopped: Date | None = None
    dose_changed: Date | None = None
    as_written: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True)
class LabValue:
    """One lab value; `range` are the limits printed by the lab (either may be None), in the value's unit."""

    id: str
    value: float
    unit: str
    date: Date | None = None
    range: tuple[float | None, float | None] | None = None
    comparator: Literal["", "<", ">"] = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class RecordingRef:
    """A recording named in a case: paths relative to the case file. channels: name → role, where a label misleads."""

    file: str
    events: tuple[str, ...] = ()
    modality: str | None = None
    muscle: str | None = None
    side: str | None = None
    unit: str | None = None
    rate_hz: float | None = None
    channels: Mapping[str, Role] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Case:
    """A case file, understood. `findings` holds all blocks but recordings, each entry already a Finding.

    complete_lists: blocks given as an empty list, which says that there are none (`medications`, `exposures`).
    folder: where the case file lies, None for a case that came as a mapping.
    """

    date: Date | None
    findings: tuple[Finding, ...]
    medicines: tuple[Medicine, ...] = ()
    labs: tuple[LabValue, ...] = ()
    recordings: tuple[RecordingRef, ...] = ()
    complete_lists: frozenset[str] = frozenset()
    folder: Path | None = None
