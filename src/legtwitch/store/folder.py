"""Where cases are kept."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from legtwitch.errors import FileError
from legtwitch.store import codes


def data_folder() -> Path:
    """Return the folder for kept cases, made if it is missing and readable by its owner alone.

    `LEGTWITCH_DATA` names it; else it is the usual place of the system (`$XDG_DATA_HOME/legtwitch`, by default
    `~/.local/share/legtwitch`; `%LOCALAPPDATA%` on Windows; `~/Library/Application Support` on a Mac).

    Raises
    ------
    FileError: it can't be made or written to (E270).
    """
    own = os.environ.get("LEGTWITCH_DATA")
    return ready(Path(own) if own else _usual() / "legtwitch")


def ready(folder: Path) -> Path:
    """Return a folder that exists, belongs to the user alone and can be written to. Raises FileError (E270)."""
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        writable = os.access(folder, os.W_OK | os.X_OK)
    except OSError as error:
        raise _unusable(folder, str(error.strerror)) from error
    if not writable:
        raise _unusable(folder, "no right to write")
    return folder.resolve()


@contextmanager
def alone(folder: Path) -> Iterator[bool]:
    """Hold a folder for this process while the context lasts; the value tells whether it was free.

    The system lets go of it whatever ends the process.
    """
    with (folder / "in_use").open("a+b") as file:
        yield _locked(file)


def _locked(file: IO[bytes]) -> bool:
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def _unusable(folder: Path, why: str) -> FileError:
    do = "Name another folder in LEGTWITCH_DATA."
    return FileError(codes.NO_FOLDER, "The folder for kept cases can't be used.", got=f"{folder} ({why})", do=do)


def _usual() -> Path:
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local")
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support"
    return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share")
