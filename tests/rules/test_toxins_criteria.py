"""Organophosphate poisoning and tetany, and what poisons and lacks rest on: each clause, both sides of a limit."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from legtwitch.findings import FindingSet, parse_case
from legtwitch.knowledge import load
from legtwitch.model import CriterionResult, Truth
from legtwitch.reasoning.criteria import criteria, facts_of
from legtwitch.reasoning.logic import evaluate

YES, NO, NOT_KNOWN = "present", "absent", "unknown"
MET, NOT_MET, OPEN = "met", "not_met", "undetermined"


def facts(answers: Mapping[str, Any], exposures: Mapping[str, str] | None = None) -> Any:
    """Return the facts of a case answered by a clinician; an answer of None is left out."""
    known = load()
    written = {id: value for id, value in answers.items() if value is not None}
    raw: dict[str, Any] = {"person": {"answered_by": "clinician"}, "findings": written}
    if exposures:
        raw["exposures"] = [{"id": name, "value": value} for name, value in exposures.items()]
    parsed = parse_case(raw, known)
    assert parsed.errors == ()
    return facts_of(FindingSet(parsed.case.findings, known), known)


def read(name: str, answers: Mapping[str, Any], exposures: Mapping[str, str] | None = None) -> CriterionResult:
    return next(one for one in criteria(facts(answers, exposures), load()) if one.id == name)


def result(name: str, answers: Mapping[str, Any], exposures: Mapping[str, str] | None = None, **changed: Any) -> str:
    return read(name, {**answers, **changed}, exposures).result


@pytest.mark.parametrize("name", ["organophosphate_clinical", "tetany_clinical"])
def test_of_nothing_known_nothing_follows(name: str) -> None:
    found = read(name, {})
    assert found.result == OPEN
    assert found.missing
    assert all(item.label for item in found.items)


# ---- organophosphate poisoning (CDC) ---------------------------------------------------------------------------------

SPRAYER = {"poison_contact": YES, "pupils_small": YES, "sweating_heavy": YES}
CONTACTS = {"poison_contact": NO, "low_cholinesterase": NO}
NO_CONTACT = {"pesticide": NO, "nerve_agent": NO, "lice_treatment": NO}
NO_SIGNS: dict[str, Any] = dict.fromkeys(
    (
        *("drooling", "wet_chest", "vomiting", "diarrhoea", "sweating_heavy", "whole_body_fit", "confusion"),
        *("reduced_alertness", "pupils_small", "felt_weakness", "weakness_in_named_task", "weakness_found"),
        *("fasciculation_felt", "fasciculation_seen", "fasciculations_found", "pupils_large"),
    ),
    NO,
) | {"heart_rate": {"value": 80, "unit": "bpm"}, "blood_pressure_systolic": {"value": 120, "unit": "mmHg"}}


def organophosphate(changed: Mapping[str, Any], exposures: Mapping[str, str] | None = None) -> str:
    return result("organophosphate_clinical", {**NO_SIGNS, "poison_contact": YES, **changed}, exposures)


def test_contact_with_two_signs() -> None:
    assert result("organophosphate_clinical", SPRAYER) == MET


@pytest.mark.parametrize("contact", ["pesticide", "nerve_agent", "lice_treatment"])
def test_each_contact_counts(contact: str) -> None:
    answers = {**SPRAYER, **CONTACTS}
    assert result("organophosphate_clinical", answers, {**NO_CONTACT, contact: YES}) == MET


def test_a_low_cholinesterase_counts_as_contact() -> None:
    answers = {**SPRAYER, **CONTACTS, "low_cholinesterase": YES}
    assert result("organophosphate_clinical", answers, NO_CONTACT) == MET


def test_signs_without_any_contact() -> None:
    assert result("organophosphate_clinical", {**SPRAYER, **CONTACTS}, NO_CONTACT) == NOT_MET


@pytest.mark.parametrize("missing", ["poison_contact", "low_cholinesterase"])
def test_contact_not_known(missing: str) -> None:
    answers = {**SPRAYER, **CONTACTS, missing: None}
    assert result("organophosphate_clinical", answers, NO_CONTACT) == OPEN


def test_contact_without_any_sign() -> None:
    assert organophosphate({}) == NOT_MET


SIGNS = (
    *("drooling", "wet_chest", "vomiting", "diarrhoea", "whole_body_fit", "confusion", "reduced_alertness"),
    *("pupils_small", "felt_weakness", "weakness_in_named_task", "weakness_found", "fasciculation_felt"),
    *("fasciculation_seen", "fasciculations_found"),
)


@pytest.mark.parametrize("sign", SIGNS)
def test_each_sign_is_one_of_two(sign: str) -> None:
    assert organophosphate({sign: YES}) == NOT_MET
    assert organophosphate({sign: YES, "sweating_heavy": YES}) == MET
    assert organophosphate({sign: NOT_KNOWN, "sweating_heavy": YES}) == OPEN


@pytest.mark.parametrize(
    ("one", "same"), [("vomiting", "diarrhoea"), ("drooling", "wet_chest"), ("confusion", "reduced_alertness")]
)
def test_two_forms_of_one_sign_count_once(one: str, same: str) -> None:
    assert organophosphate({one: YES, same: YES}) == NOT_MET


@pytest.mark.parametrize(("rate", "expected"), [(59, MET), (60, NOT_MET)])
def test_a_slow_heart_is_under_60(rate: float, expected: str) -> None:
    assert organophosphate({"sweating_heavy": YES, "heart_rate": {"value": rate, "unit": "bpm"}}) == expected


@pytest.mark.parametrize(("rate", "expected"), [(100, NOT_MET), (101, MET)])
def test_twitching_with_a_heart_over_100(rate: float, expected: str) -> None:
    assert organophosphate({"fasciculations_found": YES, "heart_rate": {"value": rate, "unit": "bpm"}}) == expected


@pytest.mark.parametrize(("pressure", "expected"), [(139, NOT_MET), (140, MET)])
def test_twitching_with_a_pressure_of_140(pressure: float, expected: str) -> None:
    changed = {"fasciculation_seen": YES, "blood_pressure_systolic": {"value": pressure, "unit": "mmHg"}}
    assert organophosphate(changed) == expected


def test_twitching_with_large_pupils() -> None:
    assert organophosphate({"fasciculation_felt": YES, "pupils_large": YES}) == MET
    assert organophosphate({"pupils_large": YES}) == NOT_MET


def test_twitching_with_nothing_measured_stays_open() -> None:
    assert organophosphate({"fasciculation_felt": YES, "heart_rate": None, "blood_pressure_systolic": None}) == OPEN


# ---- tetany ----------------------------------------------------------------------------------------------------------

TETANY = {"hand_foot_spasm": YES, "tingling_around_mouth": YES}
QUIET = dict.fromkeys(
    ("hand_foot_spasm", "trousseau_sign", "tingling_around_mouth", "tingling", "noisy_breathing_in", "chvostek_sign"),
    NO,
)


def tetany(**changed: Any) -> str:
    return result("tetany_clinical", {**QUIET, **changed})


def test_stiff_hands_with_tingling_around_the_mouth() -> None:
    assert result("tetany_clinical", TETANY) == MET


def test_a_stiff_foot_alone_is_not_tetany() -> None:
    assert tetany(hand_foot_spasm=YES) == NOT_MET


@pytest.mark.parametrize("sign", ["tingling_around_mouth", "noisy_breathing_in", "chvostek_sign"])
def test_each_sign_of_excited_nerves(sign: str) -> None:
    assert tetany(hand_foot_spasm=YES, **{sign: YES}) == MET
    assert tetany(**{sign: YES}) == NOT_MET
    assert tetany(hand_foot_spasm=YES, **{sign: None}) == OPEN


def test_trousseaus_sign_is_both_lines_in_one() -> None:
    assert tetany(trousseau_sign=YES) == MET
    assert tetany(trousseau_sign=None) == OPEN
    assert tetany() == NOT_MET


@pytest.mark.parametrize(("site", "expected"), [("hand", MET), ("foot", OPEN)])
def test_tingling_counts_in_the_hands(site: str, expected: str) -> None:
    assert tetany(hand_foot_spasm=YES, tingling={"value": YES, "site": site}) == expected


def test_tingling_without_a_place_stays_open() -> None:
    assert tetany(hand_foot_spasm=YES, tingling=YES) == OPEN


@pytest.mark.parametrize("missing", ["hand_foot_spasm", "tingling_around_mouth"])
def test_tetany_with_a_line_not_known(missing: str) -> None:
    answers = {**QUIET, **TETANY, missing: None}
    assert result("tetany_clinical", answers) == OPEN


# ---- a poison needs its contact --------------------------------------------------------------------------------------

POISONS = {
    "mercury_poisoning": "traditional_remedies",
    "lead_poisoning": "battery_work",
    "aluminium_poisoning": "dialysis_water",
    "cadmium_poisoning": "welding",
    "arsenic_poisoning": "well_water",
    "thallium_poisoning": "rat_poison",
    "manganese_poisoning": "mining",
    "organophosphate_poisoning": "pesticide",
    "strychnine_poisoning": "rat_poison",
    "stimulant_overdose": "liquid_nicotine",
    "envenomation": "scorpion_sting",
    "tick_paralysis": "tick_bite",
    "ciguatera": "reef_fish",
    "botulism": "home_canned_food",
}


@pytest.mark.parametrize(("cause", "contact"), POISONS.items())
def test_a_poison_is_in_play_only_with_its_contact(cause: str, contact: str) -> None:
    needs = load().causes[cause].requires
    assert evaluate(needs, facts({}, {contact: YES})).truth is Truth.TRUE
    assert evaluate(needs, facts({})).truth is Truth.UNKNOWN


@pytest.mark.parametrize("metal", ["mercury", "lead", "aluminium", "cadmium", "arsenic", "thallium", "manganese"])
def test_a_high_level_brings_a_metal_into_play(metal: str) -> None:
    needs = load().causes[f"{metal}_poisoning"].requires
    assert evaluate(needs, facts({f"high_{metal}": YES})).truth is Truth.TRUE


LACKS = {
    "magnesium_deficiency": "low_magnesium",
    "iron_deficiency": "low_ferritin",
    "hypocalcaemia": "low_calcium",
    "hypokalaemia": "low_potassium",
    "hyponatraemia": "low_sodium",
    "hypophosphataemia": "low_phosphate",
    "vitamin_b12_deficiency": "low_vitamin_b12",
    "copper_deficiency": "low_copper",
    "hyperkalaemia": "high_potassium",
    "hypoglycaemia": "low_glucose",
    "hyperglycaemia": "high_glucose",
    "hyperthyroidism": "low_tsh",
    "hypothyroidism": "high_tsh",
}


@pytest.mark.parametrize(("cause", "lab"), LACKS.items())
def test_a_lack_rests_on_its_laboratory_value(cause: str, lab: str) -> None:
    evidence = {one.finding or one.construct_id: one for one in load().causes[cause].evidence}
    assert evidence[lab].given >= 0.9
    # 75 ng/mL is a limit for treating restless legs, which many healthy people are under
    least = 3 if lab == "low_ferritin" else 20
    assert evidence[lab].given / load().leaks[lab].value > least
