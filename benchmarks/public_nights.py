"""Leg movements on public nights that people scored: event F1 of ours against each scorer, beside people on people.

python benchmarks/public_nights.py FOLDER            # holding psg-ipa/, dreams-plm/ or cap/: docs/public_nights.md
python benchmarks/public_nights.py FOLDER --json OUT.json

Nothing is downloaded here. One to one at an intersection over union of 0.2, each leg by itself.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).parent))
from matching import Span, match

import legtwitch
from legtwitch.errors import InputError
from legtwitch.events import detect_leg_movements
from legtwitch.model import Event, Recording
from legtwitch.recording import add_marks, read
from legtwitch.scoring import score_leg_movements

LEGS = ("left", "right")
PUBLISHED = {"SN1": 0.745, "SN2": 0.820, "SN3": 0.909}
PUBLISHED_SOURCE = (
    "people against people on PSG-IPA, left leg, 12 scorers, at an intersection over union of 0.2, as the project "
    "psgscoring reports it: SN1 0.745, SN2 0.820, SN3 0.909 (0.75 to 0.91)"
)
AMONG_PEOPLE = "people vs people"
_SIDE = {"lat": "left", "left": "left", "rat": "right", "right": "right"}
_IPA_EDF, _IPA_MARKS = "_LimbMovements.edf", "_LimbMovements_manual_scorer*"


@dataclass(frozen=True, slots=True)
class Night:
    """A night with the movements of each scorer: scorer → leg → spans (s). marks: files of stages for an index of ours.

    either_leg: the scorers did not say which leg; a movement of either leg of ours may be theirs.
    """

    dataset: str
    name: str
    signal: Path
    scorers: dict[str, dict[str, list[Span]]]
    marks: tuple[Path, ...] = ()
    either_leg: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """A leg of a night. ours: scorer → F1. people: pair of scorers → F1. number: ours and each scorer's movements."""

    dataset: str
    night: str
    leg: str
    ours: dict[str, float]
    people: dict[str, float]
    number: dict[str, int]
    plms_index: dict[str, float | int | None]
    note: str = ""


def f1(true: Sequence[Span], found: Sequence[Span]) -> float:
    """Return the harmonic mean of precision and recall; 1 where neither has anything."""
    if not true and not found:
        return 1.0
    return 2 * len(match(true, found)) / (len(true) + len(found))


# ---- what the folders hold -------------------------------------------------------------------------------------------


def psg_ipa(folder: Path) -> Iterator[Night]:
    """Yield the nights of PSG-IPA: `Limb_movements/PSG` and `Limb_movements/Annotations/manual`, as it unpacks."""
    base = next((one for one in (folder, *folder.glob("*")) if (one / "Limb_movements").is_dir()), None)
    if base is None:
        return
    for signal in sorted((base / "Limb_movements" / "PSG").glob(f"*{_IPA_EDF}")):
        name = signal.name.removesuffix(_IPA_EDF)
        marks = base / "Limb_movements" / "Annotations" / "manual"
        files = {one.stem: one for suffix in ("edf", "txt") for one in marks.glob(f"{name}{_IPA_MARKS}.{suffix}")}
        scorers = {one.rsplit("_", 1)[-1]: _ipa_spans(path) for one, path in sorted(files.items())}
        stages = tuple(sorted(marks.glob(f"{name}{_IPA_MARKS}.edf")))[:1]
        yield Night("PSG-IPA", name, signal, scorers, stages)


def _ipa_spans(path: Path) -> dict[str, list[Span]]:
    """Return a scorer's movements by leg, of the table (…, onset, duration, text, channel) or of an EDF+ with `@@`."""
    found: dict[str, list[Span]] = {leg: [] for leg in LEGS}
    if path.suffix == ".txt":
        for line in path.read_text(encoding="utf-8", errors="replace").splitlines()[1:]:
            cells = [cell.strip() for cell in line.split(",")]
            if len(cells) >= 6 and "limb movement" in cells[4].casefold() and (leg := _leg_of(cells[5])):
                found[leg].append((float(cells[2]), float(cells[2]) + float(cells[3])))
    else:
        for event in read(path).events:
            label = str(event.attributes.get("label", ""))
            leg = event.side if event.side in LEGS else _leg_of(label.rpartition("@@")[2])
            if "limb movement" in label.casefold() and leg:
                found[leg].append((event.onset_s, event.onset_s + event.duration_s))
    return {leg: sorted(spans) for leg, spans in found.items()}


