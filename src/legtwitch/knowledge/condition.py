"""The condition tree: the one small language in which criteria, urgency rules and all other "when" stand.

It is data: parsed here from YAML, evaluated by `reasoning.logic` in three values. A node is one of

    fasciculation_felt                                    the flag (or medicine, exposure, person flag) is present
    {finding: X, where: {side: both, by: clinician}}      the same with conditions on its attributes
    {quantity: X, over|at_least|under|at_most: 38, unit: degC}   a quantity (finding, person key or lab)
    {choice: X, any_of: [a, b]}                           one of these options is chosen
    {age_of: X, at_most: 72, unit: hour}                  time since its `since` (or `started`) date
    {known: X}                                            X has a known value; true or false, never unknown
    {told: X}                                             X is known and present: what nobody said or looked for is
                                                          not told, and keeps nothing open (`where` as above)
    {criterion: irlssg_2014}                              the published definition is met
    {all: [...]}, {any: [...]}, {not: node}
    {count: 2, of: [...]}                                 at least so many of them
    {regions: 2, each: node}                              node holds in at least so many of the four body regions;
                                                          inside it, findings are looked up with that region

and any mapping node may carry `label`, the line that a report shows for it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

COMPARISONS = ("over", "at_least", "under", "at_most")
REGIONS = ("bulbar", "cervical", "thoracic", "lumbosacral")


@dataclass(frozen=True, slots=True)
class Has:
    """A flag is present, with the attributes named in `where`."""

    ref: str
    where: Mapping[str, str] = field(default_factory=dict)
    label: str = ""


@dataclass(frozen=True, slots=True)
class Compare:
    """A quantity compared with a limit in a unit."""

    ref: str
    op: str
    limit: float
    unit: str
    label: str = ""


@dataclass(frozen=True, slots=True)
class Chosen:
    """One of the options of a choice is chosen."""

    ref: str
    any_of: tuple[str, ...]
    label: str = ""


@dataclass(frozen=True, slots=True)
class AgeOf:
    """Time from the `since` date of a finding to the date of the case, compared with a limit."""

    ref: str
    op: str
    limit: float
    unit: str
    label: str = ""


@dataclass(frozen=True, slots=True)
class Known:
    """A finding has a known value."""

    ref: str
    label: str = ""


@dataclass(frozen=True, slots=True)
class Met:
    """A published definition is met."""

    criterion: str
    label: str = ""


@dataclass(frozen=True, slots=True)
class Not:
    """The child does not hold."""

    child: Condition
    label: str = ""


@dataclass(frozen=True, slots=True)
class Count:
    """At least `minimum` of the children hold; `all` and `any` are the ends of this."""

    minimum: int
    children: tuple[Condition, ...]
    label: str = ""


@dataclass(frozen=True, slots=True)
class Regions:
    """The child holds in at least `minimum` body regions."""

    minimum: int
    each: Condition
    label: str = ""


Condition = Has | Compare | Chosen | AgeOf | Known | Met | Not | Count | Regions


def parse(raw: Any) -> Condition:
    """Parse a node. Raises ValueError that names the node for anything outside the language."""
    if isinstance(raw, str):
        return Has(raw)
    if not isinstance(raw, Mapping):
        raise ValueError(f"not a condition: {raw!r}")
    node = dict(raw)
    label = str(node.pop("label", ""))
    try:
        condition = _parse_mapping(node, label)
    except (KeyError, TypeError, StopIteration) as error:
        raise ValueError(f"not a condition: {raw!r} ({error})") from error
    if node:
        raise ValueError(f"not a condition: {raw!r} has {', '.join(map(str, node))} too many")
    return condition


def _parse_mapping(node: dict[str, Any], label: str) -> Condition:
    if "all" in node or "any" in node:
        key = "all" if "all" in node else "any"
        children = tuple(parse(child) for child in node.pop(key))
        if not children:
            raise ValueError(f"an empty `{key}`")
        return Count(len(children) if key == "all" else 1, children, label)
    if "count" in node:
        return Count(int(node.pop("count")), tuple(parse(child) for child in node.pop("of")), label)
    if "not" in node:
        return Not(parse(node.pop("not")), label)
    if "regions" in node:
        return Regions(int(node.pop("regions")), parse(node.pop("each")), label)
    if "criterion" in node:
        return Met(str(node.pop("criterion")), label)
    if "known" in node:
        return Known(str(node.pop("known")), label)
    if "choice" in node:
        return Chosen(str(node.pop("choice")), tuple(map(str, node.pop("any_of"))), label)
    if "told" in node:
        ref = str(node.pop("told"))
        where = {str(key): str(value) for key, value in dict(node.pop("where", {})).items()}
        return Count(2, (Known(ref), Has(ref, where)), label)
    if "finding" in node:
        where = {str(key): str(value) for key, value in dict(node.pop("where", {})).items()}
        return Has(str(node.pop("finding")), where, label)
    kind = "quantity" if "quantity" in node else "age_of"
    ref = str(node.pop(kind))
    op = next(name for name in COMPARISONS if name in node)
    limit, unit = float(node.pop(op)), str(node.pop("unit"))
    return Compare(ref, op, limit, unit, label) if kind == "quantity" else AgeOf(ref, op, limit, unit, label)


def children(node: Condition) -> tuple[Condition, ...]:
    """Return the direct children of a node."""
    if isinstance(node, Count):
        return node.children
    if isinstance(node, Not):
        return (node.child,)
    if isinstance(node, Regions):
        return (node.each,)
    return ()


def leaves(node: Condition) -> Iterator[Has | Compare | Chosen | AgeOf | Known | Met]:
    """Yield the leaves of a tree from left to right."""
    if isinstance(node, (Count, Not, Regions)):
        for child in children(node):
            yield from leaves(child)
    else:
        yield node


def refs(node: Condition) -> tuple[str, ...]:
    """Return the ids that a tree reads (not those of criteria), each once, in order."""
    found = [leaf.ref for leaf in leaves(node) if not isinstance(leaf, Met)]
    return tuple(dict.fromkeys(found))
