"""Potentials at rest are found, and what looks like them is not."""

from __future__ import annotations

from collections import Counter

import emg_made as made
import numpy as np
import pytest

import legtwitch as lt
from legtwitch.model import Detected, Detection, Recording, Segment
from legtwitch.simulate import emg, emg_recording


def detect(recording: Recording, **told: object) -> Detection:
    return lt.detect(recording, kinds=KINDS, **told)  # type: ignore[arg-type]


KINDS = ("fasciculation", "motor_unit_discharge", "voluntary_activity", "electrode_pop", "movement_artifact")


def of(found: Detection, event: str) -> list[Detected]:
    return [one for one in found.events if one.event == event]


def middles(events: list[Detected]) -> list[float]:
    return [one.onset_s + one.duration_s / 2 for one in events]


def score(found: Detection) -> dict[str, float | int | None]:
    return dict(next(one for one in found.scores if one.kind in ("fasciculation", "short_potential")).values)


@pytest.mark.parametrize("rate", [1000.0, 2000.0, 4000.0])
def test_potentials_eight_times_the_noise_are_found_at_every_rate(rate: float) -> None:
    one = made.Made(rate=rate, seed=5, noise=4.0)
    true = np.concatenate(
        [one.add(shape, one.poisson(25), size) for shape, size in zip(made.SHAPES, (70, 120, 260), strict=True)]
    )
    found = of(detect(one.recording()), "fasciculation")
    hits, false = made.matched(true, middles(found))
    assert hits >= 0.95 * true.size
    assert false <= 1


@pytest.mark.parametrize("noise", [1.0, 4.0, 12.0])
def test_noise_alone_gives_nothing(noise: float) -> None:
    found = detect(made.Made(seconds=240, noise=noise, seed=11).recording())
    assert len(of(found, "fasciculation")) <= 2
    assert score(found)["present"] in (0, 1)


def test_noise_that_swells_raises_the_threshold_and_it_is_said() -> None:
    one = made.Made(seconds=180, seed=12)
    swell = np.convolve(one.rng.standard_normal(one.values.shape[1]), np.hanning(121) / np.sqrt(45), "same")
    one.values *= np.exp(0.45 * swell)
    found = detect(one.recording())
    assert len(of(found, "fasciculation")) <= 3
    assert any(problem.code == "Q333" and "swells" in problem.message for problem in found.quality)


def test_heart_mains_and_movement_make_at_most_one_false_event_a_minute() -> None:
    one = made.Made(seconds=180, noise=2.5, seed=13)
    one.add_heart(80)
    one.values += 15 * np.sin(2 * np.pi * 50.01 * one.time) + 4 * np.sin(2 * np.pi * 150.03 * one.time)
    for start in (31.0, 90.5, 140.2):
        span = (one.time >= start) & (one.time < start + 1.5)
        one.values[0, span] += 400 * np.hanning(span.sum()) * np.sin(2 * np.pi * 2.1 * one.time[span])
    for start in (20.0, 77.3, 121.9):
        one.values[0] += 220 * made.decay(one.time - start, 0.12)
    found = detect(one.recording())
    assert len(of(found, "fasciculation")) <= 3
    assert {"Q334", "Q335"} <= {problem.code for problem in found.quality}


@pytest.mark.parametrize("own_channel", [True, False])
def test_the_heart_is_taken_out_and_potentials_on_its_beats_stay(own_channel: bool) -> None:
    one = made.Made(seconds=180, noise=2.0, seed=14)
    beats = one.add_heart(60)
    true = one.add(made.biphasic, np.sort(np.concatenate([one.poisson(20), beats[20:40:4] + 0.01])), 150)
    ecg = None
    if own_channel:
        ecg = 3 * one.rng.standard_normal(one.values.shape[1])
        for beat in beats:
            ecg += 900 * np.exp(-(((one.time - beat) / 0.011) ** 2))
    found = of(detect(one.recording(ecg=ecg)), "fasciculation")
    hits, false = made.matched(true, middles(found))
    assert hits >= 0.93 * true.size
    assert false <= 3


def test_an_irregular_unit_is_not_taken_for_the_heart() -> None:
    one = made.Made(seconds=180, seed=15)
    true = one.add(made.triphasic, one.poisson(65, least_s=0.3), 150)
    found = detect(one.recording())
    assert "Q335" not in {problem.code for problem in found.quality}
    assert made.matched(true, middles(of(found, "fasciculation")))[0] >= 0.97 * true.size


def test_contractions_are_no_rest_and_add_nothing() -> None:
    one = made.Made(seconds=240, seed=16)
    true = one.add(made.biphasic, one.poisson(20), 140)
    spans = ((40.0, 45.0), (100.0, 103.0), (170.0, 178.0))
    for start, stop in spans:
        one.add_contraction(start, stop)
    found = detect(one.recording())
    rest = true[[not any(start - 1.2 < moment < stop + 1.2 for start, stop in spans) for moment in true]]
    hits, _ = made.matched(rest, middles(of(found, "fasciculation")))
    outside = [moment for moment in middles(of(found, "fasciculation")) if abs(true - moment).min() > 0.02]
    assert hits >= 0.97 * rest.size
    assert len(outside) <= 3
    minutes = next(one.minutes for one in found.scores if one.kind == "fasciculation")
    assert 3.4 < minutes < 3.75  # 16 s of 240 are effort, and margins beside them
    assert len(of(found, "voluntary_activity")) == 3


