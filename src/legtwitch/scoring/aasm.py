"""Leg movements by the AASM manual, version 3, as a literal function."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from legtwitch.model import Hours, Verdict
from legtwitch.scoring import codes
from legtwitch.scoring.detail import detail
from legtwitch.scoring.night import BREATHING, NREM, Night
from legtwitch.scoring.rules import Rules
from legtwitch.scoring.steps import (
    Built,
    Joined,
    Judged,
    Outcome,
    Sheet,
    event_nearby,
    in_order,
    place,
    verdicts,
    with_arousal,
)
from legtwitch.scoring.table import LegMovement, Table
from legtwitch.scoring.times import bound, words


def near(legs: Sequence[LegMovement], index: int, below: int) -> Sequence[LegMovement]:
    """Return movement `index` and those after it whose onset follows its onset by less than `below` ms."""
    last = index
    while last < len(legs) and legs[last].start - legs[index].start < below:
        last += 1
    return legs[index:last]


def join_pairs(legs: Sequence[LegMovement], below: int) -> list[Joined]:
    """Join one movement with one of another leg whose onset follows by less than `below` ms, the earliest first."""
    joined, taken = [], set[LegMovement]()
    for index, one in enumerate(legs):
        if one in taken:
            continue
        others = (other for other in near(legs, index, below) if other.leg != one.leg and other not in taken)
        partner = next(others, None)
        taken.update({one} if partner is None else {one, partner})
        joined.append(Joined((one,) if partner is None else (one, partner)))
    return joined


def join_to_anchor(legs: Sequence[LegMovement], below: int) -> list[Joined]:
    """Join all movements whose onset lies less than `below` ms after that of the first, where both legs take part."""
    joined, index = [], 0
    while index < len(legs):
        group = tuple(near(legs, index, below))
        if len({one.leg for one in group}) == 1:
            group = group[:1]
        joined.append(Joined(group))
        index += len(group)
    return joined


def join_chains(legs: Sequence[LegMovement], below: int) -> list[Joined]:
    """Join movements as long as the next onset follows by less than `below` ms, where both legs take part."""
    chains: list[list[LegMovement]] = []
    for one in legs:
        if chains and one.start - chains[-1][-1].start < below:
            chains[-1].append(one)
        else:
            chains.append([one])
    joined = []
    for chain in chains:
        both = len({one.leg for one in chain}) > 1
        joined += [Joined(tuple(chain))] if both else [Joined((one,)) for one in chain]
    return joined


JOIN: dict[str, Callable[[Sequence[LegMovement], int], list[Joined]]] = {
    "pair": join_pairs,
    "anchor": join_to_anchor,
    "chain": join_chains,
}


def build_series(scored: Sequence[Joined], ending: dict[Joined, str], night: Night, rules: Rules) -> Built:
    """Return the PLM series of scored leg movements.

    A series is at least 4 movements in a row whose onsets follow each other by 5 to 90 s, both included.
    scored: leg movements that the series sees. ending: what ends a series without being seen, with its reason.
    """
    shortest, longest, at_least = rules.ms("interval_min"), rules.ms("interval_max"), rules.count("series_min")
    bounds = f"{bound(shortest)} to {bound(longest)} s"
    series: list[tuple[Joined, ...]] = []
    intervals: dict[Joined, int] = {}
    since: dict[Joined, str] = {}
    run: list[Joined] = []
    ended_by = "no movement counted before it"

    def close() -> None:
        if len(run) >= at_least:
            series.append(tuple(run))
        run.clear()

    for one in in_order([*scored, *ending]):
        if one in ending:
            close()
            ended_by = ending[one]
            continue
        stop = night.stops.between(run[-1].start, one.start) if run else None
        if stop is not None:
            close()
            ended_by = "a gap in the recording" if stop.name == "recording_gap" else "an artefact"
            ended_by += " lies since the movement before"
        if not run:
            since[one] = f"may start a series: {ended_by}"
            run.append(one)
            continue
        intervals[one] = interval = one.start - run[-1].start
        if interval < shortest and rules.readings["aasm_short"] == "skip":
            since[one] = (
                f"interval of {words(interval)} s to the movement before is below {bound(shortest)} s: "
                "passed over, the interval is measured on to the next"
            )
        elif interval < shortest:
            close()
            since[one] = f"interval of {words(interval)} s to the movement before is below {bound(shortest)} s: anew"
            run.append(one)
        elif interval <= longest:
            since[one] = f"interval of {words(interval)} s to the movement before lies within {bounds}"
            run.append(one)
        else:
            how = "ends the series" if len(run) >= at_least else "starts anew"
            since[one] = f"{how}: {words(interval)} s since the movement before, over {bound(longest)} s"
            close()
            run.append(one)
    close()
    return Built(tuple(series), intervals, since)


@dataclass(frozen=True, slots=True)
class Pass:
    """One way through the rules. stages: the stage in which each scored movement lies."""

    scored: tuple[Joined, ...]
    stages: dict[Joined, str]
    not_asleep: tuple[Joined, ...]
    rejected: tuple[Judged, ...]
    built: Built


def _reject(one: LegMovement, night: Night, rules: Rules, *, drop_respiratory: bool) -> Judged | None:
    """Return why a movement of one leg is no leg movement, None where it is one."""
    shortest, longest = rules.ms("duration_min"), rules.ms("duration_max")
    if one.length_known and one.duration < shortest:
        return Judged(
            Joined((one,)), False, (f"lasts {words(one.duration)} s, below {bound(shortest)} s: no leg movement",)
        )
    window = before, after = rules.ms("respiratory_before"), rules.ms("respiratory_after")
    if drop_respiratory and (
        event := event_nearby(one.start, one.end, night, window, around_end=False, kinds=BREATHING)
    ):
        why = (
            f"{place(one.start, one.end, event)}: inside {bound(before)} s before its start to {bound(after)} s after "
            "its end, not scored"
        )
        return Judged(Joined((one,)), False, (why,), respiratory=True)
    if one.duration > longest:
        why = f"lasts {words(one.duration)} s, over {bound(longest)} s: no leg movement"
        return Judged(Joined((one,)), False, (why,))
    return None


def run_rules(table: Table, night: Night, rules: Rules, *, drop_respiratory: bool) -> Pass:
    """Go through the rules once: single legs, breathing, joining of legs, sleep, series."""
    rejected: list[Judged] = []
    legs: list[LegMovement] = []
    for one in table.movements:
        no = _reject(one, night, rules, drop_respiratory=drop_respiratory)
        if no is None:
            legs.append(one)
        else:
            rejected.append(no)
    joined = JOIN[rules.readings["aasm_combine"]](legs, rules.ms("combine_below"))
    stages: dict[Joined, str] = {}
    not_asleep: list[Joined] = []
    for each in joined:
        stage = night.sleep_within(each.start, each.end) if night.staged else "unknown"
        if stage is None:
            not_asleep.append(each)
        else:
            stages[each] = stage
    ending: dict[Joined, str] = {}
    if rules.readings["aasm_wake_lm"] == "ends":
        ending.update(dict.fromkeys(not_asleep, "a movement outside sleep ended the series before"))
    if rules.readings["aasm_long"] == "ends":
        longest = rules.ms("duration_max")
        long = (no.joined for no in rejected if not no.respiratory and no.joined.parts[0].duration > longest)
        ending.update(dict.fromkeys(long, f"a movement over {bound(longest)} s ended the series before"))
    scored = tuple(stages)
    return Pass(scored, stages, tuple(not_asleep), tuple(rejected), build_series(scored, ending, night, rules))


def _facts(one: Joined, rules: Rules) -> list[str]:
    longest = max(part.duration for part in one.parts)
    facts = [
        f"lasts {words(longest)} s: within {bound(rules.ms('duration_min'))} to {bound(rules.ms('duration_max'))} s"
        if all(part.length_known for part in one.parts)
        else "its length is not known and was accepted as asked for"
    ]
    if len(one.parts) > 1:
        lags = words(max(part.start for part in one.parts) - one.start)
        facts.append(f"counts as one with the other leg: onsets {lags} s apart ({rules.readings['aasm_combine']})")
    return facts


def _judge(one: Joined, done: Pass, night: Night, rules: Rules) -> Judged:
    facts = _facts(one, rules)
    breathing = False if night.breathing else None
    if one not in done.stages:
        facts.append(f"no part of it lies in sleep (stage at its onset: {night.stage_at(one.start)}): not counted")
        return Judged(one, False, tuple(facts), respiratory=breathing)
    facts.append(f"lies in sleep ({done.stages[one]})" if night.staged else "not known whether in sleep: no stages")
    facts.append(done.built.since[one])
    number = done.built.numbers.get(one)
    if number is None:
        facts.append(f"not periodic: in no run of at least {rules.count('series_min')} movements")
    else:
        facts.append(f"periodic: one of {len(done.built.series[number - 1])} movements of series {number}")
    arousal = with_arousal(one, night, rules.ms("arousal_gap"))
    if arousal:
        facts.append(f"goes with an arousal: overlap, or less than {bound(rules.ms('arousal_gap'))} s between them")
    return Judged(
        one,
        True,
        tuple(facts),
        plm=number is not None,
        series=number,
        respiratory=breathing,
        arousal=arousal,
        interval=done.built.intervals.get(one),
    )


def score(table: Table, night: Night, hours: Hours, rules: Rules) -> Outcome:
    """Score leg movements by the AASM manual, version 3.

    Returns the indices and a verdict for every mark. `plms_index` leaves out movements tied to breathing events, which
    this rule set does not score; `plms_index_with_respiratory` is the index when nothing is dropped for breathing.
    Counts are of joined movements; `leg_movement_count` is of those in sleep (of all where there are no stages).

    Source: AASM manual v3 as quoted by PMC9619152, table 3, and by the NSRR reading-centre manual; clauses on which
    sources are silent are readings of `rule_sets.yaml`.
    Deviations: (1) a movement of unknown stage counts as outside sleep where other epochs are staged; (2) a movement
    that names no leg is joined like one of another leg; (3) an interval is measured only to a movement with no gap,
    artefact of all legs or ending movement in between.
    """
    done = run_rules(table, night, rules, drop_respiratory=True)
    kept = run_rules(table, night, rules, drop_respiratory=False)
    periodic = done.built.members
    sheet = Sheet()
    sheet.put("leg_movement_count", len(done.scored))
    sheet.put("series_count", len(done.built.series))
    sheet.put("plm_count", len(periodic))
    sheet.needs_stages("plms_count", len(periodic), night.staged)
    sheet.per_hour("plms_index", len(periodic), hours.sleep, "sleep")
    sheet.per_hour("plms_index_with_respiratory", len(kept.built.members), hours.sleep, "sleep")
    sheet.per_hour("plms_index_without_respiratory", len(periodic), hours.sleep, "sleep")
    aroused = sum(bool(with_arousal(one, night, rules.ms("arousal_gap"))) for one in periodic)
    sheet.plms_with_arousal(aroused, hours.sleep, night)
    in_nrem = sum(done.stages[one] in NREM for one in periodic)
    sheet.per_hour("plms_nrem_index", in_nrem, hours.nrem, "non-REM sleep")
    sheet.per_hour("plms_rem_index", sum(done.stages[one] == "R" for one in periodic), hours.rem, "REM sleep")
    sheet.withhold("plmw_index", codes.NOT_DEFINED, "AASM defines no index of periodic movements in wake")
    sheet.per_hour("lm_index", len(done.scored), hours.sleep, "sleep")
    sheet.movements_per_recorded_hour(len(done.scored), hours.recorded)
    sheet.respiratory(sum(bool(no.respiratory) for no in done.rejected), night)
    plms = tuple(one.start for one in periodic) if night.staged else ()

    def judge() -> Mapping[str, Verdict]:
        judged = (_judge(one, done, night, rules) for one in (*done.scored, *done.not_asleep))
        return verdicts(table, [*done.rejected, *judged], candidates=False)

    in_detail = partial(detail, done.scored, done.built, done.stages, night, rules)
    return Outcome(sheet.values, sheet.reasons, plms, judge, in_detail)
