"""Lab values: units, spans, printed limits, bounds, several dates, and what they say in words."""

from __future__ import annotations

import math
from datetime import date
from typing import Any

import pytest

from legtwitch.findings import findings_from_labs
from legtwitch.knowledge.labs import comparable_units, convert_lab
from legtwitch.model import LabValue, Quantity


@pytest.fixture(scope="session")
def said(knowledge: Any) -> Any:
    """What values say in words: finding → present or absent."""

    def call(*values: LabValue) -> dict[str, str]:
        found = findings_from_labs(values, knowledge)
        return {one.id: one.value for one in found if not isinstance(one.value, Quantity)}

    return call


def test_a_value_is_a_finding_under_its_own_id_with_its_origin(knowledge: Any) -> None:
    value, flag = findings_from_labs([LabValue("ferritin", 18.0, "ng/mL", date(2026, 11, 2))], knowledge)
    assert (value.id, value.value, value.by) == ("ferritin", Quantity(18.0, "ng/mL"), "lab")
    assert (flag.id, flag.value, flag.date) == ("low_ferritin", "present", date(2026, 11, 2))
    assert flag.origin == "ferritin 18 ng/mL on 2026-11-02"


def test_every_limit_gives_the_same_answer_in_every_unit_and_one_step_beside_it(knowledge: Any, said: Any) -> None:
    tried = 0
    for lab in knowledge.labs.values():
        for limit in lab.limits:
            edge = limit.below if limit.below is not None else limit.above
            if edge is None:
                continue
            at_limit = said(LabValue(lab.id, edge, limit.unit)).get(limit.finding)
            for unit in comparable_units(lab, limit.unit):
                here = convert_lab(lab, edge, limit.unit, unit)
                for value in (here, math.nextafter(here, math.inf), math.nextafter(here, -math.inf)):
                    assert said(LabValue(lab.id, value, unit)).get(limit.finding) == at_limit, (lab.id, unit)
                    tried += 1
                beyond = here * (0.999 if limit.below is not None else 1.001)
                assert said(LabValue(lab.id, beyond, unit))[limit.finding] == "present", (lab.id, unit)
    assert tried > 200


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([LabValue("ferritin", 75, "ng/mL")], {"low_ferritin": "present"}),
        ([LabValue("ferritin", 75.1, "ng/mL")], {"low_ferritin": "absent"}),
        ([LabValue("ferritin", 60, "ng/mL", range=(20, 300))], {"low_ferritin": "present"}),
        ([LabValue("calcium_total", 2.1, "mmol/L")], {"low_calcium": "present"}),
        ([LabValue("calcium_total", 2.1, "mmol/L", range=(2.05, 2.55))], {"low_calcium": "absent"}),
        ([LabValue("calcium_total", 2.2, "mmol/L", range=(2.25, 2.6))], {"low_calcium": "present"}),
        ([LabValue("haemoglobin", 125, "g/L")], {}),
        ([LabValue("platelets", 90, "10*9/L")], {}),
        ([LabValue("platelets", 90, "10*9/L", range=(150, None))], {"low_blood_cells": "present"}),
        ([LabValue("platelets", 200, "10*9/L", range=(150, 400))], {}),
        ([LabValue("mercury_blood", 1, "ug/L")], {}),
        ([LabValue("mercury_blood", 1, "ug/L"), LabValue("mercury_urine", 2, "ug/L")], {"high_mercury": "absent"}),
        ([LabValue("mercury_blood", 1, "ug/L"), LabValue("mercury_urine", 50, "ug/L")], {"high_mercury": "present"}),
        ([LabValue("mercury_urine", 50, "ug/g")], {"high_mercury": "present"}),
        ([LabValue("magnesium", 0.9, "mmol/L")], {"low_magnesium": "absent"}),
        ([], {}),
    ],
)
def test_what_a_value_says_in_words(said: Any, values: list[LabValue], expected: dict[str, str]) -> None:
    assert said(*values) == expected


