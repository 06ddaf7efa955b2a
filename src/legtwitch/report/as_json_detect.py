"""The JSON contract of `detect --json`, and detected events as rows of an event table."""

from __future__ import annotations

import math
from typing import Any

from legtwitch.model import Curve, Detected, Detection, Event, KindScore
from legtwitch.report.as_json import QUALITY_KEYS, problems
from legtwitch.version import __version__


def _plain(value: Any, digits: int = 4) -> Any:
    """A value without figures nobody can mean; what is no number is null."""
    if isinstance(value, float):
        return round(value, digits) if math.isfinite(value) else None
    return value


def _event(one: Detected) -> dict[str, Any]:
    return {
        "onset": round(one.onset_s, 4),
        "duration": round(one.duration_s, 4),
        "event": one.event,
        "side": one.side,
        "muscle": one.muscle,
        "channel": one.channel,
        "confidence": _plain(one.confidence),
        "alternatives": {name: _plain(share) for name, share in one.alternatives.items()},
        **{name: _plain(value) for name, value in one.measures.items()},
        "reasons": list(one.reasons),
    }


def _score(one: KindScore) -> dict[str, Any]:
    return {
        "kind": one.kind,
        "muscle": one.muscle,
        "side": one.side,
        "channels": list(one.channels),
        "scorable_minutes": _plain(one.minutes),
        **{name: _plain(value) for name, value in one.values.items()},
        "not_computed": dict(one.reasons),
        "norm": one.norm,
    }


def _curve(one: Curve) -> dict[str, Any]:
    return {"kind": one.kind, "label": one.label, "channel": one.channel, "x": list(one.x), "y": list(one.y)}


def detection(result: Detection) -> dict[str, Any]:
    """Return the object of `detect --json`. A value that can't be computed is null, with a code in `not_computed`."""
    return {
        "recording": {
            "file": result.file,
            "start": None if result.start is None else result.start.isoformat(timespec="seconds"),
            "duration_s": round(result.duration_s, 4),
            "channels": [
                {
                    "name": one.name,
                    "role": one.role,
                    "certainty": one.certainty,
                    "unit": one.unit,
                    "rate_hz": one.rate_hz,
                }
                for one in result.channels
            ],
        },
        "modality": result.modality,
        "modality_why": result.modality_why,
        "kinds": list(result.kinds),
        "events": [_event(one) for one in result.events],
        "scores": [_score(one) for one in result.scores],
        "curves": [_curve(one) for one in result.curves],
        "quality": problems(result.quality, QUALITY_KEYS),
        "provenance": {"legtwitch": __version__, "parameters": result.parameters_hash},
    }


def rows(result: Detection) -> list[Event]:
    """Return the events as rows of an event table, their measures as further columns."""
    return [
        Event(
            one.onset_s,
            one.duration_s,
            one.event,
            one.side,
            one.channel,
            {
                **({"muscle": one.muscle} if one.muscle else {}),
                "confidence": round(one.confidence, 3),
                "alternatives": " ".join(f"{name}:{share:g}" for name, share in one.alternatives.items()) or None,
                **one.measures,
                "reasons": "; ".join(one.reasons) or None,
            },
        )
        for one in result.events
    ]


def marks(result: Detection) -> list[Event]:
    """Return the events as annotations: name, side and as label channel and unit."""
    return [
        Event(
            one.onset_s,
            one.duration_s,
            one.event,
            one.side,
            one.channel,
            {"label": " ".join(str(part) for part in (one.channel, one.measures.get("unit_id")) if part)},
        )
        for one in result.events
    ]
