"""AASM manual version 3, leg movements: one test a clause, numbered; bounds from both sides."""

from __future__ import annotations

import pytest

from legtwitch.errors import UsageError
from legtwitch.model import Event, Recording, Score
from legtwitch.scoring import score_leg_movements

NIGHT_S = 3600.0


def lm(onset: float, duration: float = 1.0, side: str = "left") -> Event:
    return Event(onset, duration, "leg_movement", side)


def every(step: float, count: int = 4, start: float = 100.0) -> list[Event]:
    return [lm(start + step * number) for number in range(count)]


def asleep(start: float = 0.0, end: float = NIGHT_S, stage: str = "N2") -> Event:
    return Event(start, end - start, f"stage_{stage}")


def score(
    movements: list[Event],
    *events: Event,
    stages: tuple[Event, ...] | None = None,
    end: float = NIGHT_S,
    **readings: str,
) -> Score:
    marks = (*((asleep(),) if stages is None else stages), *events)
    recording = Recording("made", "TSV", None, end, (), (), marks, ())
    return score_leg_movements(recording, movements, rules=("aasm-v3",), readings=readings)


def value(result: Score, name: str) -> float | int | None:
    return result.rules["aasm-v3"].values[name]


def count(result: Score) -> float | int | None:
    return value(result, "leg_movement_count")


def plms(result: Score) -> float | int | None:
    return value(result, "plms_count")


def series(result: Score) -> list[int]:
    """Onsets of periodic movements."""
    return [round(one.onset_s) for one in result.movements if one.verdicts["aasm-v3"].plm]


def said(result: Score, number: int) -> str:
    return "; ".join(result.movements[number].verdicts["aasm-v3"].reasons)


@pytest.mark.parametrize(("duration", "counted"), [(0.499, 0), (0.5, 1), (10.0, 1), (10.001, 0)])
def test_01_a_movement_lasts_half_a_second_to_ten_seconds(duration: float, counted: int) -> None:
    result = score([lm(100, duration)])
    assert count(result) == counted
    assert f"{duration:g}" in said(result, 0)


@pytest.mark.parametrize(("gap", "counted"), [(0.499, 1), (0.5, 2)])
def test_02_marks_of_one_leg_under_half_a_second_apart_are_one(gap: float, counted: int) -> None:
    result = score([lm(100, 6.0), lm(106 + gap, 2.0)])
    assert count(result) == counted


def test_03_merged_marks_are_measured_as_one_movement() -> None:
    short = score([lm(100, 0.3), lm(100.4, 0.2)])
    assert count(short) == 1
    long = score([lm(100, 6), lm(106.2, 6)])
    assert count(long) == 0
    assert "lasts 12.2 s" in said(long, 1)
    assert "one movement with m1" in said(long, 1)


@pytest.mark.parametrize(("step", "periodic"), [(4.999, 0), (5.0, 4), (5.001, 4), (89.999, 4), (90.0, 4), (90.001, 0)])
def test_04_onsets_follow_each_other_by_5_to_90_s(step: float, periodic: int) -> None:
    assert plms(score(every(step))) == periodic


@pytest.mark.parametrize(("number", "periodic"), [(3, 0), (4, 4), (5, 5)])
def test_05_a_series_has_four_movements(number: int, periodic: int) -> None:
    assert plms(score(every(20, number))) == periodic


def test_06_two_series_are_numbered_apart() -> None:
    result = score([*every(20, 4), *every(20, 4, 300)])
    assert value(result, "series_count") == 2
    assert [one.verdicts["aasm-v3"].series for one in result.movements] == [1] * 4 + [2] * 4


def test_07_a_short_interval_is_passed_over_and_measured_on() -> None:
    onsets = [100, 104, 109, 120, 140]
    result = score([lm(onset) for onset in onsets])
    assert series(result) == [100, 109, 120, 140]
    assert count(result) == 5
    assert "passed over" in said(result, 1)
    assert "interval of 9.0 s" in said(result, 2)


def test_08_a_short_interval_starts_anew_when_so_read() -> None:
    result = score([lm(onset) for onset in (100, 120, 140, 144, 160, 180)], aasm_short="restart")
    assert plms(result) == 0
    assert plms(score([lm(onset) for onset in (100, 120, 140, 144, 160, 180, 200)], aasm_short="restart")) == 4


