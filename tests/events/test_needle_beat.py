"""Needle EMG: fibres keep a beat where it seems that they do not, and what comes at random keeps none."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from leg_generator import Arrays
from numpy.typing import NDArray

import legtwitch as lt
from legtwitch.events.needle_rhythm import beat_of
from legtwitch.events.needle_units import Pattern, Waveform, class_of, pattern_of
from legtwitch.model import Channel, Recording, Segment

RATE = 10_000.0
Floats = NDArray[np.float64]
SPIKE = Waveform(120.0, 2.5, 0.6, 3, 3, 60.0, False, False)
SHORT = Waveform(120.0, 4.4, 1.0, 3, 3, 80.0, False, False)
SLOPING = Waveform(53.0, 8.8, 1.1, 3, 3, 47.0, False, False)  # a fibre whose slopes end in noise


def recorded(values: Floats) -> Recording:
    seconds = values.size / RATE
    channel = Channel("EMG needle", "emg_other", 0.9, "", "uV", "mV", RATE, 0.1, values.size)
    source = Arrays([[values.astype(np.float32)]])
    return Recording("made", "simulated", None, seconds, (channel,), (Segment(0.0, seconds),), (), (), source)


def even(rate_hz: float, cov: float, seconds: float, seed: int) -> Floats:
    steps = 1 + cov * np.random.default_rng(seed).standard_normal(round(seconds * rate_hz))
    return 0.3 + np.cumsum(steps / rate_hz)


def at_random(rate_hz: float, seconds: float, seed: int) -> Floats:
    return 0.3 + np.cumsum(0.004 + np.random.default_rng(seed).exponential(1 / rate_hz, round(seconds * rate_hz)))


def told(shape: Waveform, time_s: Floats) -> str:
    return class_of(shape, replace(pattern_of(time_s), beat=beat_of(time_s)))[0]


def two_fibres(seed: int = 1) -> Floats:
    return np.sort(np.concatenate([even(3.7, 0.06, 40, seed), even(5.1, 0.06, 40, seed + 50)]))


@pytest.mark.parametrize("seed", range(1, 6))
def test_two_fibres_of_one_shape_keep_a_beat_and_spikes_at_random_keep_none(seed: int) -> None:
    assert (beat_of(even(4.0, 0.06, 40, seed)) or 0) > 0.6
    assert (beat_of(two_fibres(seed)) or 0) > 0.4
    for rate in (3.0, 8.0, 25.0):
        assert (beat_of(at_random(rate, 40, seed)) or 0) < 0.33
    assert beat_of(np.arange(9.0)) is None


@pytest.mark.parametrize("shape", [SPIKE, SHORT])
def test_two_fibres_of_one_shape_are_fibrillation_and_no_end_plate(shape: Waveform) -> None:
    assert pattern_of(two_fibres()).variation > 0.5
    assert told(shape, two_fibres()) == "fibrillation"
    assert told(SPIKE, at_random(12.0, 40, 3)) == "end_plate_spikes"


def test_short_spikes_of_several_units_by_effort_are_no_fibrillation() -> None:
    parts = [even(rate, 0.16, 40, seed) for seed, rate in enumerate((7.0, 8.3, 9.6, 11.0))]
    assert told(replace(SHORT, spike_ms=1.6), np.sort(np.concatenate(parts))) != "fibrillation"


def test_spikes_that_are_even_by_chance_are_no_fibrillation() -> None:
    fired = Pattern(20, 1.19, 0.34, 0, 0.0, 1.0, 0.0)
    assert class_of(SPIKE, replace(fired, beat=0.15))[0] == "short_potential"
    assert class_of(SPIKE, replace(fired, beat=0.7))[0] == "fibrillation"


def test_a_slow_even_spike_is_a_fibre_however_its_slopes_end() -> None:
    slow = Pattern(38, 1.07, 0.044, 0, 0.0, 1.0, 0.0)
    assert class_of(SLOPING, slow)[0] == "fibrillation"
    assert class_of(SLOPING, replace(slow, variation=0.8))[0] == "fasciculation"
    assert class_of(SLOPING, replace(slow, rate_hz=8.0, variation=0.13))[0] == "motor_unit_discharge"
    assert class_of(replace(SLOPING, spike_ms=3.0, duration_ms=12.0), slow)[0] == "fasciculation"


def test_a_few_fast_trains_that_recur_evenly_by_chance_are_no_groups() -> None:
    few = Pattern(60, 58.0, 0.06, 5, 0.1, 0.3, 58.0, 0.2, 12.0)
    unit = Waveform(700.0, 6.5, 1.6, 3, 3, 500.0, False, False)
    assert class_of(unit, few)[0] != "myokymic_discharge"
    assert class_of(unit, replace(few, bursts=20))[0] == "myokymic_discharge"


@pytest.mark.parametrize("seed", [1, 2])
def test_noise_of_an_end_plate_is_no_effort(seed: int) -> None:
    rng = np.random.default_rng(seed)
    values = 6 * rng.standard_normal(round(50 * RATE))
    time = np.arange(40) / RATE
    small = (1 - np.exp(-time / 0.0002)) * np.exp(-time / 0.0006)
    drive = np.zeros(values.size)
    np.add.at(drive, rng.integers(round(5 * RATE), round(45 * RATE), 16_000), rng.exponential(30.0, 16_000))
    values -= np.convolve(drive, small)[: values.size]
    found = lt.detect(recorded(values), modality="needle_emg")
    kinds = {one.event for one in found.events}
    assert not kinds & {"voluntary_activity", "motor_unit_discharge", "fasciculation"}
    assert sum(one.duration_s for one in found.events if one.event == "end_plate_spikes") > 30


WAVE = Waveform(42.0, 12.0, 1.7, 2, 2, 60.0, True, True)  # a sharp phase, then a long slow one


@pytest.mark.parametrize("seed", range(1, 6))
def test_sharp_waves_of_two_fibres_at_once_are_sharp_waves_and_no_motor_unit(seed: int) -> None:
    assert told(WAVE, two_fibres(seed)) == "positive_sharp_wave"
    assert told(WAVE, at_random(8.0, 40, seed)) != "positive_sharp_wave"
