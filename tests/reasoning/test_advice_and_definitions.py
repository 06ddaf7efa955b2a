"""Definitions line by line, care that is held back, and the causes that stay visible."""

from __future__ import annotations

from typing import Any

import pytest

from legtwitch.model import Case, Finding
from legtwitch.reasoning import assess
from legtwitch.reasoning.criteria import criteria

WORDS_NEVER_USED = ("ruled out", "excluded", "all clear", "diagnos")


def assessed(tiny: Any, known: Any, answers: dict[str, Any]) -> Any:
    return assess(Case(None, tuple(tiny.finding_set(answers, known).findings)), known)


def world(tiny: Any, **parts: Any) -> Any:
    phenomena = [{"id": "twitching", "when": "a", "text": "twitching", "grade": "D"}]
    causes = [
        tiny.cause(
            "one", {"a": 0.9, "b": 0.5}, 0.2, tests=["blood"], care=["rest", "rub", "pill"], must_not_miss="watch b"
        )
    ]
    base: dict[str, Any] = {
        "phenomena": phenomena,
        "causes": causes,
        "leaks": [{"finding": one, "value": 0.1} for one in "ab"],
        "tests": [{"id": "blood", "label": "blood test", "text": "why", "grade": "D"}],
        "care": [
            {"id": "rest", "label": "rest", "text": "rest", "verdict": "helps", "grade": "D"},
            {
                "id": "rub", "label": "rub", "text": "rub", "verdict": "helps", "grade": "D",
                "blocks": [{"when": "c", "because": "a clot may be there", "unknown_too": True, "grade": "D"}],
            },
            {
                "id": "pill", "label": "pill", "text": "a pill", "verdict": "helps", "grade": "D",
                "blocks": [{"when": "d", "because": "kidneys", "grade": "D"}],
            },
            {"id": "tonic", "label": "tonic", "text": "no use", "verdict": "no_benefit", "when": "a", "grade": "D"},
        ],
    }  # fmt: skip
    return tiny.knowledge(**(base | parts))


def test_a_definition_with_something_missing_is_never_not_met(tiny: Any) -> None:
    lines = {"all": ["a", {"any": ["b", "c"], "label": "b or c"}, {"not": "d", "label": "no d"}]}
    causes = [tiny.cause("one", {"a": 0.5}, criteria={"crit": {"when": lines, "grade": "D"}})]
    known = tiny.knowledge(causes=causes, leaks=[{"finding": "a", "value": 0.1}])

    def read(answers: dict[str, Any]) -> Any:
        return criteria(tiny.facts(answers, known), known)[0]

    half = read({"a": "present", "b": "absent"})
    assert (half.result, half.missing) == ("undetermined", ("c", "d"))
    assert [(one.label, one.result) for one in half.items] == [
        ("finding a", "met"), ("b or c", "undetermined"), ("no d", "undetermined"),
    ]  # fmt: skip
    assert read({"a": "present", "b": "present", "d": "absent"}).result == "met"
    assert read({"a": "absent"}).result == "not_met"
    assert [one.result for one in read({"a": "absent"}).items] == ["not_met", "undetermined", "undetermined"]


def test_care_is_held_back_by_what_is_so_and_where_it_matters_by_what_is_unknown(tiny: Any) -> None:
    known = world(tiny)
    cases = {
        ("unknown", "unknown"): {"rub"},
        ("absent", "absent"): set(),
        ("present", "present"): {"rub", "pill"},
    }
    for (clot, kidney), expected in cases.items():
        found = assessed(tiny, known, {"a": "present", "c": clot, "d": kidney})
        assert {one.id for one in found.care_withheld} == expected | {"reassurance", "tonic"}
        assert {one.id for one in found.care} == {"rest", "rub", "pill", "safety_net"} - expected


def test_tests_and_care_need_a_kind_of_movement_that_holds(tiny: Any) -> None:
    known = world(tiny)
    for answer, result in (("present", "holds"), ("absent", "does_not_hold"), ("unknown", "cannot_tell")):
        found = assessed(tiny, known, {"a": answer})
        assert found.phenomena[0].result == result
        assert bool(found.tests) is (result == "holds")


@pytest.mark.parametrize("gap", [{}, {"c": "unknown"}, {"e": "present"}])
def test_no_reassuring_sentence_while_the_gate_is_shut(tiny: Any, gap: dict[str, str]) -> None:
    safe = {"a": "absent", "b": "absent", "c": "absent", "age": (34.0, "year"), "sex": "male"}
    statement = [{"id": "kind", "text": "usually benign", "comforts": True, "grade": "D"}]
    known = world(tiny, statements=statement, safety={"rules": [tiny.rule("R22", "routine", "e")]})
    shut = assessed(tiny, known, (safe | gap) if gap else {"a": "absent"})
    told = [one.text for one in (*shut.care, *shut.statements)]
    assert "usually benign" not in told
    withheld = next(one for one in shut.care_withheld if one.id == "reassurance")
    assert withheld.because
    opened = assessed(tiny, known, safe)
    assert "usually benign" in [one.text for one in opened.care]
    assert "usually benign" in [one.text for one in opened.statements]


def test_a_dangerous_cause_stays_visible_and_is_never_said_to_be_excluded(tiny: Any) -> None:
    known = world(tiny)
    for answers in ({}, {"a": "absent"}, {"a": "absent", "b": "absent"}, {"a": "present", "b": "present"}):
        one = assessed(tiny, known, answers).must_not_miss[0]
        assert one.watch_for == "watch b"
        assert not any(word in one.status.lower() for word in WORDS_NEVER_USED)
        assert ("not looked for yet" in one.status.lower()) == ("b" not in answers)
    assert "Points to it: finding a" in assessed(tiny, known, {"a": "present"}).must_not_miss[0].status
    assert "Nothing found so far that points to it" in assessed(tiny, known, {"a": "absent"}).must_not_miss[0].status


def test_dangerous_causes_are_ordered_by_harm_then_probability(tiny: Any) -> None:
    causes = [
        tiny.cause("likely", {"a": 0.9}, 0.2, must_not_miss="x", harm=1),
        tiny.cause("grave", {"a": 0.9}, 0.1, must_not_miss="x", harm=5),
        tiny.cause("rare", {"a": 0.9}, 0.0001, must_not_miss="x", harm=5),
        tiny.cause("not_in_play", {"a": 0.9}, 0.5, must_not_miss="x", harm=5, requires="ssri"),
    ]
    known = tiny.knowledge(causes=causes, leaks=[{"finding": "a", "value": 0.1}])
    order = [one.id for one in assessed(tiny, known, {"a": "present"}).must_not_miss]
    assert order == ["grave", "rare", "likely", "not_in_play"]


def test_everything_shown_has_a_label_and_a_version(tiny: Any) -> None:
    found = assessed(tiny, world(tiny), {"a": "present", "b": "absent"})
    assert found.labels["a"] == "finding a"
    assert set(found.provenance) == {"legtwitch", "knowledge", "files", "rules"}
    assert [one.id for one in found.findings] == ["a", "b"]
    assert isinstance(found.findings[0], Finding)