@pytest.mark.parametrize(("lag", "counted"), [(0.0, 1), (4.999, 1), (5.0, 2)])
def test_09_left_and_right_onsets_under_five_seconds_apart_count_as_one(lag: float, counted: int) -> None:
    result = score([lm(100), lm(100 + lag, side="right")])
    assert count(result) == counted
    joined = [one.verdicts["aasm-v3"].combined_with for one in result.movements]
    assert joined == ([("m2",), ("m1",)] if counted == 1 else [(), ()])


def test_10_the_same_leg_is_never_joined() -> None:
    assert count(score([lm(100), lm(103)])) == 2


def test_11_the_interval_after_a_joined_movement_runs_from_the_first_onset() -> None:
    onsets = [lm(100), lm(104, side="right"), lm(190, side="right"), lm(280), lm(370)]
    result = score(onsets)
    assert plms(result) == 4
    assert result.movements[2].verdicts["aasm-v3"].interval_s == 90.0


def test_12_a_joined_movement_has_no_longest_duration() -> None:
    assert count(score([lm(100, 10), lm(104.9, 10, "right")])) == 1


@pytest.mark.parametrize(
    ("reading", "counted"),
    [("pair", [("m2",), ("m1",), ()]), ("anchor", [("m2",), ("m1", "m3"), ("m2",)])],
)
def test_13_one_is_joined_with_one_or_all_near_the_first(reading: str, counted: list[tuple[str, ...]]) -> None:
    result = score([lm(100), lm(102, side="right"), lm(104.5)], aasm_combine=reading)
    assert [one.verdicts["aasm-v3"].combined_with for one in result.movements] == counted


def test_13b_a_movement_has_one_partner_alone() -> None:
    result = score([lm(100), lm(101.6), lm(103, side="right")])
    assert [one.verdicts["aasm-v3"].combined_with for one in result.movements] == [("m3",), (), ("m1",)]
    assert count(result) == 2


@pytest.mark.parametrize(("reading", "counted"), [("pair", 2), ("anchor", 2), ("chain", 1)])
def test_14_a_chain_is_joined_as_long_as_the_next_follows(reading: str, counted: int) -> None:
    assert count(score([lm(100), lm(104, side="right"), lm(108)], aasm_combine=reading)) == counted


def test_15_both_as_a_side_is_one_movement_on_each_leg() -> None:
    result = score([lm(100, side="both")])
    assert count(result) == 1
    assert [(one.side, one.verdicts["aasm-v3"].combined_with) for one in result.movements] == [
        ("left", ("m2",)),
        ("right", ("m1",)),
    ]


@pytest.mark.parametrize("kind", ["apnea", "hypopnea", "rera"])
@pytest.mark.parametrize(("onset", "counted"), [(198.499, 1), (198.5, 0), (210, 0), (220.5, 0), (220.501, 1)])
def test_16_no_part_may_lie_from_half_a_second_before_to_after_a_breathing_event(
    kind: str, onset: float, counted: int
) -> None:
    result = score([lm(onset, 1.0)], Event(200, 20, kind))
    assert count(result) == counted
    verdict = result.movements[0].verdicts["aasm-v3"]
    assert verdict.respiratory is (counted == 0)
    assert verdict.leg_movement is (counted == 1)


def test_17_a_breathing_event_takes_one_leg_alone_before_legs_are_joined() -> None:
    result = score([lm(99.0, 0.5), lm(100.0, 1.0, "right")], Event(100.5, 20, "apnea"))
    assert [one.verdicts["aasm-v3"].respiratory for one in result.movements] == [False, True]
    assert result.movements[0].verdicts["aasm-v3"].combined_with == ()
    assert count(result) == 1


def test_18_the_index_leaves_respiratory_movements_out_and_the_other_keeps_them() -> None:
    result = score(every(30, 8), Event(185, 10, "hypopnea"))
    assert plms(result) == 7
    assert value(result, "plms_index") == value(result, "plms_index_without_respiratory") == pytest.approx(7)
    assert value(result, "plms_index_with_respiratory") == pytest.approx(8)
    assert value(result, "respiratory_count") == 1


