"""WASM standards of 2016, leg movements: one test a clause, numbered; bounds from both sides."""

from __future__ import annotations

from math import log

import pytest

from legtwitch.model import Event, Recording, Score, Verdict
from legtwitch.scoring import score_leg_movements

NIGHT_S = 3600.0


def lm(onset: float, duration: float = 1.0, side: str = "left") -> Event:
    return Event(onset, duration, "leg_movement", side)


def at(*onsets: float) -> list[Event]:
    return [lm(onset) for onset in onsets]


def stage(start: float, end: float, name: str = "N2") -> Event:
    return Event(start, end - start, f"stage_{name}")


def score(
    movements: list[Event], *events: Event, stages: tuple[Event, ...] = (stage(0, NIGHT_S),), **readings: str
) -> Score:
    recording = Recording("made", "TSV", None, NIGHT_S, (), (), (*stages, *events), ())
    return score_leg_movements(recording, movements, rules=("wasm-2016",), readings=readings)


def value(result: Score, name: str) -> float | int | None:
    return result.rules["wasm-2016"].values[name]


def verdicts(result: Score) -> list[Verdict]:
    return [one.verdicts["wasm-2016"] for one in result.movements]


def periodic(result: Score) -> list[int]:
    return [round(one.onset_s) for one in result.movements if one.verdicts["wasm-2016"].plm]


@pytest.mark.parametrize(
    ("duration", "leg_movements", "candidates"), [(0.499, 0, 0), (0.5, 1, 1), (10.0, 1, 1), (10.001, 1, 0), (60, 1, 0)]
)
def test_01_a_candidate_of_one_leg_lasts_half_a_second_to_ten_seconds(
    duration: float, leg_movements: int, candidates: int
) -> None:
    result = score([lm(100, duration)])
    assert (value(result, "leg_movement_count"), value(result, "candidate_count")) == (leg_movements, candidates)
    assert verdicts(result)[0].leg_movement is bool(leg_movements)
    assert verdicts(result)[0].candidate is bool(candidates)


@pytest.mark.parametrize(("gap", "counted"), [(-0.7, 1), (0.0, 1), (0.499, 1), (0.5, 2)])
def test_02_legs_are_joined_on_overlap_or_under_half_a_second_from_end_to_start(gap: float, counted: int) -> None:
    result = score([lm(100, 2.0), lm(102 + gap, 1.0, "right")])
    assert value(result, "leg_movement_count") == counted
    assert verdicts(result)[0].combined_with == (("m2",) if counted == 1 else ())


@pytest.mark.parametrize(("second", "candidates"), [(5.2, 1), (5.201, 0)])
def test_03_a_bilateral_candidate_lasts_at_most_fifteen_seconds(second: float, candidates: int) -> None:
    result = score([lm(100, 10.0), lm(109.8, second, "right")])
    assert value(result, "leg_movement_count") == 1
    assert value(result, "candidate_count") == candidates


@pytest.mark.parametrize(("components", "candidates"), [(4, 1), (5, 0)])
def test_04_a_bilateral_candidate_has_at_most_four_movements(components: int, candidates: int) -> None:
    parts = [lm(100 + 1.2 * number, 1.0, ("left", "right")[number % 2]) for number in range(components)]
    result = score(parts)
    assert value(result, "leg_movement_count") == 1
    assert value(result, "candidate_count") == candidates


@pytest.mark.parametrize(("duration", "candidates"), [(10.0, 1), (10.001, 0)])
def test_05_every_part_of_a_bilateral_candidate_is_a_candidate(duration: float, candidates: int) -> None:
    assert value(score([lm(100, duration), lm(103, 2.0, "right")]), "candidate_count") == candidates


def test_06_a_bilateral_movement_grows_step_by_step() -> None:
    result = score([lm(100, 1.0), lm(101.3, 3.0, "right"), lm(104.7, 1.0)])
    assert value(result, "leg_movement_count") == 1
    assert verdicts(result)[0].combined_with == ("m2",)
    assert verdicts(result)[1].combined_with == ("m1", "m3")


def test_06b_the_window_reaches_to_the_part_that_ends_last() -> None:
    assert value(score([lm(100, 6), lm(101, 1, "right"), lm(106.3, 1, "right")]), "leg_movement_count") == 1


