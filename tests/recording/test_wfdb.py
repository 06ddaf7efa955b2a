"""WFDB records: every storage format, scale and fault, against an encoder that shares nothing with the reader."""

from __future__ import annotations

import struct
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest

from legtwitch.errors import FileError, UsageError
from legtwitch.recording import finite_pieces, read
from legtwitch.recording.wfdb_header import parse_header

RAMP = [0, 1, -1, 100, -100, 2047, -2047, 5, 6, 7]
SMALL = [0, 1, -1, 100, -100, 127, -127, 5, 6, 7]


def encode(kind: int, samples: Sequence[int]) -> bytes:
    """Return samples as bytes of a storage format, one by one."""
    if kind == 212:
        out = bytearray()
        for at in range(0, len(samples), 2):
            one = samples[at] & 0xFFF
            two = (samples[at + 1] if at + 1 < len(samples) else 0) & 0xFFF
            out += bytes([one & 0xFF, (one >> 8) | ((two >> 8) << 4)])
            if at + 1 < len(samples):
                out.append(two & 0xFF)
        return bytes(out)
    if kind == 24:
        return b"".join(one.to_bytes(3, "little", signed=True) for one in samples)
    if kind == 80:
        return bytes(one + 128 for one in samples)
    if kind == 160:
        return b"".join(struct.pack("<H", one + 32768) for one in samples)
    letter = {8: "<b", 16: "<h", 61: ">h", 32: "<i"}[kind]
    return b"".join(struct.pack(letter, one) for one in samples)


def sum16(samples: Sequence[int]) -> int:
    return (sum(samples) + 32768) % 65536 - 32768


@pytest.fixture
def record(tmp_path: Path) -> Callable[..., Path]:
    def make(header: str, **files: bytes) -> Path:
        for name, data in files.items():
            (tmp_path / f"{name}.dat").write_bytes(data)
        path = tmp_path / "r.hea"
        path.write_text(header, encoding="utf-8")
        return path

    return make


def said(recording) -> dict[str, str]:
    return {p.code: p.message for p in recording.problems if p.code not in ("Q207",)}


@pytest.mark.parametrize("kind", [16, 24, 32, 61, 80, 160, 212])
def test_every_format_gives_the_samples_back(record, kind):
    values = SMALL if kind == 80 else RAMP
    made = record(
        f"r 1 1000 {len(values)}\nr.dat {kind} 10/mV 12 0 {values[0]} {sum16(values)} 0 EMG\n", r=encode(kind, values)
    )
    opened = read(made)
    assert set(said(opened)) <= {"Q226"}
    (piece,) = opened.pieces("EMG")
    assert piece.values.tolist() == [100.0 * one for one in values]
    assert (piece.rate_hz, opened.duration_s, opened.format) == (1000.0, 0.01, "WFDB")
    (channel,) = opened.channels
    assert (channel.unit, channel.file_unit, channel.resolution_uv) == ("uV", "mV", 100.0)


def test_format_8_sums_differences_from_the_first_value(record):
    opened = read(
        record("r 2 500 4\nr.dat 8 1/uV 8 0 50\nr.dat 8 1/uV 8 0 -3\n", r=encode(8, [0, 0, 5, 1, -7, 1, 127, 1]))
    )
    first, second = (opened.pieces(c.name)[0].values.tolist() for c in opened.channels)
    assert first == [50, 55, 48, 175]
    assert second == [-3, -2, -1, 0]


@pytest.mark.parametrize("kind", [16, 212, 24])
@pytest.mark.parametrize("frames", [1, 2, 3, 400_001])
def test_many_signals_and_blocks_stay_apart(record, kind, frames):
    """An odd number of samples a frame crosses the pairs of format 212 and every block border."""
    wide = np.arange(frames * 3) % 4000 - 2000
    opened = read(record(f"r 3 1000 {frames}\n" + f"r.dat {kind} 1/uV\n" * 3, r=_fast(kind, wide)))
    for number, channel in enumerate(opened.channels):
        (piece,) = opened.pieces(channel.name)
        assert np.array_equal(piece.values, wide[number::3])


