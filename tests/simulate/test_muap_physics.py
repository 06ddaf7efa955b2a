"""Potentials of motor units behave as a source in a conductor does, and as section 4.2 of the notes measured them."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from legtwitch.simulate.discharge_times import alone
from legtwitch.simulate.motor_units import Array, MotorUnit, Muscle, band_limited, lay, make_unit
from legtwitch.simulate.muap import (
    Electrode,
    Fibres,
    Floats,
    bipolar,
    concentric_needle,
    potentials,
    voltage_slope,
)

RATE = 20_000.0
PUBLISHED = {  # depth in mm: peak to peak in uV of 150, 400 and 800 fibres
    8: (276, 742, 1495),
    12: (63, 181, 345),
    16: (30, 82, 157),
    20: (19, 50, 102),
    25: (11, 28, 55),
}


def unit_fibres(
    number: int, depth_mm: float, *, radius_mm: float = 5.0, seed: int = 1, half_mm: float = 50.0
) -> Fibres:
    rng = np.random.default_rng(seed)
    away, angle = radius_mm * np.sqrt(rng.random(number)), rng.uniform(0, 2 * np.pi, number)
    return Fibres(
        x=away * np.cos(angle),
        y=np.maximum(depth_mm + away * np.sin(angle), 1.5),
        end_plate=rng.normal(0, 2, number),
        ahead=half_mm + rng.normal(0, 2, number),
        behind=half_mm + rng.normal(0, 2, number),
        velocity=rng.normal(4.0, 0.2, number),
        diameter=np.clip(rng.normal(0.055, 0.01, number), 0.02, None),
        group=np.zeros(number, dtype=np.int64),
    )


def one_fibre(depth_mm: float = 10.0, *, end_plate: float = 0.0, ahead: float = 50.0, velocity: float = 4.0) -> Fibres:
    return Fibres(
        *(np.array([value]) for value in (0.0, depth_mm, end_plate, ahead, 50.0, velocity, 0.055)),
        group=np.zeros(1, dtype=np.int64),
    )


def surface(fibres: Fibres, *, distance: float = 20.0, along: float = 25.0) -> Floats:
    return potentials(fibres, (bipolar(0, along, distance),), RATE, 0.04)[0, 0]


def duration_ms(wave: Floats) -> float:
    above = np.flatnonzero(np.abs(wave) > 0.05 * np.abs(wave).max())
    return float(1000 * (above[-1] - above[0]) / RATE)


@pytest.mark.parametrize("depth", sorted(PUBLISHED))
def test_heights_on_the_skin_are_those_of_the_table(depth: int) -> None:
    for number, expected in zip((150, 400, 800), PUBLISHED[depth], strict=True):
        heights = [np.ptp(surface(unit_fibres(number, depth, seed=seed))) for seed in range(4)]
        assert expected / 1.6 < np.mean(heights) < expected * 1.6


def test_the_height_falls_with_depth_and_rises_with_the_number_of_fibres() -> None:
    by_depth = [np.ptp(surface(unit_fibres(400, depth))) for depth in sorted(PUBLISHED)]
    assert all(one > 1.5 * other for one, other in pairwise(by_depth))
    few, many = (np.mean([np.ptp(surface(unit_fibres(n, 12, seed=s))) for s in range(3)]) for n in (150, 800))
    assert 4 < many / few < 7


@pytest.mark.parametrize("depth", [8, 12, 20])
def test_a_potential_on_the_skin_lasts_10_to_20_ms(depth: int) -> None:
    assert 10 <= duration_ms(surface(unit_fibres(400, depth))) <= 20


def test_a_needle_sees_what_is_published_and_less_from_afar() -> None:
    heights = []
    for away in (0.0, 3.0, 5.0, 6.0):
        needle = concentric_needle(away, 15.0, 22.0)
        waves = []
        for seed in range(5):
            fibres = unit_fibres(120, 15.0, radius_mm=4.0, seed=seed)
            waves.append(potentials(fibres, (needle,), 40_000, 0.04, step_mm=0.1, half_space=False)[0, 0])
        heights.append(np.mean([np.ptp(wave) for wave in waves]))
    assert 123 <= heights[0] <= 3599
    assert heights[0] > heights[2] > heights[3]
    assert heights[0] > 4 * heights[3]


def test_the_wave_of_one_fibre_moves_with_its_velocity() -> None:
    for velocity in (3.6, 4.0, 4.4):
        electrodes = (bipolar(0, 15, 5), bipolar(0, 35, 5))
        near, far = potentials(one_fibre(3.0, velocity=velocity), electrodes, RATE, 0.03)[0]
        late = (int(np.argmin(far)) - int(np.argmin(near))) / RATE
        assert late == pytest.approx(0.020 / velocity, rel=0.08)


def test_the_current_of_a_fibre_sums_to_nothing_so_that_a_far_electrode_sees_little() -> None:
    lone = Electrode(np.array([[0.0, 0.0, 25.0]]), np.array([1.0]))
    far = Electrode(np.array([[400.0, 0.0, 25.0]]), np.array([1.0]))
    waves = potentials(one_fibre(), (lone, far), RATE, 0.03)[0]
    assert np.abs(waves[1]).max() < 1e-3 * np.abs(waves[0]).max()


def test_the_ends_of_a_fibre_reach_both_electrodes_alike_and_travel_nowhere() -> None:
    lone = [Electrode(np.array([[0.0, 0.0, z]]), np.array([1.0])) for z in (10.0, 30.0)]
    waves = potentials(one_fibre(20.0), tuple(lone), RATE, 0.03)[0]
    end = int((50.0 + 3.0) / 4.0 / 1000 * RATE)
    peaks = [end - 60 + int(np.argmax(np.abs(np.diff(wave, 2)[end - 60 : end + 60]))) for wave in waves]
    assert abs(peaks[0] - peaks[1]) <= 12


def test_a_needle_at_the_end_plate_sees_negative_first_and_elsewhere_positive_first() -> None:
    for end_plate, sign in ((22.0, -1), (0.0, 1)):
        needle = concentric_needle(0.3, 15.0, 22.0)
        wave = potentials(one_fibre(15.0, end_plate=end_plate), (needle,), 40_000, 0.03, step_mm=0.1, half_space=False)
        strong = wave[0, 0][np.abs(wave[0, 0]) > 0.1 * np.ptp(wave)]
        assert np.sign(strong[0]) == sign


def test_a_finer_grid_changes_nothing() -> None:
    fibres = unit_fibres(100, 10)
    electrodes = (bipolar(0, 25, 20),)
    coarse = potentials(fibres, electrodes, RATE, 0.03)[0, 0]
    fine = potentials(fibres, electrodes, RATE, 0.03, step_mm=0.05)[0, 0]
    assert np.abs(coarse - fine).max() < 0.02 * np.ptp(fine)


def test_the_action_potential_is_that_of_rosenfalck() -> None:
    z = np.linspace(0, 16, 4001)
    voltage = np.concatenate([[0.0], np.cumsum((voltage_slope(z)[1:] + voltage_slope(z)[:-1]) / 2 * np.diff(z))]) - 90
    assert voltage == pytest.approx(96 * z**3 * np.exp(-z) - 90, abs=0.01)
    assert z[np.argmax(voltage)] == pytest.approx(3.0, abs=0.01)


# ---- discharges laid into traces -------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def unit() -> MotorUnit:
    array = Array(Muscle("gastrocnemius", "left", "EMG"), (0, 1), (bipolar(-8, 20, 20), bipolar(8, 20, 20)))
    return make_unit("u", array, unit_fibres(300, 9), np.zeros(1), 2000.0, jitter=0.0)


def test_a_discharge_lies_where_its_time_says_between_samples_too(unit: MotorUnit) -> None:
    tracks = []
    for shift in (0.0, 0.3, 0.6, 0.9):
        traces = np.zeros((2, 2000), dtype=np.float32)
        lay(np.random.default_rng(0), unit, alone(np.array([0.5 + shift / 2000])), traces, 2000.0)
        size = np.abs(traces[0]).astype(float) ** 2
        tracks.append(float(np.sum(np.arange(2000) * size) / size.sum()))
    assert np.diff(tracks) == pytest.approx([0.3, 0.3, 0.3], abs=0.02)


def test_the_height_told_is_the_height_added(unit: MotorUnit) -> None:
    traces = np.zeros((2, 4000), dtype=np.float32)
    heights = lay(np.random.default_rng(0), unit, alone(np.array([0.5, 1.5]), np.array([1.0, 0.5])), traces, 2000.0)
    assert heights[0] == pytest.approx(np.ptp(traces[:, :2000], axis=1), rel=1e-4)
    assert heights[1] == pytest.approx(heights[0] / 2, rel=0.05)


def test_discharges_add_up_where_they_overlap(unit: MotorUnit) -> None:
    both, one, other = (np.zeros((2, 2000), dtype=np.float32) for _ in range(3))
    lay(np.random.default_rng(0), unit, alone(np.array([0.5, 0.504])), both, 2000.0)
    lay(np.random.default_rng(0), unit, alone(np.array([0.5])), one, 2000.0)
    lay(np.random.default_rng(0), unit, alone(np.array([0.504])), other, 2000.0)
    assert both == pytest.approx(one + other, abs=1e-3)


def test_discharges_at_the_edges_are_cut_and_not_wrapped(unit: MotorUnit) -> None:
    traces = np.zeros((2, 1000), dtype=np.float32)
    lay(np.random.default_rng(0), unit, alone(np.array([0.0005, 0.4995])), traces, 2000.0)
    assert np.abs(traces[:, 200:800]).max() == 0


def test_jitter_is_the_variation_of_heights() -> None:
    array = Array(Muscle("gastrocnemius", "left", "EMG"), (0,), (bipolar(0, 20, 20),))
    unit = make_unit("u", array, unit_fibres(300, 9), np.zeros(1), 2000.0, jitter=0.2)
    traces = np.zeros((1, 400_000), dtype=np.float32)
    heights = lay(np.random.default_rng(0), unit, alone(np.arange(1, 190) * 1.0 + 0.1), traces, 2000.0)[:, 0]
    assert np.std(heights) / np.mean(heights) == pytest.approx(0.2, rel=0.25)


def test_nothing_is_left_above_half_the_rate() -> None:
    rng = np.random.default_rng(1)
    raw = rng.standard_normal((1, 1, 8000))
    limited = band_limited(raw, 256.0, 20_480.0, 320)[0, 0]
    power = np.abs(np.fft.rfft(limited)) ** 2
    frequency = np.fft.rfftfreq(len(limited), 1 / 20_480)
    assert power[frequency > 160].sum() < 1e-3 * power[frequency < 60].sum()
