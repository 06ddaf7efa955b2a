"""Short words that the HTML and the text report share: results, levels, index names, numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from legtwitch.model import Advice, Assessment, CauseResult, CriterionResult, Finding, KindScore, Quantity

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

MEASURE = {
    "count": "events",
    "rate_per_min": "events per minute that could be judged",
    "rate_low": "its 95 % interval, from",
    "rate_high": "its 95 % interval, to",
    "distinct_units": "different motor units",
    "amplitude_median_uv": "median amplitude, peak to peak (µV)",
    "amplitude_iqr_uv": "spread of the amplitude, middle half (µV)",
    "interval_median_s": "median interval (s)",
    "isolated_share": "share of discharges that stand alone",
    "two_isolated_units_share": "share of 10 s in which two units fire alone",
    "rate_50uv_2min": "events of 50 µV and more per minute, over the first two minutes",
    "amplitude_q1_uv": "a quarter of the amplitudes is below (µV)",
    "amplitude_q3_uv": "a quarter of the amplitudes is above (µV)",
    "interval_mean_s": "mean interval (s)",
    "interval_cov": "variation of the intervals (standard deviation over mean)",
    "interval_longest_s": "longest interval (s)",
    "fano_10s": "variance over mean of the counts in 10 s (1: by chance)",
    "continual_share": "share of discharges in the middle of a run",
    "doublet_share": "share of discharges in doublets",
    "f_wave_like_pairs": "pairs 25 to 45 ms apart, as of F-waves (they say nothing)",
    "time_locked_share": "share that fires together with another channel",
    "time_locked_by_chance": "share that would do so by chance",
    "present": "presence (1: two or more in a minute)",
}


def counted(score: KindScore) -> bool:
    """Return whether anything was counted, or could not be: a kind that was looked for and not seen has no table."""
    counts = [value for name, value in score.values.items() if name == "count" or name.endswith("_count")]
    return score.kind == "fasciculation" or not counts or any(value != 0 for value in counts)


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


OPEN_RULES = 8
"""So many rules that could not be excluded stand open, the most urgent first; the rest folds away."""
MOST_CAUSES = 12
"""So many causes are told in full."""
LEAST_LIKELY = 1e-4
"""Causes less likely than this are only named."""


def leading(causes: Sequence[CauseResult]) -> tuple[list[CauseResult], list[CauseResult], list[CauseResult]]:
    """Part causes into those told in full, those that are in play but only named, and those nothing speaks to.

    Told in full: the first twelve in play that are not less likely than 1 in 10,000, and `other` in its place.
    """
    playing = [one for one in causes if one.in_play]
    full = [one for one in playing if one.probability is None or one.probability.value >= LEAST_LIKELY][:MOST_CAUSES]
    full += [one for one in playing if one.id == "other" and one not in full]
    return full, [one for one in playing if one not in full], [one for one in causes if not one.in_play]


def speaking(
    criteria: Sequence[CriterionResult], causes: Sequence[CauseResult]
) -> tuple[list[CriterionResult], list[CriterionResult], list[CriterionResult]]:
    """Part definitions into those told in full, those only named, and those that nothing told so far speaks to.

    Told in full: what is met, and what belongs to a cause that is told in full.
    """
    spoken = [one for one in criteria if any(item.because or item.result != "undetermined" for item in one.items)]
    told = {one.id for one in leading(causes)[0]}
    full = [one for one in spoken if one.result == "met" or one.cause in told]
    return full, [one for one in spoken if one not in full], [one for one in criteria if one not in spoken]


def meanings(assessment: Assessment) -> tuple[dict[str, list[Advice]], list[Advice]]:
    """Part the statements into facts of each cause that is told in full, and what results mean for everybody.

    Facts of causes that are only named are left out.
    """
    of_cause = {assessment.labels.get(one.id, one.name): one.id for one in assessment.causes}
    full = {one.id for one in leading(assessment.causes)[0]}
    facts: dict[str, list[Advice]] = {}
    general = []
    for one in assessment.statements:
        cause = of_cause.get(one.label)
        if cause is None:
            general.append(one)
        elif cause in full:
            facts.setdefault(cause, []).append(one)
    return facts, general
