"""Urgency: rules over findings and definitions, never over probability.

The level is the highest of all rules that hold, so no finding can lower what another one raised.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from legtwitch.model import LEVELS, FiredRule, Level, OpenRule, Truth, Urgency
from legtwitch.reasoning.logic import Facts, evaluate, joined
from legtwitch.reasoning.prepared import prepare
from legtwitch.reasoning.screen import unanswered

if TYPE_CHECKING:
    from legtwitch.knowledge import Knowledge
    from legtwitch.knowledge.schema import UrgencyRule

RANK: dict[Level, int] = {level: rank for rank, level in enumerate(LEVELS)}
"""0 is the most urgent."""
OPEN_LEVELS: tuple[Level, ...] = ("emergency", "same_day", "two_weeks")
SCREEN_RULE = "R30"
WISH_RULE = "own_wish"


def urgency(facts: Facts, knowledge: Knowledge) -> Urgency:
    """Return how soon to be seen, why, and what could not be excluded.

    `self_care` is reached only when no rule holds, every answer of the mandatory screen is known and every condition
    of the reassurance gate is true. The person's own wish can only raise the level.
    """
    fired, open_ = [], []
    asked = prepare(knowledge).asked
    for rule in knowledge.safety.rules:
        one, still_open = _read(rule, facts, asked)
        fired += [one] if one else []
        open_ += [still_open] if still_open else []
    missing = unanswered(facts.findings, knowledge)
    shut = _gate(facts, knowledge, fired, missing)
    lowest: Level = "routine" if shut else "self_care"
    rules = sorted([*fired, *_wish(facts, lowest)], key=lambda rule: RANK[rule.level])
    level = min([lowest, *(rule.level for rule in rules)], key=RANK.__getitem__)
    open_.sort(key=lambda rule: RANK[rule.level])
    if missing:
        open_.append(OpenRule(SCREEN_RULE, "routine", _screen_name(knowledge), missing, missing))
    headline, advice = _texts(level, facts, knowledge)
    return Urgency(level, tuple(rules), tuple(open_), not shut, shut, headline, advice)


def _read(rule: UrgencyRule, facts: Facts, asked: frozenset[str]) -> tuple[FiredRule | None, OpenRule | None]:
    """Return the rule at its highest level that holds, and at its highest level that missing answers leave open."""
    still_open = None
    for level in sorted(rule.levels, key=lambda one: RANK[one.level]):
        outcome = evaluate(level.when, facts)
        if outcome.truth is Truth.TRUE:
            fired = FiredRule(
                rule.id, level.level, rule.name, level.say, outcome.because, rule.sources, rule.grade
            )  # fmt: skip
            return fired, still_open
        if outcome.truth is Truth.UNKNOWN and level.level in OPEN_LEVELS and still_open is None:
            askable = tuple(ref for ref in outcome.missing if ref in asked)
            still_open = OpenRule(rule.id, level.level, rule.name, outcome.missing, askable)
    return None, still_open


def _wish(facts: Facts, lowest: Level) -> list[FiredRule]:
    chosen = facts.findings.chosen("wants") or ()
    levels = [level for level in LEVELS if level in chosen and RANK[level] < RANK[lowest]]
    say = "The person wants to be seen this soon."
    return [FiredRule(WISH_RULE, level, "Own wish", say, ("wants",), (), "D") for level in levels[:1]]


def _gate(facts: Facts, knowledge: Knowledge, fired: list[FiredRule], missing: tuple[str, ...]) -> tuple[str, ...]:
    """Return what keeps the reassurance gate shut, in words; empty when it is open."""
    label = knowledge.vocabulary.label
    shut = [rule.say for rule in fired]
    if missing:
        shut.append("Not known yet: " + "; ".join(map(label, missing)) + ".")
    shut += [gate.else_say for gate in knowledge.safety.gate if evaluate(gate.when, facts).truth is not Truth.TRUE]
    return joined([shut])


def _screen_name(knowledge: Knowledge) -> str:
    names = [rule.name for rule in knowledge.safety.rules if rule.id == SCREEN_RULE]
    return names[0] if names else "A mandatory safety question has no answer"


def _texts(level: Level, facts: Facts, knowledge: Knowledge) -> tuple[str, str]:
    """Return headline and advice of a level in the words of the country, and with its emergency number."""
    safety = knowledge.safety
    country = (facts.findings.chosen("country") or ("",))[0]
    number = next((one.number for one in safety.numbers if one.country == country.upper()), safety.other_country)
    text = next(one for one in safety.levels if one.id == level)
    own = next((one for one in text.words if one.country == country.upper()), None)
    headline = (own.headline if own else "") or text.headline
    advice = (own.advice if own else "") or text.advice
    return headline.replace("{number}", number), advice.replace("{number}", number)
