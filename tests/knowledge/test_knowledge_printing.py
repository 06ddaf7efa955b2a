from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from legtwitch.errors import UsageError
from legtwitch.knowledge import Knowledge, loader, printing
from legtwitch.knowledge.condition import parse
from legtwitch.knowledge.condition_words import in_words


@pytest.fixture
def known(whole: dict[str, Any], write: Callable[[dict[str, Any]], Path]) -> Knowledge:
    return loader.read(write(whole))


def test_everything_has_the_keys_of_the_contract(known: Knowledge) -> None:
    document = printing.dump(known)
    assert {"findings", "questions", "causes", "drugs", "exposures", "labs", "rules", "sources"} <= set(document)
    assert json.loads(json.dumps(document)) == document
    cause = next(one for one in document["causes"] if one["id"] == "restless_legs_syndrome")
    assert {"id", "name", "synonyms", "codes", "group"} <= set(cause)
    assert cause["synonyms"] == ["rls", "willis_ekbom_disease"]
    assert cause["codes"] == {"icd10cm": "G25.81"}
    drug = next(one for one in document["drugs"] if one["id"] == "diphenhydramine")
    assert {"name": "Benadryl", "country": ["US", "CA"]} in drug["names"]
    assert drug["country"] == ["CA", "GB", "US"]
    assert len(document["findings"]) == len(known.vocabulary.findings)
    assert len(document["causes"]) == len(known.vocabulary.causes)


def test_a_cause_is_shown_with_grades_and_sources_written_out(known: Knowledge) -> None:
    document = printing.describe(known, "restless_legs_syndrome")
    assert document["entry"] == "cause"
    assert document["sources"][0]["link"] == "https://doi.org/10.1/1"
    text = printing.as_text(document)
    assert text.startswith("restless_legs_syndrome (cause)\n")
    assert "grade B (cohort); source: study" in text
    assert "[study] A study. Read: abstract. https://doi.org/10.1/1" in text
    assert "NOT another condition or habit alone explains the urge" in " ".join(text.split())
    assert max(map(len, text.splitlines())) <= 100


@pytest.mark.parametrize(
    ("id", "entry"),
    [
        ("R20", "urgency rule"), ("screen_weak", "question"), ("study", "source"), ("tingling", "finding"),
        ("caffeine", "medicine or drug"), ("ferritin", "lab value"), ("irlssg_2014", "published definition"),
        ("C37", "claim"), ("aasm-v3", "scoring rule set"), ("well_water", "exposure"), ("cramp", "phenomenon"),
        ("less_caffeine", "care"), ("ferritin_test", "test"), ("age", "person key"), ("lower_motor", "construct"),
        ("rls", "cause"), ("Zoloft", "medicine or drug"), ("hunter_2003", "published definition"),
    ],
)  # fmt: skip
def test_every_kind_of_entry_can_be_shown(known: Knowledge, id: str, entry: str) -> None:
    document = printing.describe(known, id)
    assert document["entry"] == entry
    assert json.loads(json.dumps(document)) == document
    assert f"({entry})" in printing.as_text(document).splitlines()[0]


def test_what_is_empty_is_left_out(known: Knowledge) -> None:
    document = printing.describe(known, "irlssg_2014")
    assert set(document) == {"entry", "id", "label", "defines", "grade", "source", "when", "sources"}
    assert "clear" not in printing.describe(known, "ferritin")["limits"][0]


def test_one_id_of_several_kinds_shows_all(known: Knowledge) -> None:
    document = printing.describe(known, "akathisia")
    assert [document["entry"], *(one["entry"] for one in document["also_as"])] == ["cause", "phenomenon"]


def test_the_leak_stands_with_the_finding(known: Knowledge) -> None:
    assert printing.describe(known, "urge_to_move_legs")["without_a_cause"]["value"] == 0.05


def test_claims_are_listed_with_verdict_truth_and_sources(known: Knowledge) -> None:
    document = printing.describe(known, "claims")
    (claim,) = document["claims"]
    assert {key: claim[key] for key in ("id", "claim", "verdict", "truth")} == {
        "id": "C37", "claim": "Bananas help.", "verdict": "unproven", "truth": "No trial.",
    }  # fmt: skip
    assert "verdict: unproven" in printing.as_text(document)


def test_the_overview_lists_all_ids(known: Knowledge) -> None:
    text = printing.as_text(printing.dump(known))
    assert "  R20: foot drop\n" in text
    assert "  restless_legs_syndrome: Restless legs syndrome\n" in text
    assert known.hash in text


def test_an_unknown_id_is_refused_with_the_nearest(known: Knowledge) -> None:
    with pytest.raises(UsageError) as error:
        printing.describe(known, "restless_leg_syndrome")
    assert error.value.code == "E108"
    assert "restless_legs_syndrome" in error.value.allowed


@pytest.mark.parametrize(
    ("condition", "words"),
    [
        ("pregnant", "pregnant now"),
        ({"finding": "cramp_felt", "where": {"side": "left", "site": "calf"}},
         "a sudden, painful tightening of a muscle [side left, site calf]"),
        ({"quantity": "age", "at_least": 45, "unit": "year"},
         "age in years (part of a year as 0.1): at least 45 years"),
        ({"quantity": "symptom_duration", "under": 1, "unit": "day"},
         "how long it has been going on: under 1 day"),
        ({"quantity": "irls_total", "over": 20, "unit": "score"},
         "total of the restless legs severity scale (IRLS): over 20"),
        ({"choice": "twitch_spread", "any_of": ["one_spot", "one_limb"]},
         "how much of the body twitches: one spot or one limb"),
        ({"age_of": "tingling", "at_most": 72, "unit": "hour"}, "tingling or pins and needles, since at most 72 hours"),
        ({"known": "pregnant"}, "an answer is known to: pregnant now"),
        ({"told": "tingling"}, "told or found: tingling or pins and needles"),
        ({"any": [{"told": "tingling"}, {"told": "muscle_enlarged", "where": {"side": "left"}}, "pregnant"]},
         "told or found: tingling or pins and needles OR told or found: a muscle has become larger [side left]"
         " OR pregnant now"),
        ({"criterion": "hunter_2003"}, "the definition is met: serotonin toxicity (Hunter)"),
        ({"not": {"any": ["pregnant", "breastfeeding"]}}, "NOT (pregnant now OR breastfeeding)"),
        ({"all": ["pregnant", {"any": ["tingling", "breastfeeding"]}]},
         "pregnant now AND (tingling or pins and needles OR breastfeeding)"),
        ({"count": 2, "of": ["pregnant", "breastfeeding", "tingling"]},
         "at least 2 of: pregnant now; breastfeeding; tingling or pins and needles"),
        ({"regions": 2, "each": "muscle_enlarged"},
         "in at least 2 of the four body regions: a muscle has become larger"),
    ],
)  # fmt: skip
def test_conditions_in_words(known: Knowledge, condition: Any, words: str) -> None:
    assert in_words(parse(condition), known.vocabulary) == words
