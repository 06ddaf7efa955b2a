from __future__ import annotations

from pathlib import Path

import pytest

from legtwitch.knowledge import loader, vocabulary, yaml12
from legtwitch.knowledge.medicine_names import Brand, Meaning, MedicineNames
from legtwitch.knowledge.vocabulary import Vocabulary

SHARED = Path(__file__).parents[3] / "shared" / "vocabulary.yaml"
SECTIONS = (
    *("attributes", "findings", "phenomena", "causes", "labs", "exposures", "medications", "person", "events"),
    *("movement_attributes", "levels", "modalities", "criteria", "care", "screen"),
)


@pytest.fixture(scope="module")
def words() -> Vocabulary:
    text = (loader._packaged() / "vocabulary.yaml").read_text(encoding="utf-8")
    return vocabulary.parse(yaml12.load(text, "vocabulary.yaml"))


@pytest.mark.skipif(not SHARED.exists(), reason="the agreed vocabulary lies beside the repository and isn't there")
def test_the_agreed_vocabulary_is_taken_in_whole(words: Vocabulary) -> None:
    agreed = yaml12.load(SHARED.read_text(encoding="utf-8"), "agreed")
    for section in SECTIONS:
        ours = words.section(section)
        for entry in agreed[section]:
            mine = ours[entry["id"]]
            assert mine.label, "labels are ours to word; ids and options are the contract"
            assert mine.options == tuple(entry.get("options", ()))
            assert set(mine.also) >= set(entry.get("also", ())), "words may be added and never go"
            assert mine.unit == entry.get("unit")
            assert mine.at == tuple(entry.get("at", ()))
            assert mine.by == tuple(entry.get("by", ()))
        assert set(ours) >= {entry["id"] for entry in agreed[section]}


def test_definitions_of_finding_like_ids(words: Vocabulary) -> None:
    kinds = {id: words.definition(id) for id in ("cramp_felt", "age", "caffeine", "well_water", "ferritin")}
    assert [(one.section, one.kind) for one in kinds.values() if one] == [
        ("findings", "flag"), ("person", "quantity"), ("medications", "flag"), ("exposures", "flag"),
        ("labs", "quantity"),
    ]  # fmt: skip
    assert words.definition("restless_legs_syndrome") is None
    assert words.definition("nothing") is None


def test_labels_of_all_sections(words: Vocabulary) -> None:
    assert words.label("cramp_felt") == "a sudden, painful tightening of a muscle"
    assert words.label("cidp") == "chronic inflammatory demyelinating polyneuropathy"
    assert words.label("hunter_2003") == "serotonin toxicity (Hunter)"
    assert words.label("no_driving") == "not driving until seen"
    assert words.label("not_an_id") == "not_an_id"


def test_a_label_with_a_comma_is_whole(words: Vocabulary) -> None:
    assert words.label("voice_weak") == "the voice has become weak, deep or hoarse"


@pytest.mark.parametrize("word", ["pins_and_needles", "Pins and needles", "PINS-AND-NEEDLES", " pinsandneedles "])
def test_an_alias_is_found_whatever_its_spelling(words: Vocabulary, word: str) -> None:
    assert words.alias(word, "findings") == "tingling"


def test_an_alias_is_no_guess(words: Vocabulary) -> None:
    assert words.alias("pins_and_needle", "findings") is None
    assert words.alias("pins_and_needles", "causes") is None
    assert words.alias("mnd", "causes") == "amyotrophic_lateral_sclerosis"


def test_an_alias_of_two_ids_is_none() -> None:
    text = (loader._packaged() / "vocabulary.yaml").read_text(encoding="utf-8")
    raw = yaml12.load(text, "vocabulary.yaml")
    next(one for one in raw["findings"] if one["id"] == "numbness_felt")["also"] = ["Pins and needles"]
    assert vocabulary.parse(raw).alias("pins_and_needles", "findings") is None


def test_nearest_finds_slips_and_nothing_far(words: Vocabulary) -> None:
    assert words.nearest("felt_weaknes", "findings") == "felt_weakness"
    assert words.nearest("haemoglobine", "labs") == "haemoglobin"
    assert words.nearest("hemoglobine", "labs") == "haemoglobin"
    assert words.nearest("xyzzy", "findings") is None
    with pytest.raises(KeyError):
        words.nearest("x", "units")


def test_classes_go_through_classes(words: Vocabulary) -> None:
    assert words.classes_of("sertraline") == ("ssri", "serotonergic_drug")
    assert words.classes_of("amitriptyline") == ("tricyclic", "serotonergic_drug", "anticholinergic")
    assert words.classes_of("promethazine") == (
        *("sedating_antihistamine", "dopamine_blocker", "sedative", "anticholinergic"),
    )
    assert words.classes_of("paracetamol") == ()
    with pytest.raises(KeyError):
        words.classes_of("aspirine")


