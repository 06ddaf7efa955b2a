"""Scores: movements, what each rule set made of them, indices with their denominators."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from legtwitch.model.recording import Channel, Event, Problem
from legtwitch.model.words import Grade, Side


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
class NightHour:
    """An hour of the night, from lights off: periodic movements in sleep, and the sleep in it in hours."""

    from_s: float
    to_s: float
    plms: int
    hours_of_sleep: float


@dataclass(frozen=True, slots=True)
class Robustness:
    """How far an index moves. None where there is nothing to vary or nothing could be computed.

    value: the index as scored. readings: `clause=value` → the index under that other reading. low, median, high: 5th,
    50th and 95th percentile of the index when marks are moved, missed and added.
    """

    value: float | int | None
    grade: Literal["stable", "sensitive", "fragile"] | None
    readings: Mapping[str, float | int | None]
    low: float | None
    median: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class StageScore:
    """A sleep stage under one rule set. hours: that count. movements, plm: joined movements in it; per hour of it.

    plm_mean_duration_s: of the periodic ones whose length is known.
    """

    stage: str
    hours: float
    movements: int
    plm: int
    movements_per_hour: float | None
    plm_per_hour: float | None
    plm_mean_duration_s: float | None


@dataclass(frozen=True, slots=True)
class KindOfMovement:
    """Movements of one kind (`periodic`, `short_interval`, `isolated`, `no_candidate`) under one rule set.

    in_sleep: those in sleep, of which index is per hour of sleep; None without sleep. Durations in s, of those whose
    length is known.
    """

    kind: str
    count: int
    in_sleep: int
    index: float | None
    mean_duration_s: float | None
    sd_duration_s: float | None


@dataclass(frozen=True, slots=True)
class Intervals:
    """Intervals from onset to onset under one rule set.

    count: all that were measured; mean and median in s. within: those inside the rule set's bounds, of which `ln_mean`
    and `ln_sd` are the mean and standard deviation of the natural logarithm of seconds. histogram: counts in bins of
    `bin_s` from 0 to 90 s, the last with 90 s; over: longer ones. ln_histogram: counts in bins of `ln_bin` of the
    logarithm from 0 to 4.5; ln_outside: the others.
    """

    count: int
    within: int
    mean_s: float | None
    median_s: float | None
    ln_mean: float | None
    ln_sd: float | None
    bin_s: float
    histogram: tuple[int, ...]
    over: int
    ln_bin: float
    ln_histogram: tuple[int, ...]
    ln_outside: int


@dataclass(frozen=True, slots=True)
class Detail:
    """A night in detail under one rule set. stages: None where none are marked."""

    stages: tuple[StageScore, ...] | None
    kinds: tuple[KindOfMovement, ...]
    intervals: Intervals


@dataclass(frozen=True, slots=True)
class RuleScore:
    """Indices of one rule set: name → value; None has an entry in `reasons` with a Problem code.

    plms_by_hour: None without stages, and for more than 240 hours. plms_index_thirds: of the night from lights off to
    lights on, per hour of sleep; None where a third has no sleep. robustness: index → how far it moves; empty where it
    was not asked for. detail: by stage, by kind of movement, intervals.
    """

    values: Mapping[str, float | int | None]
    reasons: Mapping[str, str]
    plms_by_hour: tuple[NightHour, ...] | None = None
    plms_index_thirds: tuple[float | None, ...] | None = None
    robustness: Mapping[str, Robustness] = field(default_factory=dict)
    detail: Detail | None = None


@dataclass(frozen=True, slots=True)
class ImmobilisationTest:
    """Suggested immobilisation tests of a recording. periods: from and to, in s. hours_awake: wake inside them.

    values: name → value; None has an entry in `reasons` with a Problem code. staged: False where the tests have no
    stages and were taken as wake throughout.
    """

    periods: tuple[tuple[float, float], ...]
    hours_awake: float | None
    staged: bool | None
    values: Mapping[str, float | int | None]
    reasons: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class VendorSeries:
    """A series of periodic movements that another program marked, beside ours.

    movements: marks whose onset lies inside. same: rule set → whether it makes one series of exactly these marks.
    why: rule set → the same in words.
    """

    onset_s: float
    duration_s: float
    movements: int
    same: Mapping[str, bool]
    why: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class VendorIndex:
    """The periodic movements that a file itself marks, beside ours.

    marked: its marks of periodic movements, each counted once. in_sleep, index: those in sleep, and per hour of sleep;
    None without stages or sleep. why: rule set → the differences in words, empty where there is none.
    """

    marked: int
    in_sleep: int | None
    index: float | None
    why: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Norm:
    """What others found of an index, beside this night's. ours: rule set → the index, where it could be computed.

    kind: `share_above` (`value` percent of `people` had more than `limit`), `percentile_90` (`value`), `line` of a
    classification and `cut_off` (`limit`). None of them makes or excludes a disease.
    """

    id: str
    index: str
    ours: Mapping[str, float | int]
    kind: str
    limit: float | None
    value: float | None
    unit: str
    people: str
    text: str
    grade: Grade
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FragmentaryMyoclonus:
    """Short muscle potentials of a night. potentials: all that were seen.

    minutes: channel → minutes of NREM sleep with at least 5 of them; None without stages. excessive: whether that is 20
    minutes or more on one channel, which is what the AASM manual asks; None without stages.
    """

    potentials: int
    minutes: Mapping[str, int] | None
    excessive: bool | None


@dataclass(frozen=True, slots=True)
class OtherMovements:
    """Movements of classes of their own, never counted as leg movements: trains, short potentials, twitches.

    events: in order of onset, under their names in the vocabulary, each with its stage. counts: by name, of all classes
    that were looked for. One of 0 was looked for and not seen, which excludes nothing.
    """

    events: tuple[Event, ...]
    counts: Mapping[str, int]
    myoclonus: FragmentaryMyoclonus


@dataclass(frozen=True, slots=True)
class Trace:
    """A snippet of a channel around a movement for the report: times (s), envelope and baseline (uV).

    why: why it is shown, in words.
    """

    movement: str
    channel: str
    times_s: tuple[float, ...]
    envelope_uv: tuple[float, ...]
    baseline_uv: tuple[float, ...]
    why: str = ""


@dataclass(frozen=True, slots=True)
class Score:
    """Everything that scoring found, with all that a report shows of it.

    context: the stages, arousals, respiratory events, lights and gaps that scoring used.
    readings: clause → value taken. rule_hashes: rule set → sha256 of its data.
    other: what the signal shows beside leg movements; None where no signal was searched. left_out: some of what the
    detector saw and took for no movement, to be shown with its trace; no rule set saw them.
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
    immobilisation: ImmobilisationTest | None = None
    vendor_series: tuple[VendorSeries, ...] = ()
    vendor: VendorIndex | None = None
    norms: tuple[Norm, ...] = ()
    other: OtherMovements | None = None
    left_out: tuple[Movement, ...] = ()
