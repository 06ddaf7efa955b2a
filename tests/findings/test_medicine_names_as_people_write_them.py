"""A long list of names as people write them, with what must happen to each: understood, asked about, or kept."""

from __future__ import annotations

from typing import Any

import pytest

# Written name, country (empty: not known), ingredients.
UNDERSTOOD = """
sertraline 50 mg | | sertraline
Sertraline HCl 50mg tablets once daily | | sertraline
50 mg sertraline | | sertraline
Zoloft (sertraline) | | sertraline
ZOLOFT | | sertraline
Lexapro 10mg | | escitalopram
Effexor XR | | venlafaxine
Cymbalta capsules | | duloxetine
Wellbutrin XL 300 mg | | bupropion
Remeron | | mirtazapine
trazodone 50 mg at night | | trazodone
Elavil | | amitriptyline
Nardil | | phenelzine
lithium carbonate 400 mg | | lithium
St John's wort | | st_johns_wort
5-HTP | | five_htp
Haldol | | haloperidol
Seroquel XR | | quetiapine
Abilify | | aripiprazole
Trilafon | | perphenazine
Orap | | pimozide
Reglan | | metoclopramide
Stemetil | | prochlorperazine
Phenergan | | promethazine
Motilium | | domperidone
Stugeron | | cinnarizine
Transderm Scop | | scopolamine
scopolamine patch | | scopolamine
hyoscine | | scopolamine
Buscopan | | hyoscine_butylbromide
Kwells | GB | scopolamine
Sinemet CR | | levodopa
carbidopa/levodopa 25-100 | | levodopa
co-careldopa | | levodopa
Requip | | ropinirole
Neupro patch | | rotigotine
Benadryl | US | diphenhydramine
Benadryl | GB | acrivastine
Benadryl Allergy One A Day | GB | cetirizine
Benadryl (diphenhydramine) | | diphenhydramine
Dramamine | US | dimenhydrinate
Dramamine Less Drowsy | US | meclizine
Gravol | CA | dimenhydrinate
Nytol | GB | diphenhydramine
Nytol Herbal | GB | valerian
ZzzQuil | | diphenhydramine
ZzzQuil Pure Zzzs | | melatonin
Unisom SleepTabs | US | doxylamine
Unisom SleepGels | US | diphenhydramine
Sominex | US | diphenhydramine
Sominex | GB | promethazine
Tylenol | | paracetamol
Tylenol PM | | diphenhydramine paracetamol
Advil PM | | diphenhydramine ibuprofen
Aleve PM | US | diphenhydramine naproxen
Panadol Night | GB | diphenhydramine paracetamol
Night Nurse | GB | dextromethorphan paracetamol promethazine
NyQuil | US | dextromethorphan doxylamine paracetamol
DayQuil | US | dextromethorphan paracetamol phenylephrine
Robitussin DM | | dextromethorphan guaifenesin
Sudafed | US | pseudoephedrine
Sudafed PE | | phenylephrine
Claritin-D | US | loratadine pseudoephedrine
Excedrin | | aspirin caffeine paracetamol
Anadin Extra | GB | aspirin caffeine paracetamol
Nurofen Plus tabs | GB | codeine ibuprofen
co-codamol 30/500 | | codeine paracetamol
paracetamol and codeine | | codeine paracetamol
Percocet | | oxycodone paracetamol
Adderall XR 20mg | | amfetamine
Vyvanse | | lisdexamfetamine
Elvanse | | lisdexamfetamine
Concerta XL | | methylphenidate
Ritalin | | methylphenidate
Strattera | | atomoxetine
NoDoz | | caffeine
Pro Plus | | caffeine
caffeine powder | | caffeine
Red Bull | | caffeine
nicotine patch | | nicotine
weed | | cannabis
ecstasy | | mdma
laughing gas | | nitrous_oxide
magic mushrooms | | psilocybin
Ventolin inhaler | | salbutamol
Ventolin 100 mcg inhaler 2 puffs | | salbutamol
salmeterol/fluticasone 50/250 | | fluticasone salmeterol
Symbicort 200/6 | | budesonide formoterol
Xanax as needed | | alprazolam
Valium 5 mg | | diazepam
Ambien | | zolpidem
Lunesta | | eszopiclone
Lioresal | | baclofen
Neurontin | | gabapentin
Lyrica | | pregabalin
Keppra | | levetiracetam
Onfi | | clobazam
sodium valproate | | valproate
Mestinon | | pyridostigmine
Aricept | | donepezil
Lipitor | | atorvastatin
metoprolol succinate ER | | metoprolol
losartan potassium | | losartan
water pill furosemide | | ?
furosemide 40 mg | | furosemide
Nexium | | esomeprazole
Ozempic pen | | semaglutide
metformin 500mg bd | | metformin
Lantus | | insulin
Prolia injection | | denosumab
Keytruda | | pembrolizumab
Eloxatin | | oxaliplatin
Synthroid 100 mcg | | levothyroxine
low dose aspirin | | aspirin
Eliquis | | apixaban
magnesium citrate 200mg | | magnesium_supplement
vitamin D3 1000 IU | | vitamin_d_supplement
iron tablets | | ferrous_sulfate
tonic water | | quinine
vitamin B12 injections | | vitamin_b12_supplement
prednisolone 5 mg and omeprazole 20 mg | | omeprazole prednisolone
""".strip().splitlines()
CASES = [tuple(part.strip() for part in line.split("|")) for line in UNDERSTOOD if "?" not in line]

