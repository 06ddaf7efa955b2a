"""Small knowledge made in memory, and sets of findings written as plain mappings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date as Date
from typing import Any

import pytest

from legtwitch.findings import FindingSet
from legtwitch.knowledge import Knowledge
from legtwitch.knowledge.schema import (
    AskedQuestion,
    Care,
    Cause,
    Construct,
    Lab,
    Leak,
    MedicalTest,
    PhenomenonRule,
    Safety,
    Statement,
)
from legtwitch.knowledge.vocabulary import parse as parse_vocabulary
from legtwitch.model import Finding, Quantity
from legtwitch.reasoning.criteria import facts_of
from legtwitch.reasoning.logic import Facts

FLAGS = tuple("abcdefghij")
SECTIONS = [
    "attributes",
    "findings",
    "phenomena",
    "causes",
    "labs",
    "exposures",
    "medications",
    "person",
    "events",
    "movement_attributes",
    "levels",
    "modalities",
    "criteria",
    "care",
    "screen",
]

LEVEL_WORDS = [
    {"id": level, "headline": f"headline {level}", "advice": f"advice {level}, call {{number}}"}
    for level in ("emergency", "same_day", "two_weeks", "routine", "self_care")
]


def vocabulary() -> Any:
    raw: dict[str, Any] = {name: [] for name in SECTIONS} | {"version": 1, "units": []}
    raw["findings"] = [
        *({"id": one, "label": f"finding {one}", "kind": "flag", "at": ["side", "region"]} for one in FLAGS),
        {"id": "duration", "label": "how long", "kind": "quantity", "unit": "month"},
        {"id": "warmth", "label": "body temperature", "kind": "quantity", "unit": "degC"},
        {"id": "rhythm", "label": "rhythm", "kind": "choice", "options": ["regular", "irregular"]},
    ]
    raw["attributes"] = [
        {"id": "side", "label": "side", "options": ["left", "right", "both"]},
        {"id": "region", "label": "region", "options": ["bulbar", "cervical", "thoracic", "lumbosacral"]},
    ]
    raw["labs"] = [{"id": "magnesium", "label": "magnesium", "units": ["mmol/L", "mg/dL"]}]
    raw["medications"] = [
        {"id": "ssri", "label": "SSRI", "class": "serotonergic_drug"},
        {"id": "serotonergic_drug", "label": "acts on serotonin"},
        {"id": "sertraline", "label": "sertraline", "class": "ssri"},
    ]
    raw["person"] = [
        {"id": "age", "label": "age", "kind": "quantity", "unit": "year"},
        {"id": "sex", "label": "sex", "kind": "choice", "options": ["female", "male", "intersex"]},
        {"id": "pregnant", "label": "pregnant", "kind": "flag"},
        {"id": "weeks_pregnant", "label": "weeks of pregnancy", "kind": "quantity", "unit": "week"},
        {"id": "postpartum_weeks", "label": "weeks since birth", "kind": "quantity", "unit": "week"},
        {"id": "breastfeeding", "label": "breastfeeding", "kind": "flag"},
        {"id": "country", "label": "country", "kind": "text"},
        {"id": "setting", "label": "setting", "kind": "choice", "options": ["community", "neurology_clinic"]},
        {"id": "wants", "label": "wish", "kind": "choice", "options": ["emergency", "same_day", "routine"]},
    ]
    raw["phenomena"] = [{"id": "twitching", "label": "twitching"}]
    raw["criteria"] = [{"id": "crit", "label": "a definition", "cause": "one"}]
    raw["care"] = [{"id": "reassurance", "label": "reassuring"}, {"id": "safety_net", "label": "safety net"}]
    raw["screen"] = [
        {"id": "screen_first", "label": "first", "sets": ["a", "b"]},
        {"id": "screen_second", "label": "second", "sets": ["c"], "person": ["age", "pregnant", "weeks_pregnant"]},
    ]
    return parse_vocabulary(raw)


def knowledge(**parts: Any) -> Knowledge:
    """Return knowledge of the parts given as plain data, all else empty."""
    by_id = {"constructs": Construct, "causes": Cause, "tests": MedicalTest, "care": Care}
    built: dict[str, Any] = {
        name: {one["id"]: shape(**one) for one in parts.get(name, ())} for name, shape in by_id.items()
    }
    built["leaks"] = {one["finding"]: Leak(**({"grade": "D"} | one)) for one in parts.get("leaks", ())}
    safety = {
        "rules": [],
        "levels": LEVEL_WORDS,
        "numbers": [{"country": "GB", "number": "999", "grade": "D"}],
        "other_country": "your local emergency number",
        "gate": [],
        "reassurance": {"id": "reassurance", "text": "usually benign", "grade": "D"},
        "safety_net": ["come back if it gets worse"],
        "not_a_device": "research",
    } | parts.get("safety", {})
    mg = Lab(id="magnesium", unit="mmol/L", factors={"mmol/L": 1.0, "mg/dL": 10 / 24.305}, plausible=(0.1, 5))
    return Knowledge(
        vocabulary=vocabulary(),
        sources={},
        phenomena=tuple(PhenomenonRule(**one) for one in parts.get("phenomena", ())),
        places={},
        safety=Safety(**safety),
        questions=tuple(AskedQuestion(**one) for one in parts.get("questions", ())),
        statements=tuple(Statement(**one) for one in parts.get("statements", ())),
        labs={"magnesium": mg},
        claims=(),
        rule_sets={},
        hashes={},
        hash="sha256:0",
        **built,
    )


def cause(id: str, evidence: Mapping[str, float], prior: float = 0.1, **more: Any) -> dict[str, Any]:
    """Return a cause as plain data. evidence: finding, or `construct:id`, → how often the cause shows it."""
    rows = []
    for target, given in evidence.items():
        kind, _, name = target.rpartition(":")
        rows.append({kind or "finding": name, "given": given, "grade": "D"})
    plain: dict[str, Any] = {"id": id, "name": f"cause {id}", "group": "less_harmful", "codes": {}, "summary": ""}
    plain |= {"explains": ["twitching"], "prior": [{"value": prior, "grade": "D"}], "evidence": rows}
    return plain | more


def rule(id: str, level: str, when: Any) -> dict[str, Any]:
    levels = [{"level": level, "when": when, "say": f"say {id}"}]
    return {"id": id, "name": f"rule {id}", "levels": levels, "near_miss": "", "grade": "D"}


def finding_set(answers: Mapping[str, Any], known: Knowledge, date: Date | None = None) -> FindingSet:
    """Return a set: `present`, `absent`, `unknown`, (value, unit), an option, a Finding, or a list of these."""
    found = []
    for id, value in answers.items():
        for one in value if isinstance(value, list) else [value]:
            if isinstance(one, Finding):
                found.append(one)
            elif isinstance(one, tuple) and one and isinstance(one[0], float):
                found.append(Finding(id, Quantity(one[0], one[1])))
            elif one in ("present", "absent", "unknown"):
                found.append(Finding(id, one))
            else:
                found.append(Finding(id, one if isinstance(one, tuple) else (one,)))
    return FindingSet(tuple(found), known, date=date)


@dataclass(frozen=True)
class Tiny:
    """What the tests build with."""

    knowledge = staticmethod(knowledge)
    cause = staticmethod(cause)
    rule = staticmethod(rule)
    finding_set = staticmethod(finding_set)

    @staticmethod
    def facts(answers: Mapping[str, Any], known: Knowledge | None = None, date: Date | None = None) -> Facts:
        known = known or knowledge()
        return facts_of(finding_set(answers, known, date), known)


@pytest.fixture(scope="session")
def tiny() -> type[Tiny]:
    return Tiny
