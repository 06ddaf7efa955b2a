"""People written without reading the rules, many after published case reports: urgency, phenomena and definitions."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import legtwitch as lt
from legtwitch.knowledge import yaml12
from legtwitch.model import LEVELS

PEOPLE = sorted(Path(__file__).parent.glob("*.yaml"))


def person(path: Path) -> dict[str, Any]:
    loaded = yaml12.load(path.read_text(encoding="utf-8"), path.name)
    assert isinstance(loaded, dict)
    return loaded


def test_there_are_people() -> None:
    assert len(PEOPLE) >= 60


@pytest.mark.parametrize("path", PEOPLE, ids=lambda path: path.stem)
def test_a_person(path: Path) -> None:
    told = person(path)
    result = lt.assess(told["case"])
    expected = told["expect"]
    level = LEVELS.index(result.urgency.level)
    lowest, highest = (LEVELS.index(expected["urgency"][key]) for key in ("at_least", "at_most"))
    rules = [f"{rule.id} {rule.level}" for rule in result.urgency.rules]
    assert level <= lowest, f"too late: {result.urgency.level} by {rules}"
    assert level >= highest, f"too early: {result.urgency.level} by {rules}"
    phenomena = {one.id: one.result for one in result.phenomena}
    assert {one: phenomena[one] for one in expected.get("phenomena", [])} == dict.fromkeys(
        expected.get("phenomena", []), "holds"
    )
    assert not [one for one in expected.get("not_phenomena", []) if phenomena[one] == "holds"]
    criteria = {one.id: one.result for one in result.criteria}
    wanted = expected.get("criteria", {})
    assert {one: criteria[one] for one in wanted} == wanted
    if level < LEVELS.index("routine"):
        assert not result.urgency.reassurance
