"""Our event table: written and read back the same, and strict."""

from __future__ import annotations

from datetime import datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from legtwitch.errors import FileError
from legtwitch.model import Event, Recording
from legtwitch.recording import read, write_events
from legtwitch.recording.marks import EVENTS

HEAD = "onset\tduration\tevent\tside"
seconds = st.floats(-1e6, 1e6, allow_nan=False)
words = (
    st.text("abcdefghijklmnopqrstuvwxyzéµ .:-()", min_size=1, max_size=12)
    .map(lambda t: " ".join(t.split()))
    .filter(lambda t: t and t != "n/a" and not t[0].isdigit() and t not in (".", "-"))
)
events = st.builds(
    Event,
    seconds,
    seconds.map(abs),
    st.sampled_from(EVENTS),
    st.sampled_from(["left", "right", "both", "n/a"]),
    st.one_of(st.none(), words),
    st.dictionaries(
        st.sampled_from(["peak_uv", "series", "note", "aasm-v3:plm"]),
        st.one_of(words, st.integers(0, 10**9), seconds),
        max_size=3,
    ).map(lambda d: {k: (str(v) if k == "note" else v) for k, v in d.items()}),
)


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(events, max_size=8), st.datetimes(datetime(1985, 1, 1), datetime(2084, 1, 1)), st.floats(0, 1e6))
def test_what_is_written_is_read_back(tmp_path, made, start, duration):
    path = tmp_path / "marks.tsv"
    write_events(path, made, Recording("x", "TSV", start, duration, (), (), (), ()))
    again = read(path)
    assert again.events == tuple(sorted(made, key=lambda e: e.onset_s))
    assert (again.start, again.duration_s, again.format) == (start, duration, "TSV")


def test_a_plain_table(tmp_path):
    path = tmp_path / "marks.txt"
    path.write_bytes(
        "\ufeff# start: 2026-11-01T22:30:00\r\n# a comment\r\nonset\tduration\tevent\tside\tchannel\tpeak_uv\tid\r\n"
        "10.5\t2\tleg_movement\tleft\tLAT\t55.5\t17\r\n\r\n0\t30\tstage_W\tn/a\tn/a\tn/a\tn/a\r\n".encode()
    )
    table = read(path)
    assert table.start == datetime(2026, 11, 1, 22, 30)
    assert table.duration_s == 30.0
    assert [e.event for e in table.events] == ["stage_W", "leg_movement"]
    assert table.events[1] == Event(10.5, 2.0, "leg_movement", "left", "LAT", {"peak_uv": 55.5, "id": "17"})
    assert table.events[0].attributes == {}


@pytest.mark.parametrize(
    ("text", "code", "said"),
    [
        ("onset\tduration\tevent\n", "E219", "onset\tduration\tevent"),
        ("onset,duration,event,side\n1,2,leg_movement,left\n", "E219", "tabs"),
        ("onset\tonset\tduration\tevent\tside\n", "E219", "once"),
        (f"{HEAD}\n1\t2\tleg_movement\n", "E220", "3 cells"),
        (f"{HEAD}\n1\t2\tleg_movment\tleft\n", "E221", "Did you mean leg_movement?"),
        (f"{HEAD}\n1\t2\tStage_W\tn/a\n", "E221", "stage_W"),
        (f"{HEAD}\n1\t2\tleg_movement\tLeft\n", "E222", "both"),
        (f"{HEAD}\n1\t2\tleg_movement\t\n", "E222", "n/a"),
        (f"{HEAD}\n1,5\t2\tleg_movement\tleft\n", "E223", "decimal point"),
        (f"{HEAD}\nnan\t2\tleg_movement\tleft\n", "E223", "onset"),
        (f"{HEAD}\n1\t-2\tleg_movement\tleft\n", "E223", "0 or more"),
        (f"{HEAD}\n1\tn/a\tleg_movement\tleft\n", "E223", "duration"),
        (f"{HEAD}\n1e999\t2\tleg_movement\tleft\n", "E223", "onset"),
        (f"# start: yesterday\n{HEAD}\n", "E224", "yesterday"),
        (f"# start: 2026-11-01T22:30:00+01:00\n{HEAD}\n", "E224", "without a zone"),
        (f"# duration: -5\n{HEAD}\n", "E224", "0 or more"),
    ],
)
def test_what_does_not_belong_is_refused_with_its_line(tmp_path, text, code, said):
    path = tmp_path / "marks.tsv"
    path.write_text(text)
    with pytest.raises(FileError) as refused:
        read(path)
    assert refused.value.code == code
    assert said in str(refused.value)
    assert f"Line {text.count(chr(10))}" in refused.value.message or "Line 1" in refused.value.message


def test_nothing_half_written_stays(tmp_path, monkeypatch):
    path = tmp_path / "marks.tsv"
    write_events(path, [Event(1, 2, "leg_movement")])
    before = path.read_bytes()

    class Broken(dict):
        def __iter__(self):
            raise KeyboardInterrupt

    monkeypatch.setattr("os.replace", lambda *_: (_ for _ in ()).throw(OSError(28, "No space left on device")))
    with pytest.raises(FileError) as refused:
        write_events(path, [])
    assert refused.value.code == "E227"
    assert [p.name for p in tmp_path.iterdir()] == ["marks.tsv"]
    assert path.read_bytes() == before
    with pytest.raises(FileError):
        write_events(tmp_path / "nowhere" / "marks.tsv", [])


def test_awkward_values(tmp_path):
    path = tmp_path / "marks.tsv"
    made = Event(
        0.1 + 0.2, 0, "user_mark", attributes={"label": "a\tb\nc", "plm": True, "snr": None, "rms_uv": float("nan")}
    )
    write_events(path, [made])
    (again,) = read(path).events
    assert again == Event(0.30000000000000004, 0.0, "user_mark", attributes={"label": "a b c", "plm": "true"})


def test_tables_without_movements_say_so(tmp_path):
    path = tmp_path / "marks.tsv"
    path.write_text(f"{HEAD}\n0\t30\tstage_W\tn/a\n")
    assert [p.code for p in read(path).problems] == ["Q136"]


@pytest.mark.parametrize("row", ["1e12\t2", "-1e12\t2", "5\t1e12"])
def test_a_time_longer_than_any_recording_is_refused(tmp_path, row):
    path = tmp_path / "x.tsv"
    path.write_text(f"onset\tduration\tevent\tside\n{row}\tleg_movement\tleft\n")
    with pytest.raises(FileError) as refused:
        read(path)
    assert "31 days" in refused.value.allowed
    assert "in seconds" in refused.value.do


def test_two_letters_are_no_slip_of_another_event(tmp_path):
    path = tmp_path / "x.tsv"
    path.write_text("onset\tduration\tevent\tside\n5\t2\tLM\tleft\n")
    with pytest.raises(FileError) as refused:
        read(path)
    assert "Did you mean" not in refused.value.do
