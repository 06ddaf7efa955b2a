"""Definitions of a seizure of one part that does not stop, of probable sporadic CJD and of tetanus, clause by clause.

Epilepsia partialis continua (clinical), CJD (CDC, probable) and tetanus (EU, clinical part). For each: met with all
clauses, not met when one clause fails, undetermined when one is missing, and both sides of every number.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pytest

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


def rate(value: float, unit: str = "per_minute") -> dict[str, Any]:
    return {"value": value, "unit": unit}


def lasting(value: float, unit: str = "minute") -> dict[str, Any]:
    return {"value": value, "unit": unit}


NO_PYRAMIDAL = dict.fromkeys(("umn_signs_found", "rigidity_found"), "absent")

MET: dict[str, dict[str, Any]] = {
    "epc_clinical": {
        "one_part_keeps_jerking": "present",
        "movement_moves_joint": "present",
        "movement_rate": rate(30),
        "jerking_duration": lasting(3, "hour"),
        "movement_can_be_held_back": "absent",
    },
    "cjd_probable": {
        "csf_rt_quic": "absent",
        "memory_decline_fast": "present",
        "myoclonus_found": "present",
        "cerebellar_signs_found": "present",
        "cortical_visual_signs": "absent",
        "akinetic_mutism": "absent",
        **NO_PYRAMIDAL,
        "eeg_periodic_sharp_waves": "absent",
        "csf_14_3_3": "absent",
        "mri_prion_pattern": "present",
        "symptom_duration": lasting(4, "month"),
    },
    "tetanus_clinical": {
        "jaw_locked": "present",
        "trunk_spasms": "present",
        "whole_body_spasms": "absent",
    },
}

CLAUSES: dict[str, tuple[Clause, ...]] = {
    "epc_clinical": (
        Clause("One part keeps", {"one_part_keeps_jerking": "absent"}, {"one_part_keeps_jerking": GONE}),
        Clause("The jerk moves", {"movement_moves_joint": "absent"}, {"movement_moves_joint": GONE}),
        Clause("At least one jerk", {"movement_rate": rate(2)}, {"movement_rate": GONE}),
        Clause("For an hour", {"jerking_duration": lasting(10)}, {"jerking_duration": GONE}),
    ),
    "cjd_probable": (
        Clause("Fast dementia", {"memory_decline_fast": "absent"}, {"memory_decline_fast": GONE}),
        Clause("Two of", {"cerebellar_signs_found": "absent"}, {"cerebellar_signs_found": GONE}),
        Clause("One of", {"mri_prion_pattern": "absent"}, {"mri_prion_pattern": GONE}),
    ),
    "tetanus_clinical": (
        Clause("Two of three", {"jaw_locked": "absent"}, {"jaw_locked": GONE}),
        Clause("Two of three", {"trunk_spasms": "absent"}, {"trunk_spasms": GONE}),
    ),
}


def read(name: str, **changes: Any) -> CriterionResult:
    """Return a definition read from its met case with some answers changed, or from those alone (`alone=True`)."""
    known = load()
    alone = changes.pop("alone", False)
    answers = changes if alone else {**MET[name], **changes}
    findings = {id: value for id, value in answers.items() if value is not GONE}
    parsed = parse_case({"date": "2026-11-20", "findings": findings}, known)
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
    told_only = ("It is not known to be held back", "No routine test")  # lines on what is known otherwise: tests below
    assert all(label.startswith((*(one.label for one in CLAUSES[name]), *told_only)) for label in labels)


# ---- numbers, both sides ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "change", "result"),
    [
        ("epc_clinical", {"movement_rate": rate(5.9)}, "not_met"),
        ("epc_clinical", {"movement_rate": rate(6)}, "met"),
        ("epc_clinical", {"movement_rate": rate(0.1, "per_second")}, "met"),
        ("epc_clinical", {"jerking_duration": lasting(59)}, "not_met"),
        ("epc_clinical", {"jerking_duration": lasting(60)}, "met"),
        ("epc_clinical", {"jerking_duration": lasting(1, "hour")}, "met"),
        ("epc_clinical", {"jerking_duration": lasting(2, "day")}, "met"),
        ("cjd_probable", {"mri_prion_pattern": "absent", "csf_14_3_3": "present"}, "met"),
        (
            "cjd_probable",
            {"mri_prion_pattern": "absent", "csf_14_3_3": "present", "symptom_duration": lasting(1.9, "year")},
            "met",
        ),
        (
            "cjd_probable",
            {"mri_prion_pattern": "absent", "csf_14_3_3": "present", "symptom_duration": lasting(2, "year")},
            "not_met",
        ),
        (
            "cjd_probable",
            {"mri_prion_pattern": "absent", "csf_14_3_3": "present", "symptom_duration": GONE},
            "undetermined",
        ),
    ],
)
def test_limits_on_both_sides(name: str, change: Answers, result: str) -> None:
    assert read(name, **change).result == result


# ---- other ways to meet a clause, and what speaks against ------------------------------------------------------------


@pytest.mark.parametrize(
    "sign",
    [
        {"jerk_felt": "present"},
        {"myoclonus_found": "present"},
        {"twitch_body_site": ["face"]},
    ],
)
def test_epc_a_jerk_in_other_words(sign: Answers) -> None:
    assert read("epc_clinical", movement_moves_joint="absent", **sign).result == "met"


def test_epc_a_face_that_jerks_counts_where_the_joint_was_not_asked() -> None:
    face = {"one_part_keeps_jerking": {"value": "present", "site": "face"}}
    assert read("epc_clinical", movement_moves_joint=GONE, **face).result == "met"


def test_epc_a_flickering_calf_for_days_is_not_met() -> None:
    calf = {"movement_moves_joint": "absent", "twitch_body_site": ["calf"], "jerking_duration": lasting(3, "day")}
    assert read("epc_clinical", **calf).result == "not_met"


def test_epc_what_can_be_held_back_is_not_it_and_not_asked_keeps_nothing_open() -> None:
    assert read("epc_clinical", movement_can_be_held_back="present").result == "not_met"
    assert read("epc_clinical", movement_can_be_held_back="unknown").result == "met"
    assert read("epc_clinical", movement_can_be_held_back=GONE).result == "met"


def test_epc_a_silent_brain_wave_test_does_not_speak_against() -> None:
    assert read("epc_clinical", eeg_focal_epileptic="absent").result == "met"


@pytest.mark.parametrize(
    "sign",
    [
        {"cortical_visual_signs": "present"},
        {"umn_signs_found": "present"},
        {"rigidity_found": "present"},
        {"babinski_sign": "present"},
        {"spasticity_found": "present"},
        {"bradykinesia_found": "present"},
        {"dystonia_found": "present"},
        {"chorea_found": "present"},
        {"akinetic_mutism": "present"},
    ],
)
def test_cjd_any_two_of_the_four(sign: Answers) -> None:
    assert read("cjd_probable", cerebellar_signs_found="absent", **sign).result == "met"


def test_cjd_sight_and_cerebellum_are_one_of_the_four() -> None:
    both = {"cerebellar_signs_found": "present", "cortical_visual_signs": "present"}
    assert read("cjd_probable", myoclonus_found="absent", **both).result == "not_met"


def test_cjd_myoclonus_in_a_recording_counts_and_jerks_that_are_only_felt_do_not() -> None:
    assert read("cjd_probable", myoclonus_found="absent", myoclonus_recorded="present").result == "met"
    assert read("cjd_probable", myoclonus_found="absent", jerk_felt="present").result == "not_met"
    assert read("cjd_probable", myoclonus_found=GONE, jerk_felt="present").result == "undetermined"


def test_cjd_periodic_waves_at_any_duration() -> None:
    change = {"mri_prion_pattern": "absent", "eeg_periodic_sharp_waves": "present"}
    assert read("cjd_probable", **change, symptom_duration=lasting(3, "year")).result == "met"


def test_cjd_never_from_symptoms_alone() -> None:
    tests = dict.fromkeys(("csf_rt_quic", "eeg_periodic_sharp_waves", "csf_14_3_3", "mri_prion_pattern"), GONE)
    assert read("cjd_probable", **tests).result == "undetermined"


@pytest.mark.parametrize("other", ["lgi1_antibodies", "caspr2_antibodies", "vgkc_complex_antibodies", "high_lithium"])
def test_cjd_another_known_cause_speaks_against_and_what_was_not_asked_does_not(other: str) -> None:
    found = read("cjd_probable", **{other: "present"})
    assert found.result == "not_met"
    assert [one.result for one in found.items if one.label.startswith("No routine test")] == ["not_met"]
    assert read("cjd_probable", **{other: "unknown"}).result == "met"


@pytest.mark.parametrize(
    "disorder", ["memory_decline_fast", "cognitive_problems", "behaviour_changed", "confusion", "hallucinations"]
)
def test_cjd_rt_quic_with_a_neuropsychiatric_disorder_is_enough(disorder: str) -> None:
    assert read("cjd_probable", alone=True, csf_rt_quic="present", **{disorder: "present"}).result == "met"


def test_cjd_rt_quic_needs_the_disorder() -> None:
    assert read("cjd_probable", alone=True, csf_rt_quic="present").result == "undetermined"


def test_cjd_rt_quic_not_done_keeps_a_failed_second_way_open() -> None:
    assert read("cjd_probable", mri_prion_pattern="absent", csf_rt_quic=GONE).result == "undetermined"
    assert read("cjd_probable", mri_prion_pattern="absent", csf_rt_quic="absent").result == "not_met"


@pytest.mark.parametrize("missing", ["jaw_locked", "trunk_spasms", "whole_body_spasms"])
def test_tetanus_any_two_of_three(missing: str) -> None:
    signs = {one: "present" for one in ("jaw_locked", "trunk_spasms", "whole_body_spasms") if one != missing}
    assert read("tetanus_clinical", alone=True, **signs).result == "met"
    assert read("tetanus_clinical", alone=True, **signs, **{missing: "absent"}).result == "met"


@pytest.mark.parametrize("sign", ["jaw_locked", "trunk_spasms", "whole_body_spasms"])
def test_tetanus_one_alone_is_open_or_not_met(sign: str) -> None:
    others = dict.fromkeys({"jaw_locked", "trunk_spasms", "whole_body_spasms"} - {sign}, "absent")
    assert read("tetanus_clinical", alone=True, **{sign: "present"}).result == "undetermined"
    assert read("tetanus_clinical", alone=True, **{sign: "present"}, **others).result == "not_met"


def test_tetanus_a_wound_and_missing_vaccine_are_no_part_of_it() -> None:
    risks = {"wound_recent": "present", "tetanus_vaccine_missing": "present", "jaw_locked": "present"}
    assert read("tetanus_clinical", alone=True, **risks).result == "undetermined"
