"""Noxturnal exports in all dialects, and marks laid over a recording by their clocks."""

from __future__ import annotations

from datetime import datetime

import pytest

from legtwitch.errors import FileError, RecordingError
from legtwitch.model import Event, Recording
from legtwitch.recording import add_marks, read

ENGLISH = "Start Time,End Time,Event,Duration,\n[],[],[],[s],\n"
FRENCH = "Heure de début,Heure de fin,Événement,Durée,\n[],[],[],[s],\n"


def export(tmp_path, text, encoding="utf-16"):
    path = tmp_path / "events.csv"
    path.write_bytes(text.encode(encoding))
    return read(path)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-8", "utf-8-sig", "cp1252"])
def test_encodings(tmp_path, encoding):
    marks = export(
        tmp_path,
        FRENCH
        + "25/07/2018 23:45:40,25/07/2018 23:46:10,Éveil,30,\n25/07/2018 23:46:00,25/07/2018 23:46:03,MJ,2.722,\n",
        encoding,
    )
    assert marks.start == datetime(2018, 7, 25, 23, 45, 40)
    assert [(e.onset_s, e.duration_s, e.event) for e in marks.events] == [
        (0, 30, "stage_W"),
        (20, 2.722, "leg_movement"),
    ]
    assert ("Q121" in {p.code for p in marks.problems}) == (encoding == "cp1252")


@pytest.mark.parametrize(
    ("first", "second", "start", "said"),
    [
        ("7/25/2018 11:59:50 PM", "7/26/2018 12:00:20 AM", datetime(2018, 7, 25, 23, 59, 50), False),
        ("25.07.2018 23:59:50", "26.07.2018 00:00:20", datetime(2018, 7, 25, 23, 59, 50), False),
        ("2018-07-25 23:59:50", "2018-07-26 00:00:20", datetime(2018, 7, 25, 23, 59, 50), False),
        ("07/25/2018 23:59:50", "07/26/2018 00:00:20", datetime(2018, 7, 25, 23, 59, 50), False),
        ("05/07/2018 23:59:50", "06/07/2018 00:00:20", datetime(2018, 7, 5, 23, 59, 50), True),
    ],
)
def test_dates_in_english_exports(tmp_path, first, second, start, said):
    marks = export(tmp_path, f"{ENGLISH}{first},{second},Wake,30,\n{second},{second},LM,0.5,\n")
    assert marks.start == start
    assert [e.onset_s for e in marks.events] == [0, 30]
    assert ("Q140" in {p.code for p in marks.problems}) == said


def test_words_of_an_english_export(tmp_path):
    names = ["Wake", "N1", "N2", "N3", "REM", "LM", "PLM", "Arousal", "Desat", "A. Obstructive", "Hypopnea",
    "Artifact", "Supine", "Left",
             "Analysis Start", "Lights Out"]  # fmt: skip
    rows = "".join(f"25/07/2018 23:00:{k:02d},25/07/2018 23:00:{k + 1:02d},{name},1,\n" for k, name in enumerate(names))
    found = [e.event for e in export(tmp_path, ENGLISH + rows).events]
    assert found == ["stage_W", "stage_N1", "stage_N2", "stage_N3", "stage_R", "leg_movement", "user_mark",
    "arousal", "desaturation",
                     "apnea", "hypopnea", "user_mark", "body_position", "body_position", "user_mark",
                     "lights_off"]  # fmt: skip


def test_decimal_comma_and_durations_that_differ(tmp_path):
    marks = export(
        tmp_path,
        FRENCH
        + '25/07/2018 23:45:40,25/07/2018 23:46:10,MJ,2,722,\n25/07/2018 23:46:00,25/07/2018 23:46:03,MJ,"3,5",\n',
    )
    assert [e.duration_s for e in marks.events] == [2.722, 3.5]
    assert "Q139" in {p.code for p in marks.problems}


