"""Night leg cramps, sleep starts, Wells score and limb ischaemia: one test a clause, numbers from both sides."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import combinations
from typing import Any

import pytest

import legtwitch as lt
from legtwitch.findings import FindingSet, parse_case
from legtwitch.knowledge import load
from legtwitch.model import Truth
from legtwitch.reasoning.criteria import RESULTS, facts_of

KNOWN = load()
CLINICIAN = {id for id, one in KNOWN.vocabulary.findings.items() if tuple(one.by) == ("clinician",)}


def result(name: str, findings: Mapping[str, Any]) -> str:
    """Return what a definition comes to for a case file with these findings (a value of None is left out)."""
    written: dict[str, Any] = {}
    for id, value in findings.items():
        if value is not None:
            plain = isinstance(value, str) and id in CLINICIAN
            written[id] = {"value": value, "by": "clinician"} if plain else value
    parsed = parse_case({"date": "2026-11-20", "findings": written}, KNOWN)
    assert parsed.errors == ()
    found = FindingSet(parsed.case.findings, KNOWN, date=parsed.case.date)
    return RESULTS[facts_of(found, KNOWN).criterion(name).truth]


def at(site: str) -> dict[str, str]:
    return {"value": "present", "site": site, "side": "left"}


def test_results_are_named_as_in_reports() -> None:
    assert RESULTS == {Truth.TRUE: "met", Truth.FALSE: "not_met", Truth.UNKNOWN: "undetermined"}


@pytest.mark.parametrize(
    ("name", "first"),
    [
        ("nocturnal_leg_cramps_2017", "undetermined"),
        ("hypnic_jerk_history", "undetermined"),
        ("wells_dvt_likely", "undetermined"),
        ("limb_ischaemia_signs", "undetermined"),
    ],
)
def test_nothing_is_decided_while_nothing_is_known(name: str, first: str) -> None:
    assert result(name, {}) == first


# ---- night leg cramps (Hallegraeff 2017) -----------------------------------------------------------------------------

CRAMPS: dict[str, Any] = {
    "cramp_felt": at("calf"),
    "cramp_in_bed": "present",
    "cramp_duration": {"value": 2, "unit": "minute"},
    "cramp_soreness_after": "present",
    "wakes_often": "present",
    "movement_uncomfortable": "present",
}
NO_DISRUPTION = {"wakes_often": "absent", "trouble_falling_asleep": "absent", "sleep_broken_by_movements": "absent"}
NO_DISTRESS = {"movement_uncomfortable": "absent", "impedes_rest": "absent", "impedes_daily_activities": "absent"}


def cramps(**changed: Any) -> str:
    return result("nocturnal_leg_cramps_2017", CRAMPS | changed)


def test_night_cramps_with_all_seven_features() -> None:
    assert cramps() == "met"


@pytest.mark.parametrize(
    "changed",
    [
        {"cramp_felt": "absent"},
        {"cramp_in_bed": "absent"},
        {"movement_painful": "absent"},
        {"cramp_duration": {"value": 11, "unit": "minute"}},
        {"cramp_felt": [at("thigh"), *({"value": "absent", "site": one} for one in ("calf", "foot", "toes"))]},
        {"cramp_soreness_after": "absent"},
        NO_DISRUPTION,
        NO_DISTRESS,
    ],
)
def test_night_cramps_need_each_feature(changed: dict[str, Any]) -> None:
    assert cramps(**changed) == "not_met"


@pytest.mark.parametrize(
    "changed",
    [
        {"cramp_felt": None},
        {"cramp_felt": "present"},  # where it is was not told
        {"cramp_felt": "unknown"},
        {"cramp_in_bed": None},
        {"cramp_duration": None},
        {"cramp_soreness_after": "unknown"},
        {"wakes_often": None},
        {"movement_uncomfortable": None},
    ],
)
def test_night_cramps_stay_open_while_a_feature_is_missing(changed: dict[str, Any]) -> None:
    assert cramps(**changed) == "undetermined"


@pytest.mark.parametrize(
    ("value", "unit", "expected"),
    [
        (5, "second", "met"),
        (599, "second", "met"),
        (600, "second", "met"),
        (601, "second", "not_met"),
        (10, "minute", "met"),
        (10.1, "minute", "not_met"),
        (1, "hour", "not_met"),
    ],
)
def test_night_cramps_last_at_most_ten_minutes(value: float, unit: str, expected: str) -> None:
    assert cramps(cramp_duration={"value": value, "unit": unit}) == expected


@pytest.mark.parametrize(
    ("sites", "expected"),
    [
        (["calf"], "met"),
        (["foot"], "met"),
        (["toes"], "met"),
        (["calf", "thigh"], "met"),  # seldom, but it occurs
        (["foot", "thigh"], "met"),
        (["thigh"], "undetermined"),  # calf and foot were not spoken of
        (["hand"], "undetermined"),
    ],
)
def test_night_cramps_sit_in_calf_or_foot_and_not_in_the_thigh_alone(sites: list[str], expected: str) -> None:
    assert cramps(cramp_felt=[at(site) for site in sites]) == expected


@pytest.mark.parametrize("pain", ["present", None])
def test_a_cramp_is_painful_unless_said_otherwise(pain: str | None) -> None:
    assert cramps(movement_painful=pain) == "met"


@pytest.mark.parametrize(
    "one", ["wakes_often", "trouble_falling_asleep", "sleep_broken_by_movements", "sleep_disturbed"]
)
def test_night_cramps_disrupt_sleep_in_any_way(one: str) -> None:
    assert cramps(**(NO_DISRUPTION | {one: "present"})) == "met"


@pytest.mark.parametrize("one", sorted(NO_DISTRESS))
def test_night_cramps_distress_in_any_way(one: str) -> None:
    assert cramps(**(NO_DISTRESS | {one: "present"})) == "met"


# ---- sleep starts ----------------------------------------------------------------------------------------------------

JERK: dict[str, Any] = {
    "jerk_at_sleep_onset": "present",
    "movement_rhythm": "single",
    "kicks_in_sleep": "absent",
    "blackout": "absent",
    "whole_body_fit": "absent",
    "one_part_keeps_jerking": "absent",
}


def jerk(**changed: Any) -> str:
    return result("hypnic_jerk_history", JERK | changed)


@pytest.mark.parametrize("falling", ["present", "absent", None])
def test_a_sleep_start_with_or_without_the_feeling_of_falling(falling: str | None) -> None:
    assert jerk(falling_feeling_at_sleep_onset=falling) == "met"


@pytest.mark.parametrize(
    "changed",
    [
        {"jerk_at_sleep_onset": "absent"},
        {"movement_rhythm": "regular"},
        {"movement_rhythm": "continuous"},
        {"movement_rhythm": "held"},
        {"kicks_in_sleep": "present"},
        {"movement_in_sleep": "present"},
        {"movement_after_waking": "present"},
        {"jerks_while_driving": "present"},
        {"myoclonus_found": "present"},
        {"blackout": "present"},
        {"whole_body_fit": "present"},
        {"one_part_keeps_jerking": "present"},
    ],
)
def test_a_sleep_start_is_nothing_else(changed: dict[str, Any]) -> None:
    assert jerk(**changed) == "not_met"


@pytest.mark.parametrize(
    "missing", ["jerk_at_sleep_onset", "kicks_in_sleep", "blackout", "whole_body_fit", "one_part_keeps_jerking"]
)
@pytest.mark.parametrize("value", [None, "unknown"])
def test_a_sleep_start_stays_open_while_something_is_missing(missing: str, value: str | None) -> None:
    assert jerk(**{missing: value}) == "undetermined"


@pytest.mark.parametrize("rhythm", ["single", "irregular", "unknown", None])
def test_one_jerk_is_one_jerk_where_no_rhythm_was_told(rhythm: str | None) -> None:
    assert jerk(movement_rhythm=rhythm) == "met"


# ---- deep vein thrombosis: Wells score of 2 or more ------------------------------------------------------------------

ITEMS = (
    *("cancer_active", "leg_plaster_or_paralysis", "bed_rest_or_surgery_recent", "calf_tender", "whole_leg_swollen"),
    *("calf_swelling_over_3_cm", "pitting_swelling_one_leg", "collateral_veins", "previous_clot"),
)
OTHER = "other_diagnosis_as_likely"


def wells(present: tuple[str, ...] = (), rest: str | None = "absent", **changed: Any) -> str:
    items: dict[str, Any] = dict.fromkeys(ITEMS, rest) | dict.fromkeys(present, "present")
    return result("wells_dvt_likely", items | {OTHER: "absent"} | changed)


@pytest.mark.parametrize("pair", list(combinations(ITEMS, 2)), ids="+".join)
def test_any_two_items_make_a_clot_likely(pair: tuple[str, str]) -> None:
    assert wells(pair) == "met"


@pytest.mark.parametrize("number", range(10))
def test_the_score_is_exact(number: int) -> None:
    assert wells(ITEMS[:number]) == ("met" if number >= 2 else "not_met")
    assert wells(ITEMS[:number], **{OTHER: "present"}) == ("met" if number - 2 >= 2 else "not_met")


@pytest.mark.parametrize(
    ("number", "expected"), [(0, "not_met"), (1, "not_met"), (2, "undetermined"), (3, "undetermined"), (4, "met")]
)
@pytest.mark.parametrize("said", [None, "unknown"])
def test_an_unknown_other_diagnosis_matters_between_two_and_three_items(
    number: int, expected: str, said: str | None
) -> None:
    assert wells(ITEMS[:number], **{OTHER: said}) == expected


@pytest.mark.parametrize("item", ITEMS)
def test_one_item_stays_open_while_another_is_missing(item: str) -> None:
    other = next(one for one in ITEMS if one != item)
    assert wells((other,), **{item: None}) == "undetermined"
    assert wells((other,), **{item: "unknown"}) == "undetermined"
    assert wells((), **{item: None}) == "not_met"  # one more could not reach 2


def test_two_items_are_enough_while_the_rest_is_missing() -> None:
    assert wells(("cancer_active", "calf_tender"), rest=None) == "met"


@pytest.mark.parametrize(("difference", "expected"), [(3, "not_met"), (3.1, "met"), (30, "met"), (0, "not_met")])
@pytest.mark.parametrize("said", [None, "absent"])
def test_a_measured_difference_counts_above_3_cm(difference: float, expected: str, said: str | None) -> None:
    measured = {"calf_girth_difference": {"value": difference, "unit": "cm"}, "calf_swelling_over_3_cm": said}
    assert wells(("calf_tender",), **measured) == expected


def test_a_difference_is_worked_out_from_both_calves() -> None:
    girths = [{"value": 41, "unit": "cm", "side": "left"}, {"value": 36, "unit": "cm", "side": "right"}]
    assert wells(("calf_tender",), calf_girth=girths, calf_swelling_over_3_cm=None) == "met"


def test_swelling_and_tenderness_alone_do_not_count_twice() -> None:
    """A difference that was both told and measured is one item."""
    both = {"calf_girth_difference": {"value": 4, "unit": "cm"}, "calf_swelling_over_3_cm": "present"}
    assert wells((), **both) == "not_met"


@pytest.mark.parametrize(("score", "expected"), [(-2, "not_met"), (1, "not_met"), (2, "met"), (9, "met")])
def test_a_clinicians_score_stands_instead_of_the_items(score: int, expected: str) -> None:
    given = {"value": score, "unit": "score", "by": "clinician"}
    assert wells((), rest=None, wells_dvt_score=given, **{OTHER: None}) == expected
    assert wells(ITEMS[:3], wells_dvt_score=given) == expected


# ---- acute limb ischaemia --------------------------------------------------------------------------------------------

SIGNS = ("leg_pain_sudden_severe", "leg_pale", "foot_pulse_absent", "leg_cold", "numbness_felt", "felt_weakness")
FLOW = {"leg_pale", "foot_pulse_absent", "leg_cold"}
NEW = {"symptom_duration": {"value": 2, "unit": "day"}}


def ischaemia(present: tuple[str, ...], rest: str | None = "absent", **changed: Any) -> str:
    signs: dict[str, Any] = dict.fromkeys(SIGNS, rest) | dict.fromkeys(present, "present")
    return result("limb_ischaemia_signs", signs | NEW | changed)


@pytest.mark.parametrize("pair", list(combinations(SIGNS, 2)), ids="+".join)
def test_two_signs_one_of_them_of_the_blood_flow(pair: tuple[str, str]) -> None:
    assert ischaemia(pair) == ("met" if FLOW & set(pair) else "not_met")


@pytest.mark.parametrize("sign", SIGNS)
def test_one_sign_is_not_enough(sign: str) -> None:
    assert ischaemia((sign,)) == "not_met"


def test_all_six_signs() -> None:
    assert ischaemia(SIGNS) == "met"


@pytest.mark.parametrize("missing", SIGNS)
def test_one_sign_stays_open_while_another_is_missing(missing: str) -> None:
    other = "leg_cold" if missing != "leg_cold" else "leg_pale"
    assert ischaemia((other,), **{missing: None}) == "undetermined"
    assert ischaemia((other,), **{missing: "unknown"}) == "undetermined"


def test_a_pulse_that_nobody_felt_keeps_it_open() -> None:
    assert ischaemia(("leg_pain_sudden_severe",), foot_pulse_absent=None) == "undetermined"


@pytest.mark.parametrize("told", ["numbness_sudden", "tingling"])
def test_numb_or_tingling_is_one_sign(told: str) -> None:
    assert ischaemia(("leg_cold",), **{told: "present"}) == "met"
    assert ischaemia(("numbness_felt",), **{told: "present"}) == "not_met"


@pytest.mark.parametrize("told", ["weakness_sudden", "weakness_found", "foot_drop_felt"])
def test_weak_is_one_sign(told: str) -> None:
    assert ischaemia(("leg_cold",), **{told: "present"}) == "met"


@pytest.mark.parametrize(
    ("value", "unit", "expected"),
    [
        (90, "minute", "met"),
        (13.9, "day", "met"),
        (14, "day", "not_met"),
        (2, "week", "not_met"),
        (1, "year", "not_met"),
    ],
)
def test_it_began_less_than_two_weeks_ago(value: float, unit: str, expected: str) -> None:
    lasting = {"symptom_duration": {"value": value, "unit": unit}}
    assert ischaemia(("leg_cold", "leg_pale"), **lasting) == expected


@pytest.mark.parametrize("told", ["leg_pain_sudden_severe", "onset_sudden", "worsening_over_hours_days"])
def test_a_sudden_start_counts_as_new_whatever_lasted_before(told: str) -> None:
    lasting = {"symptom_duration": {"value": 1, "unit": "year"}}
    assert ischaemia(("leg_cold", "leg_pale"), **lasting, **{told: "present"}) == "met"


def test_how_long_it_has_lasted_may_be_missing() -> None:
    assert ischaemia(("leg_cold", "leg_pale"), symptom_duration=None) == "undetermined"
    assert ischaemia(("leg_cold", "leg_pain_sudden_severe"), symptom_duration=None) == "met"


# ---- stroke signs (face, arm, speech) --------------------------------------------------------------------------------

STROKE = ("face_droop", "arm_drift", "speech_trouble_sudden")


@pytest.mark.parametrize("sign", STROKE)
def test_one_stroke_sign_is_enough(sign: str) -> None:
    assert result("stroke_signs", dict.fromkeys(STROKE, "absent") | {sign: "present"}) == "met"
    assert result("stroke_signs", dict.fromkeys(STROKE, "absent") | {sign: "unknown"}) == "undetermined"


def test_without_any_stroke_sign_it_is_not_met() -> None:
    assert result("stroke_signs", dict.fromkeys(STROKE, "absent")) == "not_met"


# ---- bands of scales whose questions are not ours --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("finding", "total", "statement"),
    [
        ("irls_total", 0, "irls_none"),
        ("irls_total", 1, "irls_mild"),
        ("irls_total", 10, "irls_mild"),
        ("irls_total", 11, "irls_moderate"),
        ("irls_total", 20, "irls_moderate"),
        ("irls_total", 21, "irls_severe"),
        ("irls_total", 30, "irls_severe"),
        ("irls_total", 31, "irls_very_severe"),
        ("irls_total", 40, "irls_very_severe"),
        ("ciwa_ar_score", 9, "ciwa_mild"),
        ("ciwa_ar_score", 10, "ciwa_moderate"),
        ("ciwa_ar_score", 18, "ciwa_moderate"),
        ("ciwa_ar_score", 19, "ciwa_severe"),
        ("alsfrs_r_total", 38, "alsfrs_meaning"),
    ],
)
def test_the_band_of_a_total(finding: str, total: float, statement: str) -> None:
    told = lt.assess({"findings": {finding: {"value": total, "unit": "score", "by": "clinician"}}})
    bands = {one.id for one in told.statements if one.id.startswith(("irls_", "ciwa_", "alsfrs_"))}
    assert bands == {statement}
