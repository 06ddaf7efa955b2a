"""Needle EMG: fibres, motor units, repetitive discharges and effort, each by its shape and its rhythm."""

from __future__ import annotations

import numpy as np
import pytest
from leg_generator import Arrays
from numpy.typing import NDArray

import legtwitch as lt
from legtwitch.events.needle_trains import Train
from legtwitch.events.needle_units import Pattern, Waveform, class_of, pattern_of, waveform_of
from legtwitch.model import Channel, Detection, Recording, Segment

RATE = 10_000.0
Floats = NDArray[np.float64]


def fibre(time: Floats) -> Floats:
    """A short triphasic spike of 3 ms, the first phase small."""
    return (
        -np.exp(-((time / 0.0004) ** 2))
        + 0.45 * np.exp(-(((time + 0.0009) / 0.0004) ** 2))
        + 0.3 * np.exp(-(((time - 0.0010) / 0.0005) ** 2))
    )


def sharp_wave(time: Floats) -> Floats:
    """A sharp wave, then a long slow one of the other sign."""
    return np.exp(-((time / 0.0006) ** 2)) - 0.35 * np.exp(-(((time - 0.007) / 0.0045) ** 2))


def motor_unit(time: Floats) -> Floats:
    """Four phases in about 10 ms."""
    return np.cos(2 * np.pi * time / 0.005) * np.exp(-((time / 0.0035) ** 2))


def made(shape: object, times: Floats, size_uv: float, seconds: float = 60.0, noise: float = 6.0) -> Recording:
    assert callable(shape)
    rng = np.random.default_rng(3)
    values = noise * rng.standard_normal(round(seconds * RATE))
    for moment in times:
        index = np.arange(round((moment - 0.02) * RATE), min(round((moment + 0.025) * RATE), values.size))
        values[index] += size_uv * shape(index / RATE - moment)
    channel = Channel("EMG needle", "emg_other", 0.9, "", "uV", "mV", RATE, 0.1, values.size)
    return Recording(
        "made",
        "simulated",
        None,
        seconds,
        (channel,),
        (Segment(0.0, seconds),),
        (),
        (),
        Arrays([[values.astype(np.float32)]]),
    )


def even(rate_hz: float, cov: float, seconds: float = 60.0, seed: int = 1) -> Floats:
    rng = np.random.default_rng(seed)
    times = 0.5 + np.cumsum((1 + cov * rng.standard_normal(round(seconds * rate_hz))) / rate_hz)
    return times[times < seconds - 0.5]


def long_ones(found: Detection) -> set[str]:
    """The kinds that fill more than 5 s together or have more than five events."""
    kinds = {one.event for one in found.events}
    return {
        kind
        for kind in kinds
        if sum(one.duration_s for one in found.events if one.event == kind) > 5
        or sum(1 for one in found.events if one.event == kind) > 5
    }


@pytest.mark.parametrize("rate", [1.5, 5.0, 12.0])
def test_fibrillation_is_short_and_regular(rate: float) -> None:
    assert long_ones(lt.detect(made(fibre, even(rate, 0.08), 120))) == {"fibrillation"}


def test_positive_sharp_waves_are_sharp_then_slow() -> None:
    assert long_ones(lt.detect(made(sharp_wave, even(5.0, 0.08), 200))) == {"positive_sharp_wave"}


def test_a_motor_unit_that_fires_irregularly_is_a_fasciculation() -> None:
    rng = np.random.default_rng(6)
    times = np.cumsum(rng.exponential(1.6, 34)) + 0.5
    times = times[times < 59]
    found = lt.detect(made(motor_unit, times, 500))
    events = [one for one in found.events if one.event == "fasciculation"]
    assert len(events) == pytest.approx(times.size, abs=2)


def test_a_motor_unit_that_fires_regularly_is_effort() -> None:
    found = lt.detect(made(motor_unit, even(9.0, 0.12), 500))
    assert not [one for one in found.events if one.event == "fasciculation"]
    runs = [one for one in found.events if one.event == "motor_unit_discharge"]
    assert sum(one.duration_s for one in runs) > 50
    assert "Q360" in {one.code for one in found.quality}


def test_one_complex_at_a_steady_high_rate_is_a_complex_repetitive_discharge() -> None:
    times = np.concatenate([np.arange(5, 15, 1 / 32.0), np.arange(30, 42, 1 / 32.0)])
    found = lt.detect(made(motor_unit, times, 300))
    trains = [one for one in found.events if one.event == "complex_repetitive_discharge"]
    assert sum(one.duration_s for one in trains) == pytest.approx(22, abs=2)
    assert float(trains[0].measures["freq_hz"] or 0) == pytest.approx(32, rel=0.05)


