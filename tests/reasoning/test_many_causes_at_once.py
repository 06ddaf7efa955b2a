"""With a hundred and more causes: exact sums, an order that helps a reader, and a short list of dangerous causes."""

from __future__ import annotations

import random
from decimal import Decimal
from typing import Any

import numpy as np
import pytest

from legtwitch.knowledge import Knowledge
from legtwitch.model import Case
from legtwitch.reasoning import assess, sets, sums
from legtwitch.reasoning.chances import logit
from legtwitch.reasoning.differential import differential
from legtwitch.reasoning.explanation import causes
from legtwitch.reasoning.network import Network, network
from legtwitch.reasoning.pairs import joint
from legtwitch.reasoning.parts import split

FLAGS = "abcdefghij"


def crowd(seed: int, many: int, tiny: Any, low: float = 0.001, high: float = 0.3) -> tuple[Knowledge, Network]:
    """Return a network of many causes, some of them common, with one construct of three findings."""
    draw = random.Random(seed)
    targets = [*"abcdef", "construct:weak"]
    plain = [
        tiny.cause(
            f"cause{index:03}",
            {one: draw.uniform(0.05, 0.95) for one in draw.sample(targets, 3)},
            low * (high / low) ** draw.random(),
        )
        for index in range(many)
    ]
    shown_by = [{"finding": one, "given": 0.8, "otherwise": 0.1, "grade": "D"} for one in "ghi"]
    weak = {"id": "weak", "label": "weakness", "leak": {"value": 0.02, "grade": "D"}, "shown_by": shown_by}
    leaks = [{"finding": one, "value": draw.uniform(0.001, 0.1)} for one in "abcdef"]
    known = tiny.knowledge(causes=plain, constructs=[weak], leaks=leaks)
    answers = {one: draw.choice(["present", "absent", "unknown"]) for one in "abcdefghi"}
    return known, network(tiny.facts(answers | {"a": "present"}, known), known)


def by_inclusion_and_exclusion(net: Network, left_out: tuple[str, int] | None = None) -> tuple[dict[str, float], float]:
    """Return what Quickscore gives in 80 digits: sums over all subsets of nodes, with all causes at once."""
    one = Decimal(1)
    terms = {0: one}
    order = [node for node in net.nodes if node.observed]
    for place, node in enumerate(order):
        holds, fails = one, one
        for index, seen in enumerate(node.observations):
            if (node.id, index) != left_out:
                first, second = seen.weights
                holds, fails = holds * Decimal(first), fails * Decimal(second)
        more = {}
        for subset, value in terms.items():
            more[subset] = value * holds
            more[subset | 1 << place] = value * (fails - holds) * (1 - Decimal(node.leak.value))
        terms = {subset: value for subset, value in more.items() if value}
    total, inside = Decimal(0), {candidate.cause.id: Decimal(0) for candidate in net.candidates}
    for subset, value in terms.items():
        chances = {}
        for candidate in net.candidates:
            kept = Decimal(candidate.prior)
            for place, node in enumerate(order):
                if subset >> place & 1 and candidate.cause.id in node.links:
                    kept *= 1 - Decimal(node.links[candidate.cause.id][0].value)
            chances[candidate.cause.id] = (kept, 1 - Decimal(candidate.prior) + kept)
        share = value
        for _, either in chances.values():
            share *= either
        total += share
        for id, (kept, either) in chances.items():
            inside[id] += share * kept / either
    none = one
    for candidate in net.candidates:
        none *= 1 - Decimal(candidate.prior)
    for node in order:
        miss = 1 - Decimal(node.leak.value)
        holds, fails = one, one
        for seen in node.observations:
            holds, fails = holds * Decimal(seen.weights[0]), fails * Decimal(seen.weights[1])
        none *= holds * (1 - miss) + fails * miss
    return {id: float(value / total) for id, value in inside.items()}, float(none / total)


@pytest.fixture(autouse=True)
def digits() -> Any:
    import decimal

    with decimal.localcontext() as context:
        context.prec = 80
        yield


@pytest.mark.parametrize(("seed", "many"), [(0, 5), (1, 12), (2, 30), (3, 60), (4, 150), (5, 150)])
def test_every_combination_of_many_causes_is_counted(seed: int, many: int, tiny: Any) -> None:
    _, net = crowd(seed, many, tiny)
    found = differential(net)
    expected, nothing = by_inclusion_and_exclusion(net)
    assert {id: one.value for id, one in found.beliefs.items()} == {
        id: pytest.approx(value, rel=1e-9) for id, value in expected.items()
    }
    assert found.other.value == pytest.approx(nothing, rel=1e-9)


@pytest.mark.parametrize("seed", range(3))
def test_what_a_finding_contributes_is_exact_with_many_causes(seed: int, tiny: Any) -> None:
    _, net = crowd(seed, 40, tiny)
    full, _ = by_inclusion_and_exclusion(net)
    told = 0
    for node, observation, change in differential(net).dropped:
        without, _ = by_inclusion_and_exclusion(net, (node.id, node.observations.index(observation)))
        for id, value in full.items():
            assert change.get(id, 0.0) == pytest.approx(logit(value) - logit(without[id]), rel=1e-6, abs=1e-9)
            told += 1
    assert told


def test_nothing_on_the_list_stays_right_with_150_rare_causes(tiny: Any) -> None:
    _, net = crowd(7, 150, tiny, 1e-5, 1e-3)
    assert differential(net).other.value == pytest.approx(by_inclusion_and_exclusion(net)[1], rel=1e-9)


