"""The suggested immobilisation test: leg movements while lying awake and told not to move."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from legtwitch.knowledge import rule_set
from legtwitch.model import Event, ImmobilisationTest, Problem, Recording
from legtwitch.scoring import codes, wasm2016
from legtwitch.scoring.night import STAGES, Night, read_night
from legtwitch.scoring.rules import Rules, choose
from legtwitch.scoring.steps import Joined, Sheet, join_touching
from legtwitch.scoring.table import make_table
from legtwitch.scoring.times import HOUR_MS, cover, subtract, to_ms

INDICES = {"sit_index": "sit-2001", "sit_index_aasm": "aasm-v3", "sit_index_wasm": "wasm-2016"}
NAMES = (*INDICES, "sit_lm_index")


def periods(events: Iterable[Event]) -> tuple[list[tuple[int, int]], int]:
    """Return the tests as (from, to) in ms, and how many marks of a start or an end have no partner."""
    marks = sorted((to_ms(one.onset_s), one.event) for one in events if one.event in ("sit_on", "sit_off"))
    found: list[tuple[int, int]] = []
    alone, since = 0, None
    for time, name in marks:
        if name == "sit_on":
            alone += since is not None
            since = time
        elif since is None:
            alone += 1
        else:
            found.append((since, time))
            since = None
    return [one for one in found if one[0] < one[1]], alone + (since is not None)


def _periodic(movements: Sequence[Joined], candidates: set[Joined], night: Night, rules: Rules, bounds: str) -> int:
    """Return the movements of all series under the intervals of a rule set."""
    numbers = {one.id: one.value for one in rule_set(bounds).parameters if one.id in ("interval_min", "interval_max")}
    built = wasm2016.build_series(movements, candidates, night, replace(rules, numbers={**rules.numbers, **numbers}))
    return len(built.members)


def _said(alone: int, unstaged: bool) -> list[Problem]:
    said = []
    if alone:
        said.append(
            Problem(
                codes.TEST_INCOMPLETE,
                f"{alone} start(s) or end(s) of a suggested immobilisation test have no partner.",
                "Nothing is given for such a test.",
            )
        )
    if unstaged:
        said.append(
            Problem(
                codes.TEST_UNSTAGED,
                "A suggested immobilisation test has no sleep stages.",
                "All of it counts as wake; sleep in it would make its index too low.",
            )
        )
    return said


def immobilisation_test(
    recording: Recording, movements: Sequence[Event], readings: Mapping[str, str]
) -> tuple[ImmobilisationTest, tuple[Problem, ...]]:
    """Return the indices of the suggested immobilisation tests (marks `sit_on`, `sit_off`), and what to say of them.

    `sit_index`: movements in series of at least 4, onsets 4 to 90 s apart, per hour awake inside the tests;
    `sit_index_aasm`, `sit_index_wasm`: with 5 and 10 s as the lower bound; `sit_lm_index`: all leg movements of 0.5 to
    10 s (both legs: 15 s). Lights off and on do not matter.

    movements: as `score_leg_movements` takes them. readings: those taken; clauses of `wasm-2016` are used.

    Source: Michaud 2001 (PMID 11438248, abstract) for durations, intervals and series of four.
    Deviations: (1) legs are joined, long movements and short intervals end series as under WASM 2016, as the abstract
    does not say; (2) a series does not cross sleep or the end of a test; (3) a test without stages counts as wake.
    """
    found, alone = periods(recording.events)
    if not found:
        code, why = codes.NO_TEST, "no suggested immobilisation test is marked"
        if alone:
            code, why = codes.TEST_INCOMPLETE, "a suggested immobilisation test has no start or no end"
        reasons = dict.fromkeys(NAMES, f"{code}: {why}")
        return ImmobilisationTest((), None, None, dict.fromkeys(NAMES), reasons), tuple(_said(alone, False))
    rules = choose(("wasm-2016",), {})[0]
    rules = replace(rules, readings={clause: readings.get(clause, value) for clause, value in rules.readings.items()})
    own_leg = rules.readings["artifact_leg"] == "own"
    night = read_night(recording, movements, restrict_to_lights=False, own_leg=own_leg)
    keep_points = rules.readings["point_marks"] == "keep"
    table = make_table(movements, night, keep_points=keep_points, merge_below=rules.ms("same_leg_gap"))
    long_enough = (one for one in table.movements if one.duration >= rules.ms("duration_min") or not one.length_known)
    joined = join_touching(list(long_enough), rules.ms("combine_gap"))
    counts = dict.fromkeys(NAMES, 0)
    awake, unstaged = 0, False
    for start, end in found:
        by_stage = night.time_by_stage([(start, end)])
        staged = any(by_stage[stage] for stage in STAGES)
        unstaged |= not staged
        whole = sum(until - since for since, until in subtract([(start, end)], cover(night.stops.whole)))
        awake += by_stage["W"] if staged else whole
        inside = [one for one in joined if start <= one.start < end]
        candidates = {
            one
            for one in inside
            if (not staged or night.stage_at(one.start) == "W") and wasm2016.why_no_candidate(one, rules) is None
        }
        counts["sit_lm_index"] += len(candidates)
        for name, bounds in INDICES.items():
            counts[name] += _periodic(inside, candidates, night, rules, bounds)
    sheet = Sheet()
    for name, count in counts.items():
        sheet.per_hour(name, count, awake / HOUR_MS, "wake inside the test")
    seconds = tuple((start / 1000, end / 1000) for start, end in found)
    test = ImmobilisationTest(seconds, awake / HOUR_MS, not unstaged, sheet.values, sheet.reasons)
    return test, tuple(_said(alone, unstaged))
