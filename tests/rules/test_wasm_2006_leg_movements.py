"""WASM standards of 2006, leg movements: one test a clause, numbered; bounds from both sides."""

from __future__ import annotations

import pytest

from legtwitch.model import Event, Recording, Score
from legtwitch.scoring import score_leg_movements

HOUR = 3600.0
RULE = "wasm-2006"


def lm(onset: float, duration: float = 1.0, side: str = "left") -> Event:
    return Event(onset, duration, "leg_movement", side)  # type: ignore[arg-type]


def at(*onsets: float) -> list[Event]:
    return [lm(onset) for onset in onsets]


def score(movements: list[Event], *events: Event, stages: tuple[Event, ...] = (Event(0, HOUR, "stage_N2"),)) -> Score:
    recording = Recording("made", "TSV", None, HOUR, (), (), (*stages, *events), ())
    return score_leg_movements(recording, movements, rules=(RULE,))


def value(result: Score, name: str) -> float | int | None:
    return result.rules[RULE].values[name]


def periodic(result: Score) -> list[int]:
    return [round(one.onset_s) for one in result.movements if one.verdicts[RULE].plm]


@pytest.mark.parametrize(("duration", "counted"), [(0.499, 0), (0.5, 1), (10.0, 1), (10.001, 0)])
def test_01_a_movement_lasts_half_a_second_to_ten_seconds(duration: float, counted: int) -> None:
    assert value(score([lm(100, duration)]), "leg_movement_count") == counted


@pytest.mark.parametrize(("gap", "counted"), [(-0.5, 1), (0.499, 1), (0.5, 2)])
def test_02_legs_are_joined_under_half_a_second_from_end_to_start(gap: float, counted: int) -> None:
    assert value(score([lm(100, 2), lm(102 + gap, 1, "right")]), "leg_movement_count") == counted


@pytest.mark.parametrize(("step", "count"), [(4.999, 0), (5.0, 4), (90.0, 4), (90.001, 0)])
def test_03_onsets_follow_each_other_by_5_to_90_s(step: float, count: int) -> None:
    assert value(score(at(*(100 + step * number for number in range(4)))), "plms_count") == count


def test_04_a_series_has_four_movements() -> None:
    assert value(score(at(100, 120, 140)), "plms_count") == 0
    assert value(score(at(100, 120, 140, 160)), "series_count") == 1


def test_05_the_later_movement_of_a_short_interval_is_passed_over() -> None:
    assert periodic(score(at(100, 104, 109, 120, 140))) == [100, 109, 120, 140]


def test_06_a_movement_over_ten_seconds_is_not_seen() -> None:
    assert periodic(score([*at(100, 120), lm(132, 11), *at(150, 170)])) == [100, 120, 150, 170]


@pytest.mark.parametrize(("onset", "counted"), [(208.499, 1), (208.5, 0), (210.5, 0), (210.501, 1)])
def test_07_nothing_within_half_a_second_of_the_end_of_a_breathing_event_is_scored(onset: float, counted: int) -> None:
    result = score([lm(onset)], Event(180, 30, "apnea"))
    assert value(result, "leg_movement_count") == counted
    assert result.movements[0].verdicts[RULE].respiratory is (counted == 0)


def test_08_movements_of_sleep_and_of_wake_are_told_apart_at_their_onset() -> None:
    stages = (Event(0, 150, "stage_N2"), Event(150, 1800, "stage_W"))
    result = score(at(100, 120, 140, 160, 180), stages=stages)
    assert (value(result, "plms_count"), value(result, "plmw_count")) == (3, 2)
    assert value(result, "plmw_index") == pytest.approx(4)


def test_09_a_gap_ends_a_series() -> None:
    assert value(score(at(100, 120, 140, 160), Event(130, 2, "recording_gap")), "plms_count") == 0