def test_one_unit_that_fires_regularly_is_effort() -> None:
    one = made.Made(seconds=120, seed=17)
    interval = 0.14
    times = 30 + np.cumsum(interval * (1 + 0.12 * one.rng.standard_normal(150)))
    one.add(made.triphasic, times, 200)
    found = detect(one.recording())
    runs = of(found, "motor_unit_discharge")
    assert not of(found, "fasciculation")
    assert runs
    assert sum(run.duration_s for run in runs) > 0.8 * (times[-1] - times[0])
    assert float(runs[0].measures["freq_hz"] or 0) == pytest.approx(1 / interval, rel=0.1)
    assert "Q354" in {problem.code for problem in found.quality}


def test_many_irregular_discharges_of_few_units_stay_fasciculations() -> None:
    one = made.Made(seconds=180, seed=18)
    true = np.concatenate([one.add(shape, one.poisson(55), 200) for shape in made.SHAPES[:2]])
    found = of(detect(one.recording()), "fasciculation")
    assert made.matched(true, middles(found))[0] >= 0.92 * true.size


def test_units_are_told_apart_by_shape_on_one_channel() -> None:
    one = made.Made(seconds=180, seed=19)
    for shape, size in ((made.biphasic, 120), (made.triphasic, 150), (made.narrow, 110)):
        one.add(shape, one.poisson(18), size)
    found = of(detect(one.recording()), "fasciculation")
    units = Counter(event.measures["unit_id"] for event in found)
    assert sum(1 for name, count in units.items() if name and count >= 8) == 3


def test_units_of_one_shape_are_told_apart_by_where_they_are_seen() -> None:
    one = made.Made(seconds=240, channels=6, seed=20)
    for place in range(6):
        one.add(made.biphasic, one.poisson(12), 160, [np.exp(-((place - other) ** 2) / 1.5) for other in range(6)])
    found = of(detect(one.recording()), "fasciculation")
    units = Counter(event.measures["unit_id"] for event in found)
    assert abs(sum(1 for name, count in units.items() if name and count >= 10) - 6) <= 1


def test_a_potential_that_runs_along_an_array_is_one() -> None:
    one = made.Made(seconds=180, channels=4, seed=21)
    times = one.poisson(25)
    for place in range(4):
        gain = [0.0] * 4
        gain[place] = 1.0
        one.add(made.biphasic, times + 0.0035 * place, 180, gain)
    found = of(detect(one.recording()), "fasciculation")
    assert made.matched(times, middles(found))[1] <= 2
    assert len(found) == pytest.approx(times.size, abs=3)


def test_two_units_at_the_same_time_are_taken_apart() -> None:
    one = made.Made(seconds=180, seed=22, noise=3.0)
    first, second = one.poisson(20), one.poisson(20)
    together = np.linspace(20, 170, 12) + 0.013
    later = together + one.rng.uniform(0.005, 0.012, 12)
    one.add(made.triphasic, np.sort(np.concatenate([first, together])), 260)
    one.add(made.narrow, np.sort(np.concatenate([second, later])), 200)
    found = of(detect(one.recording()), "fasciculation")
    both = sum(1 for moment in together if sum(-0.008 < near - moment < 0.02 for near in middles(found)) == 2)
    assert both >= 8


def test_pairs_of_one_unit_are_counted_and_not_weighed() -> None:
    one = made.Made(seconds=180, seed=23)
    times = one.poisson(15, least_s=0.4)
    one.add(made.biphasic, np.sort(np.concatenate([times, times[::3] + 0.032])), 180)
    found = detect(one.recording())
    assert score(found)["f_wave_like_pairs"] == pytest.approx(len(times[::3]), abs=2)
    assert {event.measures["multiplicity"] for event in of(found, "fasciculation")} == {1, 2}


def test_below_one_kilohertz_only_counts_are_given() -> None:
    one = made.Made(rate=256.0, seconds=400, seed=24)
    one.add(made.biphasic, one.poisson(12), 260)
    found = lt.detect(one.recording(["Leg L"], "leg_left"), kinds=["fasciculation"])
    assert not of(found, "fasciculation")
    potentials = of(found, "short_potential")
    assert len(potentials) > 20
    assert all(event.measures["duration_ms"] is None for event in potentials)
    assert all(event.measures["unit_id"] is None for event in potentials)
    values = score(found)
    assert values["rate_per_min"] is not None
    assert values["amplitude_median_uv"] is None
    assert "Q338" in {problem.code for problem in found.quality}


