"""A night in detail under one rule set: by stage, by kind of movement, and the intervals between movements."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from math import log
from statistics import fmean, median, stdev

from legtwitch.model import Detail, Intervals, KindOfMovement, StageScore
from legtwitch.scoring.night import SLEEP, Night
from legtwitch.scoring.rules import Rules
from legtwitch.scoring.steps import Built, Joined
from legtwitch.scoring.times import HOUR_MS

BIN_MS, LONGEST_MS = 2000, 90_000
LN_BIN, LN_BINS = 0.1, 45
STAGES = ("W", *SLEEP, "unknown")


def _per_hour(count: int, ms: int) -> float | None:
    return count * HOUR_MS / ms if ms > 0 else None


def _durations(movements: Sequence[Joined]) -> list[float]:
    """Return the durations (s) that are known."""
    return [(one.end - one.start) / 1000 for one in movements if all(part.length_known for part in one.parts)]


def _stages(movements: Sequence[Joined], built: Built, states: Mapping[Joined, str], night: Night) -> list[StageScore]:
    time = night.time_by_stage(night.windows)
    rows = []
    for stage in STAGES:
        here = [one for one in movements if states.get(one, "unknown") == stage]
        periodic = [one for one in here if one in built.numbers]
        known = _durations(periodic)
        rows.append(
            StageScore(
                stage,
                time[stage] / HOUR_MS,
                len(here),
                len(periodic),
                _per_hour(len(here), time[stage]),
                _per_hour(len(periodic), time[stage]),
                fmean(known) if known else None,
            )
        )
    return rows


def _kind(name: str, members: Sequence[Joined], states: Mapping[Joined, str], asleep_ms: int) -> KindOfMovement:
    known = _durations(members)
    in_sleep = sum(states.get(one) in SLEEP for one in members)
    return KindOfMovement(
        name,
        len(members),
        in_sleep,
        _per_hour(in_sleep, asleep_ms),
        fmean(known) if known else None,
        stdev(known) if len(known) > 1 else None,
    )


def _kinds(
    movements: Sequence[Joined],
    built: Built,
    states: Mapping[Joined, str],
    night: Night,
    shortest: int,
    not_candidate: Collection[Joined] | None,
) -> list[KindOfMovement]:
    kinds: dict[str, list[Joined]] = {"periodic": [], "short_interval": [], "isolated": []}
    if not_candidate is not None:
        kinds["no_candidate"] = []
    for one in movements:
        if one in built.numbers:
            kinds["periodic"].append(one)
        elif not_candidate is not None and one in not_candidate:
            kinds["no_candidate"].append(one)
        else:
            kinds["short_interval" if built.intervals.get(one, shortest) < shortest else "isolated"].append(one)
    time = night.time_by_stage(night.windows)
    asleep = sum(time[stage] for stage in SLEEP)
    return [_kind(name, members, states, asleep) for name, members in kinds.items()]


def _intervals(built: Built, shortest: int, longest: int) -> Intervals:
    """Return the statistics of all intervals that were measured; logarithms of those from shortest to longest (ms)."""
    found = sorted(built.intervals.values())
    bins, logs = [0] * (LONGEST_MS // BIN_MS), [0] * LN_BINS
    for value in found:
        if value <= LONGEST_MS:
            bins[min(value // BIN_MS, len(bins) - 1)] += 1
        if value >= 1000 and log(value / 1000) < LN_BIN * LN_BINS:
            logs[int(log(value / 1000) / LN_BIN)] += 1
    seconds = [value / 1000 for value in found]
    inside = [log(value / 1000) for value in found if shortest <= value <= longest]
    return Intervals(
        len(found),
        len(inside),
        fmean(seconds) if seconds else None,
        median(seconds) if seconds else None,
        fmean(inside) if inside else None,
        stdev(inside) if len(inside) > 1 else None,
        BIN_MS / 1000,
        tuple(bins),
        len(found) - sum(bins),
        LN_BIN,
        tuple(logs),
        len(found) - sum(logs),
    )


def detail(
    movements: Sequence[Joined],
    built: Built,
    states: Mapping[Joined, str],
    night: Night,
    rules: Rules,
    *,
    not_candidate: Collection[Joined] | None = None,
) -> Detail:
    """Return a night in detail: every joined movement stands in one stage and is of one kind.

    Kinds: `periodic` in a series; `short_interval` else, after an interval below the rule set's lower bound; `isolated`
    else; `no_candidate` where the rule set knows candidates.

    Parameters
    ----------
    movements: all that the rule set counts. built: their series. states: the stage in which each lies.
    not_candidate: those of them that are no candidates; None where the rule set knows none.

    Source: the kinds and the bins (2 s to 90 s, 0.1 of the logarithm to 4.5) are those of SOMAS.
    Deviations: intervals are those that the rule set measures, from the movement before under its own rules; none
    across a gap, an artefact of all legs or a movement that ends a series.
    """
    shortest, longest = rules.ms("interval_min"), rules.ms("interval_max")
    return Detail(
        tuple(_stages(movements, built, states, night)) if night.staged else None,
        tuple(_kinds(movements, built, states, night, shortest, not_candidate)),
        _intervals(built, shortest, longest),
    )
