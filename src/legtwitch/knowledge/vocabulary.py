"""The vocabulary: every id that a case file, a test or JSON output may use, taken whole from data/vocabulary.yaml.

Whether the file agrees with itself is the job of `vocabulary_check.py`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal

from legtwitch.knowledge.medicine_names import Brand, MedicineName, MedicineNames
from legtwitch.knowledge.names import fold, near_name

Kind = Literal["flag", "quantity", "choice", "text"]
FINDING_LIKE = ("findings", "person", "medications", "exposures", "labs")


@dataclass(frozen=True, slots=True)
class Definition:
    """One id of a section.

    kind: what a value looks like; medicines and exposures are flags, labs are quantities, `text` elsewhere.
    unit: the unit that a quantity is kept in; None for all other kinds and for labs (their units are in labs.yaml).
    options: of a choice, or of an attribute; many: more than one may be chosen. by: who may state it.
    at: attributes that may stand beside the value (since, date, by and note always may). also: words people use for it.
    codes: coding system → code.
    """

    id: str
    label: str
    section: str
    kind: Kind = "text"
    unit: str | None = None
    options: tuple[str, ...] = ()
    many: bool = False
    by: tuple[str, ...] = ()
    at: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    codes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class MedicineDefinition(Definition):
    """A medicine, drug, supplement or class of them. classes: ids of the classes it stands in directly."""

    classes: tuple[str, ...] = ()
    brands: tuple[Brand, ...] = ()


@dataclass(frozen=True, slots=True)
class LabDefinition(Definition):
    """A lab value. units: those accepted, as the vocabulary writes them; specimen: what is measured in."""

    units: tuple[str, ...] = ()
    specimen: str = ""


@dataclass(frozen=True, slots=True)
class CauseDefinition(Definition):
    """A cause. part_of: the wider cause, or None."""

    group: str = ""
    part_of: str | None = None


@dataclass(frozen=True, slots=True)
class CriterionDefinition(Definition):
    """A published definition of a cause."""

    cause: str = ""


@dataclass(frozen=True, slots=True)
class ScreenQuestion(Definition):
    """A mandatory safety question. sets: findings it asks for; person: keys of the person block it asks for."""

    sets: tuple[str, ...] = ()
    person: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class Vocabulary:
    """All sections by id, in the order of the file."""

    version: int
    attributes: Mapping[str, Definition]
    units: Mapping[str, tuple[str, ...]]
    findings: Mapping[str, Definition]
    phenomena: Mapping[str, Definition]
    causes: Mapping[str, CauseDefinition]
    labs: Mapping[str, LabDefinition]
    exposures: Mapping[str, Definition]
    medications: Mapping[str, MedicineDefinition]
    person: Mapping[str, Definition]
    events: Mapping[str, Definition]
    movement_attributes: Mapping[str, Definition]
    levels: Mapping[str, Definition]
    modalities: Mapping[str, Definition]
    criteria: Mapping[str, CriterionDefinition]
    care: Mapping[str, Definition]
    screen: Mapping[str, ScreenQuestion]

    def section(self, name: str) -> Mapping[str, Definition]:
        """Return a section by its name. Raises KeyError for a name that is no section of definitions."""
        if name not in _SECTIONS:
            raise KeyError(name)
        found: Mapping[str, Definition] = getattr(self, name)
        return found

    def definition(self, id: str) -> Definition | None:
        """Return the definition of a finding, person key, medicine, exposure or lab; None for any other word."""
        return self._finding_like.get(id)

    def label(self, id: str) -> str:
        """Return the words for an id of any section (finding-like ones first); the id itself where it isn't known."""
        if id in self._finding_like:
            return self._finding_like[id].label
        for name in _LABEL_ORDER:
            found = self.section(name).get(id)
            if found is not None:
                return found.label
        return id

    def alias(self, word: str, section: str) -> str | None:
        """Return the id that has `word` among its `also` words, case, blanks, hyphens and underscores ignored.

        None where no id has it, or several have.
        """
        ids = self._aliases[section].get(fold(word), ())
        return ids[0] if len(ids) == 1 else None

    def nearest(self, word: str, section: str) -> str | None:
        """Return the id whose name, label or `also` word is written most like `word`; None where nothing is like it."""
        names = {name: entry.id for entry in self.section(section).values() for name in (*entry.also, entry.label)}
        names |= {id: id for id in self.section(section)}
        found = near_name(word, names)
        return None if found is None else names[found]

    def classes_of(self, medicine: str) -> tuple[str, ...]:
        """Return all classes of a medicine, the nearest first, through classes of classes. Raises KeyError."""
        found: list[str] = []
        waiting = list(self.medications[medicine].classes)
        while waiting:
            one = waiting.pop(0)
            if one not in found:
                found.append(one)
                waiting += self.medications[one].classes
        return tuple(found)

    def read_medicine(self, word: str, country: str | None = None) -> MedicineName:
        """Return what a medicine's name as people write it stands for.

        Parameters
        ----------
        word: an ingredient, a class, a brand or another word for it; a strength behind it (`500 mg`) is ignored.
        country: ISO 3166 code of the person's country, None where it isn't known.
        """
        return self._medicine_names.read(word, country)

    def medicines_named(self, word: str, country: str | None = None) -> tuple[str, ...]:
        """Return the ids that exactly this name stands for (several: a combination); empty where it isn't certain."""
        return self.read_medicine(word, country).ingredients

    def medicine_candidates(self, word: str) -> tuple[str, ...]:
        """Return up to five names of medicines written like `word`, the nearest first."""
        return self._medicine_names.candidates(word)

    @cached_property
    def _finding_like(self) -> dict[str, Definition]:
        return {id: entry for name in FINDING_LIKE for id, entry in self.section(name).items()}

    @cached_property
    def _aliases(self) -> dict[str, dict[str, tuple[str, ...]]]:
        found: dict[str, dict[str, tuple[str, ...]]] = {}
        for name in _SECTIONS:
            words = found.setdefault(name, {})
            for entry in self.section(name).values():
                for also in entry.also:
                    words[fold(also)] = (*words.get(fold(also), ()), entry.id)
        return found

    @cached_property
    def _medicine_names(self) -> MedicineNames:
        names = {id: (id, entry.label, *entry.also) for id, entry in self.medications.items()}
        return MedicineNames(names, {id: entry.brands for id, entry in self.medications.items()})