def _fast(kind: int, values: np.ndarray) -> bytes:
    if kind == 16:
        return values.astype("<i2").tobytes()
    if kind == 24:
        return values.astype("<i4").view(np.uint8).reshape(-1, 4)[:, :3].tobytes()
    even = np.append(values, 0)[: len(values) // 2 * 2 + 2 * (len(values) % 2)] & 0xFFF
    one, two = even[0::2], even[1::2]
    packed = np.stack([one & 0xFF, (one >> 8) | (two >> 8 << 4), two & 0xFF], axis=1).astype(np.uint8).tobytes()
    return packed[: -1 if len(values) % 2 else None]


@pytest.mark.parametrize(
    ("spec", "unit", "values"),
    [
        ("200(0)/uV", "uV", [0.5, -0.5]),
        ("10000/mv", "uV", [10.0, -10.0]),
        ("10000/MV", "MV", [0.01, -0.01]),
        ("1000(50)/V", "uV", [50_000.0, -150_000.0]),
        ("200/\u00b5V", "uV", [0.5, -0.5]),
        ("-100/uV", "uV", [-1.0, 1.0]),
        ("100", "uV", [1000.0, -1000.0]),  # without a unit it is mV, by definition of the format
        ("1e2/mmHg", "mmHg", [1.0, -1.0]),
        ("2.5/degC", "degC", [40.0, -40.0]),
    ],
)
def test_gain_baseline_and_units(record, spec, unit, values):
    opened = read(record(f"r 1 1000 2\nr.dat 16 {spec}\n", r=encode(16, [100, -100])))
    (channel,) = opened.channels
    assert channel.unit == unit
    np.testing.assert_allclose(opened.pieces(channel.name)[0].values, values, rtol=1e-6)


def test_the_middle_of_the_converter_is_the_baseline_where_none_is_stated(record):
    opened = read(record("r 1 1000 2\nr.dat 16 1/uV 12 1024 1100\n", r=encode(16, [1100, 1024])))
    assert opened.pieces("signal 1")[0].values.tolist() == [76.0, 0.0]


@pytest.mark.parametrize("spec", ["", " 0", " 0/mV"])
def test_without_a_gain_there_is_no_unit_even_if_one_is_stated(record, spec):
    opened = read(record(f"r 1 1000 2\nr.dat 16{spec}\n", r=encode(16, [3, 4])), unit="uV")
    (channel,) = opened.channels
    assert (channel.unit, channel.resolution_uv) == (None, None)
    assert opened.pieces(channel.name)[0].values.tolist() == [3, 4]
    assert "not calibrated" in said(opened)["Q221"]


def test_a_stated_unit_mends_an_odd_one_and_an_impossible_one_is_refused(record):
    made = record("r 1 1000 2\nr.dat 16 10/MV 16 0 1 3 0 EMG\n", r=encode(16, [1, 2]))
    opened = read(made, unit="mV")
    assert opened.pieces("EMG")[0].values.tolist() == [100.0, 200.0]
    assert "Q206" in said(opened)
    with pytest.raises(UsageError):
        read(made, unit="g")


def test_samples_per_frame_give_rates_of_their_own(record):
    frames = [[1, 2, 10], [3, 4, 20]]
    made = record("r 2 100 2\nr.dat 16x2 1/uV 16 0 1 10 0 fast\nr.dat 16 1/uV 16 0 10 30 0 slow\n",
                  r=encode(16, [one for frame in frames for one in frame]))  # fmt: skip
    opened = read(made)
    assert {c.name: (c.rate_hz, c.samples) for c in opened.channels} == {"fast": (200.0, 4), "slow": (100.0, 2)}
    assert opened.pieces("fast")[0].values.tolist() == [1, 2, 3, 4]
    assert opened.pieces("slow")[0].values.tolist() == [10, 20]
    assert opened.duration_s == 0.02
    assert not said(opened)


@pytest.mark.parametrize("kind", [16, 212, 8])
def test_skew_moves_a_signal_back_and_shortens_the_record(record, kind):
    straight = list(range(10, 17))
    late = [0, 0, 0, *range(10, 14)]
    both = [one for pair in zip(straight, late, strict=True) for one in pair]
    if kind == 8:
        both = [
            b for pair in zip(np.diff([0, *straight]).tolist(), np.diff([0, *late]).tolist(), strict=True) for b in pair
        ]
    opened = read(record(f"r 2 100 7\nr.dat {kind} 1/uV\nr.dat {kind}:3 1/uV\n", r=encode(kind, both)))
    first, second = (opened.pieces(c.name)[0].values.tolist() for c in opened.channels)
    assert first == second == [10, 11, 12, 13]
    assert opened.duration_s == 0.04


@pytest.mark.parametrize("skew", [1, 2, 3])
def test_skew_of_a_single_signal_of_pairs(record, skew):
    opened = read(record(f"r 1 100 7\nr.dat 212:{skew} 1/uV\n", r=encode(212, range(10, 17))))
    assert opened.pieces("signal 1")[0].values.tolist() == list(range(10 + skew, 17))


def test_a_byte_offset_is_skipped_and_several_files_are_joined(record):
    opened = read(
        record(
            "r 2 100 3\nr.dat 16+5 1/uV 16 0 7\nother.dat 212 1/uV\n",
            r=b"HEAD!" + encode(16, [7, 8, 9]),
            other=encode(212, [1, 2, 3]),
        )
    )
    assert [opened.pieces(c.name)[0].values.tolist() for c in opened.channels] == [[7, 8, 9], [1, 2, 3]]


def test_checksum_and_first_sample_are_verified(record):
    good = f"r 1 100 3\nr.dat 16 1/uV 16 0 7 {sum16([7, 8, 9])}\n"
    assert not said(read(record(good, r=encode(16, [7, 8, 9]))))
    changed = said(read(record(good, r=encode(16, [6, 8, 9]))))
    assert set(changed) == {"Q154", "Q155"}
    assert "is 23; the header states 24" in changed["Q154"]
    assert "is 6; the header states 7" in changed["Q155"]


@pytest.mark.parametrize(("kind", "mark"), [(16, -32768), (212, -2048), (24, -(1 << 23)), (80, -128), (61, -32768)])
def test_invalid_samples_have_no_value(record, kind, mark):
    opened = read(record(f"r 1 100 5\nr.dat {kind} 1/uV\n", r=encode(kind, [1, mark, mark, 2, 3])))
    (piece,) = opened.pieces("signal 1")
    assert np.isnan(piece.values).tolist() == [False, True, True, False, False]
    assert said(opened)["Q220"].startswith("2 of 5")
    assert [(p.start_s, p.values.tolist()) for p in finite_pieces(opened, "signal 1")] == [(0.0, [1]), (0.03, [2, 3])]
    assert [p.start_s for p in finite_pieces(opened, "signal 1", 0.02)] == [0.03]


def test_a_short_and_a_long_signal_file_are_said(record):
    header = "r 1 100 5\nr.dat 16 1/uV 16 0 1 15\n"
    short = read(record(header, r=encode(16, [1, 2, 3])))
    assert short.duration_s == 0.03
    assert "3 of 5" in said(short)["Q104"]
    assert "Q154" not in said(short), "the checksum is that of all samples"
    long = read(record(header, r=encode(16, [1, 2, 3, 4, 5, 6])))
    assert long.pieces("signal 1")[0].values.tolist() == [1, 2, 3, 4, 5]
    assert set(said(long)) == {"Q105"}
    empty = read(record(header, r=b""))
    assert (empty.duration_s, empty.segments) == (0.0, ())
    assert empty.pieces("signal 1") == ()
    assert {"Q104", "Q106"} <= set(said(empty))


def test_without_a_number_of_samples_the_file_tells_it(record):
    made = record("r 1\nr.dat 16 1/uV\n", r=encode(16, range(250)))
    opened = read(made)
    assert (opened.duration_s, opened.channels[0].rate_hz) == (1.0, 250.0)
    assert "default" in said(opened)["Q162"]
    opened = read(made, rate_hz=500)
    assert (opened.duration_s, opened.channels[0].rate_hz) == (0.5, 500.0)
    assert "as was stated" in said(opened)["Q162"]
    stated = read(record("r 1 100\nr.dat 16 1/uV\n", r=encode(16, range(250))), rate_hz=500)
    assert (stated.channels[0].rate_hz, "Q162" in said(stated)) == (100.0, False)


def test_clipping_is_counted(record):
    opened = read(record("r 1 100 4\nr.dat 16 1/uV\n", r=encode(16, [32767, -32767, 32740, 32000])))
    assert said(opened)["Q226"].startswith("3 of 4")


@pytest.mark.parametrize(
    ("stamp", "start"),
    [
        ("22:30:00.5 01/11/2026", "2026-11-01T22:30:00.500000"),
        ("7:01 1/2/2026", "2026-02-01T00:07:01"),
        ("22:30:00", None),
        ("22:30:00 31/02/2026", None),
    ],
)
def test_the_start(record, stamp, start):
    opened = read(record(f"r 1 100 1 {stamp}\nr.dat 16 1/uV\n", r=encode(16, [1])))
    assert (opened.start.isoformat() if opened.start else None) == start
    assert ("Q109" in said(opened)) == (start is None)


def test_header_signal_file_or_record_name_open_the_same_record(record, tmp_path):
    made = record("# made\nr 1 100/256(0) 2 0:0:0 01/01/2026\nr.dat 16 1/uV 16 0 1 3 0 LAT\n", r=encode(16, [1, 2]))
    for name in (made, tmp_path / "r.dat", tmp_path / "r"):
        opened = read(name)
        assert opened.pieces("LAT")[0].values.tolist() == [1, 2]
        assert opened.channels[0].role == "leg_left"
    (tmp_path / "alone.dat").write_bytes(b"\1\2\3\4")
    with pytest.raises(FileError):
        read(tmp_path / "alone.dat")


def test_notes_that_name_a_muscle_stand_with_the_channel(record):
    from legtwitch.recording import muscle_of_channel

    opened = read(
        record(
            "r 1 100 1\nr.dat 16 1/uV 16 0 1 1 0 EMG\n# age: 4\n# needle electrode in right vastus lateralis muscle\n",
            r=encode(16, [1]),
        )
    )
    (channel,) = opened.channels
    assert "needle" in channel.why
    assert "age" not in channel.why
    assert muscle_of_channel(channel)[:2] == ("vastus_lateralis", "right")


@pytest.mark.parametrize(
    "name", ["../r.dat", "/etc/passwd", "a/b.dat", "..", "-", "C:\\x.dat", "~x", "r dat", "r\0.dat"]
)
def test_a_header_never_leads_out_of_its_folder(record, name):
    with pytest.raises(FileError) as refused:
        read(record(f"r 1 100 1\n{name} 16 1/uV\n", r=b"\1\0"))
    assert refused.value.code in ("E235", "E232", "E214")
    assert refused.value.message.endswith(".")


@pytest.mark.parametrize(
    ("header", "code"),
    [
        ("r 1 100 1\nmissing.dat 16 1/uV\n", "E233"),
        ("r 1 100 1\nr.dat 310 1/uV\n", "E234"),
        ("r 2 100 1\nr.dat 16 1/uV\nr.dat 212 1/uV\n", "E234"),
        ("r/3 1 100 30\na 10\nb 10\nc 10\n", "E234"),
        ("r 2 100 1\nr.dat 16 1/uV\n", "E232"),
        ("r 0 100 1\nr.dat 16 1/uV\n", "E232"),
        ("r 999999999 100 1\nr.dat 16 1/uV\n", "E232"),
        ("r 1 nan 1\nr.dat 16 1/uV\n", "E232"),
        ("r 1 -5 1\nr.dat 16 1/uV\n", "E232"),
        ("r 1 1e9 1\nr.dat 16 1/uV\n", "E232"),
        ("r 1 100 1\nr.dat 16x0 1/uV\n", "E232"),
        ("r 1 100 1\nr.dat 16x999999999 1/uV\n", "E232"),
        ("r 1 100 1\nr.dat 16 nan/uV\n", "E232"),
        ("r 1 100 1\nr.dat 16 inf/uV\n", "E232"),
        ("r 1 100 1\nr.dat 16 1/uV 16 zero\n", "E232"),
        ("r 1 100 1\nr.dat sixteen 1/uV\n", "E232"),
        ("nothing of the kind\n", "E232"),
        ("# only a comment\n", "E232"),
    ],
)
def test_headers_that_can_t_be_used_are_refused_in_one_sentence(record, header, code):
    with pytest.raises(FileError) as refused:
        read(record(header, r=b"\1\0"))
    assert refused.value.code == code
    assert refused.value.message.endswith(".")


def test_huge_counts_cost_no_memory(record):
    import tracemalloc

    made = record("r 1 100 999999999999999999\nr.dat 32x9:999999999+99999 1/uV\n", r=bytes(4000))
    tracemalloc.start()
    opened = read(made)
    assert opened.duration_s == 0
    assert tracemalloc.get_traced_memory()[1] < 5_000_000
    tracemalloc.stop()


def test_reading_one_signal_holds_no_other(record):
    import tracemalloc

    frames = 400_000
    made = record(f"r 20 1000 {frames}\n" + "r.dat 16 1/uV\n" * 20, r=bytes(frames * 40))
    opened = read(made)
    tracemalloc.start()
    (piece,) = opened.pieces(opened.channels[3].name)
    assert tracemalloc.get_traced_memory()[1] < piece.values.nbytes + 14_000_000
    tracemalloc.stop()


def test_the_file_may_not_shrink_while_it_is_read(record, tmp_path):
    made = record("r 1 100 3\nr.dat 16 1/uV\n", r=encode(16, [1, 2, 3]))
    opened = read(made)
    (tmp_path / "r.dat").write_bytes(b"\1")
    with pytest.raises(FileError) as refused:
        opened.pieces("signal 1")
    assert refused.value.code == "E218"


@pytest.mark.parametrize("date", ["22/11/26", "1/1/0001"])
def test_a_year_of_two_digits_is_no_date(date: str) -> None:
    header = parse_header(f"x 1 1000 10 22:30:00 {date}\nx.dat 16 200 16 0 0 0 0 EMG\n")
    assert (header.start, header.start_text) == (None, f"22:30:00 {date}")
