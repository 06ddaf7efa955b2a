"""What reasoning asks of a set of findings."""

from __future__ import annotations

import time
from datetime import date
from typing import Any

import pytest

from legtwitch.findings import FindingSet
from legtwitch.model import Finding, Quantity, Truth

TRUE, FALSE, UNKNOWN = Truth.TRUE, Truth.FALSE, Truth.UNKNOWN
OLD, NEW, TODAY = date(2026, 10, 1), date(2026, 11, 1), date(2026, 11, 22)


@pytest.fixture
def weak(knowledge: Any) -> Any:
    """A set of entries of `weakness_found`: (value, attributes[, date])."""

    def call(*entries: Any) -> FindingSet:
        made = [Finding("weakness_found", e[0], "clinician", e[1], None, e[2] if len(e) > 2 else None) for e in entries]
        return FindingSet(made, knowledge, date=TODAY)

    return call


def test_present_absent_unknown_and_not_asked(knowledge: Any) -> None:
    found = FindingSet(
        [Finding("fever", "present"), Finding("confusion", "absent"), Finding("nausea", "unknown")], knowledge
    )
    assert [found.state(one) for one in ("fever", "confusion", "nausea", "headache")] == [TRUE, FALSE, UNKNOWN, UNKNOWN]
    assert [found.asked(one) for one in ("fever", "nausea", "headache")] == [True, True, False]
    assert [found.known(one) for one in ("fever", "nausea", "headache")] == [True, False, False]


@pytest.mark.parametrize(
    ("entries", "where", "region", "expected"),
    [
        ([("present", {"side": "left"})], {}, None, TRUE),
        ([("present", {"side": "left"})], {"side": "left"}, None, TRUE),
        ([("present", {"side": "left"})], {"side": "right"}, None, UNKNOWN),
        ([("present", {})], {"side": "left"}, None, UNKNOWN),
        ([("absent", {})], {"side": "left"}, None, FALSE),
        ([("absent", {})], {}, "cervical", FALSE),
        ([("absent", {"side": "left"})], {}, None, UNKNOWN),
        ([("absent", {"side": "left"}), ("absent", {"side": "right"})], {}, None, FALSE),
        ([("absent", {"side": "both"})], {}, None, FALSE),
        ([("absent", {"side": "left"})], {"side": "left", "muscle": "soleus"}, None, FALSE),
        ([("absent", {"side": "left", "muscle": "soleus"})], {"side": "left"}, None, UNKNOWN),
        ([("present", {"side": "both"})], {"side": "right"}, None, TRUE),
        ([("present", {"side": "both"})], {"side": "both"}, None, TRUE),
        ([("present", {"side": "left"}), ("present", {"side": "right"})], {"side": "both"}, None, TRUE),
        ([("present", {"side": "left"})], {"side": "both"}, None, UNKNOWN),
        ([("present", {"side": "left"}), ("absent", {"side": "right"})], {"side": "both"}, None, FALSE),
        ([("present", {"muscle": "deltoid"})], {}, "cervical", TRUE),
        ([("present", {"site": "calf"})], {}, "lumbosacral", TRUE),
        ([("present", {"muscle": "deltoid"})], {}, "lumbosacral", UNKNOWN),
        ([("present", {"muscle": "other_muscle"})], {}, "lumbosacral", UNKNOWN),
        ([("present", {"region": "bulbar"})], {}, "bulbar", TRUE),
        ([("absent", {"muscle": "deltoid"})], {}, "cervical", UNKNOWN),
        ([("absent", {"region": "cervical"})], {}, "cervical", FALSE),
        ([("absent", {"region": "cervical"})], {"muscle": "deltoid"}, None, FALSE),
        ([("absent", {"region": r}) for r in ("bulbar", "cervical", "thoracic", "lumbosacral")], {}, None, FALSE),
        ([("absent", {"region": r}) for r in ("bulbar", "cervical", "thoracic")], {}, None, UNKNOWN),
        ([("present", {})], {"by": "clinician"}, None, TRUE),
        ([("present", {})], {"by": "recording"}, None, UNKNOWN),
        ([("absent", {})], {"by": "recording"}, None, UNKNOWN),
    ],
)
def test_places(weak: Any, entries: Any, where: Any, region: Any, expected: Truth) -> None:
    assert weak(*entries).state("weakness_found", where, region) is expected


@pytest.mark.parametrize(
    ("entries", "expected"),
    [
        ([("present", {}, OLD), ("absent", {}, NEW)], FALSE),
        ([("absent", {}, OLD), ("present", {}, NEW)], TRUE),
        ([("present", {"side": "left"}, OLD), ("absent", {}, NEW)], FALSE),
        ([("present", {}, OLD), ("absent", {"side": "left"}, NEW)], TRUE),
        ([("present", {}, NEW), ("unknown", {}, TODAY)], TRUE),
        ([("present", {}, OLD), ("absent", {})], TRUE),
        ([("present", {}), ("absent", {}, NEW)], TRUE),
    ],
)
def test_the_newer_dated_entry_of_a_place_counts(weak: Any, entries: Any, expected: Truth) -> None:
    for order in (entries, entries[::-1]):
        assert weak(*order).state("weakness_found") is expected
    assert weak(*entries).ever("weakness_found")


