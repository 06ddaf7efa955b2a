"""Periodic movements by hour and by third of the night, clause by clause."""

from __future__ import annotations

import pytest

from legtwitch.model import Event, Recording, RuleScore
from legtwitch.report import as_json
from legtwitch.scoring import score_leg_movements

HOUR = 3600.0
RULES = ("aasm-v3", "wasm-2016", "wasm-2006")


def series(*starts: float) -> list[Event]:
    """Four movements 20 s apart from each start."""
    return [Event(start + 20 * number, 1.0, "leg_movement", "left") for start in starts for number in range(4)]


def rules(movements: list[Event], *events: Event, end: float = 3 * HOUR) -> dict[str, RuleScore]:
    recording = Recording("made", "TSV", None, end, (), (), events, ())
    return dict(score_leg_movements(recording, movements, rules=RULES).rules)


ASLEEP = Event(0, 3 * HOUR, "stage_N2")


@pytest.mark.parametrize("rule", RULES)
def test_01_counts_by_hour_sum_to_all_and_hours_of_sleep_too(rule: str) -> None:
    one = rules(series(100, 1000, HOUR + 100, 2.4 * HOUR), Event(0, 2.4 * HOUR, "stage_N2"), end=2.4 * HOUR + 100)[rule]
    assert one.plms_by_hour is not None
    assert sum(hour.plms for hour in one.plms_by_hour) == one.values["plms_count"]
    assert [hour.plms for hour in one.plms_by_hour][:2] == [8, 4]
    assert [hour.hours_of_sleep for hour in one.plms_by_hour] == pytest.approx([1, 1, 0.4])
    assert one.plms_by_hour[-1].to_s == 2.4 * HOUR + 100


@pytest.mark.parametrize("rule", RULES)
def test_02_hours_count_from_lights_off(rule: str) -> None:
    lights = (Event(1800, 0, "lights_off"), Event(1800 + 2 * HOUR, 0, "lights_on"))
    one = rules(series(100, 1900, 1800 + HOUR), ASLEEP, *lights)[rule]
    assert one.plms_by_hour is not None
    assert [(hour.from_s, hour.to_s, hour.plms) for hour in one.plms_by_hour] == [(1800, 5400, 4), (5400, 9000, 4)]


@pytest.mark.parametrize("rule", RULES)
def test_03_a_movement_at_the_edge_belongs_to_the_later_hour(rule: str) -> None:
    one = rules(series(HOUR - 20), ASLEEP)[rule]
    assert one.plms_by_hour is not None
    assert [hour.plms for hour in one.plms_by_hour] == [1, 3, 0]


@pytest.mark.parametrize("rule", RULES)
def test_04_thirds_are_per_hour_of_sleep_and_a_third_without_sleep_has_none(rule: str) -> None:
    stages = (Event(0, 1800, "stage_N2"), Event(1800, 1800 + HOUR, "stage_W"), Event(2 * HOUR, HOUR, "stage_R"))
    one = rules(series(100, 2 * HOUR + 100, 2 * HOUR + 1000), *stages)[rule]
    assert one.plms_index_thirds == (8, None, 8)


@pytest.mark.parametrize("rule", RULES)
def test_05_artefacts_leave_the_sleep_of_their_hour(rule: str) -> None:
    one = rules(series(100), ASLEEP, Event(HOUR, 1800, "artifact"))[rule]
    assert one.plms_by_hour is not None
    assert [hour.hours_of_sleep for hour in one.plms_by_hour] == [1, 0.5, 1]


@pytest.mark.parametrize("rule", RULES)
def test_06_without_stages_neither_is_known(rule: str) -> None:
    one = rules(series(100))[rule]
    assert (one.plms_by_hour, one.plms_index_thirds) == (None, None)


@pytest.mark.parametrize(("end", "known"), [(240 * HOUR, True), (240 * HOUR + 1, False), (1e12, False)])
def test_06b_a_mark_with_a_wrong_time_makes_no_endless_list_of_hours(end: float, known: bool) -> None:
    one = rules(series(100), ASLEEP, end=end)["aasm-v3"]
    assert (one.plms_by_hour is not None) is known
    assert one.plms_index_thirds is not None
    assert one.plms_index_thirds[0] is not None


def test_07_the_json_holds_both_and_all_other_measures_of_the_course() -> None:
    recording = Recording("made", "TSV", None, 3 * HOUR, (), (), (ASLEEP,), ())
    told = as_json.score(score_leg_movements(recording, series(100)))["rules"]
    assert told["aasm-v3"]["plms_by_hour"][0] == {"from_s": 0, "to_s": 3600, "plms": 4, "hours_of_sleep": 1}
    assert told["wasm-2016"]["plms_index_thirds"] == [4, 0, 0]
    intervals = ("periodicity_index", "periodicity_index_intervals", "ln_interval_mean", "ln_interval_sd")
    counts = ("isolated_count", "short_interval_count", "mean_duration_s")
    sides = ("left_count", "right_count", "bilateral_count", "side_unknown_count")
    assert {*intervals, *counts, *sides} <= set(told["wasm-2016"])


def test_marks_of_lights_that_look_swapped_are_said() -> None:
    swapped = (Event(600, 0, "lights_on"), Event(2.5 * HOUR, 0, "lights_off"))
    recording = Recording("made", "TSV", None, 3 * HOUR, (), (), (ASLEEP, *swapped), ())
    said = [one.message for one in score_leg_movements(recording, series(100)).quality]
    assert "Lights on is marked before lights off." in said
