"""What can be looked for in a recording made awake, and the reason in figures where it can't."""

from __future__ import annotations

import numpy as np
import pytest

from legtwitch.model import Event, Recording
from legtwitch.recording import can_detect, emg_channels, finite_pieces, motion_channels
from legtwitch.recording.usable import EMG_KINDS


def verdict(recording, kind="fasciculation"):
    found = can_detect(recording)
    assert set(found) == set(EMG_KINDS)
    assert all(one.reason.endswith(".") for one in found.values())
    return found[kind]


@pytest.mark.parametrize(
    ("fields", "records", "ok", "words"),
    [
        ({"samples": 2000}, 300, True, "can be used."),
        ({"samples": 2000}, 299, True, "A rate needs 5 min of signal and there are 299 s"),
        ({"samples": 2000}, 59, True, "and 60 s to say that there are none"),
        ({"samples": 999}, 300, True, "Counts only, no shapes"),
        ({"samples": 1000}, 300, True, "can be used."),
        ({"samples": 99}, 300, False, "99 Hz; at least 100 Hz"),
        ({"samples": 0}, 300, False, "rate"),
        ({"samples": 256, "unit": "mV"}, 300, False, "100 uV; at most 10 uV"),
        ({"samples": 256, "unit": "mV", "dmax": "-32768"}, 300, False, "no scale"),
        ({"samples": 2000, "unit": ""}, 300, True, "No amplitude in uV and no norm"),
        ({"samples": 2000, "label": "Chin"}, 300, False, "no channel"),
        ({"samples": 2000, "label": "C3"}, 300, False, "no channel"),
        ({"samples": 2000, "label": "Vastus lateralis"}, 300, True, "can be used."),
        ({"samples": 2000, "label": "VM"}, 300, True, "can be used."),
        ({"samples": 2000, "label": "VM", "unit": "%"}, 300, False, "no channel"),
    ],
)
def test_reasons_name_the_figure(opened, sig, fields, records, ok, words):
    night = opened([sig(**({"label": "LAT"} | fields)), sig("Other", samples=10)], records)
    found = verdict(night)
    assert found.ok == ok
    assert words in found.reason
    if words == "can be used.":
        assert found.reason.endswith(words)


def test_a_good_channel_is_enough(opened, sig):
    night = opened([sig("LAT", samples=2000), sig("RAT", samples=50)], 300)
    assert [one.name for one in emg_channels(night)] == ["LAT"]
    assert verdict(night).ok
    assert motion_channels(night) == ()


def test_rhythms_need_two_windows(opened, sig):
    assert not verdict(opened([sig("LAT", samples=500)], 5), "tremor").ok
    assert verdict(opened([sig("LAT", samples=500)], 6), "tremor").ok


def test_a_file_of_marks_has_no_signal():
    assert not verdict(Recording("m", "TSV", None, 1.0, (), (), (Event(0, 1, "leg_movement"),), ())).ok


def test_pieces_of_a_whole_channel_are_the_pieces(opened, sig):
    night = opened([sig("LAT", samples=4, data=range(8))], 2)
    ours, theirs = finite_pieces(night, "LAT"), night.pieces("LAT")
    assert [one.start_s for one in ours] == [one.start_s for one in theirs]
    assert np.array_equal(ours[0].values, theirs[0].values)
    assert finite_pieces(night, "LAT", 3.0) == ()
    with pytest.raises(KeyError):
        finite_pieces(night, "RAT")