@pytest.mark.parametrize(
    ("step", "count"), [(9.999, 0), (10.0, 4), (10.001, 4), (89.999, 4), (90.0, 4), (90.001, 0), (5.0, 0)]
)
def test_07_onsets_follow_each_other_by_10_to_90_s(step: float, count: int) -> None:
    assert value(score(at(*(100 + step * number for number in range(4)))), "plms_count") == count


@pytest.mark.parametrize(("number", "count"), [(3, 0), (4, 4)])
def test_08_a_series_has_four_candidates(number: int, count: int) -> None:
    assert value(score(at(*(100 + 20 * n for n in range(number)))), "plms_count") == count


def test_09_the_interval_runs_from_the_onset_of_the_joined_movement() -> None:
    movements = [lm(100), lm(101.2, 1.0, "right"), lm(190, 1.0, "right"), lm(280), lm(370)]
    result = score(movements)
    assert value(result, "plms_count") == 4
    assert verdicts(result)[2].interval_s == 90.0


def test_10_a_short_interval_ends_the_series() -> None:
    result = score(at(100, 120, 140, 149, 169, 189))
    assert value(result, "plms_count") == 0
    assert value(result, "short_interval_count") == 1
    assert "breaks the run: 9.0 s since the candidate before, below 10 s" in verdicts(result)[3].reasons


def test_11_a_candidate_after_a_short_interval_may_start_a_series() -> None:
    onsets = (100, 105, 130, 155, 180)
    assert periodic(score(at(*onsets))) == [105, 130, 155, 180]
    assert periodic(score(at(*onsets), wasm_short_start="may_not")) == []
    assert periodic(score(at(*onsets, 205), wasm_short_start="may_not")) == [130, 155, 180, 205]


def test_12_a_long_interval_ends_the_series_and_starts_the_next() -> None:
    result = score(at(100, 120, 140, 160, 251, 271, 291, 311))
    assert value(result, "series_count") == 2
    assert "ends the series: 91.0 s since the candidate before, over 90 s" in verdicts(result)[4].reasons


def test_13_a_movement_that_is_no_candidate_ends_the_series() -> None:
    movements = [*at(100, 120, 140), lm(155, 10.5), *at(170, 190, 210)]
    result = score(movements)
    assert value(result, "plms_count") == 0
    assert verdicts(result)[4].interval_s is None
    assert value(score([*movements, lm(230)]), "plms_count") == 4


@pytest.mark.parametrize(
    "stop", [Event(150, 0, "recording_gap"), Event(150, 5, "recording_gap"), Event(150, 5, "artifact")]
)
def test_14_a_gap_and_an_artefact_end_the_series_and_the_next_has_no_interval(stop: Event) -> None:
    result = score(at(100, 120, 140, 160, 180, 200), stop)
    assert value(result, "plms_count") == 0
    assert [one.interval_s for one in verdicts(result)] == [None, 20, 20, None, 20, 20]


SLEEP_WAKE = (stage(0, 150), stage(150, 250, "W"), stage(250, 1850, "R"), stage(1850, 3600, "W"))


def test_15_a_series_may_run_across_sleep_and_wake() -> None:
    result = score(at(100, 140, 180, 220, 260), stages=SLEEP_WAKE)
    assert value(result, "series_count") == 1
    assert (value(result, "plms_count"), value(result, "plmw_count"), value(result, "plm_count")) == (3, 2, 5)
    assert value(result, "plms_index") == pytest.approx(3 / (1750 / 3600))
    assert value(result, "plmw_index") == pytest.approx(2 / (1850 / 3600))
    assert value(result, "plms_nrem_index") == pytest.approx(2 / (150 / 3600))
    assert value(result, "plms_rem_index") == pytest.approx(1 / (1600 / 3600))


def test_16_a_series_wholly_in_wake_counts_as_series() -> None:
    result = score(at(2000, 2020, 2040, 2060), stages=SLEEP_WAKE)
    assert (value(result, "series_count"), value(result, "plms_count"), value(result, "plmw_count")) == (1, 0, 4)


def test_17_sleep_or_wake_is_told_at_the_onset_or_by_any_part() -> None:
    movements = at(170, 190, 210, 249.5)
    assert value(score(movements, stages=SLEEP_WAKE), "plms_count") == 0
    assert value(score(movements, stages=SLEEP_WAKE, wasm_sleep="any_part"), "plms_count") == 1


