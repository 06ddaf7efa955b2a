"""The public functions: the one place where the road is strung together.

Rooms are imported inside the functions, so that a question of the interview does not pay for reading EDF files.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any

from legtwitch.errors import CaseError, FileError, InputError, RecordingError

if TYPE_CHECKING:
    from legtwitch.findings import ParsedCase
    from legtwitch.knowledge import Knowledge
    from legtwitch.model import (
        Assessment,
        Case,
        Detection,
        Event,
        Finding,
        Question,
        Recording,
        RecordingRef,
        RecordingReport,
        Score,
    )
    from legtwitch.simulate import SimulatedAccelerometer, SimulatedEmg, SimulatedNight

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


def read(
    path: StrPath, *, events: Sequence[StrPath] = (), unit: str | None = None, rate_hz: float | None = None
) -> Recording:
    """Open a recording or a file of marks, and lay further files of marks over it.

    Parameters
    ----------
    path: EDF, EDF+, BDF, WFDB, a table of samples (CSV, or JSON of a phone), or marks: an event table (our own or
        BIDS), an export of Noxturnal, DOMINO or RemLogic, XML of Profusion or NSRR, a plain hypnogram; told by content,
        not by name.
    events: files of marks (stages, arousals, breathing events, movements); clocks are aligned and the shift is said.
    unit: of channels to which the file gives none: `uV`, `mV` or `V`; of an accelerometer `m/s2`, `g` or `mg`.
    rate_hz: sampling rate, needed where the file has no clock and states none.

    Raises
    ------
    FileError: a file is missing, empty or not one of these. UsageError: unit or rate can't be used.
    """
    from legtwitch.recording import add_marks
    from legtwitch.recording import read as read_file

    recording = read_file(Path(path), unit=unit, rate_hz=rate_hz)
    for marks in events:
        recording = add_marks(recording, read_file(Path(marks)))
    return recording


def check(path: StrPath, *, unit: str | None = None, rate_hz: float | None = None) -> dict[str, Any]:
    """Say what is in a file, what is wrong with it, what was repaired in memory and what can't be scored and why.

    Returns the object of `legtwitch check --json`. Raises FileError only where there is nothing to explain: no such
    file, or a file that is no recording at all.
    """
    from legtwitch.recording import can_detect, can_score
    from legtwitch.report import as_json

    recording = read(path, unit=unit, rate_hz=rate_hz)
    verdicts = can_score(recording) | can_detect(recording)
    return as_json.check(recording, {name: (one.ok, one.reason) for name, one in verdicts.items()})


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
    from dataclasses import replace

    from legtwitch.events import detect_leg_movements
    from legtwitch.model import Problem
    from legtwitch.report.shown import shown_traces

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
    scored = _score_movements(
        recording,
        found.events,
        rules,
        readings,
        problems=tuple(problems),
        parameters_hash=found.parameters_hash,
        robustness=robustness,
    )
    return replace(scored, other=found.other, traces=shown_traces(scored.movements, found.traces))


def write_movements(path: StrPath, result: Score) -> None:
    """Write the movements of a score as marks; the name tells the form.

    `.edf`: EDF+ without signals, with the marks that scoring used, so that it can be opened beside the recording and
    scored again. `_events.tsv`: the same as a table of BIDS with its description (`_events.json`). Another `.tsv`: our
    event table of the movements alone. Table columns hold what each rule set made of a movement, and why.

    Raises FileError where a file can't be written, RecordingError where EDF+ can't hold it.
    """
    from legtwitch.report import as_events

    as_events.write(Path(path), result)


def detect(
    source: StrPath | Recording,
    *,
    modality: str | None = None,
    kinds: Sequence[str] | None = None,
    muscle: str | None = None,
    side: str | None = None,
    posture: str | None = None,
    age: float | None = None,
    mode: str = "sensitive",
    unit: str | None = None,
    rate_hz: float | None = None,
    progress: Progress = _silent,
) -> Detection:
    """Find fasciculations, tremor and other movements in a recording made awake, and say what a norm says of them.

    Parameters
    ----------
    source: a path, or a recording that `read` returned.
    modality: `surface_emg`, `needle_emg`, `accelerometer` or `polysomnography`; None: told by the recording, and said.
    kinds: events of the vocabulary to look for; None: all that this modality can show.
    muscle, side: where the sensor lay. Without a muscle events are found all the same, and nothing is interpreted.
    posture: `at_rest`, `holding`, `standing` … where it is known. age: in years, for norms.
    mode: how voluntary activity is told from rest: `screening` (takes least time out), `sensitive`, `specific` (most).
    unit, rate_hz: stated for a file that lacks them. progress: told in words what is being done.

    Raises
    ------
    FileError: the file can't be read. RecordingError: nothing in it can be searched.
    UsageError: an unknown modality, kind, mode, muscle or side.
    """
    from legtwitch.scoring.asked import asked_of
    from legtwitch.scoring.detection import detect_recording

    asked = asked_of(modality, kinds, muscle, side, posture, age, mode)
    if isinstance(source, (str, PathLike)):
        progress(f"reading {Path(source).name}")
        source = read(source, unit=unit, rate_hz=rate_hz)
    return detect_recording(source, asked, progress)


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
    from legtwitch.findings import findings_from_detection, findings_from_score
    from legtwitch.model import RecordingReport

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
        problems = recording.problems
        if _awake(ref, recording):
            place: dict[str, Any] = {"modality": ref.modality, "muscle": ref.muscle, "side": ref.side}
            found = detect(recording, **place, age=_age(case), progress=progress)
            report = RecordingReport(ref.file, None, problems, None, found)
            return report, findings_from_detection(found, ref.file, known)
        result = score(recording, progress=progress)
    except InputError as error:
        return RecordingReport(ref.file, None, problems, str(error)), ()
    return RecordingReport(ref.file, result, problems, None), findings_from_score(result, ref.file, known)


def _awake(ref: RecordingRef, recording: Recording) -> bool:
    """Return whether a recording is searched for twitches and tremor; else leg movements of the night are scored."""
    from legtwitch.recording import can_detect, can_score

    if ref.modality is not None:
        return ref.modality != "polysomnography"
    if any(one.ok for one in can_score(recording).values()):
        return False
    return any(one.ok for one in can_detect(recording).values())


def _age(case: Case) -> float | None:
    from legtwitch.model import Quantity

    values = [one.value for one in case.findings if one.id == "age" and isinstance(one.value, Quantity)]
    return values[0].value if values else None


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


def render(result: Assessment | Score | Detection, kind: str = "html") -> str:
    """Return an assessment, a score or a detection as a document: `html` (one self-contained page), `json` or `text`.

    Only an assessment has a `text`. Raises UsageError for another kind.
    """
    from legtwitch.report.documents import document

    words = load_knowledge().vocabulary
    labels = {id: one.label for section in (words.events, words.findings) for id, one in section.items()}
    return document(result, kind, labels)


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


def simulate_emg(
    seed: int,
    *,
    recipe: str = "benign_calf",
    minutes: float | None = None,
    rate_hz: int | None = None,
    channels: int | None = None,
    modality: str | None = None,
    with_: Sequence[str] = (),
    unit: str = "uV",
    path: StrPath | None = None,
) -> SimulatedEmg:
    """Make an EMG of an awake person with known truth; with `path`, also write it (EDF+ or CSV) and its truth as TSV.

    Parameters
    ----------
    seed: the same seed and options give the same bytes.
    recipe: what the muscles do (`benign_calf`, `als_like`, `rest_tremor`, `fibrillations` …).
    minutes, rate_hz, channels: by the recipe where not given: 10 min at 2000 Hz, of a needle 2 min at 20000 Hz.
    modality: `surface_emg` or `needle_emg`. with_: confounders by name (`ecg`, `voluntary`, `gaps` …).
    unit: of the numbers in the file, `uV`, `mV` or `V`. path: `.edf` or `.csv`; the truth goes to `path.truth.tsv`.

    Raises UsageError for an unknown name or a number out of bounds, FileError where a file can't be written.
    """
    from legtwitch.simulate import emg, write_emg

    made = emg(
        seed, recipe=recipe, minutes=minutes, rate_hz=rate_hz, channels=channels, modality=modality, with_=tuple(with_)
    )
    if path is not None:
        write_emg(Path(path), made, unit=unit)
    return made


def simulate_accelerometer(
    seed: int,
    *,
    recipe: str = "rest",
    minutes: float | None = None,
    rate_hz: float = 100.0,
    placement: str = "shin",
    with_: Sequence[str] = (),
    app: str = "phyphox",
    unit: str | None = None,
    path: StrPath | None = None,
) -> SimulatedAccelerometer:
    """Make a recording of a phone on a leg with known truth; with `path`, also write it as CSV and its truth as TSV.

    Parameters
    ----------
    seed: the same seed and options give the same bytes.
    recipe: what the leg does (`rest`, `rest_tremor`, `leg_movements` …). minutes: by the recipe. rate_hz: nominal.
    placement: `shin`, `ankle` or `thigh`. with_: confounders by name (`placing`, `glitches` …).
    app: whose export the file is like: `phyphox`, `physics_toolbox`, `sensor_logger` or `headerless`.
    unit: of the acceleration, `m/s2` or `g`; by the app. path: the CSV file; the truth goes to `path.truth.tsv`.

    Raises UsageError for an unknown name or a number out of bounds, FileError where a file can't be written.
    """
    from legtwitch.simulate import accelerometer, write_accelerometer

    made = accelerometer(seed, recipe=recipe, minutes=minutes, rate_hz=rate_hz, placement=placement, with_=tuple(with_))
    if path is not None:
        write_accelerometer(Path(path), made, app=app, unit=unit)
    return made
