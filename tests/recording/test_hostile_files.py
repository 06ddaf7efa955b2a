"""Whatever the bytes, reading gives a recording or an InputError, in bounded time and memory."""

from __future__ import annotations

import time
import tracemalloc
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from legtwitch.errors import InputError
from legtwitch.recording import add_marks, can_score, read

SETTINGS = settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def survives(path: Path) -> None:
    """Open, check and read all of a file: nothing but an InputError may come out."""
    try:
        night = read(path)
        can_score(night)
        add_marks(night, night)
        for channel in night.channels:
            for piece in night.pieces(channel.name):
                assert piece.values.dtype.name == "float32"
    except InputError as error:
        if error.code and error.message.endswith("."):
            return
        raise
    assert night.duration_s >= 0
    assert all(
        a.start_s + a.duration_s <= b.start_s + 1e-6 for a, b in zip(night.segments, night.segments[1:], strict=False)
    )
    assert all(p.code in _known() for p in night.problems)


def _known() -> dict[str, str]:
    from legtwitch.recording.codes import PROBLEMS

    return PROBLEMS


@pytest.fixture(scope="module")
def whole(edf, sig, annotations) -> bytes:
    clock = annotations([b"+0\x14\x14\0+0\x1530\x14Sleep stage W\x14\0", b"+1\x14\x14\0", b"+9\x14\x14\0"], 30)
    return edf([sig(), sig("RAT"), clock], 3, reserved="EDF+D")


FIELDS = [0, 8, 88, 168, 176, 184, 192, 236, 244, 252, 256, 304, 544, 568, 592, 616, 640, 904, 928]
VALUES = [b"-1", b"0", b"99999999", b"-9999999", b"1e308", b"nan", b"inf", b"1,5", b"9999", b"\xff" * 8, b"\0" * 8,
    b"        ", b"EDF+C",
          b"1e-9", b"2147483648", b"31.12.99", b"Startdate 31-DEC-9999", b"999999999999999999999"]  # fmt: skip


@SETTINGS
@given(st.lists(st.tuples(st.sampled_from(FIELDS), st.sampled_from(VALUES)), min_size=1, max_size=4))
def test_header_fields_of_any_value(whole, tmp_path, changes):
    data = bytearray(whole)
    for at, value in changes:
        data[at : at + len(value)] = value
    path = tmp_path / "fuzz.edf"
    path.write_bytes(data)
    survives(path)


@SETTINGS
@given(
    st.lists(st.tuples(st.integers(0, 1200), st.binary(min_size=1, max_size=12)), min_size=1, max_size=6),
    st.integers(0, 1400),
)
def test_bytes_of_any_kind_and_files_of_any_length(whole, tmp_path, changes, cut):
    data = bytearray(whole)
    for at, value in changes:
        data[at : at + len(value)] = value
    path = tmp_path / "fuzz.edf"
    path.write_bytes(data[:cut] if cut % 3 == 0 else data)
    survives(path)


@SETTINGS
@given(st.binary(max_size=60))
def test_annotations_of_any_bytes(edf, sig, annotations, tmp_path, raw):
    path = tmp_path / "fuzz.edf"
    path.write_bytes(edf([sig(), annotations([raw, b"+1\x14\x14\0" + raw], 40)], 2, reserved="EDF+D"))
    survives(path)


@SETTINGS
@given(
    st.one_of(
        st.binary(max_size=200),
        st.text(max_size=200).map(lambda text: ("onset\tduration\tevent\tside\n" + text).encode()),
    )
)
def test_marks_of_any_bytes(tmp_path, raw):
    path = tmp_path / "fuzz.tsv"
    path.write_bytes(raw)
    survives(path)


@SETTINGS
@given(st.text(alphabet="0123456789/: ,;.[]APM\n\"'MJéil-", max_size=200))
def test_exports_of_any_text(tmp_path, text):
    path = tmp_path / "fuzz.csv"
    path.write_text("Start Time,End Time,Event,Duration,\n[],[],[],[s],\n" + text, "utf-16")
    survives(path)


def test_truncation_at_every_byte(whole, tmp_path):
    path = tmp_path / "cut.edf"
    for size in range(0, len(whole), 7):
        path.write_bytes(whole[:size])
        survives(path)


def test_thousands_of_equal_signals_open_in_bounded_time(edf, sig, tmp_path):
    path = tmp_path / "many.edf"
    path.write_bytes(edf([sig(b"LAT", samples=1, dmax="x")] * 9998, 2))
    began = time.process_time()
    night = read(path)
    assert len({c.name for c in night.channels}) == 9998
    assert time.process_time() - began < 8


def test_memory_is_bounded_whatever_the_header_claims(edf, sig, tmp_path):
    path = tmp_path / "claims.edf"
    for fields in (
        {"signal_count": "9999"},
        {"count": "99999999", "duration": "99999999"},
        {"header_bytes": "99999999"},
    ):
        path.write_bytes(edf([sig()], 2, **fields))
        tracemalloc.start()
        survives(path)
        assert tracemalloc.get_traced_memory()[1] < 20_000_000
        tracemalloc.stop()


def test_reading_one_channel_does_not_hold_the_others(tmp_path, edf, sig):
    for rate in (64, 2000):  # small and large records
        path = tmp_path / "wide.edf"
        header = edf([sig(f"X{k}", samples=rate) for k in range(20)], 0, count=1000)
        path.write_bytes(header + bytes(20 * rate * 2 * 1000))
        night = read(path)
        night.pieces("X0")
        tracemalloc.start()
        (piece,) = night.pieces("X3")
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert peak < piece.values.nbytes + 12_000_000
        assert len(piece.values) == rate * 1000


def test_a_flood_of_marks_is_cut_and_said(tmp_path, edf, sig, annotations, monkeypatch):
    from legtwitch.recording import tals

    monkeypatch.setattr(tals, "MAX_MARKS", 10)
    path = tmp_path / "flood.edf"
    path.write_bytes(edf([sig(), annotations([b"+0\x14\x14\0" + b"+0\x14a\x14\0" * 30], 200)], 1, reserved="EDF+C"))
    night = read(path)
    assert len(night.events) == 10
    assert any(p.code == "Q132" and p.message.startswith("20 ") for p in night.problems)
