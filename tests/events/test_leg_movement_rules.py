"""The numbers of the onset and offset rules at their edges, clocks, gaps, sides, and what is said."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from leg_generator import Arrays, Leg, flat_top, night, recording_of

from legtwitch.errors import RecordingError
from legtwitch.events import LegMovements, Parameters, detect_leg_movements, snippets
from legtwitch.events.codes import CODES
from legtwitch.model import Movement

BURSTS = 55


def detect(leg: Leg, role: str = "leg_left") -> LegMovements:
    return detect_leg_movements(recording_of({"left": [leg.signal()]}, leg.rate_hz, roles={"left": role}))


def codes(found: LegMovements) -> set[str]:
    return {problem.code for problem in found.problems}


def train(rate: int, *shapes: tuple[float, float, float], rest: float = 1.0) -> Leg:
    """A burst of each (delay_s, amplitude, duration_s) every 10 s, with steep flanks."""
    leg = Leg(rate, 10 * BURSTS + 20, rest, 5)
    for number in range(BURSTS):
        for delay, amplitude, duration in shapes:
            leg.burst(10 + 10 * number + delay, flat_top(rate, amplitude, duration, 0.004, 0.004))
    return leg


@pytest.mark.parametrize("rate", [200, 256, 512])
@pytest.mark.parametrize("amplitude", [15, 50, 200])
def test_half_a_second_is_the_shortest(rate: int, amplitude: float) -> None:
    short, long = detect(train(rate, (0, amplitude, 0.45))), detect(train(rate, (0, amplitude, 0.55)))
    assert len(short.events) <= 0.1 * BURSTS
    assert "Q313" in codes(short)
    assert len(long.events) >= 0.95 * BURSTS


@pytest.mark.parametrize("rate", [128, 256, 512])
@pytest.mark.parametrize("amplitude", [15, 50, 200])
def test_half_a_second_of_silence_ends_a_movement(rate: int, amplitude: float) -> None:
    joined = detect(train(rate, (0, amplitude, 1.0), (1.45, amplitude, 1.0))).events
    parted = detect(train(rate, (0, amplitude, 1.0), (1.55, amplitude, 1.0))).events
    assert len(joined) <= 1.05 * BURSTS
    assert len(parted) >= 1.8 * BURSTS


@pytest.mark.parametrize("rate", [200, 256, 512])
@pytest.mark.parametrize("duration", [0.8, 2.0])
def test_eight_microvolts_above_rest(rate: int, duration: float) -> None:
    """The RMS of so short a noise is itself unsure by a tenth, so the step from 7 to 9 uV can't be sharp."""
    counts = [len(detect(train(rate, (0, amplitude, duration))).events) for amplitude in (6, 7, 9)]
    assert counts[0] <= 0.2 * BURSTS
    assert counts[1] <= 0.55 * BURSTS
    assert counts[2] >= 0.95 * BURSTS


def test_chance_peaks_of_a_slow_swell_below_eight_are_seldom_taken_for_movements() -> None:
    """Tone that swells with each breath to 6 uV above rest; one swell in three has a chance peak above 8."""
    leg = Leg(256, 2420, 0.7, 6)
    swell = 6 * np.sin(np.pi * np.arange(4 * 256) / (4 * 256)) ** 4
    for number in range(600):
        leg.burst(10 + 4 * number, swell)
    assert len(detect(leg).events) <= 50


def test_a_tail_below_eight_but_above_two_belongs_to_the_movement() -> None:
    events = detect(train(256, (0, 40, 1.0), (1.0, 5, 2.0))).events
    assert len(events) == BURSTS
    assert np.median([event.duration_s for event in events]) == pytest.approx(3.0, abs=0.06)


