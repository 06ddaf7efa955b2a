"""Open any file by what it holds, whatever its name says."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from pathlib import Path

from legtwitch.errors import FileError
from legtwitch.model import Problem, Recording
from legtwitch.recording import codes
from legtwitch.recording.bids import is_bids, read_bids
from legtwitch.recording.domino import is_domino, read_domino
from legtwitch.recording.edf import read_edf
from legtwitch.recording.hypnogram import is_hypnogram, read_hypnogram
from legtwitch.recording.json_samples import is_json, read_json
from legtwitch.recording.noxturnal import is_export, read_export
from legtwitch.recording.remlogic import is_remlogic, read_remlogic
from legtwitch.recording.sampled import read_csv
from legtwitch.recording.scored_xml import is_scored_xml, read_scored_xml
from legtwitch.recording.stated import stated_rate
from legtwitch.recording.table import head_of, sampled
from legtwitch.recording.text import FORMATS, read_text
from legtwitch.recording.tsv import is_table, read_table
from legtwitch.recording.wfdb import header_beside, read_wfdb
from legtwitch.recording.wfdb_header import is_wfdb

_ARCHIVES = {
    b"PK\x03\x04": "a zip archive",
    b"\x1f\x8b": "a gzip archive",
    b"BZh": "a bzip2 archive",
    b"\xfd7zXZ\0": "an xz archive",
    b"7z\xbc\xaf\x27\x1c": "a 7z archive",
    b"\x28\xb5\x2f\xfd": "a zstd archive",
}
_SIGNAL_NAMES = (".edf", ".bdf", ".rec")
_MARKS: tuple[tuple[Callable[[str], bool], Callable[[Path, str, Sequence[Problem]], Recording]], ...] = (
    (is_export, read_export),
    (is_domino, read_domino),
    (is_scored_xml, read_scored_xml),
    (is_remlogic, read_remlogic),
    (is_bids, read_bids),
    (is_table, read_table),
    (is_hypnogram, read_hypnogram),
)


def read(path: str | os.PathLike[str], *, unit: str | None = None, rate_hz: float | None = None) -> Recording:
    """Open a signal file or a file of marks, told by its content; check it and repair it in memory.

    Samples are read on demand (`Recording.pieces`); the file itself is never changed.

    Parameters
    ----------
    path: EDF, EDF+, BDF, BDF+, WFDB (header, signal file or record name), a table of samples (CSV, or JSON of a phone);
        or marks: our event table (TSV), a BIDS event table, exports of Noxturnal, DOMINO and RemLogic, XML of Profusion
        and NSRR, a plain hypnogram.
    unit: `uV`, `mV` or `V`, of leg or EMG channels to which the file gives no unit; of an accelerometer `m/s2`, `g`
        or `mg`, where gravity does not tell it.
    rate_hz: sampling rate, used only where the file has no clock and states no rate.

    Raises
    ------
    FileError: missing, empty, a folder, not readable, or none of these formats. UsageError: unit or rate can't be used.
    """
    path = Path(path)
    stated_rate(rate_hz)
    if "\0" in str(path):
        raise FileError(codes.MISSING, "There is no such file.", got=repr(str(path)), do="Check its name and folder.")
    try:
        return _read(path, unit, rate_hz)
    except FileNotFoundError as error:
        raise FileError(
            codes.MISSING, "There is no such file.", got=str(path), do="Check its name and folder."
        ) from error
    except OSError as error:
        raise FileError(codes.NOT_READABLE, "The file can't be opened.", got=f"{path} ({error})") from error


def _read(path: Path, unit: str | None, rate_hz: float | None) -> Recording:
    if path.exists() and not path.is_file():
        what = "a folder" if path.is_dir() else "no ordinary file"
        raise FileError(codes.NOT_A_FILE, f"{path.name or path} is {what}.", got=str(path), allowed="a file")
    header = None if path.suffix.casefold() in _SIGNAL_NAMES else header_beside(path)
    if header is not None:
        return read_wfdb(header, *read_text(header), unit=unit, rate_hz=rate_hz)
    with path.open("rb") as file:
        head = file.read(256)
    if not head:
        raise FileError(codes.EMPTY, "The file is empty.", got=path.name, do="Copy or export it again.")
    if head[:8] == b"\xffBIOSEMI" or (head[:8].strip(b" \0") == b"0" and len(head[:8]) == 8):
        return read_edf(path, unit=unit, rate_hz=rate_hz)
    _no_archive(path, head)
    start = head_of(path)
    if is_wfdb(start) or path.suffix.casefold() == ".hea":
        return read_wfdb(path, *read_text(path), unit=unit, rate_hz=rate_hz)
    shape = sampled(start, stated=rate_hz is not None)
    if shape is not None and (rate_hz is not None or not any(told(start) for told, _ in _MARKS)):
        return read_csv(path, shape, [], unit=unit, rate_hz=rate_hz)
    text, problems = read_text(path)
    if is_json(text):
        return read_json(path, text, problems, unit=unit, rate_hz=rate_hz)
    for told, reader in _MARKS:
        if told(text):
            return reader(path, text, problems)
    raise _unknown(path, text)


def _no_archive(path: Path, head: bytes) -> None:
    """Raise FileError for a compressed file, with what it most likely is."""
    kind = next((kind for start, kind in _ARCHIVES.items() if head.startswith(start)), None)
    if kind is None:
        return
    do = "Unpack it and give the file inside."
    if kind == "a zip archive":
        if b"[Content_Types].xml" in head or path.suffix.casefold() in (".xlsx", ".xlsm", ".ods"):
            kind, do = "a spreadsheet", "Save the sheet as CSV."
        else:
            do = "Unzip it and give the table inside; exports of phone apps (phyphox, Sensor Logger) are often zipped."
    raise FileError(codes.COMPRESSED, f"{path.name} is {kind}.", got=path.name, allowed=FORMATS, do=do)


def _unknown(path: Path, text: str) -> FileError:
    start = " ".join(text[:80].split())
    if path.suffix.casefold() in _SIGNAL_NAMES:
        message = f"{path.name} has the name of a recording, but holds text."
        return FileError(codes.TEXT_AS_EDF, message, got=start, allowed=FORMATS, do="Export the recording as EDF+.")
    return FileError(
        codes.NOT_A_RECORDING, f"{path.name} is no recording and no list of marks.", got=start, allowed=FORMATS
    )
