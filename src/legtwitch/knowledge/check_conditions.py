"""Whether conditions read what exists, in units and attributes that their findings can have."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from legtwitch.knowledge.base import Knowledge
from legtwitch.knowledge.condition import (
    REGIONS,
    AgeOf,
    Chosen,
    Compare,
    Condition,
    Count,
    Has,
    Known,
    Met,
    Not,
    Regions,
    children,
    leaves,
)
from legtwitch.knowledge.labs import accepted_units
from legtwitch.knowledge.vocabulary import Definition
from legtwitch.units import UNITS

_PLACE = {"site", "muscle", "region"}


def problems(condition: Any, knowledge: Knowledge, defined: Mapping[str, Any]) -> Iterator[str]:
    """Yield a line for everything that a condition reads and that isn't so.

    Parameters
    ----------
    condition: what stands under `when`, `requires` or `relevant`.
    knowledge: for the vocabulary and the labs.
    defined: criteria that have a definition, by id.
    """
    if not isinstance(condition, Condition):
        yield f"not a condition: {condition!r}"
        return
    match condition:
        case Count(minimum, parts) if not 1 <= minimum <= len(parts):
            yield f"{minimum} of {len(parts)} conditions"
        case Regions(minimum, each):
            if not 1 <= minimum <= len(REGIONS):
                yield f"{minimum} of {len(REGIONS)} regions"
            yield from _placeless(each, knowledge)
        case Met(criterion) if criterion not in defined:
            yield f"the definition {criterion} doesn't exist"
        case Has(ref) | Compare(ref) | Chosen(ref) | AgeOf(ref) | Known(ref):
            definition = knowledge.vocabulary.definition(ref)
            if definition is None:
                yield f"{ref} is no finding, person key, medicine, exposure or lab"
            else:
                yield from _leaf(condition, definition, knowledge)
        case _:
            pass
    for child in children(condition):
        yield from problems(child, knowledge, defined)


def circles(defined: Mapping[str, Any]) -> Iterator[str]:
    """Yield the ids of criteria that rest on themselves, of a mapping id → condition."""
    uses = {
        id: {one.criterion for one in leaves(condition) if isinstance(one, Met)}
        for id, condition in defined.items()
        if isinstance(condition, Condition)
    }
    for id, direct in uses.items():
        seen: set[str] = set()
        waiting = list(direct)
        while waiting:
            one = waiting.pop()
            if one not in seen:
                seen.add(one)
                waiting += uses.get(one, ())
        if id in seen:
            yield id


def unit_fits(definition: Definition, unit: str, knowledge: Knowledge) -> bool:
    """Return whether a quantity (finding, person key or lab) can be compared in a unit."""
    if definition.section == "labs":
        return definition.id in knowledge.labs and unit in accepted_units(knowledge.labs[definition.id])
    return unit in UNITS and definition.unit in UNITS and UNITS[unit].kind == UNITS[definition.unit].kind


def _leaf(condition: Condition, definition: Definition, knowledge: Knowledge) -> Iterator[str]:
    match condition:
        case Has(ref, where):
            if definition.kind != "flag":
                yield f"{ref} is a {definition.kind} and can't be present"
            for name, value in where.items():
                yield from _attribute(definition, name, value, knowledge)
        case Compare(ref, unit=unit):
            if definition.kind != "quantity":
                yield f"{ref} is a {definition.kind} and has no number"
            elif not unit_fits(definition, unit, knowledge):
                yield f"{ref} can't be compared in {unit}"
        case Chosen(ref, any_of):
            if definition.kind != "choice":
                yield f"{ref} is a {definition.kind} and has no options"
            elif not any_of:
                yield f"{ref}: no option is named"
            else:
                yield from (f"{ref} has no option {one}" for one in any_of if one not in definition.options)
        case AgeOf(ref, unit=unit) if unit not in UNITS or UNITS[unit].kind != "time":
            yield f"the age of {ref} can't be compared in {unit}"
        case Not() | Known() | _:
            pass


def _attribute(definition: Definition, name: str, value: str, knowledge: Knowledge) -> Iterator[str]:
    allowed = {*definition.at, "by"} | ({"region"} if _PLACE & set(definition.at) else set())
    if name not in allowed:
        yield f"{definition.id} has no attribute {name}"
        return
    if name == "medicine":
        options: tuple[str, ...] = tuple(knowledge.vocabulary.medications)
    else:
        options = definition.by if name == "by" and definition.by else knowledge.vocabulary.attributes[name].options
    if options and value not in options:
        yield f"{definition.id}: {name} can't be {value}"


def _placeless(each: Condition, knowledge: Knowledge) -> Iterator[str]:
    for leaf in leaves(each):
        if isinstance(leaf, Has):
            definition = knowledge.vocabulary.definition(leaf.ref)
            if definition is not None and not _PLACE & set(definition.at):
                yield f"{leaf.ref} has no place and can't be counted by region"
