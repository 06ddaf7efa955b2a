"""Numbers, units and flag words as people write them."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from typing import Any, Literal

from legtwitch.findings import codes
from legtwitch.findings.reading import Reading
from legtwitch.knowledge import Definition
from legtwitch.model import Quantity
from legtwitch.units import UNITS, convert, normal_spelling, same_kind

Flag = Literal["present", "absent", "unknown"]

FLAG_WORDS: dict[str, Flag] = {
    "present": "present",
    "yes": "present",
    "true": "present",
    "absent": "absent",
    "no": "absent",
    "false": "absent",
    "unknown": "unknown",
}

# Bounds of what can be written down of a living person, wide enough for every patient: they catch a wrong unit or a
# slip of the pen and decide nothing else.
PLAUSIBLE: dict[str, tuple[float, float, str]] = {
    "age": (0, 125, "year"),
    "height": (20, 280, "cm"),
    "weight": (0.2, 700, "kg"),
    "weeks_pregnant": (0, 46, "week"),
    "body_temperature": (20, 47, "degC"),
    "oxygen_saturation": (0, 100, "percent"),
    "heart_rate": (0, 400, "bpm"),
}
_TOO_MANY = 3  # units that fit, of which none is the likely one
_MAY_BE_NEGATIVE = ("temperature", "score", "frequency")
_NUMBER = re.compile(r"[-+]?(?:\d+(?:[.,]\d*)?|[.,]\d+)(?:[eE][-+]?\d{1,3})?", re.ASCII)
_THOUSANDS = re.compile(r"[-+]?[1-9]\d{0,2},\d{3}", re.ASCII)


def flag(raw: Any) -> Flag | None:
    """Return the flag word that a value is (yes, no, true and false included), or None."""
    if isinstance(raw, bool):
        return "present" if raw else "absent"
    return FLAG_WORDS.get(raw.strip().lower()) if isinstance(raw, str) else None


def number(raw: Any, place: str, reading: Reading) -> float | None:
    """Return a finite number, decimal comma included; anything else is refused and None."""
    found: float | None = None
    if isinstance(raw, str) and _THOUSANDS.fullmatch(raw.strip()):
        plain = raw.strip()
        do = f"Write {plain.replace(',', '.')} or {plain.replace(',', '')}."
        reading.refuse(codes.NO_NUMBER, place, "can be read in two ways.", got=raw, allowed="a number", do=do)
        return None
    try:
        if isinstance(raw, (int, float)) and not isinstance(raw, bool):
            found = float(raw)
        elif isinstance(raw, str) and _NUMBER.fullmatch(raw.strip()):
            found = float(raw.strip().replace(",", "."))
    except OverflowError:
        found = None
    if found is not None and math.isfinite(found):
        return found
    reading.refuse(codes.NO_NUMBER, place, "is not a number.", got=raw, allowed="a number, such as 38.5 or 38,5")
    return None


def quantity(raw: Any, definition: Definition, place: str, reading: Reading) -> Quantity | None:
    """Return a quantity from `{value, unit}` (a bare number for a person key); anything else is refused and None."""
    unit = definition.unit or ""
    allowed = same_kind(unit)
    if isinstance(raw, Mapping):
        value = number(raw["value"], place, reading)
        written = raw.get("unit")
    else:
        value = number(raw, place, reading)
        written = None
    if value is None:
        return None
    if written is None:
        if definition.section != "person":
            do = f"Write {{value: {value:.10g}, unit: …}} with one of these units."
            reading.refuse(codes.UNIT_MISSING, place, "needs a unit.", got=value, allowed=allowed, do=do)
            return None
        return _possible(Quantity(value, unit), definition, place, reading)
    spelt = normal_spelling(written) if isinstance(written, str) else None
    if spelt not in allowed:
        near = reading.near(spelt, allowed)
        reading.refuse(
            codes.WRONG_UNIT, place, "has a unit that it can't have.", got=written, allowed=allowed, near=near
        )
        return None
    return _possible(Quantity(value, spelt), definition, place, reading)


def _possible(found: Quantity, definition: Definition, place: str, reading: Reading) -> Quantity | None:
    """Return the quantity, or None where a living person can't have it."""
    if found.value < 0 and UNITS[found.unit].kind not in _MAY_BE_NEGATIVE:
        reading.refuse(codes.IMPLAUSIBLE, place, "can't be less than nothing.", got=found.value, allowed="0 or more")
        return None
    bounds = PLAUSIBLE.get(definition.id)
    if bounds is None or _within(found, found.unit, bounds):
        return found
    low, high, unit = bounds
    others = [one for one in same_kind(found.unit) if one != found.unit and _within(found, one, bounds)]
    reading.refuse(
        codes.IMPLAUSIBLE,
        place,
        f"is not possible ({definition.label}).",
        got=f"{found.value:.10g} {found.unit}",
        allowed=f"{low:g} to {high:g} {unit}",
        near=" or ".join(f"{found.value:.10g} {one}" for one in others) if 0 < len(others) < _TOO_MANY else None,
    )
    return None


def _within(found: Quantity, unit: str, bounds: tuple[float, float, str]) -> bool:
    low, high, bounds_unit = bounds
    return low <= convert(found.value, unit, bounds_unit) <= high
