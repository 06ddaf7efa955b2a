"""Brand names by country, misspellings, unknown names, classes, and what dates of medicines tell."""

from __future__ import annotations

from typing import Any

import pytest

from legtwitch.model import Quantity, Truth


def ids(parsed: Any) -> set[str]:
    assert parsed.errors == ()
    return {one.id for one in parsed.case.findings}


@pytest.mark.parametrize(
    ("name", "country", "ingredients"),
    [
        ("Benadryl", "US", ("diphenhydramine",)),
        ("Benadryl", "GB", ("acrivastine",)),
        ("Benadryl", "gb", ("acrivastine",)),
        ("benadryl ", "CA", ("diphenhydramine",)),
        ("Tylenol PM", None, ("diphenhydramine", "paracetamol")),
        ("Adderall", None, ("amfetamine",)),
        ("Dramamine Less Drowsy", "US", ("meclizine",)),
        ("Dramamine Less Drowsy", None, ("meclizine",)),
        ("Dramamine", "US", ("dimenhydrinate",)),
        ("acetaminophen", None, ("paracetamol",)),
        ("St John's wort", None, ("st_johns_wort",)),
        ("ssri", None, ("ssri",)),
        ("Sertraline 50 mg", None, ("sertraline",)),
        ("NyQuil", "US", ("dextromethorphan", "doxylamine", "paracetamol")),
    ],
)
def test_a_name_is_its_ingredients(parse: Any, name: str, country: str | None, ingredients: tuple[str, ...]) -> None:
    person = {"country": country} if country else {}
    parsed = parse(person=person, medications=[name])
    assert parsed.errors == ()
    assert sorted(parsed.case.medicines[0].ingredients) == sorted(ingredients)
    assert set(ingredients) <= ids(parsed)
    assert {one.origin for one in parsed.case.findings if one.id in ingredients} == {name.strip()}


@pytest.mark.parametrize("person", [{}, {"country": "DE"}, {"country": "unknown"}])
def test_a_name_of_several_meanings_is_refused_with_all_of_them(refused: Any, person: Any) -> None:
    error = refused(person=person, medications=["Benadryl"])
    assert error.code == "E418"
    assert error.allowed == ["diphenhydramine (US, CA)", "acrivastine (GB)"]
    assert "as_written: true" in error.do


def test_as_written_insists_on_a_name_of_several_meanings_and_changes_nothing_for_a_known_one(parse: Any) -> None:
    doubtful = parse(medications=[{"name": "Benadryl", "as_written": True}])
    assert (doubtful.errors, doubtful.case.medicines[0].ingredients) == ((), ())
    assert ids(parse(medications=[{"name": "caffeine", "as_written": True}])) == {"caffeine", "methylxanthine"}


@pytest.mark.parametrize(("slip", "meant"), [("sertralin", "sertraline"), ("Adderal", "Adderall"), ("Xannax", "Xanax")])
def test_a_close_misspelling_is_refused_with_did_you_mean(refused: Any, parse: Any, slip: str, meant: str) -> None:
    error = refused(medications=[slip])
    assert error.code == "E417"
    assert f"Did you mean {meant}?" in error.do
    insisted = parse(medications=[{"name": slip, "as_written": True}])
    assert ids(insisted) == set()
    assert (insisted.case.medicines[0].written, insisted.case.medicines[0].ingredients) == (slip, ())


@pytest.mark.parametrize("name", ["devil's claw", "xyzzy drops", "Шалфей"])
def test_a_name_that_is_not_known_is_kept_and_stops_nothing(parse: Any, name: str) -> None:
    parsed = parse(medications=[name, "caffeine"])
    assert [(one.written, bool(one.ingredients)) for one in parsed.case.medicines] == [
        (name, False),
        ("caffeine", True),
    ]
    assert ids(parsed) == {"caffeine", "methylxanthine"}


@pytest.mark.parametrize("item", [3, None, "", " ", {"started": "2026-01-01"}, {"name": True}, ["caffeine"]])
def test_an_item_without_a_name_is_refused(parse: Any, item: Any) -> None:
    parsed = parse(date="2026-11-22", medications=[item])
    assert [one.code for one in parsed.errors] == ["E405"]


def test_all_classes_are_found_through_classes_of_classes(parse: Any) -> None:
    parsed = parse(medications=["Zoloft"])
    assert ids(parsed) == {"sertraline", "ssri", "serotonergic_drug"}
    assert {dict(one.attributes).get("medicine") for one in parsed.case.findings} == {None, "sertraline"}


def test_a_medicine_can_be_said_to_be_absent_or_unknown(understood: Any, parse: Any) -> None:
    found = understood(medications=[{"name": "ssri", "value": "absent"}, {"name": "lithium", "value": "unknown"}])
    assert found.state("ssri") is found.state("sertraline") is Truth.FALSE
    assert found.known("sertraline")
    assert found.state("lithium") is found.state("serotonergic_drug") is Truth.UNKNOWN
    assert (found.asked("lithium"), found.known("lithium")) == (True, False)
    assert parse(medications=[{"name": "ssri", "value": "no"}]).case.medicines == ()


