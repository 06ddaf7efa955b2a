"""Definitions of nerve and motor neurone illnesses, clause by clause.

Kennedy disease (gene test), multifocal motor neuropathy (EFNS/PNS 2010), CIDP (EAN/PNS 2021), Guillain-Barré syndrome
(clinical), Isaacs syndrome, Morvan syndrome and cramp-fasciculation syndrome. For each: met with all clauses, not met
when one clause fails, undetermined when one is missing, and both sides of every number.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pytest

from legtwitch.api import assess
from legtwitch.findings import FindingSet, parse_case
from legtwitch.knowledge import load
from legtwitch.model import CriterionResult
from legtwitch.reasoning.criteria import criteria, facts_of

Answers = Mapping[str, Any]
GONE = object()  # the answer is taken out: not asked


@dataclass(frozen=True)
class Clause:
    """A line of a definition: answers under which it fails, and answers without which it stays open."""

    label: str
    fails: Answers
    open: Answers


def entry(value: str, **at: str) -> dict[str, str]:
    return {"value": value, "by": "clinician", **at}


def everywhere(**at: str) -> list[dict[str, str]]:
    return [entry("present", region=region, **at) for region in ("cervical", "lumbosacral")]


def days(value: float, unit: str = "day") -> dict[str, Any]:
    return {"value": value, "unit": unit}


def count(value: int) -> dict[str, Any]:
    return {"value": value, "unit": "count"}


MET: dict[str, dict[str, Any]] = {
    "kennedy_genetic": {
        "person": {"sex": "male", "age": 45},
        "ar_cag_repeats": count(44),
        "breast_growth_in_man": "present",
        "twitch_body_site": ["calf"],
        "tremor_felt": "absent",
        "postural_tremor_found": "absent",
        "raised_ck": "absent",
        "sensory_conduction_abnormal": "absent",
        "weakness_found": "absent",
        "slurred_speech": "absent",
        "swallowing_trouble": "absent",
    },
    "mmn_2010": {
        "weakness_found": entry("present", side="right", muscle="extensor_digitorum"),
        "progressive_over_weeks_months": "present",
        "weakness_getting_worse": "absent",
        "stepwise": "absent",
        "progressive_motor_impairment": "absent",
        "weakness_pattern": ["asymmetric", "distal"],
        "motor_nerves_affected": count(2),
        "weakness_duration": days(8, "month"),
        "sensory_loss_found": "absent",
        "umn_signs_found": "absent",
        "slurred_speech": "absent",
        "swallowing_trouble": "absent",
        "conduction_block": "present",
        "sensory_conduction_abnormal": "absent",
    },
    "cidp_2021": {
        "weakness_getting_worse": "present",
        "progressive_over_weeks_months": "absent",
        "progressive_motor_impairment": "absent",
        "stepwise": "absent",
        "relapses_with_recovery": "absent",
        "weakness_found": everywhere(side="both"),
        "weakness_pattern": ["symmetric", "proximal", "distal"],
        "sensory_loss_found": entry("present", side="both", site="foot"),
        "sensory_loss_pattern": "stocking",
        "weakness_time_to_worst": days(12, "week"),
        "reflexes_reduced": everywhere(side="both"),
        "demyelinating_conduction": "present",
        "sensory_conduction_abnormal": "present",
    },
    "gbs_clinical": {
        "weakness_found": entry("present", side="both", muscle="iliopsoas"),
        "weakness_pattern": ["symmetric"],
        "weakness_getting_worse": "present",
        "worsening_over_hours_days": "absent",
        "weakness_climbing": "absent",
        "reflexes_reduced": "present",
        "weakness_time_to_worst": days(10),
    },
    "isaacs_clinical": {
        "rippling_seen": "present",
        "fasciculation_felt": "absent",
        "fasciculation_seen": "absent",
        "leg_stiffness": "absent",
        "body_stiffness": "present",
        "sweating_heavy": "present",
        "slow_to_let_go": "absent",
        "cramp_felt": "absent",
        "neuromyotonic_discharges": "present",
        "myokymic_discharges": "absent",
        "doublets_or_multiplets": "absent",
    },
    "morvan_clinical": {
        "rippling_seen": "present",
        "fasciculation_felt": "absent",
        "fasciculation_seen": "absent",
        "cramp_felt": "absent",
        "doublets_or_multiplets": "present",
        "myokymic_discharges": "absent",
        "neuromyotonic_discharges": "absent",
        "sweating_heavy": "present",
        "palpitations": "absent",
        "constipation": "absent",
        "no_sleep_for_nights": "present",
        "confusion": "absent",
        "hallucinations": "absent",
        "memory_decline_fast": "absent",
        "behaviour_changed": "absent",
    },
    "cramp_fasciculation_tahmoush": {
        "cramp_felt": "present",
        "fasciculation_felt": "present",
        "fasciculation_seen": "absent",
        "muscle_pain": "absent",
        "leg_pain": "absent",
        "leg_stiffness": "absent",
        "exercise_hard_to_bear": "present",
        "neuro_exam_normal": "present",
        "examination_normal": "absent",
        "after_discharges": "present",
    },
}

CLAUSES: dict[str, tuple[Clause, ...]] = {
    "kennedy_genetic": (
        Clause("Male", {"person": {"sex": "female"}}, {"person": {"age": 45}}),
        Clause("38 or more CAG", {"ar_cag_repeats": count(30)}, {"ar_cag_repeats": GONE}),
        Clause("At least one sign", {"breast_growth_in_man": "absent"}, {"breast_growth_in_man": GONE}),
    ),
    "mmn_2010": (
        Clause("Weakness found", {"weakness_found": "absent"}, {"weakness_found": GONE}),
        Clause("Weakness found", {"progressive_over_weeks_months": "absent"}, {"progressive_over_weeks_months": GONE}),
        Clause("Asymmetric", {"weakness_pattern": ["distal"]}, {"weakness_pattern": GONE}),
        Clause("In the territory", {"motor_nerves_affected": count(1)}, {"motor_nerves_affected": GONE}),
        Clause("For more than one month", {"weakness_duration": days(20)}, {"weakness_duration": GONE}),
        Clause("No loss of feeling", {"sensory_loss_found": "present"}, {"sensory_loss_found": GONE}),
        Clause("No signs from the upper", {"umn_signs_found": "present"}, {"umn_signs_found": GONE}),
        Clause("No signs from the upper", {"babinski_sign": "present"}, {"umn_signs_found": "unknown"}),
        Clause("No marked signs of mouth", {"slurred_speech": "present"}, {"slurred_speech": GONE}),
        Clause("Not weak on both sides", {"weakness_pattern": ["asymmetric", "symmetric"]}, {"weakness_pattern": GONE}),
        Clause("Block in a motor nerve", {"conduction_block": "absent"}, {"conduction_block": GONE}),
        Clause("Sensory nerves", {"sensory_conduction_abnormal": "present"}, {"sensory_conduction_abnormal": GONE}),
    ),
    "cidp_2021": (
        Clause("Weakness gets worse", {"weakness_getting_worse": "absent"}, {"weakness_getting_worse": GONE}),
        Clause("Weakness found in arms", {"weakness_found": "absent"}, {"weakness_found": everywhere()[:1]}),
        Clause("The same on both sides", {"weakness_pattern": ["symmetric", "distal"]}, {"weakness_pattern": GONE}),
        Clause(
            "Loss of feeling in two limbs",
            {"sensory_loss_found": "absent", "sensory_loss_pattern": "one_nerve"},
            {"sensory_loss_found": GONE, "sensory_loss_pattern": GONE},
        ),
        Clause("It developed over", {"weakness_time_to_worst": days(3, "week")}, {"weakness_time_to_worst": GONE}),
        Clause("Reflexes reduced", {"reflexes_reduced": "absent"}, {"reflexes_reduced": everywhere(side="both")[:1]}),
        Clause("Nerve tests show", {"demyelinating_conduction": "absent"}, {"demyelinating_conduction": GONE}),
        Clause(
            "Sensory nerve conduction", {"sensory_conduction_abnormal": "absent"}, {"sensory_conduction_abnormal": GONE}
        ),
    ),
    "gbs_clinical": (
        Clause(
            "Weakness found in limbs",
            {"weakness_found": "absent", "weakness_pattern": ["one_limb"]},
            {"weakness_found": GONE, "weakness_pattern": GONE},
        ),
        Clause(
            "It grows or grew",
            {"weakness_getting_worse": "absent", "weakness_time_to_worst": days(0)},
            {"weakness_getting_worse": GONE, "weakness_time_to_worst": GONE, "weakness_duration": days(9)},
        ),
        Clause("Tendon reflexes", {"reflexes_reduced": "absent"}, {"reflexes_reduced": GONE}),
        Clause("At its worst", {"weakness_time_to_worst": days(40)}, {"weakness_time_to_worst": GONE}),
        Clause(
            "Fairly the same",
            {"weakness_found": entry("absent", side="left"), "weakness_pattern": ["asymmetric"]},
            {"weakness_found": entry("present", side="right"), "weakness_pattern": GONE},
        ),
    ),
    "isaacs_clinical": (
        Clause("Muscles ripple", {"rippling_seen": "absent", **dict.fromkeys(("myokymia_found",), "absent")},
               {"rippling_seen": GONE}),
        Clause("Stiff muscles", {"body_stiffness": "absent"}, {"body_stiffness": GONE}),
        Clause("Heavy sweating", {"sweating_heavy": "absent"}, {"sweating_heavy": GONE}),
        Clause("EMG with", {"neuromyotonic_discharges": "absent"}, {"neuromyotonic_discharges": GONE}),
    ),
    "morvan_clinical": (
        Clause("Muscles ripple", {"rippling_seen": "absent"}, {"rippling_seen": GONE}),
        Clause("EMG with", {"doublets_or_multiplets": "absent"}, {"doublets_or_multiplets": GONE}),
        Clause("Inner organs", {"sweating_heavy": "absent"}, {"sweating_heavy": GONE}),
        Clause("Brain", {"no_sleep_for_nights": "absent"}, {"no_sleep_for_nights": GONE}),
    ),
    "cramp_fasciculation_tahmoush": (
        Clause("Cramps", {"cramp_felt": "absent"}, {"cramp_felt": GONE}),
        Clause("Twitches", {"fasciculation_felt": "absent"}, {"fasciculation_felt": GONE}),
        Clause("Aching", {"exercise_hard_to_bear": "absent"}, {"exercise_hard_to_bear": GONE}),
        Clause("Examination and strength", {"neuro_exam_normal": "absent"}, {"neuro_exam_normal": GONE}),
        Clause("After-discharges", {"after_discharges": "absent"}, {"after_discharges": GONE}),
    ),
}  # fmt: skip


def case_of(answers: Answers) -> dict[str, Any]:
    findings = {id: value for id, value in answers.items() if id != "person" and value is not GONE}
    return {"date": "2026-11-20", "person": dict(answers.get("person", {})), "findings": findings}


def read(name: str, **changes: Any) -> CriterionResult:
    """Return a definition read from its met case with some answers changed, or from those alone (`alone=True`)."""
    known = load()
    alone = changes.pop("alone", False)
    parsed = parse_case(case_of(changes if alone else {**MET[name], **changes}), known)
    assert not parsed.errors, parsed.errors
    facts = facts_of(FindingSet(parsed.case.findings, known, date=parsed.case.date), known)
    return next(one for one in criteria(facts, known) if one.id == name)


def clauses() -> Iterator[Any]:
    for name, lines in CLAUSES.items():
        for number, clause in enumerate(lines, 1):
            yield pytest.param(name, clause, id=f"{name}-{number}")


@pytest.mark.parametrize("name", MET)
def test_met_when_every_clause_holds(name: str) -> None:
    found = read(name)
    assert found.result == "met"
    assert {one.result for one in found.items} == {"met"}
    assert found.missing == ()


@pytest.mark.parametrize("name", MET)
def test_nothing_asked_decides_nothing(name: str) -> None:
    assert read(name, alone=True).result == "undetermined"


@pytest.mark.parametrize(("name", "clause"), list(clauses()))
def test_not_met_when_one_clause_fails(name: str, clause: Clause) -> None:
    found = read(name, **clause.fails)
    assert found.result == "not_met"
    assert [one.result for one in found.items if one.label.startswith(clause.label)] == ["not_met"]


@pytest.mark.parametrize(("name", "clause"), list(clauses()))
def test_undetermined_when_one_clause_is_missing(name: str, clause: Clause) -> None:
    found = read(name, **clause.open)
    assert found.result == "undetermined"
    assert [one.result for one in found.items if one.label.startswith(clause.label)] == ["undetermined"]
    assert found.missing


@pytest.mark.parametrize("name", MET)
def test_every_line_has_a_label_and_is_tested(name: str) -> None:
    labels = [one.label for one in read(name).items]
    tested = {one.label for one in CLAUSES[name]}
    told_only = ("No other cause", "No myokymic")  # lines on what is known otherwise: their own tests below
    untested = [label for label in labels if not label.startswith((*tested, *told_only))]
    assert not untested
    assert all(sum(label.startswith(start) for label in labels) == 1 for start in tested)


# ---- numbers, both sides ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "change", "result"),
    [
        ("kennedy_genetic", {"ar_cag_repeats": count(37)}, "not_met"),
        ("kennedy_genetic", {"ar_cag_repeats": count(38)}, "met"),
        ("mmn_2010", {"motor_nerves_affected": count(1)}, "not_met"),
        ("mmn_2010", {"motor_nerves_affected": count(2)}, "met"),
        ("mmn_2010", {"weakness_duration": days(1, "month")}, "not_met"),
        ("mmn_2010", {"weakness_duration": days(30)}, "not_met"),
        ("mmn_2010", {"weakness_duration": days(31)}, "met"),
        ("cidp_2021", {"weakness_time_to_worst": days(55)}, "not_met"),
        ("cidp_2021", {"weakness_time_to_worst": days(56)}, "met"),
        ("cidp_2021", {"weakness_time_to_worst": days(8, "week")}, "met"),
        ("cidp_2021", {"weakness_time_to_worst": GONE, "weakness_duration": days(8, "week")}, "met"),
        ("cidp_2021", {"weakness_time_to_worst": GONE, "weakness_duration": days(55)}, "undetermined"),
        ("gbs_clinical", {"weakness_time_to_worst": days(28)}, "met"),
        ("gbs_clinical", {"weakness_time_to_worst": days(4, "week")}, "met"),
        ("gbs_clinical", {"weakness_time_to_worst": days(29)}, "not_met"),
        ("gbs_clinical", {"weakness_time_to_worst": GONE, "weakness_duration": days(28)}, "met"),
        ("gbs_clinical", {"weakness_time_to_worst": GONE, "weakness_duration": days(29)}, "undetermined"),
    ],
)
def test_limits_on_both_sides(name: str, change: Answers, result: str) -> None:
    assert read(name, **change).result == result


# ---- other ways to meet a clause -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "sign",
    [
        {"twitch_body_site": ["mouth_and_chin"]},
        {"tremor_felt": "present"},
        {"postural_tremor_found": "present"},
        {"raised_ck": "present"},
        {"sensory_conduction_abnormal": "present"},
        {"weakness_found": "present"},
        {"slurred_speech": "present"},
        {"swallowing_trouble": "present"},
    ],
)
def test_kennedy_any_one_sign_will_do(sign: Answers) -> None:
    assert read("kennedy_genetic", breast_growth_in_man="absent", **sign).result == "met"


@pytest.mark.parametrize(
    "course", ["weakness_getting_worse", "stepwise", "progressive_motor_impairment"]
)  # fmt: skip
def test_mmn_slowly_or_in_steps(course: str) -> None:
    assert read("mmn_2010", progressive_over_weeks_months="absent", **{course: "present"}).result == "met"


@pytest.mark.parametrize("pattern", [["one_limb"], ["one_nerve"], ["asymmetric"]])
def test_mmn_asymmetric_in_words(pattern: list[str]) -> None:
    assert read("mmn_2010", weakness_pattern=pattern).result == "met"


def test_mmn_less_vibration_is_no_loss_of_feeling_but_joint_position_is() -> None:
    assert read("mmn_2010", vibration_reduced="present").result == "met"
    assert read("mmn_2010", joint_position_reduced="present").result == "not_met"


@pytest.mark.parametrize("sign", ["babinski_sign", "spasticity_found", "clonus_inducible"])
def test_mmn_any_upper_motor_neurone_sign_speaks_against(sign: str) -> None:
    assert read("mmn_2010", **{sign: "present"}).result == "not_met"
    assert read("mmn_2010", **{sign: "unknown"}).result == "met"


def test_mmn_swallowing_trouble_speaks_against() -> None:
    assert read("mmn_2010", swallowing_trouble="present").result == "not_met"


@pytest.mark.parametrize(
    "course", ["progressive_over_weeks_months", "progressive_motor_impairment", "stepwise", "relapses_with_recovery"]
)
def test_cidp_worsening_or_bouts(course: str) -> None:
    assert read("cidp_2021", weakness_getting_worse="absent", **{course: "present"}).result == "met"


def test_cidp_loss_of_feeling_by_pattern_or_by_both_sides() -> None:
    assert read("cidp_2021", sensory_loss_found=GONE).result == "met"
    assert read("cidp_2021", sensory_loss_pattern=GONE).result == "met"
    one_side = entry("present", side="left", site="foot")
    assert read("cidp_2021", sensory_loss_found=one_side, sensory_loss_pattern=GONE).result == "undetermined"


def test_cidp_onset_in_words_and_bouts() -> None:
    words = {"weakness_time_to_worst": GONE, "weakness_onset": "over_8_weeks"}
    assert read("cidp_2021", **words).result == "met"
    fast = {"weakness_time_to_worst": days(3, "week"), "weakness_duration": days(9, "month")}
    assert read("cidp_2021", **fast).result == "not_met"
    assert read("cidp_2021", **fast, relapses_with_recovery="present").result == "met"


def test_cidp_demyelination_told_by_the_nerve_test_in_words() -> None:
    assert (
        read("cidp_2021", demyelinating_conduction=GONE, polyneuropathy_on_nerve_test="demyelinating").result == "met"
    )
    axonal = {"demyelinating_conduction": "absent", "polyneuropathy_on_nerve_test": "axonal"}
    assert read("cidp_2021", **axonal).result == "not_met"


@pytest.mark.parametrize(
    "other", ["high_lead", "high_arsenic", "high_thallium", "bladder_change_new", "bowel_incontinence"]
)
def test_cidp_another_known_cause_speaks_against_and_what_was_not_asked_does_not(other: str) -> None:
    assert read("cidp_2021", **{other: "present"}).result == "not_met"
    assert read("cidp_2021", **{other: "unknown"}).result == "met"


@pytest.mark.parametrize("course", ["worsening_over_hours_days", "weakness_climbing"])
def test_gbs_growing_in_other_words(course: str) -> None:
    change = {"weakness_getting_worse": "absent", "weakness_time_to_worst": GONE, "weakness_duration": days(5)}
    assert read("gbs_clinical", **change, **{course: "present"}).result == "met"


@pytest.mark.parametrize("onset", ["within_hours", "within_days", "within_4_weeks"])
def test_gbs_onset_in_words(onset: str) -> None:
    assert read("gbs_clinical", weakness_time_to_worst=GONE, weakness_onset=onset).result == "met"


def test_gbs_symmetry_by_pattern_or_by_both_sides() -> None:
    assert read("gbs_clinical", weakness_pattern=GONE).result == "met"
    assert read("gbs_clinical", weakness_found="present").result == "met"


@pytest.mark.parametrize(
    "other",
    [
        {"known_myasthenia": "present"},
        {"acetylcholine_receptor_antibodies": "present"},
        {"low_potassium": "present"},
        {"high_potassium": "present"},
        {"low_phosphate": "present"},
        {"high_lead": "present"},
        {"mri_cord_compression": "present"},
        {"mri_cord_signal_change": "present"},
        {"mri_cauda_equina_compression": "present"},
        {"weakness_descending": "present"},
        {"sensory_loss_pattern": "level_on_trunk"},
    ],
)
def test_gbs_another_known_cause_speaks_against_and_what_was_not_asked_does_not(other: Answers) -> None:
    found = read("gbs_clinical", **other)
    assert found.result == "not_met"
    assert [one.result for one in found.items if one.label.startswith("No other cause")] == ["not_met"]
    assert read("gbs_clinical", **dict.fromkeys(other, "unknown")).result == "met"


def test_gbs_never_from_what_the_person_feels_alone() -> None:
    felt = {
        "felt_weakness": {"value": "present", "side": "both"},
        "weakness_climbing": "present",
        "tingling": "present",
    }
    assert read("gbs_clinical", alone=True, **felt, weakness_time_to_worst=days(7)).result == "undetermined"


def test_gbs_definition_that_fails_does_not_lower_the_urgency() -> None:
    answers = {
        **MET["gbs_clinical"],
        "reflexes_reduced": "absent",
        "felt_weakness": {"value": "present", "side": "both"},
    }
    found = assess(case_of(answers | {"weakness_duration": days(10)}))
    assert next(one for one in found.criteria if one.id == "gbs_clinical").result == "not_met"
    assert found.urgency.level == "emergency"


@pytest.mark.parametrize(
    "twitch", ["fasciculation_felt", "fasciculation_seen", "myokymia_found", "fasciculations_found"]
)
@pytest.mark.parametrize("name", ["isaacs_clinical", "morvan_clinical"])
def test_overactive_nerves_seen_or_felt_in_other_ways(name: str, twitch: str) -> None:
    assert read(name, rippling_seen="absent", **{twitch: "present"}).result == "met"


@pytest.mark.parametrize("discharge", ["myokymic_discharges", "neuromyotonic_discharges", "doublets_or_multiplets"])
@pytest.mark.parametrize("name", ["isaacs_clinical", "morvan_clinical"])
def test_overactive_nerves_by_any_of_the_three_discharges(name: str, discharge: str) -> None:
    none = dict.fromkeys(("myokymic_discharges", "neuromyotonic_discharges", "doublets_or_multiplets"), "absent")
    assert read(name, **{**none, discharge: "present"}).result == "met"
    assert read(name, **none, after_discharges="present").result == "not_met"


@pytest.mark.parametrize("stiff", ["leg_stiffness", "rigidity_found"])
@pytest.mark.parametrize("third", ["slow_to_let_go", "cramp_felt"])
def test_isaacs_stiffness_and_third_sign_in_other_words(stiff: str, third: str) -> None:
    change = {"body_stiffness": "absent", "sweating_heavy": "absent", stiff: "present", third: "present"}
    assert read("isaacs_clinical", **change).result == "met"


@pytest.mark.parametrize(
    "organ", ["palpitations", "constipation", "sympathetic_lability", "orthostatic_hypotension_found"]
)
@pytest.mark.parametrize("brain", ["confusion", "hallucinations", "memory_decline_fast", "behaviour_changed"])
def test_morvan_inner_organs_and_brain_in_other_words(organ: str, brain: str) -> None:
    change = {"sweating_heavy": "absent", "no_sleep_for_nights": "absent", organ: "present", brain: "present"}
    assert read("morvan_clinical", **change).result == "met"


def test_morvan_cramp_counts_as_overactive_muscle_nerves() -> None:
    assert read("morvan_clinical", rippling_seen="absent", cramp_felt="present").result == "met"


def test_isaacs_with_sweating_alone_is_not_morvan() -> None:
    calm = dict.fromkeys(
        ("no_sleep_for_nights", "confusion", "hallucinations", "memory_decline_fast", "behaviour_changed"), "absent"
    )
    assert read("morvan_clinical", alone=True, **MET["isaacs_clinical"], **calm).result == "not_met"


@pytest.mark.parametrize("complaint", ["muscle_pain", "leg_pain", "leg_stiffness"])
def test_cramp_fasciculation_aching_or_stiffness(complaint: str) -> None:
    assert (
        read("cramp_fasciculation_tahmoush", exercise_hard_to_bear="absent", **{complaint: "present"}).result == "met"
    )


@pytest.mark.parametrize("sign", ["weakness_found", "wasting_found"])
def test_cramp_fasciculation_needs_full_strength(sign: str) -> None:
    assert read("cramp_fasciculation_tahmoush", **{sign: "present"}).result == "not_met"


def test_cramp_fasciculation_normal_by_either_examination() -> None:
    change = {"neuro_exam_normal": GONE, "examination_normal": "present"}
    assert read("cramp_fasciculation_tahmoush", **change).result == "met"


@pytest.mark.parametrize(
    "emg", ["myokymic_discharges", "neuromyotonic_discharges", "fibrillation_potentials", "positive_sharp_waves"]
)
def test_cramp_fasciculation_other_emg_findings_speak_against(emg: str) -> None:
    found = read("cramp_fasciculation_tahmoush", **{emg: "present"})
    assert found.result == "not_met"
    assert [one.result for one in found.items if one.label.startswith("No myokymic")] == ["not_met"]
    assert read("cramp_fasciculation_tahmoush", **{emg: "unknown"}).result == "met"
