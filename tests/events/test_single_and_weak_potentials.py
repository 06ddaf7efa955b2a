"""Potentials that nothing repeats, and those too small for the threshold: which are a motor unit's, and which not."""

from __future__ import annotations

from collections import Counter

import emg_made as made
import numpy as np
import pytest
from numpy.typing import NDArray

import legtwitch as lt
from legtwitch.events.emg_group import Kept
from legtwitch.events.unit_firing import parts_without_unit
from legtwitch.events.units_weak import weak
from legtwitch.model import Detected, Recording
from legtwitch.signal.shapes import energy_widths

Floats = NDArray[np.float64]
RATE = 2000.0


def _events(recording: Recording, event: str = "fasciculation") -> list[Detected]:
    return [one for one in lt.detect(recording, kinds=("fasciculation",)).events if one.event == event]


def _middles(events: list[Detected]) -> list[float]:
    return [one.onset_s + one.duration_s / 2 for one in events]


def test_a_click_that_nothing_repeats_is_no_potential() -> None:
    one = made.Made(seed=41, noise=4.0)
    one.add(lambda time: np.exp(-((time / 4e-4) ** 2) / 2), [20.0], 300)
    one.add(lambda time: (1 - (time / 6e-4) ** 2) * np.exp(-((time / 6e-4) ** 2) / 2), [60.0], 300)
    true = one.add(made.triphasic, [30.0, 90.0], 120)
    counted = _events(one.recording())
    assert made.matched(true, _middles(counted)) == (2, 0)


def test_noise_that_swells_for_a_third_of_a_second_is_followed() -> None:
    one = made.Made(seconds=240, seed=46, noise=4.0)
    for start in one.poisson(15, least_s=1.0):
        first = round(start * one.rate)
        one.values[0, first : first + 700] *= 2.0
    uneven = np.arange(4.0, 236.0, 12.7) + np.random.default_rng(1).uniform(-2, 2, 19)
    true = one.add(made.triphasic, uneven, 130)
    hits, false = made.matched(true, _middles(_events(one.recording())))
    assert hits >= 0.95 * true.size
    assert false <= 10  # 47 where singles are judged by the resting noise alone


def test_the_middle_of_the_energy_is_measured_without_the_noise() -> None:
    rng = np.random.default_rng(3)
    rows = np.zeros((3, 101))
    rows[0, 45:56], rows[1, 30:71] = 10.0, 10.0
    noisy = rows + rng.standard_normal(rows.shape)
    wide = energy_widths(noisy, np.ones(3), 0.9)
    assert wide[0] in (10, 11)
    assert wide[1] in (36, 37, 38)


def test_small_discharges_of_a_known_unit_are_found_by_its_waveform() -> None:
    one = made.Made(seconds=180, seed=43, noise=6.0, channels=4)
    large, small = np.arange(2.0, 176.0, 6.1), np.arange(4.9, 176.0, 6.1)
    one.add(made.triphasic, large, 30, gain=(1.0, 0.9, 0.9, 0.8))
    one.add(made.triphasic, small, 20, gain=(1.0, 0.9, 0.9, 0.8))
    found = _events(one.recording([f"EMG L Gastroc {number}" for number in range(1, 5)]))
    hits, false = made.matched(np.concatenate((large, small)), _middles(found))
    assert hits >= 0.75 * (large.size + small.size)
    assert false == 0
    faint = [event for event in found if any("too small for the threshold" in reason for reason in event.reasons)]
    assert len(faint) >= 5
    assert all(event.measures["duration_ms"] is None and event.measures["unit_id"] == "u1" for event in faint)
    assert all(10 < float(event.measures["peak_to_peak_uv"]) < 40 for event in faint)  # type: ignore[arg-type]


