"""Headers with faults: repaired and said, or refused in a plain sentence; never a silently wrong value."""

from __future__ import annotations

from datetime import datetime

import numpy as np
import pytest

from legtwitch.errors import FileError, RecordingError, UsageError
from legtwitch.recording import can_score, read


def codes_of(recording) -> set[str]:
    return {problem.code for problem in recording.problems}


def test_scale_is_exact_for_every_digital_value(opened, sig):
    every = list(range(-32768, 32768))
    night = opened([sig(pmin="-1234.5", pmax="4321.9", samples=65536, data=every)], 1)
    (piece,) = night.pieces("LAT")
    step = (4321.9 + 1234.5) / 65535
    assert piece.values.dtype == np.float32
    assert np.array_equal(piece.values, np.array([-1234.5 + (d + 32768) * step for d in every], np.float32))
    assert night.channels[0].resolution_uv == step


@pytest.mark.parametrize(("unit", "factor"), [("uV", 1), ("mV", 1e3), ("V", 1e6), ("µV", 1), ("μV", 1), (b"\xb5V", 1)])
def test_voltages_become_microvolts(opened, sig, unit, factor):
    night = opened([sig(unit=unit, pmin="-1", pmax="1", dmin="-100", dmax="100", data=[50, -100, 100, 0])], 1)
    (piece,) = night.pieces("LAT")
    assert night.channels[0].unit == "uV"
    np.testing.assert_allclose(piece.values, np.array([0.5, -1, 1, 0]) * factor, rtol=1e-7, atol=1e-9 * factor)
    assert night.channels[0].resolution_uv == pytest.approx(0.01 * factor)


def test_bdf_24_bit_samples(opened, sig):
    values = [-8388608, 8388607, -1, 0, 1, 65536, -65537, 12345]
    night = opened(
        [sig(dmin="-8388608", dmax="8388607", pmin="-8388608", pmax="8388607", data=values)], 2,
        version=b"\xffBIOSEMI", reserved="24BIT"
    )  # fmt: skip
    assert night.format == "BDF"
    (piece,) = night.pieces("LAT")
    assert piece.values.tolist() == values


def test_decimal_commas_are_read_right_and_said(opened, sig):
    night = opened([sig(pmin="-3276,8", pmax="3276,7", samples=1, data=[10] * 4)], 4, duration="0,5")
    assert night.duration_s == 2.0
    assert night.channels[0].rate_hz == 2.0
    (piece,) = night.pieces("LAT")
    assert piece.values == pytest.approx([1.0] * 4, abs=1e-4)
    (said,) = [p for p in night.problems if p.code == "Q101"]
    assert said.repaired
    assert "3 number" in said.message


@pytest.mark.parametrize("text", ["1.024,5", "abc", "nan", "inf", "0x10", "1_0", "", "--1", "1e999", "1 2"])
def test_limits_that_are_no_numbers_make_the_channel_unusable(opened, sig, text):
    night = opened([sig(pmax=text), sig("RAT")], 60)
    assert "Q203" in codes_of(night)
    with pytest.raises(RecordingError) as refused:
        night.pieces("LAT")
    assert refused.value.code == "E303"
    assert len(night.pieces("RAT")[0].values) == 240


@pytest.mark.parametrize(
    "limits", [{"dmin": "5", "dmax": "5"}, {"pmin": "7", "pmax": "7"}, {"dmax": "65535"}, {"dmin": "-1.5"}]
)
def test_limits_without_a_scale_make_the_channel_unusable(opened, sig, limits):
    night = opened([sig(samples=200, **limits)], 60)
    assert "Q203" in codes_of(night)
    verdict = can_score(night)["aasm-v3"]
    assert not verdict.ok
    assert "LAT" in verdict.reason
    assert "no scale" in verdict.reason


def test_digital_limits_the_wrong_way_round_are_said(opened, sig):
    night = opened([sig(dmin="100", dmax="-100", pmin="-1", pmax="1", data=[100, -100, 0, 50])], 1)
    assert night.pieces("LAT")[0].values == pytest.approx([-1, 1, 0, -0.5])
    assert "Q204" in codes_of(night)


@pytest.mark.parametrize(
    ("date", "time"),
    [("01:11:26", "22:30:05"), ("01/11/26", "22-30-05"), ("01-11-26", "22 30 05"), ("1.11.26", "22.30.5")],
)
def test_unusual_dates_and_times(opened, sig, date, time):
    night = opened([sig()], 1, date=date, time=time)
    assert night.start == datetime(2026, 11, 1, 22, 30, 5)
    assert "Q110" in codes_of(night)


@pytest.mark.parametrize(("yy", "year"), [("85", 1985), ("99", 1999), ("00", 2000), ("84", 2084)])
def test_two_digit_years(opened, sig, yy, year):
    assert opened([sig()], 1, date=f"01.02.{yy}").start.year == year


