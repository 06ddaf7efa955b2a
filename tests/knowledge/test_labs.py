from __future__ import annotations

import re
from typing import Any

import pytest

from legtwitch.knowledge import loader, yaml12
from legtwitch.knowledge.labs import (
    accepted_units,
    comparable_units,
    convert_lab,
    judge,
    lab_unit,
    plausible,
)
from legtwitch.knowledge.schema import Lab
from legtwitch.model import Truth

RAW: list[Any] = yaml12.load((loader._packaged() / "labs.yaml").read_text(encoding="utf-8"), "labs.yaml")["labs"]
LABS = {one["id"]: Lab.model_validate(one) for one in RAW}
LIMITS = [(lab, limit) for lab in LABS.values() for limit in lab.limits]

# Molar mass in g/mol of what the mass units of a lab count, written down once more apart from the file.
MOLAR = {
    "iron": 55.845, "iron_binding_capacity": 55.845, "magnesium": 24.305, "calcium_total": 40.078,
    "calcium_adjusted": 40.078, "calcium_ionised": 40.078, "phosphate": 30.974, "creatinine": 113.12, "urea": 60.056,
    "urea_nitrogen": 28.014, "bilirubin": 584.66, "ammonia": 17.031, "lactate": 90.08, "glucose": 180.156,
    "free_t4": 776.87, "free_t3": 650.97, "parathyroid_hormone": 9425, "vitamin_d": 400.64, "vitamin_b12": 1355.37,
    "folate": 441.4, "mercury_blood": 200.59, "mercury_urine": 200.59, "lead_blood": 207.2, "cadmium_blood": 112.41,
    "cadmium_urine": 112.41, "arsenic_urine": 74.922, "thallium_blood": 204.38, "thallium_urine": 204.38,
    "manganese_blood": 54.938, "aluminium_serum": 26.982, "copper_serum": 63.546, "copper_urine": 63.546,
    "zinc_serum": 65.38, "ethanol": 46.07, "theophylline_level": 180.16, "caffeine_level": 194.19,
    "valproate_level": 144.21, "phenytoin_level": 252.27, "haemoglobin": 16114, "vitamin_b6_blood": 247.14,
    "vitamin_b1_blood": 424.64, "homocysteine": 135.18, "digoxin_level": 780.94, "carbamazepine_level": 236.27,
    "ciclosporin_level": 1202.61,
    "transferrin": 79570,
}  # fmt: skip
PREFIX = {"": 1.0, "m": 1e-3, "u": 1e-6, "n": 1e-9, "p": 1e-12, "k": 1e3, "d": 1e-1}
AMOUNT = re.compile(r"(?P<prefix>[munpk]?)(?P<what>mol|g|Eq)/(?P<per>[md]?)L")


def moles_per_litre(lab: Lab, unit: str) -> float | None:
    match = AMOUNT.fullmatch(unit)
    if match is None:
        return None
    amount = PREFIX[match["prefix"]] / PREFIX[match["per"]]
    if match["what"] == "Eq":
        return amount / (1 if lab.id in ("potassium", "sodium", "bicarbonate", "lithium_level") else 2)
    if match["what"] == "g":
        return amount / MOLAR[lab.id]
    return amount


@pytest.mark.parametrize("id", sorted(MOLAR))
def test_factors_are_those_of_the_molar_mass(id: str) -> None:
    lab = LABS[id]
    base = moles_per_litre(lab, lab.unit)
    checked = 0
    for unit, factor in lab.factors.items():
        here = moles_per_litre(lab, unit)
        if here is not None and base is not None:
            assert factor == pytest.approx(here / base, rel=1e-12)
            checked += 1
    assert checked == len(lab.factors) or id == "copper_urine"


