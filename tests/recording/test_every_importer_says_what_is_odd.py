"""Odd marks under every importer: counted and said, never dropped in silence; any damage is read or refused plainly."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import isfinite
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from legtwitch.errors import InputError
from legtwitch.model import Event, Recording
from legtwitch.recording import read, write_annotations
from legtwitch.scoring import score_leg_movements

START = datetime(2026, 11, 1, 22, 30)
Row = tuple[float, float, str]
"""Onset and duration in s, and a word: W, N2 (stages), LM, PLM, AROUSAL or one that nobody knows."""


@dataclass(frozen=True)
class Importer:
    """A form of marks. make: rows → bytes. lead: it begins with its first mark, so that none lies before its start.

    listed: its stages are a list without times, which can't overlap.
    """

    name: str
    make: Callable[[Sequence[Row]], bytes]
    lead: bool = False
    listed: bool = False


def clock(seconds: float, form: str = "%H:%M:%S") -> str:
    return (START + timedelta(seconds=seconds)).strftime(form)


def noxturnal(rows: Sequence[Row]) -> bytes:
    form, words = "%d/%m/%Y %H:%M:%S", {"W": "Wake", "AROUSAL": "Arousal"}
    lines = [
        f"{clock(onset, form)},{clock(onset + length, form)},{words.get(word, word)},{length:g},"
        for onset, length, word in rows
    ]
    return ("Start Time,End Time,Event,Duration,\n[],[],[],[s],\n" + "\n".join(lines) + "\n").encode("utf-16")


def domino(rows: Sequence[Row]) -> bytes:
    head = "Signal ID: PLM\\plm\nStart Time: 01.11.2026 22:30:00\nUnit: s\nSignal Type: Impuls\n\n"
    words = {"W": "Wake", "AROUSAL": "Arousal"}
    lines = [
        f"{clock(onset)},000-{clock(onset + length)},000; {length:g};{words.get(word, word)}"
        for onset, length, word in rows
    ]
    return (head + "\n".join(lines) + "\n").encode()


def nsrr(rows: Sequence[Row]) -> bytes:
    words = {"W": ("Stages|Stages", "Wake|0"), "N2": ("Stages|Stages", "Stage 2 sleep|2"), "AROUSAL": ("", "Arousal")}
    events = "".join(
        "<ScoredEvent><EventType>{}</EventType><EventConcept>{}</EventConcept>".format(*words.get(word, ("", word)))
        + f"<Start>{onset:g}</Start><Duration>{length:g}</Duration></ScoredEvent>"
        for onset, length, word in rows
    )
    start = "<EventConcept>Recording Start Time</EventConcept><Start>0</Start><Duration>600</Duration>"
    start += "<ClockTime>01.11.26 22.30.00</ClockTime>"
    return (
        f"<PSGAnnotation><EpochLength>30</EpochLength><ScoredEvents><ScoredEvent>{start}</ScoredEvent>{events}"
        "</ScoredEvents></PSGAnnotation>"
    ).encode()


def profusion(rows: Sequence[Row]) -> bytes:
    events = "".join(
        f"<ScoredEvent><Name>{word}</Name><Start>{onset:g}</Start><Duration>{length:g}</Duration></ScoredEvent>"
        for onset, length, word in rows
        if word not in ("W", "N2")
    )
    stages = "".join(
        f"<SleepStage>{('W', 'x', 'N2').index(word)}</SleepStage>" for _, _, word in rows if word in ("W", "N2")
    )
    return (
        f"<CMPStudyConfig><EpochLength>30</EpochLength><ScoredEvents>{events}</ScoredEvents>"
        f"<SleepStages>{stages}</SleepStages></CMPStudyConfig>"
    ).encode()


def remlogic(rows: Sequence[Row], form: str = "%H:%M:%S") -> bytes:
    words = {"W": "SLEEP-S0", "N2": "SLEEP-S2"}
    head = "RemLogic Event Export\nRecording Date:\t24/11/2026\n\nSleep Stage\tTime [hh:mm:ss]\tEvent\tDuration[s]\n"
    lines = [f"\t{clock(onset, form)}\t{words.get(word, word)}\t{length:g}" for onset, length, word in rows]
    return (head + "\n".join(lines) + "\n").encode()


def bids(rows: Sequence[Row]) -> bytes:
    words = {"W": "Sleep stage W", "N2": "Sleep stage N2"}
    lines = [f"{onset:g}\t{length:g}\t{words.get(word, word)}" for onset, length, word in rows]
    return ("onset\tduration\ttrial_type\n" + "\n".join(lines) + "\n").encode()


OURS = {"W": "stage_W", "N2": "stage_N2", "LM": "leg_movement", "PLM": "leg_movement", "AROUSAL": "arousal"}


def ours(rows: Sequence[Row]) -> bytes:
    lines = [f"{onset:g}\t{length:g}\t{OURS.get(word, 'user_mark')}\tn/a\t{word}" for onset, length, word in rows]
    return ("# duration: 600\nonset\tduration\tevent\tside\tlabel\n" + "\n".join(lines) + "\n").encode()


def annotations(rows: Sequence[Row]) -> bytes:
    import tempfile

    events = [Event(on, length, OURS.get(word, "user_mark"), attributes={"label": word}) for on, length, word in rows]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "marks.edf"
        write_annotations(path, events, start=START, duration_s=600)
        return path.read_bytes()


IMPORTERS = [
    Importer("noxturnal", noxturnal, lead=True),
    Importer("domino", domino),
    Importer("nsrr", nsrr),
    Importer("profusion", profusion, listed=True),
    Importer("remlogic", remlogic, lead=True),
    Importer("remlogic-dates", lambda rows: remlogic(rows, "%Y-%m-%dT%H:%M:%S.000"), lead=True),
    Importer("bids", bids),
    Importer("ours", ours),
    Importer("edf", annotations),
]
every = pytest.mark.parametrize("importer", IMPORTERS, ids=lambda one: one.name)
SOUND: list[Row] = [
    (0, 30, "W"),
    (30, 30, "N2"),
    (60, 30, "N2"),
    (90, 30, "N2"),
    *((40 + 20 * n, 2, "LM") for n in range(4)),
]


@pytest.fixture
def opened(tmp_path: Path) -> Callable[[Importer, Sequence[Row]], Recording]:
    def call(importer: Importer, rows: Sequence[Row]) -> Recording:
        path = tmp_path / "marks.dat"
        path.write_bytes(importer.make(sorted(rows, key=lambda row: row[0])))
        return read(path)

    return call


def said(recording: Recording) -> dict[str, str]:
    return {one.code: one.message for one in recording.problems}


def number(text: str) -> int:
    found = re.search(r"\d+", text)
    assert found is not None
    return int(found[0])


def scoring_says(recording: Recording) -> dict[str, str]:
    movements = [one for one in recording.events if one.event == "leg_movement"]
    return {one.code: one.message for one in score_leg_movements(recording, movements).quality}


ODD = {"Q123", "Q130", "Q133", "Q134", "Q135", "Q146"}


@every
def test_sound_marks_say_nothing_odd(importer: Importer, opened: Callable[..., Recording]) -> None:
    marks = opened(importer, SOUND)
    assert not ODD & set(said(marks))
    assert [e.event for e in marks.events].count("leg_movement") == 4
    assert [e.event for e in marks.events].count("stage_N2") == 3
    assert not {"Q406", "Q409", "Q410", "Q422"} & set(scoring_says(marks))


@every
def test_movements_without_duration(importer: Importer, opened: Callable[..., Recording]) -> None:
    marks = opened(importer, [*SOUND, (110, 0, "LM"), (115, 0, "LM")])
    assert number(said(marks)["Q146"]) == 2
    assert number(scoring_says(marks)["Q406"]) == 2
    assert sum(e.event == "leg_movement" for e in marks.events) == 6


@every
def test_labels_nobody_knows(importer: Importer, opened: Callable[..., Recording]) -> None:
    marks = opened(importer, [*SOUND, (50, 3, "Zappelphilipp"), (70, 3, "Zappelphilipp")])
    kept = [e for e in marks.events if e.event == "user_mark"]
    assert [e.attributes["label"] for e in kept] == ["Zappelphilipp"] * 2
    if importer.name == "ours":  # there the user said so in the table's own words
        assert "Q130" not in said(marks)
    else:
        assert "“Zappelphilipp” (2)" in said(marks)["Q130"]


@every
def test_stages_that_overlap(importer: Importer, opened: Callable[..., Recording]) -> None:
    if importer.listed:
        pytest.skip("the stages of this form are a list without times")
    marks = opened(importer, [*SOUND, (75, 30, "W")])
    assert number(said(marks)["Q134"]) == 2
    assert "Q409" in scoring_says(marks)
    assert "30.0 s" in scoring_says(marks)["Q409"]


@every
def test_stages_without_duration(importer: Importer, opened: Callable[..., Recording]) -> None:
    if importer.listed:
        pytest.skip("the stages of this form are a list without times")
    marks = opened(importer, [*SOUND, (120, 0, "N2")])
    assert number(said(marks)["Q135"]) == 1
    assert "Q409" in scoring_says(marks)


@every
def test_events_before_the_first_epoch(importer: Importer, opened: Callable[..., Recording]) -> None:
    if importer.listed:
        pytest.skip("the stages of this form begin with the recording")
    later = [(onset + 60, length, word) for onset, length, word in SOUND]
    marks = opened(importer, [*later, (10, 2, "LM"), (35, 2, "AROUSAL")])
    assert number(said(marks)["Q123"]) == 2
    assert number(scoring_says(marks)["Q422"]) == 1


@every
def test_marks_before_the_start(importer: Importer, opened: Callable[..., Recording]) -> None:
    marks = opened(importer, [*SOUND, (-20, 2, "LM")])
    if importer.lead:  # such a file begins with its first mark: then it lies before the first stage
        assert marks.events[0].onset_s == 0
        assert "Q123" in said(marks)
        return
    assert number(said(marks)["Q133"]) == 1
    assert number(scoring_says(marks)["Q410"]) == 1
    assert marks.events[0].onset_s == -20


@pytest.mark.parametrize("importer", [one for one in IMPORTERS if one.name in ("nsrr", "ours")], ids=lambda o: o.name)
def test_marks_after_the_end_that_the_file_states(importer: Importer, opened: Callable[..., Recording]) -> None:
    marks = opened(importer, [*SOUND, (700, 2, "LM"), (800, 2, "LM")])
    assert number(said(marks)["Q133"]) == 2
    assert sum(e.event == "leg_movement" for e in marks.events) == 6


def test_annotations_after_the_end_of_an_edf_are_said_by_its_signals(edf: Callable, sig: type, tmp_path: Path) -> None:
    from legtwitch.recording import add_marks, write_events

    (tmp_path / "night.edf").write_bytes(edf([sig("LAT", samples=256)], 60))
    write_events(tmp_path / "marks.tsv", [Event(10, 1, "leg_movement"), Event(70, 1, "leg_movement")])
    both = add_marks(read(tmp_path / "night.edf"), read(tmp_path / "marks.tsv"))
    assert "1 of 2 marks" in said(both)["Q133"]


def test_a_hypnogram_with_an_unknown_word_is_no_hypnogram(tmp_path: Path) -> None:
    path = tmp_path / "hypno.txt"
    path.write_text("W\nN2\nZappelphilipp\n")
    with pytest.raises(InputError) as refused:
        read(path)
    assert refused.value.code == "E214"


PIECES = ["", ";", "9", "\t", "\n", ":", "-", "<", ">", "nan", "1e999", "99:99", ",", "\0", "é", "\x14", "-1", "9" * 30]


@pytest.mark.parametrize(
    "importer", [*IMPORTERS, Importer("hypnogram", lambda _: b"W\nN1\nN2\nN2\n")], ids=lambda o: o.name
)
@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_any_damage_is_read_or_refused_in_one_sentence(importer: Importer, data: st.DataObject, tmp_path: Path) -> None:
    raw = importer.make([*SOUND, (130, 0, "PLM"), (140, 2, "Zappelphilipp")])
    text, coding = (
        (raw.decode("utf-16"), "utf-16")
        if raw[:2] in (b"\xff\xfe", b"\xfe\xff")
        else (raw.decode("latin-1"), "latin-1")
    )
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(text)))
        text = text[:at] + data.draw(st.sampled_from(PIECES)) + text[at + data.draw(st.integers(0, 4)) :]
    path = tmp_path / "marks.dat"
    path.write_bytes(text.encode(coding))
    refused = None
    try:
        marks = read(path)
        assert marks.duration_s >= 0
        assert all(e.duration_s >= 0 and isfinite(e.onset_s) and isfinite(e.duration_s) for e in marks.events)
        scoring_says(marks)
    except InputError as error:
        refused = error
    assert refused is None or (refused.code and refused.message.endswith("."))
