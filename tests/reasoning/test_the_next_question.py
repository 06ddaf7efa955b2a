"""The screen first and in order; then only what can still change something; nothing twice."""

from __future__ import annotations

import random
import subprocess
import sys
from typing import Any

import pytest

from legtwitch.knowledge import load
from legtwitch.reasoning import next_question
from legtwitch.reasoning.questions import MOST, NONE_OF_THESE, NOT_SURE


def several(id: str, stage: str, ids: str, **more: Any) -> dict[str, Any]:
    options = [{"label": f"label {one}", "sets": {one: "present"}} for one in ids]
    return {"id": id, "stage": stage, "text": f"{id}?", "why": "because", "several": True, "options": options} | more


def single(id: str, stage: str, finding: str, **more: Any) -> dict[str, Any]:
    options = [{"label": "Yes", "sets": {finding: "present"}}, {"label": "No", "sets": {finding: "absent"}}]
    return {"id": id, "stage": stage, "text": f"{id}?", "why": "because", "options": options} | more


QUESTIONS = [
    single("late", "detail", "f"),
    single("later", "detail", "g"),
    single("nothing", "background", "j"),
    several("kind", "kind", "de"),
    several("screen_first", "screen", "ab"),
    {
        "id": "screen_second", "stage": "screen", "text": "second?", "why": "because", "several": True,
        "options": [
            {"label": "c", "sets": {"c": "present"}},
            {"label": "pregnant", "sets": {"pregnant": "present"}, "enter": {"weeks_pregnant": "week"}},
            {"label": "age", "enter": {"age": "year"}},
        ],
    },
]  # fmt: skip
SCREEN = {"a": "absent", "b": "absent", "c": "absent", "age": (34.0, "year"), "sex": "male"}


@pytest.fixture
def known(tiny: Any) -> Any:
    return tiny.knowledge(
        questions=QUESTIONS,
        causes=[tiny.cause("one", {"f": 0.9, "d": 0.9}, 0.3), tiny.cause("two", {"g": 0.3}, 0.01)],
        leaks=[{"finding": one, "value": 0.1} for one in "dfg"],
        safety={"rules": [tiny.rule("R01", "emergency", {"all": ["a", "d"]})]},
    )


def ask(tiny: Any, known: Any, answers: dict[str, Any]) -> Any:
    return next_question(tiny.finding_set(answers, known), known)


def test_the_screen_comes_first_in_its_order_with_the_answers_that_are_always_there(tiny: Any, known: Any) -> None:
    first = ask(tiny, known, {})
    assert (first.id, first.mandatory, first.asks) == ("screen_first", True, ("a", "b"))
    assert [(one.label, dict(one.sets)) for one in first.options] == [
        ("label a", {"a": "present"}),
        ("label b", {"b": "present"}),
        (NONE_OF_THESE, {"a": "absent", "b": "absent"}),
        (NOT_SURE, {"a": "unknown", "b": "unknown"}),
    ]


def test_of_a_question_answered_in_part_the_rest_is_asked(tiny: Any, known: Any) -> None:
    rest = ask(tiny, known, {"a": "present"})
    assert (rest.id, rest.asks) == ("screen_first", ("b",))
    assert [one.label for one in rest.options] == ["label b", NONE_OF_THESE, NOT_SURE]


def test_none_of_these_does_not_make_a_quantity_absent(tiny: Any, known: Any) -> None:
    second = ask(tiny, known, {"a": "absent", "b": "absent"})
    none = next(one for one in second.options if one.label == NONE_OF_THESE)
    assert dict(none.sets) == {"c": "absent", "pregnant": "absent", "weeks_pregnant": "unknown", "age": "unknown"}
    rest = ask(tiny, known, {"a": "absent", "b": "absent", "c": "absent", "pregnant": "absent"})
    assert (rest.id, rest.asks, [one.label for one in rest.options]) == ("screen_second", ("age",), ["age", NOT_SURE])


def test_a_man_is_not_asked_about_pregnancy(tiny: Any, known: Any) -> None:
    assert ask(tiny, known, {"a": "absent", "b": "absent", "sex": "male"}).asks == ("c", "age")


def test_an_emergency_ends_the_interview_at_once(tiny: Any, known: Any) -> None:
    assert ask(tiny, known, {"a": "present", "d": "present"}) is None


def test_the_kind_of_movement_comes_next_then_what_tells_most(tiny: Any, known: Any) -> None:
    assert ask(tiny, known, SCREEN).id == "kind"
    answers = SCREEN | {"d": "absent", "e": "absent"}
    assert ask(tiny, known, answers).id == "late"
    assert ask(tiny, known, answers | {"f": "absent"}).id == "later"


