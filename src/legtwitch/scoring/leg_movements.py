"""Leg movements of a night under several rule sets at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from legtwitch.knowledge import rule_set_hash
from legtwitch.model import Event, Movement, Problem, Recording, Robustness, RuleScore, Score, Verdict
from legtwitch.scoring.apply import prepare
from legtwitch.scoring.course import by_hour, by_third
from legtwitch.scoring.immobilisation import immobilisation_test
from legtwitch.scoring.night import CONTEXT, Night
from legtwitch.scoring.norms import norms
from legtwitch.scoring.robustness import robustness as robustness_of
from legtwitch.scoring.rules import choose
from legtwitch.scoring.steps import Outcome
from legtwitch.scoring.table import Mark
from legtwitch.scoring.vendor import vendor_series
from legtwitch.scoring.vendor_index import vendor_index


def _movement(mark: Mark, night: Night, judged: Mapping[str, Mapping[str, Verdict]]) -> Movement:
    return Movement(
        id=mark.id,
        onset_s=mark.event.onset_s,
        duration_s=mark.event.duration_s,
        side=mark.leg,
        stage=night.stage_at(mark.start),
        channel=mark.event.channel,
        measures=mark.event.attributes,
        verdicts={name: verdicts[mark.id] for name, verdicts in judged.items()},
    )


def _rule_score(outcome: Outcome, night: Night, moved: Mapping[str, Robustness]) -> RuleScore:
    hours, thirds = by_hour(outcome.plms, night), by_third(outcome.plms, night)
    return RuleScore(outcome.values, outcome.reasons, hours, thirds, moved, outcome.detail())


def score_leg_movements(
    recording: Recording,
    movements: Sequence[Event],
    *,
    rules: Sequence[str] = ("aasm-v3", "wasm-2016"),
    readings: Mapping[str, str] = {},
    problems: Sequence[Problem] = (),
    parameters_hash: str = "",
    robustness: bool = False,
) -> Score:
    """Apply rule sets to leg movements and return indices, and for every movement what each rule set made of it.

    Parameters
    ----------
    recording: its events give stages, arousals, breathing events, lights, artefacts and gaps.
    movements: events named `leg_movement`, in any order, times in seconds; side `both` is one movement on each leg and
        becomes two movements of the score.
    rules: names of rule sets. readings: clause → value, where it is not to be the default.
    problems: what is already known to be wrong; it stands first in `quality`.
    parameters_hash: hash of the detector's parameters.
    robustness: also tell how far each index moves under other readings and changed marks (`robustness.robustness`).

    Raises
    ------
    UsageError: an unknown rule set, clause or value (E140 to E143).
    RecordingError: a movement without a finite onset, or with a negative duration (E340).

    Artefacts and gaps: no standard says what one of a single leg takes away. Here it takes that leg's movements
    alone; the time stays in all hours and series run on, as the other leg is read. `quality` says for how long, as what
    the leg did there is missing. Where no leg can be read the time leaves the hours and a series ends.

    Source: see `aasm.score` and `wasm2016.score`.
    """
    chosen = choose(rules, readings)
    prepared = prepare(recording, movements, chosen)
    night = prepared.night
    table = prepared.table(movements)
    outcomes = prepared.outcomes(table)
    names = [one.name for one in chosen]
    taken = {name: value for one in chosen for name, value in one.readings.items()}
    test, test_said = immobilisation_test(recording, movements, taken)
    moved = robustness_of(recording, movements, rules=names, readings=readings) if robustness else {}
    said = (*problems, *night.problems, *table.problems, *test_said)
    verdicts = {name: outcome.judge() for name, outcome in outcomes.items()}
    judged = tuple(_movement(mark, night, verdicts) for mark in table.marks)
    scores = {name: _rule_score(outcome, night, moved.get(name, {})) for name, outcome in outcomes.items()}
    return Score(
        file=recording.file,
        start=recording.start,
        duration_s=recording.duration_s,
        channels=recording.channels,
        hours=prepared.hours,
        rules=scores,
        movements=judged,
        context=tuple(event for event in recording.events if event.event in CONTEXT),
        quality=said,
        readings=taken,
        rule_hashes={name: rule_set_hash(name) for name in names},
        parameters_hash=parameters_hash,
        immobilisation=test,
        vendor_series=vendor_series(recording, judged, names),
        vendor=vendor_index(recording, movements, judged, night, prepared.hours.sleep),
        norms=norms(scores, test),
    )
