"""Serotonin toxicity, malignant syndrome, akathisia, tardive dyskinesia, withdrawal: one test a clause."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations
from typing import Any

import pytest

from legtwitch.findings import FindingSet, parse_case
from legtwitch.knowledge import load
from legtwitch.knowledge.condition import refs
from legtwitch.reasoning.criteria import RESULTS, facts_of

KNOWN = load()
TODAY = "2026-11-20"
CLINICIAN = {id for id, one in KNOWN.vocabulary.findings.items() if tuple(one.by) == ("clinician",)}
YES, NO = "present", "absent"


def result(name: str, findings: Mapping[str, Any], medicines: Sequence[Any] | None = None, **blocks: Any) -> str:
    """Return what a definition comes to for a case with these findings (a value of None is left out)."""
    written: dict[str, Any] = {}
    for id, value in findings.items():
        if value is not None:
            plain = isinstance(value, str) and id in CLINICIAN
            written[id] = {"value": value, "by": "clinician"} if plain else value
    raw: dict[str, Any] = {"date": TODAY, "findings": written, **blocks}
    if medicines is not None:
        raw["medications"] = list(medicines)
    parsed = parse_case(raw, KNOWN)
    assert parsed.errors == ()
    case = parsed.case
    found = FindingSet(case.findings, KNOWN, date=case.date, complete_lists=case.complete_lists)
    return RESULTS[facts_of(found, KNOWN).criterion(name).truth]


def hours(value: float) -> dict[str, Any]:
    return {"value": value, "unit": "hour"}


NAMES = ["hunter_2003", "nms_2011", "akathisia_dsm", "tardive_dyskinesia_dsm", "alcohol_withdrawal_dsm"]


@pytest.mark.parametrize("name", NAMES)
def test_nothing_is_decided_while_nothing_is_known(name: str) -> None:
    assert result(name, {}) == "undetermined"


@pytest.mark.parametrize("name", NAMES)
def test_a_definition_stands_with_the_cause_that_the_vocabulary_names(name: str) -> None:
    cause, criterion = KNOWN.criteria()[name]
    assert cause.id == KNOWN.vocabulary.criteria[name].cause
    assert all(line.label for line in criterion.when.children)
    assert refs(criterion.when)


# ---- serotonin toxicity (Hunter) -------------------------------------------------------------------------------------

HUNTER_NONE: dict[str, Any] = {
    "clonus_spontaneous": NO,
    "clonus_inducible": NO,
    "clonus_ocular": NO,
    "tremor_felt": NO,
    "brisk_reflexes": NO,
    "rigidity_found": NO,
    "agitation": NO,
    "sweating_heavy": NO,
    "body_temperature": {"value": 36.8, "unit": "degC"},
}
HOT = {"value": 38.1, "unit": "degC"}
PATTERNS: list[dict[str, Any]] = [
    {"clonus_spontaneous": YES},
    {"clonus_inducible": YES, "agitation": YES},
    {"clonus_inducible": YES, "sweating_heavy": YES},
    {"clonus_ocular": YES, "agitation": YES},
    {"clonus_ocular": YES, "sweating_heavy": YES},
    {"tremor_felt": YES, "brisk_reflexes": YES},
    {"tremor_felt": NO, "postural_tremor_found": YES, "brisk_reflexes": YES},
    {"rigidity_found": YES, "clonus_ocular": YES, "body_temperature": HOT},
    {"rigidity_found": YES, "clonus_inducible": YES, "body_temperature": HOT},
    {"rigidity_found": YES, "clonus_inducible": YES, "body_temperature": None, "fever_on_two_readings": YES},
]


@pytest.mark.parametrize("pattern", PATTERNS)
def test_hunter_is_met_by_any_one_pattern_on_a_serotonin_medicine(pattern: dict[str, Any]) -> None:
    assert result("hunter_2003", HUNTER_NONE | pattern, ["sertraline"]) == "met"


@pytest.mark.parametrize("pattern", PATTERNS)
def test_hunter_each_sign_of_a_pattern_is_needed_and_what_was_not_looked_for_stays_open(
    pattern: dict[str, Any],
) -> None:
    for sign, value in pattern.items():
        if value == YES and sign not in ("postural_tremor_found", "fever_on_two_readings"):
            without = HUNTER_NONE | pattern | {sign: NO}
            assert result("hunter_2003", without, ["sertraline"]) == "not_met", sign
            assert result("hunter_2003", without | {sign: None}, ["sertraline"]) == "undetermined", sign


@pytest.mark.parametrize(
    ("medicines", "said", "expected"),
    [
        (["sertraline"], None, "met"),
        (["tramadol"], None, "met"),
        (["MDMA"], None, "met"),
        (None, YES, "met"),
        (None, None, "undetermined"),
        ([], NO, "not_met"),
        (["paracetamol"], NO, "undetermined"),
    ],
)
def test_hunter_asks_for_something_that_acts_on_serotonin(medicines: Any, said: Any, expected: str) -> None:
    findings = HUNTER_NONE | {"clonus_spontaneous": YES, "serotonin_medicine_new_or_raised": said}
    assert result("hunter_2003", findings, medicines) == expected


@pytest.mark.parametrize(
    ("temperature", "expected"),
    [
        ({"value": 38.0, "unit": "degC"}, "not_met"),
        ({"value": 38.01, "unit": "degC"}, "met"),
        ({"value": 100.4, "unit": "degF"}, "not_met"),
        ({"value": 100.5, "unit": "degF"}, "met"),
        (None, "undetermined"),
    ],
)
def test_hunter_temperature_is_above_38_degrees(temperature: Any, expected: str) -> None:
    stiff = HUNTER_NONE | {"rigidity_found": YES, "clonus_ocular": YES, "body_temperature": temperature}
    assert result("hunter_2003", stiff, ["sertraline"]) == expected


@pytest.mark.parametrize(("fever", "expected"), [(YES, "undetermined"), (NO, "not_met")])
def test_hunter_a_fever_of_38_or_more_without_number_settles_only_its_absence(fever: str, expected: str) -> None:
    stiff = HUNTER_NONE | {"rigidity_found": YES, "clonus_ocular": YES, "body_temperature": None, "fever": fever}
    assert result("hunter_2003", stiff, ["sertraline"]) == expected


# ---- neuroleptic malignant syndrome (expert consensus 2011) ----------------------------------------------------------

NMS: dict[str, Any] = {
    "fever_on_two_readings": YES,
    "rigidity_found": YES,
    "confusion": YES,
    "reduced_alertness": NO,
    "sympathetic_lability": YES,
    "hypermetabolism": YES,
    "nms_other_causes_excluded": YES,
}
CK = {"creatine_kinase": {"value": 5000, "unit": "U/L"}}
FEATURES = [id for id, value in NMS.items() if value == YES]


def nms(findings: Mapping[str, Any], medicines: Any = ("haloperidol",), labs: Any = None) -> str:
    return result("nms_2011", findings, medicines, labs=CK if labs is None else labs)


def test_nms_is_met_only_by_all_eight_features() -> None:
    assert nms(NMS) == "met"
    assert nms(NMS | {"confusion": NO, "reduced_alertness": YES}) == "met"


@pytest.mark.parametrize("feature", FEATURES)
def test_nms_each_feature_counts(feature: str) -> None:
    assert nms(NMS | {feature: NO}) == "not_met"
    assert nms(NMS | {feature: None}) == "undetermined"


@pytest.mark.parametrize(("value", "expected"), [(799, "not_met"), (800, "met")])
def test_nms_ck_is_four_times_the_limit(value: float, expected: str) -> None:
    assert nms(NMS, labs={"creatine_kinase": {"value": value, "unit": "U/L"}}) == expected


@pytest.mark.parametrize(("raised", "expected"), [(None, "undetermined"), (YES, "undetermined"), (NO, "not_met")])
def test_nms_without_a_number_a_raised_ck_settles_nothing(raised: Any, expected: str) -> None:
    assert nms(NMS | {"raised_ck": raised}, labs={}) == expected


@pytest.mark.parametrize(
    ("medicines", "more", "expected"),
    [
        (None, {}, "undetermined"),
        ([], {}, "not_met"),
        (["metoclopramide"], {}, "met"),
        ([], {"dopamine_medicine_cut": {"value": YES, "since": "2026-11-17"}}, "met"),
        ([], {"dopamine_medicine_cut": {"value": YES, "since": "2026-11-16"}}, "not_met"),
        ([], {"dopamine_medicine_cut": YES}, "undetermined"),
        (["haloperidol"], {"substance_cut": ["antipsychotic"], "time_since_last_use": hours(72)}, "met"),
        (["haloperidol"], {"substance_cut": ["antipsychotic"], "time_since_last_use": hours(73)}, "not_met"),
        (["haloperidol"], {"substance_cut": ["alcohol"], "time_since_last_use": hours(73)}, "met"),
    ],
)
def test_nms_exposure_is_a_blocker_or_a_cut_within_72_hours(medicines: Any, more: Any, expected: str) -> None:
    assert nms(NMS | more, medicines) == expected


# ---- akathisia (DSM) -------------------------------------------------------------------------------------------------

AKATHISIA: dict[str, Any] = {
    "inner_restlessness": YES,
    "fidgets_with_legs": YES,
    "rocks_foot_to_foot": NO,
    "paces": NO,
    "cannot_stay_still": NO,
    "began_within_4_weeks_of_medicine": YES,
}
SIGNS = ["fidgets_with_legs", "rocks_foot_to_foot", "paces", "cannot_stay_still"]


@pytest.mark.parametrize("medicine", ["haloperidol", "aripiprazole", "metoclopramide", "sertraline", "venlafaxine"])
def test_akathisia_is_met_after_such_a_medicine(medicine: str) -> None:
    assert result("akathisia_dsm", AKATHISIA, [medicine]) == "met"


@pytest.mark.parametrize("clause", ["inner_restlessness", "fidgets_with_legs", "began_within_4_weeks_of_medicine"])
def test_akathisia_each_clause_counts(clause: str) -> None:
    assert result("akathisia_dsm", AKATHISIA | {clause: NO}, ["haloperidol"]) == "not_met"
    assert result("akathisia_dsm", AKATHISIA | {clause: None}, ["haloperidol"]) == "undetermined"


@pytest.mark.parametrize("sign", SIGNS)
def test_akathisia_any_one_of_four_movements_will_do(sign: str) -> None:
    only = AKATHISIA | dict.fromkeys(SIGNS, NO) | {sign: YES}
    assert result("akathisia_dsm", only, ["haloperidol"]) == "met"


def test_akathisia_needs_the_medicine() -> None:
    assert result("akathisia_dsm", AKATHISIA, None) == "undetermined"
    assert result("akathisia_dsm", AKATHISIA | {"dopamine_blocker_new_or_raised": NO}, []) == "not_met"


@pytest.mark.parametrize(("started", "expected"), [("2026-10-23", "met"), ("2026-10-22", "undetermined")])
def test_akathisia_four_weeks_can_come_from_the_date_of_the_medicine(started: str, expected: str) -> None:
    findings = AKATHISIA | {"began_within_4_weeks_of_medicine": None}
    assert result("akathisia_dsm", findings, [{"name": "haloperidol", "started": started}]) == expected


def test_akathisia_what_is_said_of_the_time_goes_before_the_date() -> None:
    findings = AKATHISIA | {"began_within_4_weeks_of_medicine": NO}
    assert result("akathisia_dsm", findings, [{"name": "haloperidol", "started": "2026-11-10"}]) == "not_met"


@pytest.mark.parametrize(
    ("more", "medicines"),
    [
        ({"substance_cut": ["opioid"]}, ["haloperidol"]),
        ({"known_hyperthyroidism": YES}, ["haloperidol"]),
        ({"low_tsh": YES}, ["haloperidol"]),
        ({}, ["haloperidol", "methylphenidate"]),
        ({}, ["haloperidol", "cocaine"]),
    ],
)
def test_akathisia_another_known_cause_speaks_against_it(more: Any, medicines: Any) -> None:
    assert result("akathisia_dsm", AKATHISIA | more, medicines) == "not_met"


# ---- tardive dyskinesia (DSM) ----------------------------------------------------------------------------------------

TARDIVE: dict[str, Any] = {
    "mouth_or_face_movements": YES,
    "flowing_movements": NO,
    "symptom_duration": {"value": 8, "unit": "week"},
}


def tardive(findings: Mapping[str, Any], started: str | None = "2024-01-01", age: float = 45, more: Any = ()) -> str:
    medicine: dict[str, Any] = {"name": "haloperidol"} | ({"started": started} if started else {})
    return result("tardive_dyskinesia_dsm", findings, [medicine, *more], person={"age": age})


def test_tardive_dyskinesia_is_met_after_months_of_a_dopamine_blocker() -> None:
    assert tardive(TARDIVE) == "met"
    assert tardive(TARDIVE | {"mouth_or_face_movements": NO, "tardive_movements_found": YES}) == "met"


def test_tardive_dyskinesia_needs_the_movements() -> None:
    assert tardive(TARDIVE | {"mouth_or_face_movements": NO}) == "not_met"
    assert tardive(TARDIVE | {"mouth_or_face_movements": None}) == "undetermined"


@pytest.mark.parametrize(("days", "expected"), [(27, "not_met"), (28, "met")])
def test_tardive_dyskinesia_lasts_four_weeks(days: int, expected: str) -> None:
    assert tardive(TARDIVE | {"symptom_duration": {"value": days, "unit": "day"}}) == expected


@pytest.mark.parametrize(
    ("since", "expected"), [("2026-10-23", "met"), ("2026-10-24", "undetermined"), (None, "undetermined")]
)
def test_tardive_dyskinesia_four_weeks_can_come_from_a_date(since: str | None, expected: str) -> None:
    movements = {"value": YES} | ({"since": since} if since else {})
    assert tardive(TARDIVE | {"symptom_duration": None, "mouth_or_face_movements": movements}) == expected


@pytest.mark.parametrize(
    ("age", "started", "expected"),
    [
        (45, "2026-08-20", "met"),
        (45, "2026-09-20", "not_met"),
        (59, "2026-10-01", "not_met"),
        (60, "2026-10-01", "met"),
        (60, "2026-10-30", "not_met"),
        (45, None, "undetermined"),
    ],
)
def test_tardive_dyskinesia_asks_for_three_months_of_use_or_one_from_60(
    age: float, started: str | None, expected: str
) -> None:
    assert tardive(TARDIVE, started, age) == expected


def test_tardive_dyskinesia_needs_the_medicine() -> None:
    person = {"age": 45}
    assert result("tardive_dyskinesia_dsm", TARDIVE, [], person=person) == "not_met"
    assert result("tardive_dyskinesia_dsm", TARDIVE, None, person=person) == "undetermined"


@pytest.mark.parametrize(
    ("findings", "more"),
    [
        ({"known_hyperthyroidism": YES}, []),
        ({"kayser_fleischer_rings": YES}, []),
        ({"family_chorea_or_huntington": YES}, []),
        ({"htt_cag_repeats": {"value": 36, "unit": "count", "by": "clinician"}}, []),
        ({}, ["levodopa"]),
        ({}, ["ropinirole"]),
    ],
)
def test_tardive_dyskinesia_another_known_cause_speaks_against_it(findings: Any, more: Any) -> None:
    assert tardive(TARDIVE | findings, more=more) == "not_met"


def test_tardive_dyskinesia_a_normal_huntington_gene_speaks_not_against_it() -> None:
    assert tardive(TARDIVE | {"htt_cag_repeats": {"value": 35, "unit": "count", "by": "clinician"}}) == "met"


# ---- withdrawal of alcohol or sedatives (DSM) ------------------------------------------------------------------------

EIGHT: dict[str, Any] = {
    "sweating_heavy": NO,
    "heart_rate": {"value": 80, "unit": "bpm"},
    "tremor_felt": NO,
    "trouble_falling_asleep": NO,
    "nausea": NO,
    "vomiting": NO,
    "hallucinations": NO,
    "agitation": NO,
    "anxiety_felt": NO,
    "whole_body_fit": NO,
}
WITHDRAWAL: dict[str, Any] = EIGHT | {
    "substance_cut": ["alcohol"],
    "alcohol_heavy": YES,
    "time_since_last_use": hours(40),
    "tremor_felt": YES,
    "sweating_heavy": YES,
    "impedes_daily_activities": YES,
}
ONE_OF_EIGHT: list[dict[str, Any]] = [
    {"sweating_heavy": YES},
    {"tremor_felt": YES},
    {"trouble_falling_asleep": YES},
    {"nausea": YES},
    {"hallucinations": YES},
    {"agitation": YES},
    {"anxiety_felt": YES},
    {"whole_body_fit": YES},
]


def withdrawal(findings: Mapping[str, Any]) -> str:
    return result("alcohol_withdrawal_dsm", findings)


@pytest.mark.parametrize("signs", list(combinations(ONE_OF_EIGHT, 2)))
def test_withdrawal_is_met_by_any_two_of_eight_signs(signs: tuple[dict[str, Any], ...]) -> None:
    assert withdrawal(WITHDRAWAL | EIGHT | signs[0] | signs[1]) == "met"


@pytest.mark.parametrize("sign", ONE_OF_EIGHT)
def test_withdrawal_one_sign_is_not_enough(sign: dict[str, Any]) -> None:
    assert withdrawal(WITHDRAWAL | EIGHT | sign) == "not_met"
    (id,) = sign
    other = "agitation" if id != "agitation" else "nausea"
    assert withdrawal(WITHDRAWAL | EIGHT | sign | {other: None}) == "undetermined"


def test_withdrawal_sweating_and_a_fast_pulse_are_one_sign() -> None:
    fast = {"sweating_heavy": YES, "heart_rate": {"value": 130, "unit": "bpm"}}
    assert withdrawal(WITHDRAWAL | EIGHT | fast) == "not_met"
    assert withdrawal(WITHDRAWAL | EIGHT | {"nausea": YES, "vomiting": YES}) == "not_met"


@pytest.mark.parametrize(("pulse", "expected"), [(100, "not_met"), (101, "met")])
def test_withdrawal_the_pulse_is_over_100(pulse: float, expected: str) -> None:
    rate = {"value": pulse, "unit": "bpm"}
    assert withdrawal(WITHDRAWAL | EIGHT | {"tremor_felt": YES, "heart_rate": rate}) == expected


@pytest.mark.parametrize(("since", "expected"), [(168, "met"), (169, "not_met"), (None, "undetermined")])
def test_withdrawal_within_seven_days(since: float | None, expected: str) -> None:
    assert withdrawal(WITHDRAWAL | {"time_since_last_use": None if since is None else hours(since)}) == expected


@pytest.mark.parametrize(
    ("cut", "heavy", "expected"),
    [
        (["alcohol"], YES, "met"),
        (["alcohol"], NO, "not_met"),
        (["alcohol"], None, "undetermined"),
        (["benzodiazepine"], None, "met"),
        (["z_drug"], NO, "met"),
        (["nicotine"], YES, "not_met"),
        (None, YES, "undetermined"),
        (NO, YES, "not_met"),
    ],
)
def test_withdrawal_asks_for_what_was_stopped(cut: Any, heavy: Any, expected: str) -> None:
    assert withdrawal(WITHDRAWAL | {"substance_cut": cut, "alcohol_heavy": heavy}) == expected


def test_withdrawal_causes_distress() -> None:
    calm = WITHDRAWAL | {"impedes_daily_activities": NO}
    assert withdrawal(calm) == "not_met"
    assert withdrawal(WITHDRAWAL | {"impedes_daily_activities": None}) == "undetermined"
    assert withdrawal(calm | {"hallucinations": YES}) == "met"
    assert withdrawal(calm | {"whole_body_fit": YES}) == "met"


@pytest.mark.parametrize(("score", "expected"), [(9, "not_met"), (10, "met")])
def test_withdrawal_a_ciwa_ar_of_10_is_distress(score: float, expected: str) -> None:
    measured = {"value": score, "unit": "score", "by": "clinician"}
    assert withdrawal(WITHDRAWAL | {"impedes_daily_activities": NO, "ciwa_ar_score": measured}) == expected


@pytest.mark.parametrize("id", ["low_glucose", "low_tsh", "known_hyperthyroidism"])
def test_withdrawal_another_known_cause_speaks_against_it(id: str) -> None:
    assert withdrawal(WITHDRAWAL | {id: YES}) == "not_met"
    assert withdrawal(WITHDRAWAL | {id: NO}) == "met"