def _leg_of(words: str) -> str | None:
    return next((_SIDE[word] for word in re.findall(r"[a-z]+", words.casefold()) if word in _SIDE), None)


def dreams(folder: Path) -> Iterator[Night]:
    """Yield the nights of the DREAMS database of leg movements: `X.edf` with `Visual_scoring*_X.txt` beside it."""
    for signal in sorted(folder.rglob("*.edf")):
        files = sorted(signal.parent.glob(f"Visual_scoring*{signal.stem}.txt"))
        scorers = {path.stem.split("_")[1]: {"either": _pairs(path)} for path in files}
        yield Night("DREAMS", signal.stem, signal, scorers, either_leg=True)


def _pairs(path: Path) -> list[Span]:
    """Return the spans of lines `onset duration` in s; other lines, as the head in brackets, are passed over."""
    found = []
    for line in path.read_text(encoding="utf-8", errors="replace").splitlines():
        cells = re.findall(r"\d+(?:\.\d+)?", line) if re.fullmatch(r"[\d.\s,;eE+-]+", line.strip()) else []
        if len(cells) >= 2:
            found.append((float(cells[0]), float(cells[0]) + float(cells[1])))
    return sorted(found)


def cap(folder: Path) -> Iterator[Night]:
    """Yield the nights of the CAP sleep database: `plm1.edf` with its RemLogic export `plm1.txt`.

    The exports hold stages and phases of the cyclic alternating pattern; leg movements are compared if marked.
    """
    for signal in sorted(folder.rglob("*.edf")):
        text = signal.with_suffix(".txt")
        if not text.is_file():
            yield Night("CAP", signal.stem, signal, {})
            continue
        spans: dict[str, list[Span]] = {leg: [] for leg in LEGS}
        for event in read(text).events:
            if event.event == "leg_movement" and event.side in LEGS:
                spans[event.side].append((event.onset_s, event.onset_s + event.duration_s))
        scorers = {"export": spans} if any(spans.values()) else {}
        yield Night("CAP", signal.stem, signal, scorers, (text,))


DATASETS = {"psg-ipa": psg_ipa, "dreams-plm": dreams, "cap": cap}


# ---- comparing -------------------------------------------------------------------------------------------------------


def rows_of(night: Night) -> list[Row]:
    """Return a row for each leg of a night; one with a note where it can't be read."""
    try:
        recording = read(night.signal)
        found = list(detect_leg_movements(recording).events)
    except InputError as error:
        return [Row(night.dataset, night.name, "-", {}, {}, {}, {}, str(error))]
    index = _index(recording, night, found)
    if not night.scorers:
        note = "no leg movement is marked by a person: nothing to compare with"
        return [Row(night.dataset, night.name, "both", {}, {}, {"ours": len(found)}, index, note)]
    result = []
    for leg in ("either",) if night.either_leg else LEGS:
        ours = _merged(found) if leg == "either" else [_span(one) for one in found if one.side == leg]
        theirs = {name: spans[leg] for name, spans in night.scorers.items()}
        against = {name: f1(spans, ours) for name, spans in theirs.items()}
        people = {f"{a} {b}": f1(theirs[a], theirs[b]) for a, b in combinations(sorted(theirs), 2)}
        number = {"ours": len(ours), **{name: len(spans) for name, spans in theirs.items()}}
        result.append(Row(night.dataset, night.name, leg, against, people, number, index))
    return result


def _span(event: Event) -> Span:
    return event.onset_s, event.onset_s + event.duration_s


