"""Exported event lists of Noxturnal (Nox Medical): start, end, event, duration; English and French.

Times are local date and time to the second, the duration column is finer. Two header lines, a comma ends each line.
"""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from legtwitch.errors import FileError
from legtwitch.model import Event, Problem, Recording
from legtwitch.recording import codes
from legtwitch.recording.clock import DATE, moment
from legtwitch.recording.events import about_marks, in_order, no_movements, unknown_labels, user_mark, vendor_series
from legtwitch.recording.marks import POSITIONS, meaning, plain

_HEADERS = (("heure de debut", "heure de fin", "evenement"), ("start time", "end time", "event"))


def is_export(text: str) -> bool:
    """Whether the first line is the header of such an export."""
    first = next(iter(text.splitlines()), "")
    return tuple(plain(cell) for cell in first.split(",")[:3]) in _HEADERS


def read_export(path: Path, text: str, problems: Sequence[Problem]) -> Recording:
    """Return the marks of an export; the recording begins at the first time in the file.

    `PLM` is a series of the maker's program and stays a mark of the user; so does what isn't known.

    Raises FileError for a line that can't be read, with its number.
    """
    rows = [
        _row(cells, number)
        for number, cells in enumerate(csv.reader(text.splitlines()), 1)
        if number > 1 and _holds(cells)
    ]
    said = list(problems)
    day_first = _day_first(rows, french=plain(text[:40]).startswith("heure"), problems=said)
    times = [(_time(start, day_first, number), _time(end, day_first, number)) for number, start, end, _, _ in rows]
    first = min((start for start, _ in times), default=None)
    events: list[Event] = []
    unknown: Counter[str] = Counter()
    series = differing = 0
    for (_, _, _, label, duration), (start, end) in zip(rows, times, strict=True):
        assert first is not None
        onset = (start - first).total_seconds()
        differing += abs((end - start).total_seconds() - duration) > 1.5
        event = _event(onset, duration, label)
        if event.event == "user_mark" and plain(label) == "plm":
            series += 1
        elif event.event == "user_mark" and not _is_artifact(label):
            unknown[label] += 1
        events.append(event)
    found = in_order(events)
    said += _problems(found, unknown, series, differing)
    last = max((event.onset_s + event.duration_s for event in found), default=0.0)
    return Recording(path.name, "Noxturnal", first, last, (), (), found, tuple(said))


def _is_artifact(label: str) -> bool:
    """Whether a mark is an artefact: these exports don't say in which signal, and most are of the oximeter."""
    known = meaning(label, 0.0)
    return known is not None and known[0] == "artifact"


def _event(onset: float, duration: float, label: str) -> Event:
    if plain(label) in POSITIONS:
        return Event(onset, duration, "body_position", attributes={"label": label})
    known = None if plain(label) == "plm" else meaning(label, duration)
    if known is None or _is_artifact(label):
        return user_mark(onset, duration, label)
    name, side = known
    return Event(onset, duration, name, side, None, {} if name.startswith("stage_") else {"label": label})


def _problems(events: Sequence[Event], unknown: Counter[str], series: int, differing: int) -> list[Problem]:
    problems = [unknown_labels(unknown)] if unknown else []
    if series:
        problems.append(vendor_series(series))
    if differing:
        message = f"In {differing} line(s) the duration is not the time from start to end; the duration was taken."
        problems.append(Problem(codes.DURATIONS_DIFFER, message))
    artifacts = sum(event.event == "user_mark" and _is_artifact(str(event.attributes["label"])) for event in events)
    if artifacts:
        message = f"{artifacts} artefact(s) are marked without saying in which signal."
        problems.append(
            Problem(
                codes.ARTIFACTS_WITHOUT_CHANNEL,
                message,
                "They may be of another sensor, so they neither drop movements nor take time away.",
            )
        )
    return [*problems, *about_marks(events), *no_movements(events)]


def _holds(cells: Sequence[str]) -> bool:
    """Whether a line is neither empty nor the line of units."""
    return any(cell.strip() for cell in cells) and not cells[0].strip().startswith("[")


def _row(cells: Sequence[str], number: int) -> tuple[int, str, str, str, float]:
    """Return line number, start, end, event and duration in seconds."""
    cells = [cell.strip() for cell in cells]
    while len(cells) > 4 and not cells[-1]:
        cells.pop()
    if len(cells) == 5 and cells[3].isdigit() and cells[4].isdigit():  # a decimal comma parted the duration
        cells = [*cells[:3], f"{cells[3]}.{cells[4]}"]
    if len(cells) == 4 and cells[2] and re.fullmatch(r"\d{1,7}([.,]\d+)?", cells[3]):
        return number, cells[0], cells[1], cells[2], float(cells[3].replace(",", "."))
    raise _unreadable(number, ", ".join(cells))


def _unreadable(number: int, got: str) -> FileError:
    return FileError(
        codes.EXPORT_ROW,
        f"Line {number} of the exported list of events can't be read.",
        got=got[:200],
        allowed="start, end, event and duration in seconds, parted by commas",
        do="Export the list again, with start, end, event and duration.",
    )


def _day_first(rows: Sequence[tuple[int, str, str, str, float]], french: bool, problems: list[Problem]) -> bool:
    """Return whether dates are day/month/year; said where the dates themselves do not tell."""
    found = [match for _, start, end, _, _ in rows for text in (start, end) if (match := DATE.fullmatch(text))]
    if french or any(len(match[1]) == 4 or int(match[1]) > 12 for match in found):
        return True
    if any(int(match[2]) > 12 or match[8] for match in found):
        return False
    if found:
        message = f"In {found[0][0]} day and month can't be told apart; the day was taken to stand first."
        problems.append(Problem(codes.DATE_ORDER, message, "The start may be on another date."))
    return True


def _time(text: str, day_first: bool, number: int) -> datetime:
    match = DATE.fullmatch(text)
    if match is None:
        raise _unreadable(number, text)
    try:
        return moment(match, day_first)
    except ValueError as error:
        raise _unreadable(number, text) from error
