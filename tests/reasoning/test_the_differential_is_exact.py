"""The noisy-OR sums agree with a hand-worked example and with counting out every state of the world."""

from __future__ import annotations

import random
from itertools import product
from math import log, prod
from typing import Any

import pytest

from legtwitch.knowledge import Knowledge
from legtwitch.reasoning.chances import frequency, in_band, in_words, logit, probability, shown
from legtwitch.reasoning.differential import differential
from legtwitch.reasoning.explanation import causes
from legtwitch.reasoning.network import network


def beliefs(known: Knowledge, tiny: Any, answers: dict[str, Any]) -> tuple[dict[str, float], float]:
    result = differential(network(tiny.facts(answers, known), known))
    return {id: one.value for id, one in result.beliefs.items()}, result.other.value


def rows(known: Knowledge, tiny: Any, answers: dict[str, Any]) -> dict[str, Any]:
    return {one.id: one for one in causes(network(tiny.facts(answers, known), known), known)}


@pytest.fixture
def two(tiny: Any) -> Knowledge:
    known: Knowledge = tiny.knowledge(
        causes=[tiny.cause("one", {"a": 0.8, "b": 0.5}, 0.1), tiny.cause("two", {"a": 0.4}, 0.2)],
        leaks=[{"finding": "a", "value": 0.05}, {"finding": "b", "value": 0.1}],
    )
    return known


def test_two_causes_by_hand(two: Knowledge, tiny: Any) -> None:
    """a present, b absent. P(a): none .05, one 1-.95*.2=.81, two 1-.95*.6=.43, both 1-.95*.2*.6=.886.

    P(no b): .9 without one, .45 with it. Weights: none .9*.8*.05*.9=.0324; one .1*.8*.81*.45=.02916;
    two .9*.2*.43*.9=.06966; both .1*.2*.886*.45=.007974. Sum .139194.
    """
    found, other = beliefs(two, tiny, {"a": "present", "b": "absent"})
    assert found["one"] == pytest.approx((0.02916 + 0.007974) / 0.139194)
    assert found["two"] == pytest.approx((0.06966 + 0.007974) / 0.139194)
    assert other == pytest.approx(0.0324 / 0.139194)


def test_without_any_answer_every_cause_stands_at_its_prior(two: Knowledge, tiny: Any) -> None:
    found, other = beliefs(two, tiny, {"a": "unknown"})
    assert found == {"one": pytest.approx(0.1), "two": pytest.approx(0.2)}
    assert other == pytest.approx(0.9 * 0.8)


def test_not_asked_is_not_no(two: Knowledge, tiny: Any) -> None:
    unasked, unknown, absent = ({"a": "present"} | more for more in ({}, {"b": "unknown"}, {"b": "absent"}))
    assert beliefs(two, tiny, unasked) == beliefs(two, tiny, unknown)
    assert beliefs(two, tiny, unasked) != beliefs(two, tiny, absent)


def world(seed: int, many: int, tiny: Any) -> tuple[Knowledge, dict[str, str], dict[str, Any]]:
    """Return a random network with two constructs, random answers, and its figures for counting out."""
    draw = random.Random(seed)
    between = lambda: round(draw.uniform(0.03, 0.95), 3)  # noqa: E731
    flags, shown_by = "abcd", {"first": "efg", "second": "hi"}
    figures: dict[str, Any] = {
        "prior": {f"cause{index}": between() / 2 for index in range(many)},
        "leak": {one: between() / 3 for one in [*flags, *shown_by]},
        "shown": {one: (between(), between()) for group in shown_by.values() for one in group},
        "link": {},
        "group": shown_by,
    }
    plain = []
    for cause, prior in figures["prior"].items():
        targets = draw.sample([*flags, *shown_by], 3)
        figures["link"][cause] = {target: between() for target in targets}
        named = {f"construct:{t}" if t in shown_by else t: p for t, p in figures["link"][cause].items()}
        plain.append(tiny.cause(cause, named, prior))
    constructs = [
        {
            "id": name,
            "label": name,
            "leak": {"value": figures["leak"][name], "grade": "D"},
            "shown_by": [
                {"finding": one, "given": figures["shown"][one][0], "otherwise": figures["shown"][one][1], "grade": "D"}
                for one in group
            ],
        }
        for name, group in shown_by.items()
    ]
    known = tiny.knowledge(
        causes=plain,
        constructs=constructs,
        leaks=[{"finding": one, "value": figures["leak"][one]} for one in flags],
    )
    answers = {one: draw.choice(["present", "absent", "unknown"]) for one in "abcdefghi"}
    return known, answers, figures