@pytest.mark.parametrize(
    "row",
    [
        "25/07/2018 23:45:40,x,MJ,1,",
        "1,2,3",
        "32/13/2018 23:45:40,25/07/2018 23:45:40,MJ,1,",
        "25/07/2018 23:45:40,25/07/2018 23:45:41,MJ,long,",
    ],
)
def test_lines_that_cannot_be_read_are_refused_with_their_number(tmp_path, row):
    with pytest.raises(FileError) as refused:
        export(tmp_path, FRENCH + "25/07/2018 23:45:40,25/07/2018 23:45:41,MJ,1,\n" + row + "\n")
    assert refused.value.code == "E225"
    assert "Line 4" in refused.value.message


# ---- add_marks -------------------------------------------------------------------------------------------------------


NIGHT = datetime(2026, 11, 1, 22, 30)


def marks_of(*events, start=NIGHT, duration=100.0, file="marks.tsv"):
    return Recording(file, "TSV", start, duration, (), (), tuple(events), ())


@pytest.fixture
def night(opened, sig):
    return opened([sig(samples=256)], 600)


def test_marks_are_moved_by_the_difference_of_the_clocks(night):
    moved = add_marks(
        night, marks_of(Event(10, 2, "leg_movement", "left"), start=datetime(2026, 11, 1, 22, 30, 40, 500000))
    )
    assert moved.events == (Event(50.5, 2, "leg_movement", "left"),)
    (said,) = [p for p in moved.problems if p.code == "Q141"]
    assert "40.5 s later" in said.message
    earlier = add_marks(night, marks_of(Event(10, 2, "arousal"), start=datetime(2026, 11, 1, 22, 29, 58)))
    assert earlier.events[0].onset_s == 8
    same = add_marks(night, marks_of(Event(10, 2, "arousal")))
    assert {p.code for p in same.problems} == {p.code for p in night.problems}
    assert same.source is night.source


def test_without_a_start_marks_are_laid_at_the_beginning_and_it_is_said(night):
    moved = add_marks(night, marks_of(Event(10, 2, "arousal"), start=None))
    assert moved.events[0].onset_s == 10
    assert "Q142" in {p.code for p in moved.problems}


@pytest.mark.parametrize(
    "start", [datetime(2026, 11, 2, 22, 30), datetime(2026, 10, 31, 22, 30), datetime(2025, 11, 1, 22, 30)]
)
def test_marks_of_another_day_are_refused(night, start):
    with pytest.raises(RecordingError) as refused:
        add_marks(night, marks_of(Event(10, 2, "arousal"), start=start))
    assert refused.value.code == "E304"
    assert "day(s) apart" in refused.value.do


def test_a_hidden_date_is_aligned_by_the_time_of_day(night):
    moved = add_marks(night, marks_of(Event(10, 2, "arousal"), start=datetime(1985, 1, 1, 22, 31)))
    assert moved.events[0].onset_s == 70
    assert any("time of day" in p.message for p in moved.problems)


def test_marks_outside_and_stages_twice_are_counted(night):
    stages = [Event(30 * k, 30, "stage_N2") for k in range(20)]
    once = add_marks(night, marks_of(*stages, Event(601, 1, "arousal"), Event(-5, 1, "arousal")))
    assert any(p.code == "Q133" and p.message.startswith("2 of 22") for p in once.problems)
    twice = add_marks(
        once, marks_of(*stages[:5], *(Event(30 * k + 15, 30, "stage_W") for k in range(10, 12)), file="other.tsv")
    )
    said = {p.code: p.message for p in twice.problems}
    assert said["Q143"].startswith("5 mark(s) of other.tsv")
    assert "Q134" in said
    assert len(twice.events) == 24
    assert [e.onset_s for e in twice.events] == sorted(e.onset_s for e in twice.events)


def test_marks_over_marks(tmp_path):
    stages = marks_of(Event(0, 30, "stage_N2"), duration=30.0)
    both = add_marks(stages, marks_of(Event(40, 2, "leg_movement")))
    assert both.duration_s == 42
    assert len(both.events) == 2
