"""The public functions: the one place where the road is strung together.

Rooms are imported inside the functions, so that a question of the interview does not pay for reading EDF files.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any

from legtwitch.errors import CaseError, FileError, InputError, RecordingError, UsageError

if TYPE_CHECKING:
    from legtwitch.findings import ParsedCase
    from legtwitch.knowledge import Knowledge
    from legtwitch.model import (
        Assessment,
        Case,
        Event,
        Finding,
        Question,
        Recording,
        RecordingRef,
        RecordingReport,
        Score,
    )
    from legtwitch.simulate import SimulatedNight

RULES = ("aasm-v3", "wasm-2016")
StrPath = str | PathLike[str]
Progress = Callable[[str], None]


def _silent(_: str) -> None:
    """Report progress to nobody."""


def load_knowledge() -> Knowledge:
    """Return what the system believes and on which source, validated and cached.

    >>> "restless_legs_syndrome" in load_knowledge().causes
    True
    """
    from legtwitch.knowledge import load

    return load()


# ---- recordings ------------------------------------------------------------------------------------------------------


def read(path: StrPath, *, events: Sequence[StrPath] = ()) -> Recording:
    """Open a recording or a file of marks, and lay further files of marks over it.

    Parameters
    ----------
    path: EDF, EDF+, BDF, or marks: an event table (our own or BIDS), an export of Noxturnal, DOMINO or RemLogic, XML of
        Profusion or NSRR, a plain hypnogram; told by content, not by name.
    events: files of marks (stages, arousals, breathing events, movements); clocks are aligned and the shift is said.

    Raises
    ------
    FileError: a file is missing, empty or not one of these.
    """
    from legtwitch.recording import add_marks
    from legtwitch.recording import read as read_file

    recording = read_file(Path(path))
    for marks in events:
        recording = add_marks(recording, read_file(Path(marks)))
    return recording


def check(path: StrPath) -> dict[str, Any]:
    """Say what is in a file, what is wrong with it, what was repaired in memory and what can't be scored and why.

    Returns the object of `legtwitch check --json`. Raises FileError only where there is nothing to explain: no such
    file, or a file that is no recording at all.
    """
    from legtwitch.recording import can_score
    from legtwitch.report import as_json

    recording = read(path)
    return as_json.check(recording, {name: (one.ok, one.reason) for name, one in can_score(recording).items()})


def score(
    source: StrPath | Recording,
    *,
    events: Sequence[StrPath] = (),
    rules: Sequence[str] = RULES,
    readings: Mapping[str, str] | None = None,
    robustness: bool = False,
    progress: Progress = _silent,
) -> Score:
    """Score leg movements from a signal, or from marks alone where the file holds no leg signal.

    Parameters
    ----------
    source: a path, or a recording that `read` returned.
    events: files of marks to lay over it (stages, arousals, breathing events).
    rules: rule sets, of `aasm-v3`, `wasm-2016` and `wasm-2006`.
    readings: clause → reading for clauses on which the sources differ; the values taken stand in the result.
    robustness: also tell how far each index moves under the other readings and under plausible changes of the marks.
    progress: told in words what is being done.

    Raises
    ------
    FileError: a file can't be read. RecordingError: it opens but can't be scored, with the reason.
    UsageError: an unknown rule set, clause or reading.
    """
    from legtwitch.recording import can_score
    from legtwitch.scoring import choose

    choose(rules, readings or {})
    recording = source if not isinstance(source, (str, PathLike)) else read(source, events=events)
    legs = [channel.name for channel in recording.channels if channel.role.startswith("leg")]
    for verdict in can_score(recording).values():
        if not verdict.ok:
            raise RecordingError(
                "E301",
                f"Leg movements of {recording.file} can't be scored: {verdict.reason}",
                got=", ".join(legs) or f"{recording.format} without a leg channel",
                allowed="a leg EMG channel in V, mV or uV, fine and fast enough for the rule, or a file of marks",
                do="`legtwitch check` explains the file.",
            )
    marked = [event for event in recording.events if event.event == "leg_movement"]
    if not recording.channels:
        return _score_movements(recording, marked, rules, readings, robustness=robustness)
    return _score_signal(recording, marked, rules, readings, progress, robustness=robustness)


def _score_movements(
    recording: Recording,
    movements: Sequence[Event],
    rules: Sequence[str],
    readings: Mapping[str, str] | None,
    **measured: Any,
) -> Score:
    from legtwitch.scoring import score_leg_movements

    return score_leg_movements(recording, movements, rules=tuple(rules), readings=dict(readings or {}), **measured)


def _score_signal(
    recording: Recording,
    marked: Sequence[Event],
    rules: Sequence[str],
    readings: Mapping[str, str] | None,
    progress: Progress,
    *,
    robustness: bool,
) -> Score:
    from legtwitch.events import detect_leg_movements
    from legtwitch.model import Problem

    progress("looking for leg movements")
    found = detect_leg_movements(recording)
    problems = list(found.problems)
    if marked:
        problems.append(
            Problem(
                "Q399",
                f"The files hold {len(marked)} marks of leg movements; the signal was scored and they were not used.",
                "To score the marks instead, give the file of marks alone.",
            )
        )
    progress("applying the rules")
    return _score_movements(
        recording,
        found.events,
        rules,
        readings,
        problems=tuple(problems),
        traces=found.traces,
        parameters_hash=found.parameters_hash,
        robustness=robustness,
    )


def write_movements(path: StrPath, result: Score) -> None:
    """Write the movements of a score as an event table (TSV), with what each rule set made of them."""
    from legtwitch.model import Event
    from legtwitch.recording import write_events

    rows = []
    for movement in result.movements:
        columns: dict[str, Any] = {"id": movement.id, "stage": movement.stage, **movement.measures}
        for rule, verdict in movement.verdicts.items():
            columns[f"{rule}:leg_movement"] = str(verdict.leg_movement).lower()
            columns[f"{rule}:plm"] = str(verdict.plm).lower()
            columns[f"{rule}:series"] = verdict.series
            columns[f"{rule}:reasons"] = " ".join(verdict.reasons)
        side = movement.side
        rows.append(Event(movement.onset_s, movement.duration_s, "leg_movement", side, movement.channel, columns))
    write_events(Path(path), rows)


# ---- cases -----------------------------------------------------------------------------------------------------------


def _parse(case: StrPath | Mapping[str, Any], known: Knowledge) -> ParsedCase:
    from legtwitch.findings import parse_case, read_case

    return read_case(Path(case), known) if isinstance(case, (str, PathLike)) else parse_case(case, known)


def _refuse(parsed: ParsedCase, known: Knowledge) -> CaseError:
    """Return the error for a case that wasn't understood in full: what is urgent comes first."""
    from legtwitch.reasoning import urgency_of

    first = parsed.errors[0]
    urgent = urgency_of(parsed.case, known)
    lead = f"{urgent.headline} {urgent.advice} " if urgent.level in ("emergency", "same_day") else ""
    others = [f"{one.message} (got: {one.got})" if one.got else one.message for one in parsed.errors[1:]]
    message = f"{lead}{first.message}" + (f" There is more: {' '.join(others)}" if others else "")
    return CaseError(first.code, message, got=first.got, allowed=first.allowed, do=first.do)


