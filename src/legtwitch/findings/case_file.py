"""The case file: everything in it that is understood, and everything that is not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from legtwitch.errors import CaseError, FileError
from legtwitch.findings import codes
from legtwitch.findings.derive import derive
from legtwitch.findings.entries import read_block
from legtwitch.findings.labs import findings_from_labs, read_labs
from legtwitch.findings.listed import read_exposures, read_medications
from legtwitch.findings.medicines import findings_from_dates, taken_together
from legtwitch.findings.reading import Reading
from legtwitch.findings.recordings import read_recordings
from legtwitch.knowledge import yaml12
from legtwitch.knowledge.vocabulary import FINDING_LIKE
from legtwitch.model import By, Case, Finding, LabValue, Medicine

if TYPE_CHECKING:
    from legtwitch.knowledge import Knowledge, Vocabulary

BLOCKS = ("date", "person", "findings", "medications", "exposures", "labs", "recordings")
MOST_BYTES = 4_000_000
Told = TypeVar("Told", Finding, LabValue)


@dataclass(frozen=True, slots=True)
class ParsedCase:
    """A case as far as it was understood, and the errors of all that was not."""

    case: Case
    errors: tuple[CaseError, ...]


def read_case(path: Path, knowledge: Knowledge) -> ParsedCase:
    """Read a case file (YAML 1.2 or JSON, UTF-8).

    Raises
    ------
    FileError: the file is missing, empty, too large, or neither YAML nor JSON (E204, E208).
    """
    try:
        with path.open("rb") as file:
            content = file.read(MOST_BYTES + 1)
        if len(content) > MOST_BYTES:
            do = "Check that this is the case file and not a recording."
            allowed = f"at most {MOST_BYTES // 1_000_000} MB"
            raise FileError(
                codes.TOO_LARGE, "The case file is larger than any case.", got=path.name, allowed=allowed, do=do
            )
        data = yaml12.load(content.decode("utf-8-sig"), path.name)
    except OSError as error:
        do = "Check the name and that the file may be read."
        raise FileError(
            codes.UNREADABLE, "The case file can't be opened.", got=f"{path} ({error.strerror})", do=do
        ) from error
    except UnicodeDecodeError as error:
        do = "Save it as UTF-8 text."
        raise FileError(
            codes.UNREADABLE, "The case file is not text.", got=path.name, allowed="YAML or JSON in UTF-8", do=do
        ) from error
    except yaml12.YamlError as error:
        do = "Mend the line, or write the case anew with `legtwitch ask`."
        raise FileError(
            codes.UNREADABLE, "The case file is not valid YAML or JSON.", got=str(error), allowed="YAML or JSON", do=do
        ) from error
    if data is None:
        do = "Write the case with `legtwitch ask`, or put {} into it for a case of which nothing is known."
        raise FileError(codes.UNREADABLE, "The case file is empty.", got=path.name, allowed="YAML or JSON", do=do)
    return parse_case(data, knowledge, folder=path.parent)


def parse_case(data: Any, knowledge: Knowledge, *, folder: Path | None = None) -> ParsedCase:
    """Return a case as far as it is understood, with all errors; it raises nothing.

    Parameters
    ----------
    data: the content of a case file, a map of blocks. Dates may be text or `datetime.date`.
    folder: where the case file lies, None for a case that came as a map; paths of recordings stay inside it.

    >>> from legtwitch.knowledge import load
    >>> parsed = parse_case({"findings": {"felt_weaknes": "present"}}, load())
    >>> parsed.errors[0].do
    'Did you mean felt_weakness? `legtwitch knowledge --json` lists all findings.'
    """
    reading = Reading(knowledge)
    if not isinstance(data, Mapping):
        reading.refuse(codes.SHAPE, "case", "must be a map of blocks.", got=data, allowed=BLOCKS)
        return ParsedCase(Case(None, (), folder=folder), tuple(reading.errors))
    _blocks(data, reading)
    if data.get("date") is not None:
        reading.date = reading.any_day(data["date"], "date")
    person = read_block(data.get("person"), "person", reading)
    findings = read_block(data.get("findings"), "findings", reading, _answered_by(person))
    country = next((one.value[0] for one in person if one.id == "country" and isinstance(one.value, tuple)), None)
    medicines: tuple[Medicine, ...] = ()
    from_medicines: list[Finding] = []
    if "medications" in data:
        medicines, from_medicines = read_medications(data["medications"], country, reading)
    exposures = read_exposures(data["exposures"], reading) if "exposures" in data else []
    labs, unknown_labs = read_labs(data.get("labs"), reading)
    recordings = read_recordings(data.get("recordings"), folder, reading)
    if reading.dated and data.get("date") is None:
        places = ", ".join(reading.dated[:3]) + (" and more" if len(reading.dated) > 3 else "")
        do = "Add the day on which the case was written down, such as date: 2026-11-22."
        reading.refuse(codes.CASE_DATE_MISSING, "date", f"is needed: {places} is dated.", allowed="a date", do=do)
    found: list[Finding] = [*person, *findings, *from_medicines, *exposures, *unknown_labs]
    found += findings_from_labs(labs, knowledge)
    found += findings_from_dates(medicines, reading.date, findings, knowledge)
    found += taken_together(medicines, reading.date, knowledge)
    found += derive(_in_order(found, knowledge.vocabulary), reading.date)
    case = Case(
        reading.date,
        _in_order(found, knowledge.vocabulary),
        medicines,
        _in_order(labs, knowledge.vocabulary),
        recordings,
        frozenset(name for name in ("medications", "exposures") if _is_empty_list(data.get(name))),
        folder,
    )
    return ParsedCase(case, tuple(reading.errors))


def _blocks(data: Mapping[Any, Any], reading: Reading) -> None:
    """Refuse keys that are no blocks; an id that stands outside of its block is told where it belongs."""
    for key in data:
        definition = reading.knowledge.vocabulary.definition(key) if isinstance(key, str) else None
        if definition is not None and key not in BLOCKS:
            do = f"Move it into the block `{definition.section}`."
            reading.refuse(codes.OTHER_BLOCK, str(key), "stands outside of its block.", got=key, allowed=BLOCKS, do=do)
        else:
            reading.keys({key: None}, BLOCKS, "case")


def _answered_by(person: Sequence[Finding]) -> By:
    said = any(one.id == "answered_by" and one.value == ("clinician",) for one in person)
    return "clinician" if said else "person"


def _is_empty_list(raw: Any) -> bool:
    return isinstance(raw, (list, tuple)) and not raw


def _in_order(found: Sequence[Told], vocabulary: Vocabulary) -> tuple[Told, ...]:
    """Return findings or lab values in the order of the vocabulary: the order of keys in a file changes nothing."""
    places: dict[str, int] = {}
    for name in FINDING_LIKE:
        for id in vocabulary.section(name):
            places[id] = len(places)
    return tuple(sorted(found, key=lambda one: places[one.id]))
