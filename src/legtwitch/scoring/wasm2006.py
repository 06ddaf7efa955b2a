"""Leg movements by the WASM standards of 2006, for comparison with older work, as a literal function."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from legtwitch.model import Hours, Verdict
from legtwitch.scoring.detail import detail
from legtwitch.scoring.night import NREM, SLEEP, Night
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
from legtwitch.scoring.times import bound, words


def build_series(movements: Sequence[Joined], night: Night, rules: Rules) -> Built:
    """Return the PLM series of leg movements.

    A series is at least 4 movements in a row whose onsets follow each other by 5 to 90 s, both included. A movement
    after less than 5 s is passed over and the interval measured on to the next; a gap and an artefact of all legs
    end a series.
    """
    shortest, longest, at_least = rules.ms("interval_min"), rules.ms("interval_max"), rules.count("series_min")
    runs: list[list[Joined]] = []
    intervals: dict[Joined, int] = {}
    since: dict[Joined, str] = {}
    for one in in_order(movements):
        before = runs[-1][-1] if runs else None
        stop = None if before is None else night.stops.between(before.start, one.start)
        if before is None or stop is not None:
            since[one] = "may start a series: " + (
                "no movement counted before it" if stop is None else "a gap or an artefact lies since the one before"
            )
            runs.append([one])
            continue
        intervals[one] = interval = one.start - before.start
        if interval < shortest:
            since[one] = (
                f"interval of {words(interval)} s to the movement before is below {bound(shortest)} s: "
                "passed over, the interval is measured on to the next"
            )
        elif interval <= longest:
            since[one] = (
                f"interval of {words(interval)} s to the movement before lies within {bound(shortest)} to "
                f"{bound(longest)} s"
            )
            runs[-1].append(one)
        else:
            how = "ends the series" if len(runs[-1]) >= at_least else "starts anew"
            since[one] = f"{how}: {words(interval)} s since the movement before, over {bound(longest)} s"
            runs.append([one])
    return Built(tuple(tuple(run) for run in runs if len(run) >= at_least), intervals, since)


@dataclass(frozen=True, slots=True)
class Pass:
    """One way through the rules."""

    movements: tuple[Joined, ...]
    rejected: tuple[Judged, ...]
    built: Built


def _reject(one: LegMovement, night: Night, rules: Rules, *, drop_respiratory: bool) -> Judged | None:
    """Return why a movement of one leg is no leg movement, None where it is one."""
    shortest, longest, around = rules.ms("duration_min"), rules.ms("duration_max"), rules.ms("half_window")
    if one.length_known and one.duration < shortest:
        why = f"lasts {words(one.duration)} s, below {bound(shortest)} s: no leg movement"
        return Judged(Joined((one,)), False, (why,))
    kinds = ("apnea", "hypopnea")
    if drop_respiratory and (
        event := event_nearby(one.start, one.end, night, (around, around), around_end=True, kinds=kinds)
    ):
        why = f"{place(one.start, one.end, event)}: inside {bound(around)} s around it, not scored"
        return Judged(Joined((one,)), False, (why,), respiratory=True)
    if one.duration > longest:
        why = f"lasts {words(one.duration)} s, over {bound(longest)} s: no leg movement, and not seen by the series"
        return Judged(Joined((one,)), False, (why,))
    return None


def run_rules(table: Table, night: Night, rules: Rules, *, drop_respiratory: bool) -> Pass:
    """Go through the rules once: single legs, breathing, joining of legs, series."""
    found = {one: _reject(one, night, rules, drop_respiratory=drop_respiratory) for one in table.movements}
    legs = [one for one, no in found.items() if no is None]
    movements = tuple(join_touching(legs, rules.ms("combine_gap")))
    rejected = tuple(no for no in found.values() if no is not None)
    return Pass(movements, rejected, build_series(movements, night, rules))


def _judge(one: Joined, done: Pass, night: Night, rules: Rules) -> Judged:
    known = all(part.length_known for part in one.parts)
    facts = [f"lasts {words(one.end - one.start)} s" if known else "its length is not known and was accepted"]
    if len(one.parts) > 1:
        facts.append("counts as one with the other leg: they overlap or are less than 0.5 s apart")
    facts.append(done.built.since[one])
    number = done.built.numbers.get(one)
    if number is None:
        facts.append(f"not periodic: in no run of at least {rules.count('series_min')} movements")
    else:
        stage = night.stage_at(one.start)
        facts.append(f"periodic ({stage}): one of {len(done.built.series[number - 1])} movements of series {number}")
    arousal = with_arousal(one, night, rules.ms("arousal_gap"))
    if arousal:
        facts.append(f"goes with an arousal: overlap, or less than {bound(rules.ms('arousal_gap'))} s between them")
    return Judged(
        one,
        True,
        tuple(facts),
        plm=number is not None,
        series=number,
        respiratory=False if night.breathing else None,
        arousal=arousal,
        interval=done.built.intervals.get(one),
    )


def score(table: Table, night: Night, hours: Hours, rules: Rules) -> Outcome:
    """Score leg movements by the WASM standards of 2006.

    Returns the indices and a verdict for every mark. Movements around the end of a breathing event are not scored, so
    `plms_index` is without them; `plms_index_with_respiratory` is the index when nothing is dropped for breathing.

    Source: WASM 2006 as known through SEV, MATPLM, Pendulum and the abstract of PMID 17234450; the standard itself was
    not read, and most clauses carry grade D.
    Deviations: (1) a movement that names no leg is joined like one of another leg; (2) the maximum is 10 s for joined
    movements' parts and none for the whole.
    """
    done = run_rules(table, night, rules, drop_respiratory=True)
    kept = run_rules(table, night, rules, drop_respiratory=False)
    states = {one: night.stage_at(one.start) for one in (*done.movements, *kept.movements)}
    in_sleep = [one for one in done.built.members if states[one] in SLEEP]
    in_wake = sum(states[one] == "W" for one in done.built.members)
    sheet = Sheet()
    sheet.put("leg_movement_count", len(done.movements))
    sheet.put("series_count", len(done.built.series))
    sheet.put("plm_count", len(done.built.members))
    sheet.needs_stages("plms_count", len(in_sleep), night.staged)
    sheet.per_hour("plms_index", len(in_sleep), hours.sleep, "sleep")
    with_breathing = sum(states[one] in SLEEP for one in kept.built.members)
    sheet.per_hour("plms_index_with_respiratory", with_breathing, hours.sleep, "sleep")
    sheet.per_hour("plms_index_without_respiratory", len(in_sleep), hours.sleep, "sleep")
    sheet.needs_stages("plmw_count", in_wake, night.staged)
    sheet.per_hour("plmw_index", in_wake, hours.wake, "wake")
    aroused = sum(bool(with_arousal(one, night, rules.ms("arousal_gap"))) for one in in_sleep)
    sheet.plms_with_arousal(aroused, hours.sleep, night)
    in_nrem = sum(states[one] in NREM for one in in_sleep)
    sheet.per_hour("plms_nrem_index", in_nrem, hours.nrem, "non-REM sleep")
    sheet.per_hour("plms_rem_index", len(in_sleep) - in_nrem, hours.rem, "REM sleep")
    sheet.per_hour("lm_index", sum(states[one] in SLEEP for one in done.movements), hours.sleep, "sleep")
    sheet.movements_per_recorded_hour(len(done.movements), hours.recorded)
    sheet.respiratory(sum(bool(no.respiratory) for no in done.rejected), night)

    def judge() -> Mapping[str, Verdict]:
        judged = (_judge(one, done, night, rules) for one in done.movements)
        return verdicts(table, [*done.rejected, *judged], candidates=False)

    in_detail = partial(detail, done.movements, done.built, states, night, rules)
    return Outcome(sheet.values, sheet.reasons, tuple(one.start for one in in_sleep), judge, in_detail)