@pytest.mark.parametrize(
    ("id", "value", "unit", "to", "expected"),
    [
        ("magnesium", 1.2, "mg/dL", "mmol/L", 0.4937),
        ("magnesium", 0.7, "mmol/L", "mg/dL", 1.7014),
        ("calcium_total", 2.15, "mmol/L", "mg/dL", 8.617),
        ("calcium_ionised", 1.15, "mmol/L", "mEq/L", 2.3),
        ("ferritin", 75, "ng/mL", "pmol/L", 168.525),
        ("haemoglobin", 8.07, "mmol/L", "g/dL", 13.004),
        ("glucose", 54, "mg/dL", "mmol/L", 2.9974),
        ("creatinine", 1, "mg/dL", "umol/L", 88.40),
        ("urea_nitrogen", 20, "mg/dL", "mmol/L", 7.139),
        ("urea", 60.056, "mg/dL", "mmol/L", 10.0),
        ("bilirubin", 1, "mg/dL", "umol/L", 17.104),
        ("free_t4", 1.3, "ng/dL", "pmol/L", 16.734),
        ("vitamin_d", 20, "ng/mL", "nmol/L", 49.92),
        ("vitamin_b12", 200, "pg/mL", "pmol/L", 147.56),
        ("lead_blood", 5, "ug/dL", "umol/L", 0.24131),
        ("mercury_urine", 20, "ug/g", "nmol/mmol", 11.279),
        ("transferrin_saturation", 0.2, "ratio", "%", 20.0),
        ("creatine_kinase", 10, "ukat/L", "U/L", 600),
        ("carbon_dioxide_pressure", 40, "mmHg", "kPa", 5.3329),
        ("urine_protein_creatinine_ratio", 300, "mg/g", "mg/mmol", 33.936),
        ("hba1c", 6.5, "%", "mmol/mol", 47.53),
        ("hba1c", 48, "mmol/mol", "%", 6.543),
        ("hba1c", 2.152, "%", "mmol/mol", 0.0),
    ],
)
def test_conversions_that_are_well_known(id: str, value: float, unit: str, to: str, expected: float) -> None:
    assert convert_lab(LABS[id], value, unit, to) == pytest.approx(expected, rel=2e-4, abs=1e-9)


@pytest.mark.parametrize(("lab", "limit"), LIMITS, ids=[f"{lab.id}-{limit.finding}" for lab, limit in LIMITS])
def test_every_limit_makes_the_round_trip_through_every_unit(lab: Lab, limit: Any) -> None:
    edges = [edge for edge in (limit.below, limit.above, limit.clear) if edge is not None] or [1.0]
    for edge in edges:
        assert convert_lab(lab, edge, limit.unit, limit.unit) == edge
        for unit in comparable_units(lab, limit.unit):
            there = convert_lab(lab, edge, limit.unit, unit)
            assert convert_lab(lab, there, unit, limit.unit) == pytest.approx(edge, rel=1e-12, abs=1e-12)


@pytest.mark.parametrize("lab", LABS.values(), ids=list(LABS))
def test_every_unit_of_every_lab_converts_within_its_group_alone(lab: Lab) -> None:
    for unit in accepted_units(lab):
        assert convert_lab(lab, 0.1 + 0.2, unit, unit) == 0.1 + 0.2
        for other in accepted_units(lab):
            if other in comparable_units(lab, unit):
                back = convert_lab(lab, convert_lab(lab, 7.3, unit, other), other, unit)
                assert back == pytest.approx(7.3, rel=1e-12)
            else:
                with pytest.raises(ValueError, match="can't be converted"):
                    convert_lab(lab, 7.3, unit, other)