@pytest.mark.parametrize(
    ("onset", "respiratory"), [(206.999, False), (207.0, True), (215.0, True), (220.25, True), (220.251, False)]
)
def test_18_respiratory_is_any_part_from_2_s_before_to_10_s_and_a_quarter_after_the_end(
    onset: float, respiratory: bool
) -> None:
    result = score([lm(onset, 1.0)], Event(180, 30, "apnea"))
    assert verdicts(result)[0].respiratory is respiratory
    assert verdicts(result)[0].leg_movement is True
    assert value(result, "respiratory_count") == int(respiratory)


def test_19_a_movement_that_spans_the_window_is_respiratory() -> None:
    assert verdicts(score([lm(205, 10.0)], Event(205, 3, "hypopnea")))[0].respiratory is True
    assert verdicts(score([lm(207, 3.0)], Event(204.5, 4, "apnea"), wasm_window="half"))[0].respiratory is True


@pytest.mark.parametrize(("onset", "respiratory"), [(208.499, False), (208.5, True), (210.5, True), (210.501, False)])
def test_20_the_other_window_is_half_a_second_around_the_end(onset: float, respiratory: bool) -> None:
    result = score([lm(onset, 1.0)], Event(180, 30, "apnea"), wasm_window="half")
    assert verdicts(result)[0].respiratory is respiratory


def test_21_a_rera_has_the_window_on_request_alone() -> None:
    rera = Event(180, 30, "rera")
    assert verdicts(score([lm(212)], rera))[0].respiratory is False
    assert verdicts(score([lm(212)], rera, wasm_rera="yes"))[0].respiratory is True


def test_22_the_index_is_with_all_candidates_and_anew_without_respiratory_ones() -> None:
    movements = at(100, 140, 180, 220, 260)
    result = score(movements, Event(165, 12, "apnea"))
    assert value(result, "plms_index") == value(result, "plms_index_with_respiratory") == pytest.approx(5)
    assert value(result, "plms_index_without_respiratory") == pytest.approx(4)


def test_23_without_respiratory_candidates_intervals_are_measured_anew() -> None:
    breath = Event(140, 4, "apnea")
    joined_up = score(at(100, 120, 145, 150, 170), breath)
    assert value(joined_up, "plms_index") == 0
    assert value(joined_up, "plms_index_without_respiratory") == 0
    healed = score(at(100, 120, 139, 143, 172, 190), Event(130, 12, "apnea"))
    assert value(healed, "plms_index") == 0
    assert value(healed, "plms_index_without_respiratory") == pytest.approx(4)
    parted = score(at(100, 150, 196, 242, 290), Event(180, 12, "apnea"))
    assert value(parted, "plms_index") == pytest.approx(5)
    assert value(parted, "plms_index_without_respiratory") == 0


def test_24_a_respiratory_movement_that_is_no_candidate_still_ends_series() -> None:
    movements = [*at(100, 120), lm(135, 11), *at(160, 180)]
    result = score(movements, Event(120, 14, "apnea"))
    assert verdicts(result)[2].respiratory is True
    assert value(result, "plms_index_without_respiratory") == 0
    assert value(score([*at(100, 120), *at(160, 180)], Event(120, 14, "apnea")), "plms_index_without_respiratory") == 4


def test_25_without_breathing_events_the_tie_is_unknown_and_said() -> None:
    result = score(at(100, 120, 140, 160))
    assert verdicts(result)[0].respiratory is None
    assert value(result, "plms_index_without_respiratory") == pytest.approx(4)
    assert value(result, "respiratory_count") is None
    assert "Q403" in [one.code for one in result.quality]


@pytest.mark.parametrize(("start", "aroused"), [(101.499, True), (101.5, False)])
def test_26_an_arousal_overlaps_or_lies_under_half_a_second_away(start: float, aroused: bool) -> None:
    result = score(at(100, 120, 140, 160), Event(start, 5, "arousal"))
    assert verdicts(result)[0].arousal is aroused
    assert value(result, "plms_arousal_index") == pytest.approx(int(aroused))


def test_27_both_periodicity_indices() -> None:
    """Intervals 20, 20, 20, 5, 30, 100: 4 PLM of 7 candidates; one run of 3 of 6 intervals."""
    result = score(at(100, 120, 140, 160, 165, 195, 295))
    assert value(result, "periodicity_index") == pytest.approx(4 / 7)
    assert value(result, "periodicity_index_intervals") == pytest.approx(3 / 6)


def test_28_an_interval_of_ten_seconds_is_periodic_but_not_for_the_index_by_intervals() -> None:
    result = score(at(100, 110, 120, 130))
    assert value(result, "periodicity_index") == 1
    assert value(result, "periodicity_index_intervals") == 0


