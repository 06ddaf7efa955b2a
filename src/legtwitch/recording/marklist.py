"""Marks of other programs' files as a recording: one way from their words, sides and places to our events."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from legtwitch.model import Event, Problem, Recording, Side
from legtwitch.recording import codes
from legtwitch.recording.events import about_marks, beyond, events_of, in_order, no_movements, unknown_labels
from legtwitch.recording.marks import meaning
from legtwitch.recording.roles import role_of

_SIDE_OF: dict[str, Side] = {"leg_left": "left", "leg_right": "right", "leg_both": "both"}


@dataclass(frozen=True, slots=True)
class Mark:
    """A mark as a file gives it. place: the channel or limb it was made on, in the file's words.

    event: the event it means where the format itself says so, else None: then the words of `label` tell.
    """

    onset_s: float
    duration_s: float
    label: str
    side: Side = "n/a"
    place: str = ""
    event: str | None = None


def recording_of(
    file: str,
    form: str,
    start: datetime | None,
    marks: Sequence[Mark],
    problems: Sequence[Problem],
    least_duration_s: float = 0.0,
) -> Recording:
    """Return a file's marks as a recording without signals.

    Of a label `concept|words` the first half that is known counts. The side of a leg movement is that of its words,
    else of `side`, else of the leg channel it was marked on. An artefact stops scoring only where it was marked on a
    leg. Labels that aren't known stay marks of the user; all is counted and said.

    Parameters
    ----------
    file: its name. form: the name of the format. start: local time, or None.
    problems: what there is to say already. least_duration_s: the recording lasts at least so long.
    """
    said = list(problems)
    negative = sum(mark.duration_s < 0 for mark in marks)
    if negative:
        message = f"{negative} mark(s) end before they begin and were left out."
        said.append(Problem(codes.UNREADABLE_MARKS, message, "What they marked is missing."))
    kept = [mark for mark in marks if mark.duration_s >= 0]
    named = [Event(m.onset_s, m.duration_s, m.event, m.side, None, _label(m)) for m in kept if m.event]
    open_marks = [mark for mark in kept if not mark.event]
    found, more = events_of((m.onset_s, m.duration_s, _known_half(m.label, m.duration_s)) for m in open_marks)
    said += more
    events: list[Event] = []
    elsewhere = 0
    for mark, event in zip(open_marks, found, strict=True):
        placed = _placed(event, mark)
        elsewhere += placed.event == "user_mark" and event.event == "artifact"
        events.append(placed)
    if elsewhere:
        said.append(
            Problem(
                codes.ARTIFACTS_WITHOUT_CHANNEL,
                f"{elsewhere} artefact(s) are marked on another signal, or without saying on which.",
                "They neither drop movements nor take time away.",
            )
        )
    ordered = in_order([*named, *events])
    last = max((event.onset_s + event.duration_s for event in ordered), default=0.0)
    said += [*about_marks(ordered), *no_movements(ordered)]
    said += beyond(ordered, least_duration_s or max(last, 0.0), file)
    return Recording(file, form, start, max(last, least_duration_s), (), (), ordered, tuple(said))


def _label(mark: Mark) -> dict[str, str]:
    assert mark.event is not None
    return {} if mark.event.startswith("stage_") or not mark.label else {"label": mark.label}


def _known_half(label: str, duration_s: float) -> str:
    halves = [half.strip() for half in label.split("|") if half.strip()]
    return next((half for half in halves if meaning(half, duration_s)), label)


def _placed(event: Event, mark: Mark) -> Event:
    """Return an event with the label of its mark, its side and place."""
    leg = _SIDE_OF.get(role_of(mark.place, "").role) if mark.place else None
    attributes = dict(event.attributes)
    if "label" in attributes:
        attributes["label"] = mark.label
    if event.event == "artifact":
        if leg is None and mark.side == "n/a":
            return replace(event, event="user_mark", attributes={"label": mark.label})
        return replace(event, side=mark.side if leg is None else leg, attributes=attributes)
    side = event.side
    if side == "n/a" and event.event in ("leg_movement", "user_mark"):
        side = mark.side if mark.side != "n/a" or event.event == "user_mark" else leg or "n/a"
    return replace(event, side=side, channel=mark.place or None, attributes=attributes)


def stage(label: str, duration_s: float) -> str | None:
    """Return the event of a sleep stage's word, None where it means no stage."""
    found = meaning(label, duration_s)
    if found is None or not found[0].startswith("stage_"):
        found = meaning(f"Sleep stage {label}", duration_s)
    return found[0] if found is not None and found[0].startswith("stage_") else None


def staged(
    epochs: Sequence[tuple[float, str]], epoch_s: float, names: dict[str, str] | None = None
) -> tuple[list[Mark], list[Problem]]:
    """Return epochs (onset in s, word) of one length as marks of stages, and what there is to say of their words.

    names: what the words of this format mean; others are tried with the words of all formats. A word that means no
    stage is an epoch of unknown stage, counted and said.
    """
    marks: list[Mark] = []
    odd: Counter[str] = Counter()
    for onset, word in epochs:
        known = (names or {}).get(word.strip().casefold()) or stage(word, epoch_s)
        if known is None:
            odd[word] += 1
        marks.append(Mark(onset, epoch_s, word, event=known or "stage_unknown"))
    if not odd:
        return marks, []
    said = replace(unknown_labels(odd), effect="These epochs have no known sleep stage.")
    return marks, [said]
