"""Our own event table: tab-separated, `onset`, `duration`, `event`, `side` and further columns. Strict both ways.

Above the header may stand `# start: 2026-11-01T22:30:00` (local time) and `# duration: 28800` (seconds).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from difflib import get_close_matches
from math import isfinite
from pathlib import Path
from typing import Any, get_args

from legtwitch.errors import FileError
from legtwitch.model import Event, Problem, Recording, Side
from legtwitch.recording import codes
from legtwitch.recording.events import about_marks, beyond, in_order, no_movements
from legtwitch.recording.files import written
from legtwitch.recording.marks import EVENTS

COLUMNS = ("onset", "duration", "event", "side")
SIDES: tuple[Side, ...] = get_args(Side)
MISSING = "n/a"
_MOST_S = 31 * 86_400.0
_LEAST_LETTERS = 4  # LM is no slip of alma
_INTEGER = re.compile(r"-?(0|[1-9]\d{0,17})")
_DECIMAL = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?")
_TEXT_COLUMNS = ("label", "note", "id")


def is_table(text: str) -> bool:
    """Whether the first line that is no comment names an onset column and so means to be an event table."""
    header = next((line for line in text.splitlines() if line.strip() and not line.startswith("#")), "")
    return re.split(r"[\t,;]", header)[0].strip().casefold() == "onset" or "\tonset" in header.casefold()


def read_table(path: Path, text: str, problems: Sequence[Problem]) -> Recording:
    """Return the marks of an event table.

    Raises FileError for a missing column, an unknown event or side, or a time that is no number: with the number of the
    line, what was got, what is allowed and the nearest known name.
    """
    start: datetime | None = None
    stated: float | None = None
    columns: list[str] = []
    events: list[Event] = []
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        if line.startswith("#"):
            name, _, value = line[1:].partition(":")
            if name.strip().casefold() == "start" and not columns:
                start = _start(value.strip(), number)
            elif name.strip().casefold() == "duration" and not columns:
                stated = _number(value.strip(), number, "duration", codes.TSV_COMMENT, least=0.0)
        elif not columns:
            columns = _header(line, number)
        else:
            events.append(_row(line, columns, number))
    if not columns:
        raise _header_error("nothing", 1)
    found = in_order(events)
    last = max((event.onset_s + event.duration_s for event in found), default=0.0)
    duration = max(last, 0.0) if stated is None else stated
    said = (*problems, *about_marks(found), *no_movements(found), *beyond(found, duration, path.name))
    return Recording(path.name, "TSV", start, duration, (), (), found, said)


def _start(text: str, line: int) -> datetime | None:
    if text == MISSING:
        return None
    try:
        start = datetime.fromisoformat(text)
    except ValueError:
        start = None
    if start is None or start.tzinfo is not None:
        raise FileError(
            codes.TSV_COMMENT,
            f"Line {line}: the start time can't be read.",
            got=text,
            allowed="local time without a zone, as 2026-11-01T22:30:00",
        )
    return start


def _header(line: str, number: int) -> list[str]:
    columns = [name.strip() for name in line.split("\t")]
    missing = [name for name in COLUMNS if name not in columns]
    if missing or len(set(columns)) < len(columns):
        raise _header_error(line.strip(), number)
    return columns


def _header_error(got: str, number: int) -> FileError:
    return FileError(
        codes.TSV_HEADER,
        f"Line {number}: the event table needs a header line with the columns onset, duration, event and side, "
        "each once and parted by tabs.",
        got=got[:200],
        allowed="onset, duration, event, side and further columns, parted by tabs",
    )


def _row(line: str, columns: Sequence[str], number: int) -> Event:
    cells = [cell.strip() for cell in line.split("\t")]
    if len(cells) != len(columns):
        raise FileError(
            codes.TSV_ROW,
            f"Line {number} does not have a cell for each column.",
            got=f"{len(cells)} cells",
            allowed=f"{len(columns)} cells, parted by tabs; n/a where there is nothing",
        )
    row = dict(zip(columns, cells, strict=True))
    onset = _number(row.pop("onset"), number, "onset", codes.TSV_NUMBER)
    duration = _number(row.pop("duration"), number, "duration", codes.TSV_NUMBER, least=0.0)
    event = row.pop("event")
    if event not in EVENTS:
        near = get_close_matches(event.casefold(), EVENTS, 1, 0.5) if len(event) >= _LEAST_LETTERS else []
        raise FileError(
            codes.TSV_EVENT,
            f"Line {number}: {event or 'an empty cell'} is not the name of an event.",
            got=event,
            allowed="the event names of the vocabulary",
            do=f"Did you mean {near[0]}?" if near else "Marks of your own are called user_mark, with a column label.",
        )
    side = next((one for one in SIDES if one == row["side"]), None)
    if side is None:
        raise FileError(codes.TSV_SIDE, f"Line {number}: the side is not known.", got=row["side"], allowed=list(SIDES))
    del row["side"]
    channel = row.pop("channel", MISSING)
    attributes = {name: _value(name, cell) for name, cell in row.items() if cell not in (MISSING, "")}
    return Event(onset, duration, event, side, None if channel in (MISSING, "") else channel, attributes)


def _number(text: str, line: int, what: str, code: str, least: float = float("-inf")) -> float:
    value = float(text) if _DECIMAL.fullmatch(text) else None
    if value is None or not isfinite(value) or value < least:
        raise FileError(
            code,
            f"Line {line}: the {what} can't be read.",
            got=text or "an empty cell",
            allowed="seconds as a number with a decimal point" + (", 0 or more" if least == 0 else ""),
        )
    if abs(value) > _MOST_S:
        raise FileError(
            code,
            f"Line {line}: the {what} is longer than any recording.",
            got=text,
            allowed=f"at most {_MOST_S:g} s, which is 31 days",
            do="Check that it is in seconds from the start of the recording.",
        )
    return value


def _value(name: str, cell: str) -> Any:
    if name in _TEXT_COLUMNS:
        return cell
    if _INTEGER.fullmatch(cell):
        return int(cell)
    return float(cell) if _DECIMAL.fullmatch(cell) and isfinite(float(cell)) else cell


def write_events(path: Path, events: Sequence[Event], recording: Recording | None = None) -> None:
    """Write an event table; `read` gives the same events back.

    Parameters
    ----------
    path: written under another name in the same folder and then renamed, so that nothing half-written stays; an older
        file of the name is replaced.
    events: in any order, written in order of onset. Attributes become columns; None becomes n/a. Tabs and line breaks
        in text become blanks; text that looks like a number comes back as one (but for label, note and id).
    recording: where given, its start and duration stand above the header.

    Raises FileError where the file can't be written.
    """
    rows = in_order(events)
    attributes = list(dict.fromkeys(name for event in rows for name in event.attributes))
    channels = ["channel"] if any(event.channel for event in rows) else []
    lines: list[str] = []
    if recording is not None:
        if recording.start is not None:
            lines.append(f"# start: {recording.start.isoformat()}")
        lines.append(f"# duration: {recording.duration_s!r}")
    lines.append("\t".join([*COLUMNS, *channels, *attributes]))
    for event in rows:
        own = [event.channel] if channels else []
        values = [event.onset_s, event.duration_s, event.event, event.side, *own]
        lines.append("\t".join(map(cell, [*values, *(event.attributes.get(name) for name in attributes)])))
    with written(Path(path)) as file:
        file.write(("\n".join(lines) + "\n").encode())


def cell(value: object) -> str:
    """Return a value as a cell of a table: n/a where there is none, blanks for tabs and line breaks."""
    if value is None:
        return MISSING
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        return repr(float(value)) if isfinite(value) else MISSING
    return " ".join(str(value).split()) or MISSING
