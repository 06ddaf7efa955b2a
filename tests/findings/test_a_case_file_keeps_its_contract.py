"""Every sentence of the contract about case files."""

from __future__ import annotations

import datetime
import json
from pathlib import Path
from typing import Any

import pytest

from legtwitch.errors import FileError
from legtwitch.findings import parse_case, read_case
from legtwitch.findings.codes import CODES
from legtwitch.model import Quantity, Truth

CONTRACT = """\
date: 2026-11-22                       # needed when anything is dated or "since"
person: {age: 34, sex: male, pregnant: absent, country: GB, setting: community}
findings:
  fasciculation_felt: present
  felt_weakness: absent
  urge_to_move_legs: unknown           # asked, not known; a missing key = not asked
  symptom_duration: {value: 4, unit: month}
  heel_walk_failed: {value: present, side: left, by: clinician, since: 2026-10-01}
medications: [Benadryl, {name: ciprofloxacin, started: 2026-11-10, stopped: 2026-11-17}]
exposures: [skin_lightening_cream]
labs:
  ferritin: {value: 18, unit: ng/mL, date: 2026-11-02}
  calcium_total: {value: 2.3, unit: mmol/L, range: [2.15, 2.55]}
recordings:
  - {file: night.edf, events: [night.tsv]}
  - {file: calf.csv, modality: accelerometer, muscle: gastrocnemius, side: left}
"""


@pytest.fixture
def write(tmp_path: Path) -> Any:
    def call(text: str | bytes, name: str = "case.yaml") -> Path:
        path = tmp_path / name
        path.write_bytes(text.encode() if isinstance(text, str) else text)
        return path

    return call


def test_the_example_of_the_contract_is_understood(write: Any, knowledge: Any) -> None:
    parsed = read_case(write(CONTRACT), knowledge)
    assert parsed.errors == ()
    case = parsed.case
    by_id = {one.id: one for one in case.findings}
    assert case.date == datetime.date(2026, 11, 22)
    assert by_id["age"].value == Quantity(34.0, "year")
    assert by_id["country"].value == ("GB",)
    assert by_id["urge_to_move_legs"].value == "unknown"
    assert by_id["symptom_duration"].value == Quantity(4.0, "month")
    walk = by_id["heel_walk_failed"]
    assert (walk.value, walk.by, walk.since) == ("present", "clinician", datetime.date(2026, 10, 1))
    assert dict(walk.attributes) == {"side": "left"}
    assert [one.written for one in case.medicines] == ["Benadryl", "ciprofloxacin"]
    assert by_id["skin_lightening_cream"].value == "present"
    assert by_id["ferritin"].value == Quantity(18.0, "ng/mL")
    assert by_id["low_ferritin"].value == "present"
    assert case.labs[1].range == (2.15, 2.55)
    assert [one.file for one in case.recordings] == ["night.edf", "calf.csv"]
    assert case.recordings[1].muscle == "gastrocnemius"


def test_json_is_read_like_yaml(write: Any, knowledge: Any) -> None:
    text = json.dumps({"person": {"country": "NO"}, "findings": {"fever": "no"}})
    parsed = read_case(write(text, "case.json"), knowledge)
    assert parsed.errors == ()
    assert [one.value for one in parsed.case.findings] == ["absent", ("NO",)]


@pytest.mark.parametrize("word", ["NO", "no", "No"])
def test_no_is_norway(write: Any, knowledge: Any, word: str) -> None:
    parsed = read_case(write(f"person: {{country: {word}}}"), knowledge)
    assert parsed.errors == ()
    assert parsed.case.findings[0].value == ("NO",)


@pytest.mark.parametrize(("written", "near"), [("UK", "GB"), ("XX", ""), ("Norway", ""), (False, ""), (47, "")])
def test_a_country_is_checked_against_the_list(refused: Any, written: Any, near: str) -> None:
    error = refused(person={"country": written})
    assert error.code == "E421"
    assert near in error.do


def test_countries_are_those_of_iso_3166() -> None:
    from legtwitch.findings.countries import COUNTRIES

    assert len(COUNTRIES) == 249
    assert {"GB", "US", "NO", "XK", "UK"} & COUNTRIES == {"GB", "US", "NO"}


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("present", "present"),
        ("yes", "present"),
        ("true", "present"),
        (True, "present"),
        ("Yes", "present"),
        ("absent", "absent"),
        ("no", "absent"),
        (False, "absent"),
        ("unknown", "unknown"),
    ],
)
def test_yes_no_true_and_false_are_present_and_absent(parse: Any, written: Any, value: str) -> None:
    parsed = parse(findings={"fever": written})
    assert parsed.errors == ()
    assert parsed.case.findings[0].value == value