# Written name, and a name that must be among those asked about.
ASKED = """
prozak | Prozac
zolofft | Zoloft
sertralin | sertraline
lexipro | Lexapro
xannax | Xanax
zanax | Xanax
ciproflaxin | ciprofloxacin
ciprofloxin | ciprofloxacin
diphenhydramin | diphenhydramine
benedryl | Benadryl
dramamin | Dramamine
omeprozole | omeprazole
gabapenten | gabapentin
pregabaline | pregabalin
lyrca | Lyrica
lithum | lithium
metaclopramide | metoclopramide
haldoll | Haldol
respirdal | Risperdal
seroquil | Seroquel
ablify | Abilify
amitryptiline | amitriptyline
venlafaxin | venlafaxine
cymbalpha | Cymbalta
wellbutron | Wellbutrin
ritilin | Ritalin
aderall | Adderall
vivance | Vyvanse
sudafet | Sudafed
ibuprofin | ibuprofen
tylonol | Tylenol
paracetemol | paracetamol
asprin | aspirin
salbutomol | salbutamol
ventalin | Ventolin
levothyroxin | levothyroxine
sinthroid | Synthroid
furosimide | furosemide
simvistatin | simvastatin
warferin | warfarin
xeralto | Xarelto
elequis | Eliquis
metropolol | metoprolol
propanolol | propranolol
baclofin | baclofen
zopiclon | zopiclone
ambian | Ambien
klonapin | Klonopin
fentanol | fentanyl
kepra | Keppra
tegratol | Tegretol
magnesum | magnesium
zofren | Zofran
scopalamine | scopolamine
oxybutinin | oxybutynin
Unisom | Unisom SleepTabs
Robitussin | Robitussin DM
Excedrin PM | Excedrin
Tylenol 3 | Tylenol
Sudafed 12 hour | Sudafed
Sudafed Day & Night capsules | Sudafed
hydrocortisone cream | hydrocortisone
Zoloft (fluoxetine) | fluoxetine
metformin/xyzin | metformin
prednisone 10 mg taper | prednisone
calcium magnesium zinc | calcium
""".strip().splitlines()

KEPT = """
montelukast; tamsulosin; allopurinol; vancomycin; finasteride; glucosamine; fish oil; collagen; ashwagandha; turmeric;
the pill; blood pressure tablet; my heart tablets; something for sleep; devil's claw; xyzzy drops; zzz; Шалфей; 板蓝根
"""


def test_the_lists_are_long_enough() -> None:
    assert len(CASES) >= 110
    assert len(ASKED) >= 60


@pytest.mark.parametrize(("written", "country", "ingredients"), CASES, ids=[" ".join(one[:2]) for one in CASES])
def test_what_is_known_is_understood(parse: Any, written: str, country: str, ingredients: str) -> None:
    parsed = parse(person={"country": country} if country else {}, medications=[written])
    assert [str(one) for one in parsed.errors] == []
    assert sorted(parsed.case.medicines[0].ingredients) == ingredients.split()


@pytest.mark.parametrize("line", ASKED)
def test_what_is_doubtful_is_asked_and_never_guessed(refused: Any, parse: Any, line: str) -> None:
    written, meant = (part.strip() for part in line.split("|"))
    error = refused(medications=[written])
    assert error.code == "E417"
    assert meant in list(error.allowed)
    insisted = parse(medications=[{"name": written, "as_written": True}])
    assert (insisted.errors, insisted.case.medicines[0].ingredients) == ((), ())


@pytest.mark.parametrize("written", [one.strip() for one in KEPT.replace("\n", " ").split(";")])
def test_what_is_not_known_is_kept_and_said(parse: Any, written: str) -> None:
    parsed = parse(medications=[written])
    assert parsed.errors == ()
    assert [(one.written, one.ingredients) for one in parsed.case.medicines] == [(written, ())]


@pytest.mark.parametrize(
    ("written", "country", "meanings"),
    [
        ("Benadryl", "", ["diphenhydramine (US, CA)", "acrivastine (GB)"]),
        ("Sominex", "", ["promethazine (GB)", "diphenhydramine (US)"]),
        ("Sudafed", "GB", ["pseudoephedrine (US, AU, CA)"]),
        ("Maalox", "US", ["aluminium_hydroxide with magnesium_supplement (DE, FR, IT)"]),
    ],
)
def test_a_name_of_several_meanings_asks_with_all_of_them(
    refused: Any, written: str, country: str, meanings: list[str]
) -> None:
    error = refused(person={"country": country} if country else {}, medications=[written])
    assert error.code == "E418"
    assert sorted(error.allowed) == sorted(meanings)


def test_a_name_in_brackets_settles_what_the_brand_means(parse: Any) -> None:
    for written, ingredient in (("Benadryl (acrivastine)", "acrivastine"), ("Sominex (promethazine)", "promethazine")):
        assert parse(medications=[written]).case.medicines[0].ingredients == (ingredient,)
