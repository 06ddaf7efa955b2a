"""Needle EMG: where the shape leaves it open, the firing tells; the ends of discharges belong to them."""

from __future__ import annotations

import numpy as np
import pytest

from legtwitch.events.emg_group import Group
from legtwitch.events.needle_events import train_event, unit_runs
from legtwitch.events.needle_trains import Train, train_of, with_ends
from legtwitch.events.needle_units import Pattern, Waveform, class_of, pattern_of

GROUP = Group(None, "left", ("EMG",))
SHORT = Waveform(300.0, 4.4, 1.0, 3, 3, 200.0, False, False)
LONG_SHARP = Waveform(300.0, 19.0, 5.0, 2, 2, 900.0, True, False)


def fired(rate_hz: float, variation: float) -> Pattern:
    return Pattern(60, rate_hz, variation, 0, 0.0, 1.0, 0.0)


@pytest.mark.parametrize(
    ("rate_hz", "variation", "name"),
    [
        (0.8, 0.6, "fasciculation"),
        (0.6, 0.4, "fasciculation"),
        (15.0, 0.8, "end_plate_spikes"),
        (13.0, 0.15, "motor_unit_discharge"),
        (8.0, 0.05, "fibrillation"),
        (2.0, 0.12, "fibrillation"),
    ],
)
def test_a_spike_of_4_ms_is_named_by_its_firing(rate_hz: float, variation: float, name: str) -> None:
    assert class_of(SHORT, fired(rate_hz, variation))[0] == name


def test_a_long_sharp_wave_is_one_where_it_fires_as_a_fibre_and_a_motor_unit_where_it_does_not() -> None:
    assert class_of(LONG_SHARP, fired(9.0, 0.05))[0] == "positive_sharp_wave"
    assert class_of(LONG_SHARP, fired(9.0, 0.16))[0] == "motor_unit_discharge"


def test_doublets_that_recur_evenly_are_groups_and_those_by_chance_are_none() -> None:
    rng = np.random.default_rng(1)
    even = 1 + np.cumsum(rng.normal(0.5, 0.03, 60))
    by_chance = 1 + np.cumsum(rng.exponential(0.5, 60) + 0.1)
    assert class_of(LONG_SHARP, pattern_of(np.sort([*even, *(even + 0.025)])))[0] == "myokymic_discharge"
    assert class_of(LONG_SHARP, pattern_of(np.sort([*by_chance, *(by_chance + 0.025)])))[0] != "myokymic_discharge"


def test_irregular_spikes_of_a_fibre_in_crowds_are_no_groups() -> None:
    shape = Waveform(90.0, 1.5, 0.6, 2, 2, 50.0, False, False)
    crowded = Pattern(248, 29.0, 0.69, 36, 3.0, 0.42, 35.0, 0.15, 5.0)
    assert class_of(shape, crowded)[0] == "end_plate_spikes"


def test_a_discharge_of_fibres_that_is_over_in_a_third_of_a_second_is_left_open() -> None:
    brief, long = 5 + 0.02 * np.arange(15), 20 + 0.02 * np.arange(100)
    found = unit_runs(GROUP, np.concatenate((brief, long)), "u1", "end_plate_spikes", {}, "", SHORT)
    assert [one.event for one in found] == ["short_potential", "end_plate_spikes"]


def test_the_slow_ends_of_a_discharge_belong_to_it_and_what_comes_after_a_pause_does_not() -> None:
    middle = Train(10.0, 12.0, 70.0, 0.1, 1.0, 0.2, 0.9, 1.0)
    slower = 12.0 + np.cumsum(np.linspace(0.02, 0.05, 10))
    grown = with_ends(middle, np.concatenate(([9.7], 10 + np.arange(140) / 70, slower, slower[-1:] + 0.3)))
    assert grown.start_s == 10.0
    assert grown.stop_s == pytest.approx(slower[-1])
    assert train_event(GROUP, grown).event == "myotonic_discharge"
    assert train_event(GROUP, middle).event == "complex_repetitive_discharge"


def test_a_discharge_that_rises_at_its_beginning_only_waxes() -> None:
    x = np.linspace(0, 1, 90)
    time = np.cumsum(1 / (20 + 40 * np.sin(np.pi * x**0.7)))
    rising = train_of(time, 100 * (0.25 + 0.75 * np.sin(np.pi * x**0.7)))
    assert train_event(GROUP, rising).event == "myotonic_discharge"
    falling = train_of(np.arange(100) / 60, np.linspace(100, 30, 100))
    assert train_event(GROUP, falling).event == "neuromyotonic_discharge"
