"""What the store gives out: frozen copies of its rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date as Date
from datetime import datetime
from typing import Any, Literal

State = Literal["added", "waiting", "working", "done", "failed", "cancelled"]


@dataclass(frozen=True, slots=True)
class Case:
    """One person's trouble over time. visits: the ids of its visits, the oldest first."""

    id: str
    title: str
    made: datetime
    visits: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Step:
    """One answered question. asks: the ids it asked; said: the answers in words; sets: id → value, as a case has it."""

    question: str
    asks: tuple[str, ...]
    said: tuple[str, ...]
    sets: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Visit:
    """The answers of one day. A block is None where nothing was said, empty where it was said that there is none.

    base: what came with an imported case file. number: counted from 1 within the case. changed: of the last answer.
    level: how soon to be seen after the last answer. version: grows with every change.
    """

    id: str
    case: str
    number: int
    date: Date
    changed: datetime
    version: int
    level: str
    base: Mapping[str, Any]
    steps: tuple[Step, ...]
    medications: tuple[Any, ...] | None = None
    exposures: tuple[Any, ...] | None = None
    labs: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Kept:
    """A recording or a file of marks that belongs to a visit.

    name: as it was called when it was added, made safe. sha256: of its content, under which it lies on disk.
    options: modality, muscle, side, unit, rate as in a case file; `roles` (channel → role) and `events` (ids of
    files of marks laid over it). check: what was understood, as `legtwitch check --json`. has_result: it was scored.
    """

    id: str
    visit: str
    name: str
    sha256: str
    size: int
    state: State
    said: str = ""
    options: Mapping[str, Any] = field(default_factory=dict)
    check: Mapping[str, Any] | None = None
    has_result: bool = False