def counted_out(answers: dict[str, str], figures: dict[str, Any]) -> tuple[dict[str, float], float]:
    """Sum the joint probability over every state of causes and constructs, one at a time."""
    names = list(figures["prior"])
    total, inside, nothing = 0.0, dict.fromkeys(names, 0.0), 0.0
    for row in product((False, True), repeat=len(names)):
        present = [name for name, on in zip(names, row, strict=True) if on]
        chance = prod(figures["prior"][n] if on else 1 - figures["prior"][n] for n, on in zip(names, row, strict=True))

        def brought(node: str, present: list[str] = present) -> float:
            misses = prod(1 - figures["link"][cause].get(node, 0.0) for cause in present)
            return 1.0 - (1 - figures["leak"][node]) * float(misses)

        for node in "abcd":
            if answers[node] != "unknown":
                chance *= brought(node) if answers[node] == "present" else 1 - brought(node)
        for construct, group in figures["group"].items():
            both = 0.0
            for holds in (False, True):
                part = brought(construct) if holds else 1 - brought(construct)
                for one in group:
                    given = figures["shown"][one][0 if holds else 1]
                    part *= {"present": given, "absent": 1 - given, "unknown": 1.0}[answers[one]]
                both += part
            chance *= both
        total += chance
        nothing += 0 if present else chance
        for name in present:
            inside[name] += chance
    return {name: value / total for name, value in inside.items()}, nothing / total


@pytest.mark.parametrize("seed", range(12))
def test_small_networks_agree_with_counting_out_every_state(seed: int, tiny: Any) -> None:
    known, answers, figures = world(seed, 3 + seed % 5, tiny)
    found, other = beliefs(known, tiny, answers)
    expected, nothing = counted_out(answers, figures)
    assert found == {name: pytest.approx(value, rel=1e-9) for name, value in expected.items()}
    assert other == pytest.approx(nothing, rel=1e-9)


@pytest.mark.parametrize("seed", range(4))
def test_what_a_finding_contributes_is_the_change_when_it_is_left_out(seed: int, tiny: Any) -> None:
    known, answers, figures = world(seed, 4, tiny)
    expected, _ = counted_out(answers, figures)
    told = 0
    for name, row in rows(known, tiny, answers).items():
        for influence in (*row.for_, *row.against):
            without, _ = counted_out(answers | {influence.finding: "unknown"}, figures)
            assert influence.log_odds == pytest.approx(logit(expected[name]) - logit(without[name]), rel=1e-6)
            assert (influence.log_odds > 0) == (influence in row.for_)
            told += 1
    assert told > 0


def test_one_weakness_told_four_ways_counts_once(tiny: Any) -> None:
    """A construct that four findings tell of can never speak louder for a cause than the construct itself."""
    shown_by = [{"finding": one, "given": 0.9, "otherwise": 0.09, "grade": "D"} for one in "abcd"]
    weak = {"id": "weak", "label": "weakness", "leak": {"value": 0.03, "grade": "D"}, "shown_by": shown_by}
    known = tiny.knowledge(causes=[tiny.cause("one", {"construct:weak": 0.9}, 0.01)], constructs=[weak])
    one, _ = beliefs(known, tiny, {"a": "present"})
    four, _ = beliefs(known, tiny, dict.fromkeys("abcd", "present"))
    most = (1 - 0.97 * 0.1) / 0.03
    assert logit(four["one"]) - logit(0.01) < log(most) + 1e-9
    assert logit(one["one"]) < logit(four["one"])


def test_an_odds_ratio_moves_the_prior_only_while_the_risk_is_known_to_hold(tiny: Any) -> None:
    risk = [{"finding": "c", "odds_ratio": 2.0, "grade": "D"}]
    known = tiny.knowledge(
        causes=[tiny.cause("one", {"a": 0.5}, 0.1, risk=risk)], leaks=[{"finding": "a", "value": 0.1}]
    )
    for answer, odds in (("present", 2 / 9), ("absent", 1 / 9), ("unknown", 1 / 9)):
        assert beliefs(known, tiny, {"c": answer})[0]["one"] == pytest.approx(odds / (1 + odds))
    row = rows(known, tiny, {"a": "present", "c": "present"})["one"]
    assert {one.finding: one.log_odds for one in row.for_}["c"] == pytest.approx(log(2))


