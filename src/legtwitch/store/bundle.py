"""A case as one file: a zip with a case file for every visit, its recordings beside it, and a list of what is in it."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Mapping
from datetime import date as Date
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from legtwitch.errors import CaseError, FileError
from legtwitch.store import codes
from legtwitch.store.content import content, recordings_block
from legtwitch.store.files import safe_name
from legtwitch.store.records import Kept, Step, Visit
from legtwitch.store.store import Store
from legtwitch.version import __version__

LIST = "legtwitch.json"
MOST_LIST_BYTES = 20_000_000
MOST_MEMBERS = 2000
_CHUNK = 1 << 20


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class ListedStep(_Strict):
    """An answer, as the list holds it."""

    question: str = Field(max_length=80)
    asks: list[str] = Field(max_length=200)
    said: list[str] = Field(max_length=200)
    sets: dict[str, Any]


class ListedOptions(_Strict):
    """What the person said of a recording, as the list holds it. roles: channel → role."""

    modality: str | None = Field(default=None, max_length=80)
    muscle: str | None = Field(default=None, max_length=80)
    side: str | None = Field(default=None, max_length=80)
    unit: str | None = Field(default=None, max_length=20)
    rate: float | None = Field(default=None, gt=0, le=1e6)
    roles: dict[str, str] | None = None


class ListedRecording(_Strict):
    """A recording, as the list holds it. events: numbers (from 0) of the files of marks laid over it."""

    member: str
    name: str = Field(max_length=200)
    sha256: str = Field(pattern="^[0-9a-f]{64}$")
    options: ListedOptions = ListedOptions()
    events: list[int] = Field(default_factory=list)


class ListedVisit(_Strict):
    """A visit, as the list holds it."""

    date: Date
    base: dict[str, Any]
    steps: list[ListedStep] = Field(max_length=500)
    medications: list[Any] | None = None
    exposures: list[Any] | None = None
    labs: dict[str, Any] | None = None
    recordings: list[ListedRecording] = Field(default_factory=list, max_length=200)


class Listed(_Strict):
    """The list of an exported case."""

    format: int = Field(ge=1, le=1)
    legtwitch: str
    title: str = Field(max_length=200)
    visits: list[ListedVisit] = Field(min_length=1, max_length=500)


def export_case(store: Store, case: str, to: Path) -> None:
    """Write a case to a zip file. Every folder in it is a case that `legtwitch assess FOLDER/case.yaml` reads.

    Raises
    ------
    KeyError: there is no such case.
    """
    found = store.case(case)
    if found is None:
        raise KeyError(case)
    visits = []
    with zipfile.ZipFile(to, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for id in found.visits:
            visit = store.visit(id)
            if visit is not None:
                visits.append(_export_visit(store, visit, archive))
        listed = {"format": 1, "legtwitch": __version__, "title": found.title, "visits": visits}
        archive.writestr(LIST, json.dumps(listed, indent=2, ensure_ascii=False))


def _export_visit(store: Store, visit: Visit, archive: zipfile.ZipFile) -> dict[str, Any]:
    folder = f"visit-{visit.number}-{visit.date}"
    kept = store.recordings(visit.id)
    case = content(visit)
    if kept:
        case["recordings"] = recordings_block(kept)
    archive.writestr(f"{folder}/case.yaml", yaml.safe_dump(case, sort_keys=False, allow_unicode=True))
    for one in kept:
        archive.write(store.files.path(one.sha256), f"{folder}/{one.name}")
    numbers = {one.id: number for number, one in enumerate(kept)}
    return {
        "date": visit.date.isoformat(),
        "base": dict(visit.base),
        "steps": [
            {"question": one.question, "asks": list(one.asks), "said": list(one.said), "sets": dict(one.sets)}
            for one in visit.steps
        ],
        "medications": None if visit.medications is None else list(visit.medications),
        "exposures": None if visit.exposures is None else list(visit.exposures),
        "labs": None if visit.labs is None else dict(visit.labs),
        "recordings": [_listed(one, folder, numbers) for one in kept],
    }


def _listed(one: Kept, folder: str, numbers: Mapping[str, int]) -> dict[str, Any]:
    options = {key: value for key, value in one.options.items() if key != "events"}
    events = [numbers[id] for id in one.options.get("events", ()) if id in numbers]
    member = f"{folder}/{one.name}"
    return {"member": member, "name": one.name, "sha256": one.sha256, "options": options, "events": events}


def import_case(store: Store, file: BinaryIO) -> tuple[str, ...]:
    """Take in an exported case as a new case and return the ids of its visits; nothing is written by a name in the zip.

    Results are not taken in: recordings are scored anew.

    Raises
    ------
    FileError: it is no exported case (E274), or holds more than is taken (E275, E271).
    """
    try:
        with zipfile.ZipFile(file) as archive:
            listed = _list_of(archive)
            for visit in listed.visits:
                _check_answers(visit)
            kept = [[_take(store, one, archive) for one in visit.recordings] for visit in listed.visits]
    except (zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError, RuntimeError, EOFError, OSError) as error:
        raise _no_bundle("it is no whole zip file") from error
    return store.add_whole(listed.title, [_as_visit(one) for one in listed.visits], kept)


def _as_visit(listed: ListedVisit) -> Visit:
    return Visit(
        "",
        "",
        0,
        listed.date,
        datetime.min,
        0,
        "",
        listed.base,
        tuple(Step(one.question, tuple(one.asks), tuple(one.said), one.sets) for one in listed.steps),
        None if listed.medications is None else tuple(listed.medications),
        None if listed.exposures is None else tuple(listed.exposures),
        listed.labs,
    )


def _list_of(archive: zipfile.ZipFile) -> Listed:
    if len(archive.infolist()) > MOST_MEMBERS:
        raise FileError(codes.BUNDLE_TOO_LARGE, "The file holds more than is taken.", allowed=f"{MOST_MEMBERS} files")
    try:
        with archive.open(LIST) as member:
            raw = member.read(MOST_LIST_BYTES + 1)
    except KeyError as error:
        raise _no_bundle(f"{LIST} is missing in it") from error
    if len(raw) > MOST_LIST_BYTES:
        raise FileError(codes.BUNDLE_TOO_LARGE, "The list in the file is larger than is taken.")
    try:
        return Listed.model_validate_json(raw)
    except (ValidationError, RecursionError) as error:
        raise _no_bundle(f"{LIST} in it is not as this version writes it") from error


def _check_answers(visit: ListedVisit) -> None:
    """Refuse a visit that the engine would not read, before anything of it is kept."""
    from legtwitch import api
    from legtwitch.findings import parse_case

    case: dict[str, Any] = {"date": visit.date.isoformat(), **visit.base}
    try:
        for step in visit.steps:
            case = api.answer(case, step.sets)
    except CaseError as error:
        raise _no_bundle(error.message) from error
    blocks = {"medications": visit.medications, "exposures": visit.exposures, "labs": visit.labs}
    case |= {name: block for name, block in blocks.items() if block is not None}
    errors = parse_case(case, api.load_knowledge()).errors
    if errors:
        raise _no_bundle(errors[0].message)


def _take(store: Store, one: ListedRecording, archive: zipfile.ZipFile) -> Kept:
    try:
        info = archive.getinfo(one.member)
    except KeyError as error:
        raise _no_bundle(f"{safe_name(one.name)} is missing in it") from error
    with store.files.upload(info.file_size) as upload, archive.open(info) as member:
        while chunk := member.read(_CHUNK):
            upload.write(chunk)
        sha256 = upload.finish()
        if sha256 != one.sha256:
            raise _no_bundle(f"{safe_name(one.name)} in it was changed")
        options = {**one.options.model_dump(exclude_none=True), "events": one.events}
        return Kept("", "", one.name, sha256, upload.size, "added", options=options)


def _no_bundle(why: str) -> FileError:
    return FileError(
        codes.NOT_A_BUNDLE,
        f"The file is no exported case: {why}.",
        allowed="a file that was made with “Save as one file”",
        do="Export the case again.",
    )
