"""`--robustness`: how far indices move under other readings and changed marks, clause by clause."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pytest
from typer.testing import CliRunner

from legtwitch import api
from legtwitch.cli.main import app
from legtwitch.knowledge import rule_set
from legtwitch.model import Event, Hours, Recording, Robustness, Score
from legtwitch.report import as_json
from legtwitch.scoring import score_leg_movements
from legtwitch.scoring.robustness import DRAWS, INDICES, changed_marks, grade

HOUR = 3600.0
RULES = ("aasm-v3", "wasm-2016")
HOURS = Hours(10, 8, 2, 6, 2)
WHOLE = [(0, 3_600_000)]


def lm(onset: float, duration: float = 1.0, side: str = "left") -> Event:
    return Event(onset, duration, "leg_movement", side)  # type: ignore[arg-type]


def every(step: float, count: int, start: float = 100.0) -> list[Event]:
    return [lm(start + step * number) for number in range(count)]


def score(movements: Sequence[Event], *events: Event, end: float = HOUR, **readings: str) -> Score:
    recording = Recording("made", "TSV", None, end, (), (), (Event(0, end, "stage_N2"), *events), ())
    return score_leg_movements(recording, movements, rules=RULES, readings=readings, robustness=True)


def moved(result: Score, rule: str, index: str = "plms_index") -> Robustness:
    return result.rules[rule].robustness[index]


def test_01_without_being_asked_for_nothing_is_computed() -> None:
    recording = Recording("made", "TSV", None, HOUR, (), (), (Event(0, HOUR, "stage_N2"),), ())
    result = score_leg_movements(recording, every(20, 10))
    assert all(rule.robustness == {} for rule in result.rules.values())
    assert "robustness" not in as_json.score(result)


@pytest.mark.parametrize("rule", RULES)
def test_02_every_clause_that_may_be_chosen_is_read_otherwise_one_at_a_time(rule: str) -> None:
    wanted = [f"{one.id}={value}" for one in rule_set(rule).readings if one.switch for value in one.values[1:]]
    for index, one in score(every(20, 10)).rules[rule].robustness.items():
        assert sorted(one.readings) == sorted(wanted), index


def test_03_a_reading_that_was_taken_is_compared_with_the_default() -> None:
    one = moved(score(every(20, 10), aasm_short="restart"), "aasm-v3")
    assert "aasm_short=skip" in one.readings
    assert "aasm_short=restart" not in one.readings


@pytest.mark.parametrize(
    ("clause", "value"),
    [("aasm_short", "restart"), ("wasm_short_start", "may_not"), ("lights", "ignore"), ("point_marks", "keep")],
)
def test_04_a_value_under_another_reading_is_that_of_scoring_with_it(clause: str, value: str) -> None:
    movements = [*every(20, 6, 60), lm(303), *every(20, 3, 300), lm(365, 0), *every(4.5, 9, 400), *every(14, 9, 900)]
    lights = (Event(200, 0, "lights_off"), Event(3000, 0, "lights_on"))
    first, other = score(movements, *lights), score(movements, *lights, **{clause: value})
    told = 0
    for rule in RULES:
        for index, one in first.rules[rule].robustness.items():
            if f"{clause}={value}" in one.readings:
                told += 1
                assert one.readings[f"{clause}={value}"] == other.rules[rule].values[index]
                assert one.value == first.rules[rule].values[index]
    assert told
    assert any(first.rules[rule].values["plms_count"] != other.rules[rule].values["plms_count"] for rule in RULES)


def test_05_marks_move_by_a_quarter_second_and_a_tenth_of_their_length() -> None:
    movements = every(10, 300, 10)
    seen = []
    for draw in range(1, DRAWS, 2):
        changed = changed_marks(movements, draw, WHOLE)[:300]
        seen += [(new.onset_s - old.onset_s, new.duration_s) for old, new in zip(movements, changed, strict=True)]
    shifts, lengths = [shift for shift, _ in seen], [length for _, length in seen]
    assert min(shifts) == pytest.approx(-0.25, abs=0.002)
    assert max(shifts) == pytest.approx(0.25, abs=0.002)
    assert min(lengths) == pytest.approx(0.9, abs=0.002)
    assert max(lengths) == pytest.approx(1.1, abs=0.002)


def test_06_a_twentieth_is_missed_in_even_draws_and_added_in_odd_ones() -> None:
    movements = every(10, 300, 10)
    missed = [300 - len(changed_marks(movements, draw, WHOLE)) for draw in range(0, DRAWS, 2)]
    added = [len(changed_marks(movements, draw, WHOLE)) - 300 for draw in range(1, DRAWS, 2)]
    assert sum(missed) / len(missed) == pytest.approx(15, abs=2)
    assert set(added) == {15}


def test_07_added_marks_stand_only_where_movements_count() -> None:
    windows = [(600_000, 1_200_000), (3_000_000, 3_300_000)]
    times = [
        one.onset_s for draw in range(1, DRAWS, 2) for one in changed_marks(every(10, 300, 10), draw, windows)[300:]
    ]
    assert all(600 <= time <= 1200 or 3000 <= time <= 3300 for time in times)
    assert sum(time >= 3000 for time in times) / len(times) == pytest.approx(1 / 3, abs=0.06)


def test_08_a_mark_before_the_recording_is_not_moved_into_it() -> None:
    for draw in range(1, DRAWS, 2):
        before, first = changed_marks([lm(-0.1), lm(0.0)], draw, WHOLE)
        assert before.onset_s == -0.1
        assert first.onset_s >= 0


def test_09_low_median_and_high_are_percentiles_of_the_draws() -> None:
    one = moved(score([*every(60, 5), *every(60, 20, 900)]), "wasm-2016")
    assert one.low is not None
    assert one.median is not None
    assert one.high is not None
    assert one.low < one.median <= one.high
    assert one.low < 25 <= one.high


@pytest.mark.parametrize(
    ("name", "value", "others", "told"),
    [
        ("plms_index", 10.0, [11.0, 9.0], "stable"),
        ("plms_index", 10.0, [11.01], "sensitive"),
        ("plms_index", 100.0, [105.0, 95.0], "stable"),
        ("plms_index", 100.0, [105.1], "sensitive"),
        ("plms_index", 15.0, [15.01], "fragile"),
        ("plms_index", 15.01, [15.0], "fragile"),
        ("plms_index", 5.0, [4.5], "stable"),
        ("plms_index", 4.9, [5.1], "fragile"),
        ("plms_index_with_respiratory", 4.9, [5.1], "fragile"),
        ("plms_index_without_respiratory", 20.0, [14.0], "fragile"),
        ("plmw_index", 14.9, [15.1], "stable"),
        ("plms_count", 20, [28.0], "stable"),
        ("plms_count", 20, [28.1], "sensitive"),
        ("series_count", 1, [0.0], "sensitive"),
        ("series_count", 40, [42.0], "stable"),
        ("periodicity_index", 0.5, [0.55, 0.45], "stable"),
        ("periodicity_index", 0.5, [0.56], "sensitive"),
    ],
)
def test_10_grades_at_their_bounds(name: str, value: float, others: list[float], told: str) -> None:
    assert grade(name, value, others, HOURS) == told


def test_11_an_index_at_a_line_is_fragile() -> None:
    one = moved(score(every(60, 15)), "wasm-2016")
    assert (one.value, one.grade) == (15, "fragile")


def test_12_an_index_that_cannot_be_computed_has_no_grade() -> None:
    one = moved(score(every(20, 10)), "aasm-v3", "plmw_index")
    assert (one.value, one.grade, one.low) == (None, None, None)


def test_13_without_marks_there_is_nothing_to_vary() -> None:
    one = moved(score([]), "wasm-2016")
    assert (one.value, one.grade, one.low, one.high) == (0, None, None, None)


def test_14_the_same_input_in_any_order_gives_the_same() -> None:
    movements = [*every(20, 20), *every(31, 20, 1000)]
    first, second = score(movements), score(list(reversed(movements)))
    assert [one.robustness for one in first.rules.values()] == [one.robustness for one in second.rules.values()]


def test_15_the_json_holds_value_grade_readings_and_marks() -> None:
    told = as_json.score(score(every(20, 10)))["robustness"]
    assert set(told) == set(RULES)
    assert set(told["wasm-2016"]) == set(INDICES)
    assert set(told["aasm-v3"]) == set(INDICES) - {"periodicity_index"}
    for rule in told.values():
        for one in rule.values():
            assert set(one) == {"value", "grade", "readings", "marks"}
            assert set(one["marks"]) == {"low", "median", "high"}


def test_16_scores_themselves_do_not_change() -> None:
    movements = every(20, 10)
    recording = Recording("made", "TSV", None, HOUR, (), (), (Event(0, HOUR, "stage_N2"),), ())
    plain = score_leg_movements(recording, movements, rules=RULES)
    asked = score_leg_movements(recording, movements, rules=RULES, robustness=True)
    assert plain.movements == asked.movements
    assert {k: v.values for k, v in plain.rules.items()} == {k: v.values for k, v in asked.rules.items()}


def test_17_a_whole_night_of_marks_is_varied() -> None:
    movements = [lm(100 + 19 * number, 2, ("left", "right")[number % 2]) for number in range(1500)]
    result = score(movements, Event(500, 20, "hypopnea"), end=8 * HOUR)
    assert moved(result, "wasm-2016").value == pytest.approx(1500 / 8)


def test_18_the_command_tells_it_in_all_its_forms(tmp_path: Path) -> None:
    rows = [f"{100 + 20 * number}\t1\tleg_movement\tleft" for number in range(10)]
    marks = tmp_path / "marks.tsv"
    marks.write_text("\n".join(["onset\tduration\tevent\tside", "0\t3600\tstage_N2\tn/a", *rows, ""]), encoding="utf-8")
    run = CliRunner().invoke(app, ["score", str(marks), "--robustness"])
    assert run.exit_code == 0
    assert "wasm-2016: how far an index moves" in run.stdout
    told = json.loads(CliRunner().invoke(app, ["score", str(marks), "--robustness", "--json"]).stdout)
    result = api.score(marks, robustness=True)
    assert told["robustness"] == as_json.score(result)["robustness"]
    assert "under other readings of wasm-2016" in api.render(result, "html")
    assert "under other readings" not in api.render(api.score(marks), "html")
