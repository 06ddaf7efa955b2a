"""The knowledge as one object."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from legtwitch.knowledge.medicine_schema import ExposureTests, MedicineEffects
from legtwitch.knowledge.schema import (
    AskedQuestion,
    Care,
    Cause,
    Claim,
    Construct,
    Criterion,
    Lab,
    Leak,
    MedicalTest,
    PhenomenonRule,
    RuleSet,
    Safety,
    Source,
    Statement,
)
from legtwitch.knowledge.vocabulary import Vocabulary


@dataclass(frozen=True, slots=True)
class Knowledge:
    """Everything that legtwitch believes, validated; every mapping is by id, in the order of the files.

    places: muscle or site → body region (`bulbar`, `cervical`, `thoracic`, `lumbosacral`); others aren't clear.
    leaks: finding → how often it is present without any listed cause.
    medicines: what each medicine or class of them does (medicines.yaml). exposures: what to measure after each.
    claims: those of the founding article, C01 … (claims.yaml).
    hashes: file → `sha256:…`; hash: over all files in sorted order.
    """

    vocabulary: Vocabulary
    sources: Mapping[str, Source]
    phenomena: tuple[PhenomenonRule, ...]
    places: Mapping[str, str]
    constructs: Mapping[str, Construct]
    leaks: Mapping[str, Leak]
    causes: Mapping[str, Cause]
    safety: Safety
    questions: tuple[AskedQuestion, ...]
    tests: Mapping[str, MedicalTest]
    care: Mapping[str, Care]
    statements: tuple[Statement, ...]
    labs: Mapping[str, Lab]
    claims: tuple[Claim, ...]
    rule_sets: Mapping[str, RuleSet]
    hashes: Mapping[str, str]
    hash: str
    medicines: Mapping[str, MedicineEffects] = field(default_factory=dict)
    exposures: Mapping[str, ExposureTests] = field(default_factory=dict)

    def criteria(self) -> dict[str, tuple[Cause, Criterion]]:
        """Return all published definitions by id, each with the cause that it defines."""
        return {id: (cause, one) for cause in self.causes.values() for id, one in cause.criteria.items()}