@pytest.mark.parametrize(("answer", "listed"), [("present", True), ("absent", False), ("unknown", False)])
def test_a_medicines_effect_needs_the_medicine(tiny: Any, answer: str, listed: bool) -> None:
    known = tiny.knowledge(
        causes=[tiny.cause("one", {"a": 0.5}), tiny.cause("effect", {"a": 0.9}, requires="ssri")],
        leaks=[{"finding": "a", "value": 0.1}],
    )
    found = rows(known, tiny, {"a": "present", "ssri": answer})
    assert ("effect" in found) is listed
    if listed:
        assert "ssri" in [one.finding for one in found["effect"].for_]


def test_beyond_twelve_causes_three_at_once_come_close_to_all(tiny: Any) -> None:
    draw = random.Random(5)
    evidence = [{one: draw.uniform(0.2, 0.9) for one in draw.sample("abcdefgh", 3)} for _ in range(13)]
    plain = [tiny.cause(f"cause{i:02}", row, draw.uniform(0.002, 0.02)) for i, row in enumerate(evidence)]
    leaks = [{"finding": one, "value": 0.05} for one in "abcdefgh"]
    answers = {one: draw.choice(["present", "absent"]) for one in "abcdefgh"}
    figures: dict[str, Any] = {
        "prior": {one["id"]: one["prior"][0]["value"] for one in plain},
        "leak": dict.fromkeys("abcdefgh", 0.05),
        "link": {one["id"]: row for one, row in zip(plain, evidence, strict=True)},
        "group": {},
    }
    figures["shown"] = {}
    found, _ = beliefs(tiny.knowledge(causes=plain, leaks=leaks), tiny, answers)
    expected = _flat(answers, figures)
    assert max(abs(found[name] - expected[name]) for name in expected) < 5e-4


def _flat(answers: dict[str, str], figures: dict[str, Any]) -> dict[str, float]:
    names = list(figures["prior"])
    total, inside = 0.0, dict.fromkeys(names, 0.0)
    for row in product((False, True), repeat=len(names)):
        chance = prod(figures["prior"][n] if on else 1 - figures["prior"][n] for n, on in zip(names, row, strict=True))
        for node, answer in answers.items():
            on_here = (n for n, on in zip(names, row, strict=True) if on)
            miss = 0.95 * prod(1 - figures["link"][n].get(node, 0.0) for n in on_here)
            chance *= 1 - miss if answer == "present" else miss
        total += chance
        for name, on in zip(names, row, strict=True):
            inside[name] += chance if on else 0.0
    return {name: value / total for name, value in inside.items()}


# ---- intervals and words ---------------------------------------------------------------------------------------------


def test_a_weaker_grade_is_a_wider_interval_and_the_value_lies_inside(tiny: Any) -> None:
    widths = []
    for grade in "ABCD":
        one = tiny.cause("one", {}, prior=0.1)
        one["prior"] = [{"value": 0.1, "grade": grade, "source": "s"}]
        one["evidence"] = [{"finding": "a", "given": 0.8, "grade": grade, "source": "s"}]
        known = tiny.knowledge(causes=[one], leaks=[{"finding": "a", "value": 0.1, "grade": grade, "source": "s"}])
        found = rows(known, tiny, {"a": "present"})["one"].probability
        assert found.low < found.value < found.high
        widths.append(logit(found.high) - logit(found.low))
    assert widths == sorted(widths)


def test_the_same_case_gives_the_same_interval(two: Knowledge, tiny: Any) -> None:
    first, second = (rows(two, tiny, {"a": "present"})["one"].probability for _ in range(2))
    reordered = rows(two, tiny, {"b": "unknown", "a": "present"})["one"].probability
    assert first == second == reordered


def test_neither_0_nor_100_percent_can_be_shown(tiny: Any) -> None:
    plain = [
        tiny.cause("sure", dict.fromkeys("abcdef", 0.999), 0.99),
        tiny.cause("never", dict.fromkeys("ghij", 0.999), 1e-12),
    ]
    known = tiny.knowledge(causes=plain, leaks=[{"finding": one, "value": 1e-4} for one in "abcdefghij"])
    answers = dict.fromkeys("abcdef", "present") | dict.fromkeys("ghij", "absent")
    for row in rows(known, tiny, answers).values():
        for value in (row.probability.value, row.probability.low, row.probability.high):
            assert 0 < float(f"{value:.3g}") < 1
            assert f"{value:.0%}" != "100%"
        assert "%" not in row.in_words


