"""What follows by logic alone, and answers of the interview put into a case."""

from __future__ import annotations

import math
from typing import Any

import pytest

from legtwitch.errors import CaseError
from legtwitch.findings import FindingSet, answer, parse_case
from legtwitch.knowledge import load
from legtwitch.model import Quantity, Truth


@pytest.mark.parametrize(
    ("value", "unit", "expected"),
    [
        (38, "degC", Truth.TRUE),
        (100.4, "degF", Truth.TRUE),
        (math.nextafter(100.4, 0), "degF", Truth.TRUE),
        (37.9, "degC", Truth.FALSE),
        (100.2, "degF", Truth.FALSE),
    ],
)
def test_a_temperature_tells_of_fever(understood: Any, value: float, unit: str, expected: Truth) -> None:
    found = understood(findings={"body_temperature": {"value": value, "unit": unit}})
    assert found.state("fever") is expected
    assert found.entries("fever")[0].origin == "follows from body_temperature"


def test_an_old_temperature_does_not_say_that_there_is_no_fever_now(understood: Any) -> None:
    normal = {"value": 37, "unit": "degC", "date": "2026-11-20"}
    assert understood(date="2026-11-22", findings={"body_temperature": normal}).state("fever") is Truth.UNKNOWN
    today = normal | {"date": "2026-11-22"}
    assert understood(date="2026-11-22", findings={"body_temperature": today}).state("fever") is Truth.FALSE
    high_then = [normal | {"value": 39, "date": "2026-11-01"}, today]
    assert understood(date="2026-11-22", findings={"body_temperature": high_then}).state("fever") is Truth.FALSE


def test_a_normal_temperature_does_not_overrule_the_fever_that_a_person_reports(understood: Any) -> None:
    blocks = {"fever": "present", "body_temperature": {"value": 37, "unit": "degC"}}
    assert understood(findings=blocks).state("fever") is Truth.TRUE
    assert len(understood(findings=blocks).entries("fever")) == 1
    high = {"fever": "absent", "body_temperature": {"value": 39, "unit": "degC"}}
    assert understood(findings=high).state("fever") is Truth.TRUE


def test_two_calves_give_their_difference(understood: Any) -> None:
    def girths(left: float, right: float) -> Any:
        values = [{"value": left, "unit": "cm", "side": "left"}, {"value": right, "unit": "cm", "side": "right"}]
        return understood(findings={"calf_girth": values})

    wide = girths(36, 39.5)
    assert wide.quantity("calf_girth_difference") == Quantity(3.5, "cm")
    assert wide.state("calf_swelling_over_3_cm") is Truth.TRUE
    assert girths(36, 39).state("calf_swelling_over_3_cm") is Truth.FALSE
    assert girths(36.1, 39.1).state("calf_swelling_over_3_cm") is Truth.FALSE
    one = understood(findings={"calf_girth": {"value": 36, "unit": "cm", "side": "left"}})
    assert not one.asked("calf_girth_difference")
    assert one.state("calf_swelling_over_3_cm") is Truth.UNKNOWN


def test_painful_sites_are_counted_and_weeks_are_of_a_pregnancy(understood: Any, knowledge: Any) -> None:
    assert len(knowledge.vocabulary.findings["pain_sites"].options) == 19
    found = understood(findings={"pain_sites": ["neck", "chest", "hip_left"]}, person={"weeks_pregnant": 20})
    assert found.quantity("widespread_pain_index") == Quantity(3.0, "count")
    assert found.state("pregnant") is Truth.TRUE


def test_answers_go_into_the_block_they_belong_to(knowledge: Any) -> None:
    case = {"findings": {"nausea": "present"}, "medications": [{"name": "caffeine", "value": "unknown"}]}
    sets = {
        "age": 34,
        "fever": "absent",
        "ferritin": Quantity(18.0, "ng/mL"),
        "twitch_body_site": ("calf",),
        "caffeine": "present",
        "ssri": "absent",
        "tick_bite": "present",
        "nausea": "unknown",
    }
    merged = answer(case, sets, knowledge)
    assert merged == {
        "findings": {"nausea": "unknown", "fever": "absent", "twitch_body_site": ["calf"]},
        "medications": ["caffeine", {"name": "ssri", "value": "absent"}],
        "person": {"age": 34},
        "labs": {"ferritin": {"value": 18.0, "unit": "ng/mL"}},
        "exposures": ["tick_bite"],
    }
    assert case == {"findings": {"nausea": "present"}, "medications": [{"name": "caffeine", "value": "unknown"}]}
    assert parse_case(merged, knowledge).errors == ()


def test_every_id_can_be_answered_as_unknown_and_is_then_asked(knowledge: Any, understood: Any) -> None:
    vocabulary = knowledge.vocabulary
    sections = (vocabulary.findings, vocabulary.person, vocabulary.medications, vocabulary.exposures, vocabulary.labs)
    ids = [id for section in sections for id in section]
    found = understood(**answer({}, dict.fromkeys(ids, "unknown"), knowledge))
    assert all(found.asked(id) and not found.known(id) for id in ids)
    assert {found.state(id) for id in ids} == {Truth.UNKNOWN}


def test_every_answer_that_the_interview_offers_is_understood() -> None:
    known = load()
    for question in known.questions:
        for option in question.options:
            entered = {id: {"value": 3, "unit": unit} for id, unit in option.enter.items()}
            parsed = parse_case(answer({}, {**option.sets, **entered}, known), known)
            assert parsed.errors == (), (question.id, option.label, [str(one) for one in parsed.errors])


def test_an_answer_to_nothing_that_is_known_is_refused(knowledge: Any) -> None:
    with pytest.raises(CaseError) as caught:
        answer({}, {"felt_weaknes": "present"}, knowledge)
    assert caught.value.code == "E403"
    assert "felt_weakness" in caught.value.do
    with pytest.raises(CaseError) as caught:
        answer({"findings": ["fever"]}, {"fever": "present"}, knowledge)
    assert caught.value.code == "E401"


def test_a_muscle_tells_the_region_that_a_condition_asks_for(knowledge: Any) -> None:
    told = parse_case(
        {"findings": {"weakness_found": {"value": "present", "muscle": "deltoid", "by": "clinician"}}}, knowledge
    )
    found = FindingSet(told.case.findings, knowledge)
    assert found.state("weakness_found", where={"region": "cervical"}) is Truth.TRUE
    assert found.state("weakness_found", where={"region": "lumbosacral"}) is Truth.UNKNOWN
    assert found.state("weakness_found", where={"region": "cervical", "by": "person"}) is Truth.UNKNOWN
