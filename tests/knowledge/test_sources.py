"""Every source says where in it and what it states, every number has a source or grade D, and each check can fail."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, get_args

import pytest
from pydantic import BaseModel

from legtwitch.errors import KnowledgeError
from legtwitch.knowledge import emg_norms, lab_schema, load, loader, medicine_schema, printing, schema
from legtwitch.knowledge.entry import Entry, Sourced

Content = dict[str, Any]
Write = Callable[[Content], Path]
RLS = "causes/restless_legs_syndrome.yaml"

# Numbers that are no medical statement: arithmetic of units, what can be a value at all, and an order for display.
NO_STATEMENT = {("LabUnits", "factors"), ("LabUnits", "offsets"), ("LabUnits", "plausible"), ("Cause", "harm")}
NO_STATEMENT |= {("Lab", name) for _, name in NO_STATEMENT}


def study(content: Content) -> Content:
    found: Content = content["sources.yaml"]["sources"][0]
    return found


def problems(content: Content, write: Write) -> str:
    with pytest.raises(KnowledgeError) as caught:
        loader.read(write(content))
    return str(caught.value)


@pytest.mark.parametrize("field", ["at", "states"])
@pytest.mark.parametrize("value", [None, "", "   "])
def test_a_source_without_locator_or_fact_is_refused(whole: Content, write: Write, field: str, value: Any) -> None:
    if value is None:
        del study(whole)[field]
    else:
        study(whole)[field] = value
    found = problems(whole, write)
    assert "sources.yaml: study" in found
    assert field in found


@pytest.mark.parametrize("change", [{"read": "not_read"}, {"at": "not read"}])
def test_not_read_stands_in_both_places_or_in_none(whole: Content, write: Write, change: Content) -> None:
    study(whole).update(change)
    assert "`at: not read` and `read: not_read` stand together" in problems(whole, write)


def test_the_fact_is_not_the_name_again(whole: Content, write: Write) -> None:
    study(whole).update(states="A study")
    assert "`states` must say what it says" in problems(whole, write)


def test_no_grade_but_d_rests_on_what_was_not_read(whole: Content, write: Write) -> None:
    unread = study(whole) | {"id": "unread", "doi": "", "read": "not_read", "at": "not read"}
    whole["sources.yaml"]["sources"].append(unread)
    whole["claims.yaml"]["claims"][0] |= {"grade": "D", "source": "unread"}
    loader.read(write(whole))
    whole["claims.yaml"]["claims"][0] |= {"grade": "C", "source": ["unread", "study"]}
    loader.read(write(whole))
    whole["claims.yaml"]["claims"][0] |= {"grade": "C", "source": "unread"}
    assert "C37: grade C rests on what was not read (unread)" in problems(whole, write)


def test_a_number_without_source_must_be_grade_d(whole: Content, write: Write) -> None:
    whole[RLS]["prior"][0] |= {"grade": "D"}
    del whole[RLS]["prior"][0]["source"]
    loader.read(write(whole))
    whole[RLS]["prior"][0] |= {"grade": "C"}
    assert "grade C needs a source" in problems(whole, write)
    del whole[RLS]["prior"][0]["grade"]
    assert "prior" in problems(whole, write)


def _numbers(annotation: Any) -> bool:
    return annotation in (float, int) or any(_numbers(part) for part in get_args(annotation))


def unsourced(classes: Iterator[type[BaseModel]]) -> set[str]:
    """Classes of entries that hold a number and neither a grade nor a place in the list of those that need none."""
    found = set()
    for one in classes:
        for name, field in one.model_fields.items():
            if not issubclass(one, Sourced) and _numbers(field.annotation) and (one.__name__, name) not in NO_STATEMENT:
                found.add(f"{one.__name__}.{name}")
    return found


def _classes() -> Iterator[type[BaseModel]]:
    for module in (schema, lab_schema, medicine_schema, emg_norms):
        for one in vars(module).values():
            if isinstance(one, type) and issubclass(one, Entry):
                one.model_rebuild()
                yield one


def test_every_entry_that_holds_a_number_has_a_grade() -> None:
    assert len(set(_classes())) > 35
    assert unsourced(_classes()) == set()


def test_that_check_finds_a_number_without_a_grade() -> None:
    class Bare(Entry):
        id: str
        spans: tuple[tuple[float | None, str], ...] = ()

    assert unsourced(iter([Bare])) == {"Bare.spans"}


def test_every_source_of_the_package_has_a_fact_of_its_own() -> None:
    sources = load().sources
    assert len(sources) > 430
    facts = [one.states.casefold() for one in sources.values()]
    assert sorted(fact for fact in set(facts) if facts.count(fact) > 1) == []
    assert [one.id for one in sources.values() if "\n" in one.states or len(one.states) > 450] == []
    assert [one.id for one in sources.values() if one.read == "abstract" and "not read" in one.at] == []


def test_norms_cite_sources_that_exist_and_listed_ones_are_theirs_or_explained() -> None:
    known = load()
    norms = {id for one in (*emg_norms.emg_norms(), *loader.norms()) for id in one.sources}
    assert norms <= known.sources.keys()
    listed = {id for id, one in known.sources.items() if one.listed}
    assert listed - norms <= {"atc_listing", "lm_montplaisir_1998"}


def test_a_source_is_printed_with_locator_and_fact(whole: Content, write: Write) -> None:
    known = loader.read(write(whole))
    document = printing.describe(known, "study")
    assert (document["at"], document["states"]) == ("table 2", "a third had it")
    text = printing.as_text(document)
    assert "  at: table 2\n" in text
    assert "  states: a third had it\n" in text
    cited = " ".join(printing.as_text(printing.describe(known, "restless_legs_syndrome")).split())
    assert "States (table 2): a third had it." in cited