def test_other_always_stands_last_and_ranks_follow_probability(two: Knowledge, tiny: Any) -> None:
    found = list(rows(two, tiny, {"a": "present"}).values())
    assert found[-1].id == "other"
    assert [one.rank for one in found] == [1, 2, 3]
    assert found[0].probability.value >= found[1].probability.value
    empty = tiny.knowledge()
    assert list(rows(empty, tiny, {})) == ["other"]


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (1e-7, "fewer than 1 in 10,000"), (1e-4, "1 in 10,000"), (0.00031, "1 in 3,000"), (0.002, "1 in 500"),
        (0.033, "1 in 30"), (0.1, "1 in 10"), (0.17, "1 in 6"), (0.2, "2 in 10"), (0.66, "7 in 10"), (0.94, "9 in 10"),
        (0.99, "more than 95 in 100"),
    ],
)  # fmt: skip
def test_words_are_natural_frequencies(value: float, words: str) -> None:
    assert frequency(value) == words


def test_an_interval_in_words_names_its_limits() -> None:
    assert in_words(shown(0.033, 0.0125, 0.08)) == "about 1 in 30 (between 1 in 80 and 1 in 12)"
    assert in_words(shown(1e-6, 1e-7, 1e-5)) == "fewer than 1 in 10,000"


# ---- priors ----------------------------------------------------------------------------------------------------------

PRIORS = [
    {"for": {"age": "20-79", "sex": "female"}, "value": 0.04, "grade": "B", "source": "s", "low": 0.03, "high": 0.05},
    {"for": {"age": "20-79", "sex": "male"}, "value": 0.02, "grade": "B", "source": "s", "low": 0.01, "high": 0.03},
    {"for": {"age": "-19"}, "value": 0.01, "grade": "B", "source": "s", "low": 0.005, "high": 0.02},
]


@pytest.mark.parametrize(
    ("person", "value", "note"),
    [
        ({"age": (34.0, "year"), "sex": "female"}, 0.04, False),
        ({"age": (79.5, "year"), "sex": "male"}, 0.02, False),
        ({"age": (12.0, "year")}, 0.01, False),
        ({"age": (90.0, "year"), "sex": "male"}, None, True),
        ({}, None, True),
    ],
)
def test_the_prior_is_that_of_the_person(tiny: Any, person: dict[str, Any], value: float | None, note: bool) -> None:
    known = tiny.knowledge(
        causes=[tiny.cause("one", {"a": 0.5}, prior=0.1) | {"prior": PRIORS}], leaks=[{"finding": "a", "value": 0.1}]
    )
    start = network(tiny.facts(person, known), known).candidates[0].start
    assert bool(start.note) is note
    if value is None:
        assert (start.spread.low, start.spread.high) == (0.005, 0.05)
        assert start.spread.value == pytest.approx(probability(sum(map(logit, (0.04, 0.02, 0.01))) / 3))
    else:
        assert start.spread.value == pytest.approx(value)


def test_unknown_sex_takes_both_sexes_together(tiny: Any) -> None:
    known = tiny.knowledge(
        causes=[tiny.cause("one", {"a": 0.5}) | {"prior": PRIORS}], leaks=[{"finding": "a", "value": 0.1}]
    )
    spread = network(tiny.facts({"age": (34.0, "year")}, known), known).candidates[0].start.spread
    assert (spread.low, spread.high) == (0.01, 0.05)


def test_an_entry_that_could_apply_widens_one_that_does(tiny: Any) -> None:
    priors = [{"value": 0.01, "grade": "B", "source": "s", "low": 0.005, "high": 0.02}, *PRIORS[:2]]
    known = tiny.knowledge(
        causes=[tiny.cause("one", {"a": 0.5}) | {"prior": priors}], leaks=[{"finding": "a", "value": 0.1}]
    )
    for person, low, high in ((("female",), 0.03, 0.05), (None, 0.005, 0.05)):
        answers = {"age": (34.0, "year")} | ({"sex": person} if person else {})
        spread = network(tiny.facts(answers, known), known).candidates[0].start.spread
        assert (spread.low, spread.high) == (low, high)


def test_age_bands_hold_their_last_year_in_full() -> None:
    assert in_band(79.9, "20-79")
    assert not in_band(80, "20-79")
    assert in_band(80, "65-")
    assert in_band(15.99, "-15")
    assert not in_band(16, "-15")