# ---- dates -----------------------------------------------------------------------------------------------------------


def test_a_stopped_medicine_counts_for_five_weeks(understood: Any) -> None:
    for stopped, state in (("2026-11-22", Truth.TRUE), ("2026-10-18", Truth.TRUE), ("2026-10-17", Truth.FALSE)):
        found = understood(date="2026-11-22", medications=[{"name": "Prozac", "stopped": stopped}])
        assert found.state("fluoxetine") is state
        assert found.state("ssri") is (Truth.TRUE if state is Truth.TRUE else Truth.UNKNOWN)
        assert found.ever("fluoxetine")
        assert found.ever("ssri")


def test_another_medicine_of_the_class_still_counts_when_one_was_stopped(understood: Any) -> None:
    found = understood(date="2026-11-22", medications=[{"name": "Prozac", "stopped": "2020-01-01"}, "Zoloft"])
    assert found.state("ssri") is Truth.TRUE
    assert found.state("fluoxetine") is Truth.FALSE


@pytest.mark.parametrize("key", ["started", "dose_changed"])
def test_new_or_raised_is_read_from_dates(understood: Any, key: str) -> None:
    for day, new in (("2026-11-22", True), ("2026-10-25", True), ("2026-10-24", False)):
        found = understood(date="2026-11-22", medications=[{"name": "Zoloft", key: day}, {"name": "Haldol", key: day}])
        expected = Truth.TRUE if new else Truth.UNKNOWN
        for flag in ("medicine_new_or_changed", "serotonin_medicine_new_or_raised", "dopamine_blocker_new_or_raised"):
            assert found.state(flag) is expected
        if new:
            assert found.state("serotonin_medicine_new_or_raised", {"medicine": "ssri"}) is Truth.TRUE
            assert found.state("serotonin_medicine_new_or_raised", {"medicine": "haloperidol"}) is Truth.UNKNOWN
            assert str(found.since("serotonin_medicine_new_or_raised")) == day
            assert "computed from dates" in found.entries("medicine_new_or_changed")[0].origin


def test_medicines_without_dates_are_never_taken_for_old_ones(understood: Any) -> None:
    found = understood(date="2026-11-22", medications=["Zoloft", "Haldol"])
    assert not found.asked("medicine_new_or_changed")
    assert found.state("serotonin_medicine_new_or_raised") is Truth.UNKNOWN


def test_a_stop_within_four_weeks_is_a_substance_cut(understood: Any) -> None:
    cut = {"name": "Valium", "stopped": "2026-11-19"}
    found = understood(date="2026-11-22", medications=[cut, {"name": "Zoloft", "stopped": "2026-11-02"}])
    assert found.chosen("substance_cut") == ("benzodiazepine", "antidepressant")
    assert str(found.since("substance_cut")) == "2026-11-19"
    assert found.quantity("time_since_last_use") == Quantity(3.0, "day")
    parkinson = understood(date="2026-11-22", medications=[{"name": "Sinemet", "stopped": "2026-11-19"}])
    assert parkinson.state("dopamine_medicine_cut") is Truth.TRUE
    long_ago = understood(date="2026-11-22", medications=[cut | {"stopped": "2026-10-01"}])
    assert not long_ago.asked("substance_cut")


def test_the_time_that_the_person_gives_goes_before_the_computed_one(understood: Any) -> None:
    found = understood(
        date="2026-11-22",
        findings={"time_since_last_use": {"value": 10, "unit": "hour"}},
        medications=[{"name": "Valium", "stopped": "2026-11-21"}],
    )
    assert found.quantity("time_since_last_use") == Quantity(10.0, "hour")


@pytest.mark.parametrize("cut", ["alcohol", "unknown"])
def test_a_stop_that_is_long_ago_does_not_hide_another_one(understood: Any, cut: str) -> None:
    old = {"name": "Zoloft", "stopped": "2026-11-01"}
    assert understood(date="2026-11-22", medications=[old]).quantity("time_since_last_use") == Quantity(21.0, "day")
    found = understood(date="2026-11-22", findings={"substance_cut": cut}, medications=[old])
    assert not found.asked("time_since_last_use")
    assert "antidepressant" in (found.chosen("substance_cut") or ())