@pytest.mark.parametrize(("onset", "counted"), [(98.999, 0), (99.0, 0), (99.001, 1), (149.999, 1), (150.0, 0)])
def test_19_at_least_part_of_the_movement_lies_in_sleep(onset: float, counted: int) -> None:
    stages = (asleep(0, 100, "W"), asleep(100, 150), asleep(150, 300, "W"))
    assert count(score([lm(onset, 1.0)], stages=stages)) == counted


def test_20_one_leg_in_sleep_is_enough_for_a_joined_movement() -> None:
    stages = (asleep(0, 100, "W"), asleep(100, 300))
    assert count(score([lm(97, 1.0), lm(101, 1.0, "right")], stages=stages)) == 1


WAKE_BETWEEN = (asleep(0, 130), asleep(130, 160, "W"), asleep(160, 600))


def test_21_a_movement_in_wake_is_not_seen_by_the_series() -> None:
    movements = [lm(onset) for onset in (100, 120, 140, 170, 190)]
    assert series(score(movements, stages=WAKE_BETWEEN)) == [100, 120, 170, 190]
    assert plms(score(movements, stages=WAKE_BETWEEN, aasm_wake_lm="ends")) == 0


def test_22_wake_between_does_not_part_movements() -> None:
    movements = [lm(onset) for onset in (100, 120, 170, 190)]
    assert plms(score(movements, stages=WAKE_BETWEEN, aasm_wake_lm="ends")) == 4


def test_23_a_movement_over_ten_seconds_between_is_ignored_or_ends() -> None:
    movements = [lm(100), lm(120), lm(135, 10.5), lm(160), lm(180)]
    assert series(score(movements)) == [100, 120, 160, 180]
    assert plms(score(movements, aasm_long="ends")) == 0


@pytest.mark.parametrize(
    "stop", [Event(130, 5, "recording_gap"), Event(130, 0, "recording_gap"), Event(130, 5, "artifact")]
)
def test_24_a_gap_and_an_artefact_end_a_series(stop: Event) -> None:
    movements = [lm(onset) for onset in (80, 100, 120, 140, 160)]
    assert plms(score(movements)) == 5
    assert plms(score(movements, stop)) == 0
    result = score([*movements, lm(180), lm(200)], stop)
    assert series(result) == [140, 160, 180, 200]
    assert result.movements[3].verdicts["aasm-v3"].interval_s is None


@pytest.mark.parametrize(("end", "periodic"), [(100.0, 4), (100.001, 0)])
def test_24b_a_gap_that_ends_before_the_first_onset_parts_nothing(end: float, periodic: int) -> None:
    assert plms(score(every(20), Event(90, end - 90, "recording_gap"))) == periodic


@pytest.mark.parametrize(("onset", "counted"), [(99.0, 1), (99.001, 0), (109.999, 0), (110.0, 1)])
def test_25_a_movement_on_an_artefact_is_not_counted(onset: float, counted: int) -> None:
    assert count(score([lm(onset, 1.0)], Event(100, 10, "artifact"))) == counted


def test_26_artefacts_and_gaps_leave_the_hours() -> None:
    result = score(every(20, 9), Event(1000, 900, "artifact"), Event(1800, 1000, "recording_gap"))
    assert result.hours.recorded == result.hours.sleep == pytest.approx(0.5)
    assert value(result, "plms_index") == pytest.approx(18)


@pytest.mark.parametrize(
    ("start", "duration", "aroused"),
    [(101.499, 3, True), (101.5, 3, False), (95, 4.501, True), (95, 4.5, False), (100.2, 0.1, True), (50, 100, True)],
)
def test_27_an_arousal_overlaps_or_lies_under_half_a_second_away(start: float, duration: float, aroused: bool) -> None:
    result = score([lm(100, 1.0)], Event(start, duration, "arousal"))
    assert result.movements[0].verdicts["aasm-v3"].arousal is aroused


def test_28_two_movements_on_one_arousal_are_two() -> None:
    result = score(every(6), Event(101.2, 5, "arousal"))
    assert value(result, "plms_arousal_index") == pytest.approx(2)
    assert value(result, "plms_arousal_count") == 2


def test_29_without_marks_of_arousals_their_index_is_unknown() -> None:
    result = score(every(20))
    assert value(result, "plms_arousal_index") is None
    assert value(result, "plms_arousal_count") is None
    assert result.rules["aasm-v3"].reasons["plms_arousal_index"].startswith("Q404")
    assert result.movements[0].verdicts["aasm-v3"].arousal is None


