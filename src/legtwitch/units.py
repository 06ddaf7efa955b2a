"""Units of quantities that are not lab values, by kind, with exact factors.

Lab values have units of their own per analyte (mmol and mg convert by molar mass): see `knowledge/data/labs.yaml`.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit: value in the kind's base unit = value * factor + offset."""

    kind: str
    factor: float
    offset: float = 0.0


_MONTH_DAYS = 365.25 / 12

UNITS: dict[str, Unit] = {
    "millisecond": Unit("time", 1e-3),
    "second": Unit("time", 1.0),
    "minute": Unit("time", 60.0),
    "hour": Unit("time", 3600.0),
    "day": Unit("time", 86400.0),
    "week": Unit("time", 7 * 86400.0),
    "month": Unit("time", _MONTH_DAYS * 86400.0),
    "year": Unit("time", 365.25 * 86400.0),
    "per_second": Unit("rate", 3600.0),
    "per_minute": Unit("rate", 60.0),
    "per_hour": Unit("rate", 1.0),
    "per_day": Unit("rate", 1 / 24),
    "per_week": Unit("rate", 1 / (7 * 24)),
    "per_month": Unit("rate", 1 / (_MONTH_DAYS * 24)),
    "per_year": Unit("rate", 1 / (365.25 * 24)),
    "Hz": Unit("frequency", 1.0),
    "bpm": Unit("frequency", 1 / 60),
    "mm": Unit("length", 0.1),
    "cm": Unit("length", 1.0),
    "m": Unit("length", 100.0),
    "in": Unit("length", 2.54),
    "kg": Unit("mass", 1.0),
    "lb": Unit("mass", 0.45359237),
    "g": Unit("mass", 1e-3),
    "degC": Unit("temperature", 1.0),
    "degF": Unit("temperature", 5 / 9, -160 / 9),
    "mmHg": Unit("pressure", 1.0),
    "kPa": Unit("pressure", 7.500615758456563),
    "mL": Unit("volume", 1.0),
    "L": Unit("volume", 1000.0),
    "uV": Unit("voltage", 1.0),
    "mV": Unit("voltage", 1e3),
    "V": Unit("voltage", 1e6),
    "mg_per_day": Unit("daily_amount", 1.0),
    "g_per_day": Unit("daily_amount", 1000.0),
    "g_per_week": Unit("daily_amount", 1000 / 7),
    "percent": Unit("share", 0.01),
    "ratio": Unit("share", 1.0),
    "count": Unit("count", 1.0),
    "score": Unit("score", 1.0),
}


def normal_spelling(unit: str) -> str:
    """Return the unit with both micro signs (U+00B5, U+03BC) written as `u`."""
    return unit.strip().replace("\u00b5", "u").replace("\u03bc", "u")


def same_kind(unit: str) -> list[str]:
    """Return the units that `unit` can be converted to, itself included; empty when it isn't known."""
    found = UNITS.get(unit)
    return [] if found is None else [name for name, other in UNITS.items() if other.kind == found.kind]


def convert(value: float, unit: str, to: str) -> float:
    """Convert a value between two units of one kind; the same unit returns the value bit for bit.

    Raises
    ------
    ValueError: a unit isn't known, or the two are of different kinds.

    >>> convert(36, "hour", "day")
    1.5
    """
    if unit == to:
        return value
    if unit not in UNITS or to not in UNITS or UNITS[unit].kind != UNITS[to].kind:
        raise ValueError(f"{unit} can't be converted to {to}")
    source, target = UNITS[unit], UNITS[to]
    return (value * source.factor + source.offset - target.offset) / target.factor
