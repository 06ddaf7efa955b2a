"""No fasciculations: taps and weak efforts of several units, jerks, jumps of an electrode, pulses of a device."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from emg_made import SHAPES, Made, biphasic

from legtwitch.events.emg_bursts import _beyond_chance
from legtwitch.events.emg_edges import edges, varied
from legtwitch.events.emg_modality import Modality, groups_of
from legtwitch.events.emg_parameters import EmgParameters
from legtwitch.events.emg_stimuli import pulses
from legtwitch.events.emg_surface import detect_surface
from legtwitch.model import Detected

P = EmgParameters()
SURFACE = Modality("surface_emg", "made", True)


def found(made: Made, **more: list[tuple[float, float]]) -> tuple[Counter[str], tuple[Detected, ...]]:
    recording = made.recording()
    groups, _ = groups_of(recording, SURFACE, None, None, P)
    (one,) = detect_surface(recording, groups, **more).groups
    return Counter(event.event for event in one.events), one.events


def shape_of(number: int) -> object:
    """A unit's waveform: each stretched and turned in its own way."""
    own, length = SHAPES[number % 3], 0.8 + 0.1 * number
    return lambda time: (-1) ** (number // 3) * own(time / length)


def taps(pace_s: float, seed: int = 3, length_s: float = 0.2) -> Made:
    """Bursts of a few discharges of nine units each, from 10 to 80 s."""
    made = Made(seconds=120.0, seed=seed)
    for start in np.arange(10.0, 80.0, pace_s):
        for number in range(9):
            first = start + made.rng.uniform(0, length_s * 1.2)
            times = first + np.cumsum(np.append(0.0, made.rng.normal(0.07, 0.01, 3)))
            made.add(shape_of(number), times[times < start + length_s], made.rng.uniform(40, 50) + 15 * number)
    return made


@pytest.mark.parametrize("pace_s", [0.4, 1.0, 2.5])
def test_weak_taps_are_effort_and_no_fasciculations(pace_s: float) -> None:
    count, events = found(taps(pace_s))
    assert count["fasciculation"] <= 2
    assert sum(one.duration_s for one in events if one.event == "voluntary_activity") > 30


def test_units_that_fire_often_but_each_for_itself_stay_fasciculations() -> None:
    made = Made(seconds=120.0, seed=5)
    true = sum(made.add(shape_of(number), made.poisson(25), 60 + 25 * number).size for number in range(5))
    count, _ = found(made)
    assert count["fasciculation"] >= 0.93 * true
    assert count["voluntary_activity"] == 0


def test_side_by_side_by_chance_is_what_the_rate_says() -> None:
    rng = np.random.default_rng(2)
    start = np.cumsum(rng.exponential(0.5, 200) + 0.05)
    bounds = np.stack((start, start + 0.02), axis=1)
    lone = rng.random(200) < 0.1
    several = np.where(lone, 2, 1)
    assert not _beyond_chance(bounds, lone, several, P).any()  # at two a second one in ten lies beside another
    often = rng.random(200) < 0.7
    assert _beyond_chance(bounds, often, np.where(often, 2, 1), P).sum() > 0.8 * often.sum()


def test_a_weak_effort_that_shows_other_shapes_each_time_is_effort() -> None:
    made = Made(seconds=150.0, channels=4, seed=8)
    true = made.add(biphasic, made.poisson(8), 90, gain=(1.0, 0.5, 0.3, 0.1))
    strange = [30.0 + step for step in np.cumsum(made.rng.uniform(0.2, 0.5, 14))]
    for number, moment in enumerate(strange):
        wide, gain = made.rng.uniform(0.6, 1.8), made.rng.uniform(-1, 1, 4)
        own = SHAPES[number % 3]
        made.add(lambda time, own=own, wide=wide: own(time / wide), [moment], 60, gain=gain / np.abs(gain).max())
    _, events = found(made)
    told = [one.onset_s for one in events if one.event == "fasciculation"]
    during = [one for one in told if strange[0] - 0.1 < one < strange[-1] + 0.1]
    assert len(during) <= 1
    assert any(one.event == "voluntary_activity" and one.duration_s > 2 for one in events)
    outside = [one for one in true if not strange[0] - 1.5 < one < strange[-1] + 1.5]
    assert len(told) - len(during) >= 0.95 * len(outside)


def pops(made: Made, tau_s: float, at: np.ndarray) -> None:
    """Jumps of one electrode, of all sizes and both signs, seen through an amplifier of 10 to 500 Hz."""
    time = np.arange(round(0.4 * made.rate)) / made.rate
    edge = 1 - np.exp(-time / 0.0004)
    step = edge * np.exp(-time / tau_s)
    slow = np.zeros(time.size)  # a first-order high-pass of 10 Hz
    for number in range(1, time.size):
        slow[number] = slow[number - 1] + (step[number] - slow[number - 1]) * 2 * np.pi * 10 / made.rate
    for moment in at:
        first = round(moment * made.rate)
        size = made.rng.uniform(60, 250) * made.rng.choice([-1, 1])
        made.values[0, first : first + time.size] += size * (step - slow)


@pytest.mark.parametrize("channels", [1, 4])
@pytest.mark.parametrize("tau_s", [0.02, 0.1, 10.0])
def test_jumps_of_an_electrode_are_pops_and_nothing_else(channels: int, tau_s: float) -> None:
    made = Made(seconds=120.0, channels=channels, seed=4)
    at = np.arange(6.0, 114.0, 9.0) + made.rng.uniform(0, 3, 12)
    pops(made, tau_s, at)
    count, events = found(made)
    assert count["fasciculation"] == 0
    told = [one.onset_s for one in events if one.event == "electrode_pop"]
    assert sum(any(abs(one - moment) < 0.03 for one in told) for moment in at) >= 11


def test_jumps_beside_a_unit_leave_it_alone() -> None:
    made = Made(seconds=120.0, seed=6)
    true = made.add(biphasic, made.poisson(15, 0.3), 90)
    pops(made, 0.05, np.arange(5.0, 115.0, 10.0))
    count, _ = found(made)
    assert abs(count["fasciculation"] - true.size) <= 0.05 * true.size + 1


def test_a_potential_swings_back_as_fast_as_it_came() -> None:
    made = Made(seconds=20.0, noise=2.0, seed=9)
    at = np.arange(2.0, 18.0, 1.0)
    for number in range(3):
        made.add(shape_of(number), at[number::3], 150)
    surely, _ = edges(made.values[0].astype(np.float32), made.rate, at, P)
    assert not surely.any()


def test_a_unit_has_one_size() -> None:
    assert varied(np.array([60, 90, 150, 240], dtype=np.float32))
    assert not varied(np.array([95, 100, 105, 92, 110], dtype=np.float32))


def paced(interval_s: float) -> tuple[Made, int, int]:
    """Pulses of two samples from 20 to 100 s, how many, and how many potentials of one unit before them."""
    made = Made(seconds=120.0, seed=7)
    first = np.round(np.arange(20.0, 100.0, interval_s) * made.rate).astype(int)
    made.values[:, first] += 1500.0
    made.values[:, first + 1] -= 1200.0
    true = made.add(biphasic, np.arange(2.0, 18.0, 1.7) + made.rng.uniform(0, 0.5, 10), 90)
    return made, first.size, true.size


@pytest.mark.parametrize("interval_s", [0.25, 2.0])
def test_pulses_of_a_device_are_told_and_not_counted(interval_s: float) -> None:
    made, device, unit = paced(interval_s)
    count, _ = found(made)
    assert count["nerve_stimulus"] >= 0.95 * device
    assert abs(count["fasciculation"] - unit) <= 1


def test_pulses_as_fast_as_effort_are_not_counted() -> None:
    made, _, unit = paced(0.1)
    count, _ = found(made)
    assert abs(count["fasciculation"] - unit) <= 2


def test_a_motor_unit_is_never_as_even_as_a_device() -> None:
    rng = np.random.default_rng(1)
    unit = np.cumsum(rng.normal(0.12, 0.006, 400))  # a twentieth: the most even effort there is
    assert not pulses(unit, np.ones(400, dtype=np.int64), P).any()
    device = np.delete(np.arange(400) * 0.12, (7, 90, 91))
    assert (pulses(device, np.ones(397, dtype=np.int64), P) > 0).all()


def test_what_lies_in_a_jerk_of_several_muscles_is_not_counted() -> None:
    made = Made(seconds=60.0, seed=2)
    true = made.add(biphasic, np.arange(5.0, 55.0, 2.0) + made.rng.uniform(0, 0.5, 25), 120)
    count, _ = found(made, jerks=[(float(one) - 0.03, float(one) + 0.03) for one in true[::5]])
    assert count["fasciculation"] == true.size - true[::5].size
