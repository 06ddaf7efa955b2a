"""`legtwitch ask`: safety first, an emergency ends it at once, the case file is the only state."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import pytest

import legtwitch as lt
from legtwitch.knowledge import yaml12


@pytest.fixture
def ask(run: Callable, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable:
    """Run the interview on a case file with these answers, one a line."""

    def call(*answers: str, name: str = "me.yaml"):
        monkeypatch.setattr("sys.stdin", io.StringIO("".join(f"{one}\n" for one in answers)))
        path = tmp_path / name
        ran = run("ask", path)
        told = yaml12.load(path.read_text(encoding="utf-8"), name) if path.exists() else None
        return ran, told

    return call


def test_an_emergency_ends_it_at_once_with_what_to_do(ask: Callable) -> None:
    ran, told = ask("2")
    assert ran.code == 0
    assert told["findings"]["weakness_sudden"] == "present"
    assert "!!! NOW" in ran.out
    assert ran.out.count("Your answer (") == 1


def test_what_is_not_picked_is_absent_and_none_of_these_sets_all(ask: Callable) -> None:
    _, told = ask("9", "1", "s")
    assert told["findings"]["face_droop"] == "absent"
    assert told["findings"]["felt_weakness"] == "present"
    assert told["findings"]["wasting_seen"] == "absent"


def test_not_sure_is_unknown_and_is_not_asked_again(ask: Callable) -> None:
    _, told = ask("10", "s")
    assert set(told["findings"].values()) == {"unknown"}
    ran, _ = ask("s")
    assert "Is any part of you weak" in ran.out
    assert "Did it start suddenly" not in ran.out


def test_back_asks_the_last_question_again(ask: Callable) -> None:
    ran, told = ask("9", "b", "2")
    assert ran.out.count("Did it start suddenly") == 2
    assert told["findings"]["weakness_sudden"] == "present"


def test_an_answer_that_is_no_choice_is_asked_for_again(ask: Callable) -> None:
    ran, told = ask("77", "maybe", "9", "s")
    assert ran.out.count("Answer with a number") >= 3
    assert told["findings"]["weakness_sudden"] == "absent"


def test_the_end_of_input_keeps_what_was_answered(ask: Callable) -> None:
    ran, told = ask("9")
    assert ran.code == 0
    assert told["findings"]["face_droop"] == "absent"
    assert "Could not be excluded" in ran.out


def test_the_age_is_typed_in_with_the_last_screen_question(ask: Callable) -> None:
    case: dict = {}
    lines = []
    while (question := lt.next_question(case)).id != "screen_cancer_pregnancy_age":
        none = next(one for one in question.options if one.label == "None of these")
        lines.append(str(question.options.index(none) + 1))
        case = lt.answer(case, none.sets)
    ran, _ = ask(*lines, "s")
    assert "how old are you" in ran.out
    ran, told = ask("1", "x", "41", "s")
    assert "Please type a number" in ran.out
    assert told["person"]["age"] == {"value": 41.0, "unit": "year"}
    assert told["findings"]["cancer_history"] == "present"


def test_a_file_that_is_no_case_is_refused_and_left_alone(ask: Callable, tmp_path: Path) -> None:
    path = tmp_path / "list.yaml"
    path.write_text("- a\n", encoding="utf-8")
    ran, _ = ask("9", name="list.yaml")
    assert ran.code == 2
    assert path.read_text(encoding="utf-8") == "- a\n"


@pytest.mark.parametrize("both", ["2,9", "9,2", "2,10", "10,2", "9,10"])
def test_a_warning_sign_beside_none_of_these_or_not_sure_is_asked_again(ask: Callable, both: str) -> None:
    ran, told = ask(both, "2")
    assert ran.out.count("Your answer (") == 2
    assert told["findings"]["weakness_sudden"] == "present"


@pytest.mark.parametrize("typed", ["nan", "inf", "-5", "1e999", "9999", "1,234", "1_0", "0x10"])
def test_a_number_that_nobody_can_have_never_gets_into_the_file(ask: Callable, typed: str) -> None:
    case: dict = {}
    lines = []
    while (question := lt.next_question(case)).id != "screen_cancer_pregnancy_age":
        none = next(one for one in question.options if one.label == "None of these")
        lines.append(str(question.options.index(none) + 1))
        case = lt.answer(case, none.sets)
    ran, told = ask(*lines, "1", typed, "1", "41", "s")
    assert ran.code == 0
    assert told.get("person", {}).get("age") in (None, {"value": 1.0, "unit": "year"}, {"value": 41.0, "unit": "year"})
    ran, _ = ask("s")
    assert ran.code == 0
