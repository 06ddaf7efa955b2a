"""Scores: movements, what each rule set made of them, indices with their denominators."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from legtwitch.model.recording import Channel, Event, Problem
from legtwitch.model.words import Side


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one rule set made of one single-leg movement.

    leg_movement: counts as a leg movement; candidate: counts as a candidate (WASM; None under AASM).
    series: number of the series, from 1. combined_with: ids of the other leg's movements joined with it.
    interval_s: onset to onset from the movement before under this rule set. reasons: plain sentences, never empty.
    """

    leg_movement: bool
    candidate: bool | None
    plm: bool
    series: int | None
    combined_with: tuple[str, ...]
    respiratory: bool | None
    arousal: bool | None
    interval_s: float | None
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Movement:
    """One movement of one leg with what each rule set made of it, by rule set name."""

    id: str
    onset_s: float
    duration_s: float
    side: Side
    stage: str
    channel: str | None
    measures: Mapping[str, float | str | None]
    verdicts: Mapping[str, Verdict]


@dataclass(frozen=True, slots=True)
class Hours:
    """Denominators in hours; None where the stages that would tell are missing."""

    recorded: float
    sleep: float | None
    wake: float | None
    nrem: float | None
    rem: float | None


@dataclass(frozen=True, slots=True)
class RuleScore:
    """Indices of one rule set: name → value; None has an entry in `reasons` with a Problem code."""

    values: Mapping[str, float | int | None]
    reasons: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Trace:
    """A snippet of a channel around a movement for the report: times (s), envelope, baseline, thresholds (uV)."""

    movement: str
    channel: str
    times_s: tuple[float, ...]
    envelope_uv: tuple[float, ...]
    baseline_uv: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Score:
    """Everything that scoring found, with all that a report shows of it.

    context: the stages, arousals, respiratory events, lights and gaps that scoring used.
    readings: clause → value taken. rule_hashes: rule set → sha256 of its data.
    """

    file: str
    start: datetime | None
    duration_s: float
    channels: tuple[Channel, ...]
    hours: Hours
    rules: Mapping[str, RuleScore]
    movements: tuple[Movement, ...]
    context: tuple[Event, ...]
    quality: tuple[Problem, ...]
    readings: Mapping[str, str]
    rule_hashes: Mapping[str, str]
    parameters_hash: str
    traces: tuple[Trace, ...] = ()
