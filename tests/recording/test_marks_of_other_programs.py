"""Marks of DOMINO, BIDS, Profusion, NSRR, RemLogic and plain hypnograms: read by content, counted, nothing dropped."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from legtwitch.errors import FileError
from legtwitch.recording import add_marks, read

DATA = Path(__file__).parents[3] / "shared" / "data" / "domino_events"


@pytest.fixture
def made(tmp_path):
    def call(text, name="marks.txt", encoding="utf-8"):
        path = tmp_path / name
        path.write_bytes(text.encode(encoding))
        return read(path)

    return call


@pytest.fixture(scope="module")
def domino():
    if not DATA.is_dir():
        pytest.skip("the real DOMINO exports are not in ../shared/data")
    return lambda name: read(DATA / name)


def said(recording):
    return {p.code: p.message for p in recording.problems}


def rows(recording):
    return [(e.onset_s, e.duration_s, e.event, e.side) for e in recording.events]


# ---- DOMINO, real files ----------------------------------------------------------------------------------------------


def test_two_raters_of_one_study_overlap_as_counted_by_hand(domino):
    one, other = domino("Generic - test1 Unbekannt.txt"), domino("Generic_NO_test1.txt")
    assert one.start == other.start == datetime(2020, 9, 23, 1)
    for label, counts in {"LeftLegPhasic": (212, 219, 142), "RightLegPhasic": (55, 89, 45)}.items():
        a, b = ([e for e in r.events if e.attributes.get("label") == label] for r in (one, other))
        both = sum(
            any(x.onset_s < y.onset_s + y.duration_s - 1e-9 and y.onset_s < x.onset_s + x.duration_s - 1e-9 for y in b)
            for x in a
        )
        assert (len(a), len(b), both) == counts
        assert {(e.event, e.side) for e in (*a, *b)} == {("user_mark", "left" if label[0] == "L" else "right")}
    assert (len(one.events), len(other.events)) == (631, 862)
    assert one.events[0].onset_s == pytest.approx(1080.197)
    assert one.events[0].duration_s == pytest.approx(29.675)
    assert said(one)["Q148"].startswith("558 mark(s)")
    assert "12 hours" in said(other)["Q110"]
    assert "Q110" not in said(one)


def test_artefacts_of_a_leg_keep_their_side_and_those_of_other_muscles_stop_nothing(domino):
    one = domino("Generic - test1 Unbekannt.txt")
    assert Counter(e.side for e in one.events if e.event == "artifact") == {"left": 4, "right": 5}
    assert said(one)["Q138"].startswith("64 artefact(s)")


def test_sleep_profile_arousals_and_flow_of_one_night_lie_over_each_other(domino):
    night = domino("Sleep profile - test1 Unbekannt.txt")
    assert Counter(e.event for e in night.events) == {"stage_R": 63, "stage_N2": 45, "stage_N1": 10, "stage_W": 3}
    assert night.duration_s == 3630
    for name in ("Classification Arousals", "Flow Events", "Generic"):
        night = add_marks(night, domino(f"{name} - test1 Unbekannt.txt"))
    kinds = Counter(e.event for e in night.events)
    assert (kinds["arousal"], kinds["hypopnea"], kinds["stage_R"]) == (29, 13, 63)
    assert "Q141" not in said(night)
    assert "Flow Limitation" in said(night)["Q130"]
    # the raters marked REM sleep: nearly all their phasic activity lies in it
    rem = [e for e in night.events if e.event == "stage_R"]
    legs = [e for e in night.events if "LegPhasic" in str(e.attributes.get("label"))]
    assert sum(any(r.onset_s <= e.onset_s < r.onset_s + 30 for r in rem) for e in legs) > 0.95 * len(legs)


def test_a_word_of_the_profile_that_is_no_stage_is_counted(domino):
    night = domino("Sleep profile - test1 Unbekannt SNORE.txt")
    assert sum(e.event == "stage_unknown" for e in night.events) == 5
    assert "SNORE" in said(night)["Q130"]


# ---- DOMINO, made files ----------------------------------------------------------------------------------------------

HEAD = "Signal ID: PLM\\plm\nStart Time: {}\nUnit: s\nSignal Type: Impuls\n\n"


def test_domino_times_of_day_pass_midnight_and_movements_count_by_name(made):
    marks = made(
        HEAD.format("01.11.2026 22:30:00")
        + "23:59:59,500-00:00:01,250; 2;PLM links\n00:00:30,000-00:00:32,000; 2;LM rechts\n22:29:50,000-22:29:51,000; "
        "1;LM\n06:00:00,000-06:00:09,000; 3;PLM Arousal (EEG)\n"
    )
    assert rows(marks) == [
        (-10, 1, "leg_movement", "n/a"),
        (5399.5, 1.75, "leg_movement", "left"),
        (5430, 2, "leg_movement", "right"),
        (27000, 9, "arousal", "n/a"),
    ]
    assert set(said(marks)) == {"Q116", "Q133", "Q139"}


@pytest.mark.parametrize(
    ("text", "start", "code"),
    [
        ("9/23/2020 11:30:00 PM", datetime(2020, 9, 23, 23, 30), None),
        ("23.09.2020 23:30:00", datetime(2020, 9, 23, 23, 30), None),
        ("9/23/2020 11:30:00 AM", datetime(2020, 9, 23, 23, 30), "Q110"),
        ("2020-09-23 23:30:00", datetime(2020, 9, 23, 23, 30), None),
        ("5/6/2020 23:30:00", datetime(2020, 6, 5, 23, 30), "Q140"),
        ("yesterday", None, "Q109"),
        ("32.09.2020 23:30:00", None, "Q109"),
    ],
)
def test_domino_start_dates(made, text, start, code):
    marks = made(HEAD.format(text) + "23:40:00,000-23:40:01,000; 1;LM\n")
    assert marks.start == start
    assert marks.events[0].onset_s == (600 if start else 0)
    assert set(said(marks)) == ({code} if code else set())


@pytest.mark.parametrize("row", ["23:40:00,000; 1;LM", "25:40:00,000-25:40:01,000; 1;LM", "LM", "23:40:00-23:40; LM"])
def test_domino_lines_that_cannot_be_read_are_refused_with_their_number(made, row):
    with pytest.raises(FileError) as refused:
        made(HEAD.format("01.11.2026 22:30:00") + "23:30:00,000-23:30:01,000; 1;LM\n" + row + "\n")
    assert refused.value.code == "E225"
    assert "Line 7" in refused.value.message


# ---- BIDS ------------------------------------------------------------------------------------------------------------


def test_bids_tables_are_told_from_ours_by_their_header(made):
    marks = made(
        "onset\tduration\ttrial_type\tside\tchannel\n1.5\t2\tPLM\tleft\tn/a\n3\t2\tlimb movement\tn/a\tLAT\n"
        "0\t30\tSleep stage N2\tn/a\tn/a\n9\tn/a\tbutton\tup\tn/a\nn/a\t1\tLM\tleft\tn/a\n-1\t0.5\tArousal\tn/a\tn/a\n",
        "events.tsv",
    )
    assert marks.format == "BIDS"
    assert rows(marks) == [
        (-1, 0.5, "arousal", "n/a"),
        (0, 30, "stage_N2", "n/a"),
        (1.5, 2, "leg_movement", "left"),
        (3, 2, "leg_movement", "left"),
        (9, 0, "user_mark", "n/a"),
    ]
    assert set(said(marks)) == {"Q123", "Q130", "Q132", "Q133", "Q146", "Q147"}
    ours = made("onset\tduration\tevent\tside\ttrial_type\n1\t2\tleg_movement\tleft\tx\n", "ours.tsv")
    assert ours.format == "TSV"


@pytest.mark.parametrize(
    ("row", "code"), [("1\t2", "E220"), ("x\t1\tLM", "E223"), ("1\t-1\tLM", "E223"), ("inf\t1\tLM", "E223")]
)
def test_bids_rows_that_cannot_be_read_are_refused(made, row, code):
    with pytest.raises(FileError) as refused:
        made(f"onset\tduration\ttrial_type\n{row}\n")
    assert refused.value.code == code
    assert "Line 2" in refused.value.message


# ---- Profusion and NSRR ----------------------------------------------------------------------------------------------

XML = '<?xml version="1.0" encoding="{}"?>\n'


def profusion(*events, stages=(0, 1, 2, 3, 4, 5, 9), epoch="<EpochLength>30</EpochLength>"):
    scored = "".join(
        f"<ScoredEvent><Name>{name}</Name><Start>{start}</Start><Duration>{length}</Duration><Input>{place}</Input>"
        "</ScoredEvent>"
        for name, start, length, place in events
    )
    listed = "".join(f"<SleepStage>{number}</SleepStage>" for number in stages)
    return (
        f"<CMPStudyConfig>{epoch}<ScoredEventSettings><ScoredEventSetting><Name>Arousal</Name></ScoredEventSetting>"
        f"</ScoredEventSettings><ScoredEvents>{scored}</ScoredEvents><SleepStages>{listed}</SleepStages></CMPStudyConfig>"
    )


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_profusion(made, encoding):
    marks = made(
        XML.format(encoding)
        + profusion(
            ("PLM (Left)", 10.5, 2.25, "LEG/L"),
            ("Limb Movement (Right)", 20, 1, ""),
            ("PLM", 30, 1.5, "Leg/R"),
            ("PLM", 40, 120, "Leg/R"),
            ("Arousal (ARO RES)", 44, 3, "C3"),
            ("SpO2 artifact", 50, 4, "SaO2"),
            ("Obstructive Apnea", 60, 12, "FLOW"),
        ),
        encoding=encoding,
    )
    assert marks.format == "Profusion XML"
    assert marks.duration_s == 210
    stages = ["stage_W", "stage_N1", "stage_N2", "stage_N3", "stage_N3", "stage_R", "stage_unknown"]
    assert [e.event for e in marks.events if e.event.startswith("stage")] == stages
    assert [r for r in rows(marks) if not r[2].startswith("stage")] == [
        (10.5, 2.25, "leg_movement", "left"),
        (20, 1, "leg_movement", "right"),
        (30, 1.5, "leg_movement", "right"),
        (40, 120, "user_mark", "n/a"),
        (44, 3, "arousal", "n/a"),
        (50, 4, "user_mark", "n/a"),
        (60, 12, "apnea", "n/a"),
    ]
    assert set(said(marks)) == {"Q130", "Q137"}


def nsrr(*events, start="<ClockTime>00.00.00 22.30.00</ClockTime>"):
    scored = "".join(
        f"<ScoredEvent><EventType>{kind}</EventType><EventConcept>{concept}</EventConcept><Start>{at}</Start>"
        f"<Duration>{length}</Duration><SignalLocation>{place}</SignalLocation></ScoredEvent>"
        for kind, concept, at, length, place in events
    )
    return (
        XML.format("UTF-8")
        + "<PSGAnnotation><EpochLength>30</EpochLength><ScoredEvents><ScoredEvent><EventType/>"
        + f"<EventConcept>Recording Start Time</EventConcept><Start>0</Start><Duration>28800</Duration>{start}"
        + f"</ScoredEvent>{scored}</ScoredEvents></PSGAnnotation>"
    )


def test_nsrr(made):
    marks = made(
        nsrr(
            ("Stages|Stages", "Wake|0", 0, 300, ""),
            ("Stages|Stages", "Stage 4 sleep|4", 300, 60, ""),
            ("Stages|Stages", "REM sleep|5", 360, 30, ""),
            ("Limb Movement|Limb Movement", "Periodic leg movement - left|PLM (Left)", 310, 2, ""),
            ("Limb Movement|Limb Movement", "Limb movement - right|Limb Movement (Right)", 320, 2, ""),
            ("Limb Movement|Limb Movement", "Periodic leg movement - left|PLM (Left)", 330, 25, ""),
            ("Arousals|Arousals", "Arousal resulting from respiratory effort|Arousal (ARO RES)", 340, 5, "EEG"),
            ("Respiratory|Respiratory", "Hypopnea|Hypopnea", 350, 15, "NEW AIR"),
            ("Respiratory|Respiratory", "Unsure|Unsure", 380, 15, "NEW AIR"),
            ("Other|Other", "Signal artifact|SIGNAL-ARTIFACT", 390, 5, "SaO2"),
            ("Other|Other", "Signal artifact|SIGNAL-ARTIFACT", 395, 5, "LAT"),
            ("Other|Other", "Hypopnea|Hypopnea", "x", 5, "LAT"),
        )
    )
    assert (marks.format, marks.start, marks.duration_s) == ("NSRR XML", datetime(1985, 1, 1, 22, 30), 28800)
    assert [r[1:] for r in rows(marks)] == [
        (300, "stage_W", "n/a"),
        (60, "stage_N3", "n/a"),
        (2, "leg_movement", "left"),
        (2, "leg_movement", "right"),
        (25, "user_mark", "n/a"),
        (5, "arousal", "n/a"),
        (15, "hypopnea", "n/a"),
        (30, "stage_R", "n/a"),
        (15, "user_mark", "n/a"),
        (5, "user_mark", "n/a"),
        (5, "artifact", "left"),
    ]
    assert set(said(marks)) == {"Q111", "Q130", "Q132", "Q137", "Q138"}
    assert next(e for e in marks.events if e.event == "leg_movement").attributes == {
        "label": "Periodic leg movement - left|PLM (Left)"
    }


def test_nsrr_marks_lie_over_a_recording_by_the_time_of_day(made, opened, sig):
    night = opened([sig(samples=256)], 600)
    marks = made(nsrr(("", "PLM (Left)", 70, 2, ""), start="<ClockTime>01.01.85 22.29.00</ClockTime>"), "night.xml")
    assert rows(add_marks(night, marks)) == [(10, 2, "leg_movement", "left")]


def test_stages_given_twice_are_taken_once_and_an_epoch_without_length_is_said(made):
    text = profusion(stages=(0, 2), epoch="").replace(
        "<ScoredEvents>",
        "<ScoredEvents><ScoredEvent><EventConcept>Wake|0</EventConcept><Start>0</Start><Duration>30</Duration>"
        "</ScoredEvent>",
    )
    marks = made(text)
    assert [e.event for e in marks.events] == ["stage_W", "stage_N2"]
    assert {"Q143", "Q144"} <= set(said(marks))


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ('<!DOCTYPE a [<!ENTITY b "c">]><CMPStudyConfig><EpochLength>&b;</EpochLength></CMPStudyConfig>', "E230"),
        ('<!DOCTYPE a SYSTEM "file:///etc/passwd"><PSGAnnotation/>', "E230"),
        ("<PSGAnnotation><ScoredEvents>", "E229"),
        ("<PSGAnnotation>&xxe;</PSGAnnotation>", "E229"),
        ("<html><body>no marks</body></html>", "E214"),
    ],
)
def test_xml_that_is_hostile_broken_or_foreign_is_refused(made, text, code):
    with pytest.raises(FileError) as refused:
        made(text)
    assert refused.value.code == code


# ---- RemLogic --------------------------------------------------------------------------------------------------------

REM_HEAD = "RemLogic Event Export\nPatient:\tx\nRecording Date:\t24/11/2026\nEvents Included:\nSLEEP-S0\nLM\n\n"
COLUMNS = "Sleep Stage\tPosition\tTime [hh:mm:ss]\tEvent\tDuration[s]\tLocation\n"


def test_remlogic(made):
    body = [
        "W\tSupine\t23:59:00\tSLEEP-S0\t30\tROC-LOC",
        "S2\tSupine\t23:59:30\tSLEEP-S2\t30\tROC-LOC",
        "S2\tSupine\t23:59:40\tMCAP-A1\t7\tC4-A1",
        "S2\tSupine\t23:59:50\tPLM-LEFT\t2\tx",
        "S2\tSupine\t23:59:55\tLM (R)\t0\tx",
        "R\tSupine\t00:00:00\tSLEEP-REM\t30\tROC-LOC",
        "R\tSupine\t00:00:05\tLM RIGHT\t1,5\tx",
        "R\tSupine\t00:00:10\tLM\t1.5\tTIB-L",
        "R\tSupine\t00:00:12\tAPNEA-OBSTRUCTIVE\t11\tFlow",
        "R\tSupine\t00:00:20\tAROUSAL-RESPIRATORY\t4\tC4-A1",
        "R\tSupine\t00:00:30\tSLEEP-MT\t30\tROC-LOC",
    ]
    marks = made(REM_HEAD + COLUMNS + "\n".join(body) + "\n")
    assert (marks.format, marks.start, marks.duration_s) == ("RemLogic", datetime(2026, 11, 24, 23, 59), 120)
    assert rows(marks) == [
        (0, 30, "stage_W", "n/a"),
        (30, 30, "stage_N2", "n/a"),
        (40, 7, "user_mark", "n/a"),
        (50, 2, "leg_movement", "left"),
        (55, 0, "leg_movement", "right"),
        (60, 30, "stage_R", "n/a"),
        (65, 1.5, "leg_movement", "right"),
        (70, 1.5, "leg_movement", "left"),
        (72, 11, "apnea", "n/a"),
        (80, 4, "arousal", "n/a"),
        (90, 30, "stage_unknown", "n/a"),
    ]
    assert set(said(marks)) == {"Q130", "Q146"}
    assert "MCAP-A1" in said(marks)["Q130"]


def test_remlogic_with_fewer_columns_dots_or_whole_dates(made):
    bare = "Sleep Stage\tTime [hh:mm:ss]\tEvent\tDuration [s]\n"
    dots = made(f"{bare}S2\t23.59.58\tLM\t2\nS2\t00.00.03\tLM\t1\n")
    assert rows(dots) == [(0, 2, "leg_movement", "n/a"), (5, 1, "leg_movement", "n/a")]
    assert dots.start is None
    assert set(said(dots)) == {"Q109", "Q149"}
    whole = made(f"{bare}\t2026-11-24T23:59:58.500\tLM\t2\n\t2026-11-25T00:00:03.750\tLM\t1\n")
    assert whole.start == datetime(2026, 11, 24, 23, 59, 58, 500000)
    assert [e.onset_s for e in whole.events] == [0, 5.25]


@pytest.mark.parametrize("row", ["W\tx\t24:00:01\tLM\t1\tx", "W\tx\t23:00:01\tLM\tlong\tx", "W\tx", "W\tx\t\tLM\t1\tx"])
def test_remlogic_lines_that_cannot_be_read_are_refused_with_their_number(made, row):
    with pytest.raises(FileError) as refused:
        made(COLUMNS + "W\tx\t23:00:00\tLM\t1\tx\n" + row + "\n")
    assert refused.value.code == "E225"
    assert "Line 3" in refused.value.message


# ---- plain hypnograms ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "stages", "codes"),
    [
        ("W\nN1\nN2\nN3\nR\nART\nUNS\n", "W N1 N2 N3 R unknown unknown", {"Q144"}),
        ("Stage\nWAKE\nREM\n", "W R", {"Q144"}),
        ("0\n1\n2\n3\n4\n-1\n-2\n", "W N1 N2 N3 R unknown unknown", {"Q144", "Q145"}),
        ("0\n1\n2\n3\n4\n5\n9\n", "W N1 N2 N3 N3 R unknown", {"Q144", "Q145"}),
    ],
)
def test_plain_hypnograms(made, text, stages, codes):
    night = made(text, "hypno.txt")
    assert night.format == "hypnogram"
    assert [e.event for e in night.events] == [f"stage_{name}" for name in stages.split()]
    assert [e.onset_s for e in night.events] == [30.0 * k for k in range(len(night.events))]
    assert set(said(night)) == codes | {"Q136"}


@pytest.mark.parametrize("text", ["W\n", "W\nN1\nhello\n", "1\n2\n77\n", "0.5\n1.5\n", "N1,N2\nN1,N2\n"])
def test_other_lists_are_no_hypnograms(made, text):
    with pytest.raises(FileError) as refused:
        made(text)
    assert refused.value.code == "E214"


# ---- hostile text ----------------------------------------------------------------------------------------------------

SEEDS = [
    HEAD.format("01.11.2026 22:30:00") + "23:59:59,500-00:00:01,250; 2;PLM links\n00:00:30,000-00:00:32,000; 2;LM\n",
    "onset\tduration\ttrial_type\n1\t2\tLM\n3\t2\tPLM\n",
    XML.format("utf-8") + profusion(("PLM (Left)", 10.5, 2.25, "LEG/L")),
    nsrr(("Stages|Stages", "Wake|0", 0, 300, "")),
    REM_HEAD + COLUMNS + "W\tSupine\t23:59:00\tSLEEP-S0\t30\tROC-LOC\nS2\tSupine\t00:00:40\tLM\t7\tC4-A1\n",
    "W\nN1\nN2\n0\n",
]


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from(SEEDS), st.data())
def test_damaged_files_are_read_or_refused_in_one_sentence(made, text, data):
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(text)))
        text = (
            text[:at]
            + data.draw(st.sampled_from(["", ";", "9", "\t", "\n", ":", "-", "<", "nan", "1e999", "99:99"]))
            + (text[at + data.draw(st.integers(0, 3)) :])
        )
    try:
        marks = made(text)
    except FileError:
        return
    assert all(e.duration_s >= 0 and abs(e.onset_s) < 1e12 for e in marks.events)
    assert marks.duration_s >= 0