def test_start_dates_that_differ_or_are_hidden_or_unreadable(opened, sig, annotations):
    clock = annotations([b"+0\x14\x14\0"], 10)
    differing = opened([sig(), clock], 1, reserved="EDF+C", recording="Startdate 02-NOV-2026 X X X")
    assert differing.start == datetime(2026, 11, 2, 22, 30)
    assert "Q112" in codes_of(differing)
    hidden = opened([sig(), clock], 1, reserved="EDF+C", date="01.01.85", recording="Startdate X X X X")
    assert hidden.start == datetime(1985, 1, 1, 22, 30)
    assert "Q111" in codes_of(hidden)
    assert opened([sig(), clock], 1, reserved="EDF+C", date="01.01.85", time="00.00.00").start is None
    for date, time in (("31.02.20", "01.00.00"), ("01.01.20", "25.00.00"), ("", ""), ("xx.yy.zz", "00.00.00")):
        broken = opened([sig()], 1, date=date, time=time)
        assert broken.start is None
        assert "Q109" in codes_of(broken)


def test_a_start_below_the_second(opened, sig, annotations):
    clock = annotations([b"+0.25\x14\x14\0+0.75\x1530\x14Sleep stage W\x14\0", b"+1.25\x14\x14\0"], 20)
    night = opened([sig(), clock], 2, reserved="EDF+C")
    assert night.start == datetime(2026, 11, 1, 22, 30, 0, 250000)
    assert night.segments[0].start_s == 0.0
    assert night.events[0].onset_s == 0.5
    assert "Q118" not in codes_of(night)
    late = opened([sig(), annotations([b"+3600\x14\x14\0+3601\x14x\x14\0"], 20)], 1, reserved="EDF+C")
    assert late.start == datetime(2026, 11, 1, 23, 30)
    assert late.events[0].onset_s == 1.0
    assert "Q118" in codes_of(late)


@pytest.mark.parametrize(
    ("label", "name"),
    [
        ("Impédance".encode(), "Impédance"),
        (b"Imp\xe9dance", "Impédance"),
        ("123456789012Impé".encode()[:16], "123456789012Imp"),
        (b"LAT\x00\x00\x00", "LAT"),
        (b"A\x07B", "AB"),
    ],
)
def test_labels_of_any_encoding(opened, sig, label, name):
    assert opened([sig(label)], 1).channels[0].name == name


def test_missing_and_equal_labels_get_names_of_their_own(opened, sig):
    night = opened([sig("LAT", data=[1] * 4), sig("LAT", data=[2] * 4), sig("", data=[3] * 4), sig("LAT")], 1)
    assert [c.name for c in night.channels] == ["LAT", "LAT (2)", "channel 3", "LAT (3)"]
    values = [night.pieces(c.name)[0].values[0] for c in night.channels]
    assert values == pytest.approx([0.1, 0.2, 0.3, 0], abs=1e-3)
    assert codes_of(night) >= {"Q201", "Q202", "Q211"}


@pytest.mark.parametrize("stated", [0, 1, "abc", "", -5, 99999999])
def test_a_wrong_header_length_is_repaired(opened, sig, stated):
    night = opened([sig(data=[100] * 4)], 1, header_bytes=stated)
    assert night.pieces("LAT")[0].values == pytest.approx([10] * 4, abs=1e-3)
    assert "Q102" in codes_of(night)


def test_an_unreadable_signal_count_follows_from_the_header_length(opened, sig):
    night = opened([sig(), sig("RAT")], 3, signal_count="?")
    assert [c.name for c in night.channels] == ["LAT", "RAT"]
    assert "Q119" in codes_of(night)
    with pytest.raises(FileError) as refused:
        opened([sig()], 1, signal_count="-3", header_bytes="x")
    assert refused.value.code == "E217"


@pytest.mark.parametrize(
    ("count", "code"), [("-1", "Q103"), ("", "Q103"), ("x", "Q103"), ("3", "Q103"), ("-7", "Q103"), ("9", "Q104")]
)
def test_record_counts_that_are_wrong(opened, sig, count, code):
    night = opened([sig(data=list(range(20)))], 5, count=count)
    assert night.duration_s == 5.0
    assert len(night.pieces("LAT")[0].values) == 20
    assert code in codes_of(night)


def test_a_cut_off_file_is_read_as_far_as_it_goes(edf, sig, tmp_path):
    whole = edf([sig(samples=256, data=[1] * 2560)], 10)
    header = 512
    for size in (len(whole) - 1, len(whole) - 511, header + 512 * 3 + 7, header + 512, header + 511, header):
        path = tmp_path / "cut.edf"
        path.write_bytes(whole[:size])
        night = read(path)
        records = (size - header) // 512
        assert night.duration_s == records
        assert sum(len(p.values) for p in night.pieces("LAT")) == 256 * records
        (said,) = [p for p in night.problems if p.code == "Q104"]
        assert f"{10 - records} s are missing" in said.message
    for size in (header - 1, 300, 256, 255, 100, 8):
        path.write_bytes(whole[:size])
        with pytest.raises(FileError) as refused:
            read(path)
        assert refused.value.code == "E216"


