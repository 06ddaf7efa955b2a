"""Counts and measures of rhythms and bursts of EMG in one muscle."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from legtwitch.events import motion_codes as codes
from legtwitch.events.motion_scores import PRESENCE_S, weighted
from legtwitch.model import Detected, KindScore, Side

_NORMS = {
    "tremor": "No norm for tremor in the EMG of the leg is published.",
    "clonus": "Three or more beats at the ankle are looked on as abnormal (grade D).",
    "myoclonus": "Bursts of cortical jerks last 31 ms on average, those of others 57 ms; 45 ms parts them, in ten or "
    "more bursts.",
    "cramp": "No norm is published.",
    "fragmentary_myoclonus": "Every healthy sleeper has it: median 25 an hour, nine in ten below 144.",
}
Value = float | int | None


def rhythm_scores(
    events: Sequence[Detected],
    kinds: Sequence[str],
    muscle: str | None,
    side: Side,
    channels: tuple[str, ...],
    usable_s: float,
    windows: tuple[int, int],
) -> list[KindScore]:
    """Return the score of each kind; names of values are those of findings of the vocabulary where one fits.

    usable_s: scorable seconds. windows: all windows of 3 s, and those that hold a tremor.
    """
    scores = []
    for kind in kinds:
        own = [one for one in events if one.event == kind]
        values: dict[str, Value] = {f"{kind}_count": len(own)}
        if kind == "tremor":
            values |= _tremor(own, windows)
        elif kind == "clonus":
            values |= _clonus(own)
        elif kind == "cramp":
            values["cramp_seconds"] = round(sum(one.duration_s for one in own), 1)
        else:
            values |= _bursts(own, kind, usable_s)
        missing = {
            name: codes.NOTHING_FOUND_TO_MEASURE if not own and name != "per_minute" else codes.TOO_SHORT
            for name, value in values.items()
            if value is None
        }
        scores.append(
            KindScore(kind, muscle, side, channels, round(usable_s / 60, 3), values, missing, _NORMS.get(kind, ""))
        )
    return scores


def _tremor(own: Sequence[Detected], windows: tuple[int, int]) -> dict[str, Value]:
    values: dict[str, Value] = {
        "tremor_share": round(100 * windows[1] / windows[0], 1) if windows[0] else None,
        "tremor_seconds": round(sum(one.duration_s for one in own), 1),
        "windows": windows[0],
        "tremor_windows": windows[1],
    }
    for name, measure, digits in (
        ("tremor_frequency", "freq_hz", 2),
        ("half_width_hz", "half_width_hz", 2),
        ("tremor_stability_index", "stability_index_hz", 3),
        ("burst_ms", "burst_ms", 1),
    ):
        mean = weighted(own, measure)
        values[name] = None if mean is None else round(mean, digits)
    return values


def _clonus(own: Sequence[Detected]) -> dict[str, Value]:
    if not own:
        return {"clonus_frequency": None, "clonus_beats": None}
    longest = max(own, key=lambda one: int(one.measures.get("beats") or 0))
    return {
        "clonus_frequency": float(longest.measures.get("freq_hz") or 0.0),
        "clonus_beats": int(longest.measures.get("beats") or 0),
    }


def _bursts(own: Sequence[Detected], kind: str, usable_s: float) -> dict[str, Value]:
    values: dict[str, Value] = {
        "per_minute": round(60 * len(own) / usable_s, 3) if usable_s >= PRESENCE_S else None,
    }
    if kind == "myoclonus":
        lengths = [float(one.measures["burst_ms"] or 0) for one in own if one.measures.get("burst_ms") is not None]
        values["myoclonus_burst_duration"] = round(float(np.median(lengths)), 1) if lengths else None
    return values
