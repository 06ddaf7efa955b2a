"""The shape of every knowledge file, as pydantic models that refuse unknown keys.

Each class is one entry of one file (`data/<file>.yaml`, causes one file each). Medicine stands in the files alone:
nothing here holds a threshold, a weight or a sentence. `loader.py` checks what no single entry can see
(ids that must exist, sources that must be cited, findings that may not be counted twice). labs.yaml: `lab_schema.py`,
sources*.yaml: `source_schema.py`.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, model_validator

from legtwitch.knowledge.condition import parse
from legtwitch.knowledge.entry import Entry as Entry  # noqa: PLC0414 (re-exported, as the five below)
from legtwitch.knowledge.entry import Sourced as Sourced  # noqa: PLC0414
from legtwitch.knowledge.lab_schema import Lab as Lab  # noqa: PLC0414
from legtwitch.knowledge.lab_schema import LabLimit as LabLimit  # noqa: PLC0414
from legtwitch.knowledge.lab_schema import LabUnits as LabUnits  # noqa: PLC0414
from legtwitch.knowledge.source_schema import Source as Source  # noqa: PLC0414
from legtwitch.model import Level

When = Annotated[
    Any, BeforeValidator(lambda raw: raw if raw is None or not isinstance(raw, (str, dict)) else parse(raw))
]
Probability = Annotated[float, Field(gt=0, lt=1)]


# ---- phenomena.yaml, regions.yaml ------------------------------------------------------------------------------------


class PhenomenonRule(Sourced):
    """When a phenomenon of the vocabulary holds; `text` tells a person what it is."""

    id: str
    when: When
    text: str


class Place(Entry):
    """In which of the four body regions a muscle or a site lies."""

    id: str
    region: Literal["bulbar", "cervical", "thoracic", "lumbosacral"]


# ---- constructs.yaml, leaks.yaml -------------------------------------------------------------------------------------


class Chance(Sourced):
    """A probability with its interval; without low and high the grade sets the width."""

    value: Probability
    low: Probability | None = None
    high: Probability | None = None
    population: str = ""
    note: str = ""


class Shown(Sourced):
    """How often a finding is present when a construct holds (`given`) and when it doesn't (`otherwise`).

    Either `finding` (a flag, or anything `when` makes true or false) stands for the observation.
    """

    finding: str
    when: When = None
    given: Probability
    otherwise: Probability


class Construct(Entry):
    """A latent clinical construct: several findings tell of it, causes speak to it alone."""

    id: str
    label: str
    leak: Chance
    shown_by: tuple[Shown, ...]


class Leak(Sourced):
    """How often a finding is present in people without any listed cause."""

    finding: str
    value: Probability
    low: Probability | None = None
    high: Probability | None = None
    population: str = ""
    when: When = None
    note: str = ""


# ---- causes/*.yaml ---------------------------------------------------------------------------------------------------


class For(Entry):
    """Whom a prior is for; what isn't named doesn't restrict. age: `20-79`, `65-`, `-15` in years, ends included."""

    age: Annotated[str | None, BeforeValidator(lambda raw: str(raw) if isinstance(raw, int) else raw)] = None
    sex: Literal["female", "male"] | None = None
    setting: Literal["community", "primary_care", "neurology_clinic", "sleep_clinic", "emergency"] | None = None


class Prior(Chance):
    """Probability that the cause is present now in such a person."""

    applies: For = Field(default=For(), alias="for")


class Risk(Sourced):
    """What makes a cause likelier: an odds ratio on its prior. `finding` is any finding-like id, or `when` decides."""

    finding: str
    odds_ratio: Annotated[float, Field(gt=0)]
    low: Annotated[float, Field(gt=0)] | None = None
    high: Annotated[float, Field(gt=0)] | None = None
    when: When = None
    note: str = ""


class Evidence(Sourced):
    """How often the cause shows a finding or a construct (exactly one of the two)."""

    finding: str | None = None
    construct_id: str | None = Field(default=None, alias="construct")
    given: Probability
    low: Probability | None = None
    high: Probability | None = None
    population: str = ""
    note: str = ""

    @model_validator(mode="after")
    def _one_target(self) -> Evidence:
        if (self.finding is None) == (self.construct_id is None):
            raise ValueError("exactly one of `finding` and `construct`")
        return self


class Criterion(Sourced):
    """A published definition: its tree stands under `when`, each line of the top level with a label."""

    when: When
    note: str = ""


class Claim(Sourced):
    """A claim of the founding article and what is true.

    id: `C` and two digits. also: a word for it. causes: those it speaks of. verdict: how the claim stands.
    """

    id: str = Field(pattern=r"^C\d{2}$")
    also: tuple[str, ...] = ()
    causes: tuple[str, ...] = ()
    claim: str
    verdict: Literal["holds", "holds_in_part", "misleading", "unproven", "contradicted"]
    truth: str


class Cause(Entry):
    """A cause to full standard. Ids of `tests` and `care` are those of tests.yaml and care.yaml."""

    id: str
    name: str
    group: Literal["less_harmful", "more_serious", "medication", "toxin", "deficiency", "metabolic_or_other"]
    codes: dict[str, str]
    summary: str
    explains: tuple[str, ...]
    prior: tuple[Prior, ...]
    risk: tuple[Risk, ...] = ()
    requires: When = None
    criteria: dict[str, Criterion] = Field(default_factory=dict)
    evidence: tuple[Evidence, ...]
    tests: tuple[str, ...] = ()
    care: tuple[str, ...] = ()
    urgent_if: tuple[str, ...] = ()
    must_not_miss: str = ""
    harm: Annotated[int, Field(ge=1, le=5)] = 1
    facts: tuple[Statement, ...] = ()


# ---- urgency.yaml ----------------------------------------------------------------------------------------------------


class RuleLevel(Entry):
    """One level of a rule; the highest whose condition is true counts."""

    level: Level
    when: When
    say: str


class UrgencyRule(Sourced):
    """A rule of the safety layer. floor: the level that stands while it is undetermined (only R30 has one)."""

    id: str
    name: str
    levels: tuple[RuleLevel, ...]
    near_miss: str
    note: str = ""


class LevelWords(Sourced):
    """Whom to call at a level in one country (ISO 3166); the time that a level stands for is the same everywhere."""

    country: str
    headline: str = ""
    advice: str = ""


class LevelText(Entry):
    """The words of a level: headline (what to do and how soon) and advice; `country` holds emergency numbers."""

    id: Level
    headline: str
    advice: str
    words: tuple[LevelWords, ...] = ()


class EmergencyNumber(Sourced):
    """The emergency number of a country (ISO 3166)."""

    country: str
    number: str


class Gate(Sourced):
    """The reassurance gate: every condition must be true; `else_say` tells what keeps it shut."""

    id: str
    when: When
    else_say: str


class Safety(Entry):
    """urgency.yaml as a whole."""

    rules: tuple[UrgencyRule, ...]
    levels: tuple[LevelText, ...]
    numbers: tuple[EmergencyNumber, ...]
    other_country: str
    gate: tuple[Gate, ...]
    reassurance: Statement
    safety_net: tuple[str, ...]
    not_a_device: str


# ---- questions.yaml --------------------------------------------------------------------------------------------------


class AskedOption(Entry):
    """An answer of a question. enter: quantities to type in, id → unit.

    always: no answer of its own; what it lets a person type in belongs to every answer of the question.
    """

    label: str
    sets: dict[str, Any] = Field(default_factory=dict)
    enter: dict[str, str] = Field(default_factory=dict)
    always: bool = False


class AskedQuestion(Entry):
    """A question in a lay person's words.

    stage: `screen` (mandatory, in order), `kind` (which movement), `detail`, `home_test`, `background`.
    relevant: asked only when this isn't false. several: more than one answer may be chosen.
    "None of these" and "I'm not sure" are added by the engine for questions with `several`, "I'm not sure" for all.
    """

    id: str
    stage: Literal["screen", "kind", "detail", "home_test", "background"]
    text: str
    why: str
    help: str = ""
    several: bool = False
    relevant: When = None
    options: tuple[AskedOption, ...]


# ---- tests.yaml, care.yaml, statements.yaml --------------------------------------------------------------------------


class Statement(Sourced):
    """A sentence that is shown when its condition holds. about: the cause, measure or claim it speaks of.

    comforts: it reassures, so it is shown only while the reassurance gate is open.
    """

    id: str
    text: str
    when: When = None
    about: str = ""
    comforts: bool = False


class MedicalTest(Sourced):
    """A test that may follow. when: shown only when true (None: whenever a cause that names it is in play)."""

    id: str
    label: str
    text: str
    when: When = None


class Block(Sourced):
    """What holds a piece of care back: held back when true, and when unknown if `unknown_too`."""

    when: When
    because: str
    unknown_too: bool = False


class Care(Sourced):
    """Care with what trials say of it. verdict: how the evidence stands."""

    id: str
    label: str
    text: str
    verdict: Literal["helps", "may_help", "unclear", "no_benefit", "harmful", "standard"]
    when: When = None
    blocks: tuple[Block, ...] = ()


# ---- rule_sets.yaml --------------------------------------------------------------------------------------------------


class Parameter(Sourced):
    """A number of a scoring rule set with its clause."""

    id: str
    value: float
    unit: str
    clause: str


class Reading(Sourced):
    """A clause on which sources differ or are silent: its values, the default first."""

    id: str
    values: tuple[str, ...]
    switch: bool
    text: str


class NormEntry(Sourced):
    """What others found of an index.

    limit: what the share lies above, or the line itself. value: the share or percentile.
    """

    id: str
    index: str
    kind: Literal["share_above", "percentile_90", "line", "cut_off"]
    people: str
    text: str
    unit: str
    limit: float | None = None
    value: float | None = None


class RuleSet(Entry):
    """A scoring rule set: thresholds as data; the series logic is a literal function in `scoring`."""

    id: str
    name: str
    cite: tuple[str, ...]
    parameters: tuple[Parameter, ...]
    readings: tuple[Reading, ...]


Cause.model_rebuild()
Safety.model_rebuild()
