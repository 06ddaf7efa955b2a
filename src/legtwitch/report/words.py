"""Short words that the HTML and the text report share: results, levels, index names, numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from legtwitch.model import CriterionResult, Finding, Quantity

RESULT = {
    "met": "✓ met",
    "not_met": "✗ not met",
    "undetermined": "? cannot be told yet",
    "holds": "✓ fits what was told",
    "does_not_hold": "✗ does not fit what was told",
    "cannot_tell": "? cannot be told yet",
}

LEVEL_MARK = {
    "emergency": "!!! NOW",
    "same_day": "!! TODAY",
    "two_weeks": "! WITHIN 2 WEEKS",
    "routine": "ORDINARY APPOINTMENT",
    "self_care": "CARE FOR YOURSELF",
}

GROUP = {
    "less_harmful": "less harmful",
    "more_serious": "more serious",
    "medication": "medicine",
    "toxin": "poison",
    "deficiency": "something lacking",
    "metabolic_or_other": "metabolic or other",
}

INDEX = {
    "leg_movement_count": "leg movements",
    "candidate_count": "candidate leg movements",
    "series_count": "periodic series",
    "plms_count": "periodic leg movements in sleep",
    "plms_index": "periodic leg movements an hour of sleep (PLMS index)",
    "plms_index_with_respiratory": "PLMS index, breathing-related movements kept",
    "plms_index_without_respiratory": "PLMS index, breathing-related movements left out",
    "plms_arousal_index": "periodic leg movements with arousal an hour of sleep",
    "plms_nrem_index": "PLMS index in non-REM sleep",
    "plms_rem_index": "PLMS index in REM sleep",
    "plmw_count": "periodic leg movements in wake",
    "plmw_index": "periodic leg movements an hour of wake in bed",
    "periodicity_index": "periodicity index (movements)",
    "periodicity_index_intervals": "periodicity index (intervals)",
    "lm_index": "leg movements an hour of sleep",
    "lm_per_recorded_hour": "leg movements a recorded hour",
}

IMMOBILISATION = {
    "sit_index": "periodic leg movements an hour, onsets 4 to 90 s apart",
    "sit_index_aasm": "the same, 5 to 90 s apart",
    "sit_index_wasm": "the same, 10 to 90 s apart",
    "sit_lm_index": "leg movements an hour",
}

GRADE = {
    "A": "A: systematic review or large controlled study",
    "B": "B: cohort",
    "C": "C: small series or label",
    "D": "D: expert judgement, no source found",
}


def number(value: float | int | None) -> str:
    """Write a number for people; None as `not computed`."""
    if value is None:
        return "not computed"
    if isinstance(value, int) or float(value).is_integer():
        return f"{value:,.0f}"
    return f"{value:.2g}" if abs(value) < 1 else f"{value:,.1f}"


def finding_value(finding: Finding) -> str:
    """Write a finding's value for people: `yes`, `no`, `not sure`, `4 months`, `calf, eyelid`."""
    value = finding.value
    if isinstance(value, Quantity):
        return f"{value.value:g} {value.unit.replace('_', ' ')}"
    if isinstance(value, tuple):
        return ", ".join(one.replace("_", " ") for one in value) or "none of these"
    return {"present": "yes", "absent": "no", "unknown": "not sure"}[value]


def place(finding: Finding) -> str:
    """Write where and since when a finding holds, or an empty string."""
    parts = [f"{key.replace('_', ' ')}: {value.replace('_', ' ')}" for key, value in finding.attributes.items()]
    if finding.since is not None:
        parts.append(f"since {finding.since.isoformat()}")
    return "; ".join(parts)


def named(ids: Sequence[str], labels: Mapping[str, str], most: int = 1000) -> str:
    """Write a list of ids as their labels, at most so many of them and then how many more there are."""
    written = "; ".join(labels.get(one, one.replace("_", " ")) for one in ids[:most])
    return f"{written}; and {len(ids) - most} more" if len(ids) > most else written


def touched(criteria: Sequence[CriterionResult]) -> tuple[list[CriterionResult], list[CriterionResult]]:
    """Part the definitions to which something told so far speaks from those to which nothing does."""
    spoken = [one for one in criteria if any(item.because or item.result != "undetermined" for item in one.items)]
    return spoken, [one for one in criteria if one not in spoken]
