"""A small knowledge folder that is whole and right, for tests that break it."""

from __future__ import annotations

import json
from collections.abc import Callable
from importlib import resources
from pathlib import Path
from typing import Any

import pytest

from legtwitch.knowledge import yaml12

DATA = resources.files("legtwitch.knowledge") / "data"
Content = dict[str, Any]


def _packaged(name: str) -> Any:
    return yaml12.load((DATA / name).read_text(encoding="utf-8"), name)


# What the tests name; the rest of these long sections is left out to keep them fast.
KEPT = {
    "findings": {
        *(
            "urge_to_move_legs",
            "urge_explained_by_mimic",
            "cramp_felt",
            "cramp_in_bed",
            "cramp_duration",
            "tremor_felt",
        ),
        *("weakness_found", "kicks_in_sleep", "twitch_spread", "twitch_body_site", "symptom_duration", "tingling"),
        *("emg_pattern", "caffeine_daily", "irls_total", "muscle_enlarged"),
        *("low_ferritin", "low_haemoglobin", "high_mercury", "high_lead"),
    },
    "labs": {"ferritin", "haemoglobin", "alt", "mercury_urine", "lead_blood"},
    "medications": {
        *("caffeine", "methylxanthine", "cocaine", "recreational_stimulant", "recreational_drug", "diphenhydramine"),
        *("ssri", "serotonergic_drug", "sertraline", "sedating_antihistamine", "hypnotic_nonprescription", "sedative"),
        "anticholinergic",
    },
}


def _shortened(vocabulary: Any) -> Any:
    kept = {name: set(ids) for name, ids in KEPT.items()}
    kept["findings"].update(id for one in vocabulary["screen"] for id in one["sets"])
    short = {name: [one for one in vocabulary[name] if one["id"] in ids] for name, ids in kept.items()}
    return vocabulary | short


def _screen(vocabulary: Any) -> list[Any]:
    questions = []
    for one in vocabulary["screen"]:
        options = [{"label": id, "sets": {id: "present"}} for id in one["sets"]]
        for id in one.get("person", []):
            units = {"age": "year", "weeks_pregnant": "week", "postpartum_weeks": "week"}
            options.append(
                {"label": id, "enter": {id: units[id]}} if id in units else {"label": id, "sets": {id: "present"}}
            )
        for option in options:
            if option.get("sets") == {"substance_cut": "present"}:
                option["sets"] = {"substance_cut": ["alcohol"]}
        question = {"id": one["id"], "stage": "screen", "text": one["label"], "why": "safety", "several": True}
        questions.append(question | {"options": options})
    return questions


