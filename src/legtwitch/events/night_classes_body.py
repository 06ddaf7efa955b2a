"""Movements of the whole body as two leg channels show them: both legs at once, for long."""

from __future__ import annotations

from collections.abc import Sequence

from legtwitch.events.night_classes_parameters import NightClassSettings
from legtwitch.events.night_classes_stages import Stages
from legtwitch.model import Event

_JOIN_S = 0.5  # AASM, WASM 2016: less silence does not end a movement


def large_body_movements(
    left: Sequence[Event], right: Sequence[Event], stages: Stages, chosen: NightClassSettings
) -> list[Event]:
    """Return movements of both legs over 15 s, or over 10 s where both drive their channel to its end.

    left, right: leg movements of each leg in order of onset. They stay leg movements, of which none is a candidate
    under WASM: the combined movement is too long.
    """
    found = []
    for group in _groups([*left, *right]):
        start, end = group[0].onset_s, max(_end(one) for one in group)
        if end - start <= min(chosen.body_s, chosen.body_saturated_s):
            continue
        of_left = [one for one in group if one.side == "left"]
        of_right = [one for one in group if one.side == "right"]
        shared = sum(max(0.0, min(_end(a), _end(b)) - max(a.onset_s, b.onset_s)) for a in of_left for b in of_right)
        saturated = all(any(one.attributes["saturated"] for one in leg) for leg in (of_left, of_right))
        limit = chosen.body_saturated_s if saturated else chosen.body_s
        if end - start > limit and shared >= chosen.body_shared * (end - start):
            peak = max(float(one.attributes["peak_uv"]) for one in group)
            attributes = {"stage": stages.at(start), "peak_uv": peak, "saturated": saturated}
            found.append(Event(start, end - start, "large_body_movement", "both", None, attributes))
    return found


def _end(event: Event) -> float:
    return event.onset_s + event.duration_s


def _groups(movements: Sequence[Event]) -> list[list[Event]]:
    """Return movements of either leg less than 0.5 s apart together."""
    groups: list[list[Event]] = []
    end = float("-inf")
    for one in sorted(movements, key=lambda event: event.onset_s):
        if one.onset_s - end >= _JOIN_S:
            groups.append([])
        groups[-1].append(one)
        end = max(end, _end(one))
    return groups
