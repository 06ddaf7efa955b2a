"""Series of periodic movements that another program marked, beside ours."""

from __future__ import annotations

from collections.abc import Sequence

from legtwitch.model import Event, Movement, Recording, VendorSeries

AROUND_S = 0.5
SHOWN = 3


def is_series(event: Event) -> bool:
    """Whether an event is a series of periodic movements that another program marked."""
    label = str(event.attributes.get("label", "")).upper()
    return event.event == "user_mark" and event.duration_s > 0 and "PLM" in label


def _at(one: Movement) -> str:
    return f"{one.id} at {one.onset_s:.1f} s"


def _listed(found: Sequence[str]) -> str:
    more = f" And {len(found) - SHOWN} more." if len(found) > SHOWN else ""
    return " ".join(found[:SHOWN]) + more


def _compare(inside: Sequence[Movement], movements: Sequence[Movement], rule: str) -> tuple[bool, str]:
    """Tell whether a rule set makes one series of exactly the movements inside, and say it in words."""
    if not inside:
        return False, "Differs: no leg movement is marked inside it."
    ours = {one.id: one.verdicts[rule].series for one in inside}
    numbers = sorted({number for number in ours.values() if number is not None})
    within = {one.id for one in inside}
    beyond = [one for one in movements if one.verdicts[rule].series in numbers and one.id not in within]
    outside = [one for one in inside if ours[one.id] is None]
    if len(numbers) == 1 and not beyond and not outside:
        return True, f"Agrees: series {numbers[0]} has the same {len(inside)} movements."
    said = []
    if not numbers:
        said.append("none of its movements is periodic here.")
    elif len(numbers) > 1:
        said.append(f"it is {len(numbers)} series here.")
        for number in numbers[1:]:
            first = next(one for one in inside if ours[one.id] == number)
            said.append(f"Series {number} begins anew with {_at(first)}: {'; '.join(first.verdicts[rule].reasons)}.")
    if outside:
        why = [f"{_at(one)} is in no series: {'; '.join(one.verdicts[rule].reasons)}." for one in outside]
        said.append(_listed(why))
    if beyond:
        said.append(f"Ours has {len(beyond)} movement(s) more, the first {_at(beyond[0])}.")
    return False, f"Differs: {' '.join(said)}"


def vendor_series(
    recording: Recording, movements: Sequence[Movement], rules: Sequence[str]
) -> tuple[VendorSeries, ...]:
    """Return the series that another program marked (`user_mark` with a label that holds PLM), compared with ours.

    movements: judged by `rules`. A movement lies inside by its onset, with 0.5 s around for rounded times.
    """
    found = []
    for mark in sorted((one for one in recording.events if is_series(one)), key=lambda one: one.onset_s):
        start, end = mark.onset_s - AROUND_S, mark.onset_s + mark.duration_s + AROUND_S
        inside = [one for one in movements if start <= one.onset_s <= end]
        told = {rule: _compare(inside, movements, rule) for rule in rules}
        found.append(
            VendorSeries(
                mark.onset_s,
                mark.duration_s,
                len(inside),
                {rule: same for rule, (same, _) in told.items()},
                {rule: why for rule, (_, why) in told.items()},
            )
        )
    return tuple(found)
