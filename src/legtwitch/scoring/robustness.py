"""How far indices move under other readings of the rules and under plausible changes of the marks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from random import Random
from statistics import quantiles
from typing import Literal

from legtwitch.knowledge import rule_set
from legtwitch.model import Event, Hours, Recording, Robustness
from legtwitch.scoring.apply import Prepared, prepare
from legtwitch.scoring.rules import choose

DRAWS = 50
ONSET_S = 0.25
DURATION = 0.10
SHARE = 0.05
ALLOWED = 0.05
LINES = (5.0, 15.0)
PLMS = ("plms_index", "plms_index_with_respiratory", "plms_index_without_respiratory")
OF_THE_NIGHT = ("lights", "point_marks", "artifact_leg")
INDICES = (*PLMS, "plmw_index", "plms_count", "series_count", "periodicity_index")

Values = Mapping[str, float | int | None]
Grade = Literal["stable", "sensitive", "fragile"]


def other_readings(rules: Sequence[str], taken: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Yield every clause that may be chosen with each value that was not taken, in the order of the rule sets."""
    seen = set()
    for name in rules:
        for one in rule_set(name).readings:
            for value in one.values:
                if one.switch and value != taken[one.id] and (one.id, value) not in seen:
                    seen.add((one.id, value))
                    yield one.id, value


def _moment(share: float, windows: Sequence[tuple[int, int]]) -> float:
    """Return the moment (s) at a share, 0 to 1, of the time inside windows (ms)."""
    left = share * sum(end - start for start, end in windows)
    for start, end in windows:
        if left < end - start:
            return (start + left) / 1000
        left -= end - start
    return windows[-1][1] / 1000


def changed_marks(movements: Sequence[Event], draw: int, windows: Sequence[tuple[int, int]]) -> list[Event]:
    """Return marks as they might have been set: moved by up to 0.25 s, longer or shorter by up to 10 %.

    In even draws each is missed with a chance of 5 %, in odd ones 5 % more stand at random times, each as long as
    another and on its leg. The same marks and draw give the same, whatever their order.
    windows: where movements count, in ms.
    """
    random = Random(draw).random
    found = []
    for one in movements:
        onset, duration, kept = ONSET_S * (2 * random() - 1), 1 + DURATION * (2 * random() - 1), random() >= SHARE
        if kept or draw % 2:
            moved = max(one.onset_s + onset, 0.0) if one.onset_s >= 0 else one.onset_s
            found.append(Event(moved, one.duration_s * duration, one.event, one.side, one.channel))
    if draw % 2:
        for _ in range(round(SHARE * len(movements))):
            like = movements[int(random() * len(movements))]
            found.append(Event(_moment(random(), windows), like.duration_s, like.event, like.side, like.channel))
    return found


def grade(name: str, value: float, others: Sequence[float], hours: Hours) -> Grade:
    """Grade the changes of an index.

    `fragile`: a PLMS index crosses 5 or 15 an hour. `stable`: the largest change is at most 5 % of the value; or at
    most 1 an hour of an index, as many movements as make 1 an hour of sleep, 0.05 of the periodicity index. Else
    `sensitive`.
    """
    if name in PLMS and any((value > line) != (other > line) for other in others for line in LINES):
        return "fragile"
    most = {"plms_count": hours.sleep or 0.0, "periodicity_index": ALLOWED, "series_count": 0.0}.get(name, 1.0)
    change = max(abs(other - value) for other in others)
    return "stable" if change <= max(most, ALLOWED * abs(value)) + 1e-9 else "sensitive"


def _robustness(
    name: str, value: float | int | None, readings: Values, drawn: Sequence[float], hours: Hours
) -> Robustness:
    if value is None or not drawn:
        return Robustness(value, None, readings, None, None, None)
    cuts = quantiles(drawn, n=20, method="inclusive")
    low, median, high = cuts[0], cuts[9], cuts[18]
    others = [other for other in (*readings.values(), low, high) if other is not None]
    return Robustness(value, grade(name, value, others, hours), readings, low, median, high)


def _drawn(movements: Sequence[Event], prepared: Prepared) -> Iterator[dict[str, Values]]:
    ordered = sorted(movements, key=lambda one: (one.onset_s, one.duration_s, one.side, one.channel or ""))
    for draw in range(DRAWS if ordered else 0):
        table = prepared.table(changed_marks(ordered, draw, prepared.night.windows))
        yield {name: outcome.values for name, outcome in prepared.outcomes(table).items()}


def robustness(
    recording: Recording, movements: Sequence[Event], *, rules: Sequence[str], readings: Mapping[str, str]
) -> dict[str, dict[str, Robustness]]:
    """Return, by rule set and index, how far the index moves; deterministic.

    One at a time, every clause that may be chosen is read otherwise; then 50 times the marks are moved, missed and
    added (`changed_marks`). Without any mark there is nothing to vary and no grade.

    Parameters
    ----------
    recording, movements, rules, readings: as `score_leg_movements` takes them.

    Source: the extents of the changes are our choice, no standard names any; 5 and 15 an hour are the lines of the
    sleep disorders classification (PMC9619152, table 4).
    """
    chosen = choose(rules, readings)
    prepared = prepare(recording, movements, chosen)
    taken = {clause: value for one in chosen for clause, value in one.readings.items()}
    base = prepared.outcomes(prepared.table(movements))
    under: dict[str, dict[str, Values]] = {one.name: {} for one in chosen}
    for clause, value in other_readings([one.name for one in chosen], taken):
        concerned = tuple(one for one in choose(rules, {**readings, clause: value}) if clause in one.readings)
        other = (
            prepare(recording, movements, concerned) if clause in OF_THE_NIGHT else replace(prepared, rules=concerned)
        )
        for name, outcome in other.outcomes(other.table(movements)).items():
            under[name][f"{clause}={value}"] = outcome.values
    draws = list(_drawn(movements, prepared))
    return {
        name: {
            index: _robustness(
                index,
                outcome.values[index],
                {reading: values[index] for reading, values in under[name].items()},
                [drawn for each in draws if (drawn := each[name][index]) is not None],
                prepared.hours,
            )
            for index in INDICES
            if index in outcome.values
        }
        for name, outcome in base.items()
    }
