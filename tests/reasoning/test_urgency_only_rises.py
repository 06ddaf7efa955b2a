"""The level is the highest of all rules that hold; nothing lowers it, and what is missing is named."""

from __future__ import annotations

from typing import Any

import pytest

from legtwitch.reasoning import urgency

SCREEN = {"a": "absent", "b": "absent", "c": "absent", "age": (34.0, "year"), "sex": "male"}
RULES = [
    ("R02", "two_weeks", "d"),
    ("R01", "emergency", {"all": ["a", "b"]}),
    ("R03", "routine", "e"),
]


@pytest.fixture
def known(tiny: Any) -> Any:
    return tiny.knowledge(safety={"rules": [tiny.rule(*one) for one in RULES]})


def level(tiny: Any, known: Any, answers: dict[str, Any]) -> str:
    return str(urgency(tiny.finding_set(answers, known), known).level)


def test_an_empty_case_fires_nothing_and_leaves_every_rule_open_most_urgent_first(tiny: Any, known: Any) -> None:
    found = urgency(tiny.finding_set({}, known), known)
    assert found.level == "routine"
    assert found.rules == ()
    assert [one.id for one in found.could_not_exclude] == ["R01", "R02", "R30"]
    assert found.could_not_exclude[0].missing == ("a", "b")
    assert found.could_not_exclude[-1].missing == ("a", "b", "c", "age", "pregnant")


def test_the_highest_rule_counts_and_all_that_hold_are_listed(tiny: Any, known: Any) -> None:
    found = urgency(tiny.finding_set(dict.fromkeys("abde", "present"), known), known)
    assert [(one.id, one.level) for one in found.rules] == [
        ("R01", "emergency"),
        ("R02", "two_weeks"),
        ("R03", "routine"),
    ]
    assert found.rules[0].because == ("a", "b")
    assert found.headline == "headline emergency"


def test_self_care_needs_every_answer_of_the_screen(tiny: Any, known: Any) -> None:
    assert level(tiny, known, SCREEN) == "self_care"
    for id in SCREEN:
        left_out = {one: value for one, value in SCREEN.items() if one != id}
        assert level(tiny, known, left_out) == "routine", id
        assert level(tiny, known, left_out | {id: "unknown"}) == "routine", id


def test_the_gate_lets_only_true_pass(tiny: Any) -> None:
    gate = [{"id": "tests", "when": {"not": "j"}, "else_say": "home tests not done", "grade": "D"}]
    known = tiny.knowledge(safety={"gate": gate})
    for answer, expected in (("absent", "self_care"), ("present", "routine"), ("unknown", "routine")):
        found = urgency(tiny.finding_set(SCREEN | {"j": answer}, known), known)
        assert found.level == expected
        assert found.reassurance is (expected == "self_care")
        assert found.gate_shut_because == (() if expected == "self_care" else ("home tests not done",))


@pytest.mark.parametrize(
    ("wish", "expected"), [("same_day", "same_day"), ("routine", "routine"), ("emergency", "emergency")]
)
def test_the_own_wish_raises_the_level(tiny: Any, known: Any, wish: str, expected: str) -> None:
    found = urgency(tiny.finding_set(SCREEN | {"wants": wish}, known), known)
    assert found.level == expected
    assert found.rules[0].because == ("wants",)


def test_the_own_wish_never_lowers_the_level(tiny: Any, known: Any) -> None:
    assert level(tiny, known, SCREEN | {"d": "present", "wants": "self_care"}) == "two_weeks"
    assert level(tiny, known, {"wants": "self_care"}) == "routine"


@pytest.mark.parametrize(
    ("person", "missing"),
    [
        ({"age": (34.0, "year"), "sex": "male"}, ()),
        ({"age": (34.0, "year"), "sex": "female"}, ("pregnant",)),
        ({"age": (34.0, "year")}, ("pregnant",)),
        ({"age": (61.0, "year"), "sex": "female"}, ()),
        ({"age": (9.9, "year"), "sex": "female"}, ()),
        ({"age": (10.0, "year"), "sex": "female"}, ("pregnant",)),
        ({"age": (720.0, "month"), "sex": "female"}, ("pregnant",)),
        ({"sex": "female"}, ("age", "pregnant")),
        ({"age": (34.0, "year"), "sex": "female", "pregnant": "present"}, ("weeks_pregnant",)),
        ({"age": (34.0, "year"), "sex": "female", "pregnant": "absent"}, ()),
        ({"age": (34.0, "year"), "pregnant": "unknown"}, ("pregnant",)),
    ],
)
def test_the_screen_asks_each_person_only_what_applies(tiny: Any, known: Any, person: Any, missing: Any) -> None:
    answers = dict.fromkeys("abc", "absent") | person
    found = urgency(tiny.finding_set(answers, known), known)
    assert tuple(id for one in found.could_not_exclude if one.id == "R30" for id in one.missing) == missing


@pytest.mark.parametrize(
    ("country", "words"),
    [("GB", "999"), ("gb", "999"), ("ZZ", "your local emergency number"), (None, "your local emergency number")],
)
def test_an_unknown_country_gets_no_guessed_number(tiny: Any, known: Any, country: str | None, words: str) -> None:
    answers: dict[str, Any] = dict.fromkeys("ab", "present") | ({"country": country} if country else {})
    assert urgency(tiny.finding_set(answers, known), known).advice == f"advice emergency, call {words}"


def test_of_one_rule_the_highest_level_that_holds_counts_and_a_higher_one_stays_open(tiny: Any) -> None:
    levels = [
        {"level": "same_day", "when": "a", "say": "low"},
        {"level": "emergency", "when": {"all": ["a", "d"]}, "say": "high"},
    ]
    known = tiny.knowledge(safety={"rules": [tiny.rule("R07", "routine", "a") | {"levels": levels}]})
    found = urgency(tiny.finding_set({"a": "present"}, known), known)
    assert (found.level, found.rules[0].say) == ("same_day", "low")
    first = found.could_not_exclude[0]
    assert (first.id, first.level, first.missing) == ("R07", "emergency", ("d",))
    assert level(tiny, known, {"a": "present", "d": "present"}) == "emergency"