@pytest.mark.parametrize(("lab", "limit"), LIMITS, ids=[f"{lab.id}-{limit.finding}" for lab, limit in LIMITS])
def test_a_limit_falls_on_the_same_side_in_every_unit(lab: Lab, limit: Any) -> None:
    edge = limit.below if limit.below is not None else limit.above
    if edge is None:
        assert judge(lab, limit, 1.0, limit.unit) is Truth.UNKNOWN
        return
    low = limit.below is not None
    for unit in comparable_units(lab, limit.unit):
        at = convert_lab(lab, edge, limit.unit, unit)
        at_it = judge(lab, limit, at, unit)
        open_zone = limit.clear is not None
        assert at_it is (Truth.TRUE if limit.or_equal else Truth.UNKNOWN if open_zone else Truth.FALSE)
        beyond = convert_lab(lab, edge * (1 - 1e-6 if low else 1 + 1e-6), limit.unit, unit)
        assert judge(lab, limit, beyond, unit) is Truth.TRUE
        before = convert_lab(lab, edge * (1 + 1e-6 if low else 1 - 1e-6), limit.unit, unit)
        assert judge(lab, limit, before, unit) is (Truth.UNKNOWN if open_zone else Truth.FALSE)
        if limit.clear:
            assert judge(lab, limit, convert_lab(lab, limit.clear, limit.unit, unit), unit) is Truth.FALSE


@pytest.mark.parametrize("id", sorted(set(MOLAR) - {"copper_urine", "haemoglobin"}))
def test_every_substance_is_read_in_mass_and_in_moles(id: str) -> None:
    kinds = {match["what"] for unit in accepted_units(LABS[id]) if (match := AMOUNT.fullmatch(unit))}
    assert {"g", "mol"} <= kinds


REFERENCES = [(lab, one) for lab in LABS.values() for one in lab.reference]


def test_most_labs_have_the_usual_span_of_adults() -> None:
    assert len({lab.id for lab, _ in REFERENCES}) >= 60
    assert all(one.grade == "D" or one.source for _, one in REFERENCES)


@pytest.mark.parametrize(("lab", "one"), REFERENCES, ids=[f"{lab.id}-{one.sex}" for lab, one in REFERENCES])
def test_a_usual_span_lies_within_what_is_plausible_and_sets_nothing(lab: Lab, one: Any) -> None:
    ends = [end for end in (one.low, one.high) if end is not None]
    assert ends
    assert ends == sorted(ends)
    assert all(plausible(lab, end, one.unit) for end in ends)
    for limit in lab.limits:
        if one.low is not None and one.high is not None and limit.unit in comparable_units(lab, one.unit):
            middle = convert_lab(lab, (one.low + one.high) / 2, one.unit, limit.unit)
            assert judge(lab, limit, middle, limit.unit) is not Truth.TRUE, limit.finding


def test_blood_and_urine_and_the_three_kinds_of_calcium_stay_apart() -> None:
    for pair in (
        ("mercury_blood", "mercury_urine"),
        ("cadmium_blood", "cadmium_urine"),
        ("thallium_blood", "thallium_urine"),
    ):
        assert set(pair) <= set(LABS)
    assert {"calcium_total", "calcium_adjusted", "calcium_ionised"} <= set(LABS)
    assert "calcium" not in LABS
    edges = {id: LABS[id].limits[0].below for id in ("calcium_total", "calcium_adjusted", "calcium_ionised")}
    assert edges["calcium_ionised"] != edges["calcium_total"]


def limit_of(id: str, finding: str, number: int = 0) -> tuple[Lab, Any]:
    return LABS[id], [one for one in LABS[id].limits if one.finding == finding][number]


def test_a_printed_range_takes_the_place_of_ours_but_not_of_a_decision_limit() -> None:
    potassium = limit_of("potassium", "low_potassium")
    assert judge(*potassium, 3.4, "mmol/L") is Truth.TRUE
    assert judge(*potassium, 3.4, "mmol/L", printed=(3.3, 5.1)) is Truth.FALSE
    assert judge(*potassium, 3.4, "mmol/L", printed=(None, 5.1)) is Truth.TRUE
    ferritin = limit_of("ferritin", "low_ferritin")
    assert judge(*ferritin, 40, "ng/mL", printed=(15, 150)) is Truth.TRUE
    assert judge(*ferritin, 75, "ug/L") is Truth.TRUE
    assert judge(*ferritin, 75.1, "ug/L") is Truth.FALSE


