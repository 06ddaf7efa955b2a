"""Series that another program marked stand beside ours: the same, or not and why."""

from __future__ import annotations

from pathlib import Path

import pytest

from legtwitch.model import Event, Recording, Score, VendorSeries
from legtwitch.recording import read
from legtwitch.report import as_json
from legtwitch.scoring import score_leg_movements

HOUR = 3600.0
RULES = ("aasm-v3", "wasm-2016")
FILE = Path(__file__).parents[3] / "shared" / "data" / "noxturnal_events" / "noxturnal_events_example_unicode_2.csv"


def at(*onsets: float) -> list[Event]:
    return [Event(onset, 1.0, "leg_movement", "left") for onset in onsets]


def marked(start: float, end: float, label: str = "PLM") -> Event:
    return Event(start, end - start, "user_mark", attributes={"label": label})


def score(movements: list[Event], *events: Event) -> Score:
    recording = Recording("made", "TSV", None, HOUR, (), (), (Event(0, HOUR, "stage_N2"), *events), ())
    return score_leg_movements(recording, movements, rules=RULES)


def one(movements: list[Event], *events: Event) -> VendorSeries:
    (found,) = score(movements, *events).vendor_series
    return found


@pytest.mark.parametrize("rule", RULES)
def test_01_the_same_movements_agree(rule: str) -> None:
    found = one(at(100, 120, 140, 160), marked(100, 161))
    assert (found.movements, found.same[rule]) == (4, True)
    assert found.why[rule] == "Agrees: series 1 has the same 4 movements."


@pytest.mark.parametrize("rule", RULES)
def test_02_a_series_that_an_interval_ends_differs_and_the_interval_is_named(rule: str) -> None:
    found = one(at(100, 120, 140, 160, 251, 271, 291, 311), marked(100, 312))
    assert found.same[rule] is False
    assert "it is 2 series here" in found.why[rule]
    assert "91.0 s since" in found.why[rule]


@pytest.mark.parametrize("rule", RULES)
def test_03_movements_in_no_series_of_ours_are_named_with_the_reason(rule: str) -> None:
    found = one(at(100, 120, 140, 240), marked(100, 241))
    assert found.same[rule] is False
    assert found.why[rule].startswith("Differs: none of its movements is periodic here. m1 at 100.0 s is in no series:")
    assert "And 1 more." in found.why[rule]


@pytest.mark.parametrize("rule", RULES)
def test_04_a_longer_series_of_ours_differs(rule: str) -> None:
    found = one(at(100, 120, 140, 160, 180), marked(120, 181))
    assert found.same[rule] is False
    assert "Ours has 1 movement(s) more, the first m1 at 100.0 s." in found.why[rule]


@pytest.mark.parametrize("rule", RULES)
def test_05_one_movement_left_out_of_ours_differs(rule: str) -> None:
    found = one([*at(100, 120, 140, 160), Event(170, 0.3, "leg_movement", "left")], marked(100, 171))
    assert found.same[rule] is False
    assert "below 0.5 s" in found.why[rule]


def test_06_rule_sets_are_compared_one_by_one() -> None:
    found = one(at(100, 106, 112, 118), marked(100, 119))
    assert found.same == {"aasm-v3": True, "wasm-2016": False}


def test_07_a_series_without_marks_inside_differs() -> None:
    found = one(at(100), marked(500, 700))
    assert (found.movements, found.why["aasm-v3"]) == (0, "Differs: no leg movement is marked inside it.")


@pytest.mark.parametrize(("onset", "inside"), [(99.5, 4), (99.49, 3)])
def test_08_half_a_second_around_is_left_for_rounded_times(onset: float, inside: int) -> None:
    assert one(at(onset, 120, 140, 160), marked(100, 161)).movements == inside


def test_09_only_marks_with_a_length_and_that_label_are_series() -> None:
    marks = (marked(100, 161, "Snore"), marked(100, 100), Event(100, 61, "arousal", attributes={"label": "PLM"}))
    result = score(at(100, 120, 140, 160), *marks)
    assert result.vendor_series == ()
    assert as_json.score(result)["vendor_series"] == {"count": 0, "series": []}


def test_10_the_series_of_a_real_export_is_ours() -> None:
    if not FILE.exists():
        pytest.skip(f"the real export {FILE.name} is not here")
    recording = read(FILE)
    movements = [event for event in recording.events if event.event == "leg_movement"]
    told = as_json.score(score_leg_movements(recording, movements, rules=RULES))["vendor_series"]
    assert told["count"] == 1
    (series,) = told["series"]
    assert (series["movements"], series["duration"]) == (4, pytest.approx(126.9, abs=0.05))
    assert all(rule["same"] for rule in series["rules"].values())
