"""Assessments: everything that a report shows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date as Date
from typing import Any, Literal

from legtwitch.model.case import Finding, Medicine
from legtwitch.model.detection import Detection
from legtwitch.model.recording import Problem
from legtwitch.model.score import Score
from legtwitch.model.words import Grade, Level

Result = Literal["met", "not_met", "undetermined"]


@dataclass(frozen=True, slots=True)
class FiredRule:
    """An urgency rule that holds. because: finding ids. sources: ids of knowledge sources."""

    id: str
    level: Level
    name: str
    say: str
    because: tuple[str, ...]
    sources: tuple[str, ...]
    grade: Grade


@dataclass(frozen=True, slots=True)
class OpenRule:
    """An urgency rule that could not be excluded, and the findings that are missing.

    askable: those of the missing that a question of the interview asks; the rest needs an examination or a test.
    """

    id: str
    level: Level
    name: str
    missing: tuple[str, ...]
    askable: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Urgency:
    """How soon: the highest level of all rules that hold, never lowered by anything.

    reassurance: whether the gate for the sentence that the pattern is usually benign is open;
    gate_shut_because: what keeps it shut, in words.
    """

    level: Level
    rules: tuple[FiredRule, ...]
    could_not_exclude: tuple[OpenRule, ...]
    reassurance: bool
    gate_shut_because: tuple[str, ...]
    headline: str
    advice: str


@dataclass(frozen=True, slots=True)
class PhenomenonResult:
    """Whether a kind of movement holds: `holds`, `does_not_hold` or `cannot_tell`."""

    id: str
    label: str
    result: Literal["holds", "does_not_hold", "cannot_tell"]
    because: tuple[str, ...]
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CriterionItem:
    """One line of a published definition."""

    label: str
    result: Result
    because: tuple[str, ...]
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CriterionResult:
    """A published definition, item by item."""

    id: str
    cause: str
    label: str
    result: Result
    missing: tuple[str, ...]
    items: tuple[CriterionItem, ...]
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Interval:
    """A probability with its 95 % interval; never 0 or 1."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Influence:
    """How far one finding moves the log-odds of a cause when it is left out, with what it rests on."""

    finding: str
    text: str
    log_odds: float
    sources: tuple[str, ...]
    grade: Grade


@dataclass(frozen=True, slots=True)
class CauseResult:
    """One row of the differential. sources: those of the prior; each influence names its own.

    in_play: whether it explains a kind of movement that holds, or findings clearly speak for it; the rest stands after.
    """

    id: str
    name: str
    group: str
    probability: Interval | None
    in_words: str
    for_: tuple[Influence, ...]
    against: tuple[Influence, ...]
    rank: int
    note: str = ""
    in_play: bool = True
    sources: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class MustNotMiss:
    """A dangerous cause that stays visible whatever its rank, with what would point to it."""

    id: str
    name: str
    watch_for: str
    status: str


@dataclass(frozen=True, slots=True)
class Option:
    """An answer. sets: finding or person id → value. enter: quantity to type in ({finding: unit}), if any."""

    label: str
    sets: Mapping[str, Any]
    enter: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Question:
    """The next question. several: more than one option may be chosen; those not chosen are then absent.

    help: how to do it, for a home test.
    """

    id: str
    text: str
    why: str
    mandatory: bool
    asks: tuple[str, ...]
    options: tuple[Option, ...]
    several: bool = False
    stage: str = ""
    help: str = ""


@dataclass(frozen=True, slots=True)
class Advice:
    """A test, a piece of care or a statement about a result, with its evidence."""

    id: str
    label: str
    text: str
    sources: tuple[str, ...]
    grade: Grade
    because: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Withheld:
    """Advice that would fit but is held back, and why."""

    id: str
    label: str
    because: str


@dataclass(frozen=True, slots=True)
class RecordingReport:
    """One recording of a case: its score (a night) or what was found in it (awake), or the reason why there is none."""

    file: str
    score: Score | None
    problems: tuple[Problem, ...]
    could_not_score: str | None
    detection: Detection | None = None

    @property
    def quality(self) -> tuple[Problem, ...]:
        """What is to be known of its quality, that of the analysis where there is one."""
        analysis = self.score or self.detection
        return self.problems if analysis is None else analysis.quality


@dataclass(frozen=True, slots=True)
class SourceNote:
    """A source as it is cited in a report."""

    id: str
    cite: str
    read: str
    link: str


@dataclass(frozen=True, slots=True)
class Assessment:
    """Everything that a report shows; no report opens a file.

    notice: what the product is not. safety_net: what should bring a person back sooner.
    """

    urgency: Urgency
    phenomena: tuple[PhenomenonResult, ...]
    criteria: tuple[CriterionResult, ...]
    causes: tuple[CauseResult, ...]
    must_not_miss: tuple[MustNotMiss, ...]
    next_question: Question | None
    statements: tuple[Advice, ...]
    tests: tuple[Advice, ...]
    care: tuple[Advice, ...]
    care_withheld: tuple[Withheld, ...]
    findings: tuple[Finding, ...]
    medicines: tuple[Medicine, ...]
    recordings: tuple[RecordingReport, ...]
    labels: Mapping[str, str]
    sources: tuple[SourceNote, ...]
    provenance: Mapping[str, Any]
    notice: str
    safety_net: tuple[str, ...]
    date: Date | None = None
