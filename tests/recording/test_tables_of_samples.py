"""EMG and other signals in CSV: headers, delimiters, decimal commas, clocks, units, gaps, and what is refused."""

from __future__ import annotations

import math
import tracemalloc
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest

from legtwitch.errors import FileError, UsageError
from legtwitch.recording import can_detect, can_score, finite_pieces, read

WAVE = [round(100 * math.sin(k / 3), 3) for k in range(60)]


@pytest.fixture
def made(tmp_path: Path) -> Callable[..., object]:
    """Write a text and open it."""

    def call(text: str | bytes, name: str = "emg.csv", **stated: object) -> object:
        path = tmp_path / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return read(path, **stated)

    return call


def rows(times: Sequence[object], *columns: Sequence[object], delimiter: str = ",", header: str = "") -> str:
    lines = [delimiter.join(map(str, row)) for row in zip(times, *columns, strict=True)]
    return "\n".join([header, *lines] if header else lines) + "\n"


def clock(rate: float, n: int = 60, digits: int = 4) -> list[str]:
    return [f"{k / rate:.{digits}f}" for k in range(n)]


def said(recording) -> dict[str, str]:
    return {p.code: p.message for p in recording.problems if p.code not in ("Q207", "Q152")}


def values(recording, name: str | None = None) -> list[float]:
    (piece,) = recording.pieces(name or recording.channels[0].name)
    return piece.values.tolist()


@pytest.mark.parametrize("header", ["time,emg_uV", "time [s],emg [uV]", "Time (s),EMG (\u00b5V)", '"t","emg uV"'])
def test_units_in_the_header(made, header):
    opened = made(rows(clock(1000), WAVE, header=header))
    (channel,) = opened.channels
    assert (channel.name.casefold(), channel.unit, channel.rate_hz) == ("emg", "uV", 1000.0)
    assert values(opened) == pytest.approx(WAVE, abs=1e-4)
    assert said(opened) == {}
    assert opened.duration_s == pytest.approx(0.06)


def test_a_line_of_units_below_the_names(made):
    opened = made("time,TA,SOL\nms,uV,mV\n" + rows(range(60), WAVE, WAVE))
    assert [(c.name, c.unit, c.rate_hz) for c in opened.channels] == [("TA", "uV", 1000.0), ("SOL", "uV", 1000.0)]
    assert values(opened, "SOL") == pytest.approx([1e3 * one for one in WAVE])


def test_millivolts_and_volts_become_microvolts(made):
    opened = made(rows(clock(1000), WAVE, WAVE, header="time,TA (mV),SOL [V]"))
    assert [c.unit for c in opened.channels] == ["uV", "uV"]
    assert values(opened, "TA") == pytest.approx([1e3 * one for one in WAVE])
    assert values(opened, "SOL") == pytest.approx([1e6 * one for one in WAVE])


@pytest.mark.parametrize(
    ("delimiter", "comma"), [(",", False), (";", False), (";", True), ("\t", False), ("\t", True), ("  ", False)]
)
@pytest.mark.parametrize("header", [True, False])
@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
def test_delimiters_and_decimal_commas(made, delimiter, comma, header, ends):
    text = rows(clock(1000), WAVE, [-one for one in WAVE], delimiter=delimiter)
    text = text.replace(".", ",") if comma else text
    title = delimiter.join(["time", "RF", "VM"]) + "\n" if header else ""
    opened = made((title + text).replace("\n", ends), unit="uV")
    assert len(opened.channels) == 2
    assert values(opened) == pytest.approx(WAVE, abs=1e-4)
    assert values(opened, opened.channels[1].name) == pytest.approx([-one for one in WAVE], abs=1e-4)
    assert opened.channels[0].rate_hz == 1000


def test_a_delimiter_behind_the_last_cell_and_quoted_cells(made):
    text = "time,RF,\n" + "".join(f"{t},{v},\n" for t, v in zip(clock(1000), WAVE, strict=True))
    assert values(made(text)) == pytest.approx(WAVE, abs=1e-4)
    text = "time,RF\n" + "".join(f'"{t}","{v}"\n'.replace(".", ",") for t, v in zip(clock(1000), WAVE, strict=True))
    assert values(made(text)) == pytest.approx(WAVE, abs=1e-4)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "cp1252"])