@pytest.mark.parametrize(
    ("value", "comparator", "expected"),
    [(5, "<", {"low_ferritin": "present"}), (200, "<", {}), (5, ">", {}), (200, ">", {"low_ferritin": "absent"})],
)
def test_a_bound_decides_only_what_it_decides(
    said: Any, understood: Any, value: float, comparator: Any, expected: dict[str, str]
) -> None:
    assert said(LabValue("ferritin", value, "ng/mL", comparator=comparator)) == expected
    found = understood(labs={"ferritin": {"value": f"{comparator}{value}", "unit": "ng/mL"}})
    assert found.quantity("ferritin") is None
    assert found.known("ferritin")
    assert found.entries("ferritin")[0].attributes == {"comparator": comparator}


def test_the_newest_value_sets_the_words_and_all_are_kept(understood: Any) -> None:
    old = {"value": 12, "unit": "ng/mL", "date": "2026-01-05"}
    new = {"value": 120, "unit": "ng/mL", "date": "2026-11-05"}
    for order in ([old, new], [new, old]):
        found = understood(date="2026-11-22", labs={"ferritin": order})
        assert [one.value for one in found.entries("low_ferritin")] == ["absent"]
        assert found.quantity("ferritin") == Quantity(120.0, "ng/mL")
        assert len(found.quantities("ferritin")) == 2


def test_a_value_without_a_date_is_as_of_the_case(understood: Any) -> None:
    values = [{"value": 12, "unit": "ng/mL", "date": "2026-01-05"}, {"value": 120, "unit": "ng/mL"}]
    assert understood(date="2026-11-22", labs={"ferritin": values}).quantity("ferritin") == Quantity(120.0, "ng/mL")


def test_calcium_alone_is_refused_with_the_three_that_are_meant(refused: Any) -> None:
    error = refused(labs={"calcium": {"value": 2.3, "unit": "mmol/L"}})
    assert error.code == "E419"
    assert error.allowed == ["calcium_total", "calcium_adjusted", "calcium_ionised"]


def test_a_unit_that_is_not_of_the_lab_is_refused_with_those_that_are(refused: Any) -> None:
    error = refused(labs={"potassium": {"value": 4, "unit": "mg/dL"}})
    assert (error.code, error.allowed) == ("E408", ["mmol/L", "mEq/L"])


def test_a_value_that_nobody_has_is_refused_with_the_likely_unit(refused: Any) -> None:
    error = refused(labs={"haemoglobin": {"value": 14, "unit": "g/L"}})
    assert error.code == "E410"
    assert "14 g/dL" in error.do


@pytest.mark.parametrize("printed", [[3, 2], [2], "2.1-2.6", [None, None], ["low", 2], {"low": 2}, [True, 3]])
def test_a_range_that_is_none_is_refused(refused: Any, printed: Any) -> None:
    entry = {"value": 2.3, "unit": "mmol/L", "range": printed}
    assert refused(labs={"calcium_total": entry}).code in ("E409", "E420")


@pytest.mark.parametrize(
    "entry", ["normal", "18 ng/mL", ["x"], {"unit": "ng/mL"}, {"value": None, "unit": "ng/mL"}, []]
)
def test_other_shapes_are_refused(parse: Any, entry: Any) -> None:
    assert parse(labs={"ferritin": entry}).errors != ()


def test_a_lab_that_was_asked_for_and_is_not_known(understood: Any) -> None:
    found = understood(labs={"ferritin": "unknown"})
    assert (found.asked("ferritin"), found.known("ferritin"), found.quantity("ferritin")) == (True, False, None)
    assert not found.asked("low_ferritin")


def test_an_unknown_lab_may_stand_as_value(parse: Any) -> None:
    parsed = parse(labs={"potassium": {"value": "unknown", "unit": "mmol/L"}, "ferritin": "unknown"})
    assert parsed.errors == ()
    assert {one.id: one.value for one in parsed.case.findings} == {"potassium": "unknown", "ferritin": "unknown"}
