"""What was added beside the questions, in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from legtwitch.knowledge import Vocabulary
from legtwitch.model import Finding, Quantity
from legtwitch.report import words
from legtwitch.store import Kept, Visit

STATES = {
    "added": "Not looked through yet",
    "waiting": "Waiting for its turn",
    "working": "Being read now",
    "done": "Looked through",
    "failed": "Could not be used",
    "cancelled": "Stopped",
}


def country_of(visit: Visit) -> str | None:
    """Return the country of the person, None where it isn't known."""
    person = visit.base.get("person") or {}
    found = person.get("country") if isinstance(person, Mapping) else None
    return found if isinstance(found, str) else None


def medicine_lines(visit: Visit, vocabulary: Vocabulary) -> list[dict[str, str]] | None:
    """Return name and words of each medicine, None where nothing was said of medicines."""
    if visit.medications is None:
        return None
    lines = []
    for one in visit.medications:
        entry: Mapping[str, Any] = one if isinstance(one, Mapping) else {"name": one}
        name = str(entry.get("name", ""))
        read = vocabulary.read_medicine(name, country_of(visit))
        what = ", ".join(vocabulary.label(id) for id in read.ingredients)
        told = f"Understood as {what}" if what else "Not known here: it is kept, and nothing follows from it"
        days = [f"{word} {entry[key]}" for key, word in (("started", "from"), ("stopped", "until")) if key in entry]
        lines.append({"name": name, "words": "; ".join([told, *days])})
    return lines


def exposure_lines(visit: Visit, vocabulary: Vocabulary) -> list[dict[str, str]] | None:
    """Return id and words of each contact, None where nothing was said of them."""
    if visit.exposures is None:
        return None
    ids = [str(one.get("id", one.get("name", ""))) if isinstance(one, Mapping) else str(one) for one in visit.exposures]
    return [{"id": id, "words": _upper(vocabulary.label(id))} for id in ids]


def lab_lines(visit: Visit, vocabulary: Vocabulary) -> list[dict[str, Any]]:
    """Return id, place, name and words of each lab value."""
    lines = []
    for id, many in (visit.labs or {}).items():
        for place, one in enumerate(many if isinstance(many, list) else [many]):
            entry: Mapping[str, Any] = one if isinstance(one, Mapping) else {"value": one, "unit": ""}
            day = f" on {entry['date']}" if entry.get("date") else ""
            low, high = entry.get("range") or (None, None)
            span = (
                f" (range {low if low is not None else ''} to {high if high is not None else ''})"
                if low or high
                else ""
            )
            told = f"{entry.get('value')} {entry.get('unit', '')}{span}{day}"
            lines.append({"id": id, "place": place, "name": _upper(vocabulary.label(id)), "words": told})
    return lines


def value_in_words(one: Finding) -> str:
    """Return the value of a finding, a number with three figures."""
    if isinstance(one.value, Quantity):
        return f"{one.value.value:.3g} {one.value.unit.replace('_', ' ')}"
    return words.finding_value(one)


def recording_words(kept: Kept) -> str:
    """Return the state of a recording."""
    return STATES[kept.state]


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]
