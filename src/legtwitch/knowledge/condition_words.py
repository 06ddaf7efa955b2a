"""Conditions in words, for people who check what the system believes."""

from __future__ import annotations

from legtwitch.knowledge.condition import (
    AgeOf,
    Chosen,
    Compare,
    Condition,
    Count,
    Has,
    Known,
    Met,
    Not,
    Regions,
)
from legtwitch.knowledge.vocabulary import Vocabulary
from legtwitch.units import UNITS

_COMPARISONS = {"over": "over", "at_least": "at least", "under": "under", "at_most": "at most"}


def in_words(condition: Condition, vocabulary: Vocabulary) -> str:
    """Return a condition as one line of words: the labels of the vocabulary, and its logic in capitals.

    >>> from legtwitch.knowledge import load
    >>> from legtwitch.knowledge.condition import parse
    >>> in_words(parse({"all": ["tingling", {"not": "pregnant"}]}), load().vocabulary)
    'tingling or pins and needles AND NOT pregnant now'
    """
    match condition:
        case Has(ref, where):
            details = ", ".join(f"{name} {_plain(value)}" for name, value in where.items())
            return vocabulary.label(ref) + (f" [{details}]" if details else "")
        case Compare(ref, op, limit, unit):
            return f"{vocabulary.label(ref)}: {_COMPARISONS[op]} {limit:g}{_unit(unit, limit)}"
        case Chosen(ref, any_of):
            return f"{vocabulary.label(ref)}: {' or '.join(map(_plain, any_of))}"
        case AgeOf(ref, op, limit, unit):
            return f"{vocabulary.label(ref)}, since {_COMPARISONS[op]} {limit:g}{_unit(unit, limit)}"
        case Known(ref):
            return f"an answer is known to: {vocabulary.label(ref)}"
        case Met(criterion):
            return f"the definition is met: {vocabulary.label(criterion)}"
        case Not(child):
            return f"NOT {_part(child, vocabulary)}"
        case Regions(minimum, each):
            return f"in at least {minimum} of the four body regions: {_part(each, vocabulary)}"
        case Count(2, (Known(ref), Has(same) as flag)) if ref == same:
            return f"told or found: {in_words(flag, vocabulary)}"
        case Count(minimum, children):
            if minimum == len(children):
                return " AND ".join(_part(one, vocabulary) for one in children)
            if minimum == 1:
                return " OR ".join(_part(one, vocabulary) for one in children)
            return f"at least {minimum} of: " + "; ".join(_part(one, vocabulary) for one in children)


def _part(condition: Condition, vocabulary: Vocabulary) -> str:
    words = in_words(condition, vocabulary)
    match condition:
        case Count(2, (Known(ref), Has(same))) if ref == same:
            return words
        case Count() | Regions():
            return f"({words})"
        case _:
            return words


def _plain(word: str) -> str:
    return word.replace("_", " ")


def _unit(unit: str, number: float) -> str:
    if unit in ("1", "count", "score"):
        return ""
    several = number != 1 and unit in UNITS and UNITS[unit].kind == "time"
    return f" {_plain(unit)}{'s' if several else ''}"
