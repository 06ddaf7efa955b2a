"""Text exports of DOMINO (SOMNOmedics): event lists and sleep profiles.

Header lines `Signal ID`, `Start Time`, `Unit`, `Signal Type`, `Events list`, `Rate`; then `start-end; seconds; event`,
`start-end; event`, or for a profile `start; stage`. Times of day only, decimal comma. Dates of the header as
`23.09.2020 01:00:00` or `9/23/2020 01:00:00 PM`.

Verified on real exports of one study (event lists of two raters, arousals, flow events, two sleep profiles).
Unverified: PLM lists, headers in other languages.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path

from legtwitch.errors import FileError
from legtwitch.model import Problem, Recording, Side
from legtwitch.recording import codes
from legtwitch.recording.clock import DATE, DAY_S, after, moment, seconds_of_day
from legtwitch.recording.marklist import Mark, recording_of, staged

_HEADER = re.compile(r"([A-Za-z][A-Za-z ]*):(.*)")
_TIME = r"(\d{1,2}:\d\d:\d\d(?:[.,]\d{1,9})?)"
_SPAN = re.compile(rf"{_TIME}\s*-\s*{_TIME}\s*;(?:\s*(\d+(?:[.,]\d+)?)\s*;)?\s*(.*)")
_EPOCH = re.compile(rf"{_TIME}\s*;\s*(.*)")
_LIMB = re.compile(r"(Left|Right)?(Leg|Arm|Chin)(Phasic|Tonic|Any|Artifact)")
_HALF_DAY_S = DAY_S / 2
_OFF_S = 1.5
"""The seconds column is rounded; a larger difference to start and end is none of rounding."""


def is_domino(text: str) -> bool:
    """Whether the file begins with the header of such an export."""
    return text.lstrip().startswith("Signal ID:")


def read_domino(path: Path, text: str, problems: Sequence[Problem]) -> Recording:
    """Return the marks of an export; times count from the start that its header states.

    Phasic and tonic muscle activity, as raters mark it in studies of REM sleep, is not a leg movement by name: such
    marks stay marks of the user with label and side. Artefacts of a leg are artefacts with its side.

    Raises FileError for a line that can't be read, with its number.
    """
    header, rows = _parts(text)
    said = list(problems)
    epoch_s = _rate(header.get("rate", ""))
    spans = [(number, *_row(line, number, epoch_s is not None)) for number, line in rows]
    first_s = spans[0][1] if spans else 0.0
    start, start_s = _start(header.get("start time", ""), first_s, said)
    onsets = after(start_s, [one[1] for one in spans])
    if epoch_s is not None:
        marks, more = staged([(onset, one[4]) for onset, one in zip(onsets, spans, strict=True)], epoch_s)
        said += more
    else:
        marks = _marks(spans, onsets, said)
    backwards = sum(b < a - 3600 for a, b in pairwise(onsets))
    if backwards:
        message = f"The times of {backwards} line(s) run back by more than an hour."
        said.append(Problem(codes.CLOCK_BACKWARDS, message, "If the recording lasts over 23 hours, times are wrong."))
    return recording_of(path.name, "DOMINO", start, marks, said)


def _parts(text: str) -> tuple[dict[str, str], list[tuple[int, str]]]:
    """Return the header's fields, and the other lines with their numbers."""
    header: dict[str, str] = {}
    rows: list[tuple[int, str]] = []
    for number, line in enumerate(text.splitlines(), 1):
        match = _HEADER.fullmatch(line.strip())
        if match and not rows:
            header[match[1].casefold()] = match[2].strip()
        elif line.strip():
            rows.append((number, line.strip()))
    return header, rows


def _rate(text: str) -> float | None:
    """Return the length of an epoch in s, None in a list of events."""
    match = re.fullmatch(r"(\d{1,4}(?:[.,]\d+)?)\s*s", text)
    length = float(match[1].replace(",", ".")) if match else 0.0
    return length or None


