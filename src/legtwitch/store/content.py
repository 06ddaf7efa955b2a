"""A visit as plain case data, as a case file holds it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from legtwitch import api
from legtwitch.store.records import Kept, Step, Visit
from legtwitch.store.store import BLOCKS


def content(visit: Visit, *, steps: Sequence[Step] | None = None, **instead: Any) -> dict[str, Any]:
    """Return the case of a visit without its recordings.

    steps: the answers to put in instead of the visit's own. instead: blocks to put in the place of its own.
    """
    case: dict[str, Any] = {"date": visit.date.isoformat(), **visit.base}
    for step in visit.steps if steps is None else steps:
        case = api.answer(case, step.sets)
    for name in BLOCKS:
        block = instead.get(name, getattr(visit, name))
        if block is not None:
            case[name] = dict(block) if isinstance(block, Mapping) else list(block)
    return case


def recordings_block(kept: Sequence[Kept]) -> list[dict[str, Any]]:
    """Return the block `recordings`; files of marks stand under the recording that they are laid over."""
    by_id = {one.id: one for one in kept}
    laid = {id for one in kept for id in one.options.get("events", ())}
    block = []
    for one in kept:
        if one.id in laid:
            continue
        entry: dict[str, Any] = {"file": one.name}
        events = [by_id[id].name for id in one.options.get("events", ()) if id in by_id]
        if events:
            entry["events"] = events
        entry |= {key: value for key, value in one.options.items() if key not in ("roles", "events")}
        if one.options.get("roles"):
            entry["channels"] = one.options["roles"]
        block.append(entry)
    return block
