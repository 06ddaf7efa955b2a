"""Uploaded files on disk, each under the hash of its content; a file counts only when all of it is on disk."""

from __future__ import annotations

import hashlib
import os
import re
import secrets
import shutil
from collections.abc import Iterable
from pathlib import Path
from types import TracebackType

from legtwitch.errors import FileError
from legtwitch.store import codes
from legtwitch.store.folder import ready

SPARE_BYTES = 200_000_000
"""So much room is left on the disk."""
_MOST_LETTERS = 120
_HASH = re.compile(r"[0-9a-f]{64}")


def safe_name(name: str) -> str:
    """Return the last part of a file's name without signs that mean something to a system or a page.

    >>> safe_name("C:\\\\data\\\\..\\\\night 1.edf"), safe_name("../../etc/passwd"), safe_name("..")
    ('night 1.edf', 'passwd', 'recording')
    """
    last = re.split(r"[\\/]", name)[-1]
    plain = "".join(sign if sign.isalnum() or sign in " ._-()+" else "_" for sign in last).strip(" .")
    stem, dot, suffix = plain.rpartition(".")
    kept = f"{stem[: _MOST_LETTERS - len(suffix) - 1]}{dot}{suffix}" if stem and len(suffix) <= 20 else plain
    return kept[:_MOST_LETTERS] or "recording"


class Files:
    """The files of a data folder."""

    def __init__(self, folder: Path, *, most_bytes: int = 2_000_000_000) -> None:
        self.folder = ready(folder / "recordings")
        self.half = ready(folder / "half")
        self.most_bytes = most_bytes

    def path(self, sha256: str) -> Path:
        """Return where the content with this hash lies. Raises ValueError for what is no hash."""
        if not _HASH.fullmatch(sha256):
            raise ValueError("not a hash")
        return self.folder / sha256

    def upload(self, announced: int | None = None) -> Upload:
        """Return a place to write an upload to. Raises FileError when it can't have room (E271, E273).

        announced: its size in bytes, as far as it is known.
        """
        size = announced or 0
        if size > self.most_bytes:
            raise _too_large(self.most_bytes)
        if shutil.disk_usage(self.half).free < size + SPARE_BYTES:
            raise FileError(codes.DISK_FULL, "There is not enough room on the disk for this file.", do="Make room.")
        return Upload(self)

    def keep_only(self, hashes: Iterable[str]) -> None:
        """Delete every file whose hash isn't listed, and what is left of uploads that were never finished."""
        kept = set(hashes)
        for path in (*self.folder.iterdir(), *self.half.iterdir()):
            if path.parent == self.half or path.name not in kept:
                path.unlink(missing_ok=True)

    def remove(self, sha256: str) -> None:
        """Delete the file with this content."""
        self.path(sha256).unlink(missing_ok=True)


class Upload:
    """A file on its way in. As a context: what isn't finished is gone at the end. path: where it lies until then."""

    def __init__(self, files: Files) -> None:
        self._files = files
        self.path = files.half / secrets.token_hex(16)
        self._file = self.path.open("xb")
        self._hash = hashlib.sha256()
        self.size = 0

    def __enter__(self) -> Upload:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()
        self.path.unlink(missing_ok=True)

    def write(self, content: bytes) -> None:
        """Add bytes. Raises FileError when there are too many (E271) or the disk is full (E273)."""
        self.size += len(content)
        if self.size > self._files.most_bytes:
            raise _too_large(self._files.most_bytes)
        self._hash.update(content)
        try:
            self._file.write(content)
        except OSError as error:
            raise FileError(codes.DISK_FULL, "There is not enough room on the disk for this file.") from error

    def flush(self) -> None:
        """Bring what was written to the disk. Raises FileError if it is nothing (E272) or there is no room (E273)."""
        if not self.size:
            raise FileError(codes.UPLOAD_EMPTY, "The file is empty.", do="Copy or export it again.")
        try:
            self._file.flush()
            os.fsync(self._file.fileno())
        except OSError as error:
            raise FileError(codes.DISK_FULL, "There is not enough room on the disk for this file.") from error

    def finish(self) -> str:
        """Return the hash of the content, under which it now lies for good. Raises FileError if it is empty (E272)."""
        self.flush()
        self._file.close()
        sha256 = self._hash.hexdigest()
        self.path.replace(self._files.path(sha256))
        _sync_folder(self._files.folder)
        return sha256


def _too_large(most: int) -> FileError:
    return FileError(
        codes.UPLOAD_TOO_LARGE,
        "The file is larger than is taken here.",
        allowed=f"up to {most / 1e6:,.0f} MB",
        do="Export the leg channels alone, or one night at a time.",
    )


def _sync_folder(folder: Path) -> None:
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