def _merged(found: Sequence[Event]) -> list[Span]:
    """Return movements of either leg as one where they overlap or are less than 0.5 s apart."""
    merged: list[Span] = []
    for start, end in sorted(_span(one) for one in found):
        if merged and start - merged[-1][1] < 0.5:
            merged[-1] = (merged[-1][0], max(merged[-1][1], end))
        else:
            merged.append((start, end))
    return merged


def _index(recording: Recording, night: Night, found: Sequence[Event]) -> dict[str, float | int | None]:
    """Return our PLMS index under each rule set with the stages of the night's marks; None where there are none."""
    for path in night.marks:
        recording = add_marks(recording, read(path))
    return {name: rule.values["plms_index"] for name, rule in score_leg_movements(recording, found).rules.items()}


# ---- printing --------------------------------------------------------------------------------------------------------

HEAD = (
    f"{'night':<16}{'leg':<8}{'ours':>6}{'people':>12}  {'F1 ours vs each':<26}{'F1 ' + AMONG_PEOPLE:<26}"
    f"{'published':>10}"
)


def _words(values: Sequence[float]) -> str:
    """Return the median with range of several values, a single one, or a dash."""
    if not values:
        return "-"
    return f"{median(values):.3f} ({min(values):.3f}-{max(values):.3f}, n={len(values)})"


def line(row: Row) -> str:
    """Return a row as text under `HEAD`."""
    people = [count for name, count in row.number.items() if name != "ours"]
    counts = f"{min(people)}-{max(people)}" if people else "-"
    known = PUBLISHED.get(row.night) if row.dataset == "PSG-IPA" and row.leg == "left" else None
    text = (
        f"{row.dataset + ' ' + row.night:<16}{row.leg:<8}{row.number.get('ours', 0):>6}{counts:>12}  "
        f"{_words(list(row.ours.values())):<26}{_words(list(row.people.values())):<26}"
        f"{'-' if known is None else f'{known:.3f}':>10}"
    )
    index = ", ".join(f"{name} {value:.1f}" for name, value in row.plms_index.items() if value is not None)
    return text + (f"  PLMS index {index}" if index else "") + (f"  {row.note}" if row.note else "")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run what the command line asks for; 2 where there is nothing to compare with."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--json", type=Path, metavar="PATH", help="write every F1 there, scorer by scorer")
    chosen = parser.parse_args(arguments)
    nights = [one for name, find in DATASETS.items() for one in find(chosen.folder / name)]
    if not nights:
        print(f"Nothing was downloaded: {chosen.folder} holds none of {', '.join(f'{name}/' for name in DATASETS)}.")
        print("docs/public_nights.md says where the nights are and which files are needed. No figure was measured.")
        return 2
    print(
        f"legtwitch {legtwitch.__version__}, {len(nights)} nights. Real recordings; one to one at 0.2, each leg alone."
    )
    print(f"Published: {PUBLISHED_SOURCE}.")
    print(HEAD)
    rows = []
    for night in nights:
        for row in rows_of(night):
            rows.append(row)
            print(line(row), flush=True)
    ours = [value for row in rows for value in row.ours.values()]
    people = [value for row in rows for value in row.people.values()]
    print(f"all: ours vs each scorer {_words(ours)}; {AMONG_PEOPLE} {_words(people)}")
    for name in DATASETS:
        if not any(one.dataset.casefold().split("-")[0] == name.split("-")[0] for one in nights):
            print(f"not downloaded: {name}")
    if chosen.json:
        document = {"least_overlap_ratio": 0.2, "published": PUBLISHED_SOURCE, "rows": [_as_dict(row) for row in rows]}
        chosen.json.write_text(json.dumps(document, indent=2) + "\n", encoding="utf-8")
    return 0


def _as_dict(row: Row) -> dict[str, object]:
    return {name: getattr(row, name) for name in Row.__slots__}


if __name__ == "__main__":
    sys.exit(main())
