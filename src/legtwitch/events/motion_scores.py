"""Counts and measures of what a sensor of motion showed, and what has to be said of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from legtwitch.events import motion_codes as codes
from legtwitch.events.motion_parameters import MotionParameters
from legtwitch.events.motion_signal import Sensor, Stretch3D
from legtwitch.events.motion_surroundings import Tone
from legtwitch.events.motion_tremor import Rhythms
from legtwitch.model import Detected, KindScore, Problem

PRESENCE_S = 60.0
"""Scorable seconds below which nothing is said to be absent."""
INDEX_S = 300.0
"""Scorable seconds below which no index per hour is given."""

_OWN = (
    "An accelerometer counts movements of the limb, not of a muscle: this index is another quantity than the index of "
    "periodic leg movements by EMG and has no published cut-off; never compare it with 5 or 15 an hour."
)
_NO_NORM = {
    "tremor": "No norm for tremor of the leg by a phone or wearable is published; 6 to 9 Hz at the ankle under load is "
    "normal.",
    "clonus": "Three or more beats at the ankle are looked on as abnormal; no norm for a sensor is published.",
    "leg_movement": _OWN,
    "myoclonus": "No norm is published for jerks in a sensor of motion.",
    "short_potential": "Research: no detector of twitches by accelerometer has published accuracy.",
    "voluntary_activity": "",
    "movement_artifact": "Not of the limb, or not clearly so: no norm can be.",
    "high_frequency_leg_movement": "A third of healthy sleepers have some; no norm for a sensor is published.",
}
Value = float | int | None


@dataclass(slots=True)
class SensorTally:
    """What all segments of one sensor add up to."""

    sensor: Sensor
    muscle: str | None
    posture: str | None
    recorded_s: float = 0.0
    usable_s: float = 0.0
    moving_s: float = 0.0
    windows: int = 0
    tremor_windows: int = 0
    rhythm_windows: int = 0
    shaken_s: float = 0.0
    knocks: int = 0
    tones: list[Tone] = field(default_factory=list)

    def add(self, stretch: Stretch3D, rhythms: Rhythms, knocks: int = 0) -> None:
        """Add one segment and how many knocks were left out of it."""
        rate = stretch.rate_hz
        self.recorded_s += stretch.usable.size / rate
        self.usable_s += float(stretch.usable.sum()) / rate
        self.moving_s += float((stretch.moving & stretch.usable).sum()) / rate
        self.windows += int(rhythms.usable.sum())
        self.tremor_windows += int(rhythms.tremor.sum())
        self.rhythm_windows += int(rhythms.movement.sum())
        self.shaken_s += float((rhythms.shaken & stretch.usable).sum()) / rate
        self.knocks += knocks
        self.tones += rhythms.tones


def kind_scores(
    tally: SensorTally, events: Sequence[Detected], kinds: Sequence[str], parameters: MotionParameters
) -> list[KindScore]:
    """Return the scores of each kind; names of values are those of findings of the vocabulary where one fits."""
    makers = {"tremor": _tremor, "clonus": _clonus, "leg_movement": _leg_movement, "voluntary_activity": _movement}
    scores = []
    for kind in kinds:
        own = [one for one in events if one.event == kind]
        values, reasons = makers.get(kind, _counted)(own, tally, parameters)
        scores.append(
            KindScore(
                kind,
                tally.muscle,
                tally.sensor.side,
                tuple(one.name for one in tally.sensor.channels),
                round(tally.usable_s / 60, 3),
                {f"{kind}_count": len(own), **values},
                reasons,
                _NO_NORM[kind],
            )
        )
    return scores


Made = tuple[dict[str, Value], dict[str, str]]


def _reasons(values: Mapping[str, Value], code: str) -> dict[str, str]:
    return {name: code for name, value in values.items() if value is None}


def _tremor(events: Sequence[Detected], tally: SensorTally, parameters: MotionParameters) -> Made:
    seconds = sum(one.duration_s for one in events)
    rest = {
        "windows": tally.windows,
        "tremor_windows": tally.tremor_windows,
        "moving_share": round(100 * tally.moving_s / tally.usable_s, 1) if tally.usable_s else None,
    }
    if tally.sensor.rate_hz < parameters.least_rate_hz:
        values: dict[str, Value] = {"tremor_count": None, "tremor_share": None}
        return values, _reasons(values, codes.TOO_SLOW)
    values = {"tremor_share": round(100 * tally.tremor_windows / tally.windows, 1) if tally.windows else None, **rest}
    if not tally.windows:
        return {"tremor_count": None, **values}, _reasons({"tremor_count": None, **values}, codes.TOO_SHORT)
    measured: dict[str, Value] = {
        "tremor_frequency": None,
        "half_width_hz": None,
        "tremor_stability_index": None,
        "tremor_seconds": round(seconds, 1),
    }
    if events:
        for name, measure, digits in (
            ("tremor_frequency", "freq_hz", 2),
            ("half_width_hz", "half_width_hz", 2),
            ("tremor_stability_index", "stability_index_hz", 3),
        ):
            mean = weighted(events, measure)
            measured[name] = None if mean is None else round(mean, digits)
    values |= measured
    return values, _reasons(values, codes.TOO_SHORT if events else codes.NOTHING_FOUND_TO_MEASURE)


def weighted(events: Sequence[Detected], measure: str) -> float | None:
    """Return the mean of a measure over events, weighted by their duration; None where none has it."""
    pairs = [
        (float(one.measures[measure] or 0), one.duration_s) for one in events if one.measures.get(measure) is not None
    ]
    total = sum(seconds for _, seconds in pairs)
    return sum(value * seconds for value, seconds in pairs) / total if total else None


def _clonus(events: Sequence[Detected], tally: SensorTally, parameters: MotionParameters) -> Made:
    values: dict[str, Value] = {"clonus_frequency": None, "clonus_beats": None}
    if events:
        longest = max(events, key=lambda one: int(one.measures.get("beats") or 0))
        frequency, beats = longest.measures.get("freq_hz"), longest.measures.get("beats")
        values = {
            "clonus_frequency": None if frequency is None else float(frequency),
            "clonus_beats": None if beats is None else int(beats),
        }
    return values, _reasons(values, codes.NOTHING_FOUND_TO_MEASURE)


def _leg_movement(events: Sequence[Detected], tally: SensorTally, parameters: MotionParameters) -> Made:
    hours = tally.usable_s / 3600
    enough = tally.usable_s >= INDEX_S
    values: dict[str, Value] = {
        "accelerometer_leg_movement_index": round(len(events) / hours, 1) if enough else None,
        "scorable_hours": round(hours, 3),
    }
    return values, _reasons(values, codes.TOO_SHORT)


def _movement(events: Sequence[Detected], tally: SensorTally, parameters: MotionParameters) -> Made:
    return {"movement_seconds": round(sum(one.duration_s for one in events), 1)}, {}


def _counted(events: Sequence[Detected], tally: SensorTally, parameters: MotionParameters) -> Made:
    minutes = tally.usable_s / 60
    values: dict[str, Value] = {"per_minute": round(len(events) / minutes, 2) if tally.usable_s >= PRESENCE_S else None}
    return values, _reasons(values, codes.TOO_SHORT)


def tremor_problems(
    tally: SensorTally, events: Sequence[Detected], kinds: Sequence[str], parameters: MotionParameters
) -> list[Problem]:
    """Return what has to be said of the scores of one sensor."""
    name, rate = tally.sensor.channels[0].name, tally.sensor.rate_hz
    label, found = tally.sensor.name, {one.event for one in events}
    told: list[Problem] = []

    def say(code: str, message: str, effect: str = "") -> None:
        told.append(Problem(code, f"{label}: {message}", effect, name))

    if "tremor" in kinds:
        highest = min(parameters.rhythm.highest_hz, 0.45 * rate - 0.5)
        if rate < parameters.least_rate_hz:
            say(codes.TOO_SLOW, f"{rate:g} samples a second are too few to look for tremor.", "Tremor stays unknown.")
        elif highest < parameters.rhythm.highest_hz - 1e-9:
            say(
                codes.BAND_CUT,
                f"{rate:g} samples a second show tremor only up to {highest:.0f} Hz.",
                "Faster tremor stays unknown.",
            )
        if "tremor" in found and tally.posture is None:
            say(
                codes.POSTURE_NOT_TOLD,
                "it wasn't told what the limb was doing.",
                "Rest, postural and kinetic tremor can't be told apart.",
            )
        if tally.rhythm_windows:
            say(
                codes.VOLUNTARY_RHYTHM,
                "a rhythmic movement slower than tremor was found; its harmonics are part of it.",
                "It was not taken for tremor.",
            )
        if tally.usable_s < PRESENCE_S:
            say(
                codes.TOO_SHORT,
                f"only {tally.usable_s:.0f} s can be scored.",
                "That nothing was found does not say that nothing is there.",
            )
        if tally.usable_s and tally.moving_s > 0.5 * tally.usable_s:
            say(
                codes.MOSTLY_MOVING,
                f"the limb moved for {100 * tally.moving_s / tally.usable_s:.0f} % of the time.",
                "A faint tremor may be hidden.",
            )
    for code, message, effect in surroundings_told(tally):
        say(code, message, effect)
    if "leg_movement" in kinds and "leg_movement" in found:
        say(codes.OWN_INDEX, "movements by accelerometer have an index of their own.", _OWN)
    if "short_potential" in found:
        say(
            codes.TWITCHES_ARE_RESEARCH,
            "brief movements can't be told to be twitches of a muscle.",
            "They are counted as brief movements; a phone is too heavy and too slow for more.",
        )
    return told


def surroundings_told(tally: SensorTally) -> list[tuple[str, str, str]]:
    """Return what shook the sensor besides the limb, as code, message and effect."""
    told = []
    if tally.shaken_s:
        share = 100 * tally.shaken_s / max(tally.usable_s, 1e-9)
        message = f"a vehicle or the like shook the sensor for {tally.shaken_s:.0f} s ({share:.0f} % of the time)."
        effect = "Faint tremor and twitches can't be seen in it, and jerks may be bumps: record again at rest."
        told.append((codes.SHAKEN, message, effect))
    for sure, code, words, effect in (
        (True, codes.MACHINE, "is that of a machine", "It was not taken for tremor; switch it off and record again."),
        (False, codes.STEADY_TONE, "may be tremor or a machine", "Which of them can't be told: record elsewhere."),
    ):
        tones = [one for one in tally.tones if one.sure == sure]
        if tones:
            hz = ", ".join(f"{one:.1f}" for one in sorted({round(tone.frequency_hz, 1) for tone in tones}))
            told.append((code, f"a rhythm of {hz} Hz, as steady as a motor, {words}.", effect))
    if tally.knocks:
        message = f"{tally.knocks} knocks at the sensor, too short for a muscle, were left out."
        told.append((codes.KNOCKS, message, "A twitch of less than 60 ms may be among them."))
    return told
