"""A night in detail: by stage, by kind of movement, and intervals; all add up to the whole."""

from __future__ import annotations

from math import log

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from legtwitch.model import Detail, Event, KindOfMovement, Recording, Score, StageScore
from legtwitch.report import as_json
from legtwitch.scoring import score_leg_movements

HOUR = 3600.0
RULES = ("aasm-v3", "wasm-2016", "wasm-2006")
STAGES = (Event(0, 1800, "stage_N2"), Event(1800, 900, "stage_R"), Event(2700, 900, "stage_W"))


def lm(onset: float, duration: float = 1.0, side: str = "left") -> Event:
    return Event(onset, duration, "leg_movement", side)  # type: ignore[arg-type]


def score(movements: list[Event], *events: Event) -> Score:
    recording = Recording("made", "TSV", None, HOUR, (), (), events or STAGES, ())
    return score_leg_movements(recording, movements, rules=RULES)


def detail(result: Score, rule: str) -> Detail:
    found = result.rules[rule].detail
    assert found is not None
    return found


def stage(result: Score, rule: str, name: str) -> StageScore:
    stages = detail(result, rule).stages
    assert stages is not None
    return next(one for one in stages if one.stage == name)


def kind(result: Score, rule: str, name: str) -> KindOfMovement:
    return next(one for one in detail(result, rule).kinds if one.kind == name)


# four periodic in N2, one 3 s after the last, one alone in N2, a long one, five periodic in REM, five in wake
NIGHT = [
    *(lm(100 + 20 * n, 4 - n) for n in range(4)),
    lm(163, 0.7),
    lm(900, 2.5),
    lm(1200, 12),
    *(lm(1900 + 30 * n, 2) for n in range(5)),
    *(lm(2800 + 15 * n, 2) for n in range(5)),
]


@pytest.mark.parametrize(("rule", "wake"), [("aasm-v3", 0), ("wasm-2016", 5), ("wasm-2006", 5)])
def test_01_each_movement_stands_in_one_stage_per_hour_of_it(rule: str, wake: int) -> None:
    result = score(NIGHT)
    rem = stage(result, rule, "R")
    assert (rem.hours, rem.movements, rem.plm) == (0.25, 5, 5)
    assert (rem.movements_per_hour, rem.plm_per_hour) == (20, 20)
    assert stage(result, rule, "W").plm == wake
    n2 = stage(result, rule, "N2")
    assert (n2.hours, n2.plm, n2.plm_per_hour, n2.plm_mean_duration_s) == (0.5, 4, 8, 2.5)
    assert stage(result, rule, "N1").plm_mean_duration_s is None
    n3 = stage(result, rule, "N3")
    assert (n3.hours, n3.movements, n3.plm_per_hour) == (0, 0, None)


@pytest.mark.parametrize("rule", RULES)
def test_02_kinds_and_stages_add_up_to_all_movements(rule: str) -> None:
    result = score(NIGHT)
    values, found = result.rules[rule].values, detail(result, rule)
    assert found.stages is not None
    assert sum(one.count for one in found.kinds) == values["leg_movement_count"]
    assert sum(one.movements for one in found.stages) == values["leg_movement_count"]
    assert sum(one.plm for one in found.stages) == kind(result, rule, "periodic").count == values["plm_count"]
    assert kind(result, rule, "periodic").index == pytest.approx(values["plms_index"])


def test_03_kinds_of_movements_with_their_index_and_duration() -> None:
    result = score(NIGHT)
    periodic = kind(result, "wasm-2016", "periodic")
    assert (periodic.count, periodic.in_sleep) == (14, 9)
    assert periodic.mean_duration_s == pytest.approx((1 + 2 + 3 + 4 + 2 * 10) / 14)
    short = kind(result, "wasm-2016", "short_interval")
    assert (short.count, short.index, short.mean_duration_s, short.sd_duration_s) == (
        1,
        pytest.approx(1 / 0.75),
        0.7,
        None,
    )
    alone = kind(result, "wasm-2016", "isolated")
    assert (alone.count, alone.mean_duration_s) == (1, 2.5)
    long = kind(result, "wasm-2016", "no_candidate")
    assert (long.count, long.mean_duration_s) == (1, 12)


