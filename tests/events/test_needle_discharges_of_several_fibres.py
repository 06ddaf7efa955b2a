"""Needle EMG: several fibres of one shape, discharges under each other, what waxes and what begins at its highest."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from leg_generator import Arrays
from numpy.typing import NDArray

import legtwitch as lt
from legtwitch.events.needle_sizes import parts_by_size
from legtwitch.events.needle_units import pattern_of
from legtwitch.model import Channel, Recording, Segment

RATE = 10_000.0
SECONDS = 40.0
Floats = NDArray[np.float64]
Shape = Callable[[Floats], Floats]


def fibre(time: Floats) -> Floats:
    return 0.5 * np.exp(-(((time + 0.0009) / 0.0004) ** 2)) - np.exp(-((time / 0.0004) ** 2))


def complex_of_fibres(time: Floats) -> Floats:
    return sum(size * fibre(time - late) for size, late in ((1.0, -0.006), (0.6, -0.002), (0.8, 0.003), (0.5, 0.007)))


def motor_unit(time: Floats) -> Floats:
    return np.cos(2 * np.pi * time / 0.005) * np.exp(-((time / 0.0035) ** 2))


def made(*trains: tuple[Shape, Floats, Floats | float]) -> Recording:
    values = 6 * np.random.default_rng(3).standard_normal(round(SECONDS * RATE))
    for shape, times, sizes in trains:
        for moment, size in zip(times, np.broadcast_to(sizes, times.shape), strict=True):
            index = np.arange(round((moment - 0.02) * RATE), round((moment + 0.025) * RATE))
            values[index] += size * shape(index / RATE - moment)
    channel = Channel("EMG needle", "emg_other", 0.9, "", "uV", "mV", RATE, 0.1, values.size)
    return Recording(
        "made",
        "simulated",
        None,
        SECONDS,
        (channel,),
        (Segment(0.0, SECONDS),),
        (),
        (),
        Arrays([[values.astype(np.float32)]]),
    )


def even(hz: float, cov: float, first: float = 1.0, last: float = SECONDS - 1, seed: int = 1) -> Floats:
    steps = 1 + cov * np.random.default_rng(seed).standard_normal(round((last - first) * hz) + 20)
    times = first + np.cumsum(steps) / hz
    return times[times < last]


def by_time(recording: Recording) -> dict[str, float]:
    total: dict[str, float] = {}
    for one in lt.detect(recording, modality="needle_emg").events:
        total[one.event] = total.get(one.event, 0.0) + one.duration_s
    return total


def test_fibres_of_one_shape_are_parted_where_each_is_regular() -> None:
    times = np.concatenate([even(4.1, 0.05), even(6.7, 0.05, seed=2)])
    sizes = np.concatenate([np.full(even(4.1, 0.05).size, 100.0), np.full(times.size - even(4.1, 0.05).size, 150.0)])
    order = np.argsort(times)
    parts = parts_by_size(times[order], sizes[order], np.arange(times.size))
    assert len(parts) == 2
    assert all(pattern_of(times[order][part]).variation < 0.2 for part in parts)


def test_irregular_spikes_stay_one_whatever_their_sizes() -> None:
    rng = np.random.default_rng(4)
    times = np.cumsum(0.004 + rng.exponential(0.06, 400))
    for sizes in (rng.normal(100, 10, 400), rng.choice([100.0, 150.0], 400)):
        assert len(parts_by_size(times, sizes, np.arange(400))) == 1


def test_two_fibres_of_one_shape_are_fibrillation_and_no_end_plate() -> None:
    found = by_time(made((fibre, even(4.1, 0.05), 100.0), (fibre, even(6.7, 0.05, seed=2), 150.0)))
    assert found["fibrillation"] > 0.9 * SECONDS
    assert "end_plate_spikes" not in found


def test_two_complexes_like_clocks_at_once_are_no_effort() -> None:
    slow, fast = even(14.8, 0.004, 5, 30), even(43.0, 0.004, 10, 35, seed=2)
    found = by_time(made((complex_of_fibres, slow, 300.0), (complex_of_fibres, fast, 200.0)))
    assert found["complex_repetitive_discharge"] > 20
    assert found.get("voluntary_activity", 0.0) < 5


@pytest.mark.parametrize("hz", [7.0, 11.0, 15.0])
def test_a_motor_unit_by_effort_is_no_clock(hz: float) -> None:
    found = by_time(made((motor_unit, even(hz, 0.12), 400.0)))
    assert "complex_repetitive_discharge" not in found
    assert found["motor_unit_discharge"] > 0.6 * SECONDS


def sweep(rates: tuple[float, ...], first: float, seconds: float) -> Floats:
    times = [first]
    while times[-1] < first + seconds:
        place = (times[-1] - first) / seconds
        times.append(times[-1] + 1 / float(np.interp(place, np.linspace(0, 1, len(rates)), rates)))
    return np.array(times)


def test_what_begins_at_its_highest_is_neuromyotonic_and_what_waxes_first_is_myotonic() -> None:
    bursts = [sweep((110.0, 60.0), first, 1.0) for first in (3.0, 9.0, 15.0, 21.0, 27.0, 33.0)]
    sizes = [np.linspace(400, 250, one.size) for one in bursts]
    falls = by_time(made((motor_unit, np.concatenate(bursts), np.concatenate(sizes))))
    assert max(falls, key=lambda name: falls[name]) == "neuromyotonic_discharge"
    assert falls.get("myotonic_discharge", 0.0) < 1.0
    waves = [sweep((25.0, 90.0, 80.0, 25.0), first, 4.0) for first in (3.0, 13.0, 23.0)]
    humps = [300 * (0.35 + 0.65 * np.sin(np.pi * np.linspace(0, 1, one.size)) ** 2) for one in waves]
    found = by_time(made((fibre, np.concatenate(waves), np.concatenate(humps))))
    assert found["myotonic_discharge"] > 8
    assert found.get("neuromyotonic_discharge", 0.0) < 1.0
    events = lt.detect(made((fibre, np.concatenate(waves), np.concatenate(humps))), modality="needle_emg").events
    assert sum(one.event == "myotonic_discharge" for one in events) <= 4


def test_no_unit_is_called_by_a_name_from_within() -> None:
    waves = [sweep((25.0, 90.0, 80.0, 25.0), first, 4.0) for first in (3.0, 13.0, 23.0)]
    found = lt.detect(made((fibre, np.concatenate(waves), 300.0)), modality="needle_emg")
    assert not {one.event for one in found.events} & {"repetitive"}
