"""The blocks `findings` and `person` of a case file: every value becomes a finding."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date as Date
from typing import Any, get_args

from legtwitch.findings import codes
from legtwitch.findings.countries import COUNTRIES
from legtwitch.findings.places import contradiction
from legtwitch.findings.reading import Reading, shown
from legtwitch.findings.values import flag, quantity
from legtwitch.knowledge import Definition
from legtwitch.model import By, Finding, Quantity

ALWAYS = ("since", "date", "by", "note")
FLAGS = ("present", "absent", "unknown")
ORIGIN = "case file"
_STATED_BY: tuple[By, ...] = get_args(By)

Value = Quantity | tuple[str, ...] | str


@dataclass(frozen=True, slots=True)
class Beside:
    """What stands beside a value. doubtful: something of it was refused."""

    attributes: dict[str, str] = field(default_factory=dict)
    since: Date | None = None
    date: Date | None = None
    by: By | None = None
    note: str = ""
    doubtful: bool = False


def read_block(raw: Any, section: str, reading: Reading, answered_by: By = "person") -> list[Finding]:
    """Return the findings of a block.

    Parameters
    ----------
    raw: what stands under the key `section` (`findings` or `person`): a map id → value, None for an empty block.
    answered_by: who states what has no `by` of its own and may be stated by several.
    """
    if raw is None:
        return []
    if not isinstance(raw, Mapping):
        reading.refuse(codes.SHAPE, section, "must be a map of ids and values.", got=raw, allowed="id: value")
        return []
    found: list[Finding] = []
    for key, value in raw.items():
        place = f"{section}.{shown(key)}"
        definition = reading.definition(key, section, place)
        if definition is not None:
            found += _entries(value, definition, place, reading, answered_by)
    return found


def _entries(raw: Any, definition: Definition, place: str, reading: Reading, answered_by: By) -> list[Finding]:
    if not isinstance(raw, (list, tuple)) or _is_options(raw, definition):
        found = _entry(raw, definition, place, reading, answered_by)
        return [] if found is None else [found]
    if not raw:
        do = "Leave the line out if it was not asked."
        reading.refuse(codes.SHAPE, place, "is an empty list.", got=raw, allowed=_allowed(definition), do=do)
    entries = [_entry(one, definition, f"{place}, item {n}", reading, answered_by) for n, one in enumerate(raw, 1)]
    found_all = [one for one in entries if one is not None]
    refuse_contradiction(found_all, place, reading)
    return found_all


def refuse_contradiction(found: Sequence[Finding], place: str, reading: Reading) -> None:
    """Refuse findings of one id of which two can't both be so."""
    clash = contradiction(found)
    if clash is not None:
        reading.refuse(
            codes.CONTRADICTION,
            place,
            "is said twice for the same place, and differently.",
            got=" and ".join(_said(one.value) for one in clash),
            allowed="one value for a place, or several with their dates",
            do="Remove one of them, or give each its date.",
        )


def _is_options(raw: Sequence[Any], definition: Definition) -> bool:
    return definition.kind == "choice" and bool(raw) and not any(isinstance(one, (Mapping, list, tuple)) for one in raw)


def _said(value: Any) -> str:
    if isinstance(value, Quantity):
        return f"{value.value:.10g} {value.unit}"
    return ", ".join(value) if isinstance(value, tuple) else str(value)


def _entry(raw: Any, definition: Definition, place: str, reading: Reading, answered_by: By) -> Finding | None:
    """Return one entry, as far as it is understood; an `absent` of a doubtful place is not kept, being too wide."""
    inner, beside = raw, Beside()
    if isinstance(raw, Mapping):
        if "value" not in raw:
            do = f"Write {{value: …}} around it, beside {', '.join((*definition.at, *ALWAYS))}."
            reading.refuse(codes.SHAPE, place, "has no `value`.", got=dict(raw), allowed=_allowed(definition), do=do)
            return None
        inner = raw["value"]
        beside = read_beside(raw, definition, place, reading)
    value = _value(inner, raw, definition, place, reading)
    if value is None or (beside.doubtful and value in ("absent", ())):
        return None
    by = beside.by or (answered_by if answered_by in definition.by else _usual(definition))
    return Finding(
        definition.id,
        value,  # type: ignore[arg-type]
        by,
        beside.attributes,
        beside.since,
        beside.date,
        beside.note,
        ORIGIN,
    )


def _usual(definition: Definition) -> By:
    stated = [one for one in _STATED_BY if one in definition.by]
    return "person" if "person" in stated or not stated else stated[0]


def _allowed(definition: Definition) -> list[str]:
    if definition.kind == "quantity":
        return ["{value: number, unit: …}", "unknown"]
    if definition.kind == "choice":
        return [*definition.options, "absent", "unknown"]
    return ["text", "unknown"] if definition.kind == "text" else list(FLAGS)


# ---- what stands beside a value --------------------------------------------------------------------------------------


