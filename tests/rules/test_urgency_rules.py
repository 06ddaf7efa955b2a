"""Every urgency rule at every level: what fires it, what only looks alike, what is told when an answer is missing."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from legtwitch.findings import parse_case
from legtwitch.knowledge import load, yaml12
from legtwitch.knowledge.condition import AgeOf, Compare, Condition, leaves
from legtwitch.model import FiredRule, Level, OpenRule
from legtwitch.reasoning import urgency_of
from legtwitch.reasoning.rules import OPEN_LEVELS, RANK

FOLDER = Path(__file__).parent
KNOWN = load()
RULES = {rule.id: rule for rule in KNOWN.safety.rules}
EVERY_LEVEL = [(rule.id, level.level) for rule in KNOWN.safety.rules for level in rule.levels]
SCREEN_RULE = "R30"


def _short_case() -> ModuleType:
    spec = importlib.util.spec_from_file_location("short_case", FOLDER / "short_case.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


SHORT = _short_case()


def table(name: str) -> Any:
    return yaml12.load((FOLDER / name).read_text(encoding="utf-8"), name)


ROWS = table("urgency_rules.yaml")
BOUNDARIES = table("urgency_boundaries.yaml")


def rows(kind: str) -> list[Any]:
    found = []
    for rule, levels in ROWS.items():
        for level, kinds in levels.items():
            for words, short in kinds.get(kind, {}).items():
                found.append(pytest.param(rule, level, short, id=f"{rule}-{level}-{words}"))
    return found


def sides() -> Iterator[Any]:
    for row in BOUNDARIES:
        for reached, values in ((True, row["reached"]), (False, row["not"])):
            for value in values:
                words = f"{row['rule']}-{row['level']}-{row['of']} {value}"
                yield pytest.param(row, value, reached, id=words)


@cache
def reads(rule: str) -> tuple[str, ...]:
    ids = [id for level in RULES[rule].levels for id in SHORT.read_by(level.when, KNOWN)]
    return tuple(dict.fromkeys(ids))


def judged(rule: str, short: dict[str, Any]) -> tuple[FiredRule | None, OpenRule | None]:
    """Return what one rule makes of a case: at which level it fired, and what of it stays open."""
    parsed = parse_case(SHORT.case_of(short, KNOWN, reads(rule)), KNOWN)
    assert not parsed.errors, parsed.errors
    found = urgency_of(parsed.case, KNOWN)
    fired = next((one for one in found.rules if one.id == rule), None)
    return fired, next((one for one in found.could_not_exclude if one.id == rule), None)


def reaches(fired: FiredRule | None, level: Level) -> bool:
    return fired is not None and RANK[fired.level] <= RANK[level]


# ---- the table is whole ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("rule", "level"), EVERY_LEVEL)
def test_every_level_of_every_rule_has_a_positive_a_near_miss_and_a_missing_answer(rule: str, level: Level) -> None:
    kinds = ROWS[rule][level]
    assert kinds["fires"]
    assert kinds["near"]
    if rule != SCREEN_RULE:
        assert kinds.get("open") or kinds.get("silent")


def test_the_table_holds_no_rule_or_level_that_is_gone() -> None:
    assert [(rule, level) for rule, levels in ROWS.items() for level in levels] == EVERY_LEVEL


def numbers(condition: Condition) -> set[str]:
    return {leaf.ref for leaf in leaves(condition) if isinstance(leaf, (Compare, AgeOf))}


def test_every_number_that_a_rule_reads_has_both_its_sides_tested_somewhere() -> None:
    tested = {row["of"] for row in BOUNDARIES}
    medicines = set(KNOWN.vocabulary.medications)
    read = {ref for rule in RULES.values() for level in rule.levels for ref in numbers(level.when)}
    # What is only dated has its two sides tested once for each rule; the rest of them share the same words.
    dated = {"felt_weakness", "weakness_in_named_task", "weakness_found", "one_part_keeps_jerking", "toe_walk_failed"}
    dated |= {"heel_raises_failed", "foot_drop_felt", "foot_drop_found"}
    assert read - medicines - dated <= tested
    assert all(row["reached"] and row["not"] for row in BOUNDARIES)


# ---- fires, near, missing --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("rule", "level", "short"), rows("fires"))
def test_it_fires_at_this_level_with_its_reasons(rule: str, level: Level, short: dict[str, Any]) -> None:
    fired, _ = judged(rule, short)
    assert fired is not None
    assert fired.level == level
    assert fired.because
    assert fired.say
    assert fired.sources or fired.grade == "D"


@pytest.mark.parametrize(("rule", "level", "short"), rows("near"))
def test_what_only_looks_alike_does_not_reach_the_level(rule: str, level: Level, short: dict[str, Any]) -> None:
    fired, _ = judged(rule, short)
    assert not reaches(fired, level)


@pytest.mark.parametrize(("rule", "level", "short"), rows("open"))
def test_without_the_deciding_answer_it_does_not_fire_and_is_named_as_open(
    rule: str, level: Level, short: dict[str, Any]
) -> None:
    fired, still_open = judged(rule, short)
    assert not reaches(fired, level)
    assert still_open is not None
    assert RANK[still_open.level] <= RANK[level]
    unknown = {*str(short.get("unknown", "")).split(), *(id for id, value in short.items() if value == "unknown")}
    assert not unknown or unknown & set(still_open.missing)


@pytest.mark.parametrize(("rule", "level", "short"), rows("silent"))
def test_an_examination_that_was_not_done_neither_fires_it_nor_keeps_it_open(
    rule: str, level: Level, short: dict[str, Any]
) -> None:
    fired, still_open = judged(rule, short)
    assert not reaches(fired, level)
    assert still_open is None or RANK[still_open.level] > RANK[level] or level not in OPEN_LEVELS


# ---- numbers ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("row", "value", "reached"), list(sides()))
def test_a_limit_holds_on_both_sides_in_every_unit(row: dict[str, Any], value: Any, reached: bool) -> None:
    fired, _ = judged(row["rule"], row["with"] | {row["of"]: value})
    assert reaches(fired, row["level"]) is reached
