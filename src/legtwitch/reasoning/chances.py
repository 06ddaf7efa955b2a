"""Probabilities with their uncertainty, and how they are told in words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from math import exp, log
from typing import TYPE_CHECKING

from legtwitch.model import Grade, Interval

if TYPE_CHECKING:
    from legtwitch.knowledge.schema import Chance, Leak, Prior
    from legtwitch.reasoning.logic import Findings

FLOOR, CEILING = 1e-7, 0.99
"""What is shown stays between these, so that no rounding makes 0 % or 100 % of it."""

WIDTH: dict[Grade, float] = {"A": 1.5, "B": 2.0, "C": 3.0, "D": 5.0}
"""By which factor the odds may be off each way (95 %) where a figure comes without its own limits."""


@dataclass(frozen=True, slots=True)
class Spread:
    """A probability, or an odds ratio, with its 95 % limits; strictly inside its range."""

    value: float
    low: float
    high: float


def logit(probability: float) -> float:
    """Return the log-odds of a probability strictly between 0 and 1."""
    return log(probability) - log(1 - probability)


def probability(log_odds: float) -> float:
    """Return the probability that has these log-odds, held where it can still be told from 0 and 1."""
    held = min(max(log_odds, -34.0), 34.0)
    return 1 / (1 + exp(-held))


@lru_cache(maxsize=16384)
def spread(value: float, grade: Grade, low: float | None = None, high: float | None = None) -> Spread:
    """Return a probability with limits: its own, and where one is missing that of its grade."""
    width = log(WIDTH[grade])
    bottom = low if low is not None else probability(logit(value) - width)
    top = high if high is not None else probability(logit(value) + width)
    return Spread(value, min(bottom, value), max(top, value))


def spread_of(chance: Chance | Leak) -> Spread:
    """Return the spread of a figure of the knowledge files."""
    return spread(chance.value, chance.grade, chance.low, chance.high)


# ---- priors ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Start:
    """Where a cause starts before any finding: the figure, the entries it rests on, and a note where it is a guess."""

    spread: Spread
    entries: tuple[Prior, ...]
    note: str = ""


def start(priors: Iterable[Prior], findings: Findings) -> Start:
    """Choose the prior for this person by age, sex and setting.

    One entry whose every condition is known to hold and that is the most specific of all that could apply stands
    alone. A setting that isn't told is taken as the community, the least selected one, and the note says so. Where
    age or sex isn't known, all entries that could apply stand together: the geometric mean of their odds, with the
    widest limits. Where none applies, all do, and the note says so.
    """
    entries = tuple(priors)
    fits = {index: _fits(entry, findings) for index, entry in enumerate(entries)}
    possible = [index for index, fit in fits.items() if fit is not False]
    note = "" if possible else "no figure for such a person; all figures there are were put together"
    if not note and not findings.chosen("setting") and any(entry.applies.setting for entry in entries):
        note = "where the question is asked isn't known; figures for the community were taken"
    sure = [index for index in possible if fits[index] is True]
    if sure:
        best = max(sure, key=lambda index: _conditions(entries[index]))
        open_ = [index for index in possible if fits[index] is None]
        possible = sorted({best, *open_})
    chosen = tuple(entries[index] for index in possible) or entries
    spreads = [spread_of(entry) for entry in chosen]
    middle = probability(sum(logit(one.value) for one in spreads) / len(spreads))
    if len(chosen) > 1 and possible:
        pooled = "age or sex isn't known; all figures that could apply were put together"
        note = f"{note}; {pooled}" if note else pooled
    return Start(Spread(middle, min(one.low for one in spreads), max(one.high for one in spreads)), chosen, note)


def _fits(entry: Prior, findings: Findings) -> bool | None:
    """Return whether an entry is for this person; None where that isn't known."""
    applies = entry.applies
    answers: list[bool | None] = []
    if applies.age is not None:
        age = findings.quantity("age")
        answers.append(None if age is None else in_band(age.value, applies.age))
    for key, wanted in (("sex", applies.sex), ("setting", applies.setting)):
        if wanted is not None:
            chosen = findings.chosen(key) or (("community",) if key == "setting" else ())
            answers.append(wanted in chosen if chosen else None)
    if False in answers:
        return False
    return None if None in answers else True


def _conditions(entry: Prior) -> int:
    return sum(one is not None for one in (entry.applies.age, entry.applies.sex, entry.applies.setting))


def in_band(age: float, band: str) -> bool:
    """Return whether an age in years lies in a band such as `20-79`, `65-` or `-15`; the end year counts in full.

    >>> in_band(79.9, "20-79")
    True
    """
    low, _, high = band.partition("-")
    return (not low or age >= float(low)) and (not high or age < float(high) + 1)


# ---- words -----------------------------------------------------------------------------------------------------------


def shown(value: float, low: float, high: float) -> Interval:
    """Return an interval held strictly inside 0 and 1, its limits on either side of its value."""
    value, low, high = (min(max(one, FLOOR), CEILING) for one in (value, low, high))
    return Interval(value, min(low, value), max(high, value))


def in_words(interval: Interval) -> str:
    """Return an interval as natural frequencies.

    >>> in_words(Interval(0.033, 0.0125, 0.08))
    'about 1 in 30 (between 1 in 80 and 1 in 13)'
    """
    low, high = frequency(interval.low), frequency(interval.high)
    middle = frequency(interval.value)
    middle = middle if middle.startswith(("fewer", "more")) else f"about {middle}"
    return middle if low == high else f"{middle} (between {low} and {high})"


def frequency(value: float) -> str:
    """Return a probability as `1 in 30`, `7 in 10`, or beyond what can be told apart as `fewer than 1 in 10,000`."""
    if value < 1e-4:
        return "fewer than 1 in 10,000"
    if value > 0.95:
        return "more than 95 in 100"
    if value > 0.18:
        return f"{min(max(round(value * 10), 2), 9)} in 10"
    people = 1 / value
    step = 1 if people < 20 else 5 if people < 100 else 10 ** (len(str(int(people))) - 1) // 2
    return f"1 in {max(round(people / step), 1) * step:,}"