def _row(line: str, number: int, profile: bool) -> tuple[float, float, float | None, str]:
    """Return start and end in s since midnight, the stated seconds, and the event or stage."""
    match = (_EPOCH if profile else _SPAN).fullmatch(line)
    start = seconds_of_day(match[1]) if match else None
    end = start if profile else seconds_of_day(match[2]) if match else None
    if match is None or start is None or end is None:
        raise FileError(
            codes.EXPORT_ROW,
            f"Line {number} of the DOMINO export can't be read.",
            got=line[:200],
            allowed="start; stage" if profile else "start-end; seconds; event",
            do="Export the list again.",
        )
    stated = None if profile or match[3] is None else float(match[3].replace(",", "."))
    return start, end, stated, match[2 if profile else 4].strip()


def _start(text: str, first_s: float, problems: list[Problem]) -> tuple[datetime | None, float]:
    """Return the start and its s since midnight; without a date the first time of the file is the start."""
    match = DATE.fullmatch(text)
    slashes = "/" in text
    day_first = not slashes or bool(match and not match[8] and int(match[2]) <= 12)
    try:
        start = moment(match, day_first) if match else None
    except ValueError:
        start = None
    if match is None or start is None:
        message = (
            f"The start time of the export can't be read ({text[:40] or 'none'}); times count from its first mark."
        )
        problems.append(Problem(codes.START_UNKNOWN, message, "Marks may not lie where they belong."))
        return None, first_s
    if slashes and not match[8] and int(match[1]) <= 12 and int(match[2]) <= 12:
        message = f"In {text} day and month can't be told apart; the day was taken to stand first."
        problems.append(Problem(codes.DATE_ORDER, message, "The start may be on another date."))
    start_s = (start - datetime.combine(start.date(), datetime.min.time())).total_seconds()
    if match[8] and after(start_s, [first_s])[0] >= _HALF_DAY_S:
        start += timedelta(seconds=_HALF_DAY_S if start_s < _HALF_DAY_S else -_HALF_DAY_S)
        start_s = (start_s + _HALF_DAY_S) % DAY_S
        message = (
            f"The header says {text}, but the first mark would then come 12 hours later or more; "
            f"{start:%H:%M:%S} was taken as the start, by the times of the marks."
        )
        problems.append(Problem(codes.START_REPAIRED, message, "If that is wrong, all marks are 12 hours off."))
    return start, start_s


def _marks(
    spans: Sequence[tuple[int, float, float, float | None, str]], onsets: Sequence[float], problems: list[Problem]
) -> list[Mark]:
    marks: list[Mark] = []
    activity = elsewhere = differing = 0
    for (_, start_s, end_s, stated, label), onset in zip(spans, onsets, strict=True):
        duration = round((end_s - start_s) % DAY_S, 6)
        differing += stated is not None and abs(duration - stated) > _OFF_S
        limb = _LIMB.fullmatch(label.replace(" ", ""))
        if limb is None:
            marks.append(Mark(onset, duration, label))
            continue
        side: Side = "left" if limb[1] == "Left" else "right" if limb[1] == "Right" else "n/a"
        of_leg = limb[2] == "Leg" and limb[3] == "Artifact"
        activity += limb[3] != "Artifact"
        elsewhere += limb[3] == "Artifact" and not of_leg
        marks.append(Mark(onset, duration, label, side, event="artifact" if of_leg else "user_mark"))
    if activity:
        message = f"{activity} mark(s) of phasic or tonic muscle activity are not leg movements by name."
        effect = "They are kept as marks of the user with label and side and not used for scoring."
        problems.append(Problem(codes.MUSCLE_ACTIVITY, message, effect))
    if elsewhere:
        message = f"{elsewhere} artefact(s) are marked on muscles other than those of the legs."
        effect = "They neither drop movements nor take time away."
        problems.append(Problem(codes.ARTIFACTS_WITHOUT_CHANNEL, message, effect))
    if differing:
        message = f"In {differing} line(s) the seconds are not the time from start to end; start and end were taken."
        problems.append(Problem(codes.DURATIONS_DIFFER, message))
    return marks
