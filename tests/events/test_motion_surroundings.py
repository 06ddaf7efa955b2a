"""What shakes a sensor besides the limb: a vehicle, a machine, a finger; and what of a limb must not be lost to it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from motion_made import UP, WAY, phone

from legtwitch.events.motion import MotionFound, detect_motion
from legtwitch.signal.ripples import energy_duration
from legtwitch.signal.steadiness import steadiness


def time_of(seconds: float, rate_hz: float = 100.0) -> Any:
    return np.arange(round(seconds * rate_hz)) / rate_hz


def names(found: MotionFound) -> list[str]:
    return [one.event for one in found.events]


def said(found: MotionFound) -> set[str]:
    return {one.code for one in found.problems}


# ---- a vehicle ----


def rumble(seconds: float, size: float, seed: int) -> Any:
    """Coloured noise on three axes whose strength comes and goes, as on a road, (3, n)."""
    rng, time = np.random.default_rng(seed), time_of(seconds)
    hz = np.fft.rfftfreq(time.size, 0.01)
    shape = (hz > 0.4) * (1 / (1 + ((hz - 1.5) / 1.0) ** 2) + 1 / (1 + ((hz - 11) / 1.5) ** 2) + 0.15 * (hz < 25))
    waves = np.stack([np.fft.irfft(np.fft.rfft(rng.standard_normal(time.size)) * shape, time.size) for _ in range(3)])
    road = np.exp(0.5 * np.interp(time, np.arange(0, seconds + 5, 5.0), rng.standard_normal(int(seconds / 5) + 1)))
    return size * road * waves / waves.std()


def bump(time: Any, at: float, size: float, hz: float) -> Any:
    since = np.maximum(time - at, 0)
    return size * np.sin(2 * np.pi * hz * since) * np.exp(-since / 0.25)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_bumps_of_a_vehicle_are_no_jerks_and_the_ride_is_said(seed: int) -> None:
    time = time_of(90)
    course = rumble(90, 0.3, seed)
    for number, at in enumerate((12.0, 31.0, 50.0, 69.0)):
        course[number % 3] += bump(time, at, 1.5, 2.5 + number)
    found = detect_motion(phone(course))
    assert set(names(found)) <= {"movement_artifact"}
    assert "Q367" in said(found)


def test_a_bump_that_stands_out_is_told_as_unclear_with_what_else_it_may_be() -> None:
    time = time_of(90)
    course = rumble(90, 0.15, 4)
    course[0] += bump(time, 40.0, 3.0, 4.0)
    found = [one for one in detect_motion(phone(course)).events if abs(one.onset_s - 40) < 0.5]
    assert [one.event for one in found] == ["movement_artifact"]
    assert found[0].confidence <= 0.6
    assert set(found[0].alternatives) & {"myoclonus", "leg_movement", "fasciculation"}


def test_a_jerk_far_beyond_the_rumble_and_a_limb_that_turns_are_found_in_a_vehicle() -> None:
    time = time_of(90)
    course = rumble(90, 0.1, 5)
    x = (time - 30) / 0.2
    course[1] += np.where((x > 0) & (x < 1), 12 * np.sin(2 * np.pi * x), 0)
    angle = np.radians(25) * (np.clip((time - 60) / 0.6, 0, 1) - np.clip((time - 62) / 0.6, 0, 1))
    across = np.cross(UP, WAY) / np.linalg.norm(np.cross(UP, WAY))
    course += 9.81 * (np.sin(angle) * across[:, None] + (np.cos(angle) - 1) * UP[:, None])
    found = detect_motion(phone(course)).events
    assert [one.event for one in found if abs(one.onset_s - 30) < 0.5] == ["myoclonus"]
    assert "leg_movement" in [one.event for one in found if 59 < one.onset_s < 63]


def test_neither_a_noisy_sensor_nor_a_leg_that_moves_a_lot_is_a_vehicle() -> None:
    time = time_of(90)
    assert "Q367" not in said(detect_motion(phone(np.zeros(time.size), noise=0.15)))
    jerks = sum(bump(time, at, 2.0, 6.0) for at in np.arange(3, 87, 2.1))
    assert "Q367" not in said(detect_motion(phone(jerks)))
    pedal = 3 * np.sin(2 * np.pi * 2 * time) + 1.5 * np.sin(2 * np.pi * 4 * time + 1)
    assert "Q367" not in said(detect_motion(phone(pedal)))


def test_a_resonance_of_a_vehicle_is_at_most_an_unclear_tremor() -> None:
    for seed in range(6):
        course = rumble(90, 0.4, 20 + seed)
        assert "tremor" not in names(detect_motion(phone(course)))


# ---- a machine ----


def tone(seconds: float, hz: float, wander: float, size: float = 0.3, swell: float = 0.0) -> Any:
    """A rhythm whose frequency wanders by a share of it from second to second, and whose size swells."""
    rng, time = np.random.default_rng(13), time_of(seconds)
    course = np.interp(time, np.arange(seconds + 2), rng.standard_normal(int(seconds) + 2))
    large = size * (1 + swell * np.sin(2 * np.pi * time / 7))
    return large * np.sin(2 * np.pi * np.cumsum(hz * (1 + wander * course)) / 100)


def spin(hz: float) -> Any:
    """Rest for 15 s, then a drum that climbs to its speed within 12 s and keeps it to 0.03 %."""
    time = time_of(70)
    speed = hz * np.clip((time - 15) / 12, 0, 1) * (1 + 0.0003 * np.sin(2 * np.pi * time / 9))
    return 0.3 * (speed / hz) ** 2 * np.sin(2 * np.pi * np.cumsum(speed) / 100)


@pytest.mark.parametrize("hz", [9.2, 14.3, 17.6])
def test_a_tone_to_which_all_slower_speeds_lead_is_a_machine(hz: float) -> None:
    found = detect_motion(phone(spin(hz)))
    assert set(names(found)) == {"movement_artifact"}
    longest = max(found.events, key=lambda one: one.duration_s)
    assert longest.duration_s > 35
    assert longest.measures["freq_hz"] == pytest.approx(hz, abs=0.1)
    assert "tremor" in longest.alternatives
    assert "Q368" in said(found)
    (score,) = [one for one in found.scores if one.kind == "tremor"]
    assert score.values["tremor_share"] == 0


@pytest.mark.parametrize("hz", [6.0, 15.0])
def test_a_pure_tone_as_long_as_the_recording_is_unclear(hz: float) -> None:
    found = detect_motion(phone(tone(60, hz, 0.0003)))
    assert names(found) == ["tremor"]
    assert found.events[0].confidence <= 0.5
    assert "movement_artifact" in found.events[0].alternatives
    assert "Q369" in said(found)


def test_on_standing_the_most_regular_tremor_stays_a_tremor() -> None:
    found = detect_motion(phone(spin(15.2)), posture="standing")
    (told,) = [one for one in found.events if one.duration_s > 20]
    assert told.event == "tremor"
    assert "movement_artifact" in told.alternatives


@pytest.mark.parametrize(("hz", "wander"), [(5.0, 0.02), (9.0, 0.02), (15.0, 0.006)])
def test_a_tremor_that_wanders_as_limbs_do_is_sure_however_long_it_lasts(hz: float, wander: float) -> None:
    found = detect_motion(phone(tone(60, hz, wander, swell=0.2)))
    assert names(found) == ["tremor"]
    assert found.events[0].confidence > 0.8
    assert not said(found) & {"Q368", "Q369"}


def test_a_tone_that_begins_and_ends_at_once_stays_a_likely_tremor_with_the_machine_as_alternative() -> None:
    time = time_of(60)
    (found,) = detect_motion(phone(np.where((time > 20) & (time < 40), tone(60, 8.0, 0.0), 0.0))).events
    assert found.event == "tremor"
    assert 0.6 < found.confidence < 0.9
    assert "movement_artifact" in found.alternatives


def test_what_is_no_larger_than_a_machine_beside_it_is_unclear() -> None:
    time = time_of(70)
    x = (time - 6) / 0.16
    twitch = np.where(abs(x) < 0.5, 0.4 * np.cos(3 * np.pi * x) * np.cos(np.pi * x), 0)
    alone, beside = detect_motion(phone(twitch)), detect_motion(phone(twitch + spin(12.1)))
    assert names(alone) == ["short_potential"]
    assert [one.event for one in beside.events if one.onset_s < 7] == ["movement_artifact"]


def test_the_drum_that_rocks_a_leg_by_millimetres_is_no_movement_at_will() -> None:
    time = time_of(60)
    course = np.where(time < 20, 0.12 * np.sin(2 * np.pi * 0.9 * time) + 0.06 * np.sin(2 * np.pi * 2.3 * time), 0)
    found = detect_motion(phone(course, noise=0.004))
    assert not set(names(found)) & {"voluntary_activity", "leg_movement", "short_potential"}


# ---- a finger ----


@pytest.mark.parametrize("rate_hz", [52.0, 100.0, 200.0])
def test_taps_on_the_phone_are_left_out_and_counted(rate_hz: float) -> None:
    rng, fine = np.random.default_rng(14), time_of(60, 2000)
    course = np.zeros(fine.size)
    at = np.arange(4, 57, 4.1)
    for one in at:
        since = np.maximum(fine - one - rng.uniform(0, 0.02), 0)
        course += rng.uniform(3, 12) * np.sin(2 * np.pi * rng.uniform(50, 110) * since) * np.exp(-since / 0.007)
    width = round(1000 / rate_hz)  # a sensor gives means over half its interval
    seen = np.convolve(course, np.ones(width) / width, "same")
    found = detect_motion(phone(np.interp(time_of(60, rate_hz), fine, seen), rate_hz))
    assert sum(one != "movement_artifact" for one in names(found)) <= (2 if rate_hz < 80 else 0)
    assert not set(names(found)) & {"myoclonus", "leg_movement"}
    (told,) = [one for one in found.problems if one.code == "Q370"]
    assert int(told.message.split()[1]) >= len(at) - 5


def waves(size: float, length: float, rate_hz: float) -> Any:
    """A push and what swings back before and after it, every 4.1 s from 4 s on, 13 of them."""
    time = time_of(60, rate_hz)
    x = (time[:, None] - np.arange(4, 57, 4.1)) / length
    return np.where(abs(x) < 0.5, size * np.cos(3 * np.pi * x) * np.cos(np.pi * x), 0).sum(axis=1)


@pytest.mark.parametrize(("size", "length"), [(0.25, 0.09), (0.25, 0.12), (0.25, 0.2), (3.0, 0.2)])
def test_jerks_and_twitches_are_not_lost_as_knocks_at_50_samples_a_second(size: float, length: float) -> None:
    found = detect_motion(phone(waves(size, length, 50), 50)).events
    assert len(found) >= 11
    told = {one.event for one in found} | {name for one in found for name in one.alternatives}
    assert told & {"fasciculation", "myoclonus"}
    if length >= 0.15:
        assert "movement_artifact" not in {one.event for one in found}


# ---- neighbours ----


def test_a_rhythm_at_twice_the_pace_of_the_movement_beside_it_is_its_harmonic() -> None:
    time = time_of(60)
    first, then = (time > 14) & (time < 20), (time >= 20) & (time < 42)
    course = np.where(first, 4 * np.sin(2 * np.pi * 3.5 * time), 0)
    course += np.where(then, 3 * np.sin(2 * np.pi * 1.75 * time) + 2 * np.sin(2 * np.pi * 3.5 * time), 0)
    assert "tremor" not in names(detect_motion(phone(course)))


def test_a_short_swing_while_the_limb_turns_over_is_no_tremor() -> None:
    time = time_of(60)
    angle = np.radians(45) * np.clip((time - 30) / 3, 0, 1)
    across = np.cross(UP, WAY) / np.linalg.norm(np.cross(UP, WAY))
    turn = 9.81 * (np.sin(angle) * across[:, None] + (np.cos(angle) - 1) * UP[:, None])
    swing = np.where((time > 30) & (time < 33), 2 * np.sin(2 * np.pi * 3.5 * time), 0)
    assert "tremor" not in names(detect_motion(phone(turn + np.outer(WAY, swing))))


def test_a_fast_faint_twitch_shows_over_a_quiet_sensor() -> None:
    assert names(detect_motion(phone(waves(0.06, 0.09, 100), noise=0.004))).count("short_potential") >= 12


# ---- the measures ----


def test_steadiness_tells_a_motor_from_a_limb_and_needs_five_seconds() -> None:
    values = np.outer(WAY, tone(30, 13.0, 0.01)) + np.random.default_rng(15).normal(0, 0.02, (3, 3000))
    limb = steadiness(values, 100.0, 12.8)
    steady = np.outer(WAY, tone(30, 13.0, 0.0)) + np.random.default_rng(15).normal(0, 0.02, (3, 3000))
    motor = steadiness(steady, 100.0, 12.8)
    assert limb is not None
    assert motor is not None
    assert motor.frequency_hz == pytest.approx(13.0, abs=0.01)
    assert motor.amplitude == pytest.approx(0.3, rel=0.05)
    assert motor.frequency_spread < 0.001
    assert limb.frequency_spread > 0.004
    assert motor.amplitude_spread < 0.03
    assert steadiness(steady[:, :450], 100.0, 13.0) is None


def test_the_energy_of_a_box_lasts_as_long_as_the_box_and_a_loud_direction_hides_nothing() -> None:
    rng = np.random.default_rng(16)
    values = 0.01 * rng.standard_normal((3, 1000))
    values[0] += 0.5 * rng.standard_normal(1000)
    values[1, 500:510] += np.tile((1.0, -1.0), 5)
    assert energy_duration(values, 100.0, 498, 512, 15, 0.01) == pytest.approx(0.1, abs=0.015)


def test_a_long_run_after_a_stretch_that_falls_is_clonus_and_without_a_stretch_tremor() -> None:
    time = time_of(60)
    inside = (time > 20) & (time < 24.2)
    run = np.where(inside, 2 * (1 - 0.5 * (time - 20) / 4.2) * np.sin(2 * np.pi * 5.4 * time), 0)
    run += np.where(inside, 0.6 * np.sin(4 * np.pi * 5.4 * time + 1), 0)
    angle = np.radians(8) * (np.clip((time - 19.7) / 0.25, 0, 1) - np.clip((time - 24.6) / 0.25, 0, 1))
    across = np.cross(UP, WAY) / np.linalg.norm(np.cross(UP, WAY))
    held = 9.81 * (np.sin(angle) * across[:, None] + (np.cos(angle) - 1) * UP[:, None])
    assert "clonus" in names(detect_motion(phone(held + np.outer(WAY, run))))
    assert names(detect_motion(phone(run))) == ["tremor"]
