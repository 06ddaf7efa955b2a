"""The blocks `medications` and `exposures` of a case file: lists, of which an empty one says that there are none."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any

from legtwitch.findings import codes
from legtwitch.findings.entries import FLAGS, ORIGIN, refuse_contradiction
from legtwitch.findings.medicines import findings_from_medicine
from legtwitch.findings.reading import Reading, shown
from legtwitch.findings.values import Flag, flag
from legtwitch.knowledge.medicine_names import Meaning, MedicineName
from legtwitch.model import Finding, Medicine

MEDICINE_KEYS = ("name", "started", "stopped", "dose_changed", "as_written", "note", "value")
_MOST_ITEMS = 1000  # every name is compared with thousands
_NO_NAMES = frozenset(("none", "no", "nothing", "nil", "n/a", "na", "-", "unknown", "null", "yes"))
EXPOSURE_KEYS = ("id", "since", "note", "value")


def _items(raw: Any, block: str, reading: Reading) -> Iterator[tuple[str, Any]]:
    if not isinstance(raw, (list, tuple)):
        do = f"Write {block}: [] to say that there are none, or leave the line out if it was not asked."
        reading.refuse(codes.SHAPE, block, "must be a list.", got=raw, allowed="[name, name, …]", do=do)
        return
    if len(raw) > _MOST_ITEMS:
        do = "Name each one once."
        reading.refuse(codes.SHAPE, block, "is too long.", got=f"{len(raw)} items", allowed=f"{_MOST_ITEMS}", do=do)
        return
    for number, one in enumerate(raw, 1):
        yield f"{block}, item {number}", one


def _state(raw: Mapping[Any, Any], place: str, reading: Reading) -> Flag | None:
    word = flag(raw["value"]) if "value" in raw else "present"
    if word is None:
        reading.refuse(codes.WRONG_KIND, place, "takes one of three words.", got=raw["value"], allowed=FLAGS)
    return word


def _refuse_contradictions(found: Sequence[Finding], block: str, reading: Reading) -> None:
    """Refuse what is present and absent at once; what was stopped is both, one after the other."""
    now = [one for one in found if "stopped" not in one.attributes]
    for id in dict.fromkeys(one.id for one in now):
        refuse_contradiction([one for one in now if one.id == id], f"{block}, {id}", reading)


# ---- exposures -------------------------------------------------------------------------------------------------------


def read_exposures(raw: Any, reading: Reading) -> list[Finding]:
    """Return the findings of the block `exposures`: ids, or maps `{id, since, note, value}`."""
    found = []
    for place, one in _items(raw, "exposures", reading):
        item: Mapping[Any, Any] = one if isinstance(one, Mapping) else {"id": one}
        if "id" not in item and "name" in item:
            item = {"id": item["name"]} | {key: value for key, value in item.items() if key != "name"}
        reading.keys(item, EXPOSURE_KEYS, place)
        definition = reading.definition(item.get("id"), "exposures", place)
        state = _state(item, place, reading)
        if definition is None or state is None:
            continue
        since = reading.day(item["since"], f"{place}.since") if "since" in item else None
        note = reading.note(item["note"], f"{place}.note") if "note" in item else ""
        found.append(Finding(definition.id, state, since=since, note=note, origin=ORIGIN))
    _refuse_contradictions(found, "exposures", reading)
    return found


# ---- medicines -------------------------------------------------------------------------------------------------------


def read_medications(raw: Any, country: str | None, reading: Reading) -> tuple[tuple[Medicine, ...], list[Finding]]:
    """Return the medicines of the block `medications` and the findings that they are.

    Parameters
    ----------
    raw: a list of names, or of maps `{name, started, stopped, dose_changed, as_written, note, value}`; `value: absent`
        says that this one is not taken, `unknown` that it isn't known.
    country: of the person, None where it isn't known.
    """
    medicines: list[Medicine] = []
    found: list[Finding] = []
    for place, one in _items(raw, "medications", reading):
        item: Mapping[Any, Any] = one if isinstance(one, Mapping) else {"name": one}
        reading.keys(item, MEDICINE_KEYS, place)
        medicine = _medicine(item, country, place, reading)
        state = _state(item, place, reading)
        if medicine is None or state is None:
            continue
        if state == "present":
            medicines.append(medicine)
            found += findings_from_medicine(medicine, reading.knowledge)
        else:
            found += (Finding(id, state, note=medicine.note, origin=medicine.written) for id in medicine.ingredients)
    _refuse_contradictions(found, "medications", reading)
    return tuple(medicines), found


def _medicine(item: Mapping[Any, Any], country: str | None, place: str, reading: Reading) -> Medicine | None:
    name = item.get("name")
    if not isinstance(name, str) or not name.strip():
        do = "Write the name in quotes if it is a number or a word like yes."
        reading.refuse(codes.WRONG_KIND, place, "has no name.", got=name, allowed="the name as people write it", do=do)
        return None
    if name.strip().casefold() in _NO_NAMES:
        do = "Write medications: [] to say that there are none, or leave the line out if it is not known."
        reading.refuse(codes.WRONG_KIND, place, "is no name.", got=name, allowed="the name as people write it", do=do)
        return None
    as_written = item.get("as_written", False)
    if not isinstance(as_written, bool):
        insists = flag(as_written)
        if insists is None:
            reading.refuse(codes.WRONG_KIND, f"{place}.as_written", "is yes or no.", got=as_written, allowed="true")
        as_written = insists == "present"
    read = reading.knowledge.vocabulary.read_medicine(name, country)
    if read.certainty in ("near", "by_country") and not as_written:
        _refuse_name(name.strip(), read, country, place, reading)
        return None
    dates = {
        key: reading.day(item[key], f"{place}.{key}") if key in item else None
        for key in ("started", "dose_changed", "stopped")
    }
    said = [(key, day) for key, day in dates.items() if day is not None]
    for (first, one), (second, other) in pairwise(said):
        if other < one:
            got = f"{first} {one}, {second} {other}"
            reading.refuse(codes.DATE_ORDER, place, f"was {second} before it was {first}.", got=got)
    note = reading.note(item["note"], f"{place}.note") if "note" in item else ""
    return Medicine(name.strip(), read.ingredients, **dates, as_written=as_written, note=note)


def _refuse_name(name: str, read: MedicineName, country: str | None, place: str, reading: Reading) -> None:
    insist = (
        f"Write {{name: {shown(name)}, as_written: true}} if it is right as it stands; nothing is known of it then."
    )
    if read.certainty == "near":
        candidates = reading.knowledge.vocabulary.medicine_candidates(name)
        what = "is written much like a medicine that is known here."
        allowed: Sequence[str] = candidates or (read.near or "",)
        reading.refuse(codes.DOUBTFUL_MEDICINE, place, what, got=name, allowed=allowed, near=read.near, do=insist)
        return
    where = f"and none of them is known for {country}" if country else "and `person.country` is not given"
    reading.refuse(
        codes.MEDICINE_BY_COUNTRY,
        place,
        f"means different things in different countries, {where}.",
        got=name,
        allowed=[_in_words(one) for one in read.meanings],
        do=f"Write what is in it, or the country under `person`. {insist}",
    )


def _in_words(meaning: Meaning) -> str:
    where = ", ".join(meaning.countries) or "elsewhere"
    return f"{' with '.join(meaning.ingredients)} ({where})"
