"""A written EMG reads back: values, roles, gaps in true time, truth; EDF+ and CSV in every unit."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

import legtwitch as lt
from legtwitch.errors import FileError, UsageError
from legtwitch.recording import read
from legtwitch.simulate import SimulatedEmg, emg, emg_recording, write_emg


@pytest.fixture(scope="module")
def made() -> SimulatedEmg:
    return emg(
        21, recipe="als_like", minutes=1, rate_hz=1000, channels=2, with_=["gaps", "ecg", "ecg_channel", "tonic"]
    )


@pytest.mark.parametrize(("unit", "scale"), [("uV", 1.0), ("mV", 1e3), ("V", 1e6)])
def test_an_edf_holds_the_same_values_in_any_unit(made: SimulatedEmg, unit: str, scale: float, tmp_path: Path) -> None:
    write_emg(tmp_path / "a.edf", made, unit=unit)
    recording = read(tmp_path / "a.edf")
    assert recording.format == "EDF+D"
    assert recording.duration_s == made.duration_s
    assert [channel.role for channel in recording.channels] == ["leg_left", "leg_left", "ecg"]
    assert [(one.start_s, one.duration_s) for one in recording.segments] == [
        (one.start_s, one.duration_s) for one in emg_recording(made).segments
    ]
    for channel in recording.channels:
        assert (channel.unit, channel.file_unit) == ("uV", unit)
        step = channel.resolution_uv or 0.0
        assert step < 0.2 * (1 + 5 * (scale > 1e5))
        for piece in recording.pieces(channel.name):
            first = round(piece.start_s * 1000)
            wanted = made.signals[channel.name][first : first + len(piece.values)]
            assert np.abs(piece.values - wanted).max() <= step + 1e-2


def test_the_truth_reads_back(made: SimulatedEmg, tmp_path: Path) -> None:
    write_emg(tmp_path / "a.edf", made)
    events = read(tmp_path / "a.edf.truth.tsv").events
    assert len(events) == len(made.truth) > 30
    found = [one for one in events if one.event == "fasciculation"]
    wanted = [one for one in made.truth if one.event == "fasciculation"]
    for one, other in zip(found, wanted, strict=True):
        assert (one.onset_s, one.duration_s, one.side, one.channel) == (
            other.onset_s,
            other.duration_s,
            other.side,
            other.channel,
        )
        for name in ("unit_id", "multiplicity", "snr", "peak_to_peak_uv", "noise_uv", "peak_s"):
            assert one.attributes[name] == other.attributes[name]
    assert not [one for one in read(tmp_path / "a.edf").events if one.event != "recording_gap"]


@pytest.mark.parametrize("suffix", ["edf", "csv"])
def test_the_same_recording_is_written_as_the_same_bytes(suffix: str, tmp_path: Path) -> None:
    for name in ("one", "other"):
        write_emg(tmp_path / f"{name}.{suffix}", emg(4, minutes=0.5, rate_hz=500, with_=["ecg", "mains"]))
    assert (tmp_path / f"one.{suffix}").read_bytes() == (tmp_path / f"other.{suffix}").read_bytes()
    truths = [(tmp_path / f"{name}.{suffix}.truth.tsv").read_bytes() for name in ("one", "other")]
    assert truths[0] == truths[1]


@pytest.mark.parametrize(("unit", "scale"), [("uV", 1.0), ("mV", 1e-3), ("V", 1e-6)])
def test_a_csv_says_its_unit_and_leaves_gaps_out(made: SimulatedEmg, unit: str, scale: float, tmp_path: Path) -> None:
    write_emg(tmp_path / "a.csv", made, unit=unit)
    header, *lines = (tmp_path / "a.csv").read_text().splitlines()
    assert header == f"time_s,EMG L TA 1 ({unit}),EMG L TA 2 ({unit}),ECG ({unit})"
    table = np.array([[float(cell) for cell in line.split(",")] for line in lines])
    kept = np.ones(len(made.signals["ECG"]), dtype=bool)
    for start, end in made.gaps:
        kept[round(start * 1000) : round(end * 1000)] = False
    assert table[:, 0] == pytest.approx(np.flatnonzero(kept) / 1000, abs=1e-6)
    for column, trace in enumerate(made.signals.values(), start=1):
        assert np.abs(table[:, column] / scale - trace[kept]).max() < 1e-3


def test_a_csv_reads_back_through_the_reader(tmp_path: Path) -> None:
    made = lt.simulate_emg(3, minutes=0.5, rate_hz=500, unit="mV", path=tmp_path / "a.csv")
    recording = lt.read(tmp_path / "a.csv")
    (channel,) = recording.channels
    assert (channel.name, channel.unit, channel.rate_hz) == ("EMG L Gastroc", "uV", pytest.approx(500))
    (piece,) = recording.pieces(channel.name)
    assert np.abs(piece.values - made.signals["EMG L Gastroc"]).max() < 0.01


def test_a_needle_says_that_it_is_one(tmp_path: Path) -> None:
    made = lt.simulate_emg(3, recipe="fibrillations", minutes=0.5, path=tmp_path / "a.edf")
    assert made.modality == "needle_emg"
    (channel,) = lt.read(tmp_path / "a.edf").channels
    assert channel.rate_hz == 20_000
    assert b"concentric needle electrode" in (tmp_path / "a.edf").read_bytes()[:2000]


def test_a_recording_in_memory_holds_the_same() -> None:
    made = emg(2, recipe="rest_tremor", minutes=0.5, with_=["gaps"])
    recording = emg_recording(made)
    assert [channel.role for channel in recording.channels] == ["leg_left", "emg_other"]
    assert sum(len(piece.values) for piece in recording.pieces("EMG L TA")) == recording.channels[0].samples
    assert {event.event for event in recording.events} == {"recording_gap"}


def test_other_suffixes_units_and_folders_are_refused(tmp_path: Path) -> None:
    made = emg(2, minutes=0.2)
    with pytest.raises(UsageError):
        write_emg(tmp_path / "a.txt", made)
    with pytest.raises(UsageError):
        write_emg(tmp_path / "a.edf", made, unit="kV")
    with pytest.raises(FileError):
        write_emg(tmp_path / "nowhere" / "a.edf", made)


def test_the_command_writes_both_files(run: Callable, tmp_path: Path) -> None:
    out = tmp_path / "calf.edf"
    ran = run(
        "simulate",
        "emg",
        out,
        "--seed",
        3,
        "--minutes",
        0.5,
        "--recipe",
        "als_like",
        "--with",
        "ecg,tonic",
        "--channels",
        2,
    )
    assert ran.code == 0
    assert ran.out.split() == [str(out), f"{out}.truth.tsv"]
    assert [channel.name for channel in read(out).channels] == ["EMG L TA 1", "EMG L TA 2"]
    refused = run("simulate", "emg", out, "--seed", 3, "--recipe", "als")
    assert refused.code == 2
    assert "als_like" in refused.err
