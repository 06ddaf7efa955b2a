"""Event tables of BIDS (`events.tsv`): `onset`, `duration`, `trial_type`, and further columns such as `side`.

Told from our own event table by its header: that one has a column `event`.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import isfinite
from pathlib import Path

from legtwitch.errors import FileError
from legtwitch.model import Problem, Recording
from legtwitch.recording import codes
from legtwitch.recording.marklist import Mark, recording_of
from legtwitch.recording.tsv import MISSING, SIDES

_NEEDED = ("onset", "duration", "trial_type")


def is_bids(text: str) -> bool:
    """Whether the first line is the header of such a table."""
    columns = next(iter(text.splitlines()), "").strip().split("\t")
    return all(name in columns for name in _NEEDED) and "event" not in columns


def read_bids(path: Path, text: str, problems: Sequence[Problem]) -> Recording:
    """Return the marks of a BIDS table; its times count from the start of a recording that it does not name.

    `n/a` as a duration is 0 s, as an onset or trial type the row can't be used; both are counted and said.

    Raises FileError for a line with more or fewer cells than the header, a number that can't be read, or a negative
    duration, with the number of the line.
    """
    lines = text.splitlines()
    columns = [name.strip() for name in lines[0].split("\t")]
    marks: list[Mark] = []
    unusable = bare = sides = 0
    for number, line in enumerate(lines[1:], 2):
        if not line.strip():
            continue
        cells = [cell.strip() for cell in line.split("\t")]
        if len(cells) != len(columns):
            raise FileError(
                codes.TSV_ROW,
                f"Line {number} does not have a cell for each column.",
                got=f"{len(cells)} cells",
                allowed=f"{len(columns)} cells, parted by tabs; n/a where there is nothing",
            )
        row = dict(zip(columns, cells, strict=True))
        if row["onset"] == MISSING or row["trial_type"] in (MISSING, ""):
            unusable += 1
            continue
        bare += row["duration"] == MISSING
        duration = 0.0 if row["duration"] == MISSING else _number(row["duration"], number, "duration", 0.0)
        word = row.get("side", MISSING).casefold()
        side = next((one for one in SIDES if one == word), None)
        sides += side is None
        onset = _number(row["onset"], number, "onset", float("-inf"))
        place = row.get("channel", MISSING)
        marks.append(Mark(onset, duration, row["trial_type"], side or "n/a", "" if place == MISSING else place))
    said = list(problems)
    if unusable:
        message = f"{unusable} row(s) have no onset or no trial type."
        said.append(Problem(codes.UNREADABLE_MARKS, message, "What they marked is missing."))
    if bare:
        message = f"{bare} mark(s) have no duration; it was taken as 0 s."
        said.append(Problem(codes.MARKS_WITHOUT_DURATION, message))
    if sides:
        message = f"{sides} mark(s) have a side that is not left, right or both; it was taken as unknown."
        said.append(Problem(codes.SIDES_UNKNOWN, message))
    return recording_of(path.name, "BIDS", None, marks, said)


def _number(text: str, line: int, what: str, least: float) -> float:
    try:
        value = float(text)
    except ValueError:
        value = float("nan")
    if not isfinite(value) or value < least:
        raise FileError(
            codes.TSV_NUMBER,
            f"Line {line}: the {what} can't be read.",
            got=text or "an empty cell",
            allowed="seconds as a number with a decimal point" + (", 0 or more" if least == 0 else ", or n/a"),
        )
    return value