@pytest.fixture(scope="session")
def _whole() -> str:
    vocabulary = _shortened(_packaged("vocabulary.yaml"))
    labs = {"labs": [one for one in _packaged("labs.yaml")["labs"] if one["id"] in KEPT["labs"]]}
    for lab in labs["labs"]:
        for limit in [*lab.get("limits", []), *lab.get("reference", [])]:
            if "source" in limit:
                limit["source"] = "study"
    study = {"id": "study", "cite": "A study", "read": "abstract", "doi": "10.1/1"}
    study |= {"at": "table 2", "states": "a third had it"}
    sourced = {"grade": "B", "source": "study"}
    statement = {"id": "usually_benign", "text": "This pattern is usually benign.", "grade": "D"}
    level = {"level": "emergency", "when": {"finding": "foot_drop_felt", "where": {"side": "left"}}, "say": "Go now."}
    content = {
        "vocabulary.yaml": vocabulary,
        "labs.yaml": labs,
        "medicines.yaml": {
            "medicines": [
                {
                    "id": "ssri",
                    "effects": [{"phenomenon": "tremor", "begins": {"days": [0, 7], "grade": "D"}, **sourced}],
                },
                {"id": "sertraline", "atc": ["N06AB06"], "stopping": {"text": "Ask your doctor.", "grade": "D"}},
            ]
        },
        "exposures.yaml": {
            "exposures": [{"id": one["id"], "text": "No test.", "grade": "D"} for one in vocabulary["exposures"]]
        },
        "regions.yaml": _packaged("regions.yaml"),
        "sources.yaml": {"sources": [study]},
        "phenomena.yaml": {"phenomena": [{"id": "cramp", "when": "cramp_felt", "text": "A cramp.", "grade": "D"}]},
        "constructs.yaml": {
            "constructs": [
                {
                    "id": "lower_motor",
                    "label": "lower motor neurone signs",
                    "leak": {"value": 0.01, "low": 0.005, "high": 0.02, **sourced},
                    "shown_by": [{"finding": "weakness_found", "given": 0.9, "otherwise": 0.02, "grade": "D"}],
                }
            ]
        },
        "leaks.yaml": {
            "leaks": [
                {"finding": "urge_to_move_legs", "value": 0.05, "low": 0.03, "high": 0.1, **sourced},
                {
                    "finding": "age",
                    "value": 0.5,
                    "grade": "D",
                    "when": {"quantity": "age", "at_least": 45, "unit": "year"},
                },
            ]
        },
        "causes/restless_legs_syndrome.yaml": {
            "id": "restless_legs_syndrome",
            "name": "Restless legs syndrome",
            "group": "less_harmful",
            "codes": {"icd10cm": "G25.81"},
            "summary": "An urge to move the legs.",
            "explains": ["urge_to_move_legs"],
            "prior": [{"for": {"age": "18-"}, "value": 0.03, "low": 0.014, "high": 0.038, **sourced}],
            "risk": [{"finding": "low_ferritin", "odds_ratio": 2.0, "low": 1.2, "high": 3, "grade": "D"}],
            "criteria": {
                "irlssg_2014": {
                    "when": {"all": ["urge_to_move_legs", {"not": "urge_explained_by_mimic"}]},
                    **sourced,
                },
                "icsd3tr_rls": {"when": {"criterion": "irlssg_2014", "label": "all of IRLSSG"}, "grade": "D"},
            },
            "evidence": [
                {"finding": "urge_to_move_legs", "given": 0.99, "low": 0.9, "high": 0.995, **sourced},
                {"construct": "lower_motor", "given": 0.02, "grade": "D"},
            ],
            "tests": ["ferritin_test"],
            "care": ["less_caffeine"],
        },
        "urgency.yaml": {
            "rules": [
                {"id": "R20", "name": "foot drop", "levels": [level], "near_miss": "A numb foot.", "grade": "D"},
            ],
            "levels": [
                {"id": one["id"], "headline": one["label"], "advice": one["label"]} for one in vocabulary["levels"]
            ],
            "numbers": [{"country": "GB", "number": "999", "grade": "D"}],
            "other_country": "your local emergency number",
            "gate": [{"id": "onset_known", "when": {"known": "symptom_duration"}, "else_say": "onset", "grade": "D"}],
            "reassurance": statement,
            "safety_net": ["Come back when it changes."],
            "not_a_device": "Research and education.",
        },
        "questions.yaml": {"questions": _screen(vocabulary)},
        "tests.yaml": {"tests": [{"id": "ferritin_test", "label": "Ferritin", "text": "Iron store.", "grade": "D"}]},
        "care.yaml": {
            "care": [
                {
                    "id": "less_caffeine",
                    "label": "Less caffeine",
                    "text": "Less coffee.",
                    "verdict": "unclear",
                    "grade": "D",
                    "blocks": [{"when": "pregnant", "because": "ask first", "grade": "D"}],
                }
            ]
        },
        "statements.yaml": {"statements": [{"id": "rare", "text": "Rare.", "about": "cramp", "grade": "D"}]},
        "claims.yaml": {
            "claims": [
                {"id": "C37", "claim": "Bananas help.", "verdict": "unproven", "truth": "No trial.", "grade": "D"}
            ]
        },
        "rule_sets.yaml": {
            "rule_sets": [
                {
                    "id": "aasm-v3",
                    "name": "AASM",
                    "cite": ["study"],
                    "parameters": [
                        {"id": "low", "value": 0.5, "unit": "second", "clause": "at least 0.5 s", "grade": "D"}
                    ],
                    "readings": [{"id": "lights", "values": ["restrict"], "switch": False, "text": "x", "grade": "D"}],
                }
            ]
        },
    }
    return json.dumps(content)


@pytest.fixture
def whole(_whole: str) -> Content:
    """File → content of a small knowledge that is right; a copy for each test."""
    content: Content = json.loads(_whole)
    return content


@pytest.fixture
def write(tmp_path: Path) -> Callable[[Content], Path]:
    """Writes such a content into a folder and returns it."""

    def into_folder(content: Content) -> Path:
        (tmp_path / "causes").mkdir(exist_ok=True)
        for name, one in content.items():
            text = one if isinstance(one, str) else json.dumps(one, ensure_ascii=False)
            (tmp_path / name).write_text(text, encoding="utf-8")
        return tmp_path

    return into_folder
