"""Leg movements by the WASM standards of 2016, as a literal function."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import groupby
from math import log, sqrt

from legtwitch.model import Hours, Side, Verdict
from legtwitch.scoring import codes
from legtwitch.scoring.detail import detail
from legtwitch.scoring.night import BREATHING, NREM, SLEEP, Night
from legtwitch.scoring.rules import Rules
from legtwitch.scoring.steps import (
    Built,
    Joined,
    Judged,
    Outcome,
    Sheet,
    event_nearby,
    in_order,
    join_touching,
    place,
    verdicts,
    with_arousal,
)
from legtwitch.scoring.table import LegMovement, Table
from legtwitch.scoring.times import Stretch, bound, words


def why_no_candidate(one: Joined, rules: Rules) -> str | None:
    """Return why a leg movement is no candidate, None where it is one.

    A candidate of one leg lasts 0.5 to 10 s; a bilateral one at most 15 s, of at most 4 movements that are all
    candidates themselves.
    """
    one_leg, both_legs = rules.ms("duration_max_one_leg"), rules.ms("duration_max_both_legs")
    most = rules.count("components_max")
    longest = max(part.duration for part in one.parts)
    if longest > one_leg:
        return f"a leg moves for {words(longest)} s, over {bound(one_leg)} s: no candidate"
    if one.end - one.start > both_legs:
        return f"both legs together move for {words(one.end - one.start)} s, over {bound(both_legs)} s: no candidate"
    if len(one.parts) > most:
        return f"joined of {len(one.parts)} movements of single legs, more than {most}: no candidate"
    return None


def window(rules: Rules) -> tuple[int, int]:
    """Return how far the respiratory window reaches before and after the end of a breathing event, in ms."""
    if rules.readings["wasm_window"] == "half":
        return rules.ms("half_window"), rules.ms("half_window")
    return rules.ms("window_before_end"), rules.ms("window_after_end")


def breathing_event(one: Joined, night: Night, rules: Rules) -> Stretch | None:
    """Return the breathing event around whose end any part of the movement lies, None where there is none."""
    kinds = BREATHING if rules.readings["wasm_rera"] == "yes" else ("apnea", "hypopnea")
    return event_nearby(one.start, one.end, night, window(rules), around_end=True, kinds=kinds)


def state(one: Joined, night: Night, rules: Rules) -> str:
    """Return the stage by which a movement is one of sleep or of wake; `unknown` where neither is known."""
    if rules.readings["wasm_sleep"] == "any_part":
        return night.sleep_within(one.start, one.end) or night.stage_at(one.start)
    return night.stage_at(one.start)


def build_series(movements: Sequence[Joined], candidates: set[Joined], night: Night, rules: Rules) -> Built:
    """Return the PLM series of candidates.

    A series is at least 4 candidates in a row whose onsets follow each other by 10 to 90 s, both included. A shorter
    or a longer interval, a leg movement that is no candidate, a gap and an artefact of all legs end it. The first
    candidate after one of the last three has no interval.
    """
    shortest, longest, at_least = rules.ms("interval_min"), rules.ms("interval_max"), rules.count("series_min")
    bounds = f"{bound(shortest)} to {bound(longest)} s"
    series: list[tuple[Joined, ...]] = []
    intervals: dict[Joined, int] = {}
    since: dict[Joined, str] = {}
    run: list[Joined] = []
    before: Joined | None = None
    ended_by = "no candidate before it"

    def ends() -> str:
        return "ends the series" if len(run) >= at_least else "breaks the run"

    def close() -> None:
        if len(run) >= at_least:
            series.append(tuple(run))
        run.clear()

    for one in in_order(movements):
        if one not in candidates:
            close()
            before, ended_by = None, "a leg movement that is no candidate lies before it"
            continue
        stop = None if before is None else night.stops.between(before.start, one.start)
        if stop is not None:
            close()
            before = None
            ended_by = "a gap in the recording" if stop.name == "recording_gap" else "an artefact"
            ended_by += " lies since the candidate before"
        if before is None:
            since[one] = f"may start a series: {ended_by}"
            run.append(one)
        else:
            intervals[one] = interval = one.start - before.start
            if interval < shortest:
                since[one] = f"{ends()}: {words(interval)} s since the candidate before, below {bound(shortest)} s"
                close()
                if rules.readings["wasm_short_start"] == "may":
                    run.append(one)
            elif interval > longest:
                since[one] = f"{ends()}: {words(interval)} s since the candidate before, over {bound(longest)} s"
                close()
                run.append(one)
            else:
                since[one] = f"interval of {words(interval)} s to the candidate before lies within {bounds}"
                run.append(one)
        before = one
    close()
    return Built(tuple(series), intervals, since)


@dataclass(frozen=True, slots=True)
class Pass:
    """All that the rules found. without: the series when respiratory candidates are left out and intervals anew."""

    movements: tuple[Joined, ...]
    not_candidate: Mapping[Joined, str]
    breathing: Mapping[Joined, Stretch]
    states: Mapping[Joined, str]
    built: Built
    without: Built

    @property
    def candidates(self) -> list[Joined]:
        """The candidates in order."""
        return [one for one in self.movements if one not in self.not_candidate]


def run_rules(legs: Sequence[LegMovement], night: Night, rules: Rules) -> Pass:
    """Go through the rules: joining of legs, candidates, series; then again without respiratory candidates."""
    movements = tuple(join_touching(legs, rules.ms("combine_gap")))
    reasons = {one: why_no_candidate(one, rules) for one in movements}
    not_candidate = {one: why for one, why in reasons.items() if why is not None}
    candidates = {one for one in movements if one not in not_candidate}
    near = {one: breathing_event(one, night, rules) for one in movements}
    breathing = {one: event for one, event in near.items() if event is not None}
    left = [one for one in movements if one in not_candidate or one not in breathing]
    return Pass(
        movements,
        not_candidate,
        breathing,
        {one: state(one, night, rules) for one in movements},
        build_series(movements, candidates, night, rules),
        build_series(left, candidates, night, rules),
    )


def _judge(one: Joined, done: Pass, night: Night, rules: Rules) -> Judged:
    known = all(part.length_known for part in one.parts)
    facts = [f"lasts {words(one.end - one.start)} s" if known else "its length is not known and was accepted"]
    if len(one.parts) > 1:
        facts.append(
            f"counts as one with the other leg: they overlap or are less than {bound(rules.ms('combine_gap'))} s apart"
        )
    respiratory = one in done.breathing if night.breathing else None
    if one in done.breathing:
        before, after = window(rules)
        inside = f"inside -{words(before)} to +{words(after)} s"
        facts.append(f"{place(one.start, one.end, done.breathing[one])}: {inside}, respiratory")
    arousal = with_arousal(one, night, rules.ms("arousal_gap"))
    if arousal:
        facts.append(f"goes with an arousal: overlap, or less than {bound(rules.ms('arousal_gap'))} s between them")
    if one in done.not_candidate:
        facts.append(f"{done.not_candidate[one]}, and it ends a series")
        return Judged(one, True, tuple(facts), False, respiratory=respiratory, arousal=arousal)
    facts.append(done.built.since[one])
    number = done.built.numbers.get(one)
    if number is None:
        facts.append(f"not periodic: in no run of at least {rules.count('series_min')} candidates")
    else:
        stage = done.states[one]
        of = "in sleep" if stage in SLEEP else "in wake" if stage == "W" else "in no known state"
        length = len(done.built.series[number - 1])
        facts.append(f"periodic {of} ({stage}): one of {length} candidates of series {number}")
    return Judged(
        one,
        True,
        tuple(facts),
        candidate=True,
        plm=number is not None,
        series=number,
        respiratory=respiratory,
        arousal=arousal,
        interval=done.built.intervals.get(one),
    )


def _too_short(legs: Iterable[LegMovement], rules: Rules) -> dict[LegMovement, Judged]:
    shortest = rules.ms("duration_min")
    return {
        one: Judged(
            Joined((one,)),
            False,
            (f"lasts {words(one.duration)} s, below {bound(shortest)} s: no leg movement",),
            candidate=False,
        )
        for one in legs
        if one.length_known and one.duration < shortest
    }


def interval_runs(done: Pass, rules: Rules) -> list[int]:
    """Return the lengths of all runs of intervals over 10 and up to 90 s, a run ending where an interval is missing.

    Source: periodicity index of Ferri 2006.
    """
    shortest, longest = rules.ms("interval_min"), rules.ms("interval_max")
    inside = [shortest < done.built.intervals.get(one, 0) <= longest for one in done.candidates]
    return [len(list(group)) for periodic, group in groupby(inside) if periodic]


def _candidates(sheet: Sheet, done: Pass, hours: Hours) -> None:
    """Enter candidates per hour of sleep, of wake and of recording."""
    in_sleep = [one for one in done.candidates if done.states[one] in SLEEP]
    sheet.per_hour("candidate_index", len(in_sleep), hours.sleep, "sleep")
    without = sum(one not in done.breathing for one in in_sleep)
    sheet.per_hour("candidate_index_without_respiratory", without, hours.sleep, "sleep")
    in_wake = sum(done.states[one] == "W" for one in done.candidates)
    sheet.per_hour("candidate_wake_index", in_wake, hours.wake, "wake")
    sheet.movements_per_recorded_hour(len(done.candidates), hours.recorded, "candidate_per_recorded_hour")


def _intervals(sheet: Sheet, done: Pass, rules: Rules) -> None:
    """Enter what rests on intervals between candidates."""
    candidates, periodic = done.candidates, done.built.members
    shortest, longest = rules.ms("interval_min"), rules.ms("interval_max")
    intervals = done.built.intervals
    if candidates:
        sheet.put("periodicity_index", len(periodic) / len(candidates))
    else:
        sheet.withhold("periodicity_index", codes.TOO_FEW, "there is no candidate")
    if intervals:
        runs = [length for length in interval_runs(done, rules) if length >= rules.count("intervals_run_min")]
        sheet.put("periodicity_index_intervals", sum(runs) / len(intervals))
    else:
        sheet.withhold("periodicity_index_intervals", codes.TOO_FEW, "there is no interval between candidates")
    short = {one for one in candidates if intervals.get(one, shortest) < shortest}
    sheet.put("short_interval_count", len(short))
    sheet.put("isolated_count", sum(one not in short and one not in done.built.numbers for one in candidates))
    logs = [log(value / 1000) for value in intervals.values() if shortest <= value <= longest]
    few = f"{len(logs)} intervals of 10 to 90 s between candidates"
    mean = sum(logs) / len(logs) if logs else 0.0
    if logs:
        sheet.put("ln_interval_mean", mean)
    else:
        sheet.withhold("ln_interval_mean", codes.TOO_FEW, few)
    if len(logs) > 1:
        sheet.put("ln_interval_sd", sqrt(sum((value - mean) ** 2 for value in logs) / (len(logs) - 1)))
    else:
        sheet.withhold("ln_interval_sd", codes.TOO_FEW, few)


def _sides(sheet: Sheet, periodic: Sequence[Joined]) -> None:
    """Enter the mean duration and the sides of periodic movements."""
    known = [one.end - one.start for one in periodic if all(part.length_known for part in one.parts)]
    if known:
        sheet.put("mean_duration_s", sum(known) / len(known) / 1000)
    else:
        sheet.withhold("mean_duration_s", codes.TOO_FEW, "no periodic movement of known length")
    names: dict[Side, str] = {
        "left": "left_count",
        "right": "right_count",
        "both": "bilateral_count",
        "n/a": "side_unknown_count",
    }
    sides = Counter(one.side for one in periodic)
    for side, name in names.items():
        sheet.put(name, sides[side])


def score(table: Table, night: Night, hours: Hours, rules: Rules) -> Outcome:
    """Score leg movements by the WASM standards of 2016.

    Returns the indices and a verdict for every mark. `plms_index` is with all candidates;
    `plms_index_without_respiratory` leaves out respiratory candidates and measures intervals anew. `plm_count` is of
    all states, `plms_count` in sleep, `plmw_count` in wake. Sides, `mean_duration_s`: of all PLM. `ln_interval_*`: of
    intervals of 10 to 90 s between candidates. `isolated_count`: candidates that are no PLM and have no short interval.

    Source: WASM 2016 (Sleep Med 26:86-95) as read in its abstract, in PMC9619152, table 3, and in SOMAS, MATPLM and
    PLMScoRe; clauses on which sources are silent are readings of `rule_sets.yaml`.
    Deviations: (1) the morphology rule (0.5 s with a median 2 uV above rest) is the detector's; marks are taken as
    meeting it; (2) a movement that names no leg is joined like one of another leg; (3) both periodicity indices run
    over all candidates, of sleep and wake.
    """
    short = _too_short(table.movements, rules)
    done = run_rules([one for one in table.movements if one not in short], night, rules)
    periodic = done.built.members
    in_sleep = [one for one in periodic if done.states[one] in SLEEP]
    in_wake = sum(done.states[one] == "W" for one in periodic)
    sheet = Sheet()
    sheet.put("leg_movement_count", len(done.movements))
    sheet.put("candidate_count", len(done.candidates))
    sheet.put("series_count", len(done.built.series))
    sheet.put("plm_count", len(periodic))
    sheet.needs_stages("plms_count", len(in_sleep), night.staged)
    sheet.per_hour("plms_index", len(in_sleep), hours.sleep, "sleep")
    sheet.per_hour("plms_index_with_respiratory", len(in_sleep), hours.sleep, "sleep")
    without = [one for one in done.without.members if done.states[one] in SLEEP]
    sheet.per_hour("plms_index_without_respiratory", len(without), hours.sleep, "sleep")
    sheet.needs_stages("plmw_count", in_wake, night.staged)
    sheet.per_hour("plmw_index", in_wake, hours.wake, "wake")
    aroused = sum(bool(with_arousal(one, night, rules.ms("arousal_gap"))) for one in in_sleep)
    sheet.plms_with_arousal(aroused, hours.sleep, night)
    in_nrem = sum(done.states[one] in NREM for one in in_sleep)
    sheet.per_hour("plms_nrem_index", in_nrem, hours.nrem, "non-REM sleep")
    sheet.per_hour("plms_rem_index", len(in_sleep) - in_nrem, hours.rem, "REM sleep")
    nrem_without = sum(done.states[one] in NREM for one in without)
    sheet.per_hour("plms_nrem_index_without_respiratory", nrem_without, hours.nrem, "non-REM sleep")
    sheet.per_hour("plms_rem_index_without_respiratory", len(without) - nrem_without, hours.rem, "REM sleep")
    sheet.per_hour("lm_index", sum(stage in SLEEP for stage in done.states.values()), hours.sleep, "sleep")
    sheet.movements_per_recorded_hour(len(done.movements), hours.recorded)
    sheet.respiratory(sum(one in done.breathing for one in done.candidates), night)
    _candidates(sheet, done, hours)
    _intervals(sheet, done, rules)
    _sides(sheet, periodic)

    def judge() -> Mapping[str, Verdict]:
        judged = (_judge(one, done, night, rules) for one in done.movements)
        return verdicts(table, [*short.values(), *judged], candidates=True)

    in_detail = partial(detail, done.movements, done.built, done.states, night, rules, not_candidate=done.not_candidate)
    return Outcome(sheet.values, sheet.reasons, tuple(one.start for one in in_sleep), judge, in_detail)
