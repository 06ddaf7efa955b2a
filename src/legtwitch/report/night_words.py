"""Short words for what a night shows beside leg movements."""

from __future__ import annotations

from collections.abc import Iterator

from legtwitch.model import Score

CLASSES = {
    "alma": "both legs in turn (alternating leg muscle activation)",
    "hypnagogic_foot_tremor": "foot tremor on falling asleep",
    "high_frequency_leg_movement": "other trains of quick leg movements",
    "fragmentary_myoclonus": "short potentials of up to 150 ms (fragmentary myoclonus)",
    "rem_twitch": "twitches shorter than 0.5 s in REM sleep",
    "large_body_movement": "movements of the whole body",
}
LANES = {
    "alma": "In turn",
    "hypnagogic_foot_tremor": "Foot tremor",
    "high_frequency_leg_movement": "Quick trains",
    "fragmentary_myoclonus": "Potentials",
    "rem_twitch": "REM twitches",
    "large_body_movement": "Whole body",
}


def other_rows(score: Score) -> list[tuple[str, int, float | None, str]]:
    """Return a row for each class that was looked for: name, count, count an hour of sleep, sides."""
    if score.other is None:
        return []
    rows = []
    for name, count in score.other.counts.items():
        asleep = [one for one in score.other.events if one.event == name and one.attributes.get("stage") in _SLEEP]
        hours = score.hours.sleep
        sides = {one.side for one in score.other.events if one.event == name}
        words = ", ".join(
            {"left": "left", "right": "right", "both": "both", "n/a": "?"}[side] for side in sorted(sides)
        )
        rows.append((CLASSES[name], count, len(asleep) / hours if hours else None, words))
    return rows


_SLEEP = ("N1", "N2", "N3", "R")


def myoclonus_words(score: Score) -> Iterator[str]:
    """Yield what is to say of fragmentary myoclonus."""
    if score.other is None or not score.other.myoclonus.potentials:
        return
    found = score.other.myoclonus
    if found.minutes is None:
        yield "Whether the short potentials are excessive can't be told without sleep stages."
        return
    minutes = ", ".join(f"{channel} {count}" for channel, count in found.minutes.items())
    verdict = (
        "enough for excessive fragmentary myoclonus, which is often found by chance and mostly means nothing"
        if found.excessive
        else "fewer than excessive fragmentary myoclonus asks for"
    )
    yield f"Minutes of non-REM sleep with at least 5 short potentials: {minutes}; {verdict} (20 minutes on one leg)."
