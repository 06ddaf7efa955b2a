"""Rhythms and bursts of EMG: tremor, clonus, jerks, cramps, and what is none of them."""

from __future__ import annotations

import sys
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from legtwitch import read
from legtwitch.errors import RecordingError
from legtwitch.events.rhythm import Place, detect_rhythms
from legtwitch.events.rhythm_tremor import window_means
from legtwitch.model import Channel, Event, Recording, Segment
from legtwitch.simulate import emg, emg_recording

RATE = 2000.0


@dataclass(frozen=True)
class Held:
    values: Any

    def read(self, channel: int, segment: int) -> Any:
        return self.values[channel]


def muscles(*loudness: Any, rest_uv: float = 3.0, marks: tuple[Event, ...] = (), unit: str = "uV") -> Recording:
    """Noise of rest in every muscle, and noise whose RMS (uV) follows a course on top."""
    rng = np.random.default_rng(11)
    values = np.stack(
        [rng.normal(0, rest_uv, one.size) + one * rng.standard_normal(one.size) for one in loudness]
    ).astype(np.float32)
    seconds = values.shape[1] / RATE
    channels = tuple(
        Channel(f"m{n}", "emg_other", 1.0, "made", unit, unit, RATE, None, values.shape[1])
        for n in range(len(loudness))
    )
    return Recording("x.edf", "EDF", None, seconds, channels, (Segment(0.0, seconds),), marks, (), Held(values))


def still(seconds: float) -> Any:
    return np.zeros(round(seconds * RATE))


def with_bursts(seconds: float, onsets: Any, length_s: float, sizes: Any) -> Any:
    """A course of loudness with bursts."""
    course = still(seconds)
    for onset, size in zip(onsets, np.broadcast_to(sizes, len(onsets)), strict=True):
        course[round(onset * RATE) : round((onset + length_s) * RATE)] = size
    return course


def found(recording: Recording, event: str, **told: Any) -> list[Any]:
    return [one for one in detect_rhythms(recording, **told).events if one.event == event]


@pytest.mark.parametrize(("hz", "length_s"), [(4.5, 0.09), (6.0, 0.07), (9.5, 0.05), (15.0, 0.03)])
def test_a_tremor_is_found_with_its_frequency(hz: float, length_s: float) -> None:
    course = with_bursts(60, np.arange(20, 40, 1 / hz), length_s, 30.0)
    (one,) = found(muscles(course), "tremor")
    assert one.measures["freq_hz"] == pytest.approx(hz, abs=0.1)
    assert (one.onset_s, one.onset_s + one.duration_s) == pytest.approx((20, 40), abs=0.5)
    if hz < 12:  # faster ones run together
        assert one.measures["burst_ms"] == pytest.approx(1000 * length_s, abs=8)


@pytest.mark.parametrize("rate", [200.0, 256.0, 512.0])
@pytest.mark.parametrize(("hz", "length_s"), [(6.0, 0.07), (15.0, 0.03)])
def test_a_tremor_is_found_at_the_rates_of_sleep_studies(
    hz: float, length_s: float, rate: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys.modules[__name__], "RATE", rate)
    course = with_bursts(60, np.arange(20, 40, 1 / hz), length_s, 30.0)
    (one,) = found(muscles(course), "tremor")
    assert one.measures["freq_hz"] == pytest.approx(hz, abs=0.1)


@pytest.mark.parametrize("hz", [1.0, 1.8, 2.6])
def test_bursts_slower_than_tremor_are_none_whatever_their_harmonics(hz: float) -> None:
    recording = muscles(with_bursts(60, np.arange(5, 55, 1 / hz), 0.2, 40.0))
    result = detect_rhythms(recording)
    assert [one.event for one in result.events if one.event in ("tremor", "clonus")] == []
    assert "Q362" in {one.code for one in result.problems}


def test_noise_rest_and_steady_effort_are_no_tremor() -> None:
    effort = still(60)
    effort[round(20 * RATE) : round(40 * RATE)] = 60.0
    assert [one.event for one in detect_rhythms(muscles(still(60), effort)).events] == []


def test_one_motor_unit_that_fires_evenly_is_no_tremor() -> None:
    course = still(60)
    shape = 150 * np.diff(np.exp(-((np.arange(-12, 13) / 5) ** 2)))
    values = np.random.default_rng(3).normal(0, 3, course.size)
    for at in np.cumsum(np.random.default_rng(4).normal(0.1, 0.008, 400)) + 10:
        place = round(at * RATE)
        values[place : place + shape.size] += shape
    recording = muscles(course)
    recording = replace(recording, source=Held(values[None].astype(np.float32)))
    result = detect_rhythms(recording)
    assert [one.event for one in result.events if one.event == "tremor"] == []
    assert "Q364" in {one.code for one in result.problems}


