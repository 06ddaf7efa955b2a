"""A rule set as scoring uses it: numbers in milliseconds, and the value taken for every clause."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from legtwitch.errors import UsageError
from legtwitch.knowledge import rule_set
from legtwitch.knowledge.schema import RuleSet
from legtwitch.scoring.times import to_ms

RULES = ("aasm-v3", "wasm-2016", "wasm-2006")


@dataclass(frozen=True, slots=True)
class Rules:
    """Numbers and readings of one rule set."""

    name: str
    numbers: Mapping[str, float]
    readings: Mapping[str, str]
    _ms: Mapping[str, int] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_ms", {name: to_ms(value) for name, value in self.numbers.items()})

    def ms(self, parameter: str) -> int:
        """Return a time of the rule set in ms."""
        return self._ms[parameter]

    def count(self, parameter: str) -> int:
        """Return a number of movements or intervals of the rule set."""
        return round(self.numbers[parameter])


def _refuse_unknown(readings: Mapping[str, str], sets: Sequence[RuleSet]) -> None:
    switches = {one.id: one.values for each in sets for one in each.readings if one.switch}
    fixed = {one.id: one.values for each in sets for one in each.readings if not one.switch}
    for name, value in readings.items():
        if name in fixed:
            raise UsageError(
                "E142",
                f"The clause {name} is fixed and cannot be chosen.",
                got=f"{name}={value}",
                allowed=sorted(switches),
                do="Leave it out, or choose another clause.",
            )
        if name not in switches:
            raise UsageError(
                "E141",
                f"The rule sets {', '.join(each.id for each in sets)} have no clause {name} to choose.",
                got=f"{name}={value}",
                allowed=sorted(switches),
                do="Choose one of the allowed clauses, or add the rule set that has it.",
            )
        if value not in switches[name]:
            raise UsageError(
                "E143",
                f"The clause {name} has no reading {value}.",
                got=f"{name}={value}",
                allowed=list(switches[name]),
                do=f"Choose one of them; the default is {switches[name][0]}.",
            )


def choose(names: Sequence[str], readings: Mapping[str, str]) -> tuple[Rules, ...]:
    """Return the rule sets of these names with the readings chosen, defaults for the others.

    Raises
    ------
    UsageError: a rule set, a clause or a value that doesn't exist (E140 to E143).
    """
    for name in names:
        if name not in RULES:
            raise UsageError(
                "E140", f"There is no rule set {name} for leg movements.", got=name, allowed=RULES, do="Choose one."
            )
    if not names:
        raise UsageError("E140", "No rule set was asked for.", allowed=RULES, do="Choose at least one.")
    sets = [rule_set(name) for name in dict.fromkeys(names)]
    _refuse_unknown(readings, sets)
    return tuple(
        Rules(
            each.id,
            {one.id: one.value for one in each.parameters},
            {one.id: readings.get(one.id, one.values[0]) for one in each.readings},
        )
        for each in sets
    )
