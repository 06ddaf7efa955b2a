"""EDF+ files of ours: read back by our reader and by an independent one."""

from __future__ import annotations

from datetime import datetime

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from legtwitch.errors import FileError, RecordingError
from legtwitch.model import Event
from legtwitch.recording import EdfSignal, read, write_edf
from legtwitch.recording.marks import EVENTS

START = datetime(2026, 11, 1, 22, 30, 0, 125000)


def legs(seconds=60, rate=256.0, **more):
    noise = np.random.default_rng(1).normal(0, 20, int(seconds * rate))
    return [EdfSignal("LAT", noise, rate, **more), EdfSignal("RAT", noise * 2, rate, **more)]


def test_signals_and_events_are_read_back(tmp_path):
    path = tmp_path / "night.edf"
    events = [
        Event(0, 30, "stage_W"), Event(30, 30, "stage_N2"), Event(1.25, 2.5, "leg_movement", "left"), Event(7, 0,
        "lights_off"),
        Event(9, 11, "apnea", attributes={"label": "A. Centrale"}), Event(20, 3, "user_mark",
        attributes={"label": "Rapide"}),
        Event(21, 3, "tremor", "right"), Event(-1.5, 0.5, "arousal"), Event(22, 4, "leg_movement", "both"),
        Event(25, 1, "rem_twitch"),
    ]  # fmt: skip
    write_edf(path, legs(), start=START, events=events)
    night = read(path)
    assert (night.format, night.start, night.duration_s) == ("EDF+C", START, 60.0)
    found = {(e.onset_s, e.duration_s, e.event, e.side) for e in night.events}
    assert found == {(e.onset_s, e.duration_s, e.event, e.side) for e in events}
    assert {e.attributes.get("label") for e in night.events} >= {"A. Centrale", "Rapide"}
    for signal in legs():
        (piece,) = night.pieces(signal.name)
        step = next(c.resolution_uv for c in night.channels if c.name == signal.name)
        assert np.abs(piece.values - signal.values_uv).max() <= step / 2 + 1e-4
    assert {p.code for p in night.problems} <= {"Q133", "Q130"}


def test_an_independent_reader_agrees(tmp_path):
    import edfio

    path = tmp_path / "night.edf"
    write_edf(
        path, legs(unit="mV"), start=START, events=[Event(3.5, 30, "stage_N3"), Event(59, 0.7, "leg_movement", "left")]
    )
    other = edfio.read_edf(path)
    ours = read(path)
    assert [(a.onset, a.duration, a.text) for a in other.annotations] == [
        (3.5, 30.0, "Sleep stage N3"),
        (59.0, 0.7, "Leg movement - left"),
    ]
    assert (other.startdate, other.starttime) == (START.date(), START.time())
    for signal in other.signals:
        np.testing.assert_allclose(ours.pieces(signal.label)[0].values, signal.data * 1000, rtol=1e-5, atol=1e-3)
        assert signal.physical_dimension == "mV"


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.builds(
            Event,
            st.integers(-10_000, 10**7).map(lambda n: n / 1000),
            st.integers(0, 10**6).map(lambda n: n / 1000),
            st.sampled_from([e for e in EVENTS if e != "user_mark"]),
            st.sampled_from(["left", "right", "both", "n/a"]),
        ),
        max_size=40,
    ),
    st.integers(0, 999_999),
)
def test_events_of_any_kind_survive(tmp_path, events, microsecond):
    events = [
        e
        for e in events
        if e.side == "n/a" or not e.event.startswith(("stage_", "lights_", "apnea", "hypopnea", "rera", "desat"))
    ]
    path = tmp_path / "night.edf"
    start = START.replace(microsecond=microsecond)
    write_edf(path, [EdfSignal("LAT", np.arange(4.0), 2.0)], start=start, events=events)
    night = read(path)
    assert night.start == start
    side = {"body_position", "arousal", "artifact"}
    expected = sorted(
        (e.onset_s, e.duration_s, e.event, e.side) for e in events if e.event not in side or e.side == "n/a"
    )
    found = [(e.onset_s, e.duration_s, e.event, e.side) for e in night.events]
    assert [one for one in sorted(found) if one[2] not in side or one[3] == "n/a"] == expected
    assert len(found) == len(events)


@pytest.mark.parametrize("limit", [1e-3, 0.5, 49.5, 3276.7, 99999, 1e6])
def test_limits_of_any_size_fit_the_header(tmp_path, limit):
    values = np.linspace(-limit, limit, 512)
    write_edf(tmp_path / "x.edf", [EdfSignal("LAT", values, 256.0)], start=None)
    night = read(tmp_path / "x.edf")
    assert night.start is None
    step = night.channels[0].resolution_uv
    assert np.abs(night.pieces("LAT")[0].values - values).max() <= step * 0.51 + limit * 1e-6


def test_values_beyond_the_limit_are_clipped_as_by_an_amplifier(tmp_path):
    values = np.array([0.0, 500, -500, 99] * 64)
    write_edf(tmp_path / "x.edf", [EdfSignal("LAT", values, 256.0, limit_uv=100)], start=START)
    got = read(tmp_path / "x.edf").pieces("LAT")[0].values
    assert (got.min(), got.max()) == pytest.approx((-100, 100))


def test_constant_signals_and_other_units(tmp_path):
    write_edf(
        tmp_path / "x.edf",
        [EdfSignal("LAT", np.zeros(512), 256.0), EdfSignal("Flow", np.full(20, 3.5), 10.0, unit="cmH2O")],
        start=START,
    )
    night = read(tmp_path / "x.edf")
    assert np.abs(night.pieces("LAT")[0].values).max() < 1e-4
    assert night.pieces("Flow")[0].values == pytest.approx(3.5, abs=1e-4)
    assert [c.unit for c in night.channels] == ["uV", "cmH2O"]


@pytest.mark.parametrize(
    ("signals", "more"),
    [
        ([], {}),
        ([EdfSignal("LAT", np.zeros(100), 256.0)], {}),
        ([EdfSignal("LAT", np.zeros(256), 256.0), EdfSignal("RAT", np.zeros(512), 256.0)], {}),
        ([EdfSignal("LAT", np.zeros(256), 256.5)], {}),
        ([EdfSignal("a name that is too long", np.zeros(256), 256.0)], {}),
        ([EdfSignal("Fuß", np.zeros(256), 256.0)], {}),
        ([EdfSignal("", np.zeros(256), 256.0)], {}),
        ([EdfSignal("LAT", np.full(256, np.nan), 256.0)], {}),
        ([EdfSignal("LAT", np.full(256, np.inf), 256.0)], {}),
        ([EdfSignal("LAT", np.full(256, 1e12), 256.0)], {}),
        ([EdfSignal("LAT", np.zeros(256), 256.0)], {"start": datetime(1900, 1, 1)}),
        ([EdfSignal("LAT", np.zeros(256), 256.0)], {"record_duration_s": 1 / 3}),
        ([EdfSignal("LAT", np.zeros(256), 256.0)], {"record_duration_s": 0.0}),
    ],
)
def test_what_does_not_fit_is_refused_and_nothing_is_written(tmp_path, signals, more):
    with pytest.raises(RecordingError) as refused:
        write_edf(tmp_path / "x.edf", signals, **({"start": START} | more))
    assert refused.value.code == "E305"
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_missing(tmp_path):
    with pytest.raises(FileError) as refused:
        write_edf(tmp_path / "nowhere" / "x.edf", legs(), start=START)
    assert refused.value.code == "E227"