def test_04_aasm_and_2006_know_no_candidates_and_drop_the_long_one() -> None:
    for rule in ("aasm-v3", "wasm-2006"):
        names = [one.kind for one in detail(score(NIGHT), rule).kinds]
        assert names == ["periodic", "short_interval", "isolated"]
        assert kind(score(NIGHT), rule, "short_interval").count == 1


def test_05_a_candidate_that_starts_a_series_after_a_short_interval_is_periodic() -> None:
    result = score([lm(at) for at in (100, 105, 130, 155, 180)])
    assert kind(result, "wasm-2016", "periodic").count == 4
    assert kind(result, "wasm-2016", "short_interval").count == 0
    assert result.rules["wasm-2016"].values["short_interval_count"] == 1


def test_06_histograms_of_intervals() -> None:
    onsets = [100, 101.5, 103.5, 113.5, 203.5, 303.6]
    found = detail(score([lm(at) for at in onsets], Event(0, HOUR, "stage_N2")), "wasm-2016").intervals
    assert (found.count, found.within, found.over) == (5, 2, 1)
    assert {n: count for n, count in enumerate(found.histogram) if count} == {0: 1, 1: 1, 5: 1, 44: 1}
    logs = [int(log(value) / 0.1) for value in (1.5, 2, 10, 90)]
    assert {n: count for n, count in enumerate(found.ln_histogram) if count} == dict.fromkeys(logs, 1)
    assert found.ln_outside == 1
    assert found.median_s == 10
    assert found.ln_mean == pytest.approx((log(10) + log(90)) / 2)


@pytest.mark.parametrize("rule", RULES)
def test_07_without_movements_or_stages_nothing_is_made_up(rule: str) -> None:
    none = detail(score([]), rule)
    assert none.intervals.count == 0
    assert (none.intervals.mean_s, none.intervals.ln_mean, none.kinds[0].mean_duration_s) == (None, None, None)
    recording = Recording("made", "TSV", None, HOUR, (), (), (), ())
    bare = detail(score_leg_movements(recording, NIGHT, rules=(rule,)), rule)
    assert bare.stages is None
    assert {one.index for one in bare.kinds} == {None}
    assert sum(one.count for one in bare.kinds) > 0


@pytest.mark.parametrize("rule", RULES)
@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from((0.9, 4.0, 9.99, 10.0, 30.0, 90.0, 91.0)), st.sampled_from((0.4, 1.0, 11.0))),
        max_size=30,
    )
)
def test_08_whatever_the_movements_all_adds_up(rule: str, steps: list[tuple[float, float]]) -> None:
    onset, movements = 50.0, []
    for step, duration in steps:
        onset += step
        movements.append(lm(onset, duration))
    result = score(movements)
    values, found = result.rules[rule].values, detail(result, rule)
    assert found.stages is not None
    total = values["leg_movement_count"]
    assert sum(one.count for one in found.kinds) == sum(one.movements for one in found.stages) == total
    spread = found.intervals
    assert sum(spread.histogram) + spread.over == sum(spread.ln_histogram) + spread.ln_outside == spread.count
    if rule == "wasm-2016":
        assert (spread.ln_mean, spread.ln_sd) == (
            pytest.approx(values["ln_interval_mean"]),
            pytest.approx(values["ln_interval_sd"]),
        )


def test_09_candidates_by_the_hour() -> None:
    result = score(NIGHT, *STAGES, Event(1890, 10, "apnea"))
    values = result.rules["wasm-2016"].values
    assert values["candidate_index"] == pytest.approx(11 / 0.75)
    assert values["candidate_index_without_respiratory"] == pytest.approx(10 / 0.75)
    assert values["candidate_wake_index"] == pytest.approx(5 / 0.25)
    assert values["candidate_per_recorded_hour"] == pytest.approx(16)
    assert values["plms_nrem_index_without_respiratory"] == pytest.approx(4 / 0.5)
    assert values["plms_rem_index_without_respiratory"] == pytest.approx(4 / 0.25)


@pytest.mark.parametrize("rule", RULES)
def test_10_the_json_holds_it_all(rule: str) -> None:
    told = as_json.score(score(NIGHT))["rules"][rule]
    assert told["stages"]["R"]["plm_per_hour"] == 20
    assert told["kinds"]["periodic"]["index"] == told["plms_index"]
    assert (len(told["intervals"]["histogram"]), len(told["intervals"]["ln_histogram"])) == (45, 45)