def test_encodings(made, encoding):
    text = rows(clock(1000, 300), WAVE * 5, header="time (s),EMG (\u00b5V)")
    opened = made(text.encode(encoding))
    assert opened.channels[0].unit == "uV"
    assert values(opened) == pytest.approx(WAVE * 5, abs=1e-4)


@pytest.mark.parametrize(
    ("label", "factor"),
    [("time", 1), ("time (s)", 1), ("time_ms", 1e3), ("t [us]", 1e6), ("timestamp_ns", 1e9), ("Zeit (ms)", 1e3)],
)
@pytest.mark.parametrize("rate", [200, 1000, 2000])
def test_clock_units(made, label, factor, rate):
    times = [f"{12.5 * factor + k / rate * factor:.6f}" for k in range(60)]
    opened = made(rows(times, WAVE, header=f"{label},RF"))
    assert opened.channels[0].rate_hz == rate
    assert opened.duration_s == pytest.approx(60 / rate)
    assert "Q150" not in said(opened)


@pytest.mark.parametrize(("unit", "step"), [("seconds", 0.0005), ("milliseconds", 0.5), ("microseconds", 500)])
def test_a_clock_without_a_unit_is_told_by_its_step_and_it_is_said(made, unit, step):
    opened = made(rows([k * step for k in range(60)], WAVE, header="time,RF"))
    assert opened.channels[0].rate_hz == 2000
    (problem,) = [p for p in opened.problems if p.code == "Q152"]
    assert unit in problem.message
    assert "2000 Hz" in problem.message


def test_a_clock_that_fits_two_units_is_refused_unless_the_rate_is_stated(made):
    text = rows([round(k * 0.1, 3) for k in range(60)], WAVE, header="time,RF")
    with pytest.raises(FileError) as refused:
        made(text)
    assert refused.value.code == "E239"
    assert made(text, rate_hz=10_000).channels[0].rate_hz == 10_000
    assert made(text, rate_hz=10).channels[0].rate_hz == 10


def test_a_table_of_something_else_once_a_second_is_not_read_as_milliseconds(made):
    with pytest.raises(FileError) as refused:
        made(rows(range(60), WAVE, header="time,heart rate"))
    assert refused.value.code == "E239"
    assert made(rows(range(60), WAVE, header="time,heart rate"), rate_hz=1).duration_s == 60
    assert made(rows(range(60), WAVE, header="time (s),heart rate")).duration_s == 60
    assert made(rows(range(60), WAVE, header="time,TA")).duration_s == pytest.approx(0.06)


@pytest.mark.parametrize(
    ("first", "start"),
    [("22:59:59.{:03d}", None), ("2026-11-01 22:59:59.{:03d}", "2026-11-01T22:59:59"), ("22:59:59,{:03d}", None)],
)
def test_clock_times(made, first, start):
    text = "clock;RF\n" + "".join(f"{first.format(k * 2)};{v}\n" for k, v in enumerate(WAVE))
    opened = made(text)
    assert opened.channels[0].rate_hz == 500
    assert (opened.start.isoformat() if opened.start else None) == start


def test_a_clock_goes_on_past_midnight(made):
    stamps = [f"23:59:59.{k:03d}" for k in range(970, 1000, 1)] + [f"00:00:00.{k:03d}" for k in range(30)]
    opened = made(rows(stamps, WAVE, header="time;RF".replace(";", ",")))
    assert (opened.channels[0].rate_hz, len(opened.segments), len(values(opened))) == (1000, 1, 60)


def test_without_a_clock_the_rate_is_asked_for_by_name(made):
    for text in (rows(WAVE, header="EMG (uV)"), rows(WAVE, WAVE, header="TA,SOL"), rows(WAVE)):
        with pytest.raises(FileError) as refused:
            made(text)
        assert refused.value.code == "E236"
        assert "--rate" in str(refused.value)
        opened = made(text, rate_hz=500)
        assert values(opened) == pytest.approx(WAVE, abs=1e-4)
        assert (opened.channels[0].rate_hz, opened.duration_s) == (500, 0.12)
        assert "Q217" in said(opened)


def test_lines_above_the_table_state_rate_and_unit(made):
    opened = made("# unit: mV\n# rate_hz: 2000\n# made by: a device\n" + rows(WAVE, WAVE, header="TA,SOL"))
    assert [(c.unit, c.rate_hz) for c in opened.channels] == [("uV", 2000.0)] * 2
    assert values(opened) == pytest.approx([1e3 * one for one in WAVE])
    opened = made("Device: X1\nSampling rate = 1000 Hz\n\n" + rows(WAVE, WAVE, header="TA,SOL"))
    assert opened.channels[0].rate_hz == 1000


