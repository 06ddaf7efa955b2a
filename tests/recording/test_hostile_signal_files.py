"""Whatever the bytes of a WFDB record, a table or a JSON list: a recording or an InputError, and right values."""

from __future__ import annotations

import json
import math
import tracemalloc
from pathlib import Path

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from legtwitch.errors import InputError
from legtwitch.recording import can_detect, can_score, finite_pieces, read
from legtwitch.recording.codes import PROBLEMS

SETTINGS = settings(
    max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], derandomize=True
)
TOKENS = [
    *("r", "r.dat", "1", "2", "0", "-1", "999999999", "1e308", "nan", "inf", "100", "212", "16", "8", "310", "16x3"),
    *(
        "16:2",
        "16+7",
        "200(0)/uV",
        "0/mV",
        "1e-300/uV",
        "(",
        "/",
        "../r.dat",
        "#",
        "EMG",
        "\n",
        "\n",
        "12:0:0",
        "1/1/1",
    ),
]
CELLS = [
    *("1", "-2.5", "0", "1e3", "1e400", "nan", "", "x", "12:00:00", "2026-01-01 00:00:00", "9.81", "0,5", '"', '"1"'),
    *("#", "999999999999999999999", "1e-320", "-", "\u0663", "1_0", "0x10", "\ufeff", "\0"),
]
NAMES = [
    *("time", "time (ms)", "t", "x", "y", "z", "TA (uV)", "EMG [mV]", "gFx", "gyro_x", "index", "seconds_elapsed", ""),
    *("RF", "acc_x (g)", "linear acceleration y (m/s^2)"),
]


def survives(path: Path, **stated: object) -> None:
    """Open, check and read all of a file: nothing but an InputError may come out."""
    try:
        opened = read(path, **stated)
        can_score(opened)
        can_detect(opened)
        for channel in opened.channels:
            pieces = opened.pieces(channel.name)
            assert sum(len(piece.values) for piece in pieces) == channel.samples
            assert all(piece.values.dtype == np.float32 for piece in pieces)
            assert all(np.isfinite(piece.values).all() for piece in finite_pieces(opened, channel.name))
    except InputError as error:
        if error.code and error.message.endswith("."):
            return
        raise
    assert math.isfinite(opened.duration_s)
    assert opened.duration_s >= 0
    assert len({c.name for c in opened.channels}) == len(opened.channels)
    assert all(
        a.start_s + a.duration_s <= b.start_s + 1e-6 for a, b in zip(opened.segments, opened.segments[1:], strict=False)
    )
    assert all(p.code in PROBLEMS for p in opened.problems)


@SETTINGS
@given(st.lists(st.sampled_from(TOKENS), max_size=40), st.binary(max_size=60))
def test_wfdb_headers_of_any_words(tmp_path, words, raw):
    (tmp_path / "r.dat").write_bytes(raw)
    path = tmp_path / "r.hea"
    path.write_text(" ".join(words), encoding="utf-8")
    survives(path)
    survives(tmp_path / "r.dat")


@SETTINGS
@given(
    st.sampled_from([8, 16, 24, 32, 61, 80, 160, 212]),
    st.lists(st.tuples(st.integers(1, 4), st.integers(0, 3)), min_size=1, max_size=4),
    st.integers(0, 9),
    st.one_of(st.integers(0, 12), st.sampled_from([10**18, 10**9])),
    st.binary(max_size=90),
)
def test_wfdb_layouts_of_any_kind(tmp_path, kind, signals, offset, frames, raw):
    (tmp_path / "r.dat").write_bytes(raw)
    path = tmp_path / "r.hea"
    lines = [f"r.dat {kind}x{per}:{skew}+{offset} 3(-2)/mV 12 5 1 1 0 EMG" for per, skew in signals]
    path.write_text("\n".join([f"r {len(signals)} 100 {frames or ''}", *lines]), encoding="utf-8")
    survives(path)


@SETTINGS
@given(st.binary(max_size=400))
def test_wfdb_headers_of_any_bytes(tmp_path, raw):
    path = tmp_path / "r.hea"
    path.write_bytes(b"r 1 100 4\nr.dat 16 1/uV\n" + raw)
    (tmp_path / "r.dat").write_bytes(raw)
    survives(path)


@SETTINGS
@given(
    st.sampled_from([",", ";", "\t", " "]),
    st.lists(st.sampled_from(NAMES), min_size=1, max_size=6),
    st.lists(st.lists(st.sampled_from(CELLS), min_size=1, max_size=7), max_size=12),
    st.booleans(),
)
def test_tables_of_any_cells(tmp_path, delimiter, names, rows, head):
    good = [[f"{k * 0.01:.2f}", *["9.81"] * (len(names) - 1)] for k in range(12)]
    lines = ([names] if head else []) + good[:6] + rows + good[6:]
    path = tmp_path / "t.csv"
    path.write_text("\n".join(delimiter.join(row) for row in lines), encoding="utf-8")
    survives(path)
    survives(path, unit="uV", rate_hz=1000)
    survives(path, unit="g")


