"""Recordings: read, check, score, detect."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any

from legtwitch.api.common import Progress, StrPath, silent
from legtwitch.errors import RecordingError

if TYPE_CHECKING:
    from legtwitch.model import Detection, Event, Problem, Recording, Score

RULES = ("aasm-v3", "wasm-2016")


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
    progress: Progress = silent,
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
    problems: Sequence[Problem] = (),
    **measured: Any,
) -> Score:
    from legtwitch.scoring import score_leg_movements

    said = tuple(dict.fromkeys((*recording.problems, *problems)))  # what reading the files showed stands first
    return score_leg_movements(
        recording, movements, rules=tuple(rules), readings=dict(readings or {}), problems=said, **measured
    )


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
    from legtwitch.report.shown import shown_rejected, shown_traces

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
    left_out = shown_rejected(found.rejected)
    shown = shown_traces(scored.movements, left_out, found.traces)
    return replace(scored, other=found.other, traces=shown, left_out=left_out)


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
    progress: Progress = silent,
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