def test_causes_that_share_only_what_is_absent_are_independent(tiny: Any) -> None:
    plain = [tiny.cause("one", {"a": 0.5, "c": 0.2}, 0.1), tiny.cause("two", {"b": 0.5, "c": 0.4}, 0.2)]
    known = tiny.knowledge(causes=plain, leaks=[{"finding": one, "value": 0.1} for one in "abc"])
    apart = split(network(tiny.facts({"a": "present", "b": "present", "c": "absent"}, known), known))
    assert [[one.cause.id for one in part.candidates] for part in apart.parts] == [["one"], ["two"]]
    assert apart.odds["one"] == pytest.approx(0.1 / 0.9 * 0.8)
    tied = split(network(tiny.facts({"a": "present", "b": "present", "c": "present"}, known), known))
    assert len(tied.parts) == 1
    assert not split(network(tiny.facts({"c": "absent"}, known), known)).parts


def test_two_ways_of_summing_agree_and_nothing_is_lost_where_no_cause_explains_what_was_found() -> None:
    draw = random.Random(3)
    odds = np.array([[draw.uniform(1e-6, 0.2)] * 2 for _ in range(10)])
    links = [
        {node: np.array([draw.uniform(0.01, 0.9)]) for node in draw.sample(range(14), 4)} for _ in range(10)
    ]  # fmt: skip
    leaks = np.full((14, 1), 1e-6)
    weights = np.array([[[1.0, 0.9], [0.0, 0.2]]] * 14)
    exact, none = sums.log_odds(odds, links, leaks, weights)
    counted, alone = sets.log_odds(odds, links, leaks, weights, 10)
    assert exact == pytest.approx(counted, rel=1e-6)
    assert none == pytest.approx(alone, rel=1e-6)


def test_the_chances_that_questions_are_weighed_with_are_exact_where_two_causes_are_all(tiny: Any) -> None:
    plain = [tiny.cause("one", {"a": 0.8, "b": 0.5}, 0.1), tiny.cause("two", {"a": 0.4, "c": 0.3}, 0.2)]
    plain.append(tiny.cause("apart", {"b": 0.6}, 0.3))
    known = tiny.knowledge(causes=plain, leaks=[{"finding": one, "value": 0.1} for one in "abc"])
    net = network(tiny.facts({"a": "present"}, known), known)
    kept = np.array([[1 - node.links[one["id"]][0].value if one["id"] in node.links else 1.0 for node in net.nodes]
                     for one in plain])  # fmt: skip
    chance, failing = joint(net, split(net), kept, np.array([node.leak.value for node in net.nodes]))
    before, _ = by_inclusion_and_exclusion(net)
    assert chance == pytest.approx([before[one["id"]] for one in plain])
    for place, node in enumerate(net.nodes):
        if node.id == "a":
            continue
        without = network(tiny.facts({"a": "present", node.id: "absent"}, known), known)
        after, _ = by_inclusion_and_exclusion(without)
        assert failing[:-1, place] / failing[-1, place] == pytest.approx([after[one["id"]] for one in plain])


# ---- what a reader sees ----------------------------------------------------------------------------------------------


def test_causes_that_nothing_speaks_to_stand_after_the_others_and_keep_their_chance(tiny: Any) -> None:
    plain = [
        tiny.cause("explains", {"b": 0.5}, 0.001),
        tiny.cause("moved", {"a": 0.9}, 0.01) | {"explains": ["cramp"]},
        tiny.cause("common", {"j": 0.5}, 0.4) | {"explains": ["cramp"]},
        tiny.cause("hardly", {"a": 0.02}, 0.3) | {"explains": ["cramp"]},
        tiny.cause("effect", {"a": 0.9}, 0.3, requires="ssri"),
    ]
    known = tiny.knowledge(causes=plain, leaks=[{"finding": one, "value": 0.1} for one in "abj"])
    net = network(tiny.facts({"a": "present"}, known), known)
    found = causes(net, known, {"twitching"})
    assert [(one.id, one.in_play) for one in found] == [
        ("moved", True), ("explains", True), ("common", False), ("hardly", False), ("other", True),
    ]  # fmt: skip
    assert [one.rank for one in found] == [1, 2, 3, 4, 5]
    beliefs = differential(net).beliefs
    assert {one.id: one.probability.value for one in found[:-1] if one.probability} == {
        id: pytest.approx(one.value) for id, one in beliefs.items()
    }
    assert "explains" in [one.id for one in causes(net, known) if not one.in_play]


def test_dangerous_causes_of_which_something_is_known_come_first(tiny: Any) -> None:
    plain = [
        tiny.cause("grave_not_looked_for", {"j": 0.9}, 0.4, must_not_miss="x", harm=5),
        tiny.cause("looked_for", {"b": 0.9, "c": 0.2}, 0.01, must_not_miss="x", harm=2),
        tiny.cause("pointed_to", {"a": 0.9}, 0.01, must_not_miss="x", harm=2),
    ]
    known = tiny.knowledge(causes=plain, leaks=[{"finding": one, "value": 0.1} for one in "abcj"])
    told = tiny.finding_set({"a": "present", "b": "absent"}, known).findings
    listed = assess(Case(None, tuple(told)), known).must_not_miss
    assert [one.id for one in listed] == ["pointed_to", "looked_for", "grave_not_looked_for"]
    assert listed[-1].status.startswith("Not looked for yet")
