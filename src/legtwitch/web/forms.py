"""What a person answered on a page, as what it sets in the case, or what is missing in plain words."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from legtwitch.model import Option, Question
from legtwitch.reasoning.questions import NONE_OF_THESE, NOT_SURE

_NUMBER = re.compile(r"\d{1,6}(?:[.,]\d{1,6})?", re.ASCII)
UNIT_WORDS = {
    "year": "years",
    "month": "months",
    "week": "weeks",
    "day": "days",
    "hour": "hours",
    "minute": "minutes",
    "cm": "centimetres",
    "in": "inches",
    "mg_per_day": "mg a day",
    "per_week": "nights a week",
}


class Sent(Protocol):
    """A form as it was sent."""

    def get(self, key: str, /) -> Any:
        """Return the last value of a field, or None."""

    def getlist(self, key: str, /) -> Sequence[Any]:
        """Return all values of a field."""


@dataclass(frozen=True, slots=True)
class Number:
    """A field for a number. units: one, or several to choose from. always: it belongs to every answer."""

    ref: str
    label: str
    units: tuple[str, ...]
    always: bool = False


@dataclass(frozen=True, slots=True)
class Choice:
    """A box or a button. number: its place among the options of the question. fields: numbers that it asks for.

    tick: False where typing in the number is the answer. alone: it excludes all others.
    """

    number: int
    label: str
    fields: tuple[Number, ...] = ()
    tick: bool = True
    alone: bool = False


@dataclass(frozen=True, slots=True)
class Layout:
    """How a question is shown. numbers: fields before the choices."""

    choices: tuple[Choice, ...]
    numbers: tuple[Number, ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """What was answered. errors: field → what is wrong; then nothing is set."""

    sets: Mapping[str, Any] = field(default_factory=dict)
    said: tuple[str, ...] = ()
    errors: Mapping[str, str] = field(default_factory=dict)


def layout(question: Question) -> Layout:
    """Return the fields of a question; `I'm not sure` is a button of its own and not among them."""
    options = [(n, one) for n, one in enumerate(question.options) if one.label != NOT_SURE]
    only = {ref for _, one in options for ref in one.enter}
    if options and len(only) == 1 and all(one.enter and not one.sets for _, one in options):
        ref = only.pop()
        units = tuple(unit for _, one in options for unit in one.enter.values())
        label = options[0][1].label if len(options) == 1 else question.text
        return Layout((), (Number(ref, _number_label(ref, label), units, len(options) == 1),))
    always = _always([one for _, one in options])
    numbers = tuple(
        Number(ref, _number_label(ref, ref.replace("_", " ").capitalize()), (unit,), True)
        for ref, unit in always.items()
    )
    choices = []
    for number, one in options:
        fields = tuple(Number(ref, one.label, (unit,)) for ref, unit in one.enter.items() if ref not in always)
        if not one.sets and not fields:
            continue
        tick = bool(one.sets) or not question.several
        choices.append(Choice(number, one.label, fields, tick, one.label == NONE_OF_THESE))
    return Layout(tuple(choices), numbers)


def _always(options: Sequence[Option]) -> dict[str, str]:
    """Return the quantities that belong to every answer: those that all options ask for in the same unit."""
    first = options[0].enter if options else {}
    return {ref: unit for ref, unit in first.items() if all(one.enter.get(ref) == unit for one in options)}


def _number_label(ref: str, label: str) -> str:
    return "Your age in years" if ref == "age" else label


def read(question: Question, sent: Sent) -> Answer:
    """Return what a sent form answers to a question."""
    shown = layout(question)
    numbers = [*shown.numbers, *(one for choice in shown.choices for one in choice.fields)]
    values, errors = _values(numbers, sent)
    if sent.get("answer") == "unsure":
        return _unsure(question, shown, values, errors, _picked(question, shown, sent, values))
    picked = _picked(question, shown, sent, values)
    errors = _missing(question, shown, picked, values, errors) | errors
    if errors:
        return Answer(errors=errors)
    sets: dict[str, Any] = {}
    for option in picked:
        for ref, value in option.sets.items():
            both = isinstance(value, list) and isinstance(sets.get(ref), list)
            sets[ref] = [*sets[ref], *value] if both else value
    sets |= values
    if question.several:
        entered = {one.ref for one in numbers}
        sets |= {ref: "unknown" if ref in entered else "absent" for ref in question.asks if ref not in sets}
    return Answer(sets, tuple(_said(picked, values, shown)))


def _values(numbers: Sequence[Number], sent: Sent) -> tuple[dict[str, Any], dict[str, str]]:
    values: dict[str, Any] = {}
    errors: dict[str, str] = {}
    for one in numbers:
        text = str(sent.get(f"n-{one.ref}") or "").strip()
        if not text:
            continue
        if not _NUMBER.fullmatch(text):
            errors[f"n-{one.ref}"] = "Write a number, such as 3 or 2.5"
            continue
        unit = one.units[0] if len(one.units) == 1 else str(sent.get(f"u-{one.ref}") or "")
        if unit not in one.units:
            errors[f"u-{one.ref}"] = "Choose what the number counts"
            continue
        values[one.ref] = {"value": float(text.replace(",", ".")), "unit": unit}
    return values, errors


def _picked(question: Question, shown: Layout, sent: Sent, values: Mapping[str, Any]) -> list[Option]:
    given = {str(one) for one in sent.getlist("pick")}
    chosen = [
        one
        for one in shown.choices
        if str(one.number) in given or (not one.tick and any(each.ref in values for each in one.fields))
    ]
    return [question.options[one.number] for one in chosen]


def _missing(
    question: Question, shown: Layout, picked: Sequence[Option], values: Mapping[str, Any], wrong: Mapping[str, str]
) -> dict[str, str]:
    """Return what was left out. wrong: fields of which something else is told already."""
    errors: dict[str, str] = {}
    for one in shown.numbers:
        if one.ref not in values and not {f"n-{one.ref}", f"u-{one.ref}"} & set(wrong):
            what = "your age in years" if one.ref == "age" else "a number"
            errors[f"n-{one.ref}"] = f"Write {what}, or press “I'm not sure”"
    if not shown.choices:
        return errors
    if not picked:
        several = any(one.alone for one in shown.choices)
        errors["pick"] = (
            "Choose what fits, or “None of these”, or press “I'm not sure”"
            if several
            else "Choose an answer, or press “I'm not sure”"
        )
    if len(picked) > 1 and any(one.label == NONE_OF_THESE for one in picked):
        errors["pick"] = "Choose either what fits or “None of these”, not both"
    if len(picked) > 1 and not question.several:
        errors["pick"] = "Choose one answer"
    return errors


def _unsure(
    question: Question, shown: Layout, values: dict[str, Any], errors: dict[str, str], picked: Sequence[Option]
) -> Answer:
    """Return `unknown` for all that is asked but what was ticked: a sign that was told is never taken back by it.

    A number that always belongs to the answer is kept where it was given.
    """
    if errors:
        return Answer(errors=errors)
    kept: dict[str, Any] = {one.ref: values[one.ref] for one in shown.numbers if one.always and one.ref in values}
    said = [f"{one.label}: {_amount(kept[one.ref])}" for one in shown.numbers if one.ref in kept]
    for option in picked if question.several else ():
        signs = {ref: value for ref, value in option.sets.items() if value not in ("absent", "unknown")}
        kept |= signs
        said += [option.label] if signs else []
    return Answer(dict.fromkeys(question.asks, "unknown") | kept, (*said, NOT_SURE))


def _said(picked: Sequence[Option], values: Mapping[str, Any], shown: Layout) -> list[str]:
    said = [f"{one.label}: {_amount(values[one.ref])}" for one in shown.numbers if one.always and one.ref in values]
    said += [_amount(values[one.ref]) for one in shown.numbers if not one.always and one.ref in values]
    for option in picked:
        amounts = [_amount(values[ref]) for ref in option.enter if ref in values and ref not in _refs(shown.numbers)]
        said.append(f"{option.label}: {', '.join(amounts)}" if amounts else option.label)
    return said


def _refs(numbers: Sequence[Number]) -> set[str]:
    return {one.ref for one in numbers}


def _amount(value: Mapping[str, Any]) -> str:
    return f"{value['value']:.10g} {UNIT_WORDS.get(value['unit'], value['unit'])}"


def filled(question: Question, sets: Mapping[str, Any], said: Sequence[str]) -> dict[str, str]:
    """Return what the fields of a question hold when it was answered before: field → text, `pick` numbers as keys."""
    held: dict[str, str] = {}
    for number, option in enumerate(question.options):
        if any(one == option.label or one.startswith(f"{option.label}: ") for one in said):
            held[f"pick-{number}"] = "1"
    for ref, value in sets.items():
        if isinstance(value, Mapping) and {"value", "unit"} <= set(value):
            held[f"n-{ref}"] = f"{value['value']:.10g}"
            held[f"u-{ref}"] = str(value["unit"])
    return held
