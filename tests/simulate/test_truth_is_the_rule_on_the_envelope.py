"""The truth against a slow reading of the rule, millisecond by millisecond, and against the traces themselves."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from legtwitch.simulate import OPTIONS, SimulatedNight, night

MOVING = tuple(name for name in OPTIONS if name not in ("one_leg", "both_on_one_channel", "gap", "loose_lead"))


def noise_free(made: SimulatedNight, side: str) -> NDArray[np.float64]:
    """Excess of one leg on a grid of 1 ms over the whole night, from the bursts alone."""
    grid = np.zeros(int(made.duration_s * 1000) + 60_000)
    for burst in made.bursts:
        if burst.side == side:
            grid[burst.start_ms : burst.start_ms + len(burst.excess_uv)] += burst.excess_uv
    return grid


def slow_reading(excess: NDArray[np.float64]) -> list[tuple[int, int]]:
    """Onset and offset in ms, written from the words of the rule as a walk through time."""
    found = []
    onset = quiet_since = -1
    active = np.flatnonzero(excess > 0)
    for at in np.unique(np.concatenate([active, active + 1, active + 500])):
        if onset < 0:
            if excess[at] >= 8 - 1e-9:
                onset, quiet_since = int(at), -1
        elif excess[at] > 2 + 1e-9:
            if quiet_since >= 0 and at - quiet_since >= 500:
                found.append((onset, quiet_since))
                onset = int(at) if excess[at] >= 8 - 1e-9 else -1
            quiet_since = -1
        elif quiet_since < 0:
            quiet_since = int(at)
    if onset >= 0:
        found.append((onset, quiet_since))
    return found


@pytest.fixture(scope="module")
def hard() -> SimulatedNight:
    return night(3, hours=3, rate_hz=64, with_=MOVING)


@pytest.mark.parametrize("side", ["left", "right"])
def test_truth_agrees_with_a_slow_reading_of_the_rule(hard: SimulatedNight, side: str) -> None:
    truth = [event for event in hard.truth if event.side == side]
    slow = slow_reading(noise_free(hard, side))
    sure = [(a, b) for a, b in slow if b - a >= 502]
    short = [(a, b) for a, b in slow if b - a <= 498]
    assert len(truth) > 80
    assert len(short) > 40
    assert len(sure) <= len(truth) <= len(slow) - len(short)
    onsets = np.array([event.onset_s for event in truth])
    for onset, offset in sure:
        event = truth[int(np.argmin(np.abs(onsets - onset / 1000)))]
        assert event.onset_s == pytest.approx(onset / 1000, abs=0.0011)
        assert event.duration_s == pytest.approx((offset - onset) / 1000, abs=0.0021)
        assert event.attributes["peak_uv"] == pytest.approx(
            noise_free_peak(hard, side, onset, offset), rel=1e-3, abs=0.01
        )
    assert all(np.abs(onsets - onset / 1000).min() > 0.01 for onset, _ in short)


def noise_free_peak(made: SimulatedNight, side: str, onset: int, offset: int) -> float:
    total = np.zeros(offset - onset)
    for burst in made.bursts:
        first, last = max(onset, burst.start_ms), min(offset, burst.start_ms + len(burst.excess_uv))
        if burst.side == side and first < last:
            total[first - onset : last - onset] += burst.excess_uv[first - burst.start_ms : last - burst.start_ms]
    return float(total.max())


def test_boundary_events_are_exact_to_the_microsecond() -> None:
    made = night(5, hours=8, rate_hz=64, with_=["boundary_events"])
    rows = [event for event in made.truth if event.attributes["kind"] == "boundary"]
    lengths = sorted(round(event.duration_s, 6) for event in rows)
    assert {0.5, 0.55, 9.9, 10.0, 10.1} <= set(lengths)
    assert 0.45 not in lengths
    assert {4.49, 2.0} <= set(lengths), "a gap of 0.49 s on one leg joins, one of 0.51 s does not"
    left = np.array([event.onset_s for event in rows if event.side == "left"])
    steps = {round(float(step), 6) for step in np.diff(left)}
    assert {4.9, 5.0, 9.9, 10.0, 90.0, 90.1, 2.51} <= steps
    ends = {round(float(a.onset_s + a.duration_s - b.onset_s), 6) for a in rows for b in rows if a is not b}
    assert {14.9, 15.1} <= ends
    assert {round(event.onset_s % 30, 6) for event in rows} >= {0.0}, "some begin on the edge of an epoch"
    assert rows[-1].onset_s + rows[-1].duration_s == pytest.approx(made.duration_s - 0.5)


def test_one_channel_for_both_legs_shows_their_sum_in_quadrature() -> None:
    made = night(3, hours=1, rate_hz=64, with_=["both_on_one_channel"])
    assert list(made.signals) == ["LAT+RAT"]
    left, right = 1 + noise_free(made, "left"), 1 + noise_free(made, "right")
    sure = [(a, b) for a, b in slow_reading(np.hypot(left, right) - np.sqrt(2)) if b - a >= 502]
    assert len(made.truth) == len(sure) > 20
    for event, (onset, offset) in zip(made.truth, sure, strict=True):
        assert event.onset_s == pytest.approx(onset / 1000, abs=0.0011)
        assert event.duration_s == pytest.approx((offset - onset) / 1000, abs=0.0021)


def test_nothing_is_true_that_a_gap_or_a_loose_lead_hides() -> None:
    made = night(3, hours=2, rate_hz=64, with_=["gap", "loose_lead"])
    whole = night(3, hours=2, rate_hz=64)
    ((start, end),) = made.gaps
    hidden = [(start, end, "left"), (start, end, "right")]
    hidden += [(one.onset_s, one.onset_s + one.duration_s, one.side) for one in made.others if one.event == "artifact"]
    for event in whole.truth:
        covered = any(
            event.side == side and event.onset_s <= b and event.onset_s + event.duration_s >= a for a, b, side in hidden
        )
        assert (event in made.truth) == (not covered)
    assert len(made.truth) < len(whole.truth)
    assert not made.signals["LAT"][round(start * 64) : round(end * 64)].any()
    assert [e.duration_s for e in made.events if e.event == "recording_gap"] == [end - start]


RATES = (128, 200, 256, 500, 512)


@pytest.fixture(scope="module")
def by_rate() -> dict[int, SimulatedNight]:
    return {rate: night(9, hours=1.5, rate_hz=rate) for rate in RATES}


@pytest.mark.parametrize("rate", RATES)
def test_truth_does_not_depend_on_the_rate(by_rate: dict[int, SimulatedNight], rate: int) -> None:
    assert by_rate[rate].truth == by_rate[256].truth
    assert len(by_rate[rate].signals["LAT"]) == 5400 * rate


@pytest.mark.parametrize("rate", RATES)
@pytest.mark.parametrize("part", ["first", "last"])
def test_traces_hold_the_movements_at_their_true_times(
    by_rate: dict[int, SimulatedNight], rate: int, part: str
) -> None:
    """The shift at which a trace fits its noise-free envelope best (Gaussian likelihood) is within 6 ms of none."""
    made = by_rate[rate]
    trace, excess = made.signals["LAT"].astype(float), noise_free(made, "left")
    events = [event for event in made.truth if event.side == "left"]
    events = events[:12] if part == "first" else events[-12:]
    shifts = np.arange(-60, 61, 2)
    fits = np.zeros(len(shifts))
    for event in events:
        first, last = int((event.onset_s - 1) * rate), int((event.onset_s + event.duration_s + 1) * rate)
        times_ms = np.arange(first, last) / rate * 1000
        near = np.arange(int(times_ms[0]) - 100, int(times_ms[-1]) + 101)
        for number, shift in enumerate(shifts):
            rms = 1 + np.interp(times_ms - shift, near, excess[near])
            fits[number] += np.sum(-np.log(rms) - 0.5 * (trace[first:last] / rms) ** 2)
    assert abs(shifts[int(np.argmax(fits))]) <= 6


@pytest.mark.parametrize("rate", RATES)
def test_carrier_has_unit_rms_and_the_band_of_surface_emg(by_rate: dict[int, SimulatedNight], rate: int) -> None:
    made = by_rate[rate]
    excess = noise_free(made, "right")
    at = np.interp(np.arange(5400 * rate) / rate * 1000, np.arange(len(excess)), excess)
    carrier = made.signals["RAT"] / (1 + at)
    assert np.sqrt(np.mean(carrier**2)) == pytest.approx(1, abs=0.01)
    blocks = carrier[: len(carrier) // (4 * rate) * 4 * rate].reshape(-1, 4 * rate)
    power = (np.abs(np.fft.rfft(blocks * np.hanning(4 * rate))) ** 2).mean(axis=0)
    hz = np.fft.rfftfreq(4 * rate, 1 / rate)
    top = min(100.0, 0.45 * rate)
    assert power[(hz > 12) & (hz < top - 5)].sum() / power.sum() > 0.85
    assert power[(hz < 4) | (hz > top + 8)].sum() / power.sum() < 0.002
