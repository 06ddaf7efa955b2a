"""Published definitions on spine, cord, brain and fibromyalgia: each clause met, failing, missing, and each limit."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from legtwitch.findings import FindingSet, parse_case
from legtwitch.knowledge import load
from legtwitch.model import CriterionResult
from legtwitch.reasoning.criteria import criteria, facts_of

PERSON = ("age", "sex")
YES, NO, NOT_KNOWN = "present", "absent", "unknown"
MET, NOT_MET, OPEN = "met", "not_met", "undetermined"


def q(value: float, unit: str) -> dict[str, Any]:
    return {"value": value, "unit": unit}


def both(value: str = YES) -> dict[str, str]:
    return {"value": value, "side": "both"}


def read(name: str, answers: Mapping[str, Any]) -> CriterionResult:
    """Return what a definition comes to for answers of a clinician."""
    known = load()
    person = {"answered_by": "clinician"} | {id: value for id, value in answers.items() if id in PERSON}
    findings = {id: value for id, value in answers.items() if id not in PERSON}
    parsed = parse_case({"person": person, "findings": findings}, known)
    assert parsed.errors == ()
    facts = facts_of(FindingSet(parsed.case.findings, known), known)
    return next(one for one in criteria(facts, known) if one.id == name)


def result(name: str, answers: Mapping[str, Any], **changed: Any) -> str:
    """Return the result with some answers changed; None takes one away."""
    merged = {id: value for id, value in {**answers, **changed}.items() if value is not None}
    return read(name, merged).result


NAMES = (
    *("mcdonald_2017", "mcdonald_2017_primary_progressive", "mcdonald_2024", "cauda_equina_suspected"),
    *("cord_compression_suspected", "cervical_myelopathy_cook", "nexus_imaging", "canadian_c_spine_imaging"),
    *("acr_2016", "mds_2015_parkinsonism", "mds_2015_established", "mds_2015_probable"),
)


@pytest.mark.parametrize("name", NAMES)
def test_of_nothing_known_nothing_follows(name: str) -> None:
    found = read(name, {})
    assert found.result == OPEN
    assert found.missing
    assert found.items
    assert all(item.label for item in found.items)


# ---- multiple sclerosis ----------------------------------------------------------------------------------------------

ATTACKS = {
    "ms_attack_count": q(2, "count"),
    "ms_objective_lesion_count": q(2, "count"),
    "ms_better_explanation": NO,
    "ms_presentation": "relapsing",
    "ms_lesion_sites": ["periventricular"],
    "ms_historical_attack_other_site": NO,
    "ms_new_lesion_on_follow_up": NO,
    "ms_enhancing_and_other_lesions": NO,
    "csf_oligoclonal_bands": NO,
}
MRI_MISSING = {"ms_lesion_sites": None}
TWO_SITES = ["periventricular", "infratentorial"]


def test_mcdonald_2017_two_attacks_and_two_lesions_need_no_more() -> None:
    assert result("mcdonald_2017", ATTACKS) == MET
    assert result("mcdonald_2017", ATTACKS, ms_attack_count=q(1, "count")) == NOT_MET
    assert result("mcdonald_2017", ATTACKS, ms_objective_lesion_count=q(1, "count")) == NOT_MET


@pytest.mark.parametrize("id", ["ms_attack_count", "ms_objective_lesion_count", "ms_better_explanation"])
def test_mcdonald_2017_missing_clauses_leave_it_open(id: str) -> None:
    assert result("mcdonald_2017", ATTACKS, **{id: None}) == OPEN


def test_mcdonald_2017_not_without_an_attack_nor_with_a_better_explanation_nor_an_atypical_beginning() -> None:
    assert result("mcdonald_2017", ATTACKS, ms_attack_count=q(0, "count")) == NOT_MET
    assert result("mcdonald_2017", ATTACKS, ms_objective_lesion_count=q(0, "count")) == NOT_MET
    assert result("mcdonald_2017", ATTACKS, ms_better_explanation=YES) == NOT_MET
    assert result("mcdonald_2017", ATTACKS, ms_presentation="not_typical") == NOT_MET
    assert result("mcdonald_2017", ATTACKS, ms_presentation=None) == MET


def test_mcdonald_is_never_met_without_an_mri() -> None:
    for name in ("mcdonald_2017", "mcdonald_2024"):
        rich = ATTACKS | {"csf_oligoclonal_bands": YES, "kappa_light_chains_raised": YES, "optic_nerve_lesion": YES}
        found = read(name, {id: value for id, value in rich.items() if id != "ms_lesion_sites"})
        assert found.result == OPEN
        assert "ms_lesion_sites" in found.missing
    slow = {"ms_one_year_progression": YES, "csf_oligoclonal_bands": YES, "ms_better_explanation": NO}
    assert result("mcdonald_2017_primary_progressive", slow) == OPEN


def test_mcdonald_2017_two_attacks_one_lesion_need_an_old_attack_elsewhere_or_two_sites() -> None:
    one = ATTACKS | {"ms_objective_lesion_count": q(1, "count")}
    assert result("mcdonald_2017", one) == NOT_MET
    assert result("mcdonald_2017", one, ms_historical_attack_other_site=YES) == MET
    assert result("mcdonald_2017", one, ms_lesion_sites=TWO_SITES) == MET
    assert result("mcdonald_2017", one, ms_historical_attack_other_site=None) == OPEN
    assert result("mcdonald_2017", one, ms_lesion_sites=["periventricular", "optic_nerve"]) == NOT_MET


TIME = ("ms_new_lesion_on_follow_up", "ms_enhancing_and_other_lesions", "csf_oligoclonal_bands")


@pytest.mark.parametrize("proof", TIME)
def test_mcdonald_2017_one_attack_two_lesions_needs_spread_in_time_or_bands(proof: str) -> None:
    one = ATTACKS | {"ms_attack_count": q(1, "count")}
    assert result("mcdonald_2017", one) == NOT_MET
    assert result("mcdonald_2017", one, **{proof: YES}) == MET
    assert result("mcdonald_2017", one, **{proof: None}) == OPEN


@pytest.mark.parametrize("proof", TIME)
def test_mcdonald_2017_one_attack_one_lesion_needs_space_and_time(proof: str) -> None:
    one = ATTACKS | {"ms_attack_count": q(1, "count"), "ms_objective_lesion_count": q(1, "count")}
    assert result("mcdonald_2017", one, ms_lesion_sites=TWO_SITES) == NOT_MET
    assert result("mcdonald_2017", one, ms_lesion_sites=TWO_SITES, **{proof: YES}) == MET
    assert result("mcdonald_2017", one, **{proof: YES}) == NOT_MET
    assert result("mcdonald_2017", one, ms_lesion_sites=TWO_SITES, **{proof: None}) == OPEN


PROGRESSIVE = {
    "ms_one_year_progression": YES,
    "ms_lesion_sites": ["periventricular", "spinal_cord"],
    "ms_cord_lesion_count": q(2, "count"),
    "csf_oligoclonal_bands": NO,
    "ms_better_explanation": NO,
}


def test_mcdonald_2017_primary_progressive_clause_by_clause() -> None:
    def pp(**changed: Any) -> str:
        return result("mcdonald_2017_primary_progressive", PROGRESSIVE, **changed)

    assert pp() == MET
    assert pp(ms_one_year_progression=NO) == NOT_MET
    assert pp(ms_one_year_progression=None) == OPEN
    assert pp(ms_better_explanation=YES) == NOT_MET
    assert pp(ms_better_explanation=None) == OPEN
    assert pp(ms_cord_lesion_count=q(1, "count")) == NOT_MET
    assert pp(ms_cord_lesion_count=None) == OPEN
    assert pp(ms_cord_lesion_count=q(1, "count"), csf_oligoclonal_bands=YES) == MET
    assert pp(ms_lesion_sites=["spinal_cord"]) == NOT_MET
    assert pp(ms_lesion_sites=["spinal_cord"], csf_oligoclonal_bands=YES) == MET
    assert pp(ms_lesion_sites=None) == OPEN


FOUR_SITES = {
    "ms_presentation": "relapsing",
    "ms_better_explanation": NO,
    "ms_lesion_sites": ["periventricular", "cortical_or_juxtacortical", "infratentorial", "spinal_cord"],
    "optic_nerve_lesion": NO,
    "ms_new_lesion_on_follow_up": NO,
    "ms_enhancing_and_other_lesions": NO,
    "csf_oligoclonal_bands": NO,
    "kappa_light_chains_raised": NO,
    "central_vein_sign": NO,
}


def test_mcdonald_2024_four_of_five_regions_need_no_spread_in_time() -> None:
    three = ["periventricular", "infratentorial", "spinal_cord"]
    assert result("mcdonald_2024", FOUR_SITES) == MET
    assert result("mcdonald_2024", FOUR_SITES, ms_lesion_sites=three) == NOT_MET
    assert result("mcdonald_2024", FOUR_SITES, ms_lesion_sites=three, optic_nerve_lesion=YES) == MET
    assert result("mcdonald_2024", FOUR_SITES, ms_lesion_sites=[*three, "optic_nerve"]) == MET
    assert result("mcdonald_2024", FOUR_SITES, ms_lesion_sites=three, optic_nerve_lesion=None) == OPEN
    assert result("mcdonald_2024", FOUR_SITES, ms_lesion_sites=None) == OPEN


@pytest.mark.parametrize("proof", [*TIME, "kappa_light_chains_raised", "central_vein_sign"])
def test_mcdonald_2024_two_regions_need_one_more_proof(proof: str) -> None:
    two = FOUR_SITES | {"ms_lesion_sites": TWO_SITES}
    assert result("mcdonald_2024", two) == NOT_MET
    assert result("mcdonald_2024", two, **{proof: YES}) == MET
    assert result("mcdonald_2024", two, **{proof: None}) == OPEN
    assert result("mcdonald_2024", two, ms_lesion_sites=["periventricular"], **{proof: YES}) == NOT_MET
    assert (
        result("mcdonald_2024", two, ms_lesion_sites=["periventricular"], optic_nerve_lesion=YES, **{proof: YES}) == MET
    )


def test_mcdonald_2024_presentation_and_explanation() -> None:
    assert result("mcdonald_2024", FOUR_SITES, ms_presentation="radiologically_isolated") == MET
    assert result("mcdonald_2024", FOUR_SITES, ms_presentation="not_typical") == NOT_MET
    assert result("mcdonald_2024", FOUR_SITES, ms_presentation=None) == OPEN
    assert result("mcdonald_2024", FOUR_SITES, ms_better_explanation=YES) == NOT_MET
    assert result("mcdonald_2024", FOUR_SITES, ms_better_explanation=None) == OPEN


def test_mcdonald_2024_progressive_needs_a_year_and_two_cord_lesions_stand_for_spinal_fluid() -> None:
    slow = FOUR_SITES | {"ms_presentation": "progressive", "ms_lesion_sites": ["periventricular", "spinal_cord"]}
    slow |= {"ms_one_year_progression": YES, "ms_cord_lesion_count": q(2, "count")}
    assert result("mcdonald_2024", slow) == MET
    assert result("mcdonald_2024", slow, ms_cord_lesion_count=q(1, "count")) == NOT_MET
    assert result("mcdonald_2024", slow, ms_cord_lesion_count=None) == OPEN
    assert result("mcdonald_2024", slow, ms_one_year_progression=NO) == NOT_MET
    assert result("mcdonald_2024", slow, ms_one_year_progression=None) == OPEN
    assert result("mcdonald_2024", slow, ms_presentation="relapsing") == NOT_MET


# ---- cauda equina, cord compression, cervical myelopathy ------------------------------------------------------------

NO_CAUDA = {
    **dict.fromkeys(("bladder_change_new", "bowel_incontinence", "saddle_numbness", "sexual_function_change"), NO),
    **dict.fromkeys(("back_pain", "sciatica", "spine_pain_new", "leg_pain", "numbness_felt"), NO),
    **dict.fromkeys(("felt_weakness", "weakness_in_named_task", "foot_drop_felt"), NO),
    **dict.fromkeys(("weakness_getting_worse", "worsening_over_hours_days"), NO),
}


def test_cauda_equina_is_not_suspected_only_when_every_question_is_answered_with_no() -> None:
    assert result("cauda_equina_suspected", NO_CAUDA) == NOT_MET
    for id in ("bladder_change_new", "bowel_incontinence", "saddle_numbness", "sexual_function_change"):
        assert result("cauda_equina_suspected", NO_CAUDA, **{id: NOT_KNOWN}) == OPEN
        assert result("cauda_equina_suspected", NO_CAUDA, **{id: None}) == OPEN


@pytest.mark.parametrize(
    "sign",
    [
        *("bladder_change_new", "bowel_incontinence", "saddle_numbness", "sexual_function_change"),
        *("anal_tone_reduced", "perianal_sensation_reduced"),
    ],
)
def test_cauda_equina_one_sign_is_enough_without_back_pain(sign: str) -> None:
    assert result("cauda_equina_suspected", {sign: YES}) == MET
    assert result("cauda_equina_suspected", NO_CAUDA, **{sign: YES}) == MET


def test_cauda_equina_by_the_examination() -> None:
    assert result("cauda_equina_suspected", NO_CAUDA, post_void_residual=q(200, "mL")) == NOT_MET
    assert result("cauda_equina_suspected", NO_CAUDA, post_void_residual=q(200.1, "mL")) == MET
    assert result("cauda_equina_suspected", NO_CAUDA, post_void_residual=q(0.3, "L")) == MET
    assert result("cauda_equina_suspected", NO_CAUDA, sensory_loss_pattern="saddle") == MET
    assert result("cauda_equina_suspected", NO_CAUDA, sensory_loss_pattern="stocking") == NOT_MET


@pytest.mark.parametrize("sign", ["sciatica", "leg_pain", "numbness_felt", "felt_weakness", "weakness_found"])
def test_cauda_equina_both_legs_count_with_pain_in_the_back(sign: str) -> None:
    back = NO_CAUDA | {"back_pain": YES}
    assert result("cauda_equina_suspected", back) == NOT_MET
    assert result("cauda_equina_suspected", back, **{sign: both()}) == MET
    if sign != "sciatica":  # that is a pain from the back itself
        assert result("cauda_equina_suspected", NO_CAUDA, **{sign: both()}) == NOT_MET
    left = [{"value": YES, "side": "left"}, {"value": NO, "side": "right"}]
    assert result("cauda_equina_suspected", back, **{sign: left}) == NOT_MET


def test_cauda_equina_growing_weakness_with_pain_in_the_back() -> None:
    back = NO_CAUDA | {"sciatica": {"value": YES, "side": "left"}, "foot_drop_felt": {"value": YES, "side": "left"}}
    back["sciatica"] = [{"value": YES, "side": "left"}, {"value": NO, "side": "right"}]
    assert result("cauda_equina_suspected", back) == NOT_MET
    assert result("cauda_equina_suspected", back, weakness_getting_worse=YES) == MET
    assert result("cauda_equina_suspected", back, weakness_getting_worse=None) == OPEN


CORD = {
    "cancer_history": YES,
    "spine_pain_new": YES,
    "walking_changed": YES,
}
NO_CORD = {
    "cancer_history": NO,
    **dict.fromkeys(("spine_pain_new", "spine_pain_at_night", "band_around_trunk", "back_pain", "neck_pain"), NO),
    **dict.fromkeys(("felt_weakness", "weakness_in_named_task", "foot_drop_felt", "numbness_felt"), NO),
    **dict.fromkeys(("walking_changed", "balance_trouble", "bladder_change_new"), NO),
    **dict.fromkeys(("bowel_incontinence", "saddle_numbness"), NO),
}


def test_cord_compression_each_clause() -> None:
    full = NO_CORD | CORD
    assert result("cord_compression_suspected", CORD) == MET
    assert result("cord_compression_suspected", full) == MET
    assert result("cord_compression_suspected", full, cancer_history=NO) == NOT_MET
    assert result("cord_compression_suspected", full, cancer_history=None) == OPEN
    assert result("cord_compression_suspected", full, spine_pain_new=NO) == NOT_MET
    assert result("cord_compression_suspected", full, spine_pain_new=None) == OPEN
    assert result("cord_compression_suspected", full, walking_changed=NO) == NOT_MET
    assert result("cord_compression_suspected", full, walking_changed=None) == OPEN


@pytest.mark.parametrize(
    ("instead_of", "sign"),
    [
        ("cancer_history", "cancer_active"),
        ("cancer_history", "known_cancer_treatment"),
        *(("spine_pain_new", one) for one in ("spine_pain_at_night", "band_around_trunk", "back_pain", "neck_pain")),
        *(
            ("walking_changed", one)
            for one in ("felt_weakness", "weakness_found", "numbness_felt", "sensory_loss_found")
        ),
        *(("walking_changed", one) for one in ("sensory_level_felt", "bladder_change_new", "saddle_numbness")),
        *(("walking_changed", one) for one in ("gait_deviation_found", "babinski_sign", "legs_give_way")),
    ],
)
def test_cord_compression_each_sign_stands_for_its_clause(instead_of: str, sign: str) -> None:
    full = NO_CORD | CORD | {instead_of: NO}
    assert result("cord_compression_suspected", full) == NOT_MET
    assert result("cord_compression_suspected", full, **{sign: YES}) == MET


COOK = ("gait_deviation_found", "hoffmann_sign", "inverted_supinator_sign", "babinski_sign")


@pytest.mark.parametrize("one", COOK)
def test_cook_counts_three_of_five(one: str) -> None:
    others = [id for id in COOK if id != one]
    none = dict.fromkeys(COOK, NO)
    two = none | dict.fromkeys(others[:2], YES)
    assert result("cervical_myelopathy_cook", two, age=45) == NOT_MET
    assert result("cervical_myelopathy_cook", two, age=45.1) == MET
    assert result("cervical_myelopathy_cook", two) == OPEN
    assert result("cervical_myelopathy_cook", two | {one: YES}, age=30) == MET
    assert result("cervical_myelopathy_cook", two | {one: YES}) == MET
    assert result("cervical_myelopathy_cook", two, age=30, **{one: None}) == OPEN
    assert result("cervical_myelopathy_cook", none | {one: YES}, age=70) == NOT_MET


# ---- neck injury -----------------------------------------------------------------------------------------------------

NEXUS = (
    *("midline_spine_tenderness", "focal_deficit_after_injury", "reduced_alertness"),
    *("drunk_or_drugged", "distracting_injury"),
)


@pytest.mark.parametrize("one", NEXUS)
def test_nexus_spares_a_scan_only_when_all_five_are_known_to_be_absent(one: str) -> None:
    none = {"spine_injury_recent": YES} | dict.fromkeys(NEXUS, NO)
    assert result("nexus_imaging", none) == NOT_MET
    assert result("nexus_imaging", none, **{one: YES}) == MET
    assert result("nexus_imaging", none, **{one: None}) == OPEN
    assert result("nexus_imaging", {"spine_injury_recent": YES, one: YES}) == MET
    assert result("nexus_imaging", {one: YES}) == OPEN
    assert result("nexus_imaging", {"spine_injury_recent": NO, one: YES}) == NOT_MET


NECK_SAFE = {
    "age": 40,
    "spine_injury_recent": YES,
    "gcs_score": q(15, "score"),
    "vital_signs_stable": YES,
    "time_since_injury": q(3, "hour"),
    "dangerous_injury": NO,
    "tingling_since_injury": NO,
    "simple_rear_end_crash": NO,
    "sat_up_after_injury": NO,
    "walked_since_injury": YES,
    "neck_pain_came_later": NO,
    "midline_spine_tenderness": YES,
    "neck_turns_45_both_ways": YES,
}


def canadian(**changed: Any) -> str:
    return result("canadian_c_spine_imaging", NECK_SAFE, **changed)


def test_canadian_high_risk() -> None:
    assert canadian() == NOT_MET
    assert canadian(age=64.9) == NOT_MET
    assert canadian(age=65) == MET
    assert canadian(dangerous_injury=YES) == MET
    assert canadian(dangerous_injury=None) == OPEN
    assert canadian(tingling_since_injury=YES) == MET
    assert canadian(tingling_since_injury=None) == OPEN


@pytest.mark.parametrize(
    ("low_risk", "so", "not_so"),
    [
        ("simple_rear_end_crash", YES, NO),
        ("sat_up_after_injury", YES, NO),
        ("walked_since_injury", YES, NO),
        ("neck_pain_came_later", YES, NO),
        ("midline_spine_tenderness", NO, YES),
    ],
)
def test_canadian_one_low_risk_factor_is_needed_before_the_head_is_turned(low_risk: str, so: str, not_so: str) -> None:
    none = {"walked_since_injury": NO}
    assert canadian(**none) == MET
    assert canadian(**{**none, low_risk: so}) == NOT_MET
    assert canadian(**{**none, low_risk: not_so}) == MET
    assert canadian(**{**none, low_risk: None}) == OPEN


def test_canadian_turning_the_head() -> None:
    assert canadian(neck_turns_45_both_ways=NO) == MET
    assert canadian(neck_turns_45_both_ways=None) == OPEN
    assert canadian(walked_since_injury=None, neck_turns_45_both_ways=NO) == MET


@pytest.mark.parametrize(
    ("id", "inside", "outside"),
    [
        ("age", 16, 15.9),
        ("gcs_score", q(15, "score"), q(14, "score")),
        ("vital_signs_stable", YES, NO),
        ("time_since_injury", q(48, "hour"), q(48.1, "hour")),
        ("time_since_injury", q(2, "day"), q(3, "day")),
        ("spine_injury_recent", YES, NO),
    ],
)
def test_canadian_is_only_for_those_it_was_made_for(id: str, inside: Any, outside: Any) -> None:
    danger = {"dangerous_injury": YES}
    assert canadian(**{**danger, id: inside}) == MET
    assert canadian(**{**danger, id: outside}) == NOT_MET
    assert canadian(**{**danger, id: None}) == OPEN


# ---- fibromyalgia ----------------------------------------------------------------------------------------------------

SEVEN = ["shoulder_left", "shoulder_right", "hip_left", "hip_right", "neck", "jaw_left", "chest"]
FOUR = ["shoulder_left", "shoulder_right", "hip_left", "neck"]
FM = {
    "pain_sites": SEVEN,
    "symptom_severity_scale": q(5, "score"),
    "widespread_pain_duration": q(3, "month"),
}


def fm(**changed: Any) -> str:
    return result("acr_2016", FM, **changed)


def test_acr_2016_index_and_severity_on_both_sides_of_their_limits() -> None:
    assert fm() == MET
    assert fm(symptom_severity_scale=q(4, "score")) == NOT_MET
    assert fm(pain_sites=SEVEN[:6]) == NOT_MET
    assert fm(pain_sites=SEVEN[:6], symptom_severity_scale=q(8, "score")) == NOT_MET
    assert fm(pain_sites=SEVEN[:6], symptom_severity_scale=q(9, "score")) == MET
    assert fm(pain_sites=FOUR, symptom_severity_scale=q(9, "score")) == MET
    assert fm(pain_sites=FOUR, symptom_severity_scale=q(8, "score")) == NOT_MET
    assert fm(pain_sites=FOUR[:3], symptom_severity_scale=q(12, "score")) == NOT_MET
    assert fm(symptom_severity_scale=q(12, "score")) == MET


@pytest.mark.parametrize(
    ("index", "severity", "expected"),
    [(7, 5, MET), (7, 4, NOT_MET), (6, 8, NOT_MET), (6, 9, MET), (4, 9, MET), (3, 12, NOT_MET), (19, 12, MET)],
)
def test_acr_2016_index_that_was_given_goes_before_the_places(index: int, severity: int, expected: str) -> None:
    given = {"widespread_pain_index": q(index, "count"), "symptom_severity_scale": q(severity, "score")}
    assert fm(**given) == expected


def test_acr_2016_missing_parts_leave_it_open() -> None:
    assert fm(pain_sites=None) == OPEN
    assert fm(pain_sites=None, widespread_pain_index=q(12, "count")) == OPEN
    assert fm(pain_sites=None, widespread_pain_index=q(3, "count")) == NOT_MET
    assert fm(symptom_severity_scale=None) == OPEN
    assert fm(widespread_pain_duration=None) == OPEN
    assert fm(widespread_pain_duration=q(2.9, "month")) == NOT_MET
    assert fm(widespread_pain_duration=q(1, "year")) == MET


def test_acr_2016_pain_must_be_in_four_of_five_regions_and_jaw_chest_belly_do_not_count() -> None:
    three_regions = [
        "shoulder_left",
        "upper_arm_left",
        "lower_arm_left",
        "shoulder_right",
        "neck",
        "upper_back",
        "lower_back",
    ]
    assert fm(pain_sites=three_regions) == NOT_MET
    assert fm(pain_sites=[*three_regions, "jaw_left", "jaw_right", "chest", "abdomen"]) == NOT_MET
    for fourth in ("hip_left", "upper_leg_left", "lower_leg_left", "hip_right", "upper_leg_right", "lower_leg_right"):
        assert fm(pain_sites=[*three_regions, fourth]) == MET
    no_spine = [
        "upper_arm_left",
        "lower_arm_right",
        "lower_leg_left",
        "upper_leg_right",
        "jaw_left",
        "chest",
        "abdomen",
    ]
    assert fm(pain_sites=no_spine) == MET


PARTS = {
    "fatigue_severity": q(3, "score"),
    "unrefreshed_severity": q(1, "score"),
    "cognitive_severity": q(0, "score"),
    "headache_past_6_months": YES,
    "lower_belly_pain_past_6_months": NO,
    "depression_past_6_months": NO,
}


def test_acr_2016_severity_is_added_up_from_its_six_parts() -> None:
    parts = {**FM, **PARTS}
    del parts["symptom_severity_scale"]
    assert result("acr_2016", parts) == MET
    assert result("acr_2016", parts, headache_past_6_months=NO) == NOT_MET
    assert result("acr_2016", parts, headache_past_6_months=None) == OPEN
    assert result("acr_2016", parts, headache_past_6_months=NO, cognitive_severity=q(1, "score")) == MET
    assert result("acr_2016", parts, headache_past_6_months=NO, cognitive_severity=None) == OPEN
    assert result("acr_2016", parts, headache_past_6_months=NO, depression_past_6_months=YES) == MET
    assert result("acr_2016", parts, headache_past_6_months=NO, lower_belly_pain_past_6_months=YES) == MET
    assert result("acr_2016", parts, symptom_severity_scale=q(4, "score")) == NOT_MET
    high = parts | {"pain_sites": FOUR, "unrefreshed_severity": q(3, "score"), "cognitive_severity": q(2, "score")}
    assert result("acr_2016", high) == MET
    assert result("acr_2016", high, cognitive_severity=q(1, "score")) == NOT_MET


# ---- Parkinson's disease ---------------------------------------------------------------------------------------------

EXCLUSIONS = (
    *("cerebellar_signs_found", "gaze_palsy_vertical", "frontotemporal_or_aphasia_5_years"),
    *("parkinsonism_legs_only_3_years", "dopamine_blocker_fits_parkinsonism", "levodopa_response_none"),
    *("cortical_sensory_loss_or_apraxia", "dopamine_scan_normal", "other_parkinsonism_documented"),
)
SUPPORT = ("levodopa_response_clear", "levodopa_dyskinesia", "rest_tremor_found", "smell_loss_found")
RED_FLAGS = (
    *("wheelchair_within_5_years", "no_motor_progression_5_years", "severe_bulbar_within_5_years"),
    *("noisy_breathing_in", "autonomic_failure_within_5_years", "falls_within_3_years"),
    *("anterocollis_or_contractures_10_years", "no_nonmotor_features_5_years", "pyramidal_signs_unexplained"),
    "parkinsonism_symmetric",
)
CLEAR = {
    "bradykinesia_found": YES,
    "rigidity_found": YES,
    **dict.fromkeys((*EXCLUSIONS, *SUPPORT, *RED_FLAGS), NO),
    "mibg_denervation": NO,
}
TWO = dict.fromkeys(SUPPORT[:2], YES)


def test_parkinsonism_is_slowness_with_rest_tremor_or_rigidity() -> None:
    def it(**answers: str) -> str:
        return result("mds_2015_parkinsonism", answers)

    assert it(bradykinesia_found=YES, rest_tremor_found=YES) == MET
    assert it(bradykinesia_found=YES, rigidity_found=YES) == MET
    assert it(bradykinesia_found=YES, rigidity_found=NO, rest_tremor_found=NO) == NOT_MET
    assert it(bradykinesia_found=YES, rigidity_found=NO) == OPEN
    assert it(bradykinesia_found=NO, rigidity_found=YES, rest_tremor_found=YES) == NOT_MET
    assert it(rigidity_found=YES, rest_tremor_found=YES) == OPEN
    assert it(tremor_felt=YES, slowness_felt=YES) == OPEN


@pytest.mark.parametrize("name", ["mds_2015_established", "mds_2015_probable"])
@pytest.mark.parametrize("one", EXCLUSIONS)
def test_each_exclusion_speaks_against_it(name: str, one: str) -> None:
    full = CLEAR | TWO
    assert result(name, full) == MET
    assert result(name, full, **{one: YES}) == NOT_MET
    # a scan that was not made keeps nothing open
    assert result(name, full, **{one: None}) == (MET if one == "dopamine_scan_normal" else OPEN)


def test_established_needs_parkinsonism_and_two_supporting_features() -> None:
    full = CLEAR | TWO
    assert result("mds_2015_established", full, bradykinesia_found=NO) == NOT_MET
    assert result("mds_2015_established", full, bradykinesia_found=None) == OPEN
    for one in SUPPORT:
        alone = CLEAR | {one: YES}
        assert result("mds_2015_established", alone) == NOT_MET
        for other in (id for id in SUPPORT if id != one):
            assert result("mds_2015_established", alone, **{other: YES}) == MET
            assert result("mds_2015_established", alone, **{other: None}) == OPEN
    assert result("mds_2015_established", CLEAR | {"rest_tremor_found": YES, "mibg_denervation": YES}) == MET
    smell_twice = CLEAR | {"smell_loss_found": YES, "mibg_denervation": YES}
    assert result("mds_2015_established", smell_twice) == NOT_MET


@pytest.mark.parametrize("one", RED_FLAGS)
def test_each_red_flag_forbids_established_and_is_weighed_in_probable(one: str) -> None:
    full = CLEAR | TWO
    assert result("mds_2015_established", full, **{one: YES}) == NOT_MET
    assert result("mds_2015_established", full, **{one: None}) == OPEN
    assert result("mds_2015_probable", full, **{one: YES}) == MET
    assert result("mds_2015_probable", CLEAR, **{one: YES}) == NOT_MET
    assert result("mds_2015_probable", CLEAR, **{one: None}) == OPEN


@pytest.mark.parametrize("flags", range(5))
@pytest.mark.parametrize("support", range(4))
def test_probable_weighs_red_flags_against_support(flags: int, support: int) -> None:
    answers = CLEAR | dict.fromkeys(RED_FLAGS[:flags], YES) | dict.fromkeys(SUPPORT[:support], YES)
    expected = MET if flags <= 2 and support >= flags else NOT_MET
    assert result("mds_2015_probable", answers) == expected


def test_probable_needs_parkinsonism_too() -> None:
    assert result("mds_2015_probable", CLEAR) == MET
    assert result("mds_2015_probable", CLEAR, bradykinesia_found=NO) == NOT_MET
    assert result("mds_2015_probable", CLEAR, bradykinesia_found=None) == OPEN
