"""Cases written in short, as the tables of the urgency rules hold them, made into plain case mappings."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from legtwitch.knowledge import Knowledge
from legtwitch.knowledge.condition import Condition, Met, leaves

DATE = "2026-11-22"
FLAG_WORDS = {"yes": "present", "no": "absent", "unknown": "unknown"}
LISTS = ("medications", "exposures")
_QUANTITY = re.compile(r"(-?[\d.,]+) ([A-Za-z_/%]+)")


def read_by(condition: Condition, knowledge: Knowledge) -> tuple[str, ...]:
    """Return the ids that a condition reads, those of its published definitions included."""
    found: list[str] = []
    for leaf in leaves(condition):
        if isinstance(leaf, Met):
            found += read_by(knowledge.criteria()[leaf.criterion][1].when, knowledge)
        else:
            found.append(leaf.ref)
    return tuple(dict.fromkeys(found))


def case_of(short: Mapping[str, Any], knowledge: Knowledge, reads: Iterable[str] = ()) -> dict[str, Any]:
    """Return the case mapping of a case in short. reads: the ids that `rest: no` answers with no."""
    case: dict[str, Any] = {"date": DATE, "person": {}, "findings": {}, "labs": {}}
    for word, value in FLAG_WORDS.items():
        for id in str(short.get(word, "")).split():
            put(case, id, value, knowledge)
    for key, raw in short.items():
        if key in LISTS:
            case[key] = raw
        elif key not in (*FLAG_WORDS, "rest"):
            put(case, key, _value(raw), knowledge)
    if short.get("rest") == "no":
        for id in reads:
            _answer_no(case, id, knowledge)
    return case


def _value(raw: Any) -> Any:
    """Return a value of a case file: `2 day` with its unit apart, all else as it is."""
    match = _QUANTITY.fullmatch(raw) if isinstance(raw, str) else None
    return {"value": match[1], "unit": match[2]} if match else raw


def block_of(id: str, knowledge: Knowledge) -> str:
    definition = knowledge.vocabulary.definition(id)
    assert definition is not None, f"{id} is not in the vocabulary"
    return definition.section


def put(case: dict[str, Any], id: str, value: Any, knowledge: Knowledge) -> None:
    """Put a value into the block of the case file to which it belongs."""
    block = block_of(id, knowledge)
    assert block in ("person", "findings", "labs"), f"{id} belongs into a list"
    assert id not in case[block], f"{id} stands twice"
    case[block][id] = value


def _answer_no(case: dict[str, Any], id: str, knowledge: Knowledge) -> None:
    definition = knowledge.vocabulary.definition(id)
    assert definition is not None
    if definition.section in LISTS:
        case.setdefault(definition.section, [])
    elif definition.section == "findings" and definition.kind == "flag":
        case["findings"].setdefault(id, "absent")
