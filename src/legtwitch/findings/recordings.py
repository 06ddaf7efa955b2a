"""The block `recordings` of a case file: which files belong to the case; none is opened here."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path, PureWindowsPath
from typing import Any, cast, get_args

from legtwitch.findings import codes
from legtwitch.findings.reading import Reading
from legtwitch.findings.values import number
from legtwitch.model import RecordingRef, Role
from legtwitch.units import normal_spelling, same_kind

KEYS = ("file", "events", "modality", "muscle", "side", "unit", "rate", "channels")
ROLES: tuple[Role, ...] = get_args(Role)
_ACCELERATION = ("g", "mg", "m/s2")


def read_recordings(raw: Any, folder: Path | None, reading: Reading) -> tuple[RecordingRef, ...]:
    """Return the recordings of a case.

    Parameters
    ----------
    raw: a list of maps `{file, events, modality, muscle, side, unit, rate, channels}`; rate in Hz, channels: name →
        role.
    folder: where the case file lies; every path stays inside it. None for a case that came as a map.
    """
    if raw is None:
        return ()
    if not isinstance(raw, (list, tuple)):
        reading.refuse(codes.SHAPE, "recordings", "must be a list.", got=raw, allowed="[{file: …}, …]")
        return ()
    found = [_recording(one, f"recordings, item {n}", folder, reading) for n, one in enumerate(raw, 1)]
    return tuple(one for one in found if one is not None)


def _recording(raw: Any, place: str, folder: Path | None, reading: Reading) -> RecordingRef | None:
    if not isinstance(raw, Mapping) or "file" not in raw:
        reading.refuse(codes.SHAPE, place, "must be a map with a `file`.", got=raw, allowed="{file: night.edf}")
        return None
    reading.keys(raw, KEYS, place)
    vocabulary = reading.knowledge.vocabulary
    options = {
        "modality": tuple(vocabulary.modalities),
        "muscle": vocabulary.attributes["muscle"].options,
        "side": vocabulary.attributes["side"].options,
        "unit": (*same_kind("uV"), *_ACCELERATION),
    }
    chosen = {name: _option(name, raw[name], may, place, reading) for name, may in options.items() if name in raw}
    rate = _rate(raw["rate"], f"{place}.rate", reading) if "rate" in raw else None
    events = raw.get("events", ())
    if not isinstance(events, (list, tuple)):
        reading.refuse(codes.SHAPE, f"{place}.events", "must be a list.", got=events, allowed="[night.tsv]")
        events = ()
    marks = [_path(one, f"{place}.events", folder, reading) for one in events]
    file = _path(raw["file"], f"{place}.file", folder, reading)
    if file is None:
        return None
    channels = _channels(raw["channels"], f"{place}.channels", reading) if "channels" in raw else {}
    return RecordingRef(
        file, tuple(one for one in marks if one is not None), **chosen, rate_hz=rate, channels=channels
    )  # fmt: skip


def _channels(raw: Any, place: str, reading: Reading) -> dict[str, Role]:
    if not isinstance(raw, Mapping):
        reading.refuse(codes.SHAPE, place, "must be a map of channels.", got=raw, allowed="{EMG3: leg_left}")
        return {}
    found: dict[str, Role] = {}
    for name, word in raw.items():
        role = _option("role", word, ROLES, f"{place}.{name}", reading)
        if role is not None:
            found[str(name)] = cast(Role, role)
    return found


def _option(name: str, raw: Any, may: tuple[str, ...], place: str, reading: Reading) -> str | None:
    word = normal_spelling(raw) if isinstance(raw, str) else None
    if word in may:
        return word
    near = reading.near(raw, may)
    code = codes.WRONG_UNIT if name == "unit" else codes.UNKNOWN_OPTION
    reading.refuse(code, f"{place}.{name}", "is not one that is known.", got=raw, allowed=may, near=near)
    return None


def _rate(raw: Any, place: str, reading: Reading) -> float | None:
    rate = number(raw, place, reading)
    if rate is not None and rate <= 0:
        reading.refuse(codes.IMPLAUSIBLE, place, "is no sampling rate.", got=raw, allowed="more than 0 (in Hz)")
        return None
    return rate


def _path(raw: Any, place: str, folder: Path | None, reading: Reading) -> str | None:
    """Return a path that is relative and stays inside the folder, links followed; anything else is refused and None."""
    if isinstance(raw, str) and raw.strip() and _stays_inside(raw, folder):
        return raw
    reading.refuse(
        codes.WRONG_PATH,
        place,
        "must be a file inside the folder of the case file.",
        got=raw,
        allowed="a path relative to the case file, without a way out of its folder",
        do="Copy the file beside the case file.",
    )
    return None


def _stays_inside(written: str, folder: Path | None) -> bool:
    windows = PureWindowsPath(written)
    if Path(written).is_absolute() or windows.drive or windows.root or ".." in windows.parts:
        return False
    if folder is None:
        return "\0" not in written
    try:
        root = folder.resolve()
        target = (root / written).resolve()
    except (OSError, ValueError, RuntimeError):  # a name that no file can have, or links in a circle
        return False
    return target != root and target.is_relative_to(root)