_SECTIONS: dict[str, type[Definition]] = {
    "attributes": Definition,
    "findings": Definition,
    "phenomena": Definition,
    "causes": CauseDefinition,
    "labs": LabDefinition,
    "exposures": Definition,
    "medications": MedicineDefinition,
    "person": Definition,
    "events": Definition,
    "movement_attributes": Definition,
    "levels": Definition,
    "modalities": Definition,
    "criteria": CriterionDefinition,
    "care": Definition,
    "screen": ScreenQuestion,
}
_LABEL_ORDER = ("causes", "phenomena", "criteria", "care", "screen", "events", "attributes", "levels", "modalities")
_KINDS: dict[str, Kind] = {"medications": "flag", "exposures": "flag", "labs": "quantity"}
_LISTS = ("options", "by", "at", "also", "units", "sets", "person")
_CODES = ("hpo", "icd10cm")


def parse(raw: Mapping[str, Any]) -> Vocabulary:
    """Return the vocabulary from the content of its file.

    Raises
    ------
    ValueError: a section or a key is missing or not known, or an id stands twice; one line for each problem.
    """
    problems: list[str] = []
    known = {"version", "units", *_SECTIONS}
    problems += [f"section {name} is missing" for name in sorted(known - set(raw))]
    problems += [f"section {name} is not known" for name in sorted(set(raw) - known)]
    if problems:
        raise ValueError("\n".join(problems))
    sections: dict[str, dict[str, Definition]] = {}
    for name, shape in _SECTIONS.items():
        sections[name] = entries = {}
        for raw_entry in raw[name]:
            try:
                entry = _definition(raw_entry, name, shape)
            except (TypeError, KeyError, ValueError) as error:
                own = raw_entry.get("id", raw_entry) if isinstance(raw_entry, Mapping) else raw_entry
                problems.append(f"{name}: {own}: {error}")
                continue
            if entry.id in entries:
                problems.append(f"{name}: {entry.id}: stands twice")
            entries[entry.id] = entry
    units: dict[str, tuple[str, ...]] = {}
    for one in raw["units"]:
        if isinstance(one, Mapping) and set(one) == {"id", "units"}:
            units[one["id"]] = tuple(one["units"])
        else:
            problems.append(f"units: {one}: must have an id and units")
    if problems:
        raise ValueError("\n".join(problems))
    return Vocabulary(version=raw["version"], units=units, **sections)  # type: ignore[arg-type]


def _definition(raw: Mapping[str, Any], section: str, shape: type[Definition]) -> Definition:
    values = dict(raw)
    codes = {system: str(values.pop(system)) for system in _CODES if system in values}
    for name in _LISTS:
        if name in values:
            values[name] = tuple(map(str, values[name]))
    if "class" in values:
        classes = values.pop("class")
        values["classes"] = (classes,) if isinstance(classes, str) else tuple(classes)
    if "brands" in values:
        values["brands"] = tuple(Brand.parse(one) for one in values["brands"])
    if section in _KINDS:
        values["kind"] = _KINDS[section]
    return shape(section=section, codes=codes, **values)
