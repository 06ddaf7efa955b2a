"""A hum that comes and goes is no movement, and a movement under a hum is one."""

from __future__ import annotations

import numpy as np
import pytest

from legtwitch.events import detect_leg_movements
from legtwitch.signal import bandpass_kernel, filter_zero_phase, subtract_tones
from legtwitch.simulate import as_recording, night

RATE = 256


def muscle(seed: int, seconds: float, rms: float) -> np.ndarray:
    white = np.random.default_rng(seed).standard_normal(round(seconds * RATE) + 400).astype(np.float32)
    made = filter_zero_phase(white, bandpass_kernel(RATE, 10, 100, 0.4))[200:-200]
    return np.asarray(made / np.sqrt(np.mean(made**2)) * rms, dtype=np.float32)


def whole(values: np.ndarray) -> np.ndarray:
    return np.array([[0, values.size]])


def rms(values: np.ndarray) -> float:
    return float(np.sqrt(np.mean(np.square(values))))


@pytest.mark.parametrize("hz", [18.0, 33.3, 50.02, 60.0])
def test_a_tone_is_taken_off_and_the_noise_beside_it_stays(hz: float) -> None:
    at = np.arange(8 * RATE) / RATE
    wave = 40 * (np.sin(2 * np.pi * hz * at) + 0.3 * np.sin(4 * np.pi * hz * at)).astype(np.float32)
    noise = muscle(1, 8, 2)
    values = (wave + noise).astype(np.float32)
    where = subtract_tones(values, RATE, whole(values), 0.75)
    assert len(where) == 1
    middle = slice(RATE, 7 * RATE)
    assert rms(values[middle]) < 2.2
    assert rms(values[middle] - noise[middle]) < 1.2


@pytest.mark.parametrize("seconds", [2, 5, 30])
def test_muscle_is_left_as_it_is(seconds: int) -> None:
    for seed in range(40):
        values = muscle(seed, seconds, 30)
        before = values.copy()
        assert subtract_tones(values, RATE, whole(values), 0.75) == []
        assert np.array_equal(values, before)


@pytest.mark.parametrize("every_s", [0.55, 0.9, 1.3])
def test_heart_beats_are_no_tone(every_s: float) -> None:
    at = np.arange(60 * RATE) / RATE
    after = (at + every_s / 2) % every_s - every_s / 2
    beats = 40 * (np.exp(-((after / 0.012) ** 2)) - 0.4 * np.exp(-(((after - 0.028) / 0.012) ** 2)))
    values = filter_zero_phase(beats.astype(np.float32), bandpass_kernel(RATE, 10, 100, 0.4)) + muscle(3, 60, 1)
    before = values.copy()
    assert subtract_tones(values, RATE, whole(values), 0.75) == []
    assert np.array_equal(values, before)


def test_a_tone_is_taken_off_as_far_as_it_goes_and_nothing_else_is_touched() -> None:
    values = muscle(4, 1200, 1)
    tone = slice(601 * RATE, 640 * RATE)
    values[tone] += (4 * np.sin(2 * np.pi * 50 * np.arange(39 * RATE) / RATE)).astype(np.float32)
    before = values.copy()
    where = subtract_tones(values, RATE, np.array([[620 * RATE, 622 * RATE]]), 0.75)
    assert len(where) == 1
    assert 600 * RATE <= where[0][0] < 602 * RATE
    assert 639 * RATE < where[0][1] <= 641 * RATE
    assert rms(values[603 * RATE : 638 * RATE]) < 1.1
    assert np.array_equal(values[: 600 * RATE], before[: 600 * RATE])
    assert np.array_equal(values[641 * RATE :], before[641 * RATE :])


def test_a_faint_tone_that_lasts_is_found_without_being_asked_for() -> None:
    values = muscle(5, 3600, 1) + (3 * np.sin(2 * np.pi * 41.3 * np.arange(3600 * RATE) / RATE)).astype(np.float32)
    assert subtract_tones(values, RATE, np.empty((0, 2), dtype=np.int64), 0.75) == [(0, values.size)]
    assert rms(values) < 1.1


def test_what_a_swinging_cable_leaves_in_the_band_is_no_tone() -> None:
    values = (30 * np.sin(2 * np.pi * 12 * np.arange(20 * RATE) / RATE)).astype(np.float32)
    assert subtract_tones(values, RATE, whole(values), 0.75) == []


@pytest.mark.parametrize("option", ["hum_bursts", "vibration"])
def test_tones_of_a_night_are_no_movements_and_are_said(option: str) -> None:
    made = night(81, hours=2, rate_hz=RATE, with_=[option])
    clean = detect_leg_movements(as_recording(night(81, hours=2, rate_hz=RATE)))
    found = detect_leg_movements(as_recording(made))
    bouts = [one for one in made.others if one.event == "movement_artifact"]
    assert len(bouts) >= 8
    assert sum(one.code == "Q328" for one in found.problems) >= 1
    assert abs(len(found.events) - len(clean.events)) <= 1


@pytest.mark.parametrize("hum_uv", [9, 35])
def test_a_movement_under_a_hum_is_found_where_it_is(hum_uv: float) -> None:
    made = night(82, hours=0.5, rate_hz=RATE)
    recording = as_recording(made)
    clean = [one for one in detect_leg_movements(recording).events if one.side == "left"]
    loud = [one for one in clean if one.attributes["rms_uv"] > 25]  # type: ignore[operator]
    assert len(loud) >= 4
    source = recording.source
    assert source is not None
    left = source.read(0, 0)
    for one in loud:
        first, last = int((one.onset_s - 3) * RATE), int((one.onset_s + one.duration_s + 3) * RATE)
        left[first:last] += (hum_uv * np.sin(2 * np.pi * 50.02 * np.arange(last - first) / RATE)).astype(np.float32)
    under = [one for one in detect_leg_movements(recording).events if one.side == "left"]
    for one in loud:
        near = [each for each in under if abs(each.onset_s - one.onset_s) < 0.06]
        assert len(near) == 1
        assert abs(near[0].onset_s + near[0].duration_s - one.onset_s - one.duration_s) < 0.1
