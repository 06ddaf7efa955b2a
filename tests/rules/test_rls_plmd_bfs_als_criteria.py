"""Restless legs, periodic limb movement disorder, benign fasciculations and ALS: one test a clause, in three values."""

from __future__ import annotations

from typing import Any

import pytest

import legtwitch as lt

LUMBAR, CERVICAL, BULBAR = ({"region": one} for one in ("lumbosacral", "cervical", "bulbar"))


def at(*places: dict[str, str]) -> list[dict[str, str]]:
    return [{"value": "present", "by": "clinician", **place} for place in places]


def result(criterion: str, findings: dict[str, Any], age: float | None = 50) -> str:
    person = {} if age is None else {"age": age}
    found = lt.assess({"date": "2026-11-22", "person": person, "findings": findings}).criteria
    return next(one.result for one in found if one.id == criterion)


def without(case: dict[str, Any], *names: str) -> dict[str, Any]:
    return {name: value for name, value in case.items() if name not in names}


RLS = {
    "urge_to_move_legs": "present",
    "urge_worse_at_rest": "present",
    "urge_relieved_by_movement": "present",
    "urge_worse_in_evening": "present",
    "urge_very_severe": "absent",
    "urge_explained_by_mimic": "absent",
}
PLMD = {
    "plms_index": {"value": 15.1, "unit": "per_hour"},
    "daytime_sleepiness": "present",
    "plm_explains_sleep_complaint": "present",
    "sleep_complaint_other_cause": "absent",
    "urge_to_move_legs": "absent",
    "known_narcolepsy": "absent",
    "known_rem_sleep_disorder": "absent",
    "known_sleep_apnoea_untreated": "absent",
}
BFS = {
    "fasciculation_felt": "present",
    "symptom_duration": {"value": 3, "unit": "month"},
    "weakness_in_named_task": "absent",
    "wasting_seen": "absent",
    "foot_drop_felt": "absent",
    "slurred_speech": "absent",
    "swallowing_trouble": "absent",
    "progressive_over_weeks_months": "absent",
    "weakness_getting_worse": "absent",
}
SUPPORTED = BFS | {"neuro_exam_normal": "present", "emg_normal": "present"}
ALS = {
    "progressive_motor_impairment": "present",
    "movement_normal_before": "present",
    "als_mimics_excluded": "present",
    "umn_signs_found": at(LUMBAR),
    "lmn_signs_found": at(LUMBAR),
}


# ---- restless legs ---------------------------------------------------------------------------------------------------


def test_rls_is_met_with_all_five() -> None:
    assert result("irlssg_2014", RLS) == "met"


@pytest.mark.parametrize(
    ("age", "own_words", "expected"),
    [
        (12.9, {}, "undetermined"),
        (12.9, {"urge_in_childs_own_words": "unknown"}, "undetermined"),
        (12.9, {"urge_in_childs_own_words": "absent"}, "not_met"),
        (12.9, {"urge_in_childs_own_words": "present"}, "met"),
        (13, {"urge_in_childs_own_words": "absent"}, "met"),
        (None, {}, "met"),
    ],
)
def test_rls_of_a_child_is_told_in_the_childs_own_words(age: Any, own_words: dict[str, Any], expected: str) -> None:
    assert result("irlssg_2014", RLS | own_words, age) == expected


@pytest.mark.parametrize(
    "item", ["urge_to_move_legs", "urge_worse_at_rest", "urge_relieved_by_movement", "urge_worse_in_evening"]
)
def test_rls_needs_each_of_the_first_four(item: str) -> None:
    assert result("irlssg_2014", RLS | {item: "absent"}) == "not_met"
    assert result("irlssg_2014", without(RLS, item)) == "undetermined"
    assert result("irlssg_2014", RLS | {item: "unknown"}) == "undetermined"


@pytest.mark.parametrize(
    ("now", "before"),
    [
        ("urge_relieved_by_movement", "urge_relief_formerly_present"),
        ("urge_worse_in_evening", "urge_evening_formerly_present"),
    ],
)
def test_rls_very_severe_may_have_lost_what_was_there_before(now: str, before: str) -> None:
    severe = RLS | {now: "absent", "urge_very_severe": "present"}
    assert result("irlssg_2014", severe | {before: "present"}) == "met"
    assert result("irlssg_2014", severe | {before: "absent"}) == "not_met"
    assert result("irlssg_2014", severe) == "undetermined"


