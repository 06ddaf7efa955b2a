"""Text exports of RemLogic (Embla): header lines, then a table parted by tabs.

Columns: `Sleep Stage`, mostly `Position`, `Time [hh:mm:ss]`, `Event`, `Duration[s]`, mostly `Location`. Times of day
(with `:` or `.`) or date and time as `2010-01-31T23:30:00.000`. Stages are events, `SLEEP-S2`; leg movements `LM`,
`PLM-LEFT` and the like, or their side follows from the location.

Unverified on real files: written from public readers of the format (of the CAP sleep database among them) and tested on
files made after them. The line `Recording Date` of the header is known from memory of such files alone.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path

from legtwitch.errors import FileError
from legtwitch.model import Problem, Recording
from legtwitch.recording import codes
from legtwitch.recording.clock import after, seconds_of_day
from legtwitch.recording.marklist import Mark, recording_of

_RECORDING_DATE = re.compile(r"recording date:?\s*(\d{1,4})[/.\-](\d{1,2})[/.\-](\d{1,4})", re.IGNORECASE)
_HEADER_LINES = 2000


def is_remlogic(text: str) -> bool:
    """Whether a line of the beginning is the header of such a table."""
    return _table(text) is not None


def _table(text: str) -> tuple[int, list[str]] | None:
    """Return the number of the header line (from 0) and its columns in lower case without blanks and units."""
    for number, line in enumerate(text.splitlines()[:_HEADER_LINES]):
        if "\t" in line and "time [hh:mm:ss" in line.casefold():
            columns = [re.sub(r"\[.*?\]|\s", "", cell).casefold() for cell in line.split("\t")]
            if {"time", "event", "duration"} <= set(columns):
                return number, columns
    return None


def read_remlogic(path: Path, text: str, problems: Sequence[Problem]) -> Recording:
    """Return the marks of an export; the recording begins at the first time of its table.

    Raises FileError for a line whose time or duration can't be read, with its number.
    """
    place = _table(text)
    assert place is not None
    head, columns = place
    lines = text.splitlines()
    said = list(problems)
    rows = [
        (number, _cells(line, columns, number))
        for number, line in enumerate(lines[head + 1 :], head + 2)
        if line.strip()
    ]
    start, onsets = _times([(number, row["time"]) for number, row in rows], lines[:head], said)
    marks = [
        Mark(onset, _duration(row["duration"], number), row["event"], place=row.get("location", ""))
        for onset, (number, row) in zip(onsets, rows, strict=True)
        if row["event"]
    ]
    if len(marks) < len(rows):
        message = f"{len(rows) - len(marks)} line(s) name no event."
        said.append(Problem(codes.EMPTY_MARKS, message, "They mean nothing."))
    recording = recording_of(path.name, "RemLogic", start, marks, said)
    if any(row.get("sleepstage") for _, row in rows) and not any(
        e.event.startswith("stage_") for e in recording.events
    ):
        message = "Sleep stages stand only beside other events, not for each epoch, and were not taken."
        said.append(Problem(codes.STAGES_BESIDE, message, "Export the events of sleep stages, too."))
        recording = recording_of(path.name, "RemLogic", start, marks, said)
    return recording


def _cells(line: str, columns: Sequence[str], number: int) -> dict[str, str]:
    cells = [cell.strip() for cell in line.split("\t")]
    cells += [""] * (len(columns) - len(cells))
    row = dict(zip(columns, cells, strict=False))
    if not row["time"] or any(cells[len(columns) :]):
        raise _unreadable(number, line)
    return row


def _duration(text: str, number: int) -> float:
    if not re.fullmatch(r"\d{1,7}([.,]\d+)?", text):
        raise _unreadable(number, text or "no duration")
    return float(text.replace(",", "."))


def _times(
    times: Sequence[tuple[int, str]], header: Sequence[str], problems: list[Problem]
) -> tuple[datetime | None, list[float]]:
    """Return the start, and each time as seconds from it."""
    if times and "T" in times[0][1]:
        moments = [_iso(text, number) for number, text in times]
        first = min(moments)
        return first, [(moment - first).total_seconds() for moment in moments]
    days: list[float] = []
    for number, text in times:
        seconds = seconds_of_day(text)
        if seconds is None:
            raise _unreadable(number, text)
        days.append(seconds)
    first_s = days[0] if days else 0.0
    onsets = after(first_s, days)
    backwards = sum(b < a - 3600 for a, b in pairwise(onsets))
    if backwards:
        message = f"The times of {backwards} line(s) run back by more than an hour."
        problems.append(
            Problem(codes.CLOCK_BACKWARDS, message, "If the recording lasts over 23 hours, times are wrong.")
        )
    day = _day(header, problems)
    if day is None:
        message = "The export states no date; its times count from its first line."
        problems.append(
            Problem(codes.START_UNKNOWN, message, "Laid over a recording, both are taken to begin together.")
        )
    return (None if day is None else day + timedelta(seconds=first_s)), onsets


def _iso(text: str, number: int) -> datetime:
    try:
        return datetime.fromisoformat(text[:26]).replace(tzinfo=None)
    except ValueError as error:
        raise _unreadable(number, text) from error


def _day(header: Sequence[str], problems: list[Problem]) -> datetime | None:
    match = next((found for line in header if (found := _RECORDING_DATE.search(line))), None)
    if match is None:
        return None
    one, two, three = int(match[1]), int(match[2]), int(match[3])
    year, month, day = (one, two, three) if len(match[1]) == 4 else (three, two, one)
    if len(match[1]) != 4 and month > 12:
        month, day = day, month
    elif len(match[1]) != 4 and day <= 12 and day != month:
        message = f"In {match[0].split()[-1]} day and month can't be told apart; the day was taken to stand first."
        problems.append(Problem(codes.DATE_ORDER, message, "The start may be on another date."))
    try:
        return datetime(year if year > 99 else year + 2000, month, day)
    except ValueError:
        return None


def _unreadable(number: int, got: str) -> FileError:
    return FileError(
        codes.EXPORT_ROW,
        f"Line {number} of the RemLogic export can't be read.",
        got=" ".join(got.split())[:200],
        allowed="the columns of its header, a time of day and a duration in seconds",
        do="Export the list again.",
    )