def test_clipping_is_flagged_and_jumps_are_not_counted() -> None:
    one = made.Made(seconds=120, seed=25)
    times = one.add(made.biphasic, np.arange(5, 115, 4.0) + one.rng.uniform(0, 0.05, 28), 2000)
    one.values = np.clip(one.values, -600, 600)
    for start in np.arange(7, 110, 9.3):
        one.values[0] += 300 * made.decay(one.time - start, 0.06)
    found = detect(one.recording())
    events = of(found, "fasciculation")
    assert made.matched(times, middles(events)) == (times.size, 0)
    assert all(event.measures["saturated"] for event in events)
    assert len(of(found, "electrode_pop")) >= 10
    assert {"Q330", "Q353"} <= {problem.code for problem in found.quality}


def test_time_is_true_across_a_gap() -> None:
    one = made.Made(seconds=120, seed=26)
    times = one.add(made.triphasic, np.arange(4, 118, 5.0) + one.rng.uniform(0, 0.05, 23), 200)
    whole = one.recording()
    half = one.values.shape[1] // 2
    parts = Recording(
        whole.file,
        whole.format,
        None,
        160.0,
        whole.channels,
        (Segment(0.0, 60.0), Segment(100.0, 60.0)),
        (),
        (),
        made.Kept([[one.values[0, :half], one.values[0, half:]]]),
    )
    found = middles(of(detect(parts), "fasciculation"))
    true = np.where(times < 60, times, times + 40)
    assert made.matched(true, found) == (times.size, 0)


def test_a_channel_without_a_voltage_is_searched_and_gives_no_amplitude() -> None:
    one = made.Made(seconds=120, seed=27)
    one.add(made.biphasic, one.poisson(30), 300)
    one.values /= 1e6
    found = detect(one.recording(unit=None))
    assert len(of(found, "fasciculation")) > 30
    assert all(event.measures["peak_to_peak_uv"] is None for event in of(found, "fasciculation"))
    assert score(found)["amplitude_median_uv"] is None
    assert "Q339" in {problem.code for problem in found.quality}


def test_a_small_unit_beside_a_large_one_is_seen_once_the_large_one_is_subtracted() -> None:
    one = made.Made(rate=1000.0, seed=21, noise=4.0)
    large = one.add(made.triphasic, np.arange(2.0, 112.0, 4.7) + one.rng.uniform(0, 0.05, 24), 320)
    one.add(made.narrow, np.arange(4.1, 112.0, 4.7) + one.rng.uniform(0, 0.05, 23), 80)
    lags = np.array([-0.015, 0.009, 0.016, -0.01, 0.0125, -0.0125, 0.011, -0.017])
    beside = one.add(made.narrow, large[::3] + lags, 80)
    at = np.asarray(middles(of(detect(one.recording()), "fasciculation")))
    assert np.mean([np.abs(at - moment).min() < 0.006 for moment in beside]) >= 0.7


def test_sharp_potentials_at_one_kilohertz_are_no_jumps_of_an_electrode() -> None:
    one = made.Made(rate=1000.0, seed=22, noise=4.0)
    true = one.add(lambda time: made.biphasic(time, 0.0045), one.poisson(25), 280)
    found = detect(one.recording())
    hits, false = made.matched(true, middles(of(found, "fasciculation")))
    assert hits >= 0.95 * true.size
    assert false <= 1


def test_a_late_part_at_a_fixed_lag_is_no_event_of_its_own() -> None:
    one = made.Made(seed=23, noise=4.0)
    true = one.add(made.triphasic, one.poisson(25), 300)
    one.add(made.narrow, true + 0.018, 90)
    hits, false = made.matched(true, middles(of(detect(one.recording()), "fasciculation")))
    assert hits >= 0.95 * true.size
    assert false <= 1


def test_confidence_grows_with_what_stands_out_and_names_what_else_it_may_be() -> None:
    one = made.Made(seed=24, noise=4.0)
    small = one.add(made.biphasic, one.poisson(10), 34)
    one.add(made.triphasic, one.poisson(10), 300)
    events = of(detect(one.recording()), "fasciculation")
    faint = [e for e in events if np.abs(small - (e.onset_s + e.duration_s / 2)).min() < 0.01]
    clear = [e for e in events if e not in faint]
    assert faint
    assert np.median([e.confidence for e in faint]) < np.median([e.confidence for e in clear]) <= 1
    assert all(abs(e.confidence + sum(e.alternatives.values()) - 1) < 0.03 for e in events)


def test_what_is_more_likely_a_tail_or_noise_is_told_but_not_counted() -> None:
    found = lt.detect(
        emg_recording(emg(9601, recipe="als_like", with_=("voluntary", "mains"), minutes=3, channels=8)),
        kinds=["fasciculation"],
        modality="surface_emg",
    )
    counted = [one for one in found.events if one.event == "fasciculation"]
    doubtful = [one for one in found.events if "not counted" in one.reasons[-1]]
    assert counted
    assert doubtful
    assert all(one.event == "short_potential" and one.alternatives["fasciculation"] < 0.5 for one in doubtful)
    assert all(one.confidence >= 0.3 or one.confidence >= one.alternatives["short_potential"] for one in counted)