@pytest.mark.parametrize(
    ("duration", "started", "within"),
    [
        ({"value": 5, "unit": "day"}, "2026-11-10", True),
        ({"value": 2, "unit": "week"}, "2026-10-20", True),
        ({"value": 5, "unit": "day"}, "2026-11-20", False),  # began before the medicine
        ({"value": 5, "unit": "day"}, "2026-10-01", False),  # seven weeks after it
        ({"value": 3, "unit": "month"}, "2026-08-01", False),  # a month is too coarse to tell
        ({"value": 12, "unit": "day"}, "2026-11-10", False),  # the same day, give or take half a day
    ],
)
def test_that_it_began_within_four_weeks_is_read_from_its_duration(
    understood: Any, duration: Any, started: str, within: bool
) -> None:
    found = understood(
        date="2026-11-22",
        findings={"symptom_duration": duration},
        medications=[{"name": "Zoloft", "started": started}],
    )
    expected = Truth.TRUE if within else Truth.UNKNOWN
    assert found.state("began_within_4_weeks_of_medicine") is expected
    assert found.state("began_within_4_weeks_of_medicine", {"medicine": "ssri"}) is expected
    if within:
        assert found.state("began_within_4_weeks_of_medicine", {"medicine": "lithium"}) is Truth.UNKNOWN
        assert "computed from dates" in found.entries("began_within_4_weeks_of_medicine")[0].origin


def test_a_change_of_dose_counts_as_a_start_and_two_medicines_are_told_apart(understood: Any) -> None:
    found = understood(
        date="2026-11-22",
        findings={"symptom_duration": {"value": 4, "unit": "day"}},
        medications=[{"name": "Zoloft", "started": "2024-01-01", "dose_changed": "2026-11-10"},
                     {"name": "lithium", "started": "2020-01-01"}],
    )  # fmt: skip
    assert found.state("began_within_4_weeks_of_medicine", {"medicine": "sertraline"}) is Truth.TRUE
    assert found.state("began_within_4_weeks_of_medicine", {"medicine": "lithium"}) is Truth.UNKNOWN


def test_what_the_person_says_of_the_timing_is_not_overruled(understood: Any) -> None:
    found = understood(
        date="2026-11-22",
        findings={"symptom_duration": {"value": 5, "unit": "day"}, "began_within_4_weeks_of_medicine": "absent"},
        medications=[{"name": "Zoloft", "started": "2026-11-10"}],
    )
    assert found.state("began_within_4_weeks_of_medicine") is Truth.FALSE


def test_what_leaves_the_body_slowly_counts_for_longer(understood: Any) -> None:
    for name, stopped, state in (
        ("Keytruda", "2026-04-01", Truth.TRUE),
        ("Keytruda", "2025-11-01", Truth.FALSE),
        ("oxaliplatin", "2026-07-01", Truth.TRUE),
        ("amiodarone", "2026-07-01", Truth.TRUE),
        ("sertraline", "2026-07-01", Truth.FALSE),
    ):
        found = understood(date="2026-11-22", medications=[{"name": name, "stopped": stopped}])
        ingredient = "pembrolizumab" if name == "Keytruda" else name
        assert found.state(ingredient) is state, (name, stopped)


@pytest.mark.parametrize(
    ("name", "substance"),
    [("trazodone", "antidepressant"), ("phenobarbital", "benzodiazepine"), ("temazepam", "benzodiazepine"),
     ("hydromorphone", "opioid"), ("Lunesta", "z_drug"), ("paliperidone", "antipsychotic")],
)  # fmt: skip
def test_a_stopped_medicine_is_the_substance_that_was_cut(understood: Any, name: str, substance: str) -> None:
    found = understood(date="2026-11-22", medications=[{"name": name, "stopped": "2026-11-19"}])
    assert substance in (found.chosen("substance_cut") or ())


@pytest.mark.parametrize(
    ("name", "meant"),
    [("sertralin hexal", "sertraline"), ("stopped Zoloft", "Zoloft"), ("paroxetin ratiopharm", "paroxetine")],
)
def test_a_known_name_inside_a_longer_one_is_asked_about(refused: Any, name: str, meant: str) -> None:
    error = refused(medications=[name])
    assert error.code == "E417"
    assert meant in error.do


@pytest.mark.parametrize("word", ["none", "None", "unknown", "no", "N/A", "-"])
def test_a_word_that_is_no_name_is_told_how_to_say_that_there_are_none(refused: Any, word: str) -> None:
    error = refused(medications=[word])
    assert error.code == "E405"
    assert "medications: []" in error.do


def test_a_list_longer_than_anyone_takes_is_refused_at_once(refused: Any) -> None:
    assert refused(medications=[f"Fluoxetin{n}" for n in range(3000)]).code == "E401"


@pytest.mark.parametrize("duration", [3000, 4e9, 1e300])
@pytest.mark.parametrize("date", ["2026-01-02", "0001-01-01"])
def test_a_duration_longer_than_the_calendar_is_read(parse: Any, duration: float, date: str) -> None:
    long = {"symptom_duration": {"value": duration, "unit": "year"}}
    parsed = parse(date=date, medications=[{"name": "sertraline", "started": date}], findings=long)
    assert parsed.errors == ()
