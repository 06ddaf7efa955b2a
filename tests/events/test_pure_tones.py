"""A hum that comes and goes is no movement, and a movement under a hum is one."""

from __future__ import annotations

import numpy as np
import pytest

from legtwitch.events import detect_leg_movements
from legtwitch.signal import bandpass_kernel, filter_zero_phase, may_be_tone, tone
from legtwitch.simulate import as_recording, night

RATE = 256


def muscle(seed: int, seconds: float, rms: float) -> np.ndarray:
    white = np.random.default_rng(seed).standard_normal(round(seconds * RATE) + 400).astype(np.float32)
    made = filter_zero_phase(white, bandpass_kernel(RATE, 10, 100, 0.4))[200:-200]
    return np.asarray(made / np.sqrt(np.mean(made**2)) * rms)


def looked_at(values: np.ndarray) -> bool:
    return may_be_tone(float(np.abs(values).max()), float(np.sqrt(np.mean(values**2))))


@pytest.mark.parametrize("hz", [18.0, 33.3, 50.02, 60.0])
@pytest.mark.parametrize("seconds", [0.6, 1.1, 7.3])
def test_a_tone_is_one_and_its_rest_is_small(hz: float, seconds: float) -> None:
    at = np.arange(round(seconds * RATE)) / RATE
    wave = (40 * (np.sin(2 * np.pi * hz * at) + 0.3 * np.sin(4 * np.pi * hz * at))).astype(np.float32)
    found = tone(wave, RATE)
    assert looked_at(wave)
    assert found[0] > 0.99
    assert found[1] < 3


@pytest.mark.parametrize("seconds", [0.5, 0.7, 1.3, 6.0])
def test_muscle_is_no_tone(seconds: float) -> None:
    found = [tone(muscle(seed, seconds, 30), RATE) for seed in range(200)]
    assert max(one[0] for one in found) < 0.75


def test_muscle_under_a_tone_leaves_its_own_size() -> None:
    at = np.arange(3 * RATE) / RATE
    found = tone(100 * np.sin(2 * np.pi * 50 * at) + muscle(3, 3, 20), RATE)
    assert found[1] == pytest.approx(20, rel=0.3)


@pytest.mark.parametrize("option", ["hum_bursts", "vibration"])
def test_tones_of_a_night_are_left_out_and_said(option: str) -> None:
    made = night(81, hours=2, rate_hz=RATE, with_=[option])
    clean = detect_leg_movements(as_recording(night(81, hours=2, rate_hz=RATE)))
    found = detect_leg_movements(as_recording(made))
    bouts = [one for one in made.others if one.event == "movement_artifact"]
    assert len(bouts) >= 8
    assert sum(one.code == "Q328" for one in found.problems) >= 1
    assert abs(len(found.events) - len(clean.events)) <= 1
