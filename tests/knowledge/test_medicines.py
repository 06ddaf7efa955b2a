"""What is believed of medicines and exposures: who stands where, with which code, which effect and which words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest

from legtwitch.errors import KnowledgeError
from legtwitch.knowledge import Knowledge, load, loader, printing
from legtwitch.knowledge.vocabulary import MedicineDefinition

METALS = ("mercury", "lead", "cadmium", "arsenic", "thallium", "manganese")


@pytest.fixture(scope="module")
def known() -> Knowledge:
    return load()


def ingredients(known: Knowledge) -> dict[str, MedicineDefinition]:
    words = known.vocabulary.medications
    classes = {one for entry in words.values() for one in entry.classes}
    bare = {id for id, entry in words.items() if not entry.classes and not entry.brands and not known_code(known, id)}
    return {id: entry for id, entry in words.items() if id not in classes and id not in bare}


def known_code(known: Knowledge, id: str) -> bool:
    return any(len(code) == 7 for code in getattr(known.medicines.get(id), "atc", ()))


def test_there_are_as_many_as_the_causes_need(known: Knowledge) -> None:
    assert len(ingredients(known)) >= 350
    names = {one for entry in known.vocabulary.medications.values() for one in (entry.label, *entry.also)}
    names |= {brand.name for entry in known.vocabulary.medications.values() for brand in entry.brands}
    assert len(names) >= 1200
    coded = [id for id in ingredients(known) if known_code(known, id)]
    assert len(coded) >= 300


@pytest.mark.parametrize(
    ("medicine", "classes"),
    [
        ("ciprofloxacin", {"fluoroquinolone"}),
        ("nortriptyline", {"tricyclic", "serotonergic_drug", "anticholinergic"}),
        ("desvenlafaxine", {"snri", "serotonergic_drug"}),
        ("rasagiline", {"maoi", "serotonergic_drug", "dopaminergic_drug"}),
        ("trazodone", {"serotonergic_drug"}),
        ("perphenazine", {"antipsychotic_first_generation", "dopamine_blocker"}),
        ("pimozide", {"antipsychotic_first_generation", "dopamine_blocker"}),
        ("prochlorperazine", {"dopamine_blocking_antiemetic", "dopamine_blocker"}),
        ("promethazine", {"sedating_antihistamine", "dopamine_blocker", "sedative", "anticholinergic"}),
        ("cinnarizine", {"sedating_antihistamine", "dopamine_blocker", "sedative", "anticholinergic"}),
        ("meclizine", {"sedating_antihistamine", "sedative", "anticholinergic"}),
        ("clobazam", {"benzodiazepine", "sedative", "antiseizure"}),
        ("clonazepam", {"benzodiazepine", "sedative", "antiseizure"}),
        ("levetiracetam", {"antiseizure"}),
        ("tapentadol", {"opioid", "serotonergic_drug"}),
        ("pethidine", {"opioid", "serotonergic_drug"}),
        ("entacapone", {"dopaminergic_drug"}),
        ("lisinopril", {"ace_inhibitor_or_arb"}),
        ("apixaban", {"direct_oral_anticoagulant"}),
        ("phenprocoumon", {"vitamin_k_antagonist"}),
        ("zoledronate", {"bisphosphonate"}),
        ("vincristine", {"neurotoxic_chemotherapy"}),
        ("carboplatin", {"platinum_chemotherapy"}),
        ("nivolumab", {"immune_checkpoint_inhibitor"}),
        ("gliclazide", {"sulfonylurea"}),
        ("torasemide", {"loop_diuretic"}),
        ("aminophylline", {"methylxanthine"}),
        ("hyoscine_butylbromide", {"anticholinergic"}),
    ],
)
def test_every_class_of_a_medicine_is_known(known: Knowledge, medicine: str, classes: set[str]) -> None:
    assert set(known.vocabulary.classes_of(medicine)) == classes


@pytest.mark.parametrize(
    ("medicine", "code"),
    [
        ("ciprofloxacin", "J01MA02"), ("diphenhydramine", "R06AA02"), ("dimenhydrinate", "R06AA11"),
        ("meclizine", "R06AE05"), ("pseudoephedrine", "R01BA02"), ("gabapentin", "N02BF01"), ("lithium", "N05AN01"),
        ("levothyroxine", "H03AA01"), ("denosumab", "M05BX04"), ("oxaliplatin", "L01XA03"), ("baclofen", "M03BX01"),
    ],
)  # fmt: skip
def test_codes_are_those_of_the_classification(known: Knowledge, medicine: str, code: str) -> None:
    assert known.medicines[medicine].atc[0] == code


ELSEWHERE = {
    *(("clobazam", "antiseizure"), ("beclometasone", "corticosteroid")),
    *(("fluticasone", "corticosteroid"), ("budesonide", "corticosteroid")),
}
"""Coded by another use than the class that they stand in here."""


def test_a_medicine_is_coded_below_the_code_of_its_class(known: Knowledge) -> None:
    compared = 0
    for id, one in known.medicines.items():
        for above in known.vocabulary.medications[id].classes:
            group = known.medicines.get(above)
            if group is not None and group.atc and one.atc and (id, above) not in ELSEWHERE:
                compared += 1
                assert any(code.startswith(start) for code in one.atc for start in group.atc), (id, above)
    assert compared > 100


def test_one_medicine_shows_all_that_is_believed(known: Knowledge) -> None:
    document = printing.describe(known, "Cipro")
    assert document["id"] == "ciprofloxacin"
    assert document["atc"] == ["J01MA02"]
    jerks = document["effects"][0]
    assert (jerks["phenomenon"], jerks["grade"], jerks["source"]) == ("myoclonus", "A", "rissardo_2025")
    assert jerks["begins"] == {"grade": "D", "days": [0.0, 14.0]}
    through = document["as_one_of"]["fluoroquinolone"]["effects"]
    assert {"tendon_pain", "weakness_found"} <= {one.get("leads_to") for one in through}
    text = printing.as_text(document)
    for words in ("J01MA02", "myoclonus", "tendon_pain", "2 hours before or 6 hours after", "[rissardo_2025]"):
        assert words in text


@pytest.mark.parametrize(
    ("medicine", "during", "what"),
    [
        ("sertraline", "taking", "urge_to_move_legs"), ("sertraline", "stopping", "sensation"),
        ("mirtazapine", "taking", "urge_to_move_legs"), ("haloperidol", "taking", "dystonia"),
        ("metoclopramide", "taking", "akathisia"), ("pyridostigmine", "taking", "fasciculation"),
        ("succinylcholine", "taking", "fasciculation"), ("salbutamol", "taking", "tremor"),
        ("omeprazole", "taking", "low_magnesium"), ("furosemide", "taking", "low_potassium"),
        ("denosumab", "taking", "low_calcium"), ("diazepam", "stopping", "benzodiazepine_withdrawal"),
        ("baclofen", "stopping", "baclofen_withdrawal"), ("ropinirole", "taking", "impulse_control_disorder"),
        ("lithium", "too_much", "fasciculation"), ("oxaliplatin", "taking", "myokymia"),
        ("Benadryl", "too_much", "myoclonus"),
        ("glimepiride", "taking", "hypoglycaemia"), ("Keytruda", "taking", "myasthenia_gravis"),
        ("caffeine", "taking", "fasciculation"), ("zinc_supplement", "taking", "copper_deficiency"),
    ],
)  # fmt: skip
def test_effects_are_told_by_phenomenon_and_when(known: Knowledge, medicine: str, during: str, what: str) -> None:
    document = printing.describe(known, medicine)
    groups = [document, *document.get("as_one_of", {}).values()]
    effects = [one for group in groups for one in group.get("effects", ())]
    found = [one for one in effects if one["during"] == during and what in (one.get("phenomenon"), one.get("leads_to"))]
    assert found
    assert all(one["grade"] == "D" or one["source"] for one in found)


# ---- what nobody is ever told ----------------------------------------------------------------------------------------

SHOWN = {
    *("text", "say", "help", "why", "summary", "advice", "headline", "note", "avoid", "urgent_if", "truth", "else_say"),
    *("reassurance", "safety_net", "facts", "because"),
}
ORDER = re.compile(
    r"^(?:please |then |so |you (?:can|may|should|must) )?"
    r"(?:stop|quit|skip|halve|omit|discontinue|cease|come off|leave out|leave off|reduce|lower|cut(?: down)?|taper|"
    r"pause)\b"
    r"|\b(?:should|must|can safely|may safely|better) (?:stop|skip|halve|leave out|come off)\b"
    r"|\b(?:and|then|or) (?:stop|skip|halve|discontinue) (?:taking|it|them|the|this|your)\b",
    re.IGNORECASE,
)
WHOM = re.compile(
    r"\b(?:ask|talk to|tell|doctor|pharmacist|prescriber|clinic|team|do not stop|not stop|never stop)", re.IGNORECASE
)
NO_MEDICINE = (
    *("Stop the contact", "Stop if it hurts in the calf", "Cut down over some days, because stopping at once"),
    *("You can stop it when you think of it", "Nobody should stop one suddenly"),
)
"""A poison, a home test, coffee and a habit; and the very opposite of an order."""


def texts(value: Any, key: str = "") -> Iterator[str]:
    if isinstance(value, dict):
        for name, one in value.items():
            yield from texts(one, name)
    elif isinstance(value, list):
        for one in value:
            yield from texts(one, key)
    elif isinstance(value, str) and key in SHOWN:
        yield value


def orders(text: str) -> list[str]:
    if WHOM.search(text):
        return []
    sentences = re.split(r"(?<=[.;:!?])\s+", text)
    return [one for one in sentences if ORDER.search(one) and not one.startswith(NO_MEDICINE)]


def test_no_text_tells_anyone_to_stop_a_medicine(known: Knowledge) -> None:
    document = printing.dump(known)
    looked_at = [text for kind in document if kind not in ("sources", "rule_sets") for text in texts(document[kind])]
    assert len(looked_at) > 1500
    assert [one for text in looked_at for one in orders(text)] == []


@pytest.mark.parametrize(
    "text",
    ["Stop the tablets for a week.", "Skip a dose.", "It is likely the statin. Halve it.", "Cut down the dose.",
     "You should stop sertraline.", "Rest and stop taking it."],
)  # fmt: skip
def test_an_order_to_stop_would_be_found(text: str) -> None:
    assert orders(text)


def test_what_must_not_end_suddenly_has_its_words(known: Knowledge) -> None:
    for medicine in (
        "baclofen",
        "diazepam",
        "zolpidem",
        "prednisone",
        "clonidine",
        "propranolol",
        "levodopa",
        "morphine",
    ):
        above = (medicine, *known.vocabulary.classes_of(medicine))
        words = [known.medicines[one].stopping for one in above if one in known.medicines]
        said = " ".join(one.text for one in words if one is not None)
        assert WHOM.search(said), medicine


# ---- exposures -------------------------------------------------------------------------------------------------------


def test_every_exposure_says_what_to_measure_or_that_nothing_helps(known: Knowledge) -> None:
    assert set(known.exposures) == set(known.vocabulary.exposures)
    for id in ("injecting_drugs", "aluminium_powder_paint", "liquorice_excess", "cola_excess", "lead_pipes"):
        assert known.exposures[id].text


def test_where_metals_are_measured_provoked_urine_is_warned_of(known: Knowledge) -> None:
    with_metals = [
        one
        for one in known.exposures.values()
        if any(cause.startswith(METALS) for cause in one.may_cause)
        and any(lab.startswith(METALS) for lab in one.measure)
        and one.id not in ("feeding_by_vein",)
    ]
    assert len(with_metals) >= 18
    for one in with_metals:
        assert "chelating" in one.avoid, one.id
    assert "lead_urine" not in known.labs


# ---- what is refused -------------------------------------------------------------------------------------------------


TREMOR = {"phenomenon": "tremor", "grade": "D"}


@pytest.mark.parametrize(
    ("entry", "problem"),
    [
        ({"id": "xyzzy"}, "xyzzy: isn't in the vocabulary"),
        ({"id": "cocaine", "effects": [{"phenomenon": "nothing", "grade": "D"}]}, "no phenomenon nothing"),
        ({"id": "cocaine", "effects": [{"leads_to": "nothing", "grade": "D"}]}, "no finding and no cause"),
        ({"id": "cocaine", "effects": [{"grade": "D"}]}, "exactly one of"),
        ({"id": "cocaine", "effects": [{"phenomenon": "tremor", "grade": "B"}]}, "needs a source"),
        ({"id": "cocaine", "atc": ["N6"]}, "atc.0"),
        ({"id": "cocaine", "atc": ["N06AB06"]}, "the code N06AB06 stands for 2 substances"),
        ({"id": "cocaine", "effects": [TREMOR | {"begins": {"days": [3, 1], "grade": "D"}}]}, "must be a span"),
        ({"id": "cocaine", "effects": [TREMOR | {"during": "stopping"}]}, "no words on how it is come off"),
        ({"id": "cocaine", "effects": [TREMOR | {"source": "nobody"}]}, "nobody doesn't exist"),
    ],
)  # fmt: skip
def test_a_wrong_entry_is_told(whole: Any, write: Any, entry: Any, problem: str) -> None:
    whole["medicines.yaml"]["medicines"].append(entry)
    with pytest.raises(KnowledgeError, match=re.escape(problem)):
        loader.read(write(whole))


def test_an_exposure_without_an_entry_is_told(whole: Any, write: Any) -> None:
    gone = whole["exposures.yaml"]["exposures"].pop()
    with pytest.raises(KnowledgeError, match=f"exposures.yaml: {gone['id']}: is missing"):
        loader.read(write(whole))
