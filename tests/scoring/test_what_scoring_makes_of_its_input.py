"""Marks, lights and stages that are odd: each is counted, said or refused, none is lost."""

from __future__ import annotations

import math

import pytest

from legtwitch.errors import RecordingError, UsageError
from legtwitch.model import Event, Problem, Recording, Score
from legtwitch.scoring import CODES, score_leg_movements

HOUR = 3600.0


def score(movements: list[Event], *events: Event, **options: object) -> Score:
    return score_leg_movements(Recording("made", "TSV", None, HOUR, (), (), events, ()), movements, **options)  # type: ignore[arg-type]


def lm(onset: float, duration: float = 1.0, side: str = "left") -> Event:
    return Event(onset, duration, "leg_movement", side)  # type: ignore[arg-type]


def codes(result: Score) -> list[str]:
    return [one.code for one in result.quality]


SLEEP = Event(0, HOUR, "stage_N2")


@pytest.mark.parametrize(("onset", "duration"), [(math.nan, 1), (1, math.inf), (10, -1)])
def test_a_movement_without_a_usable_time_is_refused(onset: float, duration: float) -> None:
    with pytest.raises(RecordingError, match="E340"):
        score([lm(onset, duration)], SLEEP)


def test_a_rule_set_that_does_not_exist_is_refused() -> None:
    with pytest.raises(UsageError, match="E140") as refused:
        score([], SLEEP, rules=("aasm-v9",))
    assert "wasm-2016" in refused.value.allowed
    with pytest.raises(UsageError, match="E140"):
        score([], SLEEP, rules=())


def test_movements_outside_the_recording_are_kept_apart_and_said() -> None:
    result = score([lm(-5), lm(10), lm(4000)], SLEEP)
    assert [one.verdicts["wasm-2016"].leg_movement for one in result.movements] == [False, True, False]
    assert "outside the recording" in result.movements[2].verdicts["aasm-v3"].reasons[0]
    assert "Q410" in codes(result)


def test_marks_that_are_no_leg_movements_are_left_out_and_said() -> None:
    result = score([lm(10), Event(20, 5, "arousal")], SLEEP)
    assert len(result.movements) == 1
    assert "Q415" in codes(result)


def test_movements_of_an_unknown_leg_are_said() -> None:
    assert "Q413" in codes(score([lm(10, side="n/a")], SLEEP))
    assert "Q413" not in codes(score([lm(10)], SLEEP))


def test_very_long_movements_are_said() -> None:
    assert "Q416" in codes(score([lm(10, 61)], SLEEP))
    assert "Q416" not in codes(score([lm(10, 60)], SLEEP))


@pytest.mark.parametrize(
    ("marks", "hours", "said"),
    [
        ([(900, "lights_off"), (1800, "lights_on")], 0.25, False),
        ([(900, "lights_off")], 0.75, True),
        ([(900, "lights_on")], 0.25, True),
        ([(0, "lights_on"), (900, "lights_off"), (1800, "lights_on")], 0.25, False),
        ([(0, "lights_off"), (900, "lights_on"), (1800, "lights_off"), (2700, "lights_on")], 0.5, False),
        ([(900, "lights_off"), (1000, "lights_off"), (1800, "lights_on")], 0.25, False),
    ],
)
def test_lights_off_to_lights_on(marks: list[tuple[float, str]], hours: float, said: bool) -> None:
    result = score([], SLEEP, *(Event(time, 0, name) for time, name in marks))
    assert result.hours.sleep == result.hours.recorded == pytest.approx(hours)
    assert ("Q414" in codes(result)) is said
    assert "Q402" not in codes(result)


def test_epochs_that_contradict_each_other_are_neither_sleep_nor_wake() -> None:
    result = score([lm(1000)], Event(0, 1200, "stage_N2"), Event(900, 900, "stage_W"))
    assert result.movements[0].stage == "unknown"
    assert (result.hours.sleep, result.hours.wake) == pytest.approx((0.25, 600 / HOUR))
    assert "Q409" in codes(result)


def test_the_same_epoch_twice_is_no_contradiction() -> None:
    result = score([lm(1000)], SLEEP, SLEEP)
    assert result.hours.sleep == pytest.approx(1)
    assert "Q409" not in codes(result)


def test_time_between_epochs_is_neither_sleep_nor_wake() -> None:
    result = score([lm(1000)], Event(0, 900, "stage_N2"), Event(1800, 900, "stage_R"), Event(900, 900, "stage_unknown"))
    assert result.movements[0].stage == "unknown"
    assert result.rules["aasm-v3"].values["leg_movement_count"] == 0
    assert (result.hours.sleep, result.hours.wake, result.hours.rem) == pytest.approx((0.5, 0.0, 0.25))


def test_an_epoch_ends_before_its_last_moment() -> None:
    assert [one.stage for one in score([lm(899.999), lm(900)], Event(0, 900, "stage_N2")).movements] == [
        "N2",
        "unknown",
    ]


@pytest.mark.parametrize("epoch_s", [20, 30, 7.5])
def test_epochs_may_have_any_length(epoch_s: float) -> None:
    epochs = [Event(number * epoch_s, epoch_s, "stage_N3") for number in range(int(HOUR / epoch_s))]
    assert score([], *epochs).hours.nrem == pytest.approx(1)


def test_stage_marks_without_a_duration_are_said() -> None:
    result = score([], Event(0, 0, "stage_N2"))
    assert result.hours.sleep is None
    assert {"Q401", "Q409"} <= set(codes(result))


def test_wake_all_night_gives_no_index_of_sleep() -> None:
    result = score([lm(100)], Event(0, HOUR, "stage_W"))
    assert result.hours.sleep == 0
    for rule in result.rules.values():
        assert rule.values["plms_index"] is None
        assert rule.reasons["plms_index"] == "Q405: no sleep was recorded"


def test_overlapping_artefacts_are_subtracted_once() -> None:
    result = score([], SLEEP, Event(0, 1000, "artifact"), Event(500, 1300, "artifact"), Event(500, 10, "recording_gap"))
    assert result.hours.recorded == pytest.approx(0.5)


def test_what_is_known_to_be_wrong_stands_first() -> None:
    known = Problem("Q104", "The file ends early.")
    assert score([], SLEEP, problems=(known,)).quality[0] is known


def test_every_code_that_is_said_has_a_meaning() -> None:
    result = score([lm(1, 0), lm(2, 99, "n/a"), lm(-4), lm(800), Event(1, 1, "alma")], Event(799, 9, "artifact"))
    assert {one for one in codes(result) if one.startswith("Q4")} <= set(CODES)
    reasons = [reason for rule in result.rules.values() for reason in rule.reasons.values()]
    assert {reason[:4] for reason in reasons} <= set(CODES)


def test_readings_of_both_rule_sets_are_told_together() -> None:
    result = score([], SLEEP, readings={"wasm_window": "half", "aasm_long": "ends", "lights": "ignore"})
    assert result.readings["wasm_window"] == "half"
    assert result.readings["aasm_long"] == "ends"
    assert result.readings["wasm_short_start"] == "may"
    assert set(result.rule_hashes) == {"aasm-v3", "wasm-2016"}
    assert len(set(result.rule_hashes.values())) == 2


def test_only_events_that_scoring_uses_are_its_context() -> None:
    result = score([], SLEEP, Event(5, 1, "desaturation"), Event(9, 1, "arousal"), lm(3))
    assert [one.event for one in result.context] == ["stage_N2", "arousal"]
