"""Cases: assess, ask, answer; and what the system believes."""

from __future__ import annotations

import os
from collections.abc import Mapping
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any

from legtwitch.api.common import Progress, StrPath, silent
from legtwitch.api.recordings import detect, read, score
from legtwitch.errors import CaseError, FileError, InputError
from legtwitch.units import convert

if TYPE_CHECKING:
    from legtwitch.findings import ParsedCase
    from legtwitch.knowledge import Knowledge
    from legtwitch.model import Assessment, Case, Finding, Question, Recording, RecordingRef, RecordingReport


_MOST_TOLD = 5


def load_knowledge() -> Knowledge:
    """Return what the system believes and on which source, validated and cached.

    >>> "restless_legs_syndrome" in load_knowledge().causes
    True
    """
    from legtwitch.knowledge import load

    return load()


def _parse(case: StrPath | Mapping[str, Any], known: Knowledge) -> ParsedCase:
    from legtwitch.findings import parse_case, read_case

    return read_case(Path(case), known) if isinstance(case, (str, PathLike)) else parse_case(case, known)


def _refuse(parsed: ParsedCase, known: Knowledge) -> CaseError:
    """Return the error for a case that wasn't understood in full: what is urgent comes first."""
    from legtwitch.reasoning import urgency_of

    first = parsed.errors[0]
    urgent = urgency_of(parsed.case, known)
    lead = f"{urgent.headline.rstrip('.')}. {urgent.advice} " if urgent.level in ("emergency", "same_day") else ""
    others = [
        f"{one.message} (got: {one.got})" if one.got else one.message for one in parsed.errors[1 : _MOST_TOLD + 1]
    ]
    left = len(parsed.errors) - 1 - len(others)
    others += [f"… and {left} more."] if left else []
    message = f"{lead}{first.message}" + (f" There is more: {' '.join(others)}" if others else "")
    return CaseError(first.code, message, got=first.got, allowed=first.allowed, do=first.do)


def assess(case: StrPath | Mapping[str, Any], *, progress: Progress = silent) -> Assessment:
    """Assess a case: everything in it → urgency, kind of movement, criteria, causes, tests and care.

    Parameters
    ----------
    case: path of a case file (YAML or JSON), or the same as a mapping (then without recordings).
    progress: told in words what is being done.

    Raises
    ------
    FileError: the case file can't be read.
    CaseError: something in it isn't understood; if what is understood is already urgent, the message says so first.

    A recording that can't be scored stops nothing: it is reported, and the urgency stands.

    >>> assess({"findings": {"face_droop": "present"}}).urgency.level
    'emergency'
    """
    from legtwitch.reasoning import assess as reason

    known = load_knowledge()
    parsed = _parse(case, known)
    if parsed.errors:
        raise _refuse(parsed, known)
    reports: list[RecordingReport] = []
    measured: list[Finding] = []
    for ref in parsed.case.recordings:
        report, findings = _recording_report(ref, parsed.case, known, progress)
        reports.append(report)
        measured += findings
    progress("reasoning")
    return reason(parsed.case, known, recordings=tuple(reports), extra=tuple(measured))


def _recording_report(
    ref: RecordingRef, case: Case, known: Knowledge, progress: Progress
) -> tuple[RecordingReport, tuple[Finding, ...]]:
    from legtwitch.findings import findings_from_detection, findings_from_score
    from legtwitch.model import RecordingReport
    from legtwitch.recording import with_roles

    problems: tuple[Any, ...] = ()
    try:
        if case.folder is None:
            raise FileError("E207", "A case without a file can't name recordings.", do="Save the case as a file.")
        if ref.modality in ("ultrasound", "video"):
            reason = f"Recordings of the kind {ref.modality} are not analysed; nothing was read from it."
            return RecordingReport(ref.file, None, (), reason), ()
        progress(f"reading {ref.file}")
        marks = [case.folder / marks for marks in ref.events]
        recording = read(case.folder / ref.file, events=marks, unit=ref.unit, rate_hz=ref.rate_hz)
        recording = with_roles(recording, ref.channels)
        problems = recording.problems
        if _awake(ref, recording):
            place: dict[str, Any] = {"modality": ref.modality, "muscle": ref.muscle, "side": ref.side}
            found = detect(recording, **place, age=_age(case), progress=progress)
            report = RecordingReport(ref.file, None, problems, None, found)
            return report, findings_from_detection(found, ref.file, known)
        result = score(recording, progress=progress)
    except InputError as error:
        return RecordingReport(ref.file, None, problems, str(error)), ()
    except Exception as error:  # a fault of ours in one recording must not keep what is urgent from being told
        if os.environ.get("LEGTWITCH_DEBUG"):
            raise
        fault = f"E900: Something went wrong inside legtwitch ({type(error).__name__}: {error}). Please report it."
        return RecordingReport(ref.file, None, problems, fault), ()
    return RecordingReport(ref.file, result, problems, None), findings_from_score(result, ref.file, known)


def _awake(ref: RecordingRef, recording: Recording) -> bool:
    """Return whether a recording is searched for twitches and tremor; else leg movements of the night are scored."""
    from legtwitch.recording import can_detect, can_score, seems_awake

    if ref.modality is not None:
        return ref.modality != "polysomnography"
    if any(one.ok for one in can_score(recording).values()) and not seems_awake(recording):
        return False
    return any(one.ok for one in can_detect(recording).values())


def _age(case: Case) -> float | None:
    from legtwitch.model import Quantity

    values = [one.value for one in case.findings if one.id == "age" and isinstance(one.value, Quantity)]
    return convert(values[0].value, values[0].unit, "year") if values else None


def next_question(case: StrPath | Mapping[str, Any]) -> Question | None:
    """Return the question to ask next, or None when the interview is over (an emergency ends it at once).

    The case is the state: answer with `answer`, then ask again.

    >>> next_question({}).mandatory
    True
    """
    from legtwitch.reasoning import next_question_of

    known = load_knowledge()
    parsed = _parse(case, known)
    if parsed.errors:
        raise _refuse(parsed, known)
    return next_question_of(parsed.case, known)


def answer(case: Mapping[str, Any], sets: Mapping[str, Any]) -> dict[str, Any]:
    """Return the case with an answer put in: `sets` maps finding or person ids to values.

    >>> answer({}, {"age": 34, "felt_weakness": "absent"})
    {'person': {'age': 34}, 'findings': {'felt_weakness': 'absent'}}
    """
    from legtwitch.findings import answer as merge

    return merge(case, sets, load_knowledge())
