"""Movements of the night that are classes of their own: told apart, and never counted as leg movements."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from leg_generator import Leg, flat_top, night, ragged, recording_of

from legtwitch.events import LegMovements, detect_leg_movements
from legtwitch.model import Event

RATE = 256


def stages(*spans: tuple[float, float, str]) -> tuple[Event, ...]:
    return tuple(
        Event(float(at), 30.0, f"stage_{name}") for start, stop, name in spans for at in np.arange(start, stop, 30)
    )


def found_in(left: Leg, right: Leg | None = None, marks: Sequence[Event] = ()) -> LegMovements:
    signals = {"left": [left.signal()]} | ({} if right is None else {"right": [right.signal()]})
    return detect_leg_movements(replace(recording_of(signals, left.rate_hz), events=tuple(marks)))


def named(found: LegMovements, name: str) -> list[Event]:
    return [one for one in found.other.events if one.event == name]


def beats(leg: Leg, start_s: float, count: int, hz: float, burst_s: float, height_uv: float = 60.0) -> None:
    """Bursts with even intervals and the slight unevenness of a muscle."""
    rng = np.random.default_rng(round(start_s))
    for beat in range(count):
        at = start_s + (beat + 0.04 * rng.uniform(-1, 1)) / hz
        leg.burst(at, flat_top(leg.rate_hz, height_uv * rng.uniform(0.8, 1), burst_s, burst_s / 3, burst_s / 3))


@pytest.mark.parametrize("rate", [128, 200, 512])
@pytest.mark.parametrize(("hz", "burst_s", "count"), [(0.5, 0.8, 6), (1.2, 0.5, 15), (1.9, 0.3, 24), (1.9, 0.3, 12)])
def test_foot_tremor_is_one_train_and_no_leg_movement(rate: int, hz: float, burst_s: float, count: int) -> None:
    leg = Leg(rate, 300, 1.0, 3)
    beats(leg, 100, count, hz, burst_s)
    leg.burst(200, flat_top(rate, 60, 2.0))
    found = found_in(leg, marks=stages((0, 300, "N1")))
    (train,) = named(found, "hypnagogic_foot_tremor")
    assert train.onset_s == pytest.approx(100, abs=0.2)
    assert train.duration_s == pytest.approx((count - 1) / hz + burst_s, abs=0.3)
    assert train.attributes["beats"] == count
    assert train.attributes["burst_rate_hz"] == pytest.approx(hz, rel=0.05)
    assert (train.side, train.channel, train.attributes["stage"]) == ("left", "left", "N1")
    assert [round(one.onset_s) for one in found.events] == [200]


@pytest.mark.parametrize("marks", [(), stages((0, 300, "N3"))])
def test_a_train_that_is_not_of_falling_asleep_is_not_classed_further(marks: Sequence[Event]) -> None:
    leg = Leg(RATE, 300, 1.0, 4)
    beats(leg, 100, 15, 1.2, 0.5)
    found = found_in(leg, marks=marks)
    assert len(named(found, "high_frequency_leg_movement")) == 1
    assert named(found, "hypnagogic_foot_tremor") == []
    assert found.events == ()


def test_three_bursts_are_no_train() -> None:
    leg = Leg(RATE, 200, 1.0, 5)
    beats(leg, 100, 3, 0.5, 0.8)
    found = found_in(leg, marks=stages((0, 180, "N1")))
    assert found.other.events == ()
    assert len(found.events) == 3


@pytest.mark.parametrize("rate", [128, 256, 500])
@pytest.mark.parametrize(("hz", "burst_s"), [(0.8, 0.45), (1.5, 0.35), (2.8, 0.2)])
def test_both_legs_in_turn_are_alma(rate: int, hz: float, burst_s: float) -> None:
    left, right = Leg(rate, 200, 1.0, 6), Leg(rate, 200, 1.0, 7)
    beats(left, 100, 8, hz / 2, burst_s)
    beats(right, 100 + 1 / hz, 8, hz / 2, burst_s)
    found = found_in(left, right, stages((0, 180, "N2")))
    (train,) = named(found, "alma")
    assert (train.side, train.channel, train.attributes["beats"]) == ("both", None, 16)
    assert train.attributes["burst_rate_hz"] == pytest.approx(hz, rel=0.05)
    assert {one.event for one in found.other.events} == {"alma"}
    assert found.events == ()


def test_both_legs_at_once_are_not_in_turn() -> None:
    left, right = Leg(RATE, 200, 1.0, 8), Leg(RATE, 200, 1.0, 9)
    for leg in (left, right):
        beats(leg, 100, 12, 1.0, 0.4)
    assert named(found_in(left, right, stages((0, 180, "N2"))), "alma") == []


def test_legs_that_are_active_together_for_much_of_each_burst_are_not_in_turn() -> None:
    left, right = Leg(RATE, 200, 1.0, 26), Leg(RATE, 200, 1.0, 27)
    beats(left, 100, 16, 1.2, 0.7)
    beats(right, 100 + 0.5 / 1.2, 16, 1.2, 0.7)
    assert named(found_in(left, right, stages((0, 180, "N2"))), "alma") == []


def test_what_one_leg_picks_up_of_the_other_is_no_train_of_its_own() -> None:
    left, right = Leg(RATE, 200, 1.0, 10), Leg(RATE, 200, 1.0, 11)
    beats(left, 100, 15, 1.2, 0.5, 150.0)
    quiet, loud = right.signal(), left.signal()
    recording = recording_of({"left": [loud], "right": [quiet + 0.12 * loud]}, RATE)
    found = detect_leg_movements(recording)
    assert [one.side for one in found.other.events] == ["left"]


@pytest.mark.parametrize("seed", range(3))
def test_ragged_periodic_movements_stay_leg_movements(seed: int) -> None:
    """The beats of these are as even as a machine's: one that lasts more than 5 s can't be told from a train."""
    leg = night(RATE, 40 + seed, kind="ragged")
    found = found_in(leg, marks=stages((0, 1800, "N2")))
    trains = named(found, "hypnagogic_foot_tremor") + named(found, "high_frequency_leg_movement")
    assert len(trains) <= 1
    assert all(one.duration_s >= 5 for one in trains)
    assert len(found.events) >= 75


def test_a_ragged_movement_of_both_legs_is_no_alma() -> None:
    left, right = Leg(RATE, 900, 1.0, 12), Leg(RATE, 900, 1.0, 13)
    rng = np.random.default_rng(3)
    starts = np.arange(10, 880, 20.0)
    for start in starts:
        for leg in (left, right):
            leg.burst(start + rng.uniform(0, 0.6), ragged(rng, RATE, 60, 3.0))
    found = found_in(left, right, stages((0, 900, "N2")))
    assert found.other.counts["alma"] <= 1
    assert len(found.events) >= 2 * len(starts) - 4


def _potentials(leg: Leg, start_s: float, minutes: int, each: int, seed: int, height_uv: float = 60.0) -> None:
    rng = np.random.default_rng(seed)
    for minute in range(minutes):
        for place in range(each):
            at = start_s + 60 * minute + (place + rng.uniform(0.2, 0.8)) * 60 / each
            leg.burst(at, flat_top(leg.rate_hz, height_uv, float(rng.uniform(0.08, 0.13)), 0.03, 0.03))


@pytest.mark.parametrize(("minutes", "each", "excessive"), [(24, 7, True), (16, 7, False), (24, 3, False)])
def test_fragmentary_myoclonus_is_counted_and_called_excessive_by_the_rule(
    minutes: int, each: int, excessive: bool
) -> None:
    leg = Leg(RATE, 1800, 1.0, 14)
    _potentials(leg, 60, minutes, each, 2)
    found = found_in(leg, marks=stages((0, 1800, "N2")))
    myoclonus = found.other.myoclonus
    assert found.events == ()
    assert myoclonus.potentials == pytest.approx(minutes * each, rel=0.05)
    assert myoclonus.excessive is excessive
    assert myoclonus.minutes == {"left": pytest.approx(minutes if each > 4 else 0, abs=1)}


def test_without_stages_nobody_says_whether_myoclonus_is_excessive() -> None:
    leg = Leg(RATE, 1800, 1.0, 15)
    _potentials(leg, 60, 24, 7, 3)
    myoclonus = found_in(leg).other.myoclonus
    assert myoclonus.potentials > 100
    assert myoclonus.minutes is None
    assert myoclonus.excessive is None


def test_faint_potentials_and_those_awake_are_not_fragmentary_myoclonus() -> None:
    leg = Leg(RATE, 600, 1.0, 16)
    _potentials(leg, 0, 5, 7, 4, height_uv=7.0)
    _potentials(leg, 300, 5, 7, 5)
    found = found_in(leg, marks=stages((0, 300, "N2"), (300, 600, "W")))
    assert named(found, "fragmentary_myoclonus") == []


def test_twitches_of_rem_sleep_have_a_name_of_their_own_and_long_ones_stay_leg_movements() -> None:
    leg = Leg(RATE, 600, 1.0, 17)
    for start in range(30, 570, 20):
        leg.burst(start, flat_top(RATE, 60, 0.25))
    leg.burst(581, flat_top(RATE, 60, 1.5))
    found = found_in(leg, marks=stages((0, 600, "R")))
    assert len(named(found, "rem_twitch")) == 27
    assert {one.attributes["stage"] for one in found.other.events} == {"R"}
    assert [round(one.onset_s) for one in found.events] == [581]
    assert named(found_in(leg, marks=stages((0, 600, "N2"))), "rem_twitch") == []


@pytest.mark.parametrize(("length", "shift", "bodies"), [(18, 0.3, 1), (9, 0.3, 0), (13, 0.3, 0), (9, 6.2, 0)])
def test_both_legs_for_more_than_fifteen_seconds_are_a_movement_of_the_body(
    length: float, shift: float, bodies: int
) -> None:
    left, right = Leg(RATE, 300, 1.0, 18), Leg(RATE, 300, 1.0, 19)
    left.burst(100, flat_top(RATE, 100, length))
    right.burst(100 + shift, flat_top(RATE, 100, length))
    found = found_in(left, right)
    assert len(named(found, "large_body_movement")) == bodies
    assert len(found.events) == 2


def test_a_shorter_one_that_drives_both_channels_to_their_end_is_a_movement_of_the_body() -> None:
    left, right = Leg(RATE, 300, 1.0, 20), Leg(RATE, 300, 1.0, 21)
    for leg in (left, right):
        leg.burst(100, flat_top(RATE, 400, 13))
    signals = {name: [np.clip(leg.signal(), -300, 300)] for name, leg in (("left", left), ("right", right))}
    found = detect_leg_movements(recording_of(signals, RATE))
    assert [one.attributes["saturated"] for one in named(found, "large_body_movement")] == [True]


def test_a_quiet_leg_gives_nothing_and_every_class_is_counted() -> None:
    found = found_in(Leg(RATE, 300, 1.0, 22))
    assert found.other.events == ()
    assert set(found.other.counts.values()) == {0}
    assert len(found.other.counts) == 6


def test_a_train_on_each_side_of_a_gap_keeps_its_true_time() -> None:
    before, after = Leg(RATE, 100, 1.0, 23), Leg(RATE, 100, 1.0, 24)
    beats(after, 40, 15, 1.2, 0.5)
    recording = recording_of({"left": [before.signal(), after.signal()]}, RATE, starts=(0.0, 500.0))
    (train,) = detect_leg_movements(recording).other.events
    assert train.onset_s == pytest.approx(540, abs=0.2)


def test_how_many_were_left_out_is_said() -> None:
    leg = Leg(RATE, 300, 1.0, 25)
    beats(leg, 100, 6, 0.5, 0.8)
    said: list[Any] = [one for one in found_in(leg).problems if one.code == "Q323"]
    assert [one.channel for one in said] == ["left"]
    assert said[0].message.startswith("left: 6 movements are part of a train")
