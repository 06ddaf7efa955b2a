"""Every real file gives what the table of real recordings says of it."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise

import pytest

from legtwitch.errors import FileError
from legtwitch.recording import can_score, read


def test_nox_psg_opens_and_is_refused_for_its_resolution(shared):
    night = read(shared / "psg_nox" / "nox_a1_subject1.edf")
    assert night.format == "EDF+C"
    assert len(night.channels) == 89
    assert night.duration_s == 120.0
    assert night.start.isoformat() == "2018-02-06T01:36:50"
    legs = {c.name: c for c in night.channels if c.role.startswith("leg")}
    assert {name: c.role for name, c in legs.items()} == {"Left Leg": "leg_left", "Right Leg": "leg_right"}
    assert all(c.unit == "uV" and c.file_unit == "V" and c.rate_hz == 200.0 for c in legs.values())
    assert next(c.role for c in night.channels if c.name == "Jambe droite Imp") == "other"
    for verdict in can_score(night).values():
        assert not verdict.ok
        assert "31.3 uV" in verdict.reason
        assert "2 uV" in verdict.reason
    said = {p.code: p.message for p in night.problems}
    assert said["Q131"].startswith("12 ")
    assert "Impédance" in said["Q201"]


def test_nox_samples_equal_those_of_an_independent_reader(shared):
    import edfio
    import numpy as np

    path = shared / "psg_nox" / "nox_a1_subject1.edf"
    night = read(path)
    raw = np.fromfile(path, "<i2", offset=256 * 91).reshape(12, -1)
    at = sum([10, 2000, 10])  # the annotations, channel 1 and its impedance come before channel 1-2
    digital = raw[:, at : at + 2000].ravel().astype(float)
    step = (0.003276 + 0.00327) / (32767 + 32767)
    expected = ((digital + 32767) * step - 0.00327) * 1e6
    (piece,) = night.pieces("1-2")
    assert np.array_equal(piece.values, expected.astype(np.float32))
    other = edfio.read_edf(shared / "sleep_edf_excerpt" / "short_psg.edf")
    ours = read(shared / "sleep_edf_excerpt" / "short_psg.edf")
    for signal, channel in zip(other.signals, ours.channels, strict=True):
        (piece,) = ours.pieces(channel.name)
        np.testing.assert_allclose(piece.values, signal.data, rtol=1e-6, atol=1e-4)
        assert piece.rate_hz == signal.sampling_frequency


def test_sleep_edf_chin_envelope_is_no_leg_and_hypnogram_holds_154_stages(shared):
    excerpt = read(shared / "sleep_edf_excerpt" / "short_psg.edf")
    chin = next(c for c in excerpt.channels if "submental" in c.name)
    assert (chin.role, chin.rate_hz) == ("emg_other", 1.0)
    assert not can_score(excerpt)["aasm-v3"].ok
    hypnogram = read(shared / "sleep_edf_excerpt" / "SC4001EC-Hypnogram.edf")
    assert hypnogram.channels == ()
    assert hypnogram.duration_s == 86400.0
    assert len(hypnogram.events) == 154
    assert all(e.event.startswith("stage_") for e in hypnogram.events)
    assert hypnogram.events[0].duration_s == 30630.0
    assert hypnogram.events[-1].event == "stage_unknown"


def test_format_cases_open_and_nothing_is_lost(shared):
    folder = shared / "format_cases"
    marked = read(folder / "evt.bdf")
    assert marked.format == "BDF+C"
    assert len(marked.events) == 1081
    assert marked.events[0].onset_s == 270.756
    assert marked.events[0].attributes == {"label": "200"}
    assert {p.code for p in marked.problems} >= {"Q130", "Q133"}
    assert (marked.channels[0].unit, marked.channels[0].samples) == ("uV", 1081)
    labelled = read(folder / "bdf_test.edf")
    assert (labelled.format, len(labelled.channels), labelled.duration_s) == ("EDF+C", 8, 73.0)
    assert labelled.start.isoformat() == "2020-02-02T02:20:20"
    uneven = read(folder / "test_uneven_samp.edf")
    assert uneven.start is None
    assert {c.name: c.rate_hz for c in uneven.channels} == {"3Hz +5/-5 V": 100.0, "0.2Hz Blk 1/0uV": 12.8}
    assert {p.code for p in uneven.problems} >= {"Q109", "Q105"}
    (wave,) = uneven.pieces("3Hz +5/-5 V")
    assert 4.9e6 < wave.values.max() < 5.1e6


def test_noxturnal_file_2(shared):
    marks = read(shared / "noxturnal_events" / "noxturnal_events_example_unicode_2.csv")
    assert marks.format == "Noxturnal"
    assert marks.start.isoformat() == "2018-07-25T23:45:40"
    counted = Counter(e.event for e in marks.events)
    assert sum(n for name, n in counted.items() if name.startswith("stage_")) == 848
    assert counted["leg_movement"] == 29
    assert (counted["apnea"], counted["hypopnea"], counted["arousal"], counted["desaturation"]) == (115, 89, 76, 191)
    assert (counted["artifact"], counted["body_position"]) == (0, 37), "the 22 artefacts may be of another sensor"
    (series,) = [e for e in marks.events if e.attributes.get("label") == "PLM"]
    assert (series.event, series.duration_s) == ("user_mark", 126.925)
    inside = [e for e in marks.events if e.event == "leg_movement" and 0 <= e.onset_s - series.onset_s <= 126.925]
    assert [b.onset_s - a.onset_s for a, b in pairwise(inside)] == [89, 15, 18]
    assert series.onset_s == 35 * 60 + 55
    assert inside[0].duration_s == 2.722
    assert len(marks.events) == 1412
    assert {p.code for p in marks.problems} == {"Q130", "Q137", "Q138"}
    assert can_score(marks)["wasm-2016"].ok


@pytest.mark.parametrize(("suffix", "events", "rapid"), [("", 1411, 0), ("_3", 2063, 551)])
def test_noxturnal_files_without_leg_movements_say_so(shared, suffix, events, rapid):
    marks = read(shared / "noxturnal_events" / f"noxturnal_events_example_unicode{suffix}.csv")
    assert len(marks.events) == events
    assert not [e for e in marks.events if e.event == "leg_movement"]
    assert sum(e.attributes.get("label") == "Rapide" for e in marks.events if e.event == "user_mark") == rapid
    assert all(e.duration_s == 30 for e in marks.events if e.event.startswith("stage_"))
    assert "Q136" in {p.code for p in marks.problems}


def test_what_is_no_recording_is_refused_in_one_sentence(shared):
    codes = {
        "domino_events/test1_Start-Baseline.txt": "E214",
        "ultrasound/contraction.gif": "E214",
    }
    for name, code in codes.items():
        with pytest.raises(FileError) as refused:
            read(shared / name)
        assert refused.value.code == code
