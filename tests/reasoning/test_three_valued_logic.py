"""Conditions come to true, false or unknown exactly as Kleene has it, and say on what that rests."""

from __future__ import annotations

from datetime import date
from itertools import product
from math import inf, nextafter
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from legtwitch.errors import KnowledgeError
from legtwitch.findings import FindingSet, parse_case
from legtwitch.knowledge import load
from legtwitch.knowledge.condition import parse
from legtwitch.model import Finding, Quantity, Truth
from legtwitch.reasoning.criteria import facts_of
from legtwitch.reasoning.logic import evaluate

T, F, U = Truth.TRUE, Truth.FALSE, Truth.UNKNOWN
WORD = {T: "present", F: "absent", U: "unknown"}


def truth(tiny: Any, raw: Any, answers: dict[str, Any], day: date | None = None) -> Truth:
    return evaluate(parse(raw), tiny.facts(answers, date=day)).truth


@pytest.mark.parametrize("states", list(product((T, F, U), repeat=3)))
@pytest.mark.parametrize("minimum", [1, 2, 3])
def test_count_is_what_every_completion_of_the_unknowns_agrees_on(tiny: Any, states: Any, minimum: int) -> None:
    answers = {id: WORD[state] for id, state in zip("abc", states, strict=True)}
    completions = product(*((state,) if state is not U else (T, F) for state in states))
    outcomes = {sum(one is T for one in row) >= minimum for row in completions}
    expected = U if len(outcomes) == 2 else T if outcomes == {True} else F
    outcome = evaluate(parse({"count": minimum, "of": ["a", "b", "c"]}), tiny.facts(answers))
    assert outcome.truth is expected
    if expected is U:
        assert set(outcome.missing) == {id for id, state in zip("abc", states, strict=True) if state is U}
    else:
        assert outcome.missing == ()
        deciding = T if expected is T else F
        assert set(outcome.because) == {id for id, state in zip("abc", states, strict=True) if state is deciding}


TREES = st.recursive(
    st.sampled_from("abcd"),
    lambda inner: st.one_of(
        st.builds(lambda some: {"all": some}, st.lists(inner, min_size=1, max_size=3)),
        st.builds(lambda some: {"any": some}, st.lists(inner, min_size=1, max_size=3)),
        st.builds(lambda one: {"not": one}, inner),
        st.builds(lambda some: {"count": 2, "of": some}, st.lists(inner, min_size=2, max_size=3)),
    ),
    max_leaves=6,
)


@given(tree=TREES, states=st.tuples(*[st.sampled_from([T, F, U])] * 4))
def test_a_decided_tree_stays_decided_whatever_the_unknowns_turn_out_to_be(tiny: Any, tree: Any, states: Any) -> None:
    outcome = evaluate(parse(tree), tiny.facts({i: WORD[s] for i, s in zip("abcd", states, strict=True)}))
    rows = list(product(*((one,) if one is not U else (T, F) for one in states)))
    found = {truth(tiny, tree, {i: WORD[s] for i, s in zip("abcd", row, strict=True)}) for row in rows}
    if outcome.truth is not U:
        assert found == {outcome.truth}
        assert outcome.missing == ()
    else:
        assert outcome.missing


def test_an_unknown_answer_and_no_answer_come_to_the_same(tiny: Any) -> None:
    raw = {"any": ["a", {"not": "b"}, {"quantity": "duration", "over": 3, "unit": "month"}]}
    asked = {"a": "unknown", "b": "unknown", "duration": "unknown"}
    assert truth(tiny, raw, {}) is truth(tiny, raw, asked) is U


def test_a_leaf_among_others_that_cannot_change_the_outcome_is_not_missing(tiny: Any) -> None:
    raw = {"all": ["a", {"any": ["b", "c"]}]}
    assert evaluate(parse(raw), tiny.facts({"b": "present"})).missing == ("a",)
    assert evaluate(parse(raw), tiny.facts({"a": "present"})).missing == ("b", "c")
    assert evaluate(parse(raw), tiny.facts({"a": "absent"})).missing == ()


@pytest.mark.parametrize(
    ("op", "below", "equal", "above"),
    [("over", F, F, T), ("at_least", F, T, T), ("under", T, F, F), ("at_most", T, T, F)],
)
@pytest.mark.parametrize(
    ("ref", "limit", "unit", "said", "said_unit"),
    [
        ("warmth", 38, "degC", 38.0, "degC"),
        ("warmth", 38, "degC", 100.4, "degF"),
        ("duration", 72, "hour", 3, "day"),
        ("duration", 3, "month", 0.25, "year"),
        ("duration", 4, "week", 28, "day"),
        ("magnesium", 0.5, "mmol/L", 0.5, "mmol/L"),
        ("magnesium", 0.5, "mmol/L", 0.5 * 24.305 / 10, "mg/dL"),
    ],
)
def test_limits_are_exact_in_every_unit(
    tiny: Any, op: str, below: Truth, equal: Truth, above: Truth, ref: str, limit: float, unit: str, said: float,
    said_unit: str,
) -> None:  # fmt: skip
    raw = {"quantity": ref, op: limit, "unit": unit}
    assert truth(tiny, raw, {ref: (float(said), said_unit)}) is equal
    near = (
        (lambda to: nextafter(said, to)) if said_unit == unit else (lambda to: said * (1 + (1e-6 if to > 0 else -1e-6)))
    )
    assert truth(tiny, raw, {ref: (near(-inf), said_unit)}) is below
    assert truth(tiny, raw, {ref: (near(inf), said_unit)}) is above