def test_a_limit_that_only_the_laboratory_has_needs_its_range() -> None:
    zinc = limit_of("zinc_serum", "high_zinc")
    assert judge(*zinc, 30, "umol/L") is Truth.UNKNOWN
    assert judge(*zinc, 30, "umol/L", printed=(10, 18)) is Truth.TRUE
    assert judge(*zinc, 17, "umol/L", printed=(10, 18)) is Truth.FALSE


def test_between_the_limit_and_clear_nothing_is_said() -> None:
    haemoglobin = limit_of("haemoglobin", "low_haemoglobin")
    assert [judge(*haemoglobin, one, "g/dL") for one in (11.9, 12.5, 13.0)] == [
        Truth.TRUE,
        Truth.UNKNOWN,
        Truth.FALSE,
    ]


def test_a_level_of_neurofilament_below_the_limit_is_never_called_normal() -> None:
    neurofilament = limit_of("neurofilament_light", "raised_neurofilament")
    assert judge(*neurofilament, 63, "pg/mL") is Truth.TRUE
    assert judge(*neurofilament, 20, "pg/mL") is Truth.UNKNOWN
    assert judge(*neurofilament, 20, "pg/mL", printed=(None, 25)) is Truth.FALSE


@pytest.mark.parametrize(
    ("comparator", "value", "expected"),
    [("<", 10, Truth.TRUE), ("<", 75, Truth.TRUE), ("<", 100, Truth.UNKNOWN), (">", 75, Truth.FALSE),
     (">", 100, Truth.FALSE), (">", 50, Truth.UNKNOWN)],
)  # fmt: skip
def test_less_than_and_more_than_are_kept(comparator: str, value: float, expected: Truth) -> None:
    assert judge(*limit_of("ferritin", "low_ferritin"), value, "ng/mL", comparator=comparator) is expected


@pytest.mark.parametrize(
    ("comparator", "value", "expected"),
    [(">", 5, Truth.TRUE), (">", 4, Truth.UNKNOWN), ("<", 5, Truth.FALSE), ("<", 6, Truth.UNKNOWN)],
)
def test_less_than_and_more_than_on_the_high_side(comparator: str, value: float, expected: Truth) -> None:
    assert judge(*limit_of("potassium", "high_potassium"), value, "mmol/L", comparator=comparator) is expected


def test_a_unit_of_another_group_says_nothing() -> None:
    lab, per_litre = limit_of("mercury_urine", "high_mercury", 0)
    per_gram = lab.limits[1]
    assert judge(lab, per_gram, 30, "ug/g") is Truth.TRUE
    assert judge(lab, per_litre, 30, "ug/g") is Truth.UNKNOWN


def test_units_are_read_in_any_spelling() -> None:
    for written in ("ug/L", "\u00b5g/L", "\u03bcg/l", "UG/L", " ug / L "):
        assert lab_unit(LABS["ferritin"], written) == "ug/L"
    assert lab_unit(LABS["ferritin"], "mg/L") is None
    assert lab_unit(LABS["hba1c"], "%") == "%"
    assert lab_unit(LABS["blood_ph"], "1") == "1"


@pytest.mark.parametrize(
    ("id", "value", "unit"),
    [("calcium_total", 2.3, "mg/dL"), ("magnesium", 8.5, "mmol/L"), ("haemoglobin", 13.5, "g/L"),
     ("haemoglobin", 135, "g/dL"), ("potassium", 42, "mmol/L"), ("creatinine", 90, "mg/dL"), ("glucose", 540, "mmol/L"),
     ("hba1c", 48, "%"), ("hba1c", 6.5, "mmol/mol"), ("sodium", 14, "mmol/L")],
)  # fmt: skip
def test_a_wrong_unit_is_not_plausible(id: str, value: float, unit: str) -> None:
    assert not plausible(LABS[id], value, unit)
    right = {"mg/dL": "mmol/L", "mmol/L": "mg/dL", "g/L": "g/dL", "g/dL": "g/L", "%": "mmol/mol", "mmol/mol": "%"}
    if right[unit] in LABS[id].factors and id not in ("potassium", "sodium", "creatinine"):
        assert plausible(LABS[id], value, right[unit])