def test_unit_potentials_are_measured_and_compared_only_with_enough_of_them() -> None:
    found = lt.detect(made(motor_unit, even(9.0, 0.12), 500), muscle="tibialis_anterior")
    score = next(one for one in found.scores if one.kind == "motor_unit_discharge")
    assert score.values["mup_count"] == 1
    assert float(score.values["mup_amplitude_mean_uv"] or 0) == pytest.approx(850, rel=0.15)
    assert "at least 20" in score.norm


def test_quiet_is_quiet() -> None:
    assert not lt.detect(made(fibre, np.empty(0), 1)).events


# ---- the rules -------------------------------------------------------------------------------------------------------


def shape_of(wave: object) -> Waveform:
    assert callable(wave)
    time = np.arange(-0.02, 0.02, 1 / RATE)
    return waveform_of(300 * wave(time), RATE, 1.0)


def test_waveforms_are_measured() -> None:
    unit, spike, sharp = (shape_of(one) for one in (motor_unit, fibre, sharp_wave))
    assert unit.duration_ms > 7 > spike.duration_ms
    assert spike.phases == 3
    assert sharp.sharp_then_slow
    assert not spike.sharp_then_slow
    assert not unit.sharp_then_slow
    assert unit.peak_to_peak_uv == pytest.approx(np.ptp(300 * motor_unit(np.arange(-0.02, 0.02, 1 / RATE))))


def test_irregular_spikes_with_the_largest_phase_first_are_of_an_end_plate() -> None:
    rng = np.random.default_rng(4)
    fired = pattern_of(np.cumsum(0.004 + rng.exponential(0.06, 400)))
    assert fired.variation > 0.5
    assert fired.bursts == 0
    shape = Waveform(100, 2.5, 0.8, 2, 1, 50, main_first=True, sharp_then_slow=False)
    assert class_of(shape, fired)[0] == "end_plate_spikes"


def test_groups_that_recur_are_myokymic() -> None:
    rng = np.random.default_rng(5)
    times = np.concatenate([start + np.arange(6) * 0.025 for start in np.cumsum(rng.normal(1.0, 0.1, 30))])
    fired = pattern_of(times)
    assert fired.bursts == 30
    assert fired.intraburst_hz == pytest.approx(40, rel=0.02)
    shape = Waveform(500, 10, 2, 4, 3, 500, main_first=False, sharp_then_slow=False)
    assert class_of(shape, fired)[0] == "myokymic_discharge"


def test_random_firing_makes_no_groups() -> None:
    for seed in range(20):
        times = np.cumsum(np.random.default_rng(seed).exponential(0.5, 200))
        assert pattern_of(times).bursts == 0


def test_a_missed_discharge_is_no_irregularity() -> None:
    times = np.delete(np.arange(0, 20, 0.2), [10, 30, 31, 60])
    assert isinstance(pattern_of(times), Pattern)
    assert pattern_of(times).variation < 0.3


def test_trains_are_frozen() -> None:
    train = Train(0, 1, 100, 0, 1, 0, 1, 1)
    with pytest.raises(AttributeError):
        train.rate_hz = 5  # type: ignore[misc]


def triplets(missed: bool = False) -> Floats:
    rng = np.random.default_rng(5)
    begins = 1 + np.cumsum(rng.uniform(0.2, 0.3, 200))
    times = (begins[:, None] + np.array([0.0, 0.018, 0.036])).ravel()
    if missed:
        times = np.delete(times, np.arange(4, times.size, 17))
    return times[times < 55]


@pytest.mark.parametrize("missed", [False, True])
def test_triplets_of_one_unit_are_myokymic_and_no_effort(missed: bool) -> None:
    found = lt.detect(made(motor_unit, triplets(missed), 400))
    assert long_ones(found) == {"myokymic_discharge"}


def test_a_clockwork_slow_enough_for_effort_is_a_complex_repetitive_discharge() -> None:
    found = lt.detect(made(motor_unit, even(9.0, 0.004), 400))
    assert long_ones(found) == {"complex_repetitive_discharge"}


def test_spikes_of_an_end_plate_that_crowd_are_no_effort() -> None:
    rng = np.random.default_rng(7)
    times = 1 + np.cumsum(0.004 + rng.exponential(0.022, 2400))
    found = lt.detect(made(end_plate, times[times < 55], 150))
    assert "end_plate_spikes" in long_ones(found)
    assert not long_ones(found) & {"voluntary_activity", "myokymic_discharge"}


def test_many_units_by_effort_stay_effort() -> None:
    parts = [even(rate, 0.15, 30, seed) + 15 for seed, rate in enumerate((7.0, 8.5, 9.5, 11.0, 12.5, 14.0), 20)]
    assert "voluntary_activity" in long_ones(lt.detect(made(motor_unit, np.sort(np.concatenate(parts)), 400)))


def end_plate(time: Floats) -> Floats:
    """The largest phase first, then a smaller one, in about 3 ms."""
    first = np.exp(-(((time + 0.0005) / 0.0004) ** 2))
    return -first + 0.45 * np.exp(-(((time - 0.0007) / 0.0008) ** 2))
