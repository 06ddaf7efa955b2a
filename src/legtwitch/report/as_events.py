"""A score as events: its movements with what each rule set made of them, and the marks that scoring used."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from legtwitch.model import Event, Movement, Score
from legtwitch.recording import is_bids_name, write_annotations, write_bids_events, write_events
from legtwitch.recording.write_bids import Words
from legtwitch.report import as_json

_WHAT = {
    "leg_movement": "whether {rule} counts it as a leg movement",
    "plm": "whether {rule} counts it as a periodic leg movement",
    "series": "number of its series under {rule}, from 1",
    "reasons": "why, under {rule}",
}


def movements(score: Score) -> list[Event]:
    """Return every movement with its measures and, under `rule:name`, the verdicts of the rule sets."""
    rows = []
    for movement in score.movements:
        columns: dict[str, Any] = {"id": movement.id, "stage": movement.stage, **movement.measures}
        for rule, verdict in movement.verdicts.items():
            columns[f"{rule}:leg_movement"] = str(verdict.leg_movement).lower()
            columns[f"{rule}:plm"] = str(verdict.plm).lower()
            columns[f"{rule}:series"] = verdict.series
            columns[f"{rule}:reasons"] = " ".join(verdict.reasons)
        rows.append(_event(movement, columns))
    return rows


def labelled(score: Score) -> list[Event]:
    """Return every movement with its own label, else with its series as label, and the marks that scoring used.

    All that scoring needs stands in it: scored again, it gives the same indices.
    """
    rows = []
    for one in score.movements:
        series = (f"{rule} series {verdict.series}" for rule, verdict in one.verdicts.items() if verdict.series)
        label = str(one.measures.get("label") or ", ".join(series))
        rows.append(_event(one, {"label": label} if label else {}))
    return [*score.context, *rows]


def bids_words(score: Score) -> Words:
    """Return what the description beside a BIDS table of the movements says."""
    from legtwitch.knowledge import load

    vocabulary = load().vocabulary
    fields = vocabulary.movement_attributes
    verdicts = {f"{rule}:{name}": what.format(rule=rule) for rule in score.rules for name, what in _WHAT.items()}
    whole = as_json.score(score)
    recording = {name: whole["recording"][name] for name in ("file", "start", "duration_s")}
    return Words(
        {name: one.label for name, one in vocabulary.events.items()},
        {"id": "id of the movement", **{name: one.label for name, one in fields.items()}, **verdicts},
        {name: one.unit for name, one in fields.items() if one.unit},
        {"legtwitch": {"recording": recording, "hours": whole["hours"], "provenance": whole["provenance"]}},
    )


def write(path: Path, score: Score) -> None:
    """Write the movements of a score as marks in the form that the name tells; see `api.write_movements`."""
    if path.suffix.lower() == ".edf":
        write_annotations(path, labelled(score), start=score.start, duration_s=score.duration_s)
    elif is_bids_name(path):
        write_bids_events(path, [*score.context, *movements(score), *_others(score)], bids_words(score))
    else:
        write_events(path, [*movements(score), *_others(score)])


def _others(score: Score) -> tuple[Event, ...]:
    """Return what moves beside leg movements, under names of its own."""
    return () if score.other is None else score.other.events


def _event(movement: Movement, attributes: dict[str, Any]) -> Event:
    return Event(
        movement.onset_s, movement.duration_s, "leg_movement", movement.side, movement.channel, dict(attributes)
    )
