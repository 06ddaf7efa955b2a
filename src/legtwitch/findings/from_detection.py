"""What was detected in a recording made awake becomes findings, each only where the recording can carry it.

Nothing is absent because it was not seen, with one exception: fasciculation potentials, for which a minute of rest is
known to be enough to see two (muscle ultrasound, 228 muscles). An automatic class needs a probability and, where a
finding weighs much, several events. Counts of leg movements by accelerometer have a finding of their own.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date as Date
from statistics import mean, median, pstdev
from typing import TYPE_CHECKING, Literal

from legtwitch.model import Detected, Detection, Finding, KindScore, Quantity

if TYPE_CHECKING:
    from legtwitch.knowledge import Knowledge

_SURE = 0.6
"""Probability that a class needs to become a finding (grade D)."""
_SEVERAL = 3
"""Events that a class needs where a single one may be an artefact (grade D)."""
_TREMOR_S = 6.0
_PRESENCE_MINUTES = 1.0
_JERK_BURSTS = 10  # as many as the published mean durations rest on
_POTENTIALS = 10
_POLYPHASIC = 4  # more phases than these
_MULTIPLET = 3  # discharges
_NEEDLE_FLAGS = {
    "fibrillation": "fibrillation_potentials",
    "positive_sharp_wave": "positive_sharp_waves",
    "myokymic_discharge": "myokymic_discharges",
    "neuromyotonic_discharge": "neuromyotonic_discharges",
    "complex_repetitive_discharge": "complex_repetitive_discharges",
    "myotonic_discharge": "myotonic_discharges",
}
_EMG = ("surface_emg", "needle_emg")
_SHAPE_HZ = 1000.0
"""Sampling rate below which a needle shows no shapes: then nothing is told by them, nor by their absence (grade D)."""
Said = Literal["present", "absent"]


def findings_from_detection(detection: Detection, file: str, knowledge: Knowledge) -> tuple[Finding, ...]:
    """Return the findings of a recording made awake; what could not be measured, or not be told, gives none.

    Parameters
    ----------
    detection: what was found. file: the recording as the case names it.
    knowledge: for the units that the vocabulary keeps, and for where a finding may be said to be.

    Conditions: see each function. A score without a muscle gives nothing that is read by muscle (fasciculations,
    discharges); rhythms and movements need no muscle.
    """
    maker = _Maker(detection, file, knowledge)
    found: list[Finding] = []
    for score in detection.scores:
        events = [one for one in detection.events if one.event == score.kind and one.channel in score.channels]
        for rule in RULES:
            found += rule(score, events, maker)
    return tuple(found)


class _Maker:
    """Makes findings of one recording."""

    def __init__(self, detection: Detection, file: str, knowledge: Knowledge) -> None:
        self.modality = detection.modality
        self._rates = {one.name: one.rate_hz for one in detection.channels}
        self._file = file
        self._known = knowledge.vocabulary.findings
        self._date: Date | None = detection.start.date() if detection.start is not None else None

    def shows_shapes(self, score: KindScore) -> bool:
        """Return whether the channels of a score are fast enough for what a needle shows."""
        return all(self._rates.get(name, _SHAPE_HZ) >= _SHAPE_HZ for name in score.channels)

    def flag(self, id: str, value: Said, score: KindScore, events: Sequence[Detected] = ()) -> Finding:
        """Return a flag at the place of a score."""
        return self._finding(id, value, score, events)

    def quantity(self, id: str, value: float, unit: str, score: KindScore, events: Sequence[Detected] = ()) -> Finding:
        """Return a quantity in its unit at the place of a score; the unit must be the one the vocabulary keeps."""
        if self._known[id].unit != unit:
            raise ValueError(f"{id} is kept in {self._known[id].unit}, not in {unit}")
        return self._finding(id, Quantity(value, unit), score, events)

    def _finding(self, id: str, value: Said | Quantity, score: KindScore, events: Sequence[Detected]) -> Finding:
        place: dict[str, str] = {}
        if score.muscle is not None:
            place["muscle"] = score.muscle
        if score.side != "n/a":
            place["side"] = score.side
        postures = {str(one.measures["posture"]) for one in events if one.measures.get("posture") is not None}
        if len(postures) == 1:
            place["posture"] = postures.pop()
        allowed = self._known[id].at
        kept = {name: word for name, word in place.items() if name in allowed}
        origin = f"{self._file}, {self.modality.replace('_', ' ')}, {score.minutes:.1f} scorable minutes"
        return Finding(id, value, "recording", kept, date=self._date, origin=origin)


def _tremor(score: KindScore, events: Sequence[Detected], maker: _Maker) -> Iterator[Finding]:
    """A tremor: stretches of 6 s together that are likely to be tremor; its frequency and stability with it."""
    sure = _sure(events)
    if score.kind != "tremor" or sum(one.duration_s for one in sure) < _TREMOR_S:
        return
    yield maker.flag("tremor_recorded", "present", score, sure)
    frequency, stability = _number(score, "tremor_frequency"), _number(score, "tremor_stability_index")
    if frequency is not None:
        yield maker.quantity("tremor_frequency", frequency, "Hz", score, sure)
    if stability is not None:
        yield maker.quantity("tremor_stability_index", stability, "Hz", score, sure)


def _clonus(score: KindScore, events: Sequence[Detected], maker: _Maker) -> Iterator[Finding]:
    """A clonus: one run of three beats or more that is likely; its beats and frequency are those of the longest."""
    if score.kind != "clonus" or not _sure(events):
        return
    yield maker.flag("clonus_recorded", "present", score)
    frequency, beats = _number(score, "clonus_frequency"), _number(score, "clonus_beats")
    if frequency is not None:
        yield maker.quantity("clonus_frequency", frequency, "Hz", score)
    if beats is not None:
        yield maker.quantity("clonus_beats", beats, "count", score)


def _myoclonus(score: KindScore, events: Sequence[Detected], maker: _Maker) -> Iterator[Finding]:
    """Jerks in EMG: three or more likely ones; the length of the burst from ten on. A sensor of motion says nothing."""
    sure = _sure(events)
    if score.kind != "myoclonus" or maker.modality not in _EMG or len(sure) < _SEVERAL:
        return
    yield maker.flag("myoclonus_recorded", "present", score)
    lengths = [float(length) for one in sure if isinstance(length := one.measures.get("burst_ms"), (int, float))]
    if len(lengths) >= _JERK_BURSTS:
        yield maker.quantity("myoclonus_burst_duration", median(lengths), "millisecond", score)


def _cramp(score: KindScore, events: Sequence[Detected], maker: _Maker) -> Iterator[Finding]:
    """A cramp: one that is likely; in a needle it is told as its discharges."""
    if score.kind == "cramp" and _sure(events):
        yield maker.flag("cramp_discharges" if maker.modality == "needle_emg" else "cramp_recorded", "present", score)


def _leg_movements(score: KindScore, events: Sequence[Detected], maker: _Maker) -> Iterator[Finding]:
    """Movements by accelerometer: their own index, which no rule for EMG reads."""
    index = _number(score, "accelerometer_leg_movement_index")
    if score.kind == "leg_movement" and maker.modality == "accelerometer" and index is not None:
        yield maker.quantity("accelerometer_leg_movement_index", index, "per_hour", score)


def _fasciculations(score: KindScore, events: Sequence[Detected], maker: _Maker) -> Iterator[Finding]:
    """Fasciculation potentials of a muscle that is known.

    Present: two within a minute. Absent: none such in at least a minute of rest. Rate: where the score gives one.
    That there is no unit, too, needs a minute of rest.
    """
    if score.kind != "fasciculation" or maker.modality not in _EMG or score.muscle is None:
        return
    if maker.modality == "needle_emg" and not maker.shows_shapes(score):
        return
    present = _number(score, "present")
    if present is not None:
        long_enough = score.minutes >= _PRESENCE_MINUTES
        if present or long_enough:
            yield maker.flag("fasciculation_potentials_emg", "present" if present else "absent", score)
    for name, id, factor, unit in (
        ("rate_per_min", "fasciculation_rate", 1.0, "per_minute"),
        ("distinct_units", "fasciculating_units", 1.0, "count"),
        ("two_isolated_units_share", "isolated_unit_windows", 100.0, "percent"),
        ("time_locked_share", "fasciculation_timelocked_share", 100.0, "percent"),
    ):
        value = _number(score, name)
        if value is not None and (value or score.minutes >= _PRESENCE_MINUTES):
            yield maker.quantity(id, round(factor * value, 4), unit, score)


def _shapes(score: KindScore, events: Sequence[Detected], maker: _Maker) -> Iterator[Finding]:
    """Phases and variation of potentials: by needle only, from ten potentials on, because all figures are by needle."""
    if score.kind != "fasciculation" or maker.modality != "needle_emg" or score.muscle is None:
        return
    if not maker.shows_shapes(score):
        return
    phases = [int(number) for one in events if isinstance(number := one.measures.get("phases"), (int, float))]
    if len(phases) >= _POTENTIALS:
        share = 100 * sum(one > _POLYPHASIC for one in phases) / len(phases)
        yield maker.quantity("fasciculation_polyphasic_share", round(share, 1), "percent", score)
    sizes: dict[str, list[float]] = defaultdict(list)
    for one in events:
        unit, size = one.measures.get("unit_id"), one.measures.get("peak_to_peak_uv")
        if unit and isinstance(size, (int, float)):
            sizes[str(unit)].append(float(size))
    variations = [pstdev(own) / mean(own) for own in sizes.values() if len(own) >= _POTENTIALS and mean(own) > 0]
    if variations:
        yield maker.quantity("fasciculation_shape_variation", round(median(variations), 3), "ratio", score)


def _discharges(score: KindScore, events: Sequence[Detected], maker: _Maker) -> Iterator[Finding]:
    """Discharges of the resting muscle by needle: three or more likely ones of a muscle that is known."""
    id = _NEEDLE_FLAGS.get(score.kind)
    if id is None or maker.modality != "needle_emg" or score.muscle is None or not maker.shows_shapes(score):
        return
    if len(_sure(events)) >= _SEVERAL:
        yield maker.flag(id, "present", score)


def _multiplets(score: KindScore, events: Sequence[Detected], maker: _Maker) -> Iterator[Finding]:
    """Multiplets: by needle, three or more of three discharges or more.

    Doublets alone are not told: pairs 30 to 40 ms apart are as frequent in benign fasciculations as in ALS.
    """
    if score.kind != "fasciculation" or maker.modality != "needle_emg" or score.muscle is None:
        return
    if not maker.shows_shapes(score):
        return
    many = [one for one in events if isinstance(size := one.measures.get("multiplicity"), int) and size >= _MULTIPLET]
    if len(many) >= _SEVERAL:
        yield maker.flag("doublets_or_multiplets", "present", score)


def _fragments(score: KindScore, events: Sequence[Detected], maker: _Maker) -> Iterator[Finding]:
    """Trains of foot movements around sleep: one that is likely."""
    if score.kind in ("hypnagogic_foot_tremor", "alma") and _sure(events):
        yield maker.flag("foot_tremor_or_alma_recorded", "present", score)


RULES = (
    _tremor,
    _clonus,
    _myoclonus,
    _cramp,
    _leg_movements,
    _fasciculations,
    _shapes,
    _discharges,
    _multiplets,
    _fragments,
)
"""Each looks at one score, its events and the kind of recording, and says what may be found."""


def _sure(events: Sequence[Detected]) -> list[Detected]:
    return [one for one in events if one.confidence >= _SURE]


def _number(score: KindScore, name: str) -> float | None:
    value = score.values.get(name)
    return None if value is None else float(value)
