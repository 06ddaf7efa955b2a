"""Piecewise true time: gaps are exact to the end of the night, and a wrong clock is said."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from legtwitch.recording.timeline import build_timeline

SECOND = 10**9


@pytest.mark.parametrize("rate", [128, 200, 256, 500, 512])
def test_gap_times_do_not_drift_over_a_night(rate):
    """Gaps of one sample,
    of 1.5 s and of an hour; records of 0.5 s; every time equals the one counted in fractions."""
    record = SECOND // 2
    clock, truth, now = [], [], Fraction(0)
    gaps = {
        1000: Fraction(1, rate),
        20_000: Fraction(3, 2) + Fraction(1, rate),
        40_000: Fraction(3600) + Fraction(1, rate),
    }
    for number in range(8 * 3600 * 2):
        if number in gaps:
            truth.append((now, gaps[number]))
            now += gaps[number]
        clock.append(int(now * SECOND))
        assert Fraction(clock[-1], SECOND) == now
        now += Fraction(1, 2)
    line = build_timeline(clock, len(clock), record, plus="+D", fastest_samples=rate // 2)
    assert [(g.onset_s, g.duration_s) for g in line.gaps] == [(float(onset), float(length)) for onset, length in truth]
    assert line.duration_ns == int(now * SECOND)
    starts = [0.0, *(float(onset + length) for onset, length in truth)]
    assert [s.start_s for s in line.segments] == starts
    assert line.runs == ((0, 1000), (1000, 19_000), (20_000, 20_000), (40_000, 17_600))
    last = line.segments[-1]
    samples = line.runs[-1][1] * rate // 2
    assert last.start_s + samples / rate == pytest.approx(float(now), abs=1e-9)
    assert [p.code for p in line.problems] == ["Q113"]


def clock_tals(times):
    return [f"+{time}\x14\x14\0".encode() for time in times]


def test_gaps_of_a_file_become_events_and_pieces(opened, sig, annotations):
    clock = annotations(clock_tals([0, 1, "5.5", "6.5", "100.125"]), 20)
    night = opened([sig(data=list(range(20))), clock], 5, reserved="EDF+D")
    assert night.format == "EDF+D"
    assert night.duration_s == 101.125
    assert [(e.event, e.onset_s, e.duration_s) for e in night.events] == [
        ("recording_gap", 2.0, 3.5),
        ("recording_gap", 7.5, 92.625),
    ]
    pieces = night.pieces("LAT")
    assert [p.start_s for p in pieces] == [0.0, 5.5, 100.125]
    assert [len(p.values) for p in pieces] == [8, 8, 4]
    np.testing.assert_allclose(np.concatenate([p.values for p in pieces]), np.arange(20) / 10, atol=1e-3)
    assert {p.code for p in night.problems} >= {"Q113"}


def test_a_file_that_denies_its_gaps_is_not_believed(opened, sig, annotations):
    night = opened([sig(), annotations(clock_tals([0, 1, 10]), 20)], 3, reserved="EDF+C")
    assert {p.code for p in night.problems} >= {"Q113", "Q114"}
    assert night.duration_s == 11.0


def test_rounding_is_no_gap_and_drift_is_said():
    rounded = [round(k * SECOND / 3, -6) for k in range(3000)]  # records of 1/3 s, times to the millisecond
    line = build_timeline(rounded, 3000, SECOND // 3, plus="+D", fastest_samples=85)
    assert line.gaps == ()
    drifting = [k * (SECOND + 10_000) for k in range(3600)]  # 10 us a second
    line = build_timeline(drifting, 3600, SECOND, plus="+D", fastest_samples=256)
    assert line.gaps == ()
    assert [p.code for p in line.problems] == ["Q117"]
    assert "0.036 s" in line.problems[0].message


def test_clocks_that_are_unreadable_or_run_back():
    line = build_timeline([0, None, 2 * SECOND, 3 * SECOND], 4, SECOND, plus="+D", fastest_samples=1)
    assert (line.runs, [p.code for p in line.problems]) == (((0, 4),), ["Q115"])
    line = build_timeline([None] * 4, 4, SECOND, plus="+D", fastest_samples=1)
    assert (line.runs, [p.code for p in line.problems]) == (((0, 4),), ["Q115"])
    line = build_timeline([None] * 4, 4, SECOND, plus="+C", fastest_samples=1)
    assert line.problems == ()
    line = build_timeline([0, SECOND, 0, 3 * SECOND], 4, SECOND, plus="+D", fastest_samples=1)
    assert (line.runs, [p.code for p in line.problems]) == (((0, 4),), ["Q116"])
    lone = build_timeline([0, 10**15, 2 * SECOND, 3 * SECOND], 4, SECOND, plus="+D", fastest_samples=1)
    assert (lone.runs, [p.code for p in lone.problems]) == (((0, 4),), ["Q115"])
    starts = [
        s.start_s for s in build_timeline([0, 9 * SECOND, 5 * SECOND], 3, SECOND, plus="+D", fastest_samples=1).segments
    ]
    assert starts == sorted(starts)


def test_rate_is_the_exact_quotient(opened, sig):
    night = opened([sig(samples=77)], 3, duration="0.3")
    assert night.channels[0].rate_hz == float(Fraction(770, 3))
    assert opened([sig(samples=100)], 3, duration="0.015625").channels[0].rate_hz == 6400.0


def test_annotations_of_every_shape(opened, sig, annotations):
    first = (
        b"+0\x14\x14note in the clock\x14\0+1.5\x152.25\x14Leg movement - left\x14Arousal\x14\0-3\x14before\x14\0"
        b"+2\x14\x14\0+x\x14broken\x14\0+3\x14M\xe9lange\x14\0+4\x15\x14no duration\x14\0"
    )
    night = opened([sig(), annotations([first, b"+1\x14\x14\0"], 100)], 2, reserved="EDF+C")
    found = [(e.onset_s, e.duration_s, e.event, e.side, e.attributes.get("label")) for e in night.events]
    assert found == [
        (-3.0, 0.0, "user_mark", "n/a", "before"),
        (0.0, 0.0, "user_mark", "n/a", "note in the clock"),
        (1.5, 2.25, "leg_movement", "left", "Leg movement - left"),
        (1.5, 2.25, "arousal", "n/a", "Arousal"),
        (3.0, 0.0, "user_mark", "n/a", "Mélange"),
        (4.0, 0.0, "user_mark", "n/a", "no duration"),
    ]
    said = {p.code: p.message for p in night.problems}
    assert said["Q131"].startswith("1 ")
    assert said["Q132"].startswith("1 ")
    assert said["Q133"].startswith("3 ")


def test_several_annotation_signals_in_large_records(opened, sig, annotations):
    one = annotations([b"+0\x14\x14\0+0.5\x14a\x14\0", b"+1\x14\x14\0"], 20)
    two = annotations([b"+0.75\x14b\x14\0", b"+1.5\x14c\x14\0"], 33)
    for samples in (4, 40_000):
        night = opened([one, sig(samples=samples), two], 2, reserved="EDF+C")
        assert [e.attributes["label"] for e in night.events] == ["a", "b", "c"]
        assert len(night.channels) == 1


def test_a_series_of_the_maker_and_stages_that_overlap_are_said(opened, sig, annotations):
    text = (
        b"+0\x14\x14\0+0\x1530\x14Sleep stage W\x14\0+29\x1530\x14Sleep stage N1\x14\0+60\x14Sleep stage R\x14\0"
        b"+5\x15126.9\x14PLM\x14\0+5\x153\x14PLM (Left)\x14\0"
    )
    night = opened([sig(), annotations([text], 100)], 1, reserved="EDF+C")
    assert {p.code for p in night.problems} >= {"Q134", "Q135", "Q137"}
    assert [(e.event, e.duration_s) for e in night.events if e.onset_s == 5] == [
        ("user_mark", 126.9),
        ("leg_movement", 3.0),
    ]