@pytest.mark.parametrize("written", [3, 0, 1, None, "maybe", {"value": 3}, ["present", 5], {"unit": "day"}, []])
def test_a_flag_of_another_kind_is_refused(refused: Any, written: Any) -> None:
    assert refused(findings={"fever": written}).code in ("E401", "E405")


@pytest.mark.parametrize("written", [True, "present", "no", None, {"value": "absent", "unit": "day"}])
def test_a_quantity_is_no_flag(refused: Any, written: Any) -> None:
    assert refused(findings={"symptom_duration": written}).code == "E405"


# ---- unknown keys, ids, options --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("blocks", "code", "near"),
    [
        ({"findings": {"felt_weaknes": "present"}}, "E403", "felt_weakness"),
        ({"findings": {"twitching": "present"}}, "E403", "fasciculation_felt"),
        ({"findings": {"temperature": {"value": 38, "unit": "degC"}}}, "E403", "body_temperature"),
        ({"findings": {"ferritine": "present"}}, "E403", "ferritin"),
        ({"labs": {"hemoglobin": {"value": 130, "unit": "g/L"}}}, "E403", "haemoglobin"),
        ({"exposures": ["bleaching_cream"]}, "E403", "skin_lightening_cream"),
        ({"person": {"settings": "community"}}, "E403", "setting"),
        ({"finding": {"fever": "present"}}, "E402", "findings"),
        ({"findings": {"fever": {"value": "present", "sinse": "2026-01-01"}}}, "E402", ""),
        ({"findings": {"age": 34}}, "E404", "person"),
        ({"findings": {"ferritin": {"value": 18, "unit": "ng/mL"}}}, "E404", "labs"),
        ({"fever": "present"}, "E404", "findings"),
        ({"findings": {"twitch_spread": "one_limbs"}}, "E406", "one_limb"),
        ({"findings": {"cramp_felt": {"value": "present", "site": "calfs"}}}, "E406", "calf"),
        ({"findings": {"cramp_felt": {"value": "present", "muscle": "soleus"}}}, "E414", ""),
        ({"findings": {"felt_weakness": {"value": "present", "by": "clinician"}}}, "E415", ""),
        ({"findings": {"symptom_duration": {"value": 4, "unit": "months"}}}, "E408", "month"),
        ({"findings": {"symptom_duration": {"value": 4, "unit": "degC"}}}, "E408", ""),
        ({"findings": {"overdose_possible": {"value": "present", "medicine": "sertralin"}}}, "E406", "sertraline"),
        ({"recordings": [{"file": "a.edf", "muscles": "soleus"}]}, "E402", "muscle"),
        ({"recordings": [{"file": "a.edf", "muscle": "calf"}]}, "E406", ""),
        ({"recordings": [{"file": "a.edf", "unit": "uVolt"}]}, "E408", ""),
        ({"recordings": [{"file": "a.edf", "rate": 0}]}, "E410", ""),
        ({"recordings": [{"modality": "video"}]}, "E401", ""),
        ({"medications": [{"name": "caffeine", "dose": 3}]}, "E402", ""),
        ({"medications": "caffeine"}, "E401", "medications: []"),
        ({"medications": None}, "E401", "medications: []"),
        ({"findings": ["fever"]}, "E401", ""),
    ],
)
def test_what_is_not_known_is_refused_with_the_nearest_name(refused: Any, blocks: Any, code: str, near: str) -> None:
    error = refused(**blocks)
    assert error.code == code
    assert near in error.do
    assert error.code in CODES


def test_an_error_names_the_place_and_what_is_allowed(refused: Any) -> None:
    error = refused(findings={"heel_walk_failed": {"value": "present", "side": "lft"}})
    assert "findings.heel_walk_failed.side" in error.message
    assert error.got == "lft"
    assert error.allowed == ["left", "right", "both"]