def test_rls_fails_where_a_mimic_explains_it_and_is_open_where_nobody_looked() -> None:
    assert result("irlssg_2014", RLS | {"urge_explained_by_mimic": "present"}) == "not_met"
    known = {"known_restless_legs": "present"}
    assert result("irlssg_2014", without(RLS, "urge_explained_by_mimic") | known) == "met"
    assert result("irlssg_2014", RLS | known | {"urge_explained_by_mimic": "present"}) == "not_met"
    assert result("irlssg_2014", without(RLS, "urge_explained_by_mimic")) == "undetermined"
    shift = without(RLS, "urge_explained_by_mimic") | {"discomfort_ends_with_one_shift": "present"}
    assert result("irlssg_2014", shift) == "not_met"


def test_rls_of_icsd_asks_for_distress_too() -> None:
    assert result("icsd3tr_rls", RLS | {"urge_causes_distress": "present"}) == "met"
    assert result("icsd3tr_rls", RLS | {"urge_causes_distress": "absent"}) == "not_met"
    assert result("icsd3tr_rls", RLS) == "undetermined"


# ---- periodic limb movement disorder ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "age", "expected"),
    [
        (15.1, 50, "met"),
        (15, 50, "not_met"),
        (5.1, 50, "not_met"),
        (5.1, 17.9, "met"),
        (5, 17.9, "not_met"),
        (5.1, 18, "not_met"),
    ],
)
def test_plmd_needs_more_than_15_an_hour_and_more_than_5_in_a_child(value: float, age: float, expected: str) -> None:
    assert result("icsd3tr_plmd", PLMD | {"plms_index": {"value": value, "unit": "per_hour"}}, age) == expected


def test_plmd_below_15_is_open_while_the_age_is_not_known() -> None:
    few = PLMD | {"plms_index": {"value": 9, "unit": "per_hour"}}
    assert result("icsd3tr_plmd", few, None) == "undetermined"


@pytest.mark.parametrize("item", ["daytime_sleepiness", "plm_explains_sleep_complaint"])
def test_plmd_needs_a_complaint_and_a_link(item: str) -> None:
    others = dict.fromkeys(
        ["sleep_broken_by_movements", "trouble_falling_asleep", "wakes_often", "unrefreshing_sleep"], "absent"
    )
    assert result("icsd3tr_plmd", PLMD | others | {item: "absent"}) == "not_met"
    assert result("icsd3tr_plmd", without(PLMD, item)) == "undetermined"


@pytest.mark.parametrize(
    "item",
    ["sleep_complaint_other_cause", "known_narcolepsy", "known_rem_sleep_disorder", "known_sleep_apnoea_untreated"],
)
def test_plmd_gives_way_to_other_disorders(item: str) -> None:
    assert result("icsd3tr_plmd", PLMD | {item: "present"}) == "not_met"
    assert result("icsd3tr_plmd", without(PLMD, item)) == "undetermined"


def test_plmd_gives_way_to_restless_legs() -> None:
    assert result("icsd3tr_plmd", PLMD | RLS) == "not_met"
    assert result("icsd3tr_plmd", PLMD | {"known_restless_legs": "present"}) == "not_met"
    assert result("icsd3tr_plmd", PLMD | without(RLS, "urge_explained_by_mimic")) == "undetermined"


# ---- benign fasciculations -------------------------------------------------------------------------------------------


def test_bfs_is_met_by_history_then_supported_then_confirmed() -> None:
    assert result("bfs_history", BFS) == "met"
    assert result("bfs_supported", BFS) == "undetermined"
    assert result("bfs_supported", SUPPORTED) == "met"
    assert result("bfs_confirmed", SUPPORTED) == "not_met"
    years = {"symptom_duration": {"value": 2, "unit": "year"}}
    assert result("bfs_confirmed", SUPPORTED | years) == "met"
    assert result("bfs_confirmed", SUPPORTED | {"symptom_duration": {"value": 729, "unit": "day"}}) == "not_met"


@pytest.mark.parametrize(
    "item",
    [
        "weakness_in_named_task",
        "wasting_seen",
        "foot_drop_felt",
        "heel_walk_failed",
        "weakness_found",
        "wasting_found",
        "slurred_speech",
        "swallowing_trouble",
        "progressive_over_weeks_months",
        "weakness_getting_worse",
        "umn_signs_found",
        "babinski_sign",
        "known_motor_neurone_disease",
        "neuromyotonic_discharges",
    ],
)
def test_bfs_is_not_met_with_any_sign_of_nerve_damage_or_course(item: str) -> None:
    assert result("bfs_history", BFS | {item: "present"}) == "not_met"
    assert result("bfs_supported", SUPPORTED | {item: "present"}) == "not_met"


@pytest.mark.parametrize("item", ["weakness_in_named_task", "slurred_speech", "progressive_over_weeks_months"])
def test_bfs_is_open_while_a_warning_sign_was_not_asked_about(item: str) -> None:
    assert result("bfs_history", without(BFS, item)) == "undetermined"


