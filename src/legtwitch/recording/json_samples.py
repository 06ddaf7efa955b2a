"""Samples of a phone as JSON: a list of objects such as `{"x": …, "y": …, "z": …, "timestamp": …}`."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from legtwitch.errors import FileError
from legtwitch.model import Problem, Recording
from legtwitch.recording import codes
from legtwitch.recording.columns import columns_of
from legtwitch.recording.sampled import Source, assemble

if TYPE_CHECKING:
    from numpy.typing import NDArray

MAX_JSON_BYTES = 24 << 20
"""Half an hour at 100 Hz has about 15 MB."""
_MAX_KEYS = 64


@dataclass(frozen=True, slots=True)
class _Numbers:
    columns: tuple[NDArray[Any], ...]

    def column(self, at: int) -> NDArray[Any]:
        """Return a column: float64, shape (rows,)."""
        return self.columns[at]


def is_json(text: str) -> bool:
    """Whether a text is meant as a JSON list or object."""
    start = text[:400].lstrip()
    return start.startswith(("[{", "{")) or (start.startswith("[") and start[1:].lstrip()[:1] in ("{", ""))


def read_json(
    path: Path, text: str, problems: Sequence[Problem], *, unit: str | None = None, rate_hz: float | None = None
) -> Recording:
    """Open a JSON list of samples; all else as in tables.

    Parameters
    ----------
    path: the file. text: what it holds. problems: what there is to say already.
    unit, rate_hz: as in `read_csv`.

    Raises FileError where it is no list of samples, too large, or of several sensors. UsageError: unit or rate.
    """
    if len(text) > MAX_JSON_BYTES:
        raise FileError(
            codes.TABLE_LARGE,
            f"{path.name} is a JSON file of samples that is too large.",
            got=f"{len(text)} characters",
            allowed=f"at most {MAX_JSON_BYTES}",
            do="Export it as CSV.",
        )
    rows = _rows(path, text)
    keys = list(rows[0])
    values, missing = _values(rows, keys)
    said = list(problems)
    columns = columns_of(keys)
    for column, count in zip(columns, missing, strict=True):
        if count and column.kind not in ("time", "derived", "counter"):
            message = f"{count} of {len(rows)} values of {column.label} are missing or no number."
            said.append(Problem(codes.UNREADABLE_CELLS, message, "Samples have no value (NaN) there."))
    kinds = tuple("text" if count == len(rows) else "number" for count in missing)
    cells = tuple(tuple(repr(float(one)) for one in column[:400]) for column in values)
    source = Source(path.name, "JSON", tuple(columns), kinds, cells, {}, True, len(rows))
    return assemble(source, _Numbers(values), said, unit=unit, rate_hz=rate_hz)


def _rows(path: Path, text: str) -> list[dict[str, Any]]:
    try:
        data = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise _broken(path, "it is no JSON that can be read", str(error)) from error
    if not isinstance(data, list) or len(data) < 3 or not all(isinstance(row, dict) for row in data):
        raise _broken(path, "it is no list of samples", type(data).__name__)
    keys = list(data[0])
    if not 0 < len(keys) <= _MAX_KEYS:
        raise _broken(path, f"its first sample has {len(keys)} values", ", ".join(keys[:8]))
    if "sensor" in data[0]:
        raise _broken(path, "it may hold several sensors", "sensor")
    return data


def _broken(path: Path, why: str, got: str) -> FileError:
    return FileError(
        codes.JSON_BROKEN,
        f"{path.name} can't be read as samples: {why}.",
        got=got[:120],
        allowed='a list like [{"x": 0.1, "y": 0.2, "z": 9.8, "timestamp": 0.01}, …]',
        do="Export it as CSV.",
    )


def _values(rows: Sequence[dict[str, Any]], keys: Sequence[str]) -> tuple[tuple[NDArray[Any], ...], list[int]]:
    """Return the columns as float64, NaN where a value is no number, and how many those are."""
    import numpy as np

    columns, missing = [], []
    for key in keys:
        column = np.array([_number(row.get(key)) for row in rows], np.float64)
        column[~np.isfinite(column)] = np.nan
        columns.append(column)
        missing.append(int(np.isnan(column).sum()))
    return tuple(columns), missing


def _number(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return float("nan")
    try:
        return float(value)
    except OverflowError:
        return float("nan")