def test_all_errors_are_collected_and_all_that_is_understood_is_kept(parse: Any) -> None:
    parsed = parse(
        findings={"fever": "present", "nonsense_here": "present", "confusion": {"value": "present", "sidee": "left"}},
        labs={"potassium": {"value": 6.4, "unit": "mmol/L"}, "sodium": {"value": 140}},
        medications=["sertralin", "linezolid"],
    )
    assert [one.code for one in parsed.errors] == ["E403", "E402", "E417", "E407"]
    kept = {one.id: one.value for one in parsed.case.findings}
    assert kept["fever"] == kept["confusion"] == kept["linezolid"] == kept["high_potassium"] == "present"


def test_absent_of_a_doubtful_place_is_not_widened_to_everywhere(parse: Any) -> None:
    parsed = parse(findings={"cramp_felt": {"value": "absent", "side": "lft"}})
    assert len(parsed.errors) == 1
    assert parsed.case.findings == ()


# ---- quantities ------------------------------------------------------------------------------------------------------


def test_a_quantity_needs_a_unit(refused: Any) -> None:
    assert refused(findings={"symptom_duration": {"value": 4}}).code == "E407"
    assert refused(findings={"symptom_duration": 4}).code == "E407"
    assert refused(labs={"ferritin": 18}).code == "E407"


def test_person_quantities_may_be_bare_or_in_another_unit(parse: Any) -> None:
    parsed = parse(person={"age": {"value": 8, "unit": "month"}, "height": 176, "weight": "70,5"})
    assert parsed.errors == ()
    values = {one.id: one.value for one in parsed.case.findings}
    assert values == {"age": Quantity(8, "month"), "height": Quantity(176, "cm"), "weight": Quantity(70.5, "kg")}


@pytest.mark.parametrize("written", ["38,5", "38.5", 38.5, " 38,5 "])
def test_a_decimal_comma_is_read(parse: Any, written: Any) -> None:
    parsed = parse(findings={"body_temperature": {"value": written, "unit": "degC"}})
    assert parsed.errors == ()
    assert parsed.case.findings[0].value == Quantity(38.5, "degC")


@pytest.mark.parametrize("written", ["1,234", "1.234,5", "1,234.5", "about 4", "", float("nan"), float("inf"), True])
def test_a_number_that_can_be_read_in_two_ways_or_none_is_refused(refused: Any, written: Any) -> None:
    assert refused(labs={"ferritin": {"value": written, "unit": "ng/mL"}}).code == "E409"


def test_a_number_of_thousands_of_digits_is_refused(refused: Any) -> None:
    assert refused(findings={"symptom_duration": {"value": 10**5000, "unit": "day"}}).code == "E409"


@pytest.mark.parametrize("micro", ["\u00b5", "\u03bc", "u"])
def test_both_micro_signs_are_read(parse: Any, micro: str) -> None:
    parsed = parse(
        labs={"creatinine": {"value": 80, "unit": f"{micro}mol/L"}},
        recordings=[{"file": "a.csv", "unit": f"{micro}V"}],
    )
    assert parsed.errors == ()
    assert parsed.case.labs[0].unit == "umol/L"
    assert parsed.case.recordings[0].unit == "uV"


@pytest.mark.parametrize("age", [-1, 126, {"value": 40, "unit": "degC"}, "old", {"value": 1600, "unit": "month"}])
def test_impossible_ages_are_refused(refused: Any, age: Any) -> None:
    assert refused(person={"age": age}).code in ("E408", "E409", "E410")


def test_a_newborn_is_possible(parse: Any) -> None:
    assert parse(person={"age": 0}).errors == ()


def test_a_temperature_in_the_wrong_unit_is_refused_with_the_likely_one(refused: Any) -> None:
    error = refused(findings={"body_temperature": {"value": 101, "unit": "degC"}})
    assert error.code == "E410"
    assert "101 degF" in error.do


def test_less_than_nothing_is_refused_where_it_makes_no_sense(parse: Any, refused: Any) -> None:
    assert refused(findings={"symptom_duration": {"value": -4, "unit": "day"}}).code == "E410"
    assert parse(findings={"wells_dvt_score": {"value": -2, "unit": "score"}}).errors == ()


# ---- dates -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("written", ["2026-11-02", datetime.date(2026, 11, 2), datetime.datetime(2026, 11, 2, 8, 30)])
def test_dates_are_iso_text_or_dates(parse: Any, written: Any) -> None:
    parsed = parse(date=written, findings={"fever": {"value": "present", "since": written}})
    assert parsed.errors == ()
    assert parsed.case.date == parsed.case.findings[0].since == datetime.date(2026, 11, 2)


