"""The shape of medicines.yaml and exposures.yaml: what a medicine does and when, what to measure after an exposure."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints, model_validator

from legtwitch.knowledge.entry import Entry, Sourced

AtcCode = Annotated[str, StringConstraints(pattern=r"^[A-Z]\d\d([A-Z]([A-Z](\d\d)?)?)?$")]
Days = Annotated[float, Field(ge=0)]


class Span(Sourced):
    """From and to how many days after the start, the higher dose or the stop an effect begins as a rule."""

    days: tuple[Days, Days]

    @model_validator(mode="after")
    def _forwards(self) -> Span:
        if self.days[0] >= self.days[1]:
            raise ValueError("`days` must be a span")
        return self


class Effect(Sourced):
    """One thing that a medicine can bring about: a phenomenon, or a finding or cause that it leads to.

    during: while it is taken, in a dose that is too high, or on stopping or cutting it. The grade is that of the effect
    itself; the span in which it begins has its own.
    """

    phenomenon: str | None = None
    leads_to: str | None = None
    during: Literal["taking", "too_much", "stopping"] = "taking"
    begins: Span | None = None
    note: str = ""

    @model_validator(mode="after")
    def _one_effect(self) -> Effect:
        if (self.phenomenon is None) == (self.leads_to is None):
            raise ValueError("exactly one of `phenomenon` and `leads_to`")
        return self


class Stopping(Sourced):
    """How a medicine is come off, in words; it never tells anyone to stop one."""

    text: str


class ActsFor(Sourced):
    """For how many days after the last dose a medicine still counts as taken, where that is longer than usual."""

    days: Annotated[float, Field(gt=0)]
    note: str = ""


class MedicineFact(Sourced):
    """A sentence about a medicine: what it is not known for, what it must not be taken with, whom to call."""

    id: str
    text: str


class MedicineEffects(Entry):
    """What is believed of a medicine or a class of them (an id of the vocabulary); a class speaks for its members.

    atc: codes of the Anatomical Therapeutic Chemical classification, the current one first.
    """

    id: str
    atc: tuple[AtcCode, ...] = ()
    effects: tuple[Effect, ...] = ()
    stopping: Stopping | None = None
    acts_for: ActsFor | None = None
    facts: tuple[MedicineFact, ...] = ()


class ExposureTests(Sourced):
    """What to measure after an exposure, in `text`, and what not, in `avoid`.

    may_cause: causes that it can lead to. measure: labs. tests: of tests.yaml.
    """

    id: str
    may_cause: tuple[str, ...] = ()
    measure: tuple[str, ...] = ()
    tests: tuple[str, ...] = ()
    text: str
    avoid: str = ""