def test_quantities(knowledge: Any) -> None:
    def girth(value: float, day: date | None = None, side: str = "left") -> Finding:
        return Finding("calf_girth", Quantity(value, "cm"), "person", {"side": side}, None, day)

    def quantity(*entries: Finding) -> Quantity | None:
        return FindingSet(entries, knowledge, date=TODAY).quantity("calf_girth")

    assert quantity(girth(36, NEW), girth(34, OLD)) == Quantity(36, "cm")
    assert quantity(girth(36, NEW), girth(34)) == Quantity(34, "cm")
    assert quantity(girth(36), girth(34, side="right")) is None
    assert quantity(girth(36), girth(36, side="right")) == Quantity(36, "cm")
    assert quantity(Finding("calf_girth", "unknown")) is quantity() is None


def test_choices(knowledge: Any) -> None:
    def sites(*entries: Any) -> FindingSet:
        return FindingSet([Finding("twitch_body_site", v, date=d) for v, d in entries], knowledge)

    both = sites((("calf",), None), (("eyelid", "calf"), None))
    assert both.chosen("twitch_body_site") == ("calf", "eyelid")
    assert both.state("twitch_body_site") is TRUE
    assert sites(((), None)).chosen("twitch_body_site") == ()
    assert sites(((), None)).state("twitch_body_site") is FALSE
    assert sites(("unknown", None)).chosen("twitch_body_site") is None
    assert sites(("unknown", None)).state("twitch_body_site") is UNKNOWN
    assert sites((("calf",), OLD), (("hand",), NEW)).chosen("twitch_body_site") == ("hand",)


def test_since_is_the_latest_of_what_holds(knowledge: Any) -> None:
    entries = [Finding("fever", "present", since=OLD), Finding("fever", "present", since=NEW)]
    found = FindingSet([*entries, Finding("fever", "absent", since=TODAY)], knowledge)
    assert found.since("fever") == NEW
    assert found.since("nausea") is None


def test_sets_made_from_others(knowledge: Any) -> None:
    found = FindingSet([Finding("fever", "present"), Finding("nausea", "absent")], knowledge, date=TODAY)
    assert (found.state("fever"), found.since("fever")) == (TRUE, None)
    less = found.without("fever")
    assert (less.state("fever"), less.asked("fever"), less.date) == (UNKNOWN, False, TODAY)
    assert less.state("nausea") is FALSE
    more = less.with_([Finding("fever", "absent")])
    assert (more.state("fever"), found.state("fever")) == (FALSE, TRUE)
    assert less.ids() == ("nausea",)
    assert found.without("nausea").findings == (Finding("fever", "present"),)


def test_leaving_out_what_an_empty_list_excludes_makes_it_unknown(knowledge: Any) -> None:
    none = FindingSet([], knowledge, complete_lists=frozenset({"medications"}))
    assert none.state("ssri") is FALSE
    less = none.without("ssri")
    assert (less.state("ssri"), less.asked("ssri"), less.state("opioid")) == (UNKNOWN, False, FALSE)
    assert less.with_([Finding("ssri", "present")]).state("ssri") is TRUE


def test_a_class_that_is_said_to_be_absent_speaks_for_its_medicines(knowledge: Any) -> None:
    found = FindingSet([], knowledge)
    assert (found.state("sertraline"), found.asked("sertraline")) == (UNKNOWN, False)
    less = found.with_([Finding("ssri", "absent")])
    assert (less.state("sertraline"), less.asked("sertraline"), less.state("lithium")) == (FALSE, True, UNKNOWN)
    assert less.without("ssri").state("sertraline") is UNKNOWN


def test_the_digest_tells_sets_apart_and_not_orders(knowledge: Any) -> None:
    entries = [Finding("fever", "present"), Finding("age", Quantity(34, "year"))]
    one = FindingSet(entries, knowledge, date=TODAY)
    assert one.digest() == FindingSet(entries[::-1], knowledge, date=TODAY).digest()
    others = [
        FindingSet(entries, knowledge),
        one.without("fever"),
        one.with_([Finding("nausea", "unknown")]),
        FindingSet(entries, knowledge, date=TODAY, complete_lists={"exposures"}),
    ]
    assert len({one.digest(), *(other.digest() for other in others)}) == 5


def test_asking_again_costs_a_dictionary_look_up(knowledge: Any) -> None:
    ids = list(knowledge.vocabulary.findings)[:300]
    entries = [Finding(id, "absent") for id in ids if knowledge.vocabulary.findings[id].kind == "flag"]
    found = FindingSet(entries, knowledge)

    def took(what: Any) -> float:
        start = time.process_time()
        for _ in range(50):
            what()
        return time.process_time() - start

    took(lambda: [found.state(one.id) for one in entries])
    again = took(lambda: [found.state(one.id) for one in entries])
    make = took(lambda: FindingSet(entries, knowledge))
    assert again < 20 * make
