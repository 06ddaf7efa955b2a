"""Medicines, contacts and lab values: found by search, confirmed where in doubt, refused in plain words."""

from __future__ import annotations

import re
from typing import Any

import pytest


def kept(person: Any) -> Any:
    return person.client.app.state.desk.store.visit(person.visit)


def meant(person: Any) -> list[str]:
    return re.findall(r'name="meant" value="([^"]*)"', person.page.text)


@pytest.fixture
def here(person: Any) -> Any:
    person.start("GB")
    return person.open(f"/visit/{person.visit}/medicines")


def test_a_known_medicine_is_added_and_said_what_it_is(here: Any) -> None:
    here.send(here.path, name="Benadryl")
    assert "Understood as acrivastine" in here.text
    assert kept(here).medications == ({"name": "Benadryl"},)


def test_a_name_in_doubt_is_asked_about(here: Any) -> None:
    here.send(here.path, name="ibuprofn")
    assert "Did you mean" in here.text
    assert kept(here).medications is None
    assert meant(here) == ["ibuprofen", "as_written"]
    here.send(here.path, written="ibuprofn", meant="ibuprofen")
    assert kept(here).medications == ({"name": "ibuprofen"},)


def test_a_name_in_doubt_can_be_kept_as_it_is(here: Any) -> None:
    here.send(here.path, written="ibuprofn", meant="as_written")
    assert kept(here).medications == ({"name": "ibuprofn", "as_written": True},)


@pytest.mark.parametrize("chosen", ["", "warfarin"])
def test_a_name_in_doubt_is_never_guessed(here: Any, chosen: str) -> None:
    here.send(here.path, written="ibuprofn", meant=chosen)
    assert here.page.status_code == 422
    assert kept(here).medications is None


def test_a_brand_that_differs_by_country_is_asked_about(person: Any) -> None:
    person.start("")
    person.open(f"/visit/{person.visit}/medicines").send(f"/visit/{person.visit}/medicines", name="Benadryl")
    assert "not the same everywhere" in person.text
    assert {"diphenhydramine", "acrivastine"} <= set(meant(person))


def test_an_unknown_name_is_kept_and_said_so(here: Any) -> None:
    here.send(here.path, name="Zzyzxol")
    assert "Not known here" in here.text
    assert kept(here).medications == ({"name": "Zzyzxol"},)


def test_days_in_the_wrong_order_are_told(here: Any) -> None:
    here.send(here.path, name="citalopram", started="2026-03-01", stopped="2026-02-01")
    assert here.page.status_code == 422
    assert "before it was" in here.errors[0]
    here.send(here.path, name="citalopram", started="2199-03-01", stopped="")
    assert here.page.status_code == 422
    assert kept(here).medications is None


def test_no_medicines_is_not_the_same_as_not_told(here: Any) -> None:
    visit = here.visit
    here.send(f"/visit/{visit}/medicines/none")
    assert kept(here).medications == ()
    here.open(f"/visit/{visit}/medicines")
    assert "You said that you take no medicines" in here.text


def test_a_medicine_is_removed_again(here: Any) -> None:
    visit = here.visit
    here.send(here.path, name="citalopram").send(here.path, name="lithium")
    here.send(f"/visit/{visit}/medicines/remove", place="0")
    assert kept(here).medications == ({"name": "lithium"},)
    here.send(f"/visit/{visit}/medicines/remove", place="0")
    assert kept(here).medications is None


def test_names_are_offered_while_one_writes(here: Any) -> None:
    path = f"/visit/{here.visit}/medicines/like"
    answer = here.client.post(path, data={"csrf": here.secret, "name": "citalo"})
    assert "citalopram" in answer.json()
    assert here.client.post(path, data={"csrf": here.secret, "name": "ci"}).json() == []
    assert here.client.post(path, data={"name": "citalo"}).status_code == 403


def test_what_is_written_is_shown_as_text(here: Any) -> None:
    here.send(here.path, name="<img src=x onerror=alert(1)>")
    assert "<img" not in here.page.text
    assert "&lt;img" in here.page.text


def test_a_contact_is_found_by_a_word(here: Any) -> None:
    visit = here.visit
    here.send(f"/visit/{visit}/exposures/search", words="cream")
    assert "skin_lightening_cream" in re.findall(r'name="id" value="([^"]*)"', here.page.text)
    here.send(f"/visit/{visit}/exposures", id=["skin_lightening_cream", "no_such_thing"])
    assert kept(here).exposures == ("skin_lightening_cream",)
    here.send(f"/visit/{visit}/exposures/remove", id="skin_lightening_cream")
    assert kept(here).exposures is None


def test_a_word_that_is_not_known_is_told(here: Any) -> None:
    here.send(f"/visit/{here.visit}/exposures/search", words="qqqq")
    assert here.page.status_code == 422
    assert "Nothing like “qqqq” is known here" in here.errors[0]


@pytest.mark.parametrize("word", ["thermometr", "mercury", "fish", "battery"])
def test_contacts_are_found_with_a_slip_of_the_hand(here: Any, word: str) -> None:
    here.send(f"/visit/{here.visit}/exposures/search", words=word)
    assert here.page.status_code == 200
    assert "Is it one of these?" in here.text


def lab(here: Any, **fields: str) -> Any:
    return here.send(f"/visit/{here.visit}/labs", **{"lab": "ferritin", "value": "18", "unit": "ng/mL", **fields})


def test_a_lab_value_is_kept_as_printed(here: Any) -> None:
    lab(here, low="15", high="150", date="2026-01-05")
    assert kept(here).labs == {
        "ferritin": {"value": "18", "unit": "ng/mL", "range": ["15", "150"], "date": "2026-01-05"}
    }
    lab(here, value="9", date="2025-01-05")
    assert [one["value"] for one in kept(here).labs["ferritin"]] == ["18", "9"]
    here.send(f"/visit/{here.visit}/labs/remove", id="ferritin", place="0")
    assert kept(here).labs["ferritin"]["value"] == "9"


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"value": ""}, "Write the number"),
        ({"unit": ""}, "Choose the unit"),
        ({"value": "lots"}, "not a number"),
        ({"unit": "bananas"}, "unit"),
        ({"value": "99999999"}, "no value that a person can have"),
        ({"date": "2199-01-01"}, "after"),
        ({"low": "9", "high": "3"}, "low limit above"),
    ],
)
def test_a_lab_value_that_cant_be_is_told(here: Any, fields: dict[str, str], told: str) -> None:
    lab(here, **fields)
    assert here.page.status_code == 422
    assert told in " ".join(here.errors)
    assert kept(here).labs is None


def test_a_medicine_can_raise_the_urgency_at_once(here: Any) -> None:
    before = kept(here).level
    here.send(here.path, name="citalopram")
    assert kept(here).level in ("routine", "same_day", "two_weeks", "emergency")
    assert before == ""
