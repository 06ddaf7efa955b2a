"""What scoring found becomes findings, each with the rule set that it rests on."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Literal

from legtwitch.model import Finding, Quantity, Score

if TYPE_CHECKING:
    from legtwitch.knowledge import Knowledge

# Finding → rule set and index. The plain PLMS index is that of the AASM manual, to which the sleep disorders
# classification refers; what only the WASM standards define is theirs.
_INDICES = {
    "plms_index": ("aasm-v3", "plms_index"),
    "plms_arousal_index": ("aasm-v3", "plms_arousal_index"),
    "plms_index_without_respiratory": ("wasm-2016", "plms_index_without_respiratory"),
    "plmw_index": ("wasm-2016", "plmw_index"),
    "periodicity_index": ("wasm-2016", "periodicity_index"),
}
_MOST = 0.5
_STUDY_HOURS = 1.0
"""A recording without sleep stages that is shorter is no sleep study (grade D)."""
# A single train may be anything; two are shown by a leg that does so.
_TRAINS = 2


def findings_from_score(score: Score, file: str, knowledge: Knowledge) -> tuple[Finding, ...]:
    """Return the findings of a scored night; a value that could not be computed gives none.

    Marks without any leg movement give no index: nobody can tell whether there was none or none was scored. A short
    recording without sleep stages is no sleep study.

    Parameters
    ----------
    score: of `legtwitch.scoring`; indices per hour of sleep or wake, hours in hours.
    file: the recording as the case names it. knowledge: for the units that the vocabulary keeps.
    """
    date = score.start.date() if score.start is not None else None
    found = []
    if score.hours.sleep is not None or score.hours.recorded >= _STUDY_HOURS:
        found.append(Finding("sleep_study_done", "present", "recording", date=date, origin=file))
    for id, number, rules in _values(score):
        unit = knowledge.vocabulary.findings[id].unit or ""
        found.append(Finding(id, Quantity(number, unit), "recording", date=date, origin=f"{file}{rules}"))
    most = _mostly_respiratory(score)
    if most is not None:
        flag: Literal["present", "absent"] = "present" if most else "absent"
        origin = f"{file}, rule set wasm-2016"
        found.append(Finding("leg_movements_respiratory", flag, "recording", date=date, origin=origin))
    found += [Finding(id, "present", "recording", date=date, origin=file) for id in _classes(score)]
    return tuple(found)


def _classes(score: Score) -> Iterator[str]:
    """Yield the movements of other classes that the night shows; one that is not seen is not excluded by that."""
    if score.other is None:
        return
    if score.other.myoclonus.excessive:
        yield "excessive_fragmentary_myoclonus_recorded"
    if sum(score.other.counts.get(name, 0) for name in ("alma", "hypnagogic_foot_tremor")) >= _TRAINS:
        yield "foot_tremor_or_alma_recorded"


def _values(score: Score) -> Iterator[tuple[str, float, str]]:
    searched = bool(score.channels or score.movements)
    for id, (rules, name) in _INDICES.items():
        value = score.rules[rules].values.get(name) if rules in score.rules else None
        if value is not None and (value or searched):
            yield id, float(value), f", rule set {rules}"
    sit = score.immobilisation.values.get("sit_index") if score.immobilisation is not None else None
    if sit is not None:
        yield "sit_index", float(sit), ", rule set sit-2001"
    if score.hours.sleep is not None:
        yield "hours_of_sleep", score.hours.sleep, ""


def _mostly_respiratory(score: Score) -> bool | None:
    """Return whether more than half of the candidates are tied to breathing events; None where nobody can tell."""
    values = score.rules["wasm-2016"].values if "wasm-2016" in score.rules else {}
    tied, candidates = values.get("respiratory_count"), values.get("candidate_count")
    return tied > _MOST * candidates if tied is not None and candidates else None
