"""The report in the terminal keeps what its advice promises, and tells of every recording."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import legtwitch as lt
from legtwitch.report import text


def test_the_signs_that_should_bring_a_person_sooner_stand_in_it() -> None:
    assessed = lt.assess({"findings": {"urge_causes_distress": "present"}})
    told = " ".join(text.render(assessed).split())
    assert "stand below" in told
    assert assessed.safety_net
    assert all(" ".join(line.split()) in told for line in assessed.safety_net)


def test_a_recording_made_awake_is_told_and_not_called_unscored(tmp_path: Path, run: Callable) -> None:
    lt.simulate_emg(1, minutes=6, path=tmp_path / "calf.csv")
    case = tmp_path / "case.yaml"
    case.write_text("recordings: [{file: calf.csv, modality: surface_emg, muscle: gastrocnemius}]\n")
    ran = run("assess", case)
    assert "could not be scored" not in ran.out
    assert "calf.csv, surface emg, 6.0 min:" in ran.out
    assert "a minute of rest" in ran.out


def test_an_unknown_medicine_is_told_as_unknown() -> None:
    assert "nothing is known here: Qwertoxan" in text.render(lt.assess({"medications": ["Qwertoxan"]}))


def test_tests_and_care_are_told() -> None:
    assessed = lt.assess({"findings": {"urge_to_move_legs": "present", "urge_causes_distress": "present"}})
    told = " ".join(text.render(assessed).split())
    assert assessed.tests
    assert all(one.label in told for one in assessed.tests)
    without = text.render(replace(assessed, tests=(), care=()))
    assert "Tests to talk about" not in without


def test_something_else_has_no_place_in_the_order() -> None:
    assert "\n- Something else" in text.render(lt.assess({}))