LIGHTS = (Event(105, 0, "lights_off"), Event(1905, 0, "lights_on"))


def test_30_nothing_outside_lights_counts() -> None:
    result = score([*every(20, 5), lm(1905), lm(3000)], *LIGHTS)
    assert series(result) == [120, 140, 160, 180]
    assert count(result) == 4
    assert result.hours.sleep == result.hours.recorded == pytest.approx(0.5)
    assert value(result, "plms_index") == pytest.approx(8)
    assert "outside lights" in said(result, 0)


def test_31_lights_are_ignored_when_so_read() -> None:
    result = score(every(20, 5), *LIGHTS, lights="ignore")
    assert plms(result) == 5
    assert result.hours.sleep == pytest.approx(1)


def test_32_without_marks_of_lights_all_counts_and_it_is_said() -> None:
    assert "Q402" in [one.code for one in score(every(20)).quality]
    assert "Q402" not in [one.code for one in score(every(20), *LIGHTS).quality]


def test_33_point_marks_are_dropped_and_said_or_kept() -> None:
    points = [lm(100 + 20 * number, 0.0) for number in range(4)]
    result = score(points)
    assert (count(result), plms(result)) == (0, 0)
    assert [one.message for one in result.quality if one.code == "Q406"] == [
        "4 marks of leg movements have no duration."
    ]
    assert not any(one.verdicts["aasm-v3"].leg_movement for one in result.movements)
    assert plms(score(points, point_marks="keep")) == 4


def test_34_indices_by_state_have_their_own_hours() -> None:
    stages = (asleep(0, 1800, "N2"), asleep(1800, 2700, "R"), asleep(2700, 3600, "W"))
    result = score([*every(20, 6), *every(20, 5, 2000)], stages=stages)
    assert value(result, "plms_nrem_index") == pytest.approx(12)
    assert value(result, "plms_rem_index") == pytest.approx(20)
    assert value(result, "plms_index") == pytest.approx(11 / 0.75)
    assert value(result, "plmw_index") is None


def test_35_no_rem_gives_no_rem_index() -> None:
    result = score(every(20))
    assert value(result, "plms_rem_index") is None
    assert result.rules["aasm-v3"].reasons["plms_rem_index"] == "Q405: no REM sleep was recorded"


def test_36_without_stages_series_stand_and_sleep_indices_are_unknown() -> None:
    result = score(every(20), stages=())
    assert value(result, "series_count") == 1
    assert value(result, "plm_count") == 4
    assert value(result, "lm_per_recorded_hour") == pytest.approx(4)
    for name in ("plms_count", "plms_index", "plms_nrem_index", "plms_rem_index", "lm_index"):
        assert value(result, name) is None
        assert result.rules["aasm-v3"].reasons[name].startswith("Q401")
    assert result.hours.sleep is None
    assert all(one.verdicts["aasm-v3"].plm for one in result.movements)


def test_37_an_unknown_clause_or_reading_is_refused_with_what_is_allowed() -> None:
    with pytest.raises(UsageError, match="E141") as unknown:
        score([], aasm_sort="skip")
    assert "aasm_short" in unknown.value.allowed
    with pytest.raises(UsageError, match="E143") as wrong:
        score([], aasm_short="perhaps")
    assert wrong.value.allowed == ["skip", "restart"]
    with pytest.raises(UsageError, match="E142"):
        score([], aasm_gap="breaks")
    with pytest.raises(UsageError, match="E141"):
        score([], wasm_window="half")


def test_38_the_readings_taken_are_in_the_score() -> None:
    result = score([], aasm_combine="chain")
    assert result.readings["aasm_combine"] == "chain"
    assert result.readings["aasm_short"] == "skip"
    assert result.rule_hashes["aasm-v3"].startswith("sha256:")


def test_39_a_movement_where_no_stage_is_known_is_not_counted_and_it_is_said() -> None:
    result = score(every(20), stages=(asleep(110),))
    assert (count(result), value(result, "series_count")) == (3, 0)
    assert "stage at its onset: unknown" in said(result, 0)
    assert "Q422" in [one.code for one in result.quality]
    assert "Q422" not in [one.code for one in score(every(20)).quality]
    assert "Q422" not in [one.code for one in score(every(20), stages=()).quality]