def read_beside(raw: Mapping[Any, Any], definition: Definition, place: str, reading: Reading) -> Beside:
    """Return the attributes, dates, source and note of an entry; what can't stand there is refused."""
    known = reading.knowledge.vocabulary.attributes
    own = ("value", "unit") if definition.kind == "quantity" else ("value",)
    may = (*own, *definition.at, *ALWAYS)
    before = len(reading.errors)
    for key in raw:
        if key in may:
            continue
        if isinstance(key, str) and key in known:
            reading.refuse(codes.WRONG_ATTRIBUTE, place, f"can't have `{key}`.", got=raw[key], allowed=may)
        else:
            reading.keys({key: raw[key]}, may, place)
    attributes = {}
    for name in definition.at:
        if name in raw:
            value = _attribute(name, raw[name], f"{place}.{name}", reading)
            if value is not None:
                attributes[name] = value
    since = reading.day(raw["since"], f"{place}.since") if "since" in raw else None
    date = reading.day(raw["date"], f"{place}.date") if "date" in raw else None
    by = _stated_by(raw["by"], definition, f"{place}.by", reading) if "by" in raw else None
    note = reading.note(raw["note"], f"{place}.note") if "note" in raw else ""
    return Beside(attributes, since, date, by, note, doubtful=len(reading.errors) > before)


def _attribute(name: str, raw: Any, place: str, reading: Reading) -> str | None:
    vocabulary = reading.knowledge.vocabulary
    options = tuple(vocabulary.medications) if name == "medicine" else vocabulary.attributes[name].options
    if isinstance(raw, str) and raw in options:
        return raw
    near = vocabulary.nearest(raw, "medications") if name == "medicine" and isinstance(raw, str) else None
    allowed = "an id of the medicines" if name == "medicine" else options
    near = near or reading.near(raw, options)
    reading.refuse(codes.UNKNOWN_OPTION, place, "is not one of its options.", got=raw, allowed=allowed, near=near)
    return None


def _stated_by(raw: Any, definition: Definition, place: str, reading: Reading) -> By | None:
    may = [one for one in _STATED_BY if one in definition.by] or ["person", "clinician"]
    if raw in may:
        stated: By = raw
        return stated
    reading.refuse(codes.WRONG_SOURCE, place, "can't be stated by this.", got=raw, allowed=may)
    return None


# ---- values ----------------------------------------------------------------------------------------------------------


def _value(raw: Any, whole: Any, definition: Definition, place: str, reading: Reading) -> Value | None:
    """Return a value of the kind that the id needs, else None. whole: the value with all that stands beside it."""
    word = None if definition.kind == "choice" and raw in definition.options else flag(raw)
    if word == "unknown":
        return word
    if definition.kind == "flag":
        if word is None:
            near = reading.near(raw, FLAGS)
            reading.refuse(codes.WRONG_KIND, place, "takes one of three words.", got=raw, allowed=FLAGS, near=near)
        return word
    if definition.kind == "choice":
        return () if word == "absent" else _options(raw, definition, place, reading)
    if definition.kind == "text":
        return _text(raw, definition, place, reading)
    if word is not None or raw is None or (isinstance(raw, (Mapping, list, tuple)) and raw is not whole):
        allowed = _allowed(definition)
        reading.refuse(codes.WRONG_KIND, place, "is a quantity.", got=raw, allowed=allowed)
        return None
    return quantity(whole, definition, place, reading)


def _options(raw: Any, definition: Definition, place: str, reading: Reading) -> tuple[str, ...] | None:
    chosen = list(raw) if isinstance(raw, (list, tuple)) else [raw]
    wrong = [one for one in chosen if not isinstance(one, str) or one not in definition.options]
    for one in wrong:
        near = reading.near(one, definition.options)
        allowed = _allowed(definition)
        reading.refuse(codes.UNKNOWN_OPTION, place, "has no such option.", got=one, allowed=allowed, near=near)
    kept = tuple(dict.fromkeys(one for one in chosen if one not in wrong))
    if len(kept) > 1 and not definition.many:
        reading.refuse(codes.WRONG_KIND, place, "takes one option.", got=", ".join(kept), allowed=definition.options)
        return None
    if not chosen:
        reading.refuse(codes.SHAPE, place, "is an empty list.", got=raw, allowed=_allowed(definition))
    return kept or None


def _text(raw: Any, definition: Definition, place: str, reading: Reading) -> tuple[str, ...] | None:
    word = raw.strip() if isinstance(raw, str) else ""
    if definition.id == "country":
        if word.upper() in COUNTRIES:
            return (word.upper(),)
        allowed = "two letters of ISO 3166, such as GB, US or NO"
        near = {"UK": "GB", "EL": "GR"}.get(word.upper())
        reading.refuse(codes.NO_COUNTRY, place, "is not a country code.", got=raw, allowed=allowed, near=near)
        return None
    if not word:
        reading.refuse(codes.WRONG_KIND, place, "takes a word.", got=raw, allowed="text")
        return None
    return (word,)
