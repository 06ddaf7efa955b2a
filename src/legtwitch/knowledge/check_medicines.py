"""Whether medicines.yaml and exposures.yaml agree with the vocabulary and with each other."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from legtwitch.knowledge.base import Knowledge

_FULL_CODE = 7


def problems(knowledge: Knowledge) -> Iterator[str]:
    """Yield a line, with its file, for everything in which the two files contradict the rest."""
    yield from (f"medicines.yaml: {one}" for one in _medicines(knowledge))
    yield from (f"exposures.yaml: {one}" for one in _exposures(knowledge))


def _medicines(knowledge: Knowledge) -> Iterator[str]:
    words = knowledge.vocabulary
    results = {*words.findings, *words.causes}
    codes = Counter(code for one in knowledge.medicines.values() for code in one.atc if len(code) == _FULL_CODE)
    yield from (f"the code {code} stands for {n} substances" for code, n in codes.items() if n > 1)
    facts = Counter(fact.id for one in knowledge.medicines.values() for fact in one.facts)
    yield from (f"fact {id} stands twice" for id, n in facts.items() if n > 1)
    for id, one in knowledge.medicines.items():
        if id not in words.medications:
            yield f"{id}: isn't in the vocabulary"
        for effect in one.effects:
            if effect.phenomenon is not None and effect.phenomenon not in words.phenomena:
                yield f"{id}: there is no phenomenon {effect.phenomenon}"
            if effect.leads_to is not None and effect.leads_to not in results:
                yield f"{id}: leads to {effect.leads_to}, which is no finding and no cause"
        if one.stopping is None and any(effect.during == "stopping" for effect in one.effects):
            above = words.classes_of(id) if id in words.medications else ()
            if not any(knowledge.medicines[each].stopping for each in above if each in knowledge.medicines):
                yield f"{id}: an effect of stopping, but no words on how it is come off"


def _exposures(knowledge: Knowledge) -> Iterator[str]:
    words = knowledge.vocabulary
    if knowledge.exposures:
        yield from (f"{id}: is missing" for id in words.exposures if id not in knowledge.exposures)
    for id, one in knowledge.exposures.items():
        if id not in words.exposures:
            yield f"{id}: isn't in the vocabulary"
        yield from (f"{id}: there is no cause {each}" for each in one.may_cause if each not in words.causes)
        yield from (f"{id}: there is no lab {each}" for each in one.measure if each not in words.labs)
        yield from (f"{id}: there is no test {each}" for each in one.tests if each not in knowledge.tests)
