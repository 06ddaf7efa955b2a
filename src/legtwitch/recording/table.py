"""Tables of samples as text: read in blocks, quickly where rows are plain numbers, cell by cell where they are not."""

from __future__ import annotations

import io
import itertools
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from legtwitch.errors import FileError
from legtwitch.recording import codes
from legtwitch.recording.cells import Shape, clock_seconds, number, shape_of, split
from legtwitch.recording.text import encoding_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

MAX_TABLE_BYTES = 1 << 29
"""Text of this length holds about 70 million numbers: 9 hours of one channel, half an hour of twenty, at 2 kHz."""
HEAD_BYTES = 1 << 17
_BLOCK_LINES_BYTES = 1 << 22
_FEW_ROWS = 16
_MAX_LINE = 1 << 18


@dataclass(frozen=True, slots=True)
class Table:
    """The numbers of a table. columns: which columns of the file `values` holds; text columns are left out.

    clock: column of exact numbers (float64), that holds the time or might. blocks: float32, shape (rows, columns).
    bad_rows: rows of another number of cells, whose values are NaN. bad_cells: cells without a number in other rows.
    """

    shape: Shape
    columns: tuple[int, ...]
    clocks: dict[int, NDArray[Any]]
    blocks: tuple[NDArray[Any], ...]
    rows: int
    bad_rows: int
    bad_cells: dict[int, int]

    def column(self, at: int) -> NDArray[Any]:
        """Return a column of the file (index): float32, shape (rows,); a clock of exact numbers as float64."""
        import numpy as np

        if at in self.clocks:
            return self.clocks[at]
        place = self.columns.index(at)
        return np.concatenate([block[:, place] for block in self.blocks])


def head_of(path: Path) -> str:
    """Return the first whole lines of a text file; empty where it holds none, or is no text."""
    with path.open("rb") as file:
        raw = file.read(HEAD_BYTES)
    text = raw.decode(_encoding(raw), "replace")
    if any(ord(letter) < 32 and letter not in "\t\r\n\f\x1a" for letter in text[:4096]):
        return ""
    whole = len(raw) < HEAD_BYTES
    return text if whole else text[: max(text.rfind("\n"), 0)]


def _encoding(raw: bytes) -> str:
    """Return the encoding of a table by its first bytes: UTF-8, UTF-16, else Windows-1252."""
    encoding = encoding_of(raw)
    if encoding == "utf-8-sig":
        try:
            raw[: max(raw.rfind(b"\n"), 0)].decode(encoding)
        except UnicodeDecodeError:
            return "cp1252"
    return encoding


def sampled(head: str, *, stated: bool = False) -> Shape | None:
    """Return the shape of a table of samples by the head of its file, None where it is none.

    A few numbers in one column without a label are none, unless their rate is stated.
    """
    shape = shape_of(head) if head else None
    if shape is None or stated or shape.labels or len(shape.kinds) > 1 or len(shape.rows) >= _FEW_ROWS:
        return shape
    return None


