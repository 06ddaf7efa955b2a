"""Lab values become findings: the value itself, and what it says in words (`low_ferritin`)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date as Date
from typing import TYPE_CHECKING, Any

from legtwitch.findings import codes
from legtwitch.findings.reading import Reading, shown
from legtwitch.findings.values import flag, number
from legtwitch.knowledge.labs import accepted_units, judge, lab_unit, plausible
from legtwitch.model import Finding, LabValue, Quantity, Truth

if TYPE_CHECKING:
    from legtwitch.knowledge import Knowledge
    from legtwitch.knowledge.schema import Lab, LabLimit

LAB_KEYS = ("value", "unit", "date", "range", "note")

# Three ways to measure one thing: one of them that is normal is enough. Every other finding that several labs can set
# (mercury in blood or urine, three kinds of blood cells) is absent only if all of them were measured.
_ONE_IS_ENOUGH = ("low_calcium",)


# ---- reading ---------------------------------------------------------------------------------------------------------


def read_labs(raw: Any, reading: Reading) -> tuple[tuple[LabValue, ...], list[Finding]]:
    """Return the values of the block `labs`, and as findings those that were asked for and are not known."""
    values: list[LabValue] = []
    unknown: list[Finding] = []
    if raw is None:
        return (), []
    if not isinstance(raw, Mapping):
        allowed = "lab: {value: …, unit: …}"
        reading.refuse(codes.SHAPE, "labs", "must be a map of labs and values.", got=raw, allowed=allowed)
        return (), []
    for key, entry in raw.items():
        place = f"labs.{shown(key)}"
        lab = _lab(key, place, reading)
        if lab is None:
            continue
        several = isinstance(entry, (list, tuple))
        if several and not entry:
            reading.refuse(codes.SHAPE, place, "is an empty list.", got=entry, allowed="{value: …, unit: …}")
        own = []
        for n, one in enumerate(entry if several else [entry], 1):
            at = f"{place}, item {n}" if several else place
            if flag(one["value"] if isinstance(one, Mapping) and "value" in one else one) == "unknown":
                unknown.append(Finding(lab.id, "unknown", "lab", origin="case file"))
                continue
            value = _lab_value(one, lab, at, reading)
            own += [] if value is None else [value]
        _refuse_undated_twice(own, place, reading)
        values += own
    return tuple(values), unknown


def _lab(key: Any, place: str, reading: Reading) -> Lab | None:
    labs = reading.knowledge.labs
    forms = [id for id in labs if isinstance(key, str) and id.startswith(f"{key.strip().lower()}_")]
    if key not in labs and len(forms) > 1:
        do = "Write which one the laboratory measured."
        reading.refuse(codes.SEVERAL_MEANT, place, "stands for several labs.", got=key, allowed=forms, do=do)
        return None
    definition = reading.definition(key, "labs", place)
    return None if definition is None else labs[definition.id]


def _refuse_undated_twice(values: Sequence[LabValue], place: str, reading: Reading) -> None:
    undated = [one for one in values if one.date is None]
    if any(one != undated[0] for one in undated):
        got = " and ".join(in_words(one) for one in undated)
        do = "Give each its date."
        reading.refuse(codes.CONTRADICTION, place, "has several values without a date.", got=got, do=do)


def _lab_value(raw: Any, lab: Lab, place: str, reading: Reading) -> LabValue | None:
    units = accepted_units(lab)
    if not isinstance(raw, Mapping) or "value" not in raw:
        got = dict(raw) if isinstance(raw, Mapping) else raw
        do = "Write {value: …, unit: …} with one of these units."
        code = codes.UNIT_MISSING if isinstance(raw, (int, float)) and not isinstance(raw, bool) else codes.WRONG_KIND
        reading.refuse(code, place, "needs a value and a unit.", got=got, allowed=units, do=do)
        return None
    reading.keys(raw, LAB_KEYS, place)
    day = reading.day(raw["date"], f"{place}.date") if "date" in raw else None
    note = reading.note(raw["note"], f"{place}.note") if "note" in raw else ""
    written = raw["value"]
    comparator = ""
    if isinstance(written, str) and written.strip()[:1] in ("<", ">"):
        comparator, written = written.strip()[0], written.strip()[1:]
    value = number(written, place, reading)
    unit = _unit(raw.get("unit"), lab, place, reading)
    if value is None or unit is None:
        return None
    if not comparator and not plausible(lab, value, unit):
        _refuse_value(value, unit, lab, place, reading)
        return None
    printed = _range(raw["range"], f"{place}.range", reading) if raw.get("range") is not None else None
    return LabValue(lab.id, value, unit, day, printed, comparator, note)  # type: ignore[arg-type]


def _unit(raw: Any, lab: Lab, place: str, reading: Reading) -> str | None:
    units = accepted_units(lab)
    if raw is None:
        reading.refuse(codes.UNIT_MISSING, place, "needs a unit.", got=raw, allowed=units)
        return None
    found = lab_unit(lab, str(raw)) if isinstance(raw, (str, int)) and not isinstance(raw, bool) else None
    if found is None:
        near = reading.near(raw, units)
        reading.refuse(codes.WRONG_UNIT, place, "has a unit that it can't have.", got=raw, allowed=units, near=near)
    return found


def _refuse_value(value: float, unit: str, lab: Lab, place: str, reading: Reading) -> None:
    others = [one for one in accepted_units(lab) if one != unit and plausible(lab, value, one)]
    reading.refuse(
        codes.IMPLAUSIBLE,
        place,
        "is no value that a person can have in this unit.",
        got=f"{value:.10g} {unit}",
        allowed=f"{lab.plausible[0]:g} to {lab.plausible[1]:g} {lab.unit}",
        near=" or ".join(f"{value:.10g} {one}" for one in others) or None,
        do="Copy value and unit as the laboratory printed them.",
    )


def _range(raw: Any, place: str, reading: Reading) -> tuple[float | None, float | None] | None:
    if not isinstance(raw, (list, tuple)) or len(raw) != 2 or all(one is None for one in raw):
        allowed = "[low, high] in the unit of the value; null for a limit that is not printed"
        reading.refuse(codes.WRONG_RANGE, place, "is no range.", got=raw, allowed=allowed)
        return None
    ends = [None if one is None else number(one, place, reading) for one in raw]
    if any(end is None and one is not None for end, one in zip(ends, raw, strict=True)):
        return None
    low, high = ends
    if low is not None and high is not None and low > high:
        got = f"{low:.10g} to {high:.10g}"
        reading.refuse(codes.WRONG_RANGE, place, "has its low limit above its high one.", got=got)
        return None
    return low, high


# ---- findings --------------------------------------------------------------------------------------------------------


def in_words(one: LabValue) -> str:
    """Return a value as it is told in a report, such as `18 ng/mL on 2026-11-02`."""
    when = f" on {one.date}" if one.date else ""
    return shown(f"{one.comparator}{one.value:.10g} {one.unit}{when}")


def findings_from_labs(labs: Iterable[LabValue], knowledge: Knowledge) -> tuple[Finding, ...]:
    """Return every value under its own id, and what the newest ones say in words.

    A value that the laboratory gave as `<5` has the attribute `comparator`; it is no number to reckon with. A finding
    in words is present if the newest value of any lab sets it, and absent if the newest values of all labs that could
    set it are measured and clear. All else gives no finding: not known.

    Parameters
    ----------
    labs: values in units of their lab, each with the limits that the laboratory printed, if any.
    """
    values = tuple(labs)
    found = [_as_finding(one, knowledge) for one in values]
    newest: dict[str, list[LabValue]] = {}
    for one in values:
        newest[one.id] = _newest([*newest.get(one.id, []), one])
    limits: dict[str, dict[str, list[LabLimit]]] = defaultdict(lambda: defaultdict(list))
    for lab in knowledge.labs.values():
        for limit in lab.limits:
            limits[limit.finding][lab.id].append(limit)
    for id, by_lab in limits.items():
        said = _said(id, by_lab, newest, knowledge)
        found += [] if said is None else [said]
    return tuple(found)


def _newest(values: list[LabValue]) -> list[LabValue]:
    """Return the values of the newest day; one without a date is as of the case, so newer than all that are dated."""
    last = max(one.date or Date.max for one in values)
    return [one for one in values if (one.date or Date.max) == last]


def _as_finding(one: LabValue, knowledge: Knowledge) -> Finding:
    attributes = {"comparator": one.comparator} if one.comparator else {}
    origin = f"{knowledge.vocabulary.label(one.id)} {in_words(one)}"
    return Finding(one.id, Quantity(one.value, one.unit), "lab", attributes, None, one.date, one.note, origin)


def _said(
    id: str,
    by_lab: Mapping[str, list[LabLimit]],
    newest: Mapping[str, list[LabValue]],
    knowledge: Knowledge,
) -> Finding | None:
    judged = [
        (value, _judged(value, limits, knowledge)) for lab, limits in by_lab.items() for value in newest.get(lab, ())
    ]
    setting = [value for value, truth in judged if truth is Truth.TRUE]
    if setting:
        return _in_words(id, "present", setting, knowledge)
    measured = {value.id for value, _ in judged}
    enough = bool(measured) if id in _ONE_IS_ENOUGH else measured == set(by_lab)
    if enough and all(truth is Truth.FALSE for _, truth in judged):
        return _in_words(id, "absent", [value for value, _ in judged], knowledge)
    return None


def _judged(one: LabValue, limits: Iterable[LabLimit], knowledge: Knowledge) -> Truth:
    """Return what the limits of one finding say of a value; one in a unit that doesn't convert says nothing."""
    lab = knowledge.labs[one.id]
    said = {judge(lab, each, one.value, one.unit, comparator=one.comparator, printed=one.range) for each in limits}
    if Truth.TRUE in said:
        return Truth.TRUE
    return Truth.FALSE if Truth.FALSE in said else Truth.UNKNOWN


def _in_words(id: str, value: Any, values: Sequence[LabValue], knowledge: Knowledge) -> Finding:
    origin = "; ".join(f"{knowledge.vocabulary.label(one.id)} {in_words(one)}" for one in values)
    days = [one.date for one in values if one.date is not None]
    date = max(days) if len(days) == len(values) else None
    return Finding(id, value, "lab", {}, None, date, "", origin)
