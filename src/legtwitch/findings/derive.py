"""What follows from other findings by logic or arithmetic alone, without any medicine.

Each function returns what follows, or nothing. What was said of the same thing goes first: a quantity that the case
gives is never replaced. Nothing is absent because something is missing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date as Date

from legtwitch.model import Finding, Quantity
from legtwitch.units import convert

_FEVER = 38.0  # the vocabulary's own definition: fever of 38 degrees or more
_SWELLING_CM = 3.0  # calf_swelling_over_3_cm
_SAME_AMOUNT = 1e-9
_PAIN_AREAS = 19  # options of pain_sites, all of which the widespread pain index counts


def derive(findings: Sequence[Finding], today: Date | None) -> tuple[Finding, ...]:
    """Return everything that follows from the findings of a case; today: its date."""
    found: list[Finding] = []
    for rule in RULES:
        found += rule([*findings, *found], today)
    return tuple(found)


def fever_from_temperature(findings: Sequence[Finding], today: Date | None) -> list[Finding]:
    """38 degC or more is fever; less, measured now (without a date or on the date of the case), is none.

    The newest day counts. What the person said of fever itself is not overruled by a lower value now.
    """
    values = [(one, one.value) for one in findings if one.id == "body_temperature" and isinstance(one.value, Quantity)]
    if not values:
        return []
    days = [one.date or today or Date.max for one, _ in values]
    newest = [pair for pair, day in zip(values, days, strict=True) if day == max(days)]
    hottest, value = max(newest, key=lambda pair: _in(pair[1], "degC"))
    if _at_least(_in(value, "degC"), _FEVER):
        return [_follows("fever", "present", hottest)]
    now = max(days) in (today, Date.max)
    return [_follows("fever", "absent", hottest)] if now and not _said(findings, "fever") else []


def calf_girth_difference_from_both(findings: Sequence[Finding], today: Date | None) -> list[Finding]:
    """The girth of both calves, each given once, gives their difference."""
    if _said(findings, "calf_girth_difference"):
        return []
    girths = [(one, one.value) for one in findings if one.id == "calf_girth" and isinstance(one.value, Quantity)]
    sides = {side: [pair for pair in girths if pair[0].attributes.get("side") == side] for side in ("left", "right")}
    if len(girths) != 2 or not all(sides.values()):
        return []
    (one, left), (_, right) = sides["left"][0], sides["right"][0]
    return [_follows("calf_girth_difference", Quantity(abs(_in(left, "cm") - _in(right, "cm")), "cm"), one)]


def swelling_from_difference(findings: Sequence[Finding], today: Date | None) -> list[Finding]:
    """A difference of more than 3 cm is what `calf_swelling_over_3_cm` says, a smaller one that it is not so."""
    known = [one for one in findings if one.id == "calf_girth_difference"]
    if _said(findings, "calf_swelling_over_3_cm") or len(known) != 1 or not isinstance(known[0].value, Quantity):
        return []
    difference = _in(known[0].value, "cm")
    over = not _at_least(_SWELLING_CM, difference)
    return [_follows("calf_swelling_over_3_cm", "present" if over else "absent", known[0])]


def pain_index_from_sites(findings: Sequence[Finding], today: Date | None) -> list[Finding]:
    """The widespread pain index is the number of painful areas out of the 19 options of `pain_sites`."""
    known = [one for one in findings if one.id == "pain_sites"]
    if _said(findings, "widespread_pain_index") or len(known) != 1 or not isinstance(known[0].value, tuple):
        return []
    count = min(len(known[0].value), _PAIN_AREAS)
    return [_follows("widespread_pain_index", Quantity(float(count), "count"), known[0])]


def pregnant_from_weeks(findings: Sequence[Finding], today: Date | None) -> list[Finding]:
    """Weeks of pregnancy are those of a pregnancy, unless it is said that there is none."""
    known = [one for one in findings if one.id == "weeks_pregnant" and isinstance(one.value, Quantity)]
    return [_follows("pregnant", "present", known[0])] if known and not _said(findings, "pregnant") else []


RULES: tuple[Callable[[Sequence[Finding], Date | None], list[Finding]], ...] = (
    fever_from_temperature,
    calf_girth_difference_from_both,
    swelling_from_difference,
    pain_index_from_sites,
    pregnant_from_weeks,
)


def _follows(id: str, value: Quantity | str, source: Finding) -> Finding:
    origin = f"follows from {source.id}"
    return Finding(id, value, source.by, {}, source.since, source.date, "", origin)  # type: ignore[arg-type]


def _said(findings: Sequence[Finding], id: str) -> bool:
    return any(one.id == id and one.value != "unknown" for one in findings)


def _in(quantity: Quantity, unit: str) -> float:
    return convert(quantity.value, quantity.unit, unit)


def _at_least(value: float, limit: float) -> bool:
    return value >= limit or abs(value - limit) <= _SAME_AMOUNT * abs(limit)
