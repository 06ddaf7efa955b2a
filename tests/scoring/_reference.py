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


SLEEP = ("N1", "N2", "N3", "R")


@dataclass(frozen=True)
class Case:
    """One night: marks (leg, start, end) and everything else as spans. stops: (leg or "n/a", start, end)."""

    marks: list[tuple[str, int, int]]
    epochs: list[tuple[str, int, int]]
    breathing: list[tuple[str, int, int]] = field(default_factory=list)
    arousals: list[Span] = field(default_factory=list)
    stops: list[tuple[str, int, int]] = field(default_factory=list)
    lights: Span | None = None
    end: int = 1_200_000
    keep_points: bool = False
    own_leg: bool = True


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


def stage(case: Case, time: int) -> str:
    """The one stage that all epochs over a moment agree on."""
    names = {name for name, start, end in case.epochs if start <= time < end}
    return names.pop() if len(names) == 1 else "unknown"


def sleep(case: Case, one: Span) -> bool:
    """Any moment of a span lies in sleep: its first, or one right after an edge of an epoch inside it."""
    moments = [one[0], *(edge for _, *edges in case.epochs for edge in edges if one[0] < edge < one[1])]
    return any(stage(case, time) in SLEEP for time in moments)


def named_legs(case: Case) -> set[str]:
    return {leg for leg, _, _ in (*case.marks, *case.stops)} & {"left", "right"}


def whole_stops(case: Case) -> list[Span]:
    """When nothing can be read: stops without a leg, stops of the only leg, and where both legs are stopped at once."""
    if len(named_legs(case)) < 2 or not case.own_leg:
        return [(start, end) for _, start, end in case.stops]
    both = [(start, end) for leg, start, end in case.stops if leg == "n/a"]
    for leg, start, end in case.stops:
        for other, begin, until in case.stops:
            if (leg, other) == ("left", "right") and max(start, begin) < min(end, until):
                both.append((max(start, begin), min(end, until)))
    return both


def stopped(case: Case, before: int, after: int) -> bool:
    return any(start <= after and end > before for start, end in whole_stops(case))


def unread(case: Case, leg: str, start: int, end: int) -> bool:
    own = [(a, b) for other, a, b in case.stops if leg in ("n/a", other)]
    return any(end > a and start < b for a, b in [*own, *whole_stops(case)])


def counts(case: Case, start: int) -> bool:
    """A moment lies between the lights, the very end of the recording included."""
    dark, bright = case.lights or (0, case.end)
    return dark <= start < bright or start == bright == case.end


def legs(case: Case) -> list[tuple[str, int, int, frozenset[int]]]:
    """Movements of single legs that any rule set may look at: (leg, start, end, marks)."""
    timed = [
        number
        for number, (_, start, end) in enumerate(case.marks)
        if (end > start or case.keep_points) and 0 <= start <= case.end
    ]

    def near(one: int, other: int) -> bool:
        a, b = case.marks[one], case.marks[other]
        return a[0] == b[0] and apart(a[1:], b[1:]) < 500

    found = []
    for group in components(timed, near):
        leg = case.marks[group[0]][0]
        start = min(case.marks[one][1] for one in group)
        end = max(case.marks[one][2] for one in group)
        unknown = any(case.marks[one][1] == case.marks[one][2] for one in group)
        if counts(case, start) and not unread(case, leg, start, end) and (unknown or end - start >= 500):
            found.append((leg, start, end, frozenset(group)))
    return sorted(found, key=lambda one: (one[1], one[2], one[0]))


def pairs(usable: list[tuple[str, int, int, frozenset[int]]]) -> list[list[int]]:
    free, joined = set(range(len(usable))), []
    for a, b in combinations(range(len(usable)), 2):
        if {a, b} <= free and usable[a][0] != usable[b][0] and usable[b][1] - usable[a][1] < 5000:
            free -= {a, b}
            joined.append([a, b])
    return [*joined, *([one] for one in free)]


def anchored(usable: list[tuple[str, int, int, frozenset[int]]]) -> list[list[int]]:
    free, joined = list(range(len(usable))), []
    while free:
        group = [one for one in free if usable[one][1] - usable[free[0]][1] < 5000]
        if len({usable[one][0] for one in group}) < 2:
            group = group[:1]
        joined.append(group)
        free = [one for one in free if one not in group]
    return joined


def chained(usable: list[tuple[str, int, int, frozenset[int]]]) -> list[list[int]]:
    def linked(a: int, b: int) -> bool:
        return b == a + 1 and usable[b][1] - usable[a][1] < 5000

    joined = []
    for group in components(range(len(usable)), linked):
        both = len({usable[one][0] for one in group}) > 1
        joined += [group] if both else [[one] for one in group]
    return joined


COMBINE = {"pair": pairs, "anchor": anchored, "chain": chained}


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
    aroused: int


def skipping_runs(
    scored: list[tuple[int, int, frozenset[int]]], parted: Callable[[int, int], bool], *, restart: bool = False
) -> list[list[int]]:
    """Runs of at least four onsets 5 to 90 s apart; what follows by less than 5 s is passed over, or starts anew."""

    def follower(one: int) -> int | None:
        for other in range(one + 1, len(scored)):
            if restart or parted(one, other) or scored[other][0] - scored[one][0] >= 5000:
                return other
        return None

    def joins(one: int, other: int) -> bool:
        return not parted(one, other) and 5000 <= scored[other][0] - scored[one][0] <= 90_000

    path = [0] if scored else []
    while path and (then := follower(path[-1])) is not None:
        path.append(then)
    links = set(pairwise(path))
    runs = components(path, lambda a, b: (a, b) in links and joins(a, b))
    return [run for run in runs if len(run) >= 4]


