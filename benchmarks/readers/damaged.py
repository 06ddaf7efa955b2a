"""EDF and BDF files with one damage each, made byte by byte, and what is truly in them.

Shares no code with the product. All files hold ten records of 1 s with LAT and RAT at 64 Hz, known digital samples, and
annotations in true time, unless their damage says otherwise.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

RATE, RECORDS = 128, 10
LIMIT_UV = 3276.8


@dataclass(frozen=True)
class Signal:
    """One signal: header fields as they are written, and its digital samples."""

    label: bytes
    unit: bytes = b"uV"
    pmin: bytes = b"-3276.8"
    pmax: bytes = b"3276.7"
    dmin: bytes = b"-32768"
    dmax: bytes = b"32767"
    rate: int = RATE
    data: tuple[int, ...] = ()


@dataclass(frozen=True)
class Truth:
    """What is truly in a file. values_uv: by label; None where nobody can know them. no_recording: it is none."""

    values_uv: dict[str, list[float] | None]
    rates: dict[str, float]
    duration_s: float = float(RECORDS)
    start: str | None = "2026-11-01T22:30:00"
    onsets: tuple[float, ...] = (0.0, 2.0, 7.5)
    no_recording: bool = False


@dataclass(frozen=True)
class Damaged:
    """A damaged file: what is wrong in words, its bytes, and the truth."""

    name: str
    what: str
    content: bytes
    truth: Truth


def samples(seed: int, rate: int = RATE) -> tuple[int, ...]:
    """Return digital values that differ from signal to signal, 0.1 uV a step."""
    return tuple((n * (37 + seed) + seed * 101) % 4001 - 2000 for n in range(RECORDS * rate))


LAT, RAT = Signal(b"LAT", data=samples(1)), Signal(b"RAT", data=samples(2))


def tals(marks: dict[int, bytes], clocks: list[float | None], size: int = 60) -> Signal:
    """Return an annotation signal. marks: record → bytes after its clock, which a second such signal has not.

    size: samples a record.
    """
    content = bytearray()
    for record, clock in enumerate(clocks):
        own = b"" if clock is None else f"+{clock:g}".encode() + b"\x14\x14\0"
        own += marks.get(record, b"")
        content += own.ljust(size * 2, b"\0")
    words = tuple(int.from_bytes(content[n : n + 2], "little", signed=True) for n in range(0, len(content), 2))
    return Signal(b"EDF Annotations", b"", b"-1", b"1", rate=size, data=words)


MARKS = {0: b"+0\x155\x14Sleep stage W\x14\0", 2: b"+2\x151.5\x14Leg movement\x14\0", 7: b"+7.5\x14Lights off\x14\0"}
CLOCKS: list[float | None] = [float(n) for n in range(RECORDS)]
NOTES = tals(MARKS, CLOCKS)


@dataclass(frozen=True)
class Header:
    """The fixed fields as they are written; None: as they should be."""

    version: bytes = b"0"
    patient: bytes = b"X X X X"
    recording: bytes = b"Startdate 01-NOV-2026 X X X"
    date: bytes = b"01.11.26"
    time: bytes = b"22.30.00"
    length: bytes | None = None
    reserved: bytes = b"EDF+C"
    records: bytes = b"10"
    duration: bytes = b"1"
    signals: bytes | None = None


def edf(signals: list[Signal], header: Header = Header(), *, width: int = 2, record_share: int = 1) -> bytes:
    """Return a file. width: bytes a sample. record_share: records a second."""
    count = len(signals)
    length = header.length if header.length is not None else b"%d" % (256 * (count + 1))
    fixed = [
        (header.version, 8),
        (header.patient, 80),
        (header.recording, 80),
        (header.date, 8),
        (header.time, 8),
        (length, 8),
        (header.reserved, 44),
        (header.records, 8),
        (header.duration, 8),
        (header.signals if header.signals is not None else b"%d" % count, 4),
    ]
    head = b"".join(value.ljust(size)[:size] for value, size in fixed)
    columns: list[tuple[Callable[[Signal], bytes], int]] = [
        (lambda s: s.label, 16),
        (lambda _: b"", 80),
        (lambda s: s.unit, 8),
        (lambda s: s.pmin, 8),
        (lambda s: s.pmax, 8),
        (lambda s: s.dmin, 8),
        (lambda s: s.dmax, 8),
        (lambda _: b"", 80),
        (lambda s: b"%d" % (s.rate // record_share), 8),
        (lambda _: b"", 32),
    ]
    for field_of, size in columns:
        head += b"".join(field_of(one).ljust(size)[:size] for one in signals)
    body = bytearray()
    for record in range(RECORDS * record_share):
        for one in signals:
            per = one.rate // record_share
            for value in one.data[record * per : (record + 1) * per]:
                body += value.to_bytes(width, "little", signed=True)
    return head + bytes(body)


def physical(one: Signal, scale: float = 0.1) -> list[float]:
    return [value * scale for value in one.data]


SOUND = Truth({"LAT": physical(LAT), "RAT": physical(RAT)}, {"LAT": float(RATE), "RAT": float(RATE)})


def _truth(**changes: Any) -> Truth:
    return replace(SOUND, **changes)


def _only(lat: list[float] | None, **changes: Any) -> Truth:
    return replace(SOUND, values_uv={"LAT": lat, "RAT": physical(RAT)}, **changes)


def damaged() -> list[Damaged]:
    """Return all files, the sound one first."""
    return [*_numbers(), *_counts(), *_words(), *_times(), *_strangers()]


def _numbers() -> list[Damaged]:
    comma = [replace(one, pmin=b"-3276,8", pmax=b"3276,7") for one in (LAT, RAT)]
    millivolt = [replace(one, unit=b"mV", pmin=b"-3.2768", pmax=b"3.2767") for one in (LAT, RAT)]
    inverted = replace(LAT, dmin=b"32767", dmax=b"-32768", pmin=b"3276.7", pmax=b"-3276.8")
    fine = replace(LAT, data=tuple(value * 256 for value in LAT.data), dmin=b"-8388608", dmax=b"8388607")
    fine_right = replace(RAT, data=tuple(v * 256 for v in RAT.data), dmin=b"-8388608", dmax=b"8388607")
    bdf = [replace(one, pmin=b"-838861", pmax=b"838861") for one in (fine, fine_right)]
    step = 2 * 838861 / 16777215
    offset = -838861 + 8388608 * step
    wide = {"LAT": [v * step + offset for v in fine.data], "RAT": [v * step + offset for v in fine_right.data]}
    bdf_header = Header(version=b"\xffBIOSEMI", reserved=b"24BIT")
    return [
        Damaged("sound", "nothing: the control", edf([LAT, RAT, NOTES]), SOUND),
        Damaged("millivolts", "nothing: limits in mV", edf([*millivolt, NOTES]), SOUND),
        Damaged("bdf", "nothing: BDF, 24 bit", edf(bdf, bdf_header, width=3), _truth(values_uv=wide, onsets=())),
        Damaged("comma_limits", "decimal comma in the physical limits", edf([*comma, NOTES]), SOUND),
        Damaged(
            "comma_duration",
            "decimal comma in the duration of a record (`0,5`)",
            edf([LAT, RAT], Header(duration=b"0,5", records=b"20", reserved=b""), record_share=2),
            _truth(onsets=()),
        ),
        Damaged(
            "equal_digital",
            "equal digital limits of LAT",
            edf([replace(LAT, dmin=b"0", dmax=b"0"), RAT, NOTES]),
            _only(None),
        ),
        Damaged(
            "equal_physical",
            "equal physical limits of LAT",
            edf([replace(LAT, pmin=b"5", pmax=b"5"), RAT, NOTES]),
            _only(None),
        ),
        Damaged(
            "limit_no_number",
            "a physical limit of LAT is no number",
            edf([replace(LAT, pmax=b"abc"), RAT, NOTES]),
            _only(None),
        ),
        Damaged(
            "inverted",
            "digital and physical limits of LAT both the wrong way round",
            edf([inverted, RAT, NOTES]),
            SOUND,
        ),
    ]


def _counts() -> list[Damaged]:
    whole = edf([LAT, RAT, NOTES])
    record = 2 * (2 * RATE + NOTES.rate)
    four = {"LAT": physical(LAT)[: 4 * RATE], "RAT": physical(RAT)[: 4 * RATE]}
    cut = _truth(values_uv=four, duration_s=4.0, onsets=(0.0, 2.0))
    return [
        Damaged("records_unknown", "number of records -1", edf([LAT, RAT, NOTES], Header(records=b"-1")), SOUND),
        Damaged(
            "records_few", "number of records 3, ten are there", edf([LAT, RAT, NOTES], Header(records=b"3")), SOUND
        ),
        Damaged(
            "records_many", "number of records 99, ten are there", edf([LAT, RAT, NOTES], Header(records=b"99")), SOUND
        ),
        Damaged("cut", "the file ends inside the fifth record", whole[: 1024 + 4 * record + 77], cut),
        Damaged("tail", "100 bytes too many at the end", whole + b"\0" * 100, SOUND),
        Damaged(
            "header_length", "header length 256 instead of 1024", edf([LAT, RAT, NOTES], Header(length=b"256")), SOUND
        ),
        Damaged("signal_count", "number of signals 9999", edf([LAT, RAT, NOTES], Header(signals=b"9999")), SOUND),
        Damaged(
            "no_duration",
            "duration of a record 0",
            edf([LAT, RAT], Header(duration=b"0", reserved=b"")),
            _truth(values_uv={}, rates={}, duration_s=0.0, onsets=()),
        ),
        Damaged(
            "shifted",
            "the patient's field is one byte too long, all after it shifted",
            whole[:88] + b" " + whole[88:],
            SOUND,
        ),
    ]


def _by_letters() -> bytes:
    """Return a file whose writer counted letters where bytes are meant."""
    micro = [replace(one, unit=b"\xb5V") for one in (LAT, RAT)]
    whole = edf([*micro, NOTES])
    return whole[:1024].decode("latin-1").encode() + whole[1024:]


def _words() -> list[Damaged]:
    strange = replace(LAT, label="Bein_ü".encode("latin-1"))
    micro = [replace(one, unit=b"\xb5V") for one in (LAT, RAT)]
    none = [replace(one, unit=b"") for one in (LAT, RAT)]
    twice = [LAT, replace(RAT, label=b"LAT"), NOTES]
    rates = {"Bein_ü": float(RATE), "RAT": float(RATE)}
    letters = _by_letters()
    mixed = Signal(b"EEG", rate=16, data=samples(3, 16))
    return [
        Damaged(
            "label",
            "a label in Latin-1 with an umlaut",
            edf([strange, RAT, NOTES]),
            _truth(values_uv={"Bein_ü": physical(LAT), "RAT": physical(RAT)}, rates=rates),
        ),
        Damaged("micro", "the unit is µV in Latin-1", edf([*micro, NOTES]), SOUND),
        Damaged("letters", "the unit is µV in UTF-8, padded by letters: all after it shifted", letters, SOUND),
        Damaged(
            "no_unit",
            "no unit: nobody can know the size",
            edf([*none, NOTES]),
            _truth(values_uv={"LAT": None, "RAT": None}),
        ),
        Damaged(
            "labels_equal",
            "two signals are called LAT",
            edf(twice),
            _truth(values_uv={"LAT": physical(LAT)}, rates={"LAT": float(RATE)}),
        ),
        Damaged("mixed_rates", "nothing: a third signal of another rate", edf([LAT, RAT, mixed, NOTES]), SOUND),
    ]


def _times() -> list[Damaged]:
    clocks = [n + (4.5 if n >= 4 else 0.0) for n in range(RECORDS)]
    late = {0: MARKS[0], 2: MARKS[2], 7: b"+12\x14Lights off\x14\0"}
    gap = tals(late, clocks)
    apart = _truth(duration_s=14.5, onsets=(0.0, 2.0, 12.0))
    quarter = {
        0: b"+0.25\x155\x14Sleep stage W\x14\0",
        2: b"+2.25\x151.5\x14Leg movement\x14\0",
        7: b"+7.75\x14Lights off\x14\0",
    }
    second = tals({3: b"+3\x14Arousal\x14\0"}, [None] * RECORDS, 20)
    return [
        Damaged(
            "gap", "nothing: EDF+D, a gap of 4.5 s after 4 s", edf([LAT, RAT, gap], Header(reserved=b"EDF+D")), apart
        ),
        Damaged(
            "gap_hidden", "the same gap, but the header says that there is none (EDF+C)", edf([LAT, RAT, gap]), apart
        ),
        Damaged(
            "below_second",
            "nothing: the start is a quarter of a second after the full second",
            edf([LAT, RAT, tals(quarter, [n + 0.25 for n in range(RECORDS)])]),
            _truth(start="2026-11-01T22:30:00.250000"),
        ),
        Damaged(
            "two_lists",
            "nothing: two annotation signals",
            edf([LAT, RAT, NOTES, second]),
            _truth(onsets=(0.0, 2.0, 3.0, 7.5)),
        ),
        Damaged(
            "colons",
            "colons in date and time",
            edf([LAT, RAT, NOTES], Header(date=b"01:11:26", time=b"22:30:00")),
            SOUND,
        ),
        Damaged(
            "no_date",
            "the start date is `00.00.00`",
            edf([LAT, RAT, NOTES], Header(date=b"00.00.00", recording=b"")),
            _truth(start=None),
        ),
    ]


def _strangers() -> list[Damaged]:
    nothing = Truth({}, {}, 0.0, None, (), no_recording=True)
    noise = bytes((n * 131 + 17) % 251 for n in range(4096))
    return [
        Damaged(
            "text", "a letter under the name of a recording", b"Dear doctor, here is my recording.\n" * 60, nothing
        ),
        Damaged("empty", "an empty file", b"", nothing),
        Damaged("noise", "random bytes", noise, nothing),
        Damaged("header_cut", "the file ends inside the header", edf([LAT, RAT, NOTES])[:700], nothing),
    ]