def assess(case: StrPath | Mapping[str, Any], *, progress: Progress = _silent) -> Assessment:
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
    from legtwitch.findings import findings_from_score
    from legtwitch.model import RecordingReport

    problems: tuple[Any, ...] = ()
    try:
        if case.folder is None:
            raise FileError("E207", "A case without a file can't name recordings.", do="Save the case as a file.")
        if ref.modality not in (None, "polysomnography"):
            reason = (
                f"Recordings of the kind {ref.modality} are not analysed in this version; nothing was read from it."
            )
            return RecordingReport(ref.file, None, (), reason), ()
        progress(f"reading {ref.file}")
        recording = read(case.folder / ref.file, events=[case.folder / marks for marks in ref.events])
        problems = recording.problems
        result = score(recording, progress=progress)
    except InputError as error:
        return RecordingReport(ref.file, None, problems, str(error)), ()
    return RecordingReport(ref.file, result, problems, None), findings_from_score(result, ref.file, known)


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


# ---- documents -------------------------------------------------------------------------------------------------------


def render(result: Assessment | Score, kind: str = "html") -> str:
    """Return an assessment or a score as a document: `html` (one self-contained page), `json` or `text`.

    A score has no `text`. Raises UsageError for another kind.
    """
    from legtwitch.model import Score

    if isinstance(result, Score):
        return _render_score(result, kind)
    if kind == "html":
        from legtwitch.report import html

        return html.render(result)
    if kind == "json":
        import json

        from legtwitch.report import as_json

        return json.dumps(as_json.assessment(result), indent=2, ensure_ascii=False) + "\n"
    if kind == "text":
        from legtwitch.report import text

        return text.render(result)
    raise UsageError("E105", "There is no such kind of report.", got=kind, allowed=["html", "json", "text"])


def _render_score(result: Score, kind: str) -> str:
    if kind == "html":
        from legtwitch.report import html

        return html.render_score(result)
    if kind == "json":
        import json

        from legtwitch.report import as_json

        return json.dumps(as_json.score(result), indent=2, ensure_ascii=False) + "\n"
    raise UsageError("E105", "There is no such kind of report of a score.", got=kind, allowed=["html", "json"])


def simulate_night(
    seed: int, *, hours: float = 8.0, rate_hz: int = 256, with_: Sequence[str] = (), path: StrPath | None = None
) -> SimulatedNight:
    """Make a night with leg movements of known truth; with `path`, also write it as EDF+ and its truth as TSV.

    Parameters
    ----------
    seed: the same seed and options give the same bytes.
    hours: length. rate_hz: sampling rate of the leg channels.
    with_: confounders by name (`ragged_bursts`, `ecg`, `tone_rise` …); an unknown one is a UsageError.
    path: the EDF+ file to write; the truth goes to `path` + `.truth.tsv`.
    """
    from legtwitch.simulate import night, write_night

    made = night(seed, hours=hours, rate_hz=rate_hz, with_=tuple(with_))
    if path is not None:
        write_night(Path(path), made)
    return made