def test_10_the_index_leaves_respiratory_movements_out_and_the_other_keeps_them() -> None:
    result = score(at(100, 120, 140, 160), Event(130, 10.5, "hypopnea"))
    assert value(result, "plms_index") == 0
    assert value(result, "plms_index_with_respiratory") == pytest.approx(4)


def test_11_an_arousal_overlaps_or_lies_under_half_a_second_away() -> None:
    assert value(score(at(100, 120, 140, 160), Event(101.499, 3, "arousal")), "plms_arousal_index") == pytest.approx(1)
    assert value(score(at(100, 120, 140, 160), Event(101.5, 3, "arousal")), "plms_arousal_index") == 0


@pytest.mark.parametrize(("gap", "counted"), [(0.499, 1), (0.5, 2)])
def test_12_marks_of_one_leg_under_half_a_second_apart_are_one(gap: float, counted: int) -> None:
    assert value(score([lm(100, 6), lm(106 + gap, 2)]), "leg_movement_count") == counted


def test_13_a_rera_takes_nothing_away() -> None:
    result = score(at(100, 120, 140, 160), Event(130, 10.5, "rera"))
    assert value(result, "leg_movement_count") == 4


def test_14_breathing_takes_one_leg_alone_before_legs_are_joined() -> None:
    result = score([lm(100, 1), lm(101.2, 1, "right")], Event(80, 21.8, "apnea"))
    assert [one.verdicts[RULE].respiratory for one in result.movements] == [False, True]
    assert value(result, "leg_movement_count") == 1


def test_15_a_chain_of_both_legs_is_one_movement() -> None:
    parts = [lm(100 + 1.3 * number, 1, ("left", "right")[number % 2]) for number in range(5)]
    assert value(score(parts), "leg_movement_count") == 1


def test_16_a_joined_movement_has_no_longest_duration() -> None:
    assert value(score([lm(100, 10), lm(109, 10, "right")]), "leg_movement_count") == 1


def test_17_a_series_may_run_across_sleep_and_wake() -> None:
    stages = (Event(0, 110, "stage_N2"), Event(110, 20, "stage_W"), Event(130, 3470, "stage_N2"))
    result = score(at(100, 120, 140, 160), stages=stages)
    assert (value(result, "series_count"), value(result, "plms_count"), value(result, "plmw_count")) == (1, 3, 1)


def test_18_an_artefact_drops_what_it_touches_ends_a_series_and_leaves_the_hours() -> None:
    result = score(at(100, 120, 140, 160, 180, 200), Event(139.5, 360, "artifact"))
    assert value(result, "leg_movement_count") == 2
    assert value(result, "plms_count") == 0
    assert result.hours.sleep == pytest.approx(0.9)


def test_19_nothing_outside_lights_counts() -> None:
    lights = (Event(110, 0, "lights_off"), Event(3000, 0, "lights_on"))
    assert value(score(at(100, 120, 140, 160, 180), *lights), "plms_count") == 4
    assert score(at(100), *lights).hours.sleep == pytest.approx(2890 / HOUR)


def test_20_point_marks_are_dropped_or_kept() -> None:
    points = [lm(100 + 20 * number, 0) for number in range(4)]
    assert value(score(points), "leg_movement_count") == 0
    recording = Recording("made", "TSV", None, HOUR, (), (), (Event(0, HOUR, "stage_N2"),), ())
    kept = score_leg_movements(recording, points, rules=(RULE,), readings={"point_marks": "keep"})
    assert value(kept, "plms_count") == 4


def test_21_two_movements_on_one_arousal_are_two() -> None:
    result = score(at(100, 106, 112, 118), Event(101.2, 5, "arousal"))
    assert value(result, "plms_arousal_index") == pytest.approx(2)


def test_22_without_stages_series_stand_and_sleep_indices_are_unknown() -> None:
    result = score(at(100, 120, 140, 160), stages=())
    assert (value(result, "series_count"), value(result, "plms_index")) == (1, None)
    assert result.rules[RULE].reasons["plms_index"].startswith("Q401")
