"""Headers whose fields stand some bytes too late or too early: found by all their numbers, and put back in memory."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

_DATE = re.compile(rb"\d\d[.:/\- ]\d\d[.:/\- ]\d\d")
_WHOLE = re.compile(rb"\s*[+-]?\d+\s*")
_NUMBER = re.compile(rb"\s*[+-]?(\d+[.,]?\d*|[.,]\d+)([eE][+-]?\d+)?\s*")
_TEXTS, _LIMITS, _PREFILTER = 16 + 80 + 8, 8, 80
_MOST_BYTES = 8
"""A shift in the fixed part is looked for up to so many bytes."""
_MOST_LETTERS = 4096
"""Further bytes that letters of several bytes may take in the whole header."""


@dataclass(frozen=True, slots=True)
class Unshifted:
    """A header put back. fixed: its first 256 bytes; signals: those of the signals; size: bytes it has in the file."""

    fixed: bytes
    signals: bytes
    size: int


def unshifted(file: BinaryIO) -> Unshifted | None:
    """Return the header with its fields put back; None where it is sound as it stands, or no shift makes it so.

    Two causes are known: letters of two bytes in a field padded by letters, and a patient's or recording's
    field that is some bytes too long or too short. A shift is believed only if every number of the header, its own
    length included, can be read with it, and not without.
    """
    file.seek(0)
    raw = file.read(256 + _MOST_BYTES)
    if len(raw) < 256 + _MOST_BYTES:
        return None
    count = _count(raw[:256])
    if count is not None:
        file.seek(256)
        if _sound(raw[:256], file.read(256 * count), count):
            return None
    return next((one for one in (*_by_letters(file), *_by_bytes(file, raw)) if one is not None), None)


def _count(fixed: bytes) -> int | None:
    """Return the number of signals where all numbers of the fixed part can be read."""
    good = (
        _DATE.fullmatch(fixed[168:176])
        and _DATE.fullmatch(fixed[176:184])
        and _WHOLE.fullmatch(fixed[184:192])
        and _WHOLE.fullmatch(fixed[236:244])
        and _NUMBER.fullmatch(fixed[244:252])
        and _WHOLE.fullmatch(fixed[252:256])
    )
    count = int(fixed[252:256]) if good else 0
    return count if count > 0 else None


def _sound(fixed: bytes, signals: bytes, count: int) -> bool:
    """Whether all numbers of a header can be read and its length is the one it states."""
    if len(signals) != 256 * count or int(fixed[184:192]) != 256 * (count + 1):
        return False
    columns = signals[_TEXTS * count :]
    limits = [columns[at : at + 8] for at in range(0, 4 * _LIMITS * count, 8)]
    after = columns[(4 * _LIMITS + _PREFILTER) * count :]
    samples = [after[at : at + 8] for at in range(0, 8 * count, 8)]
    return all(map(_NUMBER.fullmatch, limits)) and all(map(_WHOLE.fullmatch, samples))


def _by_letters(file: BinaryIO) -> Iterator[Unshifted | None]:
    """Yield the header read letter by letter, where letters of several bytes stand in it."""
    file.seek(0)
    begin = file.read(256 + _MOST_LETTERS).decode("utf-8", "replace")[:256].encode("latin-1", "replace")
    count = _count(begin)
    if count is None:
        return
    file.seek(0)
    letters = file.read(256 * (count + 1) + _MOST_LETTERS).decode("utf-8", "replace")[: 256 * (count + 1)]
    size = len(letters.encode())
    if "\ufffd" in letters or size == len(letters):
        return
    plain = letters.encode("latin-1", "replace")
    if _sound(begin, plain[256:], count):
        yield Unshifted(begin, plain[256:], size)


def _by_bytes(file: BinaryIO, raw: bytes) -> Iterator[Unshifted | None]:
    """Yield the header with the fields after the patient's and the recording's moved by some bytes."""
    for shift in sorted(range(-_MOST_BYTES, _MOST_BYTES + 1), key=abs):
        begin = raw[: 168 + min(shift, 0)].ljust(168)
        fixed = begin + raw[168 + shift : 256 + shift]
        count = _count(fixed) if shift else None
        if count is None:
            continue
        file.seek(256 + shift)
        signals = file.read(256 * count)
        if _sound(fixed, signals, count):
            yield Unshifted(fixed, signals, 256 * (count + 1) + shift)
