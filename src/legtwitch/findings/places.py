"""Places of findings: what is said of one place says what of another.

`absent` without attributes holds everywhere; `absent, side: left` holds for every muscle of that side, and tells
nothing of the other. `side: both` is the left and the right.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from legtwitch.model import Finding

Place = Mapping[str, str]
SIDES = ("left", "right")

# How a finding was taken or what it is about, not where in the body.
_NOT_A_PLACE = ("stopped", "comparator")


def single_sides(attributes: Place) -> tuple[dict[str, str], ...]:
    """Return the place as places of one side each, without what is no place."""
    place = {name: value for name, value in attributes.items() if name not in _NOT_A_PLACE}
    if place.get("side") != "both":
        return (place,)
    return tuple(place | {"side": side} for side in SIDES)


def holds_for(wide: Place, narrow: Place) -> bool:
    """Return whether what is absent at `wide` is absent at `narrow`: all that limits the one limits the other."""
    return all(narrow.get(name) == value for name, value in wide.items())


def overlap(absent: Place, present: Place) -> bool:
    """Return whether one of two places (both sides taken apart) that is absent takes in one that is present."""
    return any(holds_for(wide, narrow) for wide in single_sides(absent) for narrow in single_sides(present))


def contradiction(findings: Iterable[Finding]) -> tuple[Finding, Finding] | None:
    """Return two findings of one id, undated and stated by the same, that can't both be so; or None."""
    undated = [one for one in findings if one.date is None and one.value != "unknown"]
    for number, one in enumerate(undated):
        for other in undated[number + 1 :]:
            if one.by == other.by and _differ(one, other):
                return one, other
    return None


def _differ(one: Finding, other: Finding) -> bool:
    if one.value == other.value:
        return False
    if one.value == "absent":
        return overlap(one.attributes, other.attributes)
    if other.value == "absent":
        return overlap(other.attributes, one.attributes)
    return single_sides(one.attributes) == single_sides(other.attributes)
