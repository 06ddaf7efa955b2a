"""What others found of an index, to stand beside the index of one night."""

from __future__ import annotations

from collections.abc import Mapping

from legtwitch.knowledge import norms as entries
from legtwitch.model import ImmobilisationTest, Norm, RuleScore


def norms(rules: Mapping[str, RuleScore], test: ImmobilisationTest) -> tuple[Norm, ...]:
    """Return the norms of all indices that could be computed, each with the index under every rule set.

    rules: scores by rule set. test: of which `sit_index` is taken, under `sit-2001`.

    Source: `norms.yaml`. Deviations: the studies counted by the rules of their time, mostly those of AASM; the index of
    another rule set stands beside them all the same, under its name.
    """
    found = []
    for one in entries():
        values = {name: rule.values.get(one.index) for name, rule in rules.items()}
        if one.index in test.values:
            values = {"sit-2001": test.values[one.index]}
        ours = {name: value for name, value in values.items() if value is not None}
        if ours:
            found.append(
                Norm(
                    one.id,
                    one.index,
                    ours,
                    one.kind,
                    one.limit,
                    one.value,
                    one.unit,
                    one.people,
                    one.text,
                    one.grade,
                    one.sources,
                )
            )
    return tuple(found)
