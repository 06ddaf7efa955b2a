"""Text files: what encoding they have, and that they are text at all."""

from __future__ import annotations

import codecs
from pathlib import Path

from legtwitch.errors import FileError
from legtwitch.model import Problem
from legtwitch.recording import codes

FORMATS = (
    "EDF, EDF+, BDF, BDF+, WFDB; tables of samples (CSV, JSON of a phone); marks: an event table (TSV, BIDS), "
    "an export of Noxturnal, DOMINO or RemLogic, "
    "XML of Profusion or NSRR, a plain hypnogram"
)
MAX_TEXT_BYTES = 64 << 20
"""A night of marks has well under one megabyte."""


def read_text(path: Path) -> tuple[str, list[Problem]]:
    """Return the text of a file and what there is to say of its encoding.

    UTF-8, UTF-16 (with or without byte order mark), else Windows-1252.

    Raises FileError where the file is too large for a list of marks, or holds no text.
    """
    size = path.stat().st_size
    if size > MAX_TEXT_BYTES:
        raise FileError(
            codes.TOO_LARGE,
            f"{path.name} is no EDF or BDF file, and too large to be a list of marks.",
            got=f"{size} bytes",
            allowed=f"at most {MAX_TEXT_BYTES} bytes of text",
        )
    raw = path.read_bytes()
    encoding = encoding_of(raw)
    problems: list[Problem] = []
    try:
        text = raw.decode(encoding)
    except UnicodeDecodeError:
        text = raw.decode("cp1252", "replace")
        encoding = "cp1252"
        problems.append(Problem(codes.ENCODING, "The text is not UTF-8; it was read as Windows-1252.", repaired=True))
    if any(ord(letter) < 32 and letter not in "\t\r\n\f\x1a" for letter in text[:4096]):
        raise FileError(
            codes.NOT_A_RECORDING,
            f"{path.name} is neither an EDF or BDF file nor text.",
            got=repr(raw[:16])[2:-1],
            allowed=FORMATS,
            do="Export the recording as EDF+.",
        )
    return text, problems


def encoding_of(raw: bytes) -> str:
    """Return the encoding of a text by its first bytes: UTF-16 with or without a byte order mark, else UTF-8."""
    if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    start = raw[:400]
    if len(start) > 8 and not start[0::2].count(0) and start[1::2].count(0) * 2 > len(start) // 2:
        return "utf-16-le"
    return "utf-8-sig"
