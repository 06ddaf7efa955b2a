"""A written night reads back: marks, truth, values within one digital step, gaps in true time."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from legtwitch.recording import read
from legtwitch.simulate import SimulatedNight, as_recording, night, truth_rows, write_night

OPTIONS = ("ragged_bursts", "respiratory", "arousals", "electrode_pops", "alma", "ecg_channel")


def in_table(events: object) -> list[tuple[object, ...]]:
    return [(e.onset_s, e.duration_s, e.event, e.side, e.attributes.get("kind")) for e in events]  # type: ignore[attr-defined]


@pytest.fixture(scope="module")
def made() -> SimulatedNight:
    return night(21, hours=1, rate_hz=200, with_=OPTIONS)


@pytest.fixture(scope="module")
def file(made: SimulatedNight, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("night") / "night.edf"
    write_night(path, made)
    return path


def test_the_file_holds_the_same_values_within_one_digital_step(made: SimulatedNight, file: Path) -> None:
    recording = read(file)
    assert recording.format == "EDF+C"
    assert recording.start == made.start
    assert recording.duration_s == made.duration_s
    assert [channel.role for channel in recording.channels] == ["leg_left", "leg_right", "ecg"]
    for channel in recording.channels:
        (piece,) = recording.pieces(channel.name)
        assert channel.unit == "uV"
        assert channel.resolution_uv is not None
        assert channel.resolution_uv < 0.1
        assert np.abs(piece.values - made.signals[channel.name]).max() <= channel.resolution_uv


def test_the_marks_read_back_and_hold_nothing_of_the_truth(made: SimulatedNight, file: Path) -> None:
    events = read(file).events
    assert sorted(map(repr, in_table(events))) == sorted(map(repr, in_table(made.events)))
    assert {"stage_N2", "lights_off", "lights_on", "arousal", "apnea"} <= {event.event for event in events}
    assert not {"leg_movement", "alma"} & {event.event for event in events}


def test_the_truth_reads_back_to_the_microsecond(made: SimulatedNight, file: Path) -> None:
    recording = read(Path(f"{file}.truth.tsv"))
    assert in_table(recording.events) == in_table(truth_rows(made))
    movements = [event for event in recording.events if event.event == "leg_movement"]
    assert len(movements) == len(made.truth) > 20
    assert [event.attributes["peak_uv"] for event in movements] == [e.attributes["peak_uv"] for e in made.truth]


def test_the_same_night_is_written_as_the_same_bytes(made: SimulatedNight, file: Path, tmp_path: Path) -> None:
    again = tmp_path / "again.edf"
    write_night(again, night(21, hours=1, rate_hz=200, with_=OPTIONS))
    assert again.read_bytes() == file.read_bytes()
    assert Path(f"{again}.truth.tsv").read_bytes() == Path(f"{file}.truth.tsv").read_bytes()


def test_a_recording_in_memory_is_what_the_file_holds(made: SimulatedNight, file: Path) -> None:
    here, there = as_recording(made), read(file)
    assert in_table(here.events) == in_table(made.events)
    assert here.segments == there.segments
    for channel, other in zip(here.channels, there.channels, strict=True):
        assert (channel.name, channel.role, channel.unit) == (other.name, other.role, other.unit)
        assert (channel.rate_hz, channel.samples) == (other.rate_hz, other.samples)


@pytest.mark.parametrize("hours", [1.0, 8.0])
def test_a_gap_is_written_as_edf_plus_d_in_true_time(hours: float, tmp_path: Path) -> None:
    made = night(21, hours=hours, rate_hz=100, with_=["gap", "arousals"])
    write_night(tmp_path / "gap.edf", made)
    recording = read(tmp_path / "gap.edf")
    ((start, end),) = made.gaps
    assert recording.format == "EDF+D"
    assert [(one.start_s, one.duration_s) for one in recording.segments] == [(0, start), (end, made.duration_s - end)]
    assert recording.segments == as_recording(made).segments
    first, second = recording.pieces("LAT")
    expected = made.signals["LAT"]
    assert np.abs(first.values - expected[: len(first.values)]).max() < 0.1
    assert np.abs(second.values - expected[-len(second.values) :]).max() < 0.1
    assert sorted(map(repr, in_table(recording.events))) == sorted(map(repr, in_table(made.events)))