def test_groups_of_one_motor_unit_at_the_pace_of_a_tremor_are_none() -> None:
    """Myokymia: the same potential three times 25 ms apart, again and again."""
    shape = 150 * np.diff(np.exp(-((np.arange(-12, 13) / 5) ** 2)))
    values = np.random.default_rng(3).normal(0, 3, round(60 * RATE))
    for start in np.cumsum(np.random.default_rng(4).normal(0.22, 0.008, 150)) + 10:
        for at in (start, start + 0.025, start + 0.05):
            place = round(at * RATE)
            values[place : place + shape.size] += shape
    recording = muscles(still(60))
    held = Held(values[None].astype(np.float32))
    told = detect_rhythms(replace(recording, source=held))
    assert [one.event for one in told.events if one.event in ("tremor", "myoclonus")] == []
    assert "Q364" in {one.code for one in told.problems}


@pytest.mark.parametrize("beats", [3, 5, 12])
def test_a_run_that_shrinks_is_clonus_with_its_beats(beats: int) -> None:
    sizes = np.linspace(80, 25, beats)
    (one,) = found(muscles(with_bursts(40, 20 + np.arange(beats) / 5.5, 0.06, sizes)), "clonus")
    assert one.measures["beats"] == beats
    assert one.measures["freq_hz"] == pytest.approx(5.5, abs=0.2)
    assert one.measures["decrement"] > 0.4


@pytest.mark.parametrize(
    ("beats", "muscle", "clonus"), [(8, None, 1), (27, None, 0), (27, "soleus", 1), (4, "soleus", 0)]
)
def test_an_even_run_that_ends_before_a_tremor_would_be_one_is_clonus(
    beats: int, muscle: str | None, clonus: int
) -> None:
    course = with_bursts(60, 20 + np.arange(beats) / 6, 0.06, 60.0)
    assert len(found(muscles(course), "clonus", places={"m0": Place(muscle)})) == clonus


def test_a_lasting_even_run_is_clonus_only_after_a_marked_stretch() -> None:
    course = with_bursts(60, 20 + np.arange(27) / 6, 0.06, 60.0)
    assert found(muscles(course), "clonus") == []
    mark = Event(19.9, 0.0, "user_mark", attributes={"label": "Stretch"})
    assert len(found(muscles(course, marks=(mark,)), "clonus")) == 1


def test_channels_whose_muscle_nobody_named_are_not_several_muscles() -> None:
    course = with_bursts(60, np.arange(10, 50, 4.0), 0.03, 80.0)
    named = {"m0": Place("soleus"), "m1": Place("tibialis_anterior"), "m2": Place("gastrocnemius")}
    recording = muscles(course, course, course)
    assert found(recording, "myoclonus") == []
    assert len(found(recording, "myoclonus", places=named)) == 30


def test_a_jerk_of_few_units_is_told_whole_though_it_has_gaps() -> None:
    onsets = np.arange(10, 50, 4.0)
    course = with_bursts(60, np.sort(np.concatenate((onsets, onsets + 0.065))), 0.02, 80.0)
    places = {"m0": Place("soleus"), "m1": Place("tibialis_anterior")}
    jerks = found(muscles(course, course), "myoclonus", places=places)
    assert len(jerks) == 20
    assert np.median([one.measures["burst_ms"] for one in jerks]) == pytest.approx(85, abs=8)


@pytest.mark.parametrize("length_ms", [30, 45, 60, 100, 160])
def test_a_jerk_in_two_muscles_has_its_length_within_5_ms(length_ms: int) -> None:
    onsets = np.arange(10, 50, 4.0)
    course = with_bursts(60, onsets, length_ms / 1000, 80.0)
    recording = muscles(course, course)
    jerks = found(recording, "myoclonus", places={"m0": Place("tibialis_anterior"), "m1": Place("soleus")})
    assert len(jerks) >= 18
    assert np.median([one.measures["burst_ms"] for one in jerks]) == pytest.approx(length_ms, abs=5)
    assert {one.muscle for one in jerks} == {"tibialis_anterior", "soleus"}


def test_a_burst_of_20_ms_in_one_muscle_is_left_to_the_search_for_fasciculations() -> None:
    course = with_bursts(60, np.arange(10, 50, 4.0), 0.02, 80.0)
    assert detect_rhythms(muscles(course, still(60))).events == ()


def epochs(stage: str) -> tuple[Event, ...]:
    return tuple(Event(30.0 * n, 30.0, stage) for n in range(4))