def test_1_2_mg_of_magnesium_is_below_half_a_millimole(tiny: Any) -> None:
    raw = {"quantity": "magnesium", "under": 0.5, "unit": "mmol/L"}
    assert truth(tiny, raw, {"magnesium": (1.2, "mg/dL")}) is T
    assert truth(tiny, raw, {"magnesium": (1.3, "mg/dL")}) is F


def test_of_several_values_the_newest_counts(tiny: Any) -> None:
    values = [
        Finding("duration", Quantity(2, "month"), date=date(2026, 11, 1)),
        Finding("duration", Quantity(9, "month"), date=date(2026, 1, 1)),
    ]
    assert truth(tiny, {"quantity": "duration", "over": 3, "unit": "month"}, {"duration": values}) is F


def test_of_values_at_several_places_one_is_enough_and_a_bound_decides_what_it_can(tiny: Any) -> None:
    raw = {"quantity": "duration", "over": 3, "unit": "month"}
    sides = [Finding("duration", Quantity(v, "month"), attributes={"side": s}) for v, s in ((2, "left"), (9, "right"))]
    assert truth(tiny, raw, {"duration": sides}) is T
    for limit, comparator, over, under in (
        (3, "<", F, T),
        (2, "<", F, T),
        (4, "<", U, U),
        (3, ">", T, F),
        (4, ">", T, F),
        (2, ">", U, U),
    ):
        told = {"duration": Finding("duration", Quantity(limit, "month"), attributes={"comparator": comparator})}
        assert truth(tiny, raw, told) is over
        assert truth(tiny, {"quantity": "duration", "under": 3, "unit": "month"}, told) is under


def test_a_condition_in_a_unit_of_another_kind_is_a_fault_of_the_knowledge(tiny: Any) -> None:
    with pytest.raises(KnowledgeError, match="E912"):
        truth(tiny, {"quantity": "duration", "over": 3, "unit": "degC"}, {"duration": (2.0, "month")})


@pytest.mark.parametrize(("day", "expected"), [(20, T), (19, T), (18, F)])
def test_time_since_onset_counts_from_the_date_of_the_case(tiny: Any, day: int, expected: Truth) -> None:
    raw = {"age_of": "a", "at_most": 72, "unit": "hour"}
    told = {"a": Finding("a", "present", since=date(2026, 11, day))}
    assert truth(tiny, raw, told, date(2026, 11, 22)) is expected


def test_time_since_onset_is_unknown_without_dates_and_false_for_what_is_absent(tiny: Any) -> None:
    raw = {"age_of": "a", "at_most": 72, "unit": "hour"}
    assert truth(tiny, raw, {"a": "present"}, date(2026, 11, 22)) is U
    assert truth(tiny, raw, {"a": Finding("a", "present", since=date(2026, 11, 20))}) is U
    assert truth(tiny, raw, {"a": "absent"}) is F


def test_known_is_never_unknown_and_names_what_would_make_it_true(tiny: Any) -> None:
    outcome = evaluate(parse({"all": [{"known": "a"}, {"known": "b"}]}), tiny.facts({"a": "absent", "b": "unknown"}))
    assert outcome.truth is F
    assert outcome.missing == ("b",)


def test_a_choice_is_true_for_one_of_the_options_and_false_for_another(tiny: Any) -> None:
    raw = {"choice": "rhythm", "any_of": ["regular"]}
    assert truth(tiny, raw, {"rhythm": "regular"}) is T
    assert truth(tiny, raw, {"rhythm": "irregular"}) is F
    assert truth(tiny, raw, {"rhythm": ()}) is F
    assert truth(tiny, raw, {}) is U


def test_regions_count_places_and_not_mentions(tiny: Any) -> None:
    raw = {"regions": 2, "each": {"all": ["a", "b"]}}

    def at(id: str, *regions: str) -> list[Finding]:
        return [Finding(id, "present", attributes={"region": one}) for one in regions]

    both = {"a": at("a", "cervical", "lumbosacral"), "b": at("b", "cervical", "lumbosacral")}
    assert truth(tiny, raw, both) is T
    apart = {"a": at("a", "cervical", "cervical"), "b": at("b", "cervical", "lumbosacral")}
    assert truth(tiny, raw, apart) is U
    assert truth(tiny, raw, apart | {"a": "absent"}) is F


def test_a_medicine_counts_for_its_classes() -> None:
    known = load()
    taken = FindingSet(parse_case({"medications": ["sertraline"]}, known).case.findings, known)
    for id, expected in (("sertraline", T), ("ssri", T), ("serotonergic_drug", T), ("haloperidol", U)):
        assert evaluate(parse(id), facts_of(taken, known)).truth is expected


def test_where_asks_for_attributes(tiny: Any) -> None:
    raw = {"finding": "a", "where": {"side": "left"}}
    assert truth(tiny, raw, {"a": Finding("a", "present", attributes={"side": "left"})}) is T
    assert truth(tiny, raw, {"a": "absent"}) is F
    assert truth(tiny, raw, {}) is U


def test_a_definition_is_worked_out_once_and_loops_are_refused(tiny: Any) -> None:
    crit = {"crit": {"when": "a", "grade": "D"}}
    known = tiny.knowledge(
        causes=[tiny.cause("one", {"a": 0.5}, criteria=crit)], leaks=[{"finding": "a", "value": 0.1}]
    )
    facts = tiny.facts({"a": "present"}, known)
    assert evaluate(parse({"criterion": "crit"}), facts).truth is T
    assert facts.criterion("crit") is facts.criterion("crit")
    loop = {"crit": {"when": {"criterion": "crit"}, "grade": "D"}}
    known = tiny.knowledge(
        causes=[tiny.cause("one", {"a": 0.5}, criteria=loop)], leaks=[{"finding": "a", "value": 0.1}]
    )
    with pytest.raises(KnowledgeError, match="E911"):
        tiny.facts({}, known).criterion("crit")
