"""Scored events as XML: Compumedics Profusion (`CMPStudyConfig`) and NSRR (`PSGAnnotation`).

Both hold `ScoredEvents/ScoredEvent` with `Start` and `Duration` in seconds of the recording. Profusion names an event
by `Name` and its channel by `Input`, NSRR by `EventConcept` (`Periodic leg movement - left|PLM (Left)`) and
`SignalLocation`. Stages: a list `SleepStages/SleepStage` of epochs of `EpochLength`, or events of type `Stages|Stages`.
Intervals between movements are never taken from a file: Profusion 3 measures them from the end of one movement.

Unverified on real files: written from the structure that public readers of the format document, and tested on files
made after it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from io import StringIO
from math import isfinite
from pathlib import Path
from xml.etree import ElementTree

from legtwitch.errors import FileError
from legtwitch.model import Problem, Recording
from legtwitch.recording import codes
from legtwitch.recording.clock import DATE, moment
from legtwitch.recording.header import HIDDEN_DATE
from legtwitch.recording.marklist import Mark, recording_of, staged

_ROOTS = {"CMPStudyConfig": "Profusion XML", "PSGAnnotation": "NSRR XML"}
_ROOT = re.compile(r"<(?:\w+:)?(CMPStudyConfig|PSGAnnotation)\b")
_STAGES = {
    "0": "stage_W",
    "1": "stage_N1",
    "2": "stage_N2",
    "3": "stage_N3",
    "4": "stage_N3",
    "5": "stage_R",
    "6": "stage_unknown",
    "9": "stage_unknown",
}
_STAGE_CONCEPT = re.compile(r".*\|\s*(\d)\s*")
_EPOCH_S = 30.0


@dataclass(slots=True)
class _Found:
    """What a file holds. events: for each event the text of its elements by name. stages: the list of epochs."""

    form: str = ""
    epoch: str = ""
    events: list[dict[str, str]] = field(default_factory=list)
    stages: list[str] = field(default_factory=list)


def is_scored_xml(text: str) -> bool:
    """Whether the first element is the root of one of the two formats."""
    return text.lstrip().startswith("<") and _ROOT.search(text[:4096]) is not None


def read_scored_xml(path: Path, text: str, problems: Sequence[Problem]) -> Recording:
    """Return the marks of a file; its start is the clock time of `Recording Start Time` where there is one.

    Raises FileError where the XML is broken, or holds a document type or entities: nothing in it is expanded.
    """
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        raise FileError(
            codes.XML_ENTITIES,
            f"{path.name} holds a document type definition, which a list of marks does not need.",
            got="<!DOCTYPE or <!ENTITY",
            do="Export it again without one.",
        )
    found = _Found()
    try:
        for element in _elements(text):
            _take(element, found)
    except ElementTree.ParseError as error:
        raise FileError(
            codes.XML_BROKEN, f"{path.name} is broken XML.", got=str(error), do="Export it again."
        ) from error
    said = list(problems)
    epoch = _seconds(found.epoch)
    if found.stages and (epoch is None or epoch <= 0):
        message = f"The file states no length of an epoch; {_EPOCH_S:g} s was taken."
        said.append(Problem(codes.EPOCH_ASSUMED, message, "With another length all times and hours are wrong."))
    epoch_s = epoch if epoch else _EPOCH_S
    marks, more = staged([(k * epoch_s, word) for k, word in enumerate(found.stages)], epoch_s, _STAGES)
    said += more
    start, duration = _start(found.events, said)
    marks += _marks(found.events, bool(found.stages), said)
    return recording_of(path.name, found.form, start, marks, said, duration)


def _elements(text: str) -> Iterator[ElementTree.Element]:
    for _, element in ElementTree.iterparse(StringIO(text), ("end",)):
        yield element


def _take(element: ElementTree.Element, found: _Found) -> None:
    """Keep what is wanted of an element that has ended, and let go of what it holds."""
    name = _name(element)
    if name == "ScoredEvent":
        found.events.append({_name(child): (child.text or "").strip() for child in element})
    elif name == "SleepStage":
        found.stages.append((element.text or "").strip())
    elif name == "EpochLength":
        found.epoch = (element.text or "").strip()
    elif name in _ROOTS:
        found.form = _ROOTS[name]
    if name in ("ScoredEvent", "SleepStage", "ScoredEventSetting", "Trace"):
        element.clear()


def _name(element: ElementTree.Element) -> str:
    return element.tag.rpartition("}")[2]


def _seconds(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if isfinite(value) else None


def _is_start(event: dict[str, str]) -> bool:
    return event.get("EventConcept", "").casefold() == "recording start time"


def _start(events: Sequence[dict[str, str]], problems: list[Problem]) -> tuple[datetime | None, float]:
    """Return the start that the file states, and how long it says that the recording lasts."""
    stated = next((event for event in events if _is_start(event)), {})
    duration = max(_seconds(stated.get("Duration", "")) or 0.0, 0.0)
    match = DATE.fullmatch(stated.get("ClockTime", ""))
    if match is None:
        return None, duration
    try:
        start = moment(match, day_first=True)
    except ValueError:
        try:
            start = datetime.combine(HIDDEN_DATE, datetime.min.time()).replace(
                hour=int(match[4]), minute=int(match[5]), second=int(match[6])
            )
        except ValueError:
            message = f"The start of the recording can't be read ({match[0]})."
            problems.append(Problem(codes.START_UNKNOWN, message))
            return None, duration
    if start.date() == HIDDEN_DATE:
        message = "The start date was made anonymous; the time of day stands."
        problems.append(Problem(codes.DATE_HIDDEN, message))
    return start, duration


def _marks(events: Sequence[dict[str, str]], has_list: bool, problems: list[Problem]) -> list[Mark]:
    marks: list[Mark] = []
    unreadable = bare = twice = 0
    for event in events:
        if _is_start(event):
            continue
        label = event.get("EventConcept") or event.get("Name") or ""
        onset = _seconds(event.get("Start", ""))
        stated = event.get("Duration", "")
        duration = _seconds(stated) if stated else 0.0
        if onset is None or duration is None or not label:
            unreadable += 1
            continue
        bare += not stated
        code = _STAGE_CONCEPT.fullmatch(label)
        if code and event.get("EventType", "Stages").startswith("Stages"):
            twice += has_list
            if not has_list:
                marks.append(Mark(onset, duration, label, event=_STAGES.get(code[1], "stage_unknown")))
            continue
        marks.append(Mark(onset, duration, label, place=event.get("SignalLocation") or event.get("Input") or ""))
    if unreadable:
        message = f"{unreadable} scored event(s) have no name or no time that can be read."
        problems.append(Problem(codes.UNREADABLE_MARKS, message, "What they marked is missing."))
    if bare:
        message = f"{bare} scored event(s) have no duration; it was taken as 0 s."
        problems.append(Problem(codes.MARKS_WITHOUT_DURATION, message))
    if twice:
        message = f"The file holds a list of stages and {twice} stage event(s), too; the list was taken."
        problems.append(Problem(codes.SAME_MARKS, message))
    return marks
