"""Answers of the interview are put into a plain case, each into the block it belongs to."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from legtwitch.errors import CaseError
from legtwitch.findings import codes
from legtwitch.findings.reading import Reading
from legtwitch.findings.values import flag
from legtwitch.knowledge.vocabulary import FINDING_LIKE
from legtwitch.model import Quantity

if TYPE_CHECKING:
    from legtwitch.knowledge import Knowledge

_LISTS = {"medications": "name", "exposures": "id"}


def answer(case_data: Mapping[str, Any], sets: Mapping[str, Any], knowledge: Knowledge) -> dict[str, Any]:
    """Return a case with answers put in, each in the place of what stood there; the case given stays as it is.

    Parameters
    ----------
    case_data: a case as plain data, as a case file holds it.
    sets: id of a finding, person key, medicine, exposure or lab → value as in a case file, a `Quantity` or a tuple.

    Raises
    ------
    CaseError: an id is not known (E403), or the block for it does not have its shape (E401).
    """
    case = dict(case_data)
    for id, value in sets.items():
        definition = knowledge.vocabulary.definition(id)
        if definition is None:
            near = next((one for name in FINDING_LIKE if (one := knowledge.vocabulary.nearest(str(id), name))), None)
            raise _error(codes.UNKNOWN_ID, str(id), "is not known.", knowledge, got=id, near=near)
        block = definition.section
        if block in _LISTS:
            case[block] = _listed(case.get(block), block, id, value, knowledge)
            continue
        if case.get(block) is None:
            case[block] = {}
        if not isinstance(case[block], Mapping):
            raise _error(codes.SHAPE, block, "must be a map of ids and values.", knowledge, got=case[block])
        case[block] = {**case[block], id: _plain(value)}
    return case


def _error(code: str, place: str, what: str, knowledge: Knowledge, **more: Any) -> CaseError:
    reading = Reading(knowledge)
    reading.refuse(code, place, what, **more)
    return reading.errors[0]


def _plain(value: Any) -> Any:
    if isinstance(value, Quantity):
        return {"value": value.value, "unit": value.unit}
    return list(value) if isinstance(value, tuple) else value


def _listed(raw: Any, block: str, id: str, value: Any, knowledge: Knowledge) -> list[Any]:
    """Return a list of medicines or exposures with an answer put in: the id where it is present, else what it is."""
    if not isinstance(raw, (list, tuple, type(None))):
        raise _error(codes.SHAPE, block, "must be a list.", knowledge, got=raw)
    key = _LISTS[block]
    kept = [one for one in raw or () if (one.get(key) if isinstance(one, Mapping) else one) != id]
    if isinstance(value, Mapping):
        return [*kept, {key: id, **_plain(value)}]
    return [*kept, id if flag(value) == "present" else {key: id, "value": _plain(value)}]
