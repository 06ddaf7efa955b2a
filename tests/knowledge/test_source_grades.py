"""`legtwitch knowledge grades`: the share of numbers by grade, and where judgement alone decides."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from legtwitch.knowledge import grades, load, loader, printing

Content = dict[str, Any]
Write = Callable[[Content], Path]
RLS = "causes/restless_legs_syndrome.yaml"
OVER_45 = {"quantity": "age", "at_least": 45, "unit": "year"}


def judged(content: Content, write: Write) -> list[grades.Judged]:
    return list(grades.judged(loader.read(write(content))))


def of(found: list[grades.Judged], by: str) -> list[grades.Judged]:
    return [one for one in found if one.by == by]


def test_shares_count_what_stands_in_the_files(whole: Content, write: Write) -> None:
    limits = [limit for lab in whole["labs.yaml"]["labs"] for limit in lab.get("limits", [])]
    graded = [limit["grade"] for limit in limits]
    ferritin = next(one for one in whole["labs.yaml"]["labs"] if one["id"] == "ferritin")
    ferritin["limits"].append({"finding": "low_ferritin", "printed": "below", "unit": "ng/mL", "grade": "D"})
    found = {one.kind: one for one in grades.shares(loader.read(write(whole)))}
    expected = {
        "priors": "B", "risks": "D", "evidence": "BD", "leaks": "BD", "constructs": "BD", "urgency rules": "D",
        "criteria": "BD", "tests": "D", "care": "DD",
    }  # fmt: skip
    assert {kind: "".join(g * n for g, n in one.count.items()) for kind, one in found.items() if kind != "labs"} == (
        expected
    )
    assert found["labs"].count == {grade: graded.count(grade) for grade in "ABCD"}
    assert found["labs"].total == len(graded) > 3


def test_shares_of_the_whole_add_up(whole: Content, write: Write) -> None:
    document = grades.document(loader.read(write(whole)))
    *kinds, total = document["shares"]
    assert total["kind"] == "all"
    for grade in grades.GRADE_NAMES:
        assert total["count"][grade] == sum(one["count"][grade] for one in kinds)
        assert total["share"][grade] == pytest.approx(total["count"][grade] / total["total"], abs=1e-4)
    assert total["total"] == sum(one["total"] for one in kinds)


def test_where_nothing_is_there_is_no_share(whole: Content, write: Write) -> None:
    whole[RLS]["risk"] = []
    document = grades.document(loader.read(write(whole)))
    risks = next(one for one in document["shares"] if one["kind"] == "risks")
    assert risks["share"] == dict.fromkeys("ABCD")
    assert "risks" + " " * 16 + "0     0" + " " * 6 + "-" in "\n".join(grades.as_lines(document))


def test_rules_criteria_and_gate_of_grade_d_are_listed_with_their_numbers(whole: Content, write: Write) -> None:
    several = {"count": 2, "of": ["tingling", "cramp_felt", "tremor_felt"], "label": "signs"}
    whole["urgency.yaml"]["rules"][0]["levels"][0]["when"] = {"all": [{"not": OVER_45}, several]}
    found = judged(whole, write)
    assert {(one.kind, one.by) for one in found} == {
        ("rule", "R20"), ("gate", "onset_known"), ("criterion", "icsd3tr_rls"),
    }  # fmt: skip
    (rule,) = of(found, "R20")
    assert rule.what == "all of it: foot drop"
    assert [figure.split(":")[0] for figure in rule.figures] == ["age in years (part of a year as 0.1)", "2 of 3"]
    assert rule.figures[0].endswith("at least 45 years")


def test_a_better_grade_is_listed_only_for_the_part_that_its_note_calls_judgement(whole: Content, write: Write) -> None:
    rule = whole["urgency.yaml"]["rules"][0]
    rule |= {"grade": "B", "source": "study", "note": "The sign is known. The 72 hours are expert judgement. So be it."}
    (found,) = of(judged(whole, write), "R20")
    assert found.what == "a part, by its note (grade B)"
    assert found.note == "The 72 hours are expert judgement."
    rule["note"] = "The sign is known."
    assert of(judged(whole, write), "R20") == []


def test_lab_limits_of_grade_d_that_a_condition_reads_are_listed(whole: Content, write: Write) -> None:
    criterion = whole[RLS]["criteria"]["irlssg_2014"]
    criterion["when"] = {"all": ["urge_to_move_legs", {"not": "low_ferritin"}]}
    ferritin = next(one for one in whole["labs.yaml"]["labs"] if one["id"] == "ferritin")
    assert of(judged(whole, write), "irlssg_2014") == []
    limit = next(one for one in ferritin["limits"] if one["finding"] == "low_ferritin")
    limit |= {"grade": "D", "note": "a guess"}
    found = of(judged(whole, write), "irlssg_2014")
    assert [(one.what, one.figures, one.note) for one in found] == [
        ("lab limit of ferritin for low_ferritin", ("below 75 ng/mL or equal",), "a guess")
    ]
    criterion["when"] = "urge_to_move_legs"
    assert of(judged(whole, write), "irlssg_2014") == []


def test_a_definition_of_grade_d_is_listed_under_what_rests_on_it(whole: Content, write: Write) -> None:
    rule = whole["urgency.yaml"]["rules"][0]
    rule |= {"grade": "B", "source": "study"}
    rule["levels"][0]["when"] = {"any": ["cramp_felt", {"criterion": "icsd3tr_rls"}]}
    (found,) = of(judged(whole, write), "R20")
    assert found.what == "definition icsd3tr_rls"


def test_the_command_prints_table_and_list(run: Callable[..., Any]) -> None:
    text = run("knowledge", "grades")
    assert (text.code, text.err) == (0, "")
    assert text.out.startswith("graded entries")
    assert max(map(len, text.out.splitlines())) <= 100
    rows = {line[:16].strip(): line[16:].split() for line in text.out.split("\n\n")[0].splitlines()}
    document = json.loads(run("knowledge", "grades", "--json").out)
    assert document["entry"] == "grades"
    for one in document["shares"]:
        assert rows[one["kind"]][0] == str(one["total"]) != "0"
    assert document == json.loads(json.dumps(printing.describe(load(), "grades")))
    listed = {one["by"] for one in document["judged"]}
    known = load()
    assert {one.id for one in known.safety.rules if one.grade == "D"} <= listed
    assert {id for id, (_, one) in known.criteria().items() if one.grade == "D"} <= listed
    assert all(f"{by} (" in text.out for by in listed)