def test_fragmentary_myoclonus_is_named_in_sleep_only() -> None:
    course = with_bursts(110, np.arange(10, 100, 9.0), 0.11, 70.0)
    asleep = detect_rhythms(muscles(course, still(110), marks=epochs("stage_N2")))
    assert {one.event for one in asleep.events} == {"fragmentary_myoclonus"}
    awake = detect_rhythms(muscles(course, still(110), marks=epochs("stage_W")))
    assert "fragmentary_myoclonus" not in {one.event for one in awake.events}
    unknown = detect_rhythms(muscles(course, still(110)))
    assert {one.event for one in unknown.events} == {"short_potential"}
    assert all("fragmentary_myoclonus" in one.alternatives for one in unknown.events)


def test_a_train_at_1_5_hz_is_a_foot_tremor_in_sleep_and_nothing_awake() -> None:
    course = with_bursts(110, 40 + np.arange(12) / 1.5, 0.35, 60.0)
    (one,) = found(muscles(course, marks=epochs("stage_N1")), "hypnagogic_foot_tremor")
    assert one.measures["beats"] == 12
    assert one.measures["freq_hz"] == pytest.approx(1.5, abs=0.1)
    assert found(muscles(course, marks=epochs("stage_W")), "hypnagogic_foot_tremor") == []


def test_what_fades_slowly_is_a_cramp_and_what_ends_at_once_is_not() -> None:
    time = np.arange(round(120 * RATE)) / RATE
    cramp = 120 * np.clip((time - 30) / 3, 0, 1) * np.clip((80 - time) / 45, 0, 1)
    (one,) = found(muscles(cramp), "cramp")
    assert one.onset_s == pytest.approx(30, abs=1.5)
    assert one.duration_s == pytest.approx(50, abs=5)
    effort = 120 * ((time > 30) & (time < 70))
    assert found(muscles(effort.astype(float)), "cramp") == []


def test_a_needle_is_asked_for_cramps_only() -> None:
    course = with_bursts(60, np.arange(20, 40, 0.2), 0.08, 30.0)
    result = detect_rhythms(muscles(course), needle=True)
    assert result.events == ()
    assert [one.kind for one in result.scores] == ["cramp"]


def test_a_signal_that_is_no_voltage_is_refused() -> None:
    with pytest.raises(RecordingError) as refused:
        detect_rhythms(muscles(still(20), unit="%"))
    assert refused.value.code == "E307"


def test_what_was_not_measured_has_a_reason() -> None:
    result = detect_rhythms(muscles(still(20)))
    for score in result.scores:
        assert {name for name, value in score.values.items() if value is None} == set(score.reasons)
    assert "Q347" in {one.code for one in result.problems}


@pytest.mark.parametrize(("recipe", "event"), [("rest_tremor", "tremor"), ("clonus", "clonus"), ("cramp", "cramp")])
def test_simulated_muscles(recipe: str, event: str) -> None:
    made = emg(41, recipe=recipe, minutes=2)
    true = [one for one in made.truth if one.event == event]
    told = found(emg_recording(made), event)
    assert true
    for was in true:
        match = [
            one
            for one in told
            if one.channel == was.channel
            and one.onset_s < was.onset_s + was.duration_s
            and one.onset_s + one.duration_s > was.onset_s
        ]
        assert match, was
        if "freq_hz" in was.attributes:
            assert match[0].measures["freq_hz"] == pytest.approx(was.attributes["freq_hz"], abs=0.3)


@pytest.mark.parametrize("recipe", ["silent", "walking", "voluntary_only"])
def test_simulated_muscles_without_a_rhythm_have_none(recipe: str) -> None:
    told = detect_rhythms(emg_recording(emg(42, recipe=recipe, minutes=2))).events
    assert [one.event for one in told if one.event in ("tremor", "clonus", "cramp")] == []


def test_real_walking_has_no_tremor_and_no_jerks(shared: Path) -> None:
    recording = read(shared / "emg_surface_gait" / "raw_emg_13_leg_muscles.csv", unit="uV")
    told = {one.event for one in detect_rhythms(recording).events}
    assert told & {"tremor", "clonus", "cramp", "myoclonus"} == set()


def test_the_real_regular_unit_of_a_neuropathy_is_no_tremor(shared: Path) -> None:
    recording = read(shared / "emg_needle_tibialis" / "emg_neuropathy.hea")
    assert found(recording, "tremor") == []
    assert detect_rhythms(recording, needle=True).events == ()


@pytest.mark.parametrize("seconds", [3, 6, 20])
def test_a_dead_muscle_shows_no_rhythm_and_breaks_nothing(seconds: int) -> None:
    assert not detect_rhythms(muscles(still(seconds), rest_uv=0.0)).events


def test_a_dead_stretch_hides_no_window_after_it() -> None:
    floor = np.concatenate((np.full(1000, np.inf), np.ones(3000)))
    means = window_means(floor, 100.0, np.array([0.0, 5.0, 12.0, 25.0]), 5.0)
    assert means.tolist() == [np.inf, np.inf, 1.0, 1.0]
