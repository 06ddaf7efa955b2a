"""Every cross-check, proven by breaking a small knowledge that is right."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from legtwitch.errors import KnowledgeError
from legtwitch.knowledge import loader

Content = dict[str, Any]
Write = Callable[[Content], Path]
RLS = "causes/restless_legs_syndrome.yaml"


def vocabulary(content: Content, section: str, id: str) -> Any:
    return next(one for one in content["vocabulary.yaml"][section] if one["id"] == id)


def first(content: Content, file: str) -> Any:
    (entries,) = content[f"{file}.yaml"].values()
    return entries[0]


def lab(content: Content, id: str) -> Any:
    return next(one for one in content["labs.yaml"]["labs"] if one["id"] == id)


def when(condition: Any) -> Callable[[Content], None]:
    return lambda c: first(c, "phenomena").update(when=condition)


def test_the_small_knowledge_is_right(whole: Content, write: Write) -> None:
    found = loader.read(write(whole))
    assert list(found.causes) == ["restless_legs_syndrome"]
    assert set(found.criteria()) == {"irlssg_2014", "icsd3tr_rls"}
    assert found.places["calf"] == "lumbosacral"


BREAKAGES: list[tuple[str, Callable[[Content], Any], str]] = [
    # ---- sources
    ("source missing", lambda c: c[RLS]["prior"][0].update(source="nobody"), "prior 1: source nobody doesn't exist"),
    ("source of a claim", lambda c: first(c, "claims").update(source=["nobody"]), "C37: source nobody"),
    ("rule set cites", lambda c: first(c, "rule_sets").update(cite=["nobody"]), "aasm-v3: source nobody"),
    ("reading cites", lambda c: first(c, "rule_sets")["readings"][0].update(source="nobody"), "lights: source nobody"),
    ("source not used", lambda c: c["sources.yaml"]["sources"].append(
        first(c, "sources") | {"id": "idle", "doi": ""}), "idle: nothing cites it"),
    ("one publication twice", lambda c: c["sources.yaml"]["sources"].append(
        first(c, "sources") | {"id": "again"}), "doi 10.1/1 has several ids"),
    ("grade without source", lambda c: first(c, "claims").update(grade="A"), "grade A needs a source"),
    # ---- conditions
    ("unknown finding", when("cramp"), "cramp is no finding"),
    ("nested deep", when({"all": [{"any": [{"not": {"count": 1, "of": ["nothing_known"]}}]}]}), "nothing_known is no"),
    ("quantity as flag", when("cramp_duration"), "cramp_duration is a quantity and can't be present"),
    ("flag as quantity", when({"quantity": "cramp_felt", "over": 1, "unit": "day"}), "cramp_felt is a flag and has no"),
    ("unit of another kind", when({"quantity": "cramp_duration", "over": 1, "unit": "Hz"}), "compared in Hz"),
    ("lab in a unit it has not", when({"quantity": "ferritin", "under": 1, "unit": "mmol/L"}), "compared in mmol/L"),
    ("no such option", when({"choice": "twitch_spread", "any_of": ["everywhere"]}), "no option everywhere"),
    ("no option at all", when({"choice": "twitch_spread", "any_of": []}), "no option is named"),
    ("choice of a flag", when({"choice": "cramp_felt", "any_of": ["a"]}), "cramp_felt is a flag and has no options"),
    ("attribute not at it", when({"finding": "cramp_in_bed", "where": {"side": "left"}}), "has no attribute side"),
    ("attribute value", when({"finding": "cramp_felt", "where": {"side": "top"}}), "side can't be top"),
    ("by who can't say it", when({"finding": "cramp_felt", "where": {"by": "clinician"}}), "by can't be clinician"),
    ("region without a place", when({"regions": 2, "each": "cramp_in_bed"}), "cramp_in_bed has no place"),
    ("five regions", when({"regions": 5, "each": "cramp_felt"}), "5 of 4 regions"),
    ("three of two", when({"count": 3, "of": ["cramp_felt", "tremor_felt"]}), "3 of 2 conditions"),
    ("none of two", when({"count": 0, "of": ["cramp_felt", "tremor_felt"]}), "0 of 2 conditions"),
    ("age in metres", when({"age_of": "cramp_felt", "at_most": 1, "unit": "m"}), "can't be compared in m"),
    ("no such criterion", when({"criterion": "irls"}), "the definition irls doesn't exist"),
    ("no condition", when(None), "there must be a condition"),
    ("a list as condition", when(["cramp_felt"]), "not a condition"),
    ("comparison missing", when({"quantity": "cramp_duration", "unit": "day"}), "not a condition"),
    ("a word too many", when({"finding": "cramp_felt", "were": {}}), "were too many"),
    ("criterion of itself", lambda c: c[RLS]["criteria"]["irlssg_2014"].update(
        when={"criterion": "icsd3tr_rls"}), "criterion irlssg_2014 rests on itself"),
    ("block condition", lambda c: first(c, "care")["blocks"][0].update(when="pregant"), "pregant is no finding"),
    ("requires", lambda c: c[RLS].update(requires="pramipexol"), "requires: pramipexol is no finding"),
    ("rule condition", lambda c: c["urgency.yaml"]["rules"][0]["levels"][0].update(when="x"), "x is no finding"),
    ("gate condition", lambda c: c["urgency.yaml"]["gate"][0].update(when={"known": "x"}), "x is no finding"),
    ("relevant", lambda c: first(c, "questions").update(relevant="x"), "relevant: x is no finding"),
    # ---- causes
    ("cause unknown", lambda c: c.update(
        {"causes/restless_arms.yaml": c.pop(RLS) | {"id": "restless_arms"}}), "restless_arms.yaml: isn't in the voc"),
    ("cause in the wrong file", lambda c: c[RLS].update(id="cidp"), "the file must be named after the id"),
    ("group", lambda c: c[RLS].update(group="toxin"), "group toxin, but less_harmful"),
    ("name", lambda c: c[RLS].update(name="Restless arms"), "name Restless arms, but restless legs syndrome"),
    ("code", lambda c: c[RLS]["codes"].update(icd10cm="G25.8"), "code icd10cm G25.8, but G25.81"),
    ("explains", lambda c: c[RLS].update(explains=["urge"]), "explains urge, which is no phenomenon"),
    ("criterion of another", lambda c: c[RLS]["criteria"].update(
        gold_coast_2020={"when": "cramp_felt", "grade": "D"}), "criterion gold_coast_2020 isn't one of this cause"),
    ("test", lambda c: c[RLS].update(tests=["mri"]), "test mri doesn't exist"),
    ("care", lambda c: c[RLS].update(care=["tea"]), "care tea doesn't exist"),
    ("care id", lambda c: first(c, "care").update(id="tea"), "care.yaml: tea: isn't in the vocabulary"),
    ("no leak", lambda c: c[RLS]["evidence"].append(
        {"finding": "kicks_in_sleep", "given": 0.5, "grade": "D"}), "kicks_in_sleep: leaks.yaml doesn't have it"),
    ("no construct", lambda c: c[RLS]["evidence"].append(
        {"construct": "upper", "given": 0.5, "grade": "D"}), "upper: there is no such construct"),
    ("counted twice", lambda c: c[RLS]["evidence"].append(
        {"finding": "weakness_found", "given": 0.5, "grade": "D"}), "weakness_found: it tells of lower_motor"),
    ("evidence twice", lambda c: c[RLS]["evidence"].append(c[RLS]["evidence"][0]), "urge_to_move_legs stands twice"),
    ("evidence of both", lambda c: c[RLS]["evidence"][0].update(construct="lower_motor"), "exactly one of"),
    ("shown twice", lambda c: first(c, "constructs")["shown_by"].append(
        first(c, "constructs")["shown_by"][0]), "weakness_found is shown twice"),
    ("shown but no flag", lambda c: first(c, "constructs")["shown_by"][0].update(finding="ck"), "ck is no flag"),
    ("leak of a quantity", lambda c: c["leaks.yaml"]["leaks"][1].pop("when"), "age: is no flag"),
    ("leak twice", lambda c: c["leaks.yaml"]["leaks"].append(first(c, "leaks")), "urge_to_move_legs: stands twice"),
    ("leak order", lambda c: first(c, "leaks").update(low=0.06), "0.06 <= 0.05 <= 0.1 isn't so"),
    ("construct order", lambda c: first(c, "constructs")["leak"].update(high=0.001), "<= 0.001 isn't so"),
    ("prior order", lambda c: c[RLS]["prior"][0].update(low=0.04), "prior: 0.04 <= 0.03"),
    ("evidence order", lambda c: c[RLS]["evidence"][0].update(high=0.95), "0.99 <= 0.95 isn't so"),
    ("risk order", lambda c: c[RLS]["risk"][0].update(low=2.5), "risk low_ferritin: 2.5 <= 2.0"),
    ("risk of what", lambda c: c[RLS]["risk"][0].update(finding="age"), "risk age: is no flag"),
    ("old age left out", lambda c: c[RLS]["prior"][0].update({"for": {"age": "18-79"}}), "a female adult of 80 years"),
    ("men left out", lambda c: c[RLS]["prior"][0].update({"for": {"sex": "female"}}), "a male adult of 18 years"),
    ("community left out", lambda c: c[RLS]["prior"][0].update({"for": {"setting": "sleep_clinic"}}), "the community"),
    ("age unreadable", lambda c: c[RLS]["prior"][0].update({"for": {"age": "adult"}}), "the age adult isn't written"),
    ("probability of 1", lambda c: c[RLS]["evidence"][0].update(given=1), "less than 1"),
    ("key unknown", lambda c: c[RLS].update(priors=[]), "priors"),
    # ---- urgency
    ("rule twice", lambda c: c["urgency.yaml"]["rules"].append(c["urgency.yaml"]["rules"][0]), "rule R20 stands twice"),
    ("no near miss", lambda c: c["urgency.yaml"]["rules"][0].update(near_miss=" "), "R20: a near miss is missing"),
    ("levels upside down", lambda c: c["urgency.yaml"]["rules"][0]["levels"].insert(
        0, {"level": "routine", "when": "cramp_felt", "say": "x"}), "R20: levels must stand once each, the highest"),
    ("no levels", lambda c: c["urgency.yaml"]["rules"][0].update(levels=[]), "R20: levels must stand"),
    ("level without words", lambda c: c["urgency.yaml"]["levels"].pop(), "must have its words"),
    ("country", lambda c: c["urgency.yaml"]["numbers"][0].update(country="uk"), "uk is no country code"),
    # ---- questions
    ("screen question missing", lambda c: c["questions.yaml"]["questions"].pop(3), "the vocabulary's screen, in order"),
    ("screen out of order", lambda c: c["questions.yaml"]["questions"].reverse(), "the vocabulary's screen, in order"),
    ("screen asks less", lambda c: first(c, "questions")["options"].pop(), "walking_trouble_sudden is asked for by"),
    ("screen asks more", lambda c: first(c, "questions")["options"].append(
        {"label": "x", "sets": {"cramp_felt": "present"}}), "cramp_felt is not asked for by"),
    ("question twice", lambda c: c["questions.yaml"]["questions"].append(
        first(c, "questions") | {"stage": "detail"}), "question screen_sudden stands twice"),
    ("option twice", lambda c: first(c, "questions")["options"].append(
        first(c, "questions")["options"][0]), "option onset_sudden stands twice"),
    ("sets what is not", lambda c: first(c, "questions")["options"][0].update(sets={"x": "present"}), "x doesn't"),
    ("sets to a wrong word", lambda c: first(c, "questions")["options"][0].update(
        sets={"onset_sudden": "yes"}), "onset_sudden can't be yes"),
    ("sets no option", lambda c: first(c, "questions")["options"][0].update(
        sets={"twitch_spread": "x"}), "twitch_spread has no option x"),
    ("enters a flag", lambda c: first(c, "questions")["options"][0].update(enter={"cramp_felt": "day"}), "no quantity"),
    ("enters in Hz", lambda c: first(c, "questions")["options"][0].update(enter={"age": "Hz"}), "given in Hz"),
    # ---- lists
    ("phenomenon", lambda c: first(c, "phenomena").update(id="cramps"), "cramps: isn't in the vocabulary"),
    ("region of nothing", lambda c: c["regions.yaml"]["regions"].append(
        {"id": "wing", "region": "bulbar"}), "wing: is no site"),
    ("region unknown", lambda c: first(c, "regions").update(region="sacral"), "regions.yaml: scalp: region"),
    ("about nothing", lambda c: first(c, "statements").update(about="x"), "about x, which doesn't exist"),
    ("claim without id", lambda c: first(c, "claims").pop("id"), "id: Field required"),
    ("statement twice", lambda c: c["statements.yaml"]["statements"].append(
        first(c, "statements")), "statement rare stands twice"),
    ("test twice", lambda c: c["tests.yaml"]["tests"].append(first(c, "tests")), "ferritin_test: stands twice"),
    ("parameter unit", lambda c: first(c, "rule_sets")["parameters"][0].update(unit="s"), "unit s isn't known"),
    ("reading without values", lambda c: first(c, "rule_sets")["readings"][0].update(values=[]), "lights: no values"),
    # ---- labs
    ("lab missing", lambda c: c["labs.yaml"]["labs"].pop(0), "ferritin: is missing"),
    ("lab too many", lambda c: lab(c, "alt").update(id="ast"), "ast: isn't in the vocabulary"),
    ("unit missing", lambda c: lab(c, "alt")["factors"].pop("ukat/L"), "alt: the unit ukat/L is missing"),
    ("unit in two groups", lambda c: lab(c, "mercury_urine")["separate"][0]["factors"].update(
        {"ug/L": 1}), "mercury_urine: unit ug/L stands twice"),
    ("base factor", lambda c: lab(c, "alt")["factors"].update({"U/L": 2}), "the base unit U/L must have the factor 1"),
    ("factor 0", lambda c: lab(c, "alt")["factors"].update({"ukat/L": 0}), "the factor of ukat/L must be above 0"),
    ("offset of nothing", lambda c: lab(c, "alt").update(offsets={"x": 1}), "an offset for x"),
    ("empty span", lambda c: lab(c, "alt").update(plausible=[5, 5]), "the plausible span is empty"),
    ("limit of nothing", lambda c: lab(c, "ferritin")["limits"][0].update(finding="low_iron"), "low_iron is no flag"),
    ("limit not by lab", lambda c: lab(c, "ferritin")["limits"][0].update(finding="cramp_felt"), "that a lab"),
    ("limit unit", lambda c: lab(c, "ferritin")["limits"][0].update(unit="g/L"), "the unit g/L isn't accepted"),
    ("limit out of span", lambda c: lab(c, "ferritin")["limits"][0].update(below=0.01), "0.01 ng/mL isn't plausible"),
    ("clear on the wrong side", lambda c: lab(c, "haemoglobin")["limits"][0].update(clear=110), "on the wrong side"),
    ("two limits in one", lambda c: lab(c, "ferritin")["limits"][0].update(above=300), "exactly one of `below`"),
    # ---- vocabulary
    ("id twice", lambda c: c["vocabulary.yaml"]["findings"].append(
        vocabulary(c, "findings", "tingling")), "findings: tingling: stands twice"),
    ("id in two sections", lambda c: vocabulary(c, "findings", "tingling").update(id="lead_blood"), "in several of"),
    ("choice without options", lambda c: vocabulary(c, "findings", "emg_pattern").pop("options"), "without options"),
    ("options of a flag", lambda c: vocabulary(c, "findings", "tingling").update(options=["a"]), "it is a flag"),
    ("quantity without unit", lambda c: vocabulary(c, "findings", "caffeine_daily").pop("unit"), "unit None isn't"),
    ("quantity in a wrong unit", lambda c: vocabulary(c, "person", "age").update(unit="years"), "unit years isn't"),
    ("unit of a flag", lambda c: vocabulary(c, "findings", "tingling").update(unit="day"), "a unit, but it is a flag"),
    ("at what", lambda c: vocabulary(c, "findings", "tingling").update(at=["sight"]), "sight is no attribute"),
    ("by whom", lambda c: vocabulary(c, "findings", "tingling").update(by=["dog"]), "dog can't state anything"),
    ("class", lambda c: vocabulary(c, "medications", "cocaine").update({"class": "x"}), "class x doesn't exist"),
    ("class of itself", lambda c: vocabulary(c, "medications", "ssri").update({"class": "ssri"}), "class of itself"),
    ("brand country", lambda c: vocabulary(c, "medications", "cocaine").update(
        brands=[{"name": "x", "country": ["usa"]}]), "usa is no country code"),
    ("brand shape", lambda c: vocabulary(c, "medications", "cocaine").update(brands=[{"name": "x"}]), "not a brand"),
    ("part of", lambda c: vocabulary(c, "causes", "cidp").update(part_of="x"), "part_of x doesn't exist"),
    ("part of itself", lambda c: vocabulary(c, "causes", "cidp").update(part_of="cidp"), "cidp: is a part of itself"),
    ("cause group", lambda c: vocabulary(c, "causes", "cidp").update(group="bad"), "group bad isn't known"),
    ("criterion cause", lambda c: vocabulary(c, "criteria", "cidp_2021").update(cause="x"), "cause x doesn't exist"),
    ("screen finding", lambda c: vocabulary(c, "screen", "screen_weak")["sets"].append("x"), "screen_weak: x doesn't"),
    ("screen person", lambda c: vocabulary(c, "screen", "screen_weak").update(person=["x"]), "screen_weak: x doesn't"),
    ("levels", lambda c: c["vocabulary.yaml"]["levels"].reverse(), "levels: must be emergency"),
    ("unit list", lambda c: c["vocabulary.yaml"]["units"][0]["units"].append("eon"), "the unit eon isn't known"),
    ("unit kinds", lambda c: c["vocabulary.yaml"]["units"][0]["units"].append("kg"), "time: the units don't convert"),
    ("entry key", lambda c: vocabulary(c, "findings", "tingling").update({"deep or hoarse": None}), "deep or hoarse"),
    ("section missing", lambda c: c["vocabulary.yaml"].pop("labs"), "section labs is missing"),
    ("section unknown", lambda c: c["vocabulary.yaml"].update(more=[]), "section more is not known"),
]  # fmt: skip


@pytest.mark.parametrize(("change", "words"), [one[1:] for one in BREAKAGES], ids=[one[0] for one in BREAKAGES])
def test_a_contradiction_is_named(whole: Content, write: Write, change: Callable[[Content], Any], words: str) -> None:
    change(whole)
    with pytest.raises(KnowledgeError) as error:
        loader.read(write(whole))
    assert error.value.code == "E901"
    assert words in error.value.message


def test_all_problems_stand_in_one_message_with_file_and_entry(whole: Content, write: Write) -> None:
    first(whole, "tests")["colour"] = "red"
    first(whole, "claims")["verdict"] = "maybe"
    whole["leaks.yaml"] = "leaks: [\n"
    with pytest.raises(KnowledgeError) as error:
        loader.read(write(whole))
    message = error.value.message
    assert "tests.yaml: ferritin_test: colour" in message
    assert "claims.yaml: C37: verdict" in message
    assert "leaks.yaml, line 2: this is not YAML" in message
    assert message.startswith("3 problems")


def test_contradictions_of_several_files_stand_in_one_message(whole: Content, write: Write) -> None:
    first(whole, "phenomena")["when"] = "x"
    first(whole, "statements")["about"] = "y"
    with pytest.raises(KnowledgeError) as error:
        loader.read(write(whole))
    assert "phenomena.yaml: cramp" in error.value.message
    assert "statements.yaml: rare" in error.value.message


@pytest.mark.parametrize("name", loader.FILES)
def test_every_kind_of_file_is_required(whole: Content, write: Write, name: str) -> None:
    del whole[name]
    with pytest.raises(KnowledgeError, match=f"{name}: is missing"):
        loader.read(write(whole))


@pytest.mark.parametrize("name", ["tests.yaml", "urgency.yaml", "vocabulary.yaml", RLS])
def test_an_empty_file_is_named(whole: Content, write: Write, name: str) -> None:
    whole[name] = "# nothing yet\n"
    with pytest.raises(KnowledgeError, match=f"{name}: is empty"):
        loader.read(write(whole))


@pytest.mark.parametrize("raw", [["findings"], {"findings": ["cramp_felt"]}, "text", {"units": [1]}])
def test_a_vocabulary_of_another_shape_is_named(whole: Content, write: Write, raw: Any) -> None:
    whole["vocabulary.yaml"] = whole["vocabulary.yaml"] | raw if isinstance(raw, dict) else raw
    with pytest.raises(KnowledgeError, match=r"vocabulary\.yaml: "):
        loader.read(write(whole))


def test_a_list_may_stand_alone_or_under_its_name(whole: Content, write: Write) -> None:
    whole["tests.yaml"] = whole["tests.yaml"]["tests"]
    assert "ferritin_test" in loader.read(write(whole)).tests
    whole["tests.yaml"] = {"claims": whole["tests.yaml"]}
    with pytest.raises(KnowledgeError, match=r"tests\.yaml: must be"):
        loader.read(write(whole))


def test_a_file_that_is_no_list_of_entries_is_named(whole: Content, write: Write) -> None:
    whole["tests.yaml"] = {"tests": [], "more": []}
    with pytest.raises(KnowledgeError, match=r"tests\.yaml: must be"):
        loader.read(write(whole))


def test_a_duplicate_key_is_named_with_its_line(whole: Content, write: Write) -> None:
    whole["tests.yaml"] = "tests:\n  - {id: a, label: a,\n     id: b}\n"
    with pytest.raises(KnowledgeError, match=r"tests\.yaml, line 3: the key `id` stands twice"):
        loader.read(write(whole))


def test_a_listed_source_need_not_be_cited(whole: Content, write: Write) -> None:
    whole["sources.yaml"]["sources"].append(first(whole, "sources") | {"id": "idle", "doi": "", "listed": True})
    assert "idle" in loader.read(write(whole)).sources


def test_hashes_change_with_a_file_and_with_nothing_else(whole: Content, write: Write) -> None:
    before = loader.read(write(whole))
    again = loader.read(write(whole))
    assert (before.hashes, before.hash) == (again.hashes, again.hash)
    first(whole, "claims")["truth"] = "No trial at all."
    after = loader.read(write(whole))
    assert {name for name in after.hashes if after.hashes[name] != before.hashes[name]} == {"claims.yaml"}
    assert after.hash != before.hash
    assert list(after.hashes) == sorted(after.hashes)
    assert set(after.hashes) == set(json.loads(json.dumps(list(whole))))
