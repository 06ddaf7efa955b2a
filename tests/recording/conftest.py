"""A byte-level maker of EDF and BDF files,
independent of the product's writer: every field can be wrong on purpose."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest


@dataclass
class Sig:
    """One signal: header fields as text (or bytes), and its digital samples, all records in a row."""

    label: str | bytes = "LAT"
    unit: str | bytes = "uV"
    pmin: str = "-3276.8"
    pmax: str = "3276.7"
    dmin: str = "-32768"
    dmax: str = "32767"
    samples: int | str = 4
    data: Sequence[int] | bytes = ()
    transducer: str = ""


def _field(value: object, width: int) -> bytes:
    raw = value if isinstance(value, bytes) else str(value).encode("utf-8")
    return raw.ljust(width)[:width]


def edf_bytes(
    signals: Sequence[Sig],
    records: int,
    *,
    version: bytes = b"0",
    date: str = "01.11.26",
    time: str = "22.30.00",
    recording: str = "",
    header_bytes: object = None,
    reserved: str = "",
    count: object = None,
    duration: object = "1",
    signal_count: object = None,
) -> bytes:
    """Return a whole file; `data` of annotation signals is bytes, of others integers."""
    width = 3 if version[0] == 0xFF else 2
    n = len(signals)
    head = b"".join(
        [
            _field(version, 8),
            _field("", 80),
            _field(recording, 80),
            _field(date, 8),
            _field(time, 8),
            _field(256 * (n + 1) if header_bytes is None else header_bytes, 8),
            _field(reserved, 44),
            _field(records if count is None else count, 8),
            _field(duration, 8),
            _field(n if signal_count is None else signal_count, 4),
        ]
    )
    for name, size in (
        ("label", 16),
        ("transducer", 80),
        ("unit", 8),
        ("pmin", 8),
        ("pmax", 8),
        ("dmin", 8),
        ("dmax", 8),
        ("", 80),
        ("samples", 8),
        ("", 32),
    ):
        head += b"".join(_field(getattr(signal, name) if name else "", size) for signal in signals)
    body = bytearray()
    for record in range(records):
        for signal in signals:
            per = int(signal.samples)
            if isinstance(signal.data, bytes):
                body += signal.data[record * per * width : (record + 1) * per * width].ljust(per * width, b"\0")
            else:
                part = list(signal.data[record * per : (record + 1) * per])
                for value in part + [0] * (per - len(part)):
                    body += int(value).to_bytes(width, "little", signed=True)
    return head + bytes(body)


def tals(per_record: Sequence[bytes], size: int) -> Sig:
    """Return an annotation signal of `size` samples (2 bytes each) whose records hold these bytes."""
    room = size * 2
    assert all(len(one) <= room for one in per_record)
    return Sig(
        "EDF Annotations", "", "-1", "1", samples=size, data=b"".join(one.ljust(room, b"\0") for one in per_record)
    )


@pytest.fixture(scope="session")
def sig() -> type[Sig]:
    return Sig


@pytest.fixture(scope="session")
def edf() -> Callable[..., bytes]:
    return edf_bytes


@pytest.fixture(scope="session")
def annotations() -> Callable[..., Sig]:
    return tals


@pytest.fixture
def opened(tmp_path: Path) -> Callable[..., object]:
    """Write a file made of these signals and open it."""
    from legtwitch.recording import read

    def call(signals: Sequence[Sig], records: int, name: str = "made.edf", **fields: object) -> object:
        path = tmp_path / name
        path.write_bytes(edf_bytes(signals, records, **fields))  # type: ignore[arg-type]
        return read(path)

    return call