def aasm(
    case: Case,
    *,
    drop: bool = True,
    short: str = "skip",
    wake: str = "ignored",
    long: str = "ignored",
    combine: str = "pair",
) -> Told:
    single = legs(case)
    hit = [one for one in single if any(one[2] >= s - 500 and one[1] <= e + 500 for _, s, e in case.breathing)]
    gone = hit if drop else []
    usable = [one for one in single if one not in gone and one[2] - one[1] <= 10_000]
    over = [one for one in single if one not in gone and one[2] - one[1] > 10_000]

    joined: list[tuple[int, int, frozenset[int]]] = []
    for group in COMBINE[combine](usable):
        start, end = min(usable[one][1] for one in group), max(usable[one][2] for one in group)
        joined.append((start, end, frozenset(mark for one in group for mark in usable[one][3])))
    joined.sort(key=lambda x: x[:2])
    scored = [one for one in joined if sleep(case, one[:2])]
    enders = [one[:2] for one in joined if one not in scored] if wake == "ends" else []
    enders += [one[1:3] for one in over] if long == "ends" else []

    def parted(one: int, other: int) -> bool:
        a, b = scored[one], scored[other]
        if any(a[:2] <= ender <= b[:2] for ender in enders):
            return True
        return stopped(case, a[0], b[0])

    series = skipping_runs(scored, parted, restart=short == "restart")
    count = sum(map(len, series))
    return Told(
        frozenset(mark for one in scored for mark in one[2]),
        frozenset(),
        frozenset(frozenset(mark for one in run for mark in scored[one][2]) for run in series),
        frozenset(mark for one in gone for mark in one[3]),
        count,
        0,
        count if not drop else aasm(case, drop=False, short=short, wake=wake, long=long, combine=combine).plms,
        len(scored),
        sum(aroused(case, scored[one][:2]) for run in series for one in run),
    )


def wasm2006(case: Case, *, drop: bool = True) -> Told:
    single = legs(case)
    ends = [e for name, _, e in case.breathing if name != "rera"]
    hit = [one for one in single if any(one[2] >= e - 500 and one[1] <= e + 500 for e in ends)]
    gone = hit if drop else []
    usable = [one for one in single if one not in gone and one[2] - one[1] <= 10_000]
    movements = []
    for group in components(usable, lambda a, b: apart(a[1:3], b[1:3]) < 500):
        marks = frozenset(mark for one in group for mark in one[3])
        movements.append((min(one[1] for one in group), max(one[2] for one in group), marks))
    movements.sort(key=lambda one: one[:2])
    series = skipping_runs(movements, lambda a, b: stopped(case, movements[a][0], movements[b][0]))
    members = [movements[one] for run in series for one in run]
    asleep = [one for one in members if stage(case, one[0]) in SLEEP]
    return Told(
        frozenset(mark for one in movements for mark in one[2]),
        frozenset(),
        frozenset(frozenset(mark for one in run for mark in movements[one][2]) for run in series),
        frozenset(mark for one in gone for mark in one[3]),
        len(asleep),
        sum(stage(case, one[0]) == "W" for one in members),
        len(asleep) if not drop else wasm2006(case, drop=False).plms,
        len(movements),
        sum(aroused(case, one[:2]) for one in asleep),
    )


def wasm(
    case: Case, *, start_after_short: bool = True, half: bool = False, rera: bool = False, any_part: bool = False
) -> Told:
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

    def asleep(one: tuple[int, int, bool, frozenset[int]]) -> bool:
        return sleep(case, one[:2]) if any_part else stage(case, one[0]) in SLEEP

    series = runs(movements)
    periodic = [movements[one] for run in series for one in run]
    left = [one for one in movements if not (one[2] and one in breath)]
    return Told(
        frozenset(mark for one in movements for mark in one[3]),
        frozenset(mark for one in movements if one[2] for mark in one[3]),
        frozenset(frozenset(mark for one in run for mark in movements[one][3]) for run in series),
        frozenset(mark for one in breath for mark in one[3]),
        sum(asleep(one) for one in periodic),
        sum(stage(case, one[0]) == "W" and not asleep(one) for one in periodic),
        sum(asleep(left[one]) for run in runs(left) for one in run),
        len(movements),
        sum(asleep(one) and aroused(case, one[:2]) for one in periodic),
    )


def aroused(case: Case, group: Span) -> bool:
    return any(apart(group, one) < 500 for one in case.arousals)


def hours(case: Case, end: int) -> tuple[float, float, float]:
    """Recorded, sleep and wake in hours, second by second: all spans but movements lie on whole seconds."""
    lit, holes = case.lights or (0, end), whole_stops(case)
    seconds = [time for time in range(lit[0], min(lit[1], end), 1000) if not any(a <= time < b for a, b in holes)]
    stages = [stage(case, time) for time in seconds]
    asleep = sum(one in ("N1", "N2", "N3", "R") for one in stages)
    return len(seconds) / 3600, asleep / 3600, stages.count("W") / 3600
