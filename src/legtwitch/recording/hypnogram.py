"""Plain hypnograms: one stage a line and nothing else, in words (`W`, `N2`) or in the numbers that YASA writes."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from legtwitch.model import Problem, Recording
from legtwitch.recording import codes
from legtwitch.recording.marklist import recording_of, stage, staged

EPOCH_S = 30.0
_NUMBERS = {
    "0": "stage_W",
    "1": "stage_N1",
    "2": "stage_N2",
    "3": "stage_N3",
    "4": "stage_R",
    "-1": "stage_unknown",
    "-2": "stage_unknown",
}
"""The integers of YASA: 4 is REM, -1 artefact, -2 unscored. (In older R&K files 4 is sleep stage 4 and 5 is REM.)"""
_RECHTSCHAFFEN = {**_NUMBERS, "4": "stage_N3", "5": "stage_R", "6": "stage_unknown", "9": "stage_unknown"}
_NO_STAGE = {"art": "stage_unknown", "uns": "stage_unknown", "artefact": "stage_unknown", "nan": "stage_unknown"}
_TITLES = ("stage", "stages", "sleep_stage", "hypnogram", "hypno", "sleep stage")


def is_hypnogram(text: str) -> bool:
    """Whether all lines hold one stage each (a title line may stand above), and there are at least two."""
    lines = _lines(text)
    return len(lines) >= 2 and all(len(line) <= 20 and _is_stage(line) for line in lines)


def _lines(text: str) -> list[str]:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[1:] if lines and lines[0].casefold() in _TITLES else lines


def _is_stage(word: str) -> bool:
    low = word.casefold()
    return low in _RECHTSCHAFFEN or low in _NO_STAGE or (not _is_number(low) and stage(low, EPOCH_S) is not None)


def _is_number(word: str) -> bool:
    return word.lstrip("-").isdigit()


def read_hypnogram(path: Path, text: str, problems: Sequence[Problem]) -> Recording:
    """Return the stages of a plain hypnogram; it has no clock, and its epochs are taken to last 30 s, which is said.

    Numbers are read as YASA writes them; where a 5, 6 or 9 shows that they are of the older kind (4 is stage 4, 5 is
    REM), as those. A file of numbers up to 4 can be either: that, too, is said.
    """
    lines = _lines(text)
    held = set(lines)
    numbers = any(_is_number(line) for line in lines)
    old = numbers and bool(held & {"5", "6", "9"})
    names = _NO_STAGE | (_RECHTSCHAFFEN if old else _NUMBERS)
    marks, said = staged([(EPOCH_S * k, line) for k, line in enumerate(lines)], EPOCH_S, names)
    message = f"The file holds {len(lines)} stages without times; each was taken to last {EPOCH_S:g} s."
    said.insert(0, Problem(codes.EPOCH_ASSUMED, message, "With another length all times and hours are wrong."))
    if numbers:
        which = "4 as stage N3 and 5 as REM (a number above 4 occurs)" if old else "4 as REM, as YASA writes them"
        effect = "" if old or "4" not in held else "In older files 4 is deep sleep and 5 is REM."
        said.append(Problem(codes.STAGE_NUMBERS, f"The stages are numbers; they were read with {which}.", effect))
    return recording_of(path.name, "hypnogram", None, marks, [*problems, *said])
