"""Motion of other shapes than the simulator's: what a detector tuned on that one takes for something else."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from motion_made import phone

from legtwitch.events.motion import detect_motion
from legtwitch.events.motion_bands import step_of
from legtwitch.events.motion_parameters import MotionParameters
from legtwitch.events.motion_runs import slowing

RATE = 100.0


def names(course: Any, noise: float = 0.01) -> list[str]:
    return [one.event for one in detect_motion(phone(course, noise=noise)).events]


def time_of(seconds: float) -> Any:
    return np.arange(round(seconds * RATE)) / RATE


def test_a_twitch_of_80_ms_is_found_and_a_knock_is_not() -> None:
    time = time_of(60)
    twitches, knocks = np.zeros(time.size), np.zeros(time.size)
    for at in np.arange(5, 56, 5.0):
        x = (time - at) / 0.08
        twitches += np.where(abs(x) < 0.5, 0.25 * np.cos(3 * np.pi * x) * np.cos(np.pi * x), 0)
        knocks[round(at * RATE) : round(at * RATE) + 2] = (2.0, -2.0)
    assert names(twitches) == ["short_potential"] * 11
    assert names(knocks) == []


def beats(first_hz: float, last_hz: float, seconds: float, fall: float) -> Any:
    """Beats from 20 s on, at a rate and a size that change evenly."""
    time = time_of(60)
    since = np.clip((time - 20) / seconds, 0, 1)
    phase = 2 * np.pi * seconds * (first_hz * since + (last_hz - first_hz) * since**2 / 2)
    wave = np.sin(phase) + 0.4 * np.sin(2 * phase + 0.7)
    return np.where((since > 0) & (since < 1), 2.0 * (1 - fall * since) * wave, 0.0)


def test_a_long_run_that_slows_is_clonus_and_one_that_keeps_its_pace_is_tremor() -> None:
    assert names(beats(6.4, 5.0, 7.0, 0.4)) == ["clonus"]
    assert names(beats(5.7, 5.7, 7.0, 0.3)) == ["tremor"]


def test_slowing_is_told_from_wandering_and_needs_beats() -> None:
    chosen = MotionParameters()
    order = np.arange(20)
    assert slowing(0.16 + 0.002 * order, chosen) is True
    assert slowing(0.18 + 0.015 * np.sin(order), chosen) is False
    assert slowing(0.18 - 0.002 * order, chosen) is False
    assert slowing(np.array([0.16, 0.18, 0.2]), chosen) is None


@pytest.mark.parametrize("shares", [{2: 0.3, 3: 1.0, 5: 0.35}, {1: 0.9, 3: 1.0, 4: 0.2}])
def test_a_movement_whose_fundamental_is_faint_is_no_tremor(shares: dict[int, float]) -> None:
    time = time_of(60)
    phase = 2 * np.pi * (1.6 * time + 0.02 * np.sin(0.7 * time))
    course = 3 * sum(size * np.sin(order * phase + order**2) for order, size in shares.items())
    assert "tremor" not in names(np.where((time > 15) & (time < 40), course, 0.0))


def test_a_walk_does_not_hide_itself() -> None:
    rng = np.random.default_rng(2)
    time = time_of(60)
    course, at = np.zeros(time.size), 8.0
    while at < 52:
        length = rng.normal(1.0, 0.08)
        x = (time - at) / length
        course += np.where((x >= 0) & (x < 1), 1.5 * np.sin(2 * np.pi * x) + 2 * np.sin(4 * np.pi * x + 1), 0)
        strike = np.maximum(time - at - 0.2, 0)
        course += 6 * np.sin(2 * np.pi * 18 * strike) * np.exp(-strike / 0.05)
        at += length
    found = detect_motion(phone(course)).events
    moved = sum(one.duration_s for one in found if one.event in ("voluntary_activity", "leg_movement"))
    assert moved > 35
    assert not {one.event for one in found} & {"myoclonus", "short_potential", "tremor"}


@pytest.mark.parametrize("hz", [4.6, 9.3, 15.5])
def test_a_tremor_of_a_fiftieth_of_a_metre_is_found_over_a_quiet_sensor(hz: float) -> None:
    time = time_of(60)
    course = np.where((time > 20) & (time < 40), 0.02 * np.sin(2 * np.pi * hz * time), 0.0)
    (found,) = detect_motion(phone(course, noise=0.006)).events
    assert found.event == "tremor"
    assert found.measures["freq_hz"] == pytest.approx(hz, abs=0.1)


def test_the_broad_shaking_of_a_vehicle_is_no_tremor() -> None:
    for seed in range(4):
        rng = np.random.default_rng(seed)
        time = time_of(90)
        freq = np.fft.rfftfreq(time.size, 1 / RATE)
        shape = 1 / (1 + ((freq - 10.5) / 0.8) ** 2) + 0.15 * (freq < 25)
        waves = [np.fft.irfft(np.fft.rfft(rng.standard_normal(time.size)) * shape, n=time.size) for _ in range(3)]
        assert "tremor" not in names(0.4 * np.stack([one / one.std() for one in waves]))


def test_a_jerk_is_as_large_as_it_is_in_its_own_direction() -> None:
    time = time_of(40)
    x = (time - 20) / 0.2
    course = np.where((x > 0) & (x < 1), 1.1 * np.sin(2 * np.pi * x), 0.0)
    assert names(course) == ["myoclonus"]
    assert names(0.4 * course) == ["short_potential"]


def test_flickers_of_a_coarse_sensor_that_stands_on_one_level_tell_its_step() -> None:
    made = np.random.default_rng(5)
    values = np.full((3, 6000), 0.3)
    for axis in values:
        axis[made.integers(1, 5999, 150)] += made.choice((-0.15, 0.15), 150)
    even = np.arange(5990) + 0.5 + np.cumsum(made.normal(0, 0.01, 5990))  # as a clock made even puts values between
    between = np.stack([np.interp(np.clip(even, 0, 5999), np.arange(6000), axis) for axis in values])
    assert step_of(values) == pytest.approx(0.15, abs=0.005)
    assert 0.09 < step_of(between) < 0.16
    assert step_of(0.02 * made.standard_normal((3, 6000))) == 0
