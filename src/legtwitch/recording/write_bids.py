"""Write marks as a BIDS event table: `*_events.tsv` and, beside it, `*_events.json` that describes its columns."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from legtwitch.model import Event
from legtwitch.recording.events import in_order
from legtwitch.recording.files import written
from legtwitch.recording.tsv import MISSING, cell

ENDING = "_events.tsv"
_SIDES = {"left": "left leg", "right": "right leg", "both": "both legs", MISSING: "leg not known, or not about a leg"}


@dataclass(frozen=True, slots=True)
class Words:
    """What the sidecar says. events, columns: name → description. units: column → unit. about: further keys."""

    events: Mapping[str, str]
    columns: Mapping[str, str] = field(default_factory=dict)
    units: Mapping[str, str] = field(default_factory=dict)
    about: Mapping[str, Any] = field(default_factory=dict)


def is_bids_name(path: Path) -> bool:
    """Whether a name asks for this form: it ends in `_events.tsv`."""
    return path.name.casefold().endswith(ENDING)


def sidecar(path: Path) -> Path:
    """Return the name of the description beside a table."""
    return path.with_suffix(".json")


def _column(name: str) -> str:
    """Return a column name in the letters that BIDS advises: `aasm-v3:plm` becomes `aasm_v3_plm`."""
    return re.sub(r"\W+", "_", name)


def write_bids_events(path: Path, events: Sequence[Event], words: Words) -> None:
    """Write an event table of BIDS and its description; `read` gives onset, duration, event, side and channel back.

    Parameters
    ----------
    path: of the table; the description stands beside it under the same name with `.json`. Both are written under other
        names and then renamed; older files of these names are replaced.
    events: in any order, in seconds from the start of the recording; written in order of onset. Their names stand under
        `trial_type`, attributes in further columns, n/a where there is nothing. An artefact that names no leg is
        written as of both legs, as it stops both.
    words: descriptions.

    Raises FileError where a file can't be written.

    Source: BIDS specification, task events: `onset` and `duration` in seconds, `trial_type` with its levels.
    """
    rows = in_order(
        replace(one, side="both") if one.event == "artifact" and one.side == MISSING else one for one in events
    )
    names = list(dict.fromkeys(name for event in rows for name in event.attributes))
    lines = ["\t".join(["onset", "duration", "trial_type", "side", "channel", *map(_column, names)])]
    for one in rows:
        values = [one.onset_s, one.duration_s, one.event, one.side, one.channel]
        lines.append("\t".join(map(cell, [*values, *(one.attributes.get(name) for name in names)])))
    described = _sidecar(rows, names, words)
    with written(Path(path)) as table, written(sidecar(Path(path))) as beside:
        table.write(("\n".join(lines) + "\n").encode())
        beside.write((json.dumps(described, indent=2, ensure_ascii=False) + "\n").encode())


def _sidecar(rows: Sequence[Event], names: Sequence[str], words: Words) -> dict[str, Any]:
    levels = {name: words.events.get(name, name) for name in dict.fromkeys(event.event for event in rows)}
    described: dict[str, Any] = {
        "onset": {"Description": "start of the event, from the start of the recording, gaps included", "Units": "s"},
        "duration": {"Description": "duration of the event; 0 where it is a moment", "Units": "s"},
        "trial_type": {"Description": "what the event is", "Levels": levels},
        "side": {"Description": "which leg", "Levels": _SIDES},
        "channel": {"Description": "channel on which the event was found or marked"},
    }
    for name in names:
        described[_column(name)] = {"Description": words.columns.get(name, name.replace("_", " "))}
        if name in words.units:
            described[_column(name)]["Units"] = words.units[name]
    return {**described, **words.about}
