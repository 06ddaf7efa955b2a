"""Lab values: units that convert into each other, spans that catch a wrong unit, limits that set findings in words."""

from __future__ import annotations

from legtwitch.knowledge.schema import Lab, LabLimit, LabUnits
from legtwitch.model import Truth
from legtwitch.units import normal_spelling

# Equal within this share counts as equal after a conversion: 4 mmol/L of calcium is 8 mEq/L whatever the last bit says.
_SAME_AMOUNT = 1e-9


def accepted_units(lab: Lab) -> tuple[str, ...]:
    """Return every unit that a value of this lab may have, as the vocabulary writes them."""
    return tuple(unit for group in _groups(lab) for unit in group.factors)


def lab_unit(lab: Lab, written: str) -> str | None:
    """Return the accepted unit that `written` is another spelling of (µ signs, case, blanks), or None."""
    bare = normal_spelling(written).replace(" ", "")
    units = accepted_units(lab)
    if bare in units:
        return bare
    same = [unit for unit in units if unit.casefold() == bare.casefold()]
    return same[0] if len(same) == 1 else None


def comparable_units(lab: Lab, unit: str) -> tuple[str, ...]:
    """Return the accepted units that `unit` converts to, itself included; empty for a unit that isn't accepted."""
    return next((tuple(group.factors) for group in _groups(lab) if unit in group.factors), ())


def convert_lab(lab: Lab, value: float, unit: str, to: str) -> float:
    """Return a lab value in another of its units; the same unit returns the value bit for bit.

    Raises
    ------
    ValueError: a unit isn't accepted for this lab, or nothing but a further quantity could convert the two
        (µg/L and µg per gram of creatinine).
    """
    group = next((one for one in _groups(lab) if unit in one.factors and to in one.factors), None)
    if group is None:
        raise ValueError(f"{lab.id}: {unit} can't be converted to {to}")
    if unit == to:
        return value
    base = value * group.factors[unit] + group.offsets.get(unit, 0.0)
    return (base - group.offsets.get(to, 0.0)) / group.factors[to]


def plausible(lab: Lab, value: float, unit: str) -> bool:
    """Return whether a living person can have such a value; false points to a wrong unit. Raises as `convert_lab`."""
    group = next((one for one in _groups(lab) if unit in one.factors), lab)
    low, high = group.plausible
    return low <= convert_lab(lab, value, unit, group.unit) <= high


def judge(
    lab: Lab,
    limit: LabLimit,
    value: float,
    unit: str,
    *,
    comparator: str = "",
    printed: tuple[float | None, float | None] | None = None,
) -> Truth:
    """Return whether a value sets the finding of a limit.

    Parameters
    ----------
    lab, limit: the lab and one of its limits.
    value, unit: as given; a unit that doesn't convert to the limit's gives `UNKNOWN` unless a printed limit decides.
    comparator: `<` or `>` where the laboratory gives no more than that.
    printed: limits that the laboratory printed, low and high, in `unit`; either may be None.
    """
    low_side = limit.below is not None or limit.printed == "below"
    own = None if printed is None else printed[0 if low_side else 1]
    if own is not None and (limit.own_range or limit.printed):
        return _side(value, own, own, low_side, False, comparator)
    edge = limit.below if limit.below is not None else limit.above
    if edge is None or limit.unit not in comparable_units(lab, unit):
        return Truth.UNKNOWN
    here = convert_lab(lab, value, unit, limit.unit)
    return _side(here, edge, edge if limit.clear is None else limit.clear, low_side, limit.or_equal, comparator)


def _side(value: float, edge: float, clear: float, low_side: bool, or_equal: bool, comparator: str) -> Truth:
    if not low_side:
        value, edge, clear = -value, -edge, -clear
        comparator = {"<": ">", ">": "<"}.get(comparator, "")
    at_edge = abs(value - edge) <= _SAME_AMOUNT * max(abs(value), abs(edge))
    at_clear = abs(value - clear) <= _SAME_AMOUNT * max(abs(value), abs(clear))
    crossed = (at_edge and (or_equal or comparator == "<")) or (value < edge and not at_edge)
    free = (value > clear or at_clear) and not (at_edge and or_equal and comparator != ">")
    if crossed and comparator != ">":
        return Truth.TRUE
    return Truth.FALSE if free and comparator != "<" else Truth.UNKNOWN


def _groups(lab: Lab) -> tuple[LabUnits, ...]:
    return (lab, *lab.separate)
