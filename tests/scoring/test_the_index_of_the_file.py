"""What a file itself calls periodic stands beside ours, with where the difference comes from."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from legtwitch.model import Channel, Event, Recording, VendorIndex
from legtwitch.report import as_json
from legtwitch.scoring import score_leg_movements

HOUR = 3600.0
ASLEEP = Event(0, HOUR, "stage_N2")


def lm(onset: float, label: str = "PLM (Left)", side: str = "left", duration: float = 1.0) -> Event:
    return Event(onset, duration, "leg_movement", side, None, {"label": label})  # type: ignore[arg-type]


def vendor(movements: list[Event], *events: Event) -> VendorIndex | None:
    recording = Recording("made", "TSV", None, HOUR, (), (), (*(events or (ASLEEP,)), *movements), ())
    return score_leg_movements(recording, movements).vendor


def why(movements: list[Event], *events: Event, rule: str = "wasm-2016") -> str:
    found = vendor(movements, *events)
    assert found is not None
    return " ".join(found.why[rule])


SERIES = [lm(100 + 20 * number) for number in range(4)]


def test_01_the_same_movements_differ_in_nothing() -> None:
    found = vendor(SERIES)
    assert found is not None
    assert (found.marked, found.in_sleep, found.index) == (4, 4, 4.0)
    assert found.why == {"aasm-v3": (), "wasm-2016": ()}


@pytest.mark.parametrize("label", ["PLM", "PLMS", "Periodic leg movement - left|PLM (Left)", "PLM-LEFT", "MJP"])
def test_02_labels_that_say_periodic(label: str) -> None:
    found = vendor([lm(100, label), lm(300, "LM")])
    assert found is not None
    assert found.marked == 1


@pytest.mark.parametrize("label", ["LM", "Limb movement", "Isolated PLM", "non-periodic LM", "MJ", "leg_movement"])
def test_03_a_file_that_calls_none_periodic_has_no_index(label: str) -> None:
    assert vendor([lm(100, label)]) is None


def test_04_movements_in_a_series_that_the_file_marks_are_periodic_for_it() -> None:
    series = Event(100, 61, "user_mark", attributes={"label": "PLM"})
    found = vendor([lm(100 + 20 * n, "LM") for n in range(4)] + [lm(600, "LM")], ASLEEP, series)
    assert found is not None
    assert (found.marked, found.index) == (4, 4.0)


def test_05_marks_on_both_legs_count_once_here() -> None:
    both = [one for n in range(4) for one in (lm(100 + 20 * n), lm(100.2 + 20 * n, "PLM (Right)", "right"))]
    found = vendor(both)
    assert found is not None
    assert found.index == 8.0
    assert "4 of its marks belong to a movement that counts once here" in why(both)


def test_06_what_is_not_periodic_here_has_its_reason() -> None:
    assert "1 of its marks are not periodic here: in no series by the intervals" in why([*SERIES, lm(600)])
    assert "1 of its marks are not periodic here: no candidate" in why([*SERIES, lm(600, duration=12)])
    assert "below 0.5 s" not in why(SERIES)
    assert "not periodic here: no leg movement" in why([*SERIES, lm(600, duration=0.3)])
    breathing = why([*SERIES, lm(180)], ASLEEP, Event(170, 9.8, "apnea"), rule="aasm-v3")
    assert "1 of its marks are not periodic here: inside 0.5 s before its start" in breathing


def test_07_what_it_does_not_mark_is_counted() -> None:
    assert "1 movements are periodic here that it does not mark" in why([*SERIES, lm(180, "LM")])


def test_08_marks_outside_sleep_leave_both_indices() -> None:
    stages = (Event(0, 150, "stage_N2"), Event(150, HOUR - 150, "stage_W"))
    found = vendor(SERIES, *stages)
    assert found is not None
    assert (found.in_sleep, found.index) == (3, pytest.approx(3 / (150 / HOUR)))
    assert "1 of its marks are periodic here but do not begin in sleep" in why(SERIES, *stages)


def test_09_without_stages_there_is_no_index() -> None:
    found = vendor(SERIES, Event(0, 0, "lights_off"))
    assert found is not None
    assert (found.marked, found.in_sleep, found.index) == (4, None, None)


def test_10_beside_a_signal_the_marks_of_its_file_are_taken() -> None:
    leg = Channel("LAT", "leg_left", 1.0, "", "uV", "uV", 256.0, 0.1, 0)
    recording = Recording("made", "EDF+C", None, HOUR, (leg,), (), (ASLEEP, *SERIES, lm(900)), ())
    found = score_leg_movements(
        recording, [Event(100.2 + 20 * n, 1.1, "leg_movement", "left") for n in range(4)]
    ).vendor
    assert found is not None
    assert (found.marked, found.index) == (5, 5.0)
    assert found.why["aasm-v3"] == ("1 of its marks meet no movement of ours.",)


@pytest.mark.parametrize(("side", "met"), [("left", True), ("right", False), ("both", True), ("n/a", True)])
def test_10b_a_mark_meets_a_movement_of_its_own_leg(side: str, met: bool) -> None:
    legs = tuple(
        Channel(name, role, 1.0, "", "uV", "uV", 256.0, 0.1, 0)  # type: ignore[arg-type]
        for name, role in (("LAT", "leg_left"), ("RAT", "leg_right"))
    )
    marks = [lm(100 + 20 * n, side=side) for n in range(4)]
    recording = Recording("made", "EDF+C", None, HOUR, legs, (), (ASLEEP, *marks), ())
    ours = [Event(100.2 + 20 * n, 1.1, "leg_movement", "left") for n in range(4)]
    found = score_leg_movements(recording, ours).vendor
    assert found is not None
    assert ("4 of its marks meet no movement of ours." not in found.why["wasm-2016"]) is met


def test_11_command_line_and_json_show_it(run: Callable, tmp_path: Path) -> None:
    path = tmp_path / "marks.tsv"
    rows = [f"{100 + 20 * n}\t1\tleg_movement\tleft\tPLM" for n in range(4)] + ["600\t1\tleg_movement\tleft\tPLM"]
    path.write_text("\n".join(["onset\tduration\tevent\tside\tlabel", "0\t3600\tstage_N2\tn/a\tn/a", *rows]) + "\n")
    told = run("score", path, "--json").json["vendor"]
    assert (told["periodic_marks"], told["index"]) == (5, 5.0)
    assert told["rules"]["aasm-v3"]["plms_index"] == 4.0
    assert told["rules"]["aasm-v3"]["why"] == [
        "1 of its marks are not periodic here: in no series by the intervals of this rule set."
    ]
    assert "The file itself marks 5 periodic leg movements, 5 an hour of sleep" in run("score", path).out


def test_12_without_such_marks_the_json_says_null() -> None:
    recording = Recording("made", "TSV", None, HOUR, (), (), (ASLEEP,), ())
    assert as_json.score(score_leg_movements(recording, [lm(100, "LM")]))["vendor"] is None
