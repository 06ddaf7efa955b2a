"""Artefacts and gaps of one leg, clause by clause (`artifact_leg`), under every rule set; bounds from both sides."""

from __future__ import annotations

import pytest

from legtwitch.model import Channel, Event, Recording, Role, Score
from legtwitch.recording import read, write_annotations
from legtwitch.scoring import score_leg_movements

HOUR = 3600.0
RULES = ("aasm-v3", "wasm-2016", "wasm-2006")
ASLEEP = Event(0, HOUR, "stage_N2")

pytestmark = pytest.mark.parametrize("rule", RULES)


def lm(onset: float, side: str = "left", duration: float = 1.0) -> Event:
    return Event(onset, duration, "leg_movement", side)  # type: ignore[arg-type]


def both_legs() -> list[Event]:
    """Left at 100, 120, 140, 160 and 400; right at 110, 130 … 190 and 500."""
    return [*(lm(at) for at in (100, 120, 140, 160, 400)), *(lm(at, "right") for at in (110, 130, 150, 170, 190, 500))]


def stop(start: float, duration: float, side: str = "n/a", name: str = "artifact", channel: str | None = None) -> Event:
    return Event(start, duration, name, side, channel)  # type: ignore[arg-type]


def leg(name: str, role: Role) -> Channel:
    return Channel(name, role, 1.0, "", "uV", "uV", 256.0, 0.1, 921_600)


def score(
    rule: str, movements: list[Event], *events: Event, channels: tuple[Channel, ...] = (), **readings: str
) -> Score:
    recording = Recording("made", "TSV", None, HOUR, channels, (), (ASLEEP, *events), ())
    return score_leg_movements(recording, movements, rules=(rule,), readings=readings)


def counted(result: Score, rule: str) -> list[tuple[int, str]]:
    return [(round(one.onset_s), one.side) for one in result.movements if one.verdicts[rule].leg_movement]


def codes(result: Score) -> list[str]:
    return [one.code for one in result.quality]


@pytest.mark.parametrize("name", ["artifact", "recording_gap"])
def test_01_only_that_leg_loses_its_movements(rule: str, name: str) -> None:
    result = score(rule, both_legs(), stop(95, 120, "left", name))
    assert [side for at, side in counted(result, rule) if at < 300] == ["right"] * 5
    assert len(counted(result, rule)) == 7
    lost = [one.verdicts[rule].reasons for one in result.movements if not one.verdicts[rule].leg_movement]
    assert len(lost) == 4
    assert all("of its leg (95.0 to 215.0 s)" in reasons[0] for reasons in lost)


@pytest.mark.parametrize(("onset", "kept"), [(99.0, True), (99.001, False), (109.999, False), (110.0, True)])
def test_02_the_bounds_are_those_of_an_artefact_of_both_legs(rule: str, onset: float, kept: bool) -> None:
    movements = [lm(onset), lm(900, "right")]
    assert (counted(score(rule, movements, stop(100, 10, "left")), rule)[0][1] == "left") is kept
    assert len(counted(score(rule, movements, stop(100, 10, "right")), rule)) == 2


def test_03_the_time_stays_in_the_hours_and_it_is_said_how_much(rule: str) -> None:
    result = score(rule, both_legs(), stop(1000, 600, "left"), stop(1300, 600, "left"))
    assert result.hours.sleep == result.hours.recorded == 1
    (said,) = (one for one in result.quality if one.code == "Q420")
    assert "left leg alone for 15.0 min" in said.message
    assert "may be too low" in said.effect


def test_04_where_both_legs_are_stopped_the_time_leaves_the_hours(rule: str) -> None:
    result = score(rule, both_legs(), stop(1000, 900, "left"), stop(1450, 900, "right"))
    assert result.hours.sleep == pytest.approx(1 - 450 / HOUR)
    said = [one.message for one in result.quality if one.code == "Q420"]
    assert [("left" in one, "right" in one, "7.5 min" in one) for one in said] == [
        (True, False, True),
        (False, True, True),
    ]


def test_05_a_series_of_the_other_leg_runs_on(rule: str) -> None:
    right = [lm(100 + 20 * number, "right") for number in range(4)]
    values = score(rule, [*right, lm(900)], stop(125, 5, "left")).rules[rule].values
    assert (values["series_count"], values["plms_count"]) == (1, 4)
    values = score(rule, [*right, lm(900)], stop(125, 5, "left"), artifact_leg="both").rules[rule].values
    assert (values["series_count"], values["plms_count"]) == (0, 0)