@pytest.mark.parametrize("written", ["2026-13-01", "2026-02-30", "02.11.2026", "2026-11", 20261102, "yesterday", None])
def test_other_dates_are_refused(refused: Any, written: Any) -> None:
    findings = {"fever": {"value": "present", "since": written}}
    assert refused(date="2026-11-22", findings=findings).code == "E411"


def test_a_date_after_the_case_is_refused_and_the_rest_is_kept(parse: Any) -> None:
    parsed = parse(date="2026-11-22", findings={"fever": {"value": "present", "since": "2026-11-23"}})
    assert [one.code for one in parsed.errors] == ["E412"]
    assert (parsed.case.findings[0].value, parsed.case.findings[0].since) == ("present", None)


@pytest.mark.parametrize(
    "blocks",
    [
        {"findings": {"fever": {"value": "present", "since": "2026-11-01"}}},
        {"labs": {"ferritin": {"value": 18, "unit": "ng/mL", "date": "2026-11-01"}}},
        {"medications": [{"name": "sertraline", "started": "2026-11-01"}]},
        {"exposures": [{"id": "tick_bite", "since": "2026-11-01"}]},
    ],
)
def test_the_date_of_the_case_is_needed_when_anything_is_dated(parse: Any, refused: Any, blocks: Any) -> None:
    error = refused(**blocks)
    assert (error.code, error.message.split()[0]) == ("E413", "`date`")
    assert parse(date="2026-11-22", **blocks).errors == ()


def test_dates_of_a_medicine_must_follow_each_other(refused: Any) -> None:
    item = {"name": "sertraline", "started": "2026-11-10", "stopped": "2026-11-09"}
    assert refused(date="2026-11-22", medications=[item]).code == "E423"


# ---- several values, attributes, sources -----------------------------------------------------------------------------


def test_several_places_and_dated_values_are_kept_apart(parse: Any) -> None:
    parsed = parse(
        date="2026-11-22",
        findings={
            "weakness_found": [
                {"value": "present", "muscle": "deltoid", "side": "right"},
                {"value": "absent", "muscle": "tongue"},
            ],
            "body_temperature": [
                {"value": 39, "unit": "degC", "date": "2026-11-20"},
                {"value": 37, "unit": "degC", "date": "2026-11-22"},
            ],
            "twitch_body_site": ["calf", "eyelid"],
        },
        labs={"ferritin": [{"value": 18, "unit": "ng/mL", "date": "2026-01-02"}, {"value": 40, "unit": "ug/L"}]},
    )
    assert parsed.errors == ()
    entries = [one for one in parsed.case.findings if one.id == "weakness_found"]
    assert [dict(one.attributes) for one in entries] == [{"muscle": "deltoid", "side": "right"}, {"muscle": "tongue"}]
    assert [one.by for one in entries] == ["clinician", "clinician"]
    assert sum(one.id == "body_temperature" for one in parsed.case.findings) == 2
    assert [one.value for one in parsed.case.findings if one.id == "twitch_body_site"] == [("calf", "eyelid")]
    assert len(parsed.case.labs) == 2


@pytest.mark.parametrize(
    "blocks",
    [
        {"findings": {"cramp_felt": ["present", "absent"]}},
        {"findings": {"cramp_felt": [{"value": "present", "side": "left"}, "absent"]}},
        {"findings": {"cramp_felt": [{"value": "present", "side": "both"}, {"value": "absent", "side": "right"}]}},
        {"findings": {"symptom_duration": [{"value": 3, "unit": "month"}, {"value": 2, "unit": "day"}]}},
        {"labs": {"sodium": [{"value": 140, "unit": "mmol/L"}, {"value": 120, "unit": "mmol/L"}]}},
        {"medications": ["sertraline", {"name": "ssri", "value": "absent"}]},
        {"exposures": ["tick_bite", {"id": "tick_bite", "value": "no"}]},
    ],
)
def test_contradictions_without_dates_are_refused(refused: Any, blocks: Any) -> None:
    assert refused(**blocks).code == "E416"