def test_bfs_supported_needs_examination_and_emg() -> None:
    for item in ("neuro_exam_normal", "emg_normal"):
        assert result("bfs_supported", without(SUPPORTED, item)) == "undetermined"
        abnormal = {item: "absent", "examination_normal": "absent"}
        assert result("bfs_supported", SUPPORTED | abnormal) == "not_met"


def test_everyday_twitching_is_short_and_has_a_trigger() -> None:
    short = BFS | {
        "symptom_duration": {"value": 5, "unit": "day"},
        "twitch_spread": "one_spot",
        "felt_weakness": "absent",
    }
    triggers = ["hard_exercise_recent", "muscle_fatigue_recent", "stress_recent", "sleep_loss_recent"]
    triggers += ["caffeine_more_than_usual", "dehydration_recent"]
    none = dict.fromkeys(triggers, "absent")
    assert result("physiological_twitching_history", short | none | {"stress_recent": "present"}) == "met"
    assert result("physiological_twitching_history", short | none) == "not_met"
    assert result("physiological_twitching_history", short) == "undetermined"
    assert result("physiological_twitching_history", BFS | none | {"stress_recent": "present"}) == "not_met"


# ---- ALS -------------------------------------------------------------------------------------------------------------


def test_gold_coast_is_met_by_both_signs_in_one_region() -> None:
    assert result("gold_coast_2020", ALS) == "met"


@pytest.mark.parametrize("item", ["progressive_motor_impairment", "movement_normal_before", "als_mimics_excluded"])
def test_gold_coast_needs_course_and_exclusion(item: str) -> None:
    assert result("gold_coast_2020", ALS | {item: "absent"}) == "not_met"
    assert result("gold_coast_2020", without(ALS, item)) == "undetermined"


def test_gold_coast_is_met_by_lower_signs_in_two_regions_and_not_in_one() -> None:
    lower = without(ALS, "umn_signs_found")
    assert result("gold_coast_2020", lower | {"lmn_signs_found": at(LUMBAR, CERVICAL)}) == "met"
    assert result("gold_coast_2020", lower) == "undetermined"


def test_gold_coast_signs_of_different_regions_do_not_join() -> None:
    apart = ALS | {"umn_signs_found": at(CERVICAL), "lmn_signs_found": at(LUMBAR)}
    assert result("gold_coast_2020", apart) == "undetermined"


def test_gold_coast_takes_weakness_with_wasting_and_a_muscle_for_its_region() -> None:
    muscle = {"muscle": "tibialis_anterior"}
    seen = without(ALS, "lmn_signs_found") | {"weakness_found": at(muscle), "wasting_found": at(muscle)}
    assert result("gold_coast_2020", seen) == "met"
    assert result("gold_coast_2020", without(seen, "wasting_found")) == "undetermined"


def test_gold_coast_is_never_met_by_twitching_alone() -> None:
    everywhere = at(LUMBAR, CERVICAL, BULBAR)
    twitches = without(ALS, "lmn_signs_found") | {
        "fasciculations_found": everywhere,
        "fasciculation_potentials_emg": everywhere,
        "fasciculation_felt": "present",
    }
    assert result("gold_coast_2020", twitches) == "undetermined"
    denervation = twitches | {"chronic_neurogenic_mup": at(LUMBAR)}
    assert result("gold_coast_2020", denervation) == "met"


@pytest.mark.parametrize(
    ("regions", "met"),
    [
        ((LUMBAR,), {"el_escorial_possible", "awaji_possible"}),
        ((LUMBAR, CERVICAL), {"el_escorial_probable", "awaji_probable"}),
        ((LUMBAR, CERVICAL, BULBAR), {"el_escorial_definite", "awaji_definite"}),
    ],
)
def test_el_escorial_and_awaji_grow_with_the_regions(regions: tuple[dict[str, str], ...], met: set[str]) -> None:
    case = ALS | {"umn_signs_found": at(*regions), "lmn_signs_found": at(*regions)}
    for name in met:
        assert result(name, case) == "met", name
        assert result(name, without(case, "umn_signs_found", "lmn_signs_found")) == "undetermined", name


def test_el_escorial_with_laboratory_support_needs_the_emg() -> None:
    emg = {"chronic_neurogenic_mup": at(LUMBAR, CERVICAL), "fibrillation_potentials": at(LUMBAR, CERVICAL)}
    assert result("el_escorial_probable_lab", ALS | emg) == "met"
    assert result("el_escorial_probable_lab", ALS) == "undetermined"
