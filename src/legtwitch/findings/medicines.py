"""Medicines become findings: the ingredient, every class that it stands in, and what their dates tell."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date as Date
from datetime import timedelta
from math import ceil, floor
from typing import TYPE_CHECKING

from legtwitch.model import Finding, Medicine, Quantity
from legtwitch.units import convert

if TYPE_CHECKING:
    from legtwitch.knowledge import Knowledge

RECENT = timedelta(weeks=4)
"""A start, a change of dose or a stop counts as new for so long (the span of `began_within_4_weeks_of_medicine`)."""
STILL_ACTS = timedelta(weeks=5)
"""So long after it was stopped a medicine still counts as taken: the longest span of rule R06 (fluoxetine, MAO
inhibitors), used for all of them because a shorter one could hide a poisoning. medicines.yaml names those that act for
longer (`acts_for`)."""

_NEW_OR_RAISED = {
    "serotonergic_drug": "serotonin_medicine_new_or_raised",
    "dopamine_blocker": "dopamine_blocker_new_or_raised",
}
_TOGETHER = {"serotonergic_drug": "two_serotonin_medicines"}
# Classes and medicines that `substance_cut` names by another word than their own id; its `benzodiazepine` is asked for
# as "a sleeping or calming tablet", so it takes in those whose sudden end is as dangerous.
_CUT_AS = {
    "ssri": "antidepressant",
    "snri": "antidepressant",
    "maoi": "antidepressant",
    "tricyclic": "antidepressant",
    "tetracyclic_antidepressant": "antidepressant",
    "trazodone": "antidepressant",
    "vortioxetine": "antidepressant",
    "vilazodone": "antidepressant",
    "barbiturate": "benzodiazepine",
    "phenibut": "benzodiazepine",
    "antipsychotic_first_generation": "antipsychotic",
    "antipsychotic_second_generation": "antipsychotic",
}


def findings_from_medicine(medicine: Medicine, knowledge: Knowledge) -> tuple[Finding, ...]:
    """Return the ingredients of a medicine and all their classes as findings, `since` the day it was started.

    A class has the attribute `medicine`: the ingredient. One that was stopped is `present` too, with the attribute
    `stopped` (its date), from which `FindingSet` reads whether it still counts. A medicine that isn't known gives none.
    """
    when = {} if medicine.stopped is None else {"stopped": medicine.stopped.isoformat()}
    said = [medicine.note] if medicine.note else []
    note = "; ".join([*said, *(f"{name} {day}" for name, day in when.items())])
    found = []
    for id in medicine.ingredients:
        for one in (id, *knowledge.vocabulary.classes_of(id)):
            about = when if one == id else when | {"medicine": id}
            found.append(Finding(one, "present", "person", about, medicine.started, None, note, medicine.written))
    return tuple(found)


def still_acts(id: str, stopped: str | None, today: Date | None, knowledge: Knowledge) -> bool:
    """Return whether a medicine stopped on this day (ISO date, None: not stopped) counts as taken today.

    For five weeks, or for longer where medicines.yaml says so of it or of one of its classes. Without a date of the
    case nobody knows how long ago it was stopped, and it does.
    """
    if stopped is None or today is None:
        return True
    above = knowledge.vocabulary.classes_of(id) if id in knowledge.vocabulary.medications else ()
    known = [knowledge.medicines[one].acts_for for one in (id, *above) if one in knowledge.medicines]
    longest = max((timedelta(one.days) for one in known if one is not None), default=STILL_ACTS)
    return today - Date.fromisoformat(stopped) <= max(longest, STILL_ACTS)


def findings_from_dates(
    medicines: Iterable[Medicine], today: Date | None, said: Iterable[Finding], knowledge: Knowledge
) -> tuple[Finding, ...]:
    """Return what the dates of medicines tell: new or raised within four weeks before the case, or cut within them.

    Only `present` is ever found: that no date is given says nothing. That it began within four weeks of a medicine is
    computed from how long it has lasted, unless the case says it itself. The time since the last use is computed only
    where the case says nothing of substances cut or of that time: a stop that is long ago must not hide a recent one.

    Parameters
    ----------
    today: the date of the case. said: what the case says in its block `findings`.
    """
    if today is None:
        return ()
    found: list[Finding] = []
    last_stops: list[Date] = []
    said = tuple(said)
    timed = any(one.id == "began_within_4_weeks_of_medicine" for one in said)
    onsets = () if timed else tuple(_onsets(said, today))
    for medicine in medicines:
        found += _began_within(medicine, onsets)
        changes = [day for day in (medicine.started, medicine.dose_changed) if day is not None]
        changed = max(changes, default=None)
        for id in medicine.ingredients:
            classes = (id, *knowledge.vocabulary.classes_of(id))
            if changed is not None and today - changed <= RECENT:
                found += _new(medicine, id, classes, changed)
            if medicine.stopped is not None and today - medicine.stopped <= RECENT:
                cut = list(_cut(medicine, id, classes, medicine.stopped, knowledge))
                found += cut
                last_stops += [medicine.stopped] * any(one.id == "substance_cut" for one in cut)
    told = any(one.id in ("substance_cut", "time_since_last_use") and one.value != () for one in said)
    if last_stops and not told:
        days = Quantity(float((today - max(last_stops)).days), "day")
        found.append(Finding("time_since_last_use", days, origin="computed from the dates of the medicines"))
    return tuple(found)


def taken_together(medicines: Iterable[Medicine], today: Date | None, knowledge: Knowledge) -> tuple[Finding, ...]:
    """Return `present` for each class whose combination is a finding, where two ingredients of it are taken today.

    One ingredient under two names counts once; one that was stopped counts while it still acts.
    """
    found = []
    for name, finding in _TOGETHER.items():
        taken = {
            id: medicine.written
            for medicine in medicines
            for id in medicine.ingredients
            if name in knowledge.vocabulary.classes_of(id)
            if still_acts(id, medicine.stopped.isoformat() if medicine.stopped else None, today, knowledge)
        }
        if len(taken) > 1:
            found.append(Finding(finding, "present", "person", origin=f"follows from {', '.join(taken.values())}"))
    return tuple(found)


def _onsets(said: Iterable[Finding], today: Date) -> Iterator[tuple[Date, Date]]:
    """The earliest and the latest day on which it can have begun, for each duration that is told.

    A duration is told in whole days, weeks or months, so the day is known to half of that unit.
    """
    for one in said:
        if one.id == "symptom_duration" and isinstance(one.value, Quantity):
            days = convert(one.value.value, one.value.unit, "day")
            half = convert(0.5, one.value.unit, "day")
            yield _before(today, days + half), _before(today, floor(max(days - half, 0)))


def _before(today: Date, days: float) -> Date:
    """Return the day so many days before, or the first day of the calendar where it lies before that."""
    return Date.fromordinal(max(today.toordinal() - ceil(min(days, today.toordinal())), 1))


def _began_within(medicine: Medicine, onsets: Iterable[tuple[Date, Date]]) -> Iterator[Finding]:
    """That it began within four weeks of a start or a change of dose, where this holds for every day it can be."""
    changes = [day for day in (medicine.started, medicine.dose_changed) if day is not None]
    for earliest, latest in onsets:
        for day in changes:
            if day <= earliest and latest - day <= RECENT:
                origin = _origin(medicine, "started" if day == medicine.started else "changed in dose", day)
                for id in medicine.ingredients:
                    about = {"medicine": id}
                    yield Finding("began_within_4_weeks_of_medicine", "present", "person", about, origin=origin)


def _origin(medicine: Medicine, what: str, day: Date) -> str:
    return f"computed from dates: {medicine.written} {what} {day}"


def _new(medicine: Medicine, id: str, classes: tuple[str, ...], day: Date) -> Iterator[Finding]:
    what = "started" if day == medicine.started else "changed in dose"
    flags = ["medicine_new_or_changed", *(_NEW_OR_RAISED[one] for one in classes if one in _NEW_OR_RAISED)]
    for flag in flags:
        yield Finding(flag, "present", "person", {"medicine": id}, day, origin=_origin(medicine, what, day))


def _cut(medicine: Medicine, id: str, classes: tuple[str, ...], day: Date, knowledge: Knowledge) -> Iterator[Finding]:
    origin = _origin(medicine, "stopped", day)
    if "dopaminergic_drug" in classes:
        yield Finding("dopamine_medicine_cut", "present", "person", {"medicine": id}, day, origin=origin)
    options = knowledge.vocabulary.findings["substance_cut"].options
    substances = tuple(dict.fromkeys(one for one in (_CUT_AS.get(each, each) for each in classes) if one in options))
    if substances:
        yield Finding("substance_cut", substances, "person", {}, day, origin=origin)