def test_without_a_unit_there_is_none(made):
    opened = made(rows(clock(2000, 60), WAVE, header="time,TA"))
    assert (opened.channels[0].unit, opened.channels[0].resolution_uv) == (None, None)
    assert "--unit" in next(p.effect for p in opened.problems if p.code == "Q205")
    assert "No amplitude in uV" in can_detect(opened)["fasciculation"].reason
    assert not can_score(opened)["aasm-v3"].ok
    coarse = [round(one / 2.5) * 2.5 for one in WAVE]
    stated = made(rows(clock(2000, 60), coarse, header="time,TA"), unit="uV")
    assert (stated.channels[0].unit, stated.channels[0].resolution_uv) == ("uV", 2.5)
    assert "Q206" in said(stated)


def test_a_unit_of_the_file_is_not_overruled(made):
    opened = made(rows(clock(1000), WAVE, WAVE, header="time,TA (uV),temp (degC)"), unit="mV")
    assert values(opened, "TA") == pytest.approx(WAVE, abs=1e-4)
    assert "Q206" not in said(opened)
    assert next(c.unit for c in opened.channels if c.name == "temp") == "degC"
    assert values(opened, "temp") == pytest.approx(WAVE, abs=1e-4)


def test_impossible_units_and_rates_are_refused(made):
    for stated in ({"unit": "furlong"}, {"unit": "m/s2"}, {"rate_hz": 0}, {"rate_hz": -1}, {"rate_hz": math.nan}):
        with pytest.raises(UsageError):
            made(rows(clock(1000), WAVE, header="time,TA"), **stated)


def test_a_stated_rate_does_not_overrule_the_clock_but_is_heard(made):
    opened = made(rows(clock(1000), WAVE, header="time (s),TA"), rate_hz=2000)
    assert opened.channels[0].rate_hz == 1000
    assert "2000" in said(opened)["Q160"]


def test_roles_and_muscles(made):
    opened = made(rows(clock(1000), *[WAVE] * 6, header="time,RF,LAT,ECG,GM,Chin,zzz"), unit="uV")
    roles = {c.name: c.role for c in opened.channels}
    assert roles == {
        "RF": "emg_other", "LAT": "leg_left", "ECG": "ecg", "GM": "emg_other", "Chin": "emg_other", "zzz": "emg_other",
    }  # fmt: skip
    assert next(c.certainty for c in opened.channels if c.name == "zzz") == 0.5
    assert "Chin" not in can_detect(opened)["fasciculation"].reason


def test_cells_that_hold_no_number_have_no_value_and_are_counted(made):
    cells: list[object] = list(WAVE)
    cells[10], cells[11], cells[40] = "", "NaN", "overload"
    opened = made(rows(clock(1000), cells, WAVE, header="time,TA,SOL"))
    found = values(opened, "TA")
    assert [k for k, one in enumerate(found) if math.isnan(one)] == [10, 11, 40]
    assert said(opened)["Q157"].startswith("3 of 60 cells of TA")
    assert values(opened, "SOL") == pytest.approx(WAVE, abs=1e-4)
    assert [len(p.values) for p in finite_pieces(opened, "TA")] == [10, 28, 19]


def test_rows_of_another_width_are_counted_and_never_shifted(made):
    lines = rows(clock(1000), WAVE, header="time,TA").splitlines()
    lines[20] = "0.019,1,2"
    lines[30] = "0.02"
    opened = made("\n".join(lines))
    assert said(opened)["Q157"].startswith("2 of 60 rows")
    assert said(opened)["Q159"].startswith("2 of 60 rows")
    assert opened.duration_s == pytest.approx(0.06)
    assert values(opened)[50] == pytest.approx(WAVE[50], abs=0.01)


def test_a_row_with_one_cell_more_is_no_row(made):
    lines = rows(clock(1000), WAVE, header="time,TA").splitlines()
    lines[20] += ",7"
    opened = made("\n".join(lines))
    assert said(opened)["Q157"].startswith("1 of 60 rows")


def test_a_decimal_comma_between_commas_is_refused(made):
    text = "time,TA\n" + "".join(f"0,{k:03d},{k},5\n" for k in range(60))
    with pytest.raises(FileError):
        made(text)