def read_numbers(path: Path, shape: Shape, clocks: tuple[int, ...]) -> Table:
    """Read a table whole.

    Parameters
    ----------
    path: the file. shape: as `sampled` tells it. clocks: columns to keep as exact numbers.

    Raises FileError where the table is too large, or a tenth of its rows can't be read.
    """
    import numpy as np

    size = path.stat().st_size
    if size > MAX_TABLE_BYTES:
        raise FileError(
            codes.TABLE_LARGE,
            f"{path.name} is a table of samples too large to be read as text.",
            got=f"{size} bytes",
            allowed=f"at most {MAX_TABLE_BYTES} bytes",
            do="Export it as EDF or WFDB, or cut it into parts.",
        )
    wanted = tuple(k for k, kind in enumerate(shape.kinds) if kind != "text")
    places = [k for k in wanted if k not in clocks]
    blocks: list[NDArray[Any]] = []
    times: list[NDArray[Any]] = []
    bad_rows, bad_cells = 0, np.zeros(len(wanted), np.int64)
    for lines in _blocks(path, shape.skip):
        exact, odd = _parsed(lines, shape, wanted)
        bad_rows += odd
        exact[~np.isfinite(exact)] = np.nan
        bad_cells += np.isnan(exact).sum(axis=0) - odd
        times.append(exact[:, [wanted.index(k) for k in clocks]])
        with np.errstate(over="ignore"):
            own = exact[:, [wanted.index(k) for k in places]].astype(np.float32)
        own[np.isinf(own)] = np.nan
        blocks.append(own)
    rows = sum(len(block) for block in blocks)
    if rows < 2 or bad_rows * 10 > rows:
        raise FileError(
            codes.TABLE_BROKEN,
            f"{path.name} is no table that can be read: {bad_rows} of {rows} rows do not fit its columns.",
            got=f"{len(shape.kinds)} columns",
            allowed="rows with the same number of cells",
            do="Export it again, with a decimal point and one delimiter.",
        )
    together = np.concatenate(times)
    counts = {column: int(bad_cells[k]) for k, column in enumerate(wanted) if bad_cells[k] > 0}
    exact_clocks = {column: np.ascontiguousarray(together[:, k]) for k, column in enumerate(clocks)}
    return Table(shape, tuple(places), exact_clocks, tuple(blocks), rows, bad_rows, counts)


def _blocks(path: Path, skip: int) -> Iterator[list[str]]:
    """Yield the rows of a table as lists of lines, in bounded blocks, without comments and empty lines."""
    with path.open("rb") as file:
        encoding = _encoding(file.read(HEAD_BYTES))
    with path.open("r", encoding=encoding, errors="replace", newline=None) as text:
        for _ in itertools.islice(_lines(text), skip):
            continue
        block: list[str] = []
        size = 0
        for line in _lines(text):
            plain = line.strip(" \r\n\x1a")
            if not plain.strip() or plain[0] in "#%":
                continue
            block.append(plain)
            size += len(plain)
            if size >= _BLOCK_LINES_BYTES:
                yield block
                block, size = [], 0
        if block:
            yield block


def _lines(text: io.TextIOBase) -> Iterator[str]:
    while line := text.readline(_MAX_LINE):
        yield str(line)


def _parsed(lines: list[str], shape: Shape, wanted: tuple[int, ...]) -> tuple[NDArray[Any], int]:
    """Return the wanted columns of rows as float64, and the number of rows that do not fit."""
    plain = all(shape.kinds[k] == "number" for k in wanted)
    if plain and shape.delimiter is not None and not shape.quoted:
        found = _quick(lines, shape, wanted)
        if found is not None:
            return found, 0
    return _slow(lines, shape, wanted)


def _quick(lines: list[str], shape: Shape, wanted: tuple[int, ...]) -> NDArray[Any] | None:
    """Return rows that are numbers through and through, None where a cell is none or a row has another width."""
    import numpy as np

    delimiter = shape.delimiter or ","
    joins = len(shape.kinds) - 1
    if any(line.count(delimiter) != joins for line in lines):
        return None
    rows: Any = (line.replace(",", ".") for line in lines) if shape.decimal_comma else lines
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            return np.loadtxt(rows, np.float64, comments=None, delimiter=delimiter, usecols=wanted, ndmin=2)
    except (ValueError, UserWarning):
        return None


def _slow(lines: list[str], shape: Shape, wanted: tuple[int, ...]) -> tuple[NDArray[Any], int]:
    import numpy as np

    wide = len(shape.kinds)
    values = np.full((len(lines), len(wanted)), np.nan)
    odd = 0
    for row, line in enumerate(lines):
        cells = split(line, shape.delimiter, quoted=shape.quoted)
        if len(cells) == wide + 1 and not cells[-1]:
            cells.pop()
        if len(cells) != wide:
            odd += 1
            continue
        for place, column in enumerate(wanted):
            cell = cells[column]
            if shape.kinds[column] == "clock":
                values[row, place] = clock_seconds(cell)
            else:
                values[row, place] = number(cell, decimal_comma=shape.decimal_comma)
    return values, odd