def test_bytes_behind_the_last_record_are_said(edf, sig, tmp_path):
    path = tmp_path / "long.edf"
    path.write_bytes(edf([sig()], 5) + b"xyz")
    night = read(path)
    assert night.duration_s == 5.0
    assert "Q105" in codes_of(night)


def test_unreadable_sample_numbers_leave_nothing_to_guess(opened, sig):
    broken = sig()
    broken.samples = 4
    night = opened([broken, sig("RAT")], 2)
    assert len(night.segments) == 1
    for text in ("-4", "x", "4.5", ""):

        class Odd(sig):  # the header says `text`, the data hold 4 samples
            pass

        odd = Odd()
        odd.samples = _Said(text)
        night = opened([odd, sig("RAT")], 2)
        assert night.segments == ()
        assert "Q107" in codes_of(night)
        assert not can_score(night)["aasm-v3"].ok
        assert night.pieces("RAT") == ()


class _Said(str):
    """A number of samples whose text is another."""

    __slots__ = ()

    def __int__(self) -> int:
        return 4


@pytest.mark.parametrize("duration", ["0", "", "x", "-1", "1e99"])
def test_without_a_record_duration_there_is_no_rate_unless_it_is_stated(edf, sig, tmp_path, duration):
    path = tmp_path / "timeless.edf"
    path.write_bytes(edf([sig(samples=256), sig("C3", samples=512)], 90, duration=duration))
    night = read(path)
    assert night.segments == ()
    assert night.channels[0].rate_hz == 0
    assert "Q108" in codes_of(night)
    assert "rate" in can_score(night)["aasm-v3"].reason
    stated = read(path, rate_hz=256)
    assert stated.duration_s == 90.0
    assert [c.rate_hz for c in stated.channels] == [256.0, 512.0]
    assert "Q217" in codes_of(stated)


def test_a_unit_is_taken_from_the_user_only_where_the_file_has_none(edf, sig, tmp_path):
    path = tmp_path / "unitless.edf"
    path.write_bytes(edf([sig("LAT", "", samples=256), sig("RAT", "g", samples=256)], 90))
    bare = read(path)
    assert [c.unit for c in bare.channels] == [None, "g"]
    reason = can_score(bare)["wasm-2016"].reason
    assert "LAT" in reason
    assert "RAT is “g”" in reason
    stated = read(path, unit="mV")
    assert [c.unit for c in stated.channels] == ["uV", "g"]
    assert stated.channels[0].resolution_uv == pytest.approx(100)
    assert "Q206" in codes_of(stated)
    for wrong in ({"unit": "furlong"}, {"rate_hz": 0.0}, {"rate_hz": float("nan")}):
        with pytest.raises(UsageError):
            read(path, **wrong)


def test_files_that_are_no_files(tmp_path):
    (tmp_path / "empty.edf").touch()
    (tmp_path / "text.edf").write_text("This is a letter to my doctor.\n")
    (tmp_path / "noise.edf").write_bytes(bytes(range(256)) * 8)
    (tmp_path / "zero.edf").write_bytes(b"0       ")
    expected = {
        "missing.edf": "E210",
        "nul\0.edf": "E210",
        ".": "E211",
        "empty.edf": "E213",
        "text.edf": "E215",
        "noise.edf": "E214",
        "zero.edf": "E216",
    }
    for name, code in expected.items():
        with pytest.raises(FileError) as refused:
            read(tmp_path / name)
        assert refused.value.code == code, name
        assert refused.value.message.endswith(".")


def test_a_file_that_shrinks_after_opening_is_an_error_and_no_silence(edf, sig, tmp_path):
    path = tmp_path / "shrinks.edf"
    for samples in (256, 20_000):  # small records are read whole, large ones one by one
        data = edf([sig(samples=samples), sig("RAT", samples=samples)], 10)
        path.write_bytes(data)
        night = read(path)
        path.write_bytes(data[:-samples])
        with pytest.raises(FileError) as refused:
            night.pieces("RAT")
        assert refused.value.code == "E218"


def test_channels_are_read_apart_whatever_the_size_of_records(opened, sig):
    for samples in (1, 3, 100, 9000):
        signals = [
            sig(f"X{k}", samples=samples, data=[(k * 1000 + n) % 30000 for n in range(samples * 7)]) for k in range(4)
        ]
        night = opened(signals, 7)
        for k, signal in enumerate(signals):
            (piece,) = night.pieces(f"X{k}")
            np.testing.assert_allclose(piece.values, np.array(signal.data) / 10, atol=1e-3)


def test_opening_reads_no_samples(edf, sig, tmp_path, monkeypatch):
    from legtwitch.recording import samples

    path = tmp_path / "night.edf"
    path.write_bytes(edf([sig(samples=256)], 10))
    monkeypatch.setattr(samples, "_fill", lambda *_: pytest.fail("samples were read"))
    assert read(path).duration_s == 10.0
