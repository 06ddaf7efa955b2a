"""Properties that hold for any case at all."""

from __future__ import annotations

import datetime
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from legtwitch.errors import CaseError
from legtwitch.findings import FindingSet, ParsedCase, parse_case
from legtwitch.findings.case_file import BLOCKS
from legtwitch.findings.codes import CODES
from legtwitch.model import Finding, Truth

SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(st.characters(exclude_categories=()), max_size=8)
    | st.dates()
    | st.sampled_from(["present", "absent", "unknown", "yes", "<5", "38,5", "2026-11-02", "../x", "GB", "Benadryl"])
)
KEYS = (
    st.text(st.characters(exclude_categories=()), max_size=6)
    | st.integers()
    | st.none()
    | st.tuples(st.integers())
    | st.sampled_from(["value", "unit", "side", "by", "since", "date", "note", "name", "id", "file", "range"])
    | st.sampled_from(["fever", "calf_girth", "twitch_body_site", "age", "country", "ferritin", "calcium", "sex"])
    | st.sampled_from(["started", "stopped", "as_written", "events", "rate", "weakness_found"])
)
ANYTHING = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=4), max_leaves=12
)
BLOCK = st.dictionaries(KEYS, ANYTHING, max_size=4)
CASES = st.dictionaries(st.sampled_from(BLOCKS), ANYTHING | BLOCK | st.lists(BLOCK, max_size=3), max_size=6)
FAST = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@FAST
@given(data=CASES | ANYTHING)
def test_any_data_gives_a_case_and_errors(knowledge: Any, data: Any) -> None:
    for folder in (None, Path("/nowhere")):
        parsed = parse_case(data, knowledge, folder=folder)
        assert isinstance(parsed, ParsedCase)
        assert all(isinstance(one, CaseError) and one.code in CODES and str(one) for one in parsed.errors)
        assert all(knowledge.vocabulary.definition(one.id) is not None for one in parsed.case.findings)
        case = parsed.case
        FindingSet(case.findings, knowledge, date=case.date, complete_lists=case.complete_lists).digest()


# ---- cases that are understood ---------------------------------------------------------------------------------------

FLAGS = ("fever", "confusion", "felt_weakness", "cramp_felt", "weakness_found", "urge_to_move_legs", "pregnant")
SIDED = ("felt_weakness", "cramp_felt", "weakness_found")
DAYS = st.none() | st.dates(datetime.date(2026, 10, 1), datetime.date(2026, 11, 22))
TODAY = datetime.date(2026, 11, 22)


@st.composite
def findings(draw: Any) -> list[Finding]:
    made = []
    for id in draw(st.lists(st.sampled_from(FLAGS), max_size=8)):
        side = draw(st.sampled_from([None, "left", "right", "both"])) if id in SIDED else None
        place = {} if side is None else {"side": side}
        value = draw(st.sampled_from(["present", "absent", "unknown"]))
        made.append(Finding(id, value, attributes=place, date=draw(DAYS)))
    return made


def asked() -> Iterator[tuple[str, dict[str, str]]]:
    for id in FLAGS:
        for side in (None, "left", "right", "both"):
            yield id, {} if side is None else {"side": side}


def states(found: FindingSet) -> list[Truth]:
    return [found.state(id, where) for id, where in asked()]


@FAST
@given(entries=findings())
def test_only_a_no_makes_a_no(knowledge: Any, entries: list[Finding]) -> None:
    unknown = [Finding(e.id, "unknown" if e.value == "absent" else e.value, "person", e.attributes) for e in entries]
    assert Truth.FALSE not in states(FindingSet(unknown, knowledge))
    found = FindingSet(entries, knowledge, date=TODAY)
    said_no = {one.id for one in entries if one.value == "absent"}
    for (id, _), state in zip(asked(), states(found), strict=True):
        assert state is not Truth.FALSE or id in said_no


@FAST
@given(entries=findings(), id=st.sampled_from(FLAGS))
def test_an_unknown_changes_no_state(knowledge: Any, entries: list[Finding], id: str) -> None:
    found = FindingSet(entries, knowledge, date=TODAY)
    assert states(found.with_([Finding(id, "unknown", date=TODAY)])) == states(found)


@FAST
@given(entries=findings(), more=findings())
def test_a_sign_that_is_present_takes_nothing_away(knowledge: Any, entries: list[Finding], more: list[Finding]) -> None:
    found = FindingSet(entries, knowledge, date=TODAY)
    added = found.with_([one for one in more if one.value == "present"])
    for before, after in zip(states(found), states(added), strict=True):
        assert before is not Truth.TRUE or after is Truth.TRUE


@FAST
@given(entries=findings())
def test_a_set_is_the_same_however_it_was_made(knowledge: Any, entries: list[Finding]) -> None:
    whole = FindingSet(entries, knowledge, date=TODAY)
    states(whole)
    grown = FindingSet(entries[:2], knowledge, date=TODAY)
    states(grown)
    grown = grown.with_(entries[2:])
    backwards = FindingSet(entries[::-1], knowledge, date=TODAY)
    assert whole.digest() == grown.digest() == backwards.digest()
    assert states(whole) == states(grown) == states(backwards)


CASE: dict[str, Any] = {
    "date": "2026-11-22",
    "person": {"answered_by": "clinician", "country": "US", "age": 50},
    "findings": {
        "fever": "present",
        "calf_girth": [{"value": 36, "unit": "cm", "side": "left"}, {"value": 40, "unit": "cm", "side": "right"}],
        "body_temperature": {"value": 39, "unit": "degC"},
        "pain_sites": ["neck"],
    },
    "medications": ["Benadryl", {"name": "Zoloft", "started": "2026-11-20"}],
    "exposures": ["tick_bite"],
    "labs": {
        "mercury_blood": {"value": 50, "unit": "ug/L"},
        "mercury_urine": {"value": 90, "unit": "ug/L"},
        "ferritin": {"value": 18, "unit": "ng/mL", "date": "2026-11-02"},
    },
}


def shuffled(data: Any, order: random.Random) -> Any:
    if not isinstance(data, dict):
        return data
    return {key: shuffled(data[key], order) for key in order.sample(list(data), len(data))}


@pytest.mark.parametrize("seed", range(30))
def test_the_order_of_keys_changes_nothing(knowledge: Any, seed: int) -> None:
    first = parse_case(CASE, knowledge)
    other = parse_case(shuffled(CASE, random.Random(seed)), knowledge)
    assert first.errors == other.errors == ()
    assert first.case == other.case


@pytest.mark.parametrize("id", FLAGS)
def test_unknown_and_not_asked_are_both_unknown(knowledge: Any, id: str) -> None:
    assert FindingSet([], knowledge).state(id) is Truth.UNKNOWN
    assert FindingSet([Finding(id, "unknown")], knowledge).state(id) is Truth.UNKNOWN
