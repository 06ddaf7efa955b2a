"""Whether the vocabulary agrees with itself."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping

from legtwitch.knowledge.vocabulary import FINDING_LIKE, Definition, Vocabulary
from legtwitch.model import LEVELS
from legtwitch.units import UNITS

_COUNTRY = re.compile(r"[A-Z]{2}")
_GROUPS = ("less_harmful", "more_serious", "medication", "toxin", "deficiency", "metabolic_or_other")


def problems(words: Vocabulary) -> Iterator[str]:
    """Yield a line for everything in which the vocabulary contradicts itself."""
    counted = Counter(id for name in FINDING_LIKE for id in words.section(name))
    yield from (f"{id}: stands in several of {', '.join(FINDING_LIKE)}" for id, n in counted.items() if n > 1)
    for name in FINDING_LIKE:
        for entry in words.section(name).values():
            yield from (f"{name}: {entry.id}: {one}" for one in _finding_like(entry, words))
    yield from _medicines(words)
    yield from _references(words)
    for kind, units in words.units.items():
        unknown = [unit for unit in units if unit not in UNITS]
        yield from (f"units: {kind}: the unit {unit} isn't known" for unit in unknown)
        if len({UNITS[unit].kind for unit in units if unit in UNITS}) > 1 and kind != "plain_number":
            yield f"units: {kind}: the units don't convert into each other"
    if tuple(words.levels) != LEVELS:
        yield f"levels: must be {', '.join(LEVELS)}, in this order"


def _finding_like(entry: Definition, words: Vocabulary) -> Iterator[str]:
    if entry.kind == "choice" and not entry.options:
        yield "a choice without options"
    if entry.kind != "choice" and (entry.options or entry.many):
        yield f"options, but it is a {entry.kind}"
    if len(set(entry.options)) < len(entry.options):
        yield "an option stands twice"
    if entry.kind == "quantity" and entry.section != "labs" and entry.unit not in UNITS:
        yield f"the unit {entry.unit} isn't known"
    if entry.kind != "quantity" and entry.unit is not None:
        yield f"a unit, but it is a {entry.kind}"
    yield from (f"at: {one} is no attribute" for one in entry.at if one not in words.attributes)
    speakers = words.attributes["by"].options if "by" in words.attributes else ()
    yield from (f"by: {one} can't state anything" for one in entry.by if one not in speakers)


def _medicines(words: Vocabulary) -> Iterator[str]:
    above = {id: entry.classes for id, entry in words.medications.items()}
    for entry in words.medications.values():
        yield from (f"medications: {entry.id}: class {one} doesn't exist" for one in entry.classes if one not in above)
        for brand in entry.brands:
            wrong = [code for code in (*brand.country, *brand.sold) if not _COUNTRY.fullmatch(code)]
            yield from (f"medications: {entry.id}: brand {brand.name}: {code} is no country code" for code in wrong)
    yield from (f"medications: {id}: is a class of itself" for id in _circular(above))


def _references(words: Vocabulary) -> Iterator[str]:
    above = {id: () if entry.part_of is None else (entry.part_of,) for id, entry in words.causes.items()}
    for cause in words.causes.values():
        if cause.part_of is not None and cause.part_of not in above:
            yield f"causes: {cause.id}: part_of {cause.part_of} doesn't exist"
        if cause.group not in _GROUPS:
            yield f"causes: {cause.id}: group {cause.group} isn't known"
    yield from (f"causes: {id}: is a part of itself" for id in _circular(above))
    for criterion in words.criteria.values():
        if criterion.cause not in words.causes:
            yield f"criteria: {criterion.id}: cause {criterion.cause} doesn't exist"
    for question in words.screen.values():
        missing = [one for one in question.sets if one not in words.findings]
        missing += [one for one in question.person if one not in words.person]
        yield from (f"screen: {question.id}: {one} doesn't exist" for one in missing)


def _circular(above: Mapping[str, tuple[str, ...]]) -> Iterator[str]:
    for id in above:
        seen: set[str] = set()
        waiting = list(above[id])
        while waiting:
            one = waiting.pop()
            if one not in seen:
                seen.add(one)
                waiting += above.get(one, ())
        if id in seen:
            yield id