def test_gaps_are_kept_in_true_time(made):
    times = [k / 1000 for k in range(30)] + [5 + k / 1000 for k in range(30)]
    opened = made(rows([f"{t:.3f}" for t in times], WAVE, header="time,TA"))
    assert [(s.start_s, round(s.duration_s, 6)) for s in opened.segments] == [(0.0, 0.03), (5.0, 0.03)]
    (gap,) = opened.events
    assert (gap.event, gap.onset_s, gap.duration_s) == ("recording_gap", pytest.approx(0.03), pytest.approx(4.97))
    first, second = opened.pieces("TA")
    assert first.values.tolist() == pytest.approx(WAVE[:30], abs=1e-4)
    assert second.values.tolist() == pytest.approx(WAVE[30:], abs=1e-4)
    assert "Q113" in said(opened)


def test_text_columns_counters_and_derived_ones_are_left_and_named(made):
    opened = made(rows(clock(1000), range(60), ["on"] * 60, WAVE, header="time,index,state,TA"))
    assert [c.name for c in opened.channels] == ["TA"]
    assert "index, state" in said(opened)["Q161"]


def test_two_columns_of_one_name(made):
    opened = made(rows(clock(1000), WAVE, [0.0] * 60, header="time,TA,TA"))
    assert [c.name for c in opened.channels] == ["TA", "TA (2)"]
    assert values(opened, "TA (2)") == [0.0] * 60
    assert "Q202" in said(opened)


def test_marks_are_still_marks(made):
    assert made("onset\tduration\tevent\tside\n1\t2\tleg_movement\tleft\n" * 1).format == "TSV"
    assert made("onset\tduration\ttrial_type\n1.0\t2.0\tleg_movement\n2.0\t2.0\tleg_movement\n").channels == ()
    assert made("0\n0\n1\n2\n3\n2\n4\n" * 10, "hyp.csv").format == "hypnogram"


@pytest.mark.parametrize("name", ["EMG.zip", "phyphox 2026-11-01.zip", "emg.csv.gz", "emg.xlsx"])
def test_archives_are_refused_with_what_to_do(made, tmp_path, name):
    import gzip
    import zipfile

    path = tmp_path / name
    if name.endswith("gz"):
        path.write_bytes(gzip.compress(b"time,TA\n0,1\n"))
    else:
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("Raw Data.csv", "x")
    with pytest.raises(FileError) as refused:
        read(path)
    assert refused.value.code == "E231"
    assert "unzip" in refused.value.do.lower() or "Unpack" in refused.value.do or "CSV" in refused.value.do


def test_a_table_that_is_too_large_is_refused_before_it_is_read(made, monkeypatch):
    from legtwitch.recording import table

    monkeypatch.setattr(table, "MAX_TABLE_BYTES", 500)
    with pytest.raises(FileError) as refused:
        made(rows(clock(1000), WAVE, header="time,TA"))
    assert refused.value.code == "E238"
    assert "EDF" in refused.value.do


def test_memory_stays_near_the_numbers_themselves(tmp_path):
    path = tmp_path / "wide.csv"
    n, wide = 60_000, 16
    block = np.random.default_rng(1).normal(0, 50, (n, wide)).round(2)
    with path.open("w") as file:
        file.write("time," + ",".join(f"EMG{k} (uV)" for k in range(wide)) + "\n")
        for k in range(n):
            file.write(f"{k / 2000:.4f}," + ",".join(map(str, block[k])) + "\n")
    tracemalloc.start()
    opened = read(path)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < n * wide * 4 * 2 + 40_000_000
    assert np.array_equal(opened.pieces("EMG7")[0].values, block[:, 7].astype(np.float32))
    assert (opened.channels[3].rate_hz, opened.channels[3].resolution_uv) == (2000.0, pytest.approx(0.01, rel=0.01))


@pytest.mark.parametrize("value", ["NaN", "5"])
def test_a_channel_that_never_changes_is_not_blamed_on_its_unit(tmp_path, value):
    rows = "\n".join(f"{i / 256:.5f},{value}" for i in range(256 * 70))
    (tmp_path / "flat.csv").write_text(f"time,EMG L TA (uV)\n{rows}\n")
    reason = can_score(read(tmp_path / "flat.csv"))["aasm-v3"].reason
    assert "no two values of EMG L TA differ" in reason
    assert "unit" not in reason