@pytest.mark.parametrize(
    ("word", "country", "ingredients"),
    [
        ("ciprofloxacin", None, ["ciprofloxacin"]),
        ("CIPRO", None, ["ciprofloxacin"]),
        ("Cipro 500 mg twice a day", None, ["ciprofloxacin"]),
        ("ssri", "DE", ["ssri"]),
        ("SSRI antidepressant", None, ["ssri"]),
        ("St John's wort", None, ["st_johns_wort"]),
        ("st johns wort", None, ["st_johns_wort"]),
        ("Hypericum", None, ["st_johns_wort"]),
        ("acetaminophen", "US", ["paracetamol"]),
        ("Pepto Bismol", None, ["bismuth_subsalicylate"]),
        ("Tylenol PM", "US", ["diphenhydramine", "paracetamol"]),
        ("tylenol-pm", None, ["diphenhydramine", "paracetamol"]),
        ("Excedrin", "FR", ["paracetamol", "aspirin", "caffeine"]),
        ("Benadryl", "US", ["diphenhydramine"]),
        ("benadryl", "gb", ["acrivastine"]),
        ("Benadryl Allergy One A Day", "GB", ["cetirizine"]),
        ("Dramamine", None, ["dimenhydrinate"]),
        ("Dramamine Less Drowsy", "US", ["meclizine"]),
        ("Dramamine Non-Drowsy", None, ["ginger"]),
        ("NyQuil", "CA", ["dextromethorphan", "doxylamine", "paracetamol"]),
        ("NyQuil", None, ["dextromethorphan", "doxylamine", "paracetamol"]),
    ],
)
def test_medicines_as_people_write_them(
    words: Vocabulary, word: str, country: str | None, ingredients: list[str]
) -> None:
    assert words.read_medicine(word, country).certainty == "exact"
    assert words.medicines_named(word, country) == tuple(ingredients)


@pytest.mark.parametrize("country", [None, "DE"])
def test_a_brand_of_two_meanings_is_not_guessed(words: Vocabulary, country: str | None) -> None:
    found = words.read_medicine("Benadryl", country)
    assert found.certainty == "by_country"
    assert found.ingredients == ()
    assert found.meanings == (Meaning(("US", "CA"), ("diphenhydramine",)), Meaning(("GB",), ("acrivastine",)))


def test_a_brand_is_not_taken_over_into_a_country_where_it_is_not_known(words: Vocabulary) -> None:
    found = words.read_medicine("Sudafed", "GB")
    assert found.certainty == "by_country"
    assert found.meanings == (Meaning(("US", "AU", "CA"), ("pseudoephedrine",)),)


@pytest.mark.parametrize(
    ("word", "near"),
    [
        ("Benadril", "Benadryl"), ("ciprofloxacine", "ciprofloxacin"), ("Dramamin", "Dramamine"),
        ("seroquell", "Seroquel"), ("Sudafed 12 Hour", "Sudafed"), ("magnesum", "magnesium"),
        ("zolpiden", "zolpidem"), ("Ritalin LA", "Ritalin"), ("Unisom", "Unisom SleepTabs"),
    ],
)  # fmt: skip
def test_a_slip_is_told_and_not_corrected(words: Vocabulary, word: str, near: str) -> None:
    found = words.read_medicine(word)
    assert (found.certainty, found.ingredients) == ("near", ())
    assert near in words.medicine_candidates(word)
    assert found.near == words.medicine_candidates(word)[0]


@pytest.mark.parametrize(
    "word",
    ["montelukast", "tamsulosin", "allopurinol", "vancomycin", "heparin", "vitamin A", "Vitamin B3", "x", ""],
)  # fmt: skip
def test_another_medicine_is_not_taken_for_a_slip(words: Vocabulary, word: str) -> None:
    assert words.read_medicine(word).certainty == "unknown"
    assert words.medicine_candidates(word) == ()


def test_every_name_of_every_medicine_is_understood(words: Vocabulary) -> None:
    for id, entry in words.medications.items():
        for name in (id, entry.label, *entry.also):
            assert id in words.medicines_named(name), name
        for brand in entry.brands:
            for country in brand.country or (None,):
                assert id in words.medicines_named(brand.name.upper(), country), brand


def test_a_brand_that_holds_one_thing_more_in_one_country() -> None:
    names = MedicineNames({"x": ("x",), "y": ("y",)}, {"x": (Brand("Aa"),), "y": (Brand("Aa", ("US",)),)})
    assert names.read("aa", "US").ingredients == ("x", "y")
    assert names.read("aa", "DE").ingredients == ("x",)
    assert names.read("aa", None).meanings == (Meaning(("US",), ("x", "y")), Meaning((), ("x",)))
