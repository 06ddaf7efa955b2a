"""A slow scorer of its own: what the rule sets say, as yes-or-no statements over all pairs of movements.

It shares no code with legtwitch.scoring and goes another way: graphs and their components where the scorers walk once.
Times are whole milliseconds.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass, field
from itertools import combinations, pairwise
from typing import TypeVar

Node = TypeVar("Node", bound=Hashable)
Span = tuple[int, int]


@dataclass(frozen=True)
class Case:
    """One night: marks (leg, start, end) and everything else as spans."""

    marks: list[tuple[str, int, int]]
    epochs: list[tuple[str, int, int]]
    breathing: list[tuple[str, int, int]] = field(default_factory=list)
    arousals: list[Span] = field(default_factory=list)
    stops: list[Span] = field(default_factory=list)
    lights: Span | None = None


def components(nodes: Iterable[Node], linked: Callable[[Node, Node], bool]) -> list[list[Node]]:
    """All nodes, grouped by being linked directly or through others."""
    label = {node: number for number, node in enumerate(nodes)}
    for one, other in combinations(list(label), 2):
        if linked(one, other) and label[one] != label[other]:
            old, new = label[other], label[one]
            label = {node: new if value == old else value for node, value in label.items()}
    return [[node for node in label if label[node] == value] for value in dict.fromkeys(label.values())]


def apart(one: Span, other: Span) -> int:
    return max(other[0] - one[1], one[0] - other[1])


def sleep(case: Case, one: Span) -> bool:
    return any(
        name in ("N1", "N2", "N3", "R") and ((one[0] < end and one[1] > start) or start <= one[0] < end)
        for name, start, end in case.epochs
    )


def stage(case: Case, time: int) -> str:
    return next((name for name, start, end in case.epochs if start <= time < end), "unknown")


def stopped(case: Case, before: int, after: int) -> bool:
    return any(start <= after and end > before for start, end in case.stops)


def legs(case: Case) -> list[tuple[str, int, int, frozenset[int]]]:
    """Movements of single legs that any rule set may look at: (leg, start, end, marks)."""
    timed = [number for number, (_, start, end) in enumerate(case.marks) if end > start]

    def near(one: int, other: int) -> bool:
        a, b = case.marks[one], case.marks[other]
        return a[0] == b[0] and apart(a[1:], b[1:]) < 500

    found = []
    for group in components(timed, near):
        start = min(case.marks[one][1] for one in group)
        end = max(case.marks[one][2] for one in group)
        lit = case.lights is not None and not case.lights[0] <= start < case.lights[1]
        if not lit and not any(end > a and start < b for a, b in case.stops) and end - start >= 500:
            found.append((case.marks[group[0]][0], start, end, frozenset(group)))
    return sorted(found, key=lambda one: (one[1], one[2], one[0]))


@dataclass(frozen=True)
class Told:
    """What a rule set says of marks, by number."""

    leg_movements: frozenset[int]
    candidates: frozenset[int]
    series: frozenset[frozenset[int]]
    respiratory: frozenset[int]
    plms: int
    plmw: int
    plms_without: int
    count: int


def aasm(case: Case, *, drop: bool = True, short: str = "skip", wake: str = "ignored", long: str = "ignored") -> Told:
    single = legs(case)
    hit = [one for one in single if any(one[2] >= s - 500 and one[1] <= e + 500 for _, s, e in case.breathing)]
    gone = hit if drop else []
    usable = [one for one in single if one not in gone and one[2] - one[1] <= 10_000]
    over = [one for one in single if one not in gone and one[2] - one[1] > 10_000]

    free = set(range(len(usable)))
    joined: list[tuple[int, int, frozenset[int]]] = []
    for a, b in combinations(range(len(usable)), 2):
        one, other = usable[a], usable[b]
        if {a, b} <= free and one[0] != other[0] and other[1] - one[1] < 5000:
            free -= {a, b}
            joined.append((one[1], max(one[2], other[2]), one[3] | other[3]))
    joined = sorted([*joined, *((usable[a][1], usable[a][2], usable[a][3]) for a in free)], key=lambda x: x[:2])
    scored = [one for one in joined if sleep(case, one[:2])]
    enders = [one[:2] for one in joined if one not in scored] if wake == "ends" else []
    enders += [one[1:3] for one in over] if long == "ends" else []

    def parted(one: int, other: int) -> bool:
        a, b = scored[one], scored[other]
        if any(a[:2] <= ender <= b[:2] for ender in enders):
            return True
        return stopped(case, a[0], b[0])

    def follower(one: int) -> int | None:
        for other in range(one + 1, len(scored)):
            if short == "restart" or parted(one, other) or scored[other][0] - scored[one][0] >= 5000:
                return other
        return None

    def joins(one: int, other: int) -> bool:
        return not parted(one, other) and 5000 <= scored[other][0] - scored[one][0] <= 90_000

    path = [0] if scored else []
    while path and (then := follower(path[-1])) is not None:
        path.append(then)
    links = set(pairwise(path))
    runs = components(path, lambda a, b: (a, b) in links and joins(a, b))
    series = [run for run in runs if len(run) >= 4]
    count = sum(map(len, series))
    return Told(
        frozenset(mark for one in scored for mark in one[2]),
        frozenset(),
        frozenset(frozenset(mark for one in run for mark in scored[one][2]) for run in series),
        frozenset(mark for one in gone for mark in one[3]),
        count,
        0,
        count if not drop else aasm(case, drop=False, short=short, wake=wake, long=long).plms,
        len(scored),
    )


def wasm(case: Case, *, start_after_short: bool = True, half: bool = False, rera: bool = False) -> Told:
    single = legs(case)
    groups = components(single, lambda a, b: apart(a[1:3], b[1:3]) < 500)
    movements = []
    for group in groups:
        start, end = min(one[1] for one in group), max(one[2] for one in group)
        fits = all(one[2] - one[1] <= 10_000 for one in group) and end - start <= 15_000 and len(group) <= 4
        movements.append((start, end, fits, frozenset(mark for one in group for mark in one[3])))
    movements.sort(key=lambda one: one[:2])
    before, after = (500, 500) if half else (2000, 10_250)
    ends = [e for name, _, e in case.breathing if rera or name != "rera"]
    breath = [one for one in movements if any(one[1] >= e - before and one[0] <= e + after for e in ends)]

    def runs(seen: list[tuple[int, int, bool, frozenset[int]]]) -> list[list[int]]:
        def gap(a: int) -> int:
            return seen[a + 1][0] - seen[a][0]

        def measured(a: int) -> bool:
            return seen[a][2] and seen[a + 1][2] and not stopped(case, seen[a][0], seen[a + 1][0])

        linked = [measured(a) and 10_000 <= gap(a) <= 90_000 for a in range(len(seen) - 1)]
        hasty = [False, *(measured(a) and gap(a) < 10_000 for a in range(len(seen) - 1))]
        if not start_after_short:
            linked = [link and not hasty[a] for a, link in enumerate(linked)]
        member = [
            any(
                first >= 0 and all(linked[first : first + 3]) and first + 3 < len(seen)
                for first in range(one - 3, one + 1)
            )
            for one in range(len(seen))
        ]
        periodic = [one for one in range(len(seen)) if member[one]]
        return components(periodic, lambda a, b: b == a + 1 and linked[a])

    series = runs(movements)
    left = [one for one in movements if not (one[2] and one in breath)]
    return Told(
        frozenset(mark for one in movements for mark in one[3]),
        frozenset(mark for one in movements if one[2] for mark in one[3]),
        frozenset(frozenset(mark for one in run for mark in movements[one][3]) for run in series),
        frozenset(mark for one in breath for mark in one[3]),
        sum(stage(case, movements[one][0]) in ("N1", "N2", "N3", "R") for run in series for one in run),
        sum(stage(case, movements[one][0]) == "W" for run in series for one in run),
        sum(stage(case, left[one][0]) in ("N1", "N2", "N3", "R") for run in runs(left) for one in run),
        len(movements),
    )


def aroused(case: Case, group: Span) -> bool:
    return any(apart(group, one) < 500 for one in case.arousals)


def hours(case: Case, end: int) -> tuple[float, float, float]:
    """Recorded, sleep and wake in hours, second by second: all spans but movements lie on whole seconds."""
    lit = case.lights or (0, end)
    seconds = [time for time in range(lit[0], min(lit[1], end), 1000) if not any(a <= time < b for a, b in case.stops)]
    stages = [stage(case, time) for time in seconds]
    asleep = sum(one in ("N1", "N2", "N3", "R") for one in stages)
    return len(seconds) / 3600, asleep / 3600, stages.count("W") / 3600
