"""How well the people of tests/cases/ are told: urgency, kinds of movement, definitions, and the right cause.

Printed by group: people after published reports and textbook patterns; people written before and after the rules were
last changed with people in view (`seen`, `blind`). Limits are Wilson's 95 %. Synthetic people are no patients: the
shares say how often the program agrees with those who wrote them.
"""

from __future__ import annotations

import argparse
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from math import sqrt
from pathlib import Path
from typing import Any

import legtwitch as lt
from legtwitch.knowledge import yaml12
from legtwitch.model import LEVELS

CASES = Path(__file__).parent.parent / "tests" / "cases"
BANDS = ((0.0, 0.01), (0.01, 0.1), (0.1, 0.3), (0.3, 0.6), (0.6, 0.9), (0.9, 1.01))


@dataclass(slots=True)
class Told:
    """What became of one person. late, early: level below or above what is allowed. rank: of the right cause."""

    name: str
    groups: tuple[str, ...]
    level: str
    late: bool
    early: bool
    wrong: list[str] = field(default_factory=list)
    cause: str | None = None
    rank: int | None = None
    first: str = ""
    near_miss_first: str = ""
    beliefs: list[tuple[float, bool]] = field(default_factory=list)


def people() -> Iterable[tuple[Path, dict[str, Any]]]:
    """Yield every person: path and content."""
    for path in sorted(CASES.rglob("*.yaml")):
        loaded = yaml12.load(path.read_text(encoding="utf-8"), path.name)
        assert isinstance(loaded, dict)
        yield path, loaded


def told(path: Path, person: dict[str, Any]) -> Told:
    """Assess one person and compare."""
    result = lt.assess(person["case"])
    wanted = person["expect"]
    level = LEVELS.index(result.urgency.level)
    lowest, highest = (LEVELS.index(wanted["urgency"][key]) for key in ("at_least", "at_most"))
    source = "published" if str(person.get("source", "")).startswith("published") else "textbook"
    one = Told(path.stem, (path.parent.name, source), result.urgency.level, level > lowest, level < highest)
    kinds = {each.id: each.result for each in result.phenomena}
    one.wrong += [f"{id} not seen" for id in wanted.get("phenomena", []) if kinds[id] != "holds"]
    one.wrong += [f"{id} seen" for id in wanted.get("not_phenomena", []) if kinds[id] == "holds"]
    definitions = {each.id: each.result for each in result.criteria}
    one.wrong += [
        f"{id} {definitions[id]}" for id, right in wanted.get("criteria", {}).items() if definitions[id] != right
    ]
    ranked = [each for each in result.causes if each.id != "other"]
    one.first = ranked[0].id
    right = {wanted.get("cause"), *wanted.get("also", [])} - {None}
    if wanted.get("cause"):
        one.cause = wanted["cause"]
        one.rank = next((n for n, each in enumerate(ranked, 1) if each.id == one.cause), None)
        one.beliefs = [(each.probability.value, each.id in right) for each in ranked if each.probability]
    if ranked[0].id in wanted.get("not_first", []):
        one.near_miss_first = ranked[0].id
    return one


def share(hits: int, count: int) -> str:
    """Return `80 % (70 to 87) of 60`, by Wilson."""
    if not count:
        return "none"
    p, z = hits / count, 1.96
    middle = (p + z * z / (2 * count)) / (1 + z * z / count)
    half = z * sqrt(p * (1 - p) / count + z * z / (4 * count * count)) / (1 + z * z / count)
    return f"{100 * p:.0f} % ({100 * (middle - half):.0f} to {100 * (middle + half):.0f}) of {count}"


def summary(group: str, found: list[Told]) -> None:
    """Print the shares of one group."""
    caused = [one for one in found if one.cause]
    print(f"\n{group}: {len(found)} people")
    print(f"  too late                 {share(sum(one.late for one in found), len(found))}")
    print(f"  too early                {share(sum(one.early for one in found), len(found))}")
    print(f"  kinds and definitions    {share(sum(not one.wrong for one in found), len(found))} all as expected")
    print(f"  right cause first        {share(sum(one.rank == 1 for one in caused), len(caused))}")
    top = sum((one.rank or 99) <= 3 for one in caused)
    print(f"  right cause in three     {share(top, len(caused))}")
    print(f"  a near miss came first   {sum(bool(one.near_miss_first) for one in found)}")


def calibration(group: str, found: list[Told]) -> None:
    """Print how often causes told with a probability in a band are right."""
    print(f"\n{group}: calibration (probability told → share that is right)")
    pairs = [pair for one in found for pair in one.beliefs]
    for low, high in BANDS:
        inside = [(value, right) for value, right in pairs if low <= value < high]
        if inside:
            mean = sum(value for value, _ in inside) / len(inside)
            hits = share(sum(right for _, right in inside), len(inside))
            print(f"  {low:.2f} to {min(high, 1):.2f}: told {mean:.3f}, right {hits}")


def main() -> None:
    """Print all groups; with -v also everyone who is not as expected."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("-v", action="store_true", help="name everyone who is not as expected")
    parser.add_argument("--only", default="", help="only people whose file name begins so")
    wanted = parser.parse_args()
    groups: dict[str, list[Told]] = defaultdict(list)
    everyone = [told(path, person) for path, person in people() if path.stem.startswith(wanted.only)]
    for one in everyone:
        for group in one.groups:
            groups[group].append(one)
    for group, found in sorted(groups.items()):
        summary(group, found)
        calibration(group, found)
    summary("everyone", everyone)
    if wanted.v:
        for one in everyone:
            notes = [*one.wrong, *(["too late"] * one.late), *(["too early"] * one.early)]
            if one.cause and (one.rank is None or one.rank > 3):
                notes.append(f"{one.cause} at {one.rank}, first {one.first}")
            if notes:
                print(f"  {one.name}: {one.level}; {'; '.join(notes)}")


if __name__ == "__main__":
    main()