def _kept(at_s: Floats, sizes: Floats) -> Kept:
    rng = np.random.default_rng(8)
    time_s = np.arange(int(RATE * 60)) / RATE
    wave = np.zeros(time_s.size)
    for moment, size in zip(at_s.tolist(), sizes.tolist(), strict=True):
        place = (time_s - moment) / 0.002
        wave += size * (1 - place**2) * np.exp(-(place**2) / 2)
    values = np.outer((1.0, 0.6), wave) + rng.standard_normal((2, time_s.size))
    return Kept(
        RATE,
        np.rint(16 * values).astype(np.int16),
        np.full(2, 1 / 16, np.float32),
        np.ones(2, np.float32),
        [(0, 0.0)],
    )


def test_weak_discharges_are_placed_and_measured() -> None:
    at_s = np.arange(1.0, 59.0, 2.0)
    sizes = np.where(np.arange(at_s.size) < 12, 7.0, 5.0)
    kept = _kept(at_s, sizes)
    place, unit = RATE * at_s[:12], np.ones(12, dtype=np.int64)
    seen = weak(kept, place, unit, np.append(place, RATE * (at_s[12] + 0.02)))
    assert np.rint(seen.at / RATE).tolist() == at_s[13:].tolist()  # the thirteenth lies beside what is known
    assert np.abs(seen.at - RATE * at_s[13:]).max() <= 2
    assert float(np.median(seen.scale)) == pytest.approx(5 / 7, abs=0.06)
    assert not weak(kept, place[:4], unit[:4], place).at.size  # too few to know the waveform


def test_weak_discharges_of_another_shape_are_not_taken() -> None:
    at_s = np.arange(1.0, 25.0, 2.0)
    kept = _kept(at_s, np.full(at_s.size, 7.0))
    rng = np.random.default_rng(5)
    for moment in np.arange(30.0, 58.0, 2.0).tolist():  # a longer one of the same height
        first = round(RATE * (moment - 0.015))
        kept.values[:, first : first + 60] += np.rint(16 * 6 * np.sin(np.linspace(0, 2 * np.pi, 60))).astype(np.int16)
        kept.values[:, first : first + 60] += rng.integers(-2, 3, (2, 60)).astype(np.int16)
    place = RATE * at_s
    assert not weak(kept, place, np.ones(at_s.size, dtype=np.int64), place).at.size


def test_parts_of_a_long_potential_without_a_unit_are_one() -> None:
    time_s = np.array([1.0, 1.012, 1.03, 5.0, 9.0, 9.02])
    size = np.array([30, 60, 40, 20, 50, 10], dtype=np.float32)
    unit = np.zeros(6, dtype=np.int64)
    usable = np.ones(6, dtype=bool)
    assert parts_without_unit(time_s, unit, size, usable).tolist() == [True, False, True, False, False, True]
    usable[1] = False
    assert parts_without_unit(time_s, unit, size, usable).tolist() == [False, False, False, False, False, True]


@pytest.mark.parametrize(("beside", "parts"), [(4, True), (2, False)])
def test_what_often_lies_before_a_unit_is_part_of_it(beside: int, parts: bool) -> None:
    own = np.arange(1.0, 11.0)
    before = own[:beside] - 0.015
    time_s = np.concatenate((own, before))
    order = np.argsort(time_s)
    unit = np.concatenate((np.ones(10, dtype=np.int64), np.zeros(beside, dtype=np.int64)))[order]
    size = np.full(time_s.size, 30, dtype=np.float32)
    late = parts_without_unit(time_s[order], unit, size, np.ones(time_s.size, dtype=bool))
    assert late.tolist() == ((unit == 0) & parts).tolist()


def test_sharp_waveforms_at_one_kilohertz_stay_one_unit_each() -> None:
    one = made.Made(rate=1000.0, seconds=240, seed=44, noise=4.0)

    def ripple(time: Floats) -> Floats:
        place = np.clip(time / 0.0052, -0.5, 0.5)
        return np.sin(4 * np.pi * place) * np.cos(np.pi * place) ** 2 * 1.16

    one.add(ripple, one.poisson(25), 260)
    one.add(lambda time: made.triphasic(time, 0.02), one.poisson(20), 130)
    units = Counter(str(event.measures["unit_id"]) for event in _events(one.recording()))
    assert sum(count >= 10 for name, count in units.items() if name != "None") == 2
