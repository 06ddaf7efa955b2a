"""Motion of a leg in a phone or wearable: what is found, what is told, and what is never taken for tremor."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from legtwitch.errors import RecordingError
from legtwitch.events.motion import detect_motion
from legtwitch.model import Channel, Event, Recording, Segment
from legtwitch.recording import read
from legtwitch.simulate import accelerometer

RATE = 100.0
UP = np.array([0.0, 0.6, 0.8])
WAY = np.array([0.8, 0.36, -0.48])


@dataclass(frozen=True)
class Held:
    values: Any

    def read(self, channel: int, segment: int) -> Any:
        return self.values[channel]


def phone(
    course: Any, *, noise: float = 0.03, unit: str | None = "m/s2", factor: float = 1.0, role: Any = "acceleration"
) -> Recording:
    """A recording of a course (m/s2) along one direction, with gravity and noise."""
    rng = np.random.default_rng(7)
    gravity = 9.81 if role == "acceleration" else 0.0
    values = np.outer(WAY, course) + gravity * UP[:, None] + rng.normal(0, noise, (3, len(course)))
    seconds = len(course) / RATE
    channels = tuple(Channel(one, role, 1.0, "made", unit, unit or "", RATE, None, len(course)) for one in "xyz")
    held = Held((factor * values).astype(np.float32))
    return Recording("x.csv", "CSV", None, seconds, channels, (Segment(0.0, seconds),), (), (), held)


def time_of(seconds: float) -> Any:
    return np.arange(round(seconds * RATE)) / RATE


def during(time: Any, first: float, last: float) -> Any:
    return (time >= first) & (time < last)


def named(recording: Recording, event: str, **told: Any) -> list[Any]:
    return [one for one in detect_motion(recording, **told).events if one.event == event]


def codes(recording: Recording, **told: Any) -> set[str]:
    return {one.code for one in detect_motion(recording, **told).problems}


@pytest.mark.parametrize("hz", [4.2, 5.5, 8.8, 11.3, 14.5, 17.3])
def test_a_tremor_is_found_with_its_frequency_and_its_ends(hz: float) -> None:
    time = time_of(60)
    (found,) = named(phone(0.5 * np.sin(2 * np.pi * hz * time) * during(time, 20, 40)), "tremor")
    assert found.measures["freq_hz"] == pytest.approx(hz, abs=0.1)
    assert found.onset_s == pytest.approx(20, abs=0.4)
    assert found.onset_s + found.duration_s == pytest.approx(40, abs=0.4)
    assert found.confidence > 0.8
    assert found.measures["stability_index_hz"] < 0.3


def test_its_unit_is_told_by_gravity_and_makes_no_difference() -> None:
    time = time_of(40)
    course = 0.5 * np.sin(2 * np.pi * 5 * time) * during(time, 10, 30)
    plain = detect_motion(phone(course))
    for unit, factor in ((None, 1.0), ("g", 1 / 9.80665), (None, 1 / 9.80665)):
        other = detect_motion(phone(course, unit=unit, factor=factor))
        assert [one.event for one in other.events] == [one.event for one in plain.events] == ["tremor"]
        assert other.events[0].measures["peak_mps2"] == pytest.approx(plain.events[0].measures["peak_mps2"], rel=0.01)
        assert ("Q340" in {one.code for one in other.problems}) is (unit is None)


def test_a_sensor_of_unknown_unit_is_refused_with_what_was_got() -> None:
    with pytest.raises(RecordingError) as refused:
        detect_motion(phone(np.zeros(3000), unit=None, factor=37.0))
    assert refused.value.code == "E306"
    assert "363" in refused.value.got


def test_a_gyroscope_alone_shows_a_tremor_too() -> None:
    time = time_of(40)
    course = 8 * np.sin(2 * np.pi * 5 * time) * during(time, 10, 30)
    (found,) = named(phone(course, noise=0.2, unit="deg/s", role="rotation"), "tremor")
    assert found.measures["freq_hz"] == pytest.approx(5, abs=0.1)
    assert "peak_dps" in found.measures


@pytest.mark.parametrize("hz", [1.7, 2.2, 2.9])
def test_harmonics_of_a_movement_are_the_movement(hz: float) -> None:
    time = time_of(60)
    phase = 2 * np.pi * hz * time
    course = np.sin(phase) + 1.2 * np.sin(2 * phase + 1) + 0.5 * np.sin(3 * phase)
    found = detect_motion(phone(course))
    assert [one.event for one in found.events] == ["voluntary_activity"]
    assert found.events[0].measures["freq_hz"] == pytest.approx(hz, abs=0.15)
    assert "Q362" in {one.code for one in found.problems}


def test_the_same_movement_asleep_is_a_train_of_leg_movements() -> None:
    time = time_of(60)
    recording = phone(np.sin(2 * np.pi * 1.5 * time) * during(time, 20, 40))
    epochs = tuple(Event(30.0 * n, 30.0, "stage_N2") for n in range(2))
    (one,) = detect_motion(replace(recording, events=epochs)).events
    assert one.event == "high_frequency_leg_movement"
    assert "voluntary_activity" in one.alternatives


def test_a_tremor_of_7_hz_with_a_strong_harmonic_is_no_orthostatic_tremor() -> None:
    time = time_of(60)
    phase = 2 * np.pi * np.cumsum(7 + 0.1 * np.sin(2 * np.pi * 0.2 * time)) / RATE
    course = (0.5 * np.sin(phase) + 0.7 * np.sin(2 * phase + 1)) * during(time, 10, 50)
    (found,) = named(phone(course), "tremor", posture="holding")
    assert found.measures["freq_hz"] == pytest.approx(7, abs=0.1)
    assert any("14.0 Hz" in one and "on standing" in one for one in found.reasons)


def test_a_faint_subharmonic_leaves_an_orthostatic_tremor_where_it_is() -> None:
    time = time_of(60)
    phase = 2 * np.pi * 15 * time
    (found,) = named(phone(0.5 * np.sin(phase) + 0.1 * np.sin(phase / 2)), "tremor", posture="standing")
    assert found.measures["freq_hz"] == pytest.approx(15, abs=0.1)
    assert found.measures["posture"] == "standing"
    assert any("13 to 18" in one for one in found.reasons)


def test_rest_gives_nothing_and_a_short_rest_says_so() -> None:
    still = detect_motion(phone(np.zeros(3000)))
    assert still.events == ()
    assert {one.kind for one in still.scores} >= {"tremor", "clonus", "leg_movement"}
    assert "Q347" in {one.code for one in still.problems}
    assert "Q347" not in codes(phone(np.zeros(9000)))


def test_loud_noise_and_knocks_are_no_tremor() -> None:
    time = time_of(60)
    assert named(phone(np.zeros(6000), noise=0.5), "tremor") == []
    knocks = sum(
        3 * np.where(time > at, np.exp(-np.maximum(time - at, 0) / 0.04) * np.sin(75 * (time - at)), 0)
        for at in np.random.default_rng(2).uniform(1, 59, 40)
    )
    assert named(phone(knocks), "tremor") == []


def test_a_run_that_dies_away_is_clonus_with_its_beats() -> None:
    time = time_of(60)
    since = time - 20
    fall = np.exp(-1.2 * np.maximum(since, 0)) * during(time, 20, 20 + 10 / 5.5)
    (found,) = named(phone(2 * fall * np.sin(2 * np.pi * 5.5 * since)), "clonus")
    assert abs(found.measures["beats"] - 10) <= 1
    assert found.measures["freq_hz"] == pytest.approx(5.5, abs=0.3)
    assert found.onset_s == pytest.approx(20, abs=0.2)


def test_a_lift_a_hold_and_the_return_are_one_movement_with_an_index_of_its_own() -> None:
    time = time_of(600)
    angle = np.zeros(time.size)
    for start in (60, 180, 300, 420, 540):
        angle += np.radians(12) * (np.clip((time - start) / 0.4, 0, 1) - np.clip((time - start - 3) / 0.4, 0, 1))
    recording = phone(np.zeros(time.size))
    noise = np.random.default_rng(5).normal(0, 0.03, (3, time.size))
    values = 9.81 * np.stack([np.zeros(time.size), np.sin(angle), np.cos(angle)]) + noise
    recording = replace(recording, source=Held(values.astype(np.float32)))
    found = detect_motion(recording)
    moves = [one for one in found.events if one.event == "leg_movement"]
    assert [round(one.onset_s) for one in moves] == [60, 180, 300, 420, 540]
    assert all(one.duration_s == pytest.approx(3.4, abs=0.3) for one in moves)
    assert all(one.measures["tilt_deg"] == pytest.approx(12, abs=1) for one in moves)
    (score,) = [one for one in found.scores if one.kind == "leg_movement"]
    assert score.values["accelerometer_leg_movement_index"] == pytest.approx(30, abs=0.2)
    assert "never compare it with 5 or 15" in score.norm
    assert "Q349" in {one.code for one in found.problems}


def test_an_index_needs_five_minutes() -> None:
    (score,) = [one for one in detect_motion(phone(np.zeros(6000))).scores if one.kind == "leg_movement"]
    assert score.values["accelerometer_leg_movement_index"] is None
    assert score.reasons["accelerometer_leg_movement_index"] == "Q347"


def test_a_brief_twitch_is_a_short_potential_with_alternatives_even_where_a_fasciculation_is_asked() -> None:
    time = time_of(120)
    course = sum(0.4 * np.exp(-(((time - at) / 0.05) ** 2)) * np.sin(40 * (time - at)) for at in (20, 50, 80, 110))
    found = detect_motion(phone(course, noise=0.01), kinds=["fasciculation"])
    assert [one.event for one in found.events] == ["short_potential"] * 4
    assert all("fasciculation" in one.alternatives for one in found.events)
    assert "Q363" in {one.code for one in found.problems}
    assert [one.kind for one in found.scores] == ["short_potential"]


def test_glitches_of_20_g_are_flagged_and_are_no_movement() -> None:
    course = np.zeros(9000)
    course[[2000, 5000, 7000]] = 200.0
    found = detect_motion(phone(course))
    assert found.events == ()
    (told,) = [one for one in found.problems if one.code == "Q343"]
    assert "3 glitches" in told.message


def test_a_slow_sensor_shows_only_part_of_the_band_or_nothing() -> None:
    slow = phone(np.zeros(3000))
    at = {
        rate: replace(slow, channels=tuple(replace(one, rate_hz=rate) for one in slow.channels))
        for rate in (25.0, 12.0)
    }
    assert "Q345" in codes(at[25.0])
    assert "Q346" in codes(at[12.0])
    (score,) = [one for one in detect_motion(at[12.0]).scores if one.kind == "tremor"]
    assert score.values["tremor_count"] is None


@pytest.mark.parametrize("recipe", ["rest_tremor", "orthostatic_tremor", "walking", "leg_agility", "rest"])
def test_simulated_phones(recipe: str) -> None:
    made = accelerometer(31, recipe=recipe)
    grid = np.arange(made.times_s[0], made.times_s[-1], 1 / RATE)
    values = np.stack([np.interp(grid, made.times_s, made.acceleration[:, axis]) for axis in range(3)])
    recording = replace(phone(np.zeros(grid.size)), source=Held(values.astype(np.float32)))
    true = [one for one in made.truth if one.event == "tremor"]
    found = named(recording, "tremor")
    assert len(found) == len(true)
    for was, told in zip(true, found, strict=True):
        assert told.measures["freq_hz"] == pytest.approx(was.attributes["freq_hz"], abs=0.3)


# ---- real recordings ----


def real(shared: Path, part: str) -> Recording:
    (path,) = (one for one in sorted((shared / "phone_leg").iterdir()) if part in one.name)
    return read(path)


def test_real_rest_is_trimmed_of_its_placement_and_shows_no_sure_tremor(shared: Path) -> None:
    recording = real(shared, "REST_TREMOR")
    found = detect_motion(recording, side="left", posture="at_rest")
    assert [one.event for one in found.events] == []
    (placement,) = [one for one in found.problems if one.code == "Q344"]
    assert placement.from_s == 0.0
    assert placement.to_s is not None
    assert 4.0 <= placement.to_s <= 8.0


def test_real_leg_agility_is_a_movement_of_2_hz_and_no_tremor(shared: Path) -> None:
    found = detect_motion(real(shared, "LEG_AGILITY"), side="left")
    assert {one.event for one in found.events} == {"voluntary_activity"}
    assert found.events[0].measures["freq_hz"] == pytest.approx(2.2, abs=0.15)


def test_the_real_shaking_phone_has_its_main_frequency_at_2_hz(shared: Path) -> None:
    found = detect_motion(real(shared, "mpower"))
    longest = max(found.events, key=lambda one: one.duration_s)
    assert longest.measures["freq_hz"] == pytest.approx(2.2, abs=0.15)
    assert [one for one in found.events if one.event == "tremor" and one.confidence >= 0.6] == []


# ---- what is small ----


def twitch(time: Any, at: float, size: float, width_s: float = 0.05) -> Any:
    """A push out and back: one wave of 4 Hz or so in a bell."""
    since = time - at
    return size * np.exp(-((since / width_s) ** 2)) * np.sin(2 * np.pi * since / (4 * width_s)) * 1.6


def test_a_twitch_four_times_as_large_as_the_noise_is_found_and_noise_is_not() -> None:
    time = time_of(240)
    at = np.arange(15, 235, 11.0)
    found = named(phone(sum(twitch(time, one, 0.12) for one in at), noise=0.03), "short_potential")
    hits = [one for one in at if any(abs(each.onset_s + each.duration_s / 2 - one) < 0.15 for each in found)]
    assert len(hits) >= 0.9 * len(at)
    assert len(found) - len(hits) <= 1
    assert detect_motion(phone(np.zeros(time.size), noise=0.03)).events == ()


def test_a_shaking_along_one_way_hides_no_twitch_along_another() -> None:
    time = time_of(240)
    shaking = np.random.default_rng(3).normal(0, 0.3, time.size)
    across = np.cross(WAY, UP) / np.linalg.norm(np.cross(WAY, UP))
    at = np.arange(15, 235, 11.0)
    values = np.outer(WAY, shaking) + np.outer(across, sum(twitch(time, one, 0.3) for one in at)) + 9.81 * UP[:, None]
    values += np.random.default_rng(4).normal(0, 0.02, values.shape)
    recording = replace(phone(np.zeros(time.size)), source=Held(values.astype(np.float32)))
    found = named(recording, "short_potential")
    assert sum(any(abs(each.onset_s - one) < 0.25 for each in found) for one in at) >= 0.9 * len(at)
    assert len(found) <= len(at) + 2


def test_what_comes_with_every_beat_of_the_heart_is_no_twitch() -> None:
    time = time_of(180)
    beats = np.arange(1, 179, 0.85) + np.random.default_rng(6).normal(0, 0.02, 210)
    pulse = sum(twitch(time, one, 0.15) for one in beats)
    assert detect_motion(phone(pulse, noise=0.01)).events == ()
    with_twitches = pulse + sum(twitch(time, one, 0.6) for one in (30.4, 90.4, 150.4))
    assert len(named(phone(with_twitches, noise=0.01), "short_potential")) == 3


def test_the_flicker_of_a_coarse_sensor_is_no_twitch() -> None:
    rng = np.random.default_rng(8)
    values = 9.81 * UP[:, None] + 0.03 * rng.standard_normal((3, 12_000))
    values = np.rint(values / 0.15) * 0.15
    recording = replace(phone(np.zeros(12_000)), source=Held(values.astype(np.float32)))
    assert len(detect_motion(recording).events) <= 1


@pytest.mark.parametrize(("rise_s", "event"), [(0.1, "myoclonus"), (0.5, "leg_movement")])
def test_a_jerk_is_told_from_a_movement_by_its_speed_and_length(rise_s: float, event: str) -> None:
    time = time_of(120)
    place = np.clip((time[:, None] - np.array([20.0, 50.0, 80.0, 110.0])) / rise_s, 0, 3)
    shape = np.where(place < 1, place, np.where(place < 2, 1.0, 3 - place))
    smooth = shape**3 * (10 - 15 * shape + 6 * shape**2)
    angle = np.radians(5) * smooth.sum(axis=1)
    push = -0.25 * np.gradient(np.gradient(angle, 1 / RATE), 1 / RATE)
    values = np.stack([np.zeros(time.size), 9.81 * np.cos(angle), 9.81 * np.sin(angle) + push])
    values += np.random.default_rng(9).normal(0, 0.03, values.shape)
    recording = replace(phone(np.zeros(time.size)), source=Held(values.astype(np.float32)))
    assert [one.event for one in detect_motion(recording).events] == [event] * 4


def test_a_movement_of_a_limb_that_trembles_is_found_beside_the_tremor() -> None:
    time = time_of(60)
    angle = np.radians(10) * (np.clip((time - 30) / 0.5, 0, 1) - np.clip((time - 32) / 0.5, 0, 1))
    tremor = np.sin(2 * np.pi * 5 * time) * during(time, 10, 50)
    values = np.stack([tremor, 9.81 * np.cos(angle), 9.81 * np.sin(angle)])
    values += np.random.default_rng(10).normal(0, 0.03, values.shape)
    recording = replace(phone(np.zeros(time.size)), source=Held(values.astype(np.float32)))
    (move,) = named(recording, "leg_movement")
    assert move.onset_s == pytest.approx(30, abs=0.4)
    assert move.duration_s == pytest.approx(2.5, abs=0.6)
    (tremor_found,) = named(recording, "tremor")
    assert tremor_found.measures["freq_hz"] == pytest.approx(5, abs=0.1)


def test_a_shaking_faster_than_tremor_is_no_tremor_at_the_edge_of_the_band() -> None:
    rng = np.random.default_rng(11)
    spectrum = np.fft.rfft(rng.standard_normal(12_000))
    hz = np.fft.rfftfreq(12_000, 1 / RATE)
    course = np.fft.irfft(spectrum * np.exp(-0.5 * ((hz - 24) / 3) ** 2), 12_000)
    assert named(phone(0.3 * course / course.std(), noise=0.02), "tremor") == []


@pytest.mark.parametrize(("hz", "beats", "fall"), [(5.3, 6, 1.6), (4.6, 9, 1.6), (7.1, 9, 1.0), (7.1, 12, 1.6)])
def test_clonus_keeps_the_number_and_the_frequency_of_its_beats(hz: float, beats: int, fall: float) -> None:
    time = time_of(40)
    since = time - 20
    size = 3 * np.exp(-fall * np.maximum(since, 0) * hz / beats) * during(time, 20, 20 + beats / hz)
    (found,) = named(phone(size * np.sin(2 * np.pi * hz * since), noise=0.05), "clonus")
    assert found.measures["beats"] == beats
    assert found.measures["freq_hz"] == pytest.approx(hz, abs=0.1)
