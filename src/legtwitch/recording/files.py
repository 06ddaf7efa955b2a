"""Writing a file whole or not at all."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from legtwitch.errors import FileError
from legtwitch.recording import codes


@contextmanager
def written(path: Path) -> Iterator[BinaryIO]:
    """Open a file for writing under a temporary name beside `path`; rename it to `path` when all went well.

    Raises FileError where the folder is missing or can't be written to.
    """
    try:
        handle, name = tempfile.mkstemp(prefix=f".{path.name[:80]}.", suffix=".part", dir=path.parent)
    except OSError as error:
        raise _not_writable(path, error) from error
    try:
        with os.fdopen(handle, "wb") as file:
            yield file
        os.chmod(name, 0o666 & ~_umask())
        os.replace(name, path)
    except OSError as error:
        raise _not_writable(path, error) from error
    finally:
        with suppress(FileNotFoundError):
            os.unlink(name)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def _not_writable(path: Path, error: OSError) -> FileError:
    return FileError(
        codes.NOT_WRITABLE, "The file can't be written.", got=f"{path} ({error.strerror})", do="Choose another place."
    )