def test_what_can_change_nothing_is_not_asked(tiny: Any, known: Any) -> None:
    assert ask(tiny, known, SCREEN | dict.fromkeys("defg", "absent")) is None


def test_unknown_is_never_asked_again(tiny: Any, known: Any) -> None:
    answers: dict[str, Any] = {"sex": "male"}
    seen = []
    while (question := ask(tiny, known, answers)) is not None:
        assert not set(question.asks) & set(answers)
        seen.append(question.id)
        answers |= question.options[-1].sets
    assert seen == ["screen_first", "screen_second", "kind", "late", "later"]


def test_the_order_of_answers_does_not_matter(tiny: Any, known: Any) -> None:
    answers = list((SCREEN | {"d": "present", "e": "absent", "f": "absent"}).items())
    expected = ask(tiny, known, dict(answers))
    for seed in range(5):
        random.Random(seed).shuffle(answers)
        assert ask(tiny, known, dict(answers)) == expected


def test_an_irrelevant_question_is_not_asked_and_an_open_relevance_is_no_reason_to_skip(tiny: Any) -> None:
    questions = [*QUESTIONS[-2:], single("late", "detail", "f", relevant="d")]
    known = tiny.knowledge(
        questions=questions, causes=[tiny.cause("one", {"f": 0.9}, 0.3)], leaks=[{"finding": "f", "value": 0.1}]
    )
    assert ask(tiny, known, SCREEN | {"d": "absent"}) is None
    for answers in ({"d": "present"}, {"d": "unknown"}, {}):
        assert ask(tiny, known, SCREEN | answers).id == "late"


def test_an_answer_that_a_definition_or_the_gate_waits_for_is_asked(tiny: Any) -> None:
    gate = [{"id": "tests", "when": {"not": "j"}, "else_say": "not done", "grade": "D"}]
    known = tiny.knowledge(questions=QUESTIONS, safety={"gate": gate})
    assert ask(tiny, known, SCREEN | dict.fromkeys("de", "absent")).id == "nothing"
    assert ask(tiny, known, SCREEN | dict.fromkeys("dej", "absent")) is None


def test_a_question_is_worth_what_it_tells_per_finding_asked(tiny: Any) -> None:
    gate = [{"id": "tests", "when": {"all": ["h", "j"]}, "else_say": "not done", "grade": "D"}]
    questions = [*QUESTIONS[-2:], several("long", "detail", "fgh"), single("short", "detail", "j")]
    known = tiny.knowledge(questions=questions, safety={"gate": gate})
    assert ask(tiny, known, SCREEN).id == "short"


def test_there_are_25_questions_at_most(tiny: Any) -> None:
    ids = [f"q{index:02}" for index in range(40)]
    more = [single(id, "detail", "f") | {"options": [{"label": "x", "sets": {id: "present"}}]} for id in ids]
    gate = [{"id": id, "when": {"not": id}, "else_say": "not done", "grade": "D"} for id in ids]
    known = tiny.knowledge(questions=[*QUESTIONS[-2:], *more], safety={"gate": gate})
    answers: dict[str, Any] = {"sex": "male"}
    asked = 0
    while (question := ask(tiny, known, answers)) is not None:
        answers |= question.options[-1].sets
        asked += 1
    assert asked == MOST


def test_the_first_question_loads_no_array_or_file_library() -> None:
    code = (
        "import sys; from legtwitch.reasoning import next_question; from legtwitch.findings import FindingSet; "
        "from legtwitch.knowledge import load; first = next_question(FindingSet((), load()), load()); "
        "assert first is not None and first.mandatory; "
        "loaded = {'numpy', 'edfio', 'scipy', 'rapidfuzz', 'jinja2'} & set(sys.modules); "
        "sys.exit(str(loaded) if loaded else 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_the_age_is_typed_in_with_whatever_is_answered() -> None:
    from legtwitch.reasoning.questions import question

    known = load()
    last = next(one for one in known.questions if one.id == "screen_cancer_pregnancy_age")
    asked = question(last, ("age", "cancer_history", "pregnant", "weeks_pregnant", "postpartum_weeks"), known)
    assert all(option.enter["age"] == "year" for option in asked.options)
    assert "My age in years" not in [option.label for option in asked.options]
    alone = question(last, ("age",), known)
    assert [(option.label, dict(option.enter)) for option in alone.options] == [
        ("My age in years", {"age": "year"}),
        ("I'm not sure", {}),
    ]
