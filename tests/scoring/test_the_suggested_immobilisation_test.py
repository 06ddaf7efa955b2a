"""The suggested immobilisation test, clause by clause; bounds from both sides."""

from __future__ import annotations

import pytest

from legtwitch import api
from legtwitch.findings import findings_from_score
from legtwitch.model import Event, ImmobilisationTest, Quantity, Recording, Score
from legtwitch.report import as_json
from legtwitch.scoring import score_leg_movements

HOUR = 3600.0
NAMES = ("sit_index", "sit_index_aasm", "sit_index_wasm", "sit_lm_index")
ON, OFF = Event(1000, 0, "sit_on"), Event(1000 + HOUR, 0, "sit_off")
AWAKE = Event(0, 3 * HOUR, "stage_W")


def lm(onset: float, duration: float = 1.0, side: str = "left") -> Event:
    return Event(onset, duration, "leg_movement", side)  # type: ignore[arg-type]


def every(step: float, count: int = 4, start: float = 1100.0, duration: float = 1.0) -> list[Event]:
    return [lm(start + step * number, duration) for number in range(count)]


def score(movements: list[Event], *events: Event) -> Score:
    recording = Recording("made", "TSV", None, 3 * HOUR, (), (), events, ())
    return score_leg_movements(recording, movements)


def sit(movements: list[Event], *events: Event) -> ImmobilisationTest:
    found = score(movements, *(events or (ON, OFF, AWAKE))).immobilisation
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("step", "michaud", "aasm", "wasm"),
    [
        (3.999, 0, 0, 0),
        (4.0, 4, 0, 0),
        (4.999, 4, 0, 0),
        (5.0, 4, 4, 0),
        (9.999, 4, 4, 0),
        (10.0, 4, 4, 4),
        (90.0, 4, 4, 4),
        (90.001, 0, 0, 0),
    ],
)
def test_01_onsets_follow_each_other_by_4_5_or_10_to_90_s(step: float, michaud: int, aasm: int, wasm: int) -> None:
    values = sit(every(step)).values
    assert [values[name] for name in NAMES[:3]] == [michaud, aasm, wasm]


@pytest.mark.parametrize(("count", "index"), [(3, 0), (4, 4)])
def test_02_a_series_has_four_movements(count: int, index: int) -> None:
    assert sit(every(20, count)).values["sit_index"] == index


@pytest.mark.parametrize(("duration", "counted"), [(0.499, 0), (0.5, 4), (10.0, 4), (10.001, 0)])
def test_03_a_movement_lasts_half_a_second_to_ten_seconds(duration: float, counted: int) -> None:
    values = sit(every(20, duration=duration)).values
    assert (values["sit_index"], values["sit_lm_index"]) == (counted, counted)


def test_04_only_movements_inside_the_test_count() -> None:
    values = sit(every(20, 10, 900)).values
    assert values["sit_lm_index"] == 5
    assert sit(every(20, 4, 1000 + HOUR)).values["sit_lm_index"] == 0
    assert sit([lm(1000)]).values["sit_lm_index"] == 1


def test_05_only_wake_counts_in_movements_and_in_hours() -> None:
    stages = (Event(0, 2800, "stage_W"), Event(2800, 3 * HOUR - 2800, "stage_N1"))
    one = sit([*every(20, 6), *every(20, 6, 3000)], ON, OFF, *stages)
    assert one.hours_awake == pytest.approx(0.5)
    assert one.values["sit_index"] == pytest.approx(12)
    assert one.values["sit_lm_index"] == pytest.approx(12)


def test_06_a_series_does_not_cross_sleep() -> None:
    stages = (Event(0, 1135, "stage_W"), Event(1135, 10, "stage_N1"), Event(1145, 3 * HOUR - 1145, "stage_W"))
    assert sit(every(20, 6), ON, OFF, *stages).values["sit_index"] == 0


def test_07_lights_do_not_matter() -> None:
    lights = (Event(2 * HOUR, 0, "lights_off"), Event(3 * HOUR, 0, "lights_on"))
    assert sit(every(20), ON, OFF, AWAKE, *lights).values["sit_index"] == 4


def test_08_several_tests_are_taken_together_and_a_series_does_not_cross_them() -> None:
    marks = [
        Event(time, 0, name) for time, name in ((0, "sit_on"), (900, "sit_off"), (900, "sit_on"), (1800, "sit_off"))
    ]
    one = sit([*every(20, 4, 100), *every(20, 4, 860)], AWAKE, *marks)
    assert one.periods == ((0, 900), (900, 1800))
    assert one.values["sit_index"] == pytest.approx(8)
    assert one.values["sit_lm_index"] == pytest.approx(16)


def test_09_artefacts_leave_the_hours_and_end_series() -> None:
    one = sit(every(20, 6), ON, OFF, AWAKE, Event(1145, 900, "artifact"))
    assert one.hours_awake == pytest.approx(0.75)
    assert one.values["sit_index"] == 0


def test_10_without_stages_the_test_counts_as_wake_and_it_is_said() -> None:
    result = score(every(20), ON, OFF)
    assert result.immobilisation is not None
    assert result.immobilisation.staged is False
    assert result.immobilisation.values["sit_index"] == 4
    assert "Q419" in [one.code for one in result.quality]
    assert "Q419" not in [one.code for one in score(every(20), ON, OFF, AWAKE).quality]


def test_11_without_a_test_there_is_no_index_but_a_reason() -> None:
    one = sit(every(20), AWAKE)
    assert one.values == dict.fromkeys(NAMES)
    assert {reason[:4] for reason in one.reasons.values()} == {"Q417"}


@pytest.mark.parametrize("mark", [ON, OFF])
def test_12_a_test_without_start_or_end_gives_nothing_and_it_is_said(mark: Event) -> None:
    result = score(every(20), AWAKE, mark)
    assert result.immobilisation is not None
    assert result.immobilisation.values["sit_index"] is None
    assert result.immobilisation.reasons["sit_index"].startswith("Q418")
    assert "Q418" in [one.code for one in result.quality]


def test_13_a_test_slept_through_has_no_index() -> None:
    one = sit(every(20), ON, OFF, Event(0, 3 * HOUR, "stage_N2"))
    assert one.values["sit_index"] is None
    assert one.reasons["sit_index"].startswith("Q405")


def test_14_both_legs_together_count_once() -> None:
    both = [Event(1100 + 20 * number, 1, "leg_movement", "both") for number in range(4)]
    assert sit(both).values["sit_lm_index"] == 4


def test_15_the_json_holds_the_test() -> None:
    told = as_json.score(score(every(20), ON, OFF, AWAKE))["immobilisation_test"]
    assert told["periods"] == [{"from_s": 1000, "to_s": 4600}]
    assert (told["hours_awake"], told["sit_index"], told["sit_index_wasm"]) == (1, 4, 4)


@pytest.mark.parametrize(("marks", "index"), [((ON, OFF, AWAKE), 4), ((AWAKE,), None)])
def test_16_the_index_becomes_a_finding(marks: tuple[Event, ...], index: float | None) -> None:
    found = {one.id: one for one in findings_from_score(score(every(20), *marks), "made", api.load_knowledge())}
    if index is None:
        assert "sit_index" not in found
    else:
        assert found["sit_index"].value == Quantity(index, "per_hour")
        assert found["sit_index"].origin == "made, rule set sit-2001"


def test_17_the_report_shows_the_test() -> None:
    assert "Suggested immobilisation test, 1 hours awake" in api.render(score(every(20), ON, OFF, AWAKE), "html")
