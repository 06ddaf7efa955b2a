"""The knowledge, and cases written as plain maps."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from legtwitch.findings import FindingSet, ParsedCase, parse_case
from legtwitch.knowledge import Knowledge, load


@pytest.fixture(scope="session")
def knowledge() -> Knowledge:
    return load()


@pytest.fixture(scope="session")
def parse(knowledge: Knowledge) -> Callable[..., ParsedCase]:
    """Parses blocks given by name; with `date` as in every dated case."""

    def call(**blocks: Any) -> ParsedCase:
        return parse_case(blocks, knowledge)

    return call


@pytest.fixture(scope="session")
def understood(knowledge: Knowledge) -> Callable[..., FindingSet]:
    """The set of findings of a case that must be understood in full."""

    def call(**blocks: Any) -> FindingSet:
        parsed = parse_case(blocks, knowledge)
        assert parsed.errors == ()
        case = parsed.case
        return FindingSet(case.findings, knowledge, date=case.date, complete_lists=case.complete_lists)

    return call


@pytest.fixture(scope="session")
def refused(knowledge: Knowledge) -> Callable[..., Any]:
    """The one error of a case that has exactly one."""

    def call(**blocks: Any) -> Any:
        errors = parse_case(blocks, knowledge).errors
        assert len(errors) == 1, [str(one) for one in errors]
        return errors[0]

    return call
