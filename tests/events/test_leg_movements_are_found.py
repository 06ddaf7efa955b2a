"""Event by event against known truth: each kind of night alone, at every usual rate."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from leg_generator import Leg, add_heart, flat_top, night, recording_of, score

from legtwitch.events import detect_leg_movements
from legtwitch.model import Event, Problem

RATES = (128, 200, 256, 500, 512)


def found_in(leg: Leg) -> list[Event]:
    recording = recording_of({"left": [leg.signal()]}, leg.rate_hz, roles={"left": "leg_left"})
    return list(detect_leg_movements(recording).events)


@pytest.mark.parametrize("rate", RATES)
@pytest.mark.parametrize("rest", [0.3, 1.0, 3.0])
def test_smooth_bursts_at_any_rest_with_exact_onsets(rate: int, rest: float) -> None:
    leg = night(rate, 5, rest_uv=rest, minutes=20)
    f1, errors, missed = score(found_in(leg), leg.truth())
    assert f1 >= 0.98, missed
    assert np.median(np.abs(errors)) <= 0.02
    assert np.quantile(np.abs(errors), 0.95) <= 0.1
    assert abs(np.mean(errors)) <= 0.015


@pytest.mark.parametrize("rate", RATES)
def test_ragged_bursts_are_one_movement_each(rate: int) -> None:
    leg = night(rate, 21, kind="ragged")
    f1, _, missed = score(found_in(leg), leg.truth())
    assert f1 >= 0.95, missed


@pytest.mark.parametrize("amplitude", [12.0, 25.0, 60.0, 200.0])
@pytest.mark.parametrize("rise_s", [0.002, 0.06, 0.25])
def test_no_bias_of_onset_by_amplitude_or_rise(amplitude: float, rise_s: float) -> None:
    leg = Leg(256, 700, 1.0, 9)
    for start in np.arange(6, 690, 8.0):
        leg.burst(start, flat_top(256, amplitude, 2.5, rise_s, 0.2))
    f1, errors, _ = score(found_in(leg), leg.truth())
    assert f1 == 1
    assert abs(np.mean(errors)) <= 0.02


def _heart(peak: float, bpm: float) -> Callable[[int], Leg]:
    def make(rate: int) -> Leg:
        leg = night(rate, 11)
        add_heart(leg, peak, bpm, 4)
        return leg

    return make


def _tone(rate: int) -> Leg:
    leg = night(rate, 11)
    time = np.arange(leg.samples) / rate
    leg.rest_uv = np.select([(time > 400) & (time < 800), (time > 1000) & (time < 1300)], [7.0, 11.0], 1.0)
    return leg


def _ramps(rate: int) -> Leg:
    leg = night(rate, 12)
    time = np.arange(leg.samples) / rate
    leg.rest_uv = 1 + 5 * np.clip(time / 600 - 1, 0, 1) + 5 * np.clip((time - 1500) / 15, 0, 1)
    return leg


def _breathing(rate: int) -> Leg:
    leg = night(rate, 12)
    leg.rest_uv = 3 * (1 + 0.5 * np.sin(2 * np.pi * np.arange(leg.samples) / rate / 4))
    return leg


def _pops(rate: int) -> Leg:
    leg = night(rate, 13)
    rng = np.random.default_rng(0)
    time = np.arange(leg.samples) / rate
    for _ in range(60):
        first = int(rng.uniform(5, 1790) * rate)
        height, decay = rng.choice([-1, 1]) * rng.uniform(200, 1000), rng.uniform(0.02, 0.12)
        leg.extra[first:] += height * np.exp(-(time[first:] - time[first]) / decay)
    return leg


def _mains(line_hz: float, amplitude: float) -> Callable[[int], Leg]:
    def make(rate: int) -> Leg:
        leg = night(rate, 14)
        phase = 2 * np.pi * line_hz * np.arange(leg.samples) / rate
        leg.extra += amplitude * np.sin(phase)
        if line_hz * 2 < rate / 2:
            leg.extra += amplitude / 3 * np.sin(2 * phase + 1)
        return leg

    return make


def _long(rate: int) -> Leg:
    leg = night(rate, 15)
    rng = np.random.default_rng(0)
    for number in range(40):
        leg.burst(10 + number * 44.0, flat_top(rate, rng.uniform(15, 80), 12 + number % 7, 0.1, 0.2))
    return leg


NIGHTS: dict[str, Callable[[int], Leg]] = {
    "heart 10 uV, 60 a minute": _heart(10, 60),
    "heart 50 uV, 45 a minute": _heart(50, 45),
    "heart 50 uV, 110 a minute": _heart(50, 110),
    "tone steps": _tone,
    "tone ramps": _ramps,
    "breathing tone": _breathing,
    "rest 5 uV": lambda rate: night(rate, 12, rest_uv=5.0),
    "electrode pops": _pops,
    "mains 50 Hz": _mains(50.02, 5),
    "mains 60 Hz": _mains(60.0, 10),
    "activations of 12 to 18 s": _long,
}


@pytest.mark.parametrize(
    "rate", [200, pytest.param(128, marks=pytest.mark.slow), pytest.param(512, marks=pytest.mark.slow)]
)
@pytest.mark.parametrize("kind", NIGHTS)
def test_each_confounder_alone(kind: str, rate: int) -> None:
    leg = NIGHTS[kind](rate)
    f1, errors, missed = score(found_in(leg), leg.truth())
    assert f1 >= 0.95, missed
    assert np.median(np.abs(errors)) <= 0.02


@pytest.mark.parametrize("bpm", [45, 75, 110])
def test_heart_alone_is_no_movement(bpm: int) -> None:
    leg = Leg(200, 900, 0.5, 6)
    add_heart(leg, 50, bpm, 2)
    assert not found_in(leg)


def test_an_ecg_channel_shows_the_beats_that_a_busy_leg_hides() -> None:
    """Movements at every ten seconds hide a third of the beats; at beats known from the ECG they are subtracted."""
    leg, ecg = night(256, 11, minutes=15, period_s=10.0), Leg(256, 900, 5.0, 8)
    add_heart(leg, 40, 70, 4)
    add_heart(ecg, 1000, 70, 4)
    signals = {"left": [leg.signal()], "ECG": [ecg.signal()]}
    both = detect_leg_movements(recording_of(signals, 256, roles={"left": "leg_left", "ECG": "ecg"}))
    alone = detect_leg_movements(recording_of({"left": signals["left"]}, 256, roles={"left": "leg_left"}))

    def beats(problems: tuple[Problem, ...]) -> int:
        return next(int(one.message.split("(")[1].split()[0]) for one in problems if one.code == "Q315")

    assert beats(both.problems) == pytest.approx(15 * 70, rel=0.03)
    assert beats(both.problems) > beats(alone.problems)
    assert score(list(both.events), leg.truth())[0] >= 0.95
