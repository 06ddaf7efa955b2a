"""What looks alike to a sensor of motion: clonus and ringing, tremor and tapping, a rhythm and half of it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from motion_made import Held

from legtwitch.events.motion import MotionFound, detect_motion
from legtwitch.events.motion_at_will import strikes
from legtwitch.events.motion_parameters import MotionParameters
from legtwitch.events.motion_repeated import trains_of
from legtwitch.events.motion_ringing import ringing
from legtwitch.events.motion_signal import Stretch3D
from legtwitch.model import Channel, Recording, Segment

RATE = 100.0
WAY = np.array([0.48, 0.6, 0.64])


def phone(course: Any, tilt_deg: Any = 0.0, noise: float = 0.01) -> Recording:
    """A recording of a course (n,) in m/s2 along one direction, gravity turned by an angle (n,) about x, and noise."""
    angle = np.radians(30 + np.broadcast_to(tilt_deg, course.shape))
    gravity = 9.81 * np.stack([np.zeros_like(angle), np.sin(angle), np.cos(angle)])
    values = np.outer(WAY, course) + gravity + np.random.default_rng(21).normal(0, noise, gravity.shape)
    count = course.size
    channels = tuple(Channel(one, "acceleration", 1.0, "made", "m/s2", "m/s2", RATE, None, count) for one in "xyz")
    held = Held(values.astype(np.float32))
    return Recording("x.csv", "CSV", None, count / RATE, channels, (Segment(0.0, count / RATE),), (), (), held)


def time_of(seconds: float) -> Any:
    return np.arange(round(seconds * RATE)) / RATE


def only(found: MotionFound, event: str) -> list[Any]:
    return [one for one in found.events if one.event == event]


def swings(time: Any, hz: float, decay_s: float) -> Any:
    since = [time - at for at in (8.0, 19.0, 31.0, 44.0)]
    return sum(
        2.5 * np.where(s >= 0, np.exp(-np.maximum(s, 0) / decay_s) * np.sin(2 * np.pi * hz * s), 0) for s in since
    )


def beats(time: Any, start: float, hz: float, count: int, fall: float) -> Any:
    """Beats as short as a contraction, each with a slower return, of falling size; their pace is not quite even."""
    course = np.zeros_like(time)
    rng, at, size = np.random.default_rng(5), start, 3.0
    for _ in range(count):
        phase = (time - at) * hz
        course += size * (np.exp(-0.5 * (phase / 0.09) ** 2) - 0.6 * np.exp(-0.5 * ((phase - 0.35) / 0.15) ** 2))
        at, size = at + rng.normal(1, 0.02) / hz, size * fall
    return course


def stretch(time: Any, start: float, hold_s: float, degrees: float) -> Any:
    rise = np.clip((time - start) / 0.25, 0, 1) - np.clip((time - start - hold_s) / 0.4, 0, 1)
    return degrees * 0.5 * (1 - np.cos(np.pi * rise))


# ---- clonus and ringing ----


@pytest.mark.parametrize(("hz", "decay_s"), [(6.0, 0.2), (6.5, 0.35), (5.2, 0.3)])
def test_a_push_that_rings_is_not_told_as_clonus(hz: float, decay_s: float) -> None:
    found = detect_motion(phone(swings(time_of(52), hz, decay_s)), posture="at_rest")
    assert not only(found, "clonus")
    artefacts = only(found, "movement_artifact")
    assert len(artefacts) == 4
    for one in artefacts:
        assert one.confidence < 0.8
        assert one.alternatives["clonus"] >= 0.1
        assert any("a push rings so, too" in why for why in one.reasons)


def test_beats_that_stop_at_once_are_clonus_and_few_of_them_are_unsure() -> None:
    time = time_of(60)
    course = beats(time, 10, 6, 4, 0.8) + beats(time, 25, 6, 6, 0.85) + beats(time, 40, 6, 14, 0.94)
    runs = only(detect_motion(phone(course)), "clonus")
    assert [one.measures["beats"] for one in runs] == pytest.approx([4, 6, 14], abs=1)
    sure = [one.confidence for one in runs]
    assert sure == sorted(sure)
    assert sure[0] < 0.7
    assert sure[-1] < 0.95
    assert all(one.alternatives for one in runs)
    assert all("no stretch before it was seen" in one.reasons for one in runs)
    assert not any("after stretch" in why for one in runs for why in one.reasons)


@pytest.mark.parametrize(("count", "fall"), [(5, 0.8), (40, 0.985)])
def test_clonus_after_a_stretch_is_found_while_the_limb_is_held(count: int, fall: float) -> None:
    time = time_of(40)
    course = beats(time, 12.45, 5.6, count, fall)
    (one,) = detect_motion(phone(course, stretch(time, 12, count / 5.6 + 1, 5))).events
    assert one.event == "clonus"
    assert one.measures["beats"] == pytest.approx(count, abs=2)
    assert one.measures["tilt_deg"] == pytest.approx(5, abs=1.5)
    assert any("before the limb turned" in why for why in one.reasons)
    without = only(detect_motion(phone(course)), "clonus")
    assert all(other.confidence < one.confidence for other in without)


def test_ringing_goes_on_after_the_last_beat_and_clonus_does_not() -> None:
    time = time_of(3)
    free = np.exp(-time / 0.4) * np.sin(2 * np.pi * 6 * time)
    whole = ringing(np.stack([free, 0.5 * free]), RATE, 6.0, 60, 0.001)
    cut = ringing(np.stack([free * (time < 0.6), 0.5 * free * (time < 0.6)]), RATE, 6.0, 60, 0.001)
    assert whole is not None
    assert cut is not None
    assert whole.goes_on is not None
    assert cut.goes_on is not None
    assert whole.fit > 0.99
    assert whole.cycles == pytest.approx(2.4, rel=0.2)
    assert whole.goes_on == pytest.approx(1, abs=0.1)
    assert abs(cut.goes_on) < 0.1
    pulses = beats(time, 0.1, 6, 6, 0.85)[:90]
    one = ringing(np.stack([pulses, pulses]), RATE, 6.0, 90, 0.001)
    assert one is not None
    assert one.fit < 0.85


def test_beats_at_the_very_end_of_a_recording_are_judged_too() -> None:
    time = time_of(20)
    for last in (19.95, 19.8, 19.6):
        runs = only(detect_motion(phone(beats(time, last - 1.0, 6, 7, 0.85))), "clonus")
        assert len(runs) == 1


# ---- slow tapping ----


def taps(time: Any, hz: float, uneven: float, first: float, last: float, seed: int = 3) -> Any:
    """A foot that lifts and meets the floor: a slow swing, a blow, its ringing."""
    rng, at, course = np.random.default_rng(seed), first, np.zeros_like(time)
    while at < last:
        since, size = time - at, 2.5 * rng.uniform(0.7, 1.3)
        lift = 0.3 * np.sin(2 * np.pi * since / 0.3) * ((since >= 0) & (since < 0.3))
        blow = np.exp(-0.5 * ((since - 0.15) / 0.012) ** 2)
        after = np.maximum(since - 0.17, 0)
        course += size * (lift + blow + (since > 0.17) * -0.5 * np.exp(-after / 0.03) * np.cos(88 * after))
        at += max(0.2, rng.normal(1, uneven)) / hz
    return course


@pytest.mark.parametrize("hz", [0.6, 0.9, 1.4])
def test_slow_tapping_is_one_movement_at_will(hz: float) -> None:
    found = detect_motion(phone(taps(time_of(70), hz, 0.06, 8, 60)), posture="sitting")
    assert {one.event for one in found.events} == {"voluntary_activity"}
    assert found.events[0].measures["freq_hz"] == pytest.approx(hz, rel=0.06)
    assert found.events[0].onset_s == pytest.approx(8, abs=1.5)
    assert sum(one.duration_s for one in found.events) > 40
    assert "Q367" not in {told.code for told in found.problems}


def jerk(time: Any, at: float) -> Any:
    """A burst that lifts the limb, and its falling back, which ends at rest."""
    since = time - at
    up = np.sin(np.pi * since / 0.12) * ((since >= 0) & (since < 0.12))
    return 5 * up - 2.5 * np.sin(np.pi * (since - 0.12) / 0.24) * ((since >= 0.12) & (since < 0.36))


def test_jerks_at_random_stay_jerks_and_their_reasons_are_those_of_motion() -> None:
    time = time_of(70)
    at = 5 + np.cumsum(np.random.default_rng(2).exponential(4, 12) + 0.8)
    found = detect_motion(phone(sum(jerk(time, one) for one in at[at < 65])))
    assert len(only(found, "myoclonus")) >= 6
    assert not only(found, "voluntary_activity")
    words = " ".join(why for one in found.events for why in one.reasons)
    assert not any(one in words for one in ("unit", "muscles", "channels", "power below 20 Hz"))


def test_a_train_is_even_and_random_movements_are_none() -> None:
    time, rng = time_of(400), np.random.default_rng(8)
    even, chance = rng.normal(1, 0.05, 45), 0.3 + rng.exponential(0.7, 380)
    for intervals, trains in ((even, 1), (chance, 0)):
        course = np.zeros_like(time)
        course[np.round((5 + np.cumsum(intervals)) * RATE).astype(int) % time.size] = 3
        course = np.convolve(course, np.exp(-0.5 * (np.arange(-20, 21) / 3) ** 2), "same")
        segment = Stretch3D(0.0, RATE, course[None], None, time >= 0, time < 0)
        assert len(trains_of(segment, False, time < 0, MotionParameters())) == trains


# ---- as fast as tremor, at will ----


def wandering(time: Any, hz: float, share: float = 0.02) -> Any:
    """The phase of a rhythm that is not as steady as a motor."""
    return 2 * np.pi * np.cumsum(hz * (1 + share * np.sin(2 * np.pi * 0.23 * time))) / RATE


def test_what_is_struck_in_each_cycle_is_tapping() -> None:
    found = detect_motion(phone(taps(time_of(60), 4.4, 0.04, 10, 50)))
    assert not only(found, "tremor")
    one = max(only(found, "voluntary_activity"), key=lambda event: event.duration_s)
    assert one.duration_s > 30
    assert one.alternatives["tremor"] > 0.2
    assert any("something is struck" in why for why in one.reasons)


def test_strikes_are_what_comes_at_one_phase() -> None:
    time = time_of(30)
    blows = strikes(taps(time, 4.4, 0.04, 0, 30)[None], RATE, 4.4)
    noise = np.sin(2 * np.pi * 4.4 * time) + np.random.default_rng(1).normal(0, 0.7, time.size)
    beside = strikes(noise[None], RATE, 4.4)
    assert blows is not None
    assert beside is not None
    assert min(blows.share, beside.share) > 0.1
    assert blows.locked > 0.4
    assert beside.locked < 0.1
    assert strikes(noise[None], RATE, 14.0) is None


@pytest.mark.parametrize(
    ("hz", "cm", "posture", "event", "least", "most"),
    [
        (4.6, 1.2, None, "tremor", 0.5, 0.65),
        (4.6, 1.2, "at_rest", "tremor", 0.9, 1.0),
        (4.6, 0.1, None, "tremor", 0.9, 1.0),
        (3.6, 1.2, "sitting", "voluntary_activity", 0.5, 0.6),
        (3.6, 0.02, None, "tremor", 0.8, 1.0),
    ],
)
def test_how_far_and_how_fast_a_leg_swings_makes_tremor_less_sure(
    hz: float, cm: float, posture: str | None, event: str, least: float, most: float
) -> None:
    time = time_of(60)
    course = cm / 100 * (2 * np.pi * hz) ** 2 * np.sin(wandering(time, hz)) * ((time > 10) & (time < 50))
    found = detect_motion(phone(course), posture=posture)
    (one,) = [each for each in found.events if each.duration_s > 20]
    assert one.event == event
    assert least <= one.confidence <= most
    assert (max(one.alternatives.values(), default=0) > 0.3) == (most < 0.7)


# ---- a rhythm and half of it ----


@pytest.mark.parametrize("share", [0.4, 0.7, 1.0])
def test_half_of_an_orthostatic_tremor_is_its_subharmonic(share: float) -> None:
    time = time_of(60)
    phase = wandering(time, 15.6, 0.007)
    course = (0.3 * np.sin(phase) + 0.3 * share * np.sin(phase / 2 + 1)) * ((time > 10) & (time < 50))
    (one,) = only(detect_motion(phone(course), posture="standing"), "tremor")
    assert one.measures["freq_hz"] == pytest.approx(15.6, abs=0.2)
    assert one.duration_s == pytest.approx(40, abs=1)
    assert any("7.8 Hz, is there too" in why for why in one.reasons)
