"""EDF+ files of ours: read back by our reader and by an independent one."""

from __future__ import annotations

from datetime import datetime

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from legtwitch.errors import FileError, RecordingError
from legtwitch.model import Event
from legtwitch.recording import EdfSignal, read, write_annotations, write_edf
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
    assert {p.code for p in night.problems} == {"Q123", "Q133", "Q130"}


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


def test_gaps_are_written_as_the_clock_of_later_records(tmp_path):
    path = tmp_path / "gaps.edf"
    gaps = ((10.0, 12.5), (20.5, 3620.25))
    events = [Event(9, 2, "arousal"), Event(13.25, 2, "leg_movement", "left"), Event(10, 2.5, "recording_gap")]
    write_edf(path, legs(60), start=START, events=events, gaps=gaps)
    night = read(path)
    assert night.format == "EDF+D"
    assert [(s.start_s, s.duration_s) for s in night.segments] == [(0, 10), (12.5, 8), (3620.25, 42)]
    assert [(e.onset_s, e.duration_s) for e in night.events if e.event == "recording_gap"] == [
        (10, 2.5),
        (20.5, 3599.75),
    ]
    assert [(e.onset_s, e.event) for e in night.events if e.event != "recording_gap"] == [
        (9, "arousal"),
        (13.25, "leg_movement"),
    ]
    joined = np.concatenate([piece.values for piece in night.pieces("LAT")])
    np.testing.assert_allclose(joined, legs(60)[0].values_uv, atol=0.01)
    assert {p.code for p in night.problems} <= {"Q113"}


@pytest.mark.parametrize(
    "gaps", [((0.5, 2.0),), ((0.0, 2.0),), ((5.0, 5.0),), ((20.0, 30.0), (10.0, 15.0)), ((60.0, 70.0),)]
)
def test_gaps_that_do_not_lie_between_records_are_refused(tmp_path, gaps):
    with pytest.raises(RecordingError) as refused:
        write_edf(tmp_path / "x.edf", legs(60), start=START, gaps=gaps)
    assert refused.value.code == "E305"
    assert list(tmp_path.iterdir()) == []


LABELS = ["", "LM", "PLM", "Artefact", "LeftLegPhasic", "Leg movement - left", "a: b :: c", "arousal ::", "w", "Rapide"]


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.builds(
            Event,
            st.integers(-10_000, 10**7).map(lambda n: n / 1000),
            st.integers(0, 10**5).map(lambda n: n / 1000),
            st.sampled_from(EVENTS),
            st.sampled_from(["left", "right", "both", "n/a"]),
            st.none(),
            st.sampled_from(LABELS).map(lambda label: {"label": label} if label else {}),
        ),
        max_size=30,
    ),
    st.sampled_from([1.0, 28800.0, 28799.123, 28807.0, 0.125, 100 / 3]),
)
def test_annotations_alone_are_read_back_with_side_label_and_duration(tmp_path, events, duration):
    path = tmp_path / "marks.edf"
    write_annotations(path, events, start=START, duration_s=duration)
    marks = read(path)
    assert (marks.format, marks.start, marks.channels, marks.segments) == ("EDF+C", START, (), ())
    last = max((e.onset_s + e.duration_s for e in events), default=0.0)
    assert max(duration, last) <= marks.duration_s + 1e-6 < max(duration, last) + 1.001
    found = list(marks.events)
    assert len(found) == len(events)
    for event in sorted(events, key=lambda e: not e.attributes):
        label = event.attributes.get("label")
        same = [
            e
            for e in found
            if (e.onset_s, e.duration_s, e.event, e.side) == (event.onset_s, event.duration_s, event.event, event.side)
            and (label is None or e.attributes.get("label") == label)
        ]
        assert same, event
        found.remove(same[0])


def test_a_night_of_many_annotations_stays_readable_for_others(tmp_path):
    import edfio

    path = tmp_path / "marks.edf"
    events = [Event(k * 2.0, 1.5, "leg_movement", "left") for k in range(6000)]
    write_annotations(path, events, start=START, duration_s=28807)
    marks = read(path)
    assert (len(marks.events), marks.duration_s) == (6000, 28807)
    other = edfio.read_edf(path)
    assert len(other.annotations) == 6000
    header = path.read_bytes()[:512]
    assert 2 * int(header[256 + 216 : 256 + 224]) <= 61_440


@pytest.mark.parametrize("duration", [0.0, -1.0, float("nan"), 1e9])
def test_annotations_without_a_usable_duration_are_refused(tmp_path, duration):
    with pytest.raises(RecordingError) as refused:
        write_annotations(tmp_path / "x.edf", [], start=START, duration_s=duration)
    assert refused.value.code == "E305"