@pytest.mark.parametrize(
    "value",
    [
        [{"value": "present", "side": "left"}, {"value": "absent", "side": "right"}],
        [{"value": "present", "by": "clinician"}, {"value": "absent", "by": "person"}],
        ["present", "unknown"],
        ["present", "present"],
    ],
)
def test_what_can_both_be_so_is_no_contradiction(parse: Any, value: Any) -> None:
    assert parse(findings={"heel_walk_failed": value}).errors == ()


def test_none_of_the_options_is_an_empty_choice(parse: Any) -> None:
    parsed = parse(findings={"twitch_spread": "absent", "substance_cut": "no"}, person={"driver": "none"})
    assert parsed.errors == ()
    assert [one.value for one in parsed.case.findings] == [(), (), ("none",)]


def test_one_option_only_unless_the_vocabulary_allows_many(refused: Any) -> None:
    assert refused(findings={"twitch_spread": ["one_limb", "both_legs"]}).code == "E405"


def test_a_clinician_who_answers_states_what_a_clinician_may_state(parse: Any) -> None:
    parsed = parse(person={"answered_by": "clinician"}, findings={"fever": "present", "felt_weakness": "present"})
    assert {one.id: one.by for one in parsed.case.findings} == {
        "fever": "clinician",
        "felt_weakness": "person",
        "answered_by": "person",
    }


# ---- lists that say that there are none ------------------------------------------------------------------------------


def test_an_empty_list_says_that_there_are_none(understood: Any) -> None:
    none = understood(medications=[], exposures=[])
    assert none.state("sertraline") is none.state("ssri") is none.state("tick_bite") is Truth.FALSE
    assert none.known("ssri")
    not_asked = understood()
    assert not_asked.state("ssri") is not_asked.state("tick_bite") is Truth.UNKNOWN
    some = understood(medications=["caffeine"], exposures=["tick_bite"])
    assert some.state("ssri") is some.state("snake_bite") is Truth.UNKNOWN


# ---- paths -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path",
    [
        "../night.edf",
        "a/../../night.edf",
        "/etc/passwd",
        "C:\\night.edf",
        "..\\night.edf",
        "\\\\host\\x",
        "",
        3,
        "a\x00b",
        ".",
        None,
        "link/night.edf",
        "loop/night.edf",
    ],
)
def test_a_path_out_of_the_folder_is_refused(tmp_path: Path, knowledge: Any, path: Any) -> None:
    folder = tmp_path / "case"
    folder.mkdir()
    (folder / "link").symlink_to(tmp_path)
    (folder / "loop").symlink_to(folder / "loop")
    for ref in ({"file": path}, {"file": "night.edf", "events": [path]}):
        errors = parse_case({"recordings": [ref]}, knowledge, folder=folder).errors
        assert [one.code for one in errors] == ["E422"]


def test_a_path_inside_the_folder_is_kept_whether_or_not_the_file_is_there(tmp_path: Path, knowledge: Any) -> None:
    parsed = parse_case({"recordings": [{"file": "nights/one.edf"}]}, knowledge, folder=tmp_path)
    assert parsed.errors == ()
    assert parsed.case.recordings[0].file == "nights/one.edf"


# ---- files that can't be read ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "content", ["a: [", "a: 1\na: 2", b"\xff\xfe\x00x", "findings: {fever: present, fever: absent}"]
)
def test_what_is_not_yaml_is_a_file_error(write: Any, knowledge: Any, content: Any) -> None:
    with pytest.raises(FileError) as caught:
        read_case(write(content), knowledge)
    assert caught.value.code == "E204"


def test_a_missing_file_a_folder_and_a_huge_file_are_file_errors(tmp_path: Path, write: Any, knowledge: Any) -> None:
    for path in (tmp_path / "none.yaml", tmp_path):
        with pytest.raises(FileError):
            read_case(path, knowledge)
    with pytest.raises(FileError) as caught:
        read_case(write(b"#" * 4_000_001), knowledge)
    assert caught.value.code == "E208"


def test_an_empty_file_is_refused_and_an_empty_map_is_an_empty_case(write: Any, knowledge: Any) -> None:
    with pytest.raises(FileError) as refused:
        read_case(write("# nothing yet\n"), knowledge)
    assert refused.value.code == "E204"
    parsed = read_case(write("{}"), knowledge)
    assert (parsed.errors, parsed.case.findings) == ((), ())
    assert read_case(write("just words"), knowledge).errors[0].code == "E401"
