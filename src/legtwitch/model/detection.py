"""Detections: what was found in a recording made awake, and what may be said of it by muscle."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from legtwitch.model.recording import Channel, Problem
from legtwitch.model.words import Side


@dataclass(frozen=True, slots=True)
class Detected:
    """One event that a detector found, under a vocabulary name.

    confidence: probability of the class, 0 to 1. alternatives: other classes (vocabulary events) → probability.
    muscle, side: as told or as the channel says, None and `n/a` where nobody told.
    measures: movement attributes of the vocabulary (`peak_to_peak_uv`, `snr`, `unit_id`, …); None where it cannot be
    measured in this recording.
    """

    onset_s: float
    duration_s: float
    event: str
    side: Side = "n/a"
    muscle: str | None = None
    channel: str | None = None
    confidence: float = 1.0
    alternatives: Mapping[str, float] = field(default_factory=dict)
    measures: Mapping[str, float | int | str | bool | None] = field(default_factory=dict)
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class KindScore:
    """What was counted of one kind of event in one muscle (or one sensor).

    kind: an event of the vocabulary. channels: those that belong to the muscle. minutes: scorable time.
    values: name → value; None has an entry in `reasons` with a Problem code.
    norm: what published norms say of the value, or why none applies; in plain words.
    """

    kind: str
    muscle: str | None
    side: Side
    channels: tuple[str, ...]
    minutes: float
    values: Mapping[str, float | int | None]
    reasons: Mapping[str, str] = field(default_factory=dict)
    norm: str = ""


@dataclass(frozen=True, slots=True)
class Curve:
    """A line of the report's pictures: the shape of a motor unit, a spectrum, the rate over time.

    kind: `unit_shape` (x in ms, y in uV), `spectrum` (x in Hz, y in power), `rate` (x in minutes, y per minute).
    """

    kind: str
    label: str
    channel: str | None
    x: tuple[float, ...]
    y: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Detection:
    """Everything that was found in one recording made awake, with all that a report shows of it.

    modality: `surface_emg`, `needle_emg`, `accelerometer` or `polysomnography`; modality_why: on what that rests.
    kinds: the kinds of event that were looked for. scorable_s: seconds that could be judged.
    parameters_hash: sha256 of the detector's parameters.
    """

    file: str
    start: datetime | None
    duration_s: float
    modality: str
    modality_why: str
    channels: tuple[Channel, ...]
    kinds: tuple[str, ...]
    events: tuple[Detected, ...]
    scores: tuple[KindScore, ...]
    quality: tuple[Problem, ...]
    parameters_hash: str
    curves: tuple[Curve, ...] = ()
