"""Real EMG and phone files give what the table of real recordings says of them."""

from __future__ import annotations

import numpy as np
import pytest

from legtwitch.recording import can_detect, can_score, muscle_of, muscle_of_channel, read


def said(recording) -> dict[str, str]:
    return {p.code: p.message for p in recording.problems}


@pytest.mark.parametrize(
    ("name", "samples", "first_uv", "spelling"),
    [("healthy", 50860, -33.3, "mV"), ("myopathy", 110337, -5.0, "mv"), ("neuropathy", 147858, 90.0, "mV")],
)
def test_needle_records(shared, name, samples, first_uv, spelling):
    path = shared / "emg_needle_tibialis" / f"emg_{name}.hea"
    opened = read(path)
    (channel,) = opened.channels
    assert (opened.format, channel.rate_hz, channel.samples, channel.unit) == ("WFDB", 4000.0, samples, "uV")
    assert (channel.file_unit, channel.resolution_uv) == (spelling, pytest.approx(0.1))
    (piece,) = opened.pieces("EMG")
    raw = np.fromfile(path.with_suffix(".dat"), "<i2")
    assert np.array_equal(piece.values, (raw / 10).astype(np.float32))
    assert piece.values[0] == pytest.approx(first_uv)
    assert not {"Q154", "Q155", "Q104", "Q105", "Q220"} & set(said(opened)), "checksum and first sample are right"
    assert muscle_of_channel(channel)[:2] == ("tibialis_anterior", "n/a")
    assert "needle" in channel.why
    assert can_detect(opened)["fasciculation"].ok
    assert "A rate needs 5 min" in can_detect(opened)["fasciculation"].reason
    assert not can_score(opened)["aasm-v3"].ok
    assert [p.values.tobytes() for p in read(path.with_suffix(".dat")).pieces("EMG")] == [piece.values.tobytes()]


def test_the_neuropathy_record_is_clipped_and_the_others_are_not(shared):
    clipped = {
        name: "Q226" in said(read(shared / "emg_needle_tibialis" / f"emg_{name}.hea"))
        for name in ("healthy", "myopathy", "neuropathy")
    }
    assert clipped == {"healthy": False, "myopathy": False, "neuropathy": True}


def test_thirteen_muscles_of_walking(shared):
    path = shared / "emg_surface_gait" / "raw_emg_13_leg_muscles.csv"
    opened = read(path, unit="uV")
    assert len(opened.channels) == 13
    assert {c.rate_hz for c in opened.channels} == {1000.0}
    assert {c.unit for c in opened.channels} == {"uV"}
    assert opened.duration_s == pytest.approx(7.618)
    assert all(0.09 < c.resolution_uv < 0.11 for c in opened.channels)
    raw = np.loadtxt(path, delimiter=",", skiprows=1)
    for number, channel in enumerate(opened.channels, 1):
        (piece,) = opened.pieces(channel.name)
        assert np.array_equal(piece.values, raw[:, number].astype(np.float32))
    muscles = {c.name: muscle_of(c.name).muscle for c in opened.channels}
    assert muscles["RF"] == "rectus_femoris"
    assert muscles["SO"] == "soleus"
    assert None not in muscles.values()
    assert {c.unit for c in read(path).channels} == {None}, "the file itself gives no unit"


@pytest.mark.parametrize("word", ["LEG_AGILITY", "REST_TREMOR"])
def test_phone_on_the_left_leg(shared, word):
    (path,) = (shared / "phone_leg").glob(f"*{word}*.csv")
    opened = read(path)
    assert [c.role for c in opened.channels] == ["acceleration"] * 3
    assert {c.unit for c in opened.channels} == {"m/s2"}
    assert opened.channels[0].rate_hz == pytest.approx(100, abs=0.01)
    assert opened.duration_s == pytest.approx(31.95, abs=0.01)
    assert "in m/s2:" in said(opened)["Q222"]
    assert "nanoseconds" in said(opened)["Q152"]
    raw = np.loadtxt(path, delimiter=",")
    for number, axis in enumerate("xyz", 1):
        (piece,) = opened.pieces(f"acceleration {axis}")
        assert len(piece.values) == len(raw)
        assert np.abs(piece.values - raw[:, number]).max() < 1.0
        assert np.median(np.abs(piece.values - raw[:, number])) < 0.01
    assert can_detect(opened)["tremor"].ok


def test_phone_json(shared):
    opened = read(shared / "phone_leg" / "mpower_tremor.json")
    assert [c.name for c in opened.channels] == ["acceleration x", "acceleration y", "acceleration z"]
    assert opened.channels[0].rate_hz == pytest.approx(102.6, abs=0.05)
    assert opened.duration_s == pytest.approx(19.0, abs=0.1)
    assert "in g:" in said(opened)["Q222"]
    axes = [opened.pieces(c.name)[0].values for c in opened.channels]
    assert 9 < np.median(np.sqrt(sum(axis.astype(float) ** 2 for axis in axes))) < 10.7
    spectrum = np.abs(np.fft.rfft(axes[0] - axes[0].mean())) ** 2
    frequencies = np.fft.rfftfreq(len(axes[0]), 1 / opened.channels[0].rate_hz)
    assert frequencies[1:][spectrum[1:].argmax()] == pytest.approx(2.2, abs=0.3)