@pytest.mark.parametrize("rate", [128, 200, 256, 500, 512])
def test_clock_is_exact_at_the_end_of_a_long_recording(rate: int) -> None:
    """The last segment begins after hours: times are its start plus whole samples."""
    leg = Leg(rate, 120, 1.0, 4)
    leg.burst(100, flat_top(rate, 60, 2.0, 0.01, 0.05))
    start = 8 * 3600.0 - 120
    other = Leg(rate, 60, 1.0, 3)
    recording = recording_of(
        {"left": [other.signal(), leg.signal()]}, rate, roles={"left": "leg_left"}, starts=(0.0, start)
    )
    (event,) = detect_leg_movements(recording).events
    assert event.onset_s == pytest.approx(start + 100, abs=0.02)
    samples = (event.onset_s - start) * rate
    assert samples == pytest.approx(round(samples), abs=1e-4)


@pytest.mark.parametrize("rate", [128, 200, 256, 500, 512])
def test_clock_does_not_drift_within_one_segment(rate: int) -> None:
    leg = Leg(rate, 2400, 1.0, 4)
    for start in np.arange(20, 2390, 30.0):
        leg.burst(start, flat_top(rate, 60, 2.0, 0.01, 0.05))
    errors = [event.onset_s - start for event, (start, _) in zip(detect(leg).events, leg.truth(), strict=True)]
    assert abs(np.mean(errors[-20:]) - np.mean(errors[:20])) < 0.008


def test_no_movement_crosses_a_gap_and_a_cut_one_is_said() -> None:
    leg = Leg(256, 600, 1.0, 8)
    leg.burst(298, flat_top(256, 50, 6.0))
    whole = leg.signal()
    pieces = [whole[: 300 * 256], whole[300 * 256 :]]
    recording = recording_of({"left": pieces}, 256, roles={"left": "leg_left"}, starts=(0.0, 400.0))
    found = detect_leg_movements(recording)
    first, second = found.events
    assert first.onset_s + first.duration_s == pytest.approx(300, abs=1e-6)
    assert second.onset_s == pytest.approx(400, abs=1e-6)
    assert second.duration_s == pytest.approx(4.0, abs=0.1)
    assert "Q317" in codes(found)


def test_last_movement_cut_by_the_end_is_kept_and_said() -> None:
    leg = Leg(200, 300, 1.0, 8)
    leg.burst(298, flat_top(200, 50, 6.0))
    found = detect(leg)
    (event,) = found.events
    assert event.onset_s + event.duration_s == pytest.approx(300)
    assert "Q317" in codes(found)


@pytest.mark.parametrize(
    ("role", "side", "code"),
    [
        ("leg_left", "left", None),
        ("leg_right", "right", None),
        ("leg_both", "n/a", "Q302"),
        ("leg_unknown", "n/a", "Q303"),
    ],
)
def test_side_follows_the_role(role: str, side: str, code: str | None) -> None:
    found = detect(night(256, 3, minutes=5), role)
    assert found.events
    assert {event.side for event in found.events} == {side}
    assert (codes(found) & {"Q302", "Q303"}) == ({code} if code else set())


def test_each_leg_is_searched_by_itself() -> None:
    left, right = night(256, 3, minutes=5), night(256, 4, minutes=5)
    recording = recording_of({"left": [left.signal()], "right": [right.signal()]}, 256)
    both = detect_leg_movements(recording)
    alone = detect(left)
    assert tuple(event for event in both.events if event.side == "left") == alone.events
    assert [event.onset_s for event in both.events] == sorted(event.onset_s for event in both.events)