@SETTINGS
@given(st.text(alphabet='0123456789.,;:\t\n -+eE"#xyzVumgt()/', max_size=300), st.booleans())
def test_texts_of_any_letters(tmp_path, text, stated):
    path = tmp_path / "t.csv"
    path.write_text(text, encoding="utf-8")
    survives(path, **({"rate_hz": 100.0} if stated else {}))


@SETTINGS
@given(
    st.lists(
        st.one_of(st.floats(), st.integers(-(10**25), 10**25), st.none(), st.text(max_size=3), st.booleans()),
        min_size=3,
        max_size=30,
    ),
    st.sampled_from(["timestamp", "x", "t_ms", "TA (uV)"]),
)
def test_json_of_any_values(tmp_path, values, key):
    path = tmp_path / "t.json"
    path.write_text(
        json.dumps([{"x": 0.1, "y": 0.2, "z": 9.8, "time": k / 100, key: one} for k, one in enumerate(values)]),
        encoding="utf-8",
    )
    survives(path)
    survives(path, rate_hz=100)


@SETTINGS
@given(
    st.lists(st.floats(0, 1e6, width=32), min_size=20, max_size=80),
    st.sampled_from([50.0, 100.0, 1000.0, 1024.0]),
    st.sampled_from([",", ";", "\t"]),
    st.sampled_from(["time (s)", "time_ms", "t [us]"]),
)
def test_values_of_even_tables_come_back_as_they_were(tmp_path, values, rate, delimiter, label):
    factor = {"time (s)": 1, "time_ms": 1e3, "t [us]": 1e6}[label]
    path = tmp_path / "t.csv"
    lines = [f"{k / rate * factor!r}{delimiter}{one!r}" for k, one in enumerate(values)]
    path.write_text("\n".join([f"{label}{delimiter}TA (uV)", *lines]), encoding="utf-8")
    opened = read(path)
    (piece,) = opened.pieces("TA")
    assert piece.values.tolist() == values
    assert abs(piece.rate_hz / rate - 1) < 1e-6


@SETTINGS
@given(st.lists(st.integers(0, 12), min_size=40, max_size=200), st.randoms(use_true_random=False))
def test_every_sample_lies_where_its_clock_says(tmp_path, pauses, random):
    """Clocks with pauses and jitter: a slow wave is found at its true time, whatever happened between."""
    times, now = [], 0.0
    for pause in [0, 0, *pauses]:
        now += 0.01 * (pause if pause > 9 else 1)
        times.append(now + random.uniform(-0.002, 0.002))
    wave = [100 * math.sin(2 * math.pi * 1.5 * t) for t in times]
    path = tmp_path / "t.csv"
    path.write_text(
        "time (s),TA (uV)\n" + "".join(f"{t:.6f},{v:.6f}\n" for t, v in zip(times, wave, strict=True)), encoding="utf-8"
    )
    opened = read(path)
    for piece in opened.pieces("TA"):
        at = times[0] + piece.start_s + np.arange(len(piece.values)) / piece.rate_hz
        close = np.abs(at[:, None] - np.array(times)).min(axis=1) < 0.006
        error = np.abs(piece.values - 100 * np.sin(2 * np.pi * 1.5 * at))[close]
        assert error.max(initial=0) < 6


def test_truncation_at_every_byte(tmp_path):
    header = b"r 2 100 4 12:00:00 01/01/2026\nr.dat 212 1/uV 12 0 1 3 0 LAT\nr.dat 212 1/uV 12 0 1 3 0 RAT\n# a note\n"
    table = b"# unit: uV\ntime (s),TA\n" + b"".join(b"%.3f,%d\n" % (k / 1000, k) for k in range(12))
    listed = json.dumps([{"x": 0.1, "y": 0.2, "z": 9.8, "timestamp": k / 100} for k in range(6)]).encode()
    (tmp_path / "r.dat").write_bytes(bytes(range(12)))
    for name, whole in (("r.hea", header), ("t.csv", table), ("t.json", listed)):
        path = tmp_path / name
        for size in range(len(whole)):
            path.write_bytes(whole[:size])
            survives(path)


def test_memory_is_bounded_whatever_a_table_looks_like(tmp_path):
    for name, text in (
        ("one line", "1," * 4_000_000),
        ("wide", "\n".join([",".join(["1"] * 4000)] * 20)),
        ("quotes", '"' * 1_000_000 + "\n1,2\n3,4\n5,6"),
        ("empty", "\n" * 2_000_000 + "1,2\n3,4\n5,6"),
    ):
        path = tmp_path / f"{name}.csv"
        path.write_text(text, encoding="utf-8")
        tracemalloc.start()
        survives(path)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert peak < 120_000_000, name
