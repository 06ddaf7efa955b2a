"""Open any file by what it holds, whatever its name says."""

from __future__ import annotations

import os
from pathlib import Path

from legtwitch.errors import FileError
from legtwitch.model import Recording
from legtwitch.recording import codes
from legtwitch.recording.edf import read_edf
from legtwitch.recording.noxturnal import is_export, read_export
from legtwitch.recording.text import read_text
from legtwitch.recording.tsv import is_table, read_table

_SIGNAL_NAMES = (".edf", ".bdf", ".rec")
_FORMATS = "EDF, EDF+, BDF, BDF+, an event table (TSV), a Noxturnal export"


def read(path: str | os.PathLike[str], *, unit: str | None = None, rate_hz: float | None = None) -> Recording:
    """Open a signal file or a file of marks, told by its content; check it and repair it in memory.

    Samples are read on demand (`Recording.pieces`); the file itself is never changed.

    Parameters
    ----------
    path: EDF, EDF+, BDF, BDF+, our event table (TSV) or a Noxturnal export.
    unit: `uV`, `mV` or `V`, the unit of leg channels whose header field is empty.
    rate_hz: sampling rate of the leg channels, used only where the header gives no duration of a data record.

    Raises
    ------
    FileError: missing, empty, a folder, not readable, or none of these formats. UsageError: unit or rate can't be used.
    """
    path = Path(path)
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
    with path.open("rb") as file:
        head = file.read(256)
    if not head:
        raise FileError(codes.EMPTY, "The file is empty.", got=path.name, do="Copy or export it again.")
    if head[:8] == b"\xffBIOSEMI" or (head[:8].strip(b" \0") == b"0" and len(head[:8]) == 8):
        return read_edf(path, unit=unit, rate_hz=rate_hz)
    text, problems = read_text(path)
    if is_export(text):
        return read_export(path, text, problems)
    if is_table(text):
        return read_table(path, text, problems)
    raise _unknown(path, text)


def _unknown(path: Path, text: str) -> FileError:
    start = " ".join(text[:80].split())
    if text.lstrip().startswith("Signal ID:"):
        message = f"{path.name} is an export of DOMINO (SOMNOmedics), which this version does not read."
        return FileError(
            codes.NOT_READ_YET, message, got=start, allowed=_FORMATS, do="Write its marks as an event table."
        )
    if path.suffix.casefold() in _SIGNAL_NAMES:
        message = f"{path.name} has the name of a recording, but holds text."
        return FileError(codes.TEXT_AS_EDF, message, got=start, allowed=_FORMATS, do="Export the recording as EDF+.")
    return FileError(
        codes.NOT_A_RECORDING, f"{path.name} is no recording and no list of marks.", got=start, allowed=_FORMATS
    )