def test_cross_talk_is_left_out_but_a_movement_of_both_legs_is_not() -> None:
    """Every second movement is of the left leg alone; 12 % of it reaches the right leg's electrodes."""
    left, right = train(256, (0, 150, 2.0)), Leg(256, 10 * BURSTS + 20, 1.0, 6)
    for number in range(0, BURSTS, 2):
        right.burst(10.2 + 10 * number, flat_top(256, 20, 2.0))
    first = left.signal()
    recording = recording_of({"left": [first], "right": [right.signal() + 0.12 * first]}, 256)
    found = detect_leg_movements(recording)
    of_right = [event for event in found.events if event.side == "right"]
    assert len([event for event in found.events if event.side == "left"]) == BURSTS
    assert len(of_right) == pytest.approx(BURSTS // 2 + 1, abs=1)
    assert all(round(event.onset_s / 10 - 1) % 2 == 0 for event in of_right)
    assert any(problem.code == "Q321" and problem.channel == "right" for problem in found.problems)


def test_short_potentials_close_together_are_no_movement() -> None:
    found = detect(train(256, (0, 20, 0.08), (0.47, 20, 0.08)))
    assert len(found.events) <= 0.05 * BURSTS
    assert "Q322" in codes(found)


@pytest.mark.parametrize(
    ("changes", "words"),
    [({"unit": None, "file_unit": ""}, "unit"), ({"rate_hz": 50.0}, "50 Hz"), ({"resolution_uv": 31.3}, "31.3 uV")],
)
def test_a_channel_that_cannot_be_used_is_refused_with_the_reason(changes: dict[str, object], words: str) -> None:
    recording = recording_of({"left": [night(256, 3, minutes=1).signal()]}, 256)
    channel = dataclasses.replace(recording.channels[0], **changes)  # type: ignore[arg-type]
    with pytest.raises(RecordingError, match="No leg channel") as caught:
        detect_leg_movements(dataclasses.replace(recording, channels=(channel,)))
    assert caught.value.code == "E302"
    assert words in caught.value.got


def test_a_refused_leg_beside_a_good_one_is_said() -> None:
    leg = night(256, 3, minutes=2)
    recording = recording_of({"left": [leg.signal()], "right": [leg.signal()]}, 256)
    bad = dataclasses.replace(recording.channels[1], unit=None, file_unit="ohm")
    found = detect_leg_movements(dataclasses.replace(recording, channels=(recording.channels[0], bad)))
    assert {event.side for event in found.events} == {"left"}
    assert any(problem.code == "Q301" and problem.channel == "right" for problem in found.problems)


def test_attributes_measure_the_burst() -> None:
    leg = train(256, (0, 40, 2.0), rest=2.0)
    events = detect(leg).events
    for name, value, close in [("rest_uv", 2, 0.3), ("median_uv", 40, 8), ("rms_uv", 42, 6)]:
        assert np.median([event.attributes[name] for event in events]) == pytest.approx(value, abs=close), name
    assert not any(event.attributes["saturated"] for event in events)
    assert all(0 < event.attributes["confidence"] <= 1 for event in events)
    assert set(events[0].attributes) == {
        "peak_uv", "rms_uv", "median_uv", "rest_uv", "noise_uv", "snr", "confidence", "saturated",
    }  # fmt: skip


def test_clipping_and_flat_lines_are_said_and_marked() -> None:
    leg = train(256, (0, 60, 2.0))
    signal = np.clip(leg.signal(), -60, 60)
    signal[100 * 256 : 160 * 256] = 0
    signal[200 * 256 : 260 * 256] = 60
    found = detect_leg_movements(recording_of({"left": [signal]}, 256, roles={"left": "leg_left"}))
    assert {"Q306", "Q307"} <= codes(found)
    assert any(event.attributes["saturated"] for event in found.events)
    inside = [event for event in found.events if 102 < event.onset_s < 158 or 202 < event.onset_s < 258]
    assert not inside
    assert len(found.events) >= BURSTS - 14


def test_high_rest_and_much_time_inside_are_loud() -> None:
    leg = Leg(256, 900, 14.0, 5)
    for start in np.arange(10, 880, 20.0):
        leg.burst(start, flat_top(256, 80, 4.0))
    leg.burst(500, flat_top(256, 80, 25.0))
    found = detect(leg)
    assert {"Q308", "Q310", "Q312"} <= codes(found)
    assert "Q311" not in codes(found)


def test_rest_jumps_are_said_and_are_no_movement() -> None:
    leg = Leg(256, 1800, 1.0, 5)
    leg.rest_uv = np.where((np.arange(leg.samples) > 600 * 256) & (np.arange(leg.samples) < 1200 * 256), 12.0, 1.0)
    found = detect(leg)
    assert not found.events
    assert "Q309" in codes(found)


def test_stretch_that_is_too_short_is_said() -> None:
    leg = night(256, 3, minutes=2)
    signal = leg.signal()
    recording = recording_of({"left": [signal, signal[:600]]}, 256, roles={"left": "leg_left"}, starts=(0.0, 300.0))
    found = detect_leg_movements(recording)
    assert "Q318" in codes(found)
    assert all(event.onset_s < 300 for event in found.events)


def test_samples_that_are_no_numbers_are_said() -> None:
    signal = night(256, 3, minutes=2).signal()
    signal[5000:5010] = np.nan
    found = detect_leg_movements(recording_of({"left": [signal]}, 256, roles={"left": "leg_left"}))
    assert "Q319" in codes(found)
    assert found.events


def test_every_code_has_a_meaning() -> None:
    said = {problem.code for problem in detect(night(128, 3, minutes=3), "leg_unknown").problems}
    assert said
    assert said <= set(CODES)


def test_sources_samples_are_not_changed() -> None:
    recording = recording_of({"left": [night(256, 3, minutes=1).signal()]}, 256)
    assert isinstance(recording.source, Arrays)
    before = recording.source.arrays[0][0].copy()
    detect_leg_movements(recording)
    assert np.array_equal(before, recording.source.arrays[0][0])


def test_trace_shows_a_movement_and_stays_in_its_segment() -> None:
    found = detect(train(256, (0, 40, 2.0)))
    event = found.events[-1]
    movement = Movement("m1", event.onset_s, event.duration_s, "left", "unknown", "left", {}, {})
    (snippet,) = snippets([movement], found.traces, margin_s=2.0)
    assert snippet.times_s[0] == pytest.approx(event.onset_s - 2, abs=0.1)
    assert snippet.times_s[-1] == pytest.approx(event.onset_s + event.duration_s + 2, abs=0.1)
    assert max(snippet.envelope_uv) > 30
    assert max(snippet.baseline_uv) < 2
    assert len(snippet.times_s) == len(snippet.envelope_uv) == len(snippet.baseline_uv)
    rates = {piece.rate_hz for trace in found.traces.values() for piece in trace.pieces}
    assert all(10 <= rate <= 30 for rate in rates)


def test_parameters_have_a_hash_that_follows_them() -> None:
    assert Parameters().hash == Parameters().hash
    assert Parameters().hash != Parameters(window_s=0.13).hash
    assert detect(night(256, 3, minutes=1)).parameters_hash == Parameters().hash


def test_movements_that_follow_each_other_like_breaths_are_said_loudly() -> None:
    breathing, periodic = Leg(256, 900, 0.7, 7), Leg(256, 2400, 0.7, 7)
    swell = 12 * np.sin(np.pi * np.arange(4 * 256) / (4 * 256)) ** 4
    for number in range(200):
        breathing.burst(10 + 4 * number + 0.2 * (number % 3), swell)
    for number in range(100):
        periodic.burst(10 + 22 * number, flat_top(256, 40, 2.0))
    assert "Q390" in codes(detect(breathing))
    assert "Q390" not in codes(detect(periodic))


@pytest.mark.parametrize("rate", [128, 256, 512])
def test_tone_that_rose_before_a_movement_does_not_make_it_begin_early(rate: int) -> None:
    leg, starts = Leg(rate, 900, 1.0, 8), 10 + 20 * np.arange(44)
    for start in starts:
        leg.burst(start - 1.5, flat_top(rate, 4, 3.0, 0.8, 0.8))
        leg.burst(start, flat_top(rate, 80, 2.0, 0.02, 0.05))
    onsets = np.array([one.onset_s for one in detect(leg).events])
    assert np.percentile(np.abs(onsets - starts), 95) < 0.04
