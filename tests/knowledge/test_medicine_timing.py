"""The question on the timing of a medicine: asked where a medicine may matter, plain, and calm."""

from __future__ import annotations

from typing import Any

import pytest

from legtwitch.findings import FindingSet, parse_case
from legtwitch.knowledge import load
from legtwitch.model import Truth
from legtwitch.reasoning.criteria import facts_of
from legtwitch.reasoning.logic import evaluate

TIMING = {
    *("began_within_4_weeks_of_medicine", "worse_on_a_medicine"),
    *("better_after_stopping_medicine", "back_after_restarting_medicine"),
}


def question() -> Any:
    return next(one for one in load().questions if one.id == "medicine_timing")


@pytest.mark.parametrize(
    ("case", "asked"),
    [
        ({"medications": ["Zoloft"]}, True),
        ({"medications": ["Ventolin inhaler"]}, True),
        ({"medications": ["Keytruda"]}, True),
        ({"findings": {"medicine_new_or_changed": "present"}}, True),
        ({"medications": []}, False),
        ({}, False),
        ({"medications": ["montelukast", "vitamin C"]}, False),
        ({"medications": [{"name": "Zoloft", "value": "absent"}]}, False),
    ],
)
def test_it_is_asked_when_a_medicine_may_matter(case: dict[str, Any], asked: bool) -> None:
    known = load()
    parsed = parse_case(case, known)
    assert parsed.errors == ()
    found = FindingSet(parsed.case.findings, known, complete_lists=parsed.case.complete_lists)
    assert (evaluate(question().relevant, facts_of(found, known)).truth is Truth.TRUE) is asked


def test_it_asks_for_each_of_the_four_and_never_says_to_stop() -> None:
    one = question()
    assert one.several
    assert {id for option in one.options for id in option.sets} == TIMING
    assert all(set(option.sets.values()) == {"present"} for option in one.options)
    assert "keep taking" in one.help
    assert "doctor or pharmacist" in one.help


def test_it_reads_easily() -> None:
    one = question()
    for text in (one.text, one.why, one.help, *(option.label for option in one.options)):
        words = text.replace("?", ".").replace(",", "").split()
        sentences = max(text.count(".") + text.count("?"), 1)
        assert len(words) / sentences <= 16, text
        assert sum(len(word) > 9 for word in words) <= 2, text


def test_every_cause_that_asks_for_the_timing_of_a_medicine_can_get_it() -> None:
    known = load()
    reachable = {id for one in known.questions for option in one.options for id in option.sets}
    asked_for = {one.finding for cause in known.causes.values() for one in cause.evidence if one.finding in TIMING}
    assert asked_for == TIMING
    assert reachable >= TIMING