def test_29_a_run_of_intervals_does_not_reach_across_a_movement_that_is_no_candidate() -> None:
    result = score([*at(100, 120, 140), lm(155, 11), *at(170, 190, 210)])
    assert value(result, "periodicity_index_intervals") == 0


def test_30_short_and_isolated_candidates_are_counted() -> None:
    result = score(at(100, 120, 140, 160, 165, 300))
    assert (value(result, "short_interval_count"), value(result, "isolated_count")) == (1, 1)


def test_31_logarithms_of_intervals() -> None:
    result = score(at(100, 120, 150, 155))
    assert value(result, "ln_interval_mean") == pytest.approx((log(20) + log(30)) / 2)
    assert value(result, "ln_interval_sd") == pytest.approx((log(30) - log(20)) / 2**0.5)
    alone = score(at(100, 120))
    assert value(alone, "ln_interval_sd") is None
    assert alone.rules["wasm-2016"].reasons["ln_interval_sd"].startswith("Q412")


def test_32_sides_and_durations_of_periodic_movements() -> None:
    result = score([lm(100), lm(120, 2, "right"), lm(140, 3, "both"), lm(160, 2, "n/a"), lm(400, 9)])
    names = ("left_count", "right_count", "bilateral_count", "side_unknown_count")
    assert [value(result, name) for name in names] == [1, 1, 1, 1]
    assert value(result, "mean_duration_s") == pytest.approx(2.0)


def test_33_leg_movements_in_sleep_and_per_recorded_hour() -> None:
    result = score([lm(100), lm(300, 20), lm(2000)], stages=SLEEP_WAKE)
    assert value(result, "lm_index") == pytest.approx(2 / (1750 / 3600))
    assert value(result, "lm_per_recorded_hour") == pytest.approx(3)


def test_34_without_stages_series_stand_and_indices_by_state_are_unknown() -> None:
    result = score(at(100, 120, 140, 160), stages=())
    assert (value(result, "series_count"), value(result, "plm_count"), value(result, "candidate_count")) == (1, 4, 4)
    for name in ("plms_count", "plmw_count", "plms_index", "plmw_index", "plms_index_without_respiratory", "lm_index"):
        assert value(result, name) is None
        assert result.rules["wasm-2016"].reasons[name].startswith("Q401")


def test_35_marks_of_one_leg_under_half_a_second_apart_are_one_movement() -> None:
    assert value(score([lm(100, 6), lm(106.499, 6)]), "candidate_count") == 0
    assert value(score([lm(100, 6), lm(106.5, 6)]), "candidate_count") == 2


def test_36_point_marks_are_dropped_or_kept() -> None:
    points = [lm(100 + 20 * number, 0) for number in range(4)]
    assert value(score(points), "leg_movement_count") == 0
    kept = score(points, point_marks="keep")
    assert value(kept, "plms_count") == 4
    assert value(kept, "mean_duration_s") is None


def test_37_lights_and_artefacts_leave_movements_and_hours() -> None:
    lights = (Event(110, 0, "lights_off"), Event(3000, 0, "lights_on"))
    result = score(at(100, 120, 140, 160, 180, 3100), *lights, Event(2000, 1090 - 90, "artifact"))
    assert periodic(result) == [120, 140, 160, 180]
    assert value(result, "leg_movement_count") == 4
    assert result.hours.sleep == pytest.approx(1890 / 3600)


def test_38_no_candidate_gives_no_periodicity() -> None:
    result = score([])
    assert value(result, "leg_movement_count") == 0
    assert value(result, "periodicity_index") is None
    assert value(result, "mean_duration_s") is None


def test_39_two_movements_on_one_arousal_are_two() -> None:
    result = score(at(100, 110, 120, 130), Event(101.2, 8.5, "arousal"))
    assert value(result, "plms_arousal_index") == pytest.approx(2)


def test_40_a_movement_where_no_stage_is_known_is_in_series_but_in_no_index_and_it_is_said() -> None:
    stages = (stage(110, NIGHT_S),)
    result = score(at(100, 120, 140, 160), stages=stages)
    assert (value(result, "plm_count"), value(result, "plms_count"), value(result, "plmw_count")) == (4, 3, 0)
    (said,) = (one for one in result.quality if one.code == "Q422")
    assert said.message.startswith("1 leg movements")