@pytest.mark.parametrize(("second", "plms"), [(129.0, 4), (130.0, 4), (126.0, 0)])
def test_06_a_series_ends_only_where_both_legs_are_stopped_at_once(rule: str, second: float, plms: int) -> None:
    right = [lm(100 + 20 * number, "right") for number in range(4)]
    result = score(rule, [*right, lm(900)], stop(124, 5, "left"), stop(second, 5, "right"))
    assert result.rules[rule].values["plms_count"] == plms


def test_07_without_a_leg_it_stops_both(rule: str) -> None:
    result = score(rule, both_legs(), stop(95, 120))
    assert [at for at, _ in counted(result, rule)] == [400, 500]
    assert result.hours.sleep == pytest.approx(1 - 120 / HOUR)
    assert "Q420" not in codes(result)
    assert counted(score(rule, both_legs(), stop(95, 120, "both")), rule) == counted(result, rule)


def test_08_a_movement_on_both_legs_loses_one_of_them(rule: str) -> None:
    result = score(rule, [lm(100, "both")], stop(95, 20, "left"))
    assert counted(result, rule) == [(100, "right")]
    assert result.rules[rule].values["leg_movement_count"] == 1
    assert [one.verdicts[rule].combined_with for one in result.movements] == [(), ()]


def test_09_a_movement_whose_leg_is_not_known_may_lie_under_any_artefact(rule: str) -> None:
    movements = [lm(100, "n/a"), lm(300), lm(400, "right")]
    assert counted(score(rule, movements, stop(95, 20, "right")), rule) == [(300, "left"), (400, "right")]


def test_10_where_one_leg_alone_is_marked_its_artefacts_stop_all(rule: str) -> None:
    result = score(rule, [lm(at) for at in (100, 120, 140, 160)], stop(125, 5, "left"), stop(1000, 895, "left"))
    assert result.rules[rule].values["plms_count"] == 0
    assert result.hours.sleep == pytest.approx(0.75)
    assert "Q420" not in codes(result)


COARSE = Channel("RAT", "leg_right", 1.0, "", "uV", "uV", 256.0, 50.0, 921_600)
LEFT, RIGHT, ANY, EEG = leg("LAT", "leg_left"), leg("RAT", "leg_right"), leg("Leg", "leg_unknown"), leg("C3", "eeg")


@pytest.mark.parametrize(
    ("channels", "hours"),
    [
        ((LEFT, RIGHT), 1.0),
        ((LEFT,), 0.75),
        ((RIGHT,), 1.0),
        ((ANY,), 0.75),
        ((LEFT, RIGHT, ANY), 0.75),
        ((LEFT, COARSE), 0.75),
    ],
)
def test_11_the_legs_recorded_are_those_of_the_channels(rule: str, channels: tuple[Channel, ...], hours: float) -> None:
    result = score(rule, both_legs(), stop(1000, 900, "left"), channels=channels)
    assert result.hours.sleep == pytest.approx(hours)


@pytest.mark.parametrize(
    ("channel", "hours", "code"), [("LAT", 1.0, "Q420"), ("C3", 1.0, "Q421"), ("unheard of", 0.75, None)]
)
def test_12_a_channel_tells_the_leg_as_a_side_does(rule: str, channel: str, hours: float, code: str | None) -> None:
    result = score(rule, both_legs(), stop(1000, 900, channel=channel), channels=(LEFT, RIGHT, EEG))
    assert result.hours.sleep == pytest.approx(hours)
    assert [one for one in codes(result) if one in ("Q420", "Q421")] == ([code] if code else [])


def test_13_lights_limit_what_is_said(rule: str) -> None:
    lights = (Event(1000, 0, "lights_off"), Event(1300, 0, "lights_on"))
    (said,) = (one for one in score(rule, both_legs(), stop(0, 1060, "left"), *lights).quality if one.code == "Q420")
    assert "1.0 min" in said.message


def test_14_the_other_reading_stops_both_legs(rule: str) -> None:
    result = score(rule, both_legs(), stop(95, 120, "left"), artifact_leg="both")
    assert [at for at, _ in counted(result, rule)] == [400, 500]
    assert result.hours.sleep == pytest.approx(1 - 120 / HOUR)
    assert result.readings["artifact_leg"] == "both"


def test_15_the_side_of_an_artefact_survives_a_file(rule: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    path = tmp_path_factory.mktemp("made") / "marks.edf"
    write_annotations(path, [ASLEEP, *both_legs(), stop(95, 120, "left")], start=None, duration_s=HOUR)
    marks = read(path)
    movements = [one for one in marks.events if one.event == "leg_movement"]
    result = score_leg_movements(marks, movements, rules=(rule,))
    assert len(counted(result, rule)) == 7
