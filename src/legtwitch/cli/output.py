"""What the commands write: documents to files, JSON to stdout, progress and errors to stderr."""

from __future__ import annotations

import errno
import json
import os
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from legtwitch.errors import FileError, LegtwitchError, UsageError

_NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO)


def print_json(document: Any) -> None:
    """Print one JSON document on stdout."""
    json.dump(document, sys.stdout, indent=2, ensure_ascii=False)
    sys.stdout.write("\n")


def print_error(error: LegtwitchError, *, as_json: bool) -> None:
    """Print an error: under `error` on stdout with `--json`, else, or where stdout is full, as lines on stderr."""
    if as_json:
        try:
            print_json({"error": error.as_dict()})
            sys.stdout.flush()
            return
        except OSError:
            discard_stdout()
    lines = [f"{error.code}: {error.message}"]
    allowed = error.allowed if isinstance(error.allowed, str) else ", ".join(error.allowed)
    lines += [
        f"  {name}: {text}" for name, text in (("got", error.got), ("allowed", allowed), ("do", error.do)) if text
    ]
    sys.stderr.write("\n".join(lines) + "\n")


def discard_stdout() -> None:
    """Send what stdout still holds nowhere: nobody can read it, and the interpreter would fail on it at its end."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def output_failed(error: Exception) -> FileError | None:
    """Return the error for stdout that can't be written (a full disk behind `>`), else None."""
    if not isinstance(error, OSError) or error.errno not in _NO_ROOM:
        return None
    got = f"standard output ({error.strerror})"
    return FileError("E206", "The output could not be written.", got=got, do="Make room, or choose another place.")


def progress(*, quiet: bool = False) -> Callable[[str], None]:
    """Return a teller of progress: one line on stderr that is written over, and only if that is a terminal."""
    if quiet or not sys.stderr.isatty():
        return lambda _: None

    def tell(what: str) -> None:
        sys.stderr.write(f"\r\x1b[2K{what} …")
        sys.stderr.flush()

    return tell


def end_progress() -> None:
    """Clear the line of progress."""
    if sys.stderr.isatty():
        sys.stderr.write("\r\x1b[2K")
        sys.stderr.flush()


def kinds_of(outputs: Sequence[Path], allowed: Sequence[str], inputs: Sequence[Path]) -> None:
    """Check all output names before any work is done.

    Raises UsageError for a suffix that isn't allowed or a name that is also an input; FileError for a missing folder.
    """
    taken = {path.resolve() for path in inputs}
    for path in outputs:
        if path.suffix.lower() not in allowed:
            raise UsageError(
                "E106",
                "The kind of an output is told by its suffix, and this one is not known here.",
                got=path.name,
                allowed=list(allowed),
                do="Give the output another suffix.",
            )
        if path.resolve() in taken:
            raise UsageError(
                "E107",
                "An output may not have the name of an input: recordings and cases are never changed.",
                got=str(path),
                do="Give the output another name.",
            )
        if not path.parent.is_dir():
            raise FileError(
                "E205", "The folder of an output does not exist.", got=str(path.parent), do="Make the folder first."
            )


def check_beside(outputs: Sequence[Path], inputs: Sequence[Path]) -> None:
    """Check the files that are written beside outputs, the descriptions of BIDS tables: none may be another file.

    Raises UsageError where one has the name of an input or of another output.
    """
    from legtwitch.recording import is_bids_name, sidecar

    taken = {path.resolve() for path in (*outputs, *inputs)}
    for path in outputs:
        if is_bids_name(path) and sidecar(path).resolve() in taken:
            raise UsageError(
                "E107",
                f"{path.name} comes with a description of its columns, whose name is taken by another file.",
                got=sidecar(path).name,
                do="Give one of them another name.",
            )


@contextmanager
def whole_file(path: Path) -> Iterator[Path]:
    """Give a temporary name beside `path`; it takes the name of `path` only when everything was written."""
    try:
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=path.suffix)
        os.close(handle)
        temporary = Path(name)
        try:
            yield temporary
            umask = os.umask(0)
            os.umask(umask)
            temporary.chmod(0o666 & ~umask)
            temporary.replace(path)
        finally:
            temporary.unlink(missing_ok=True)
    except OSError as error:
        raise FileError(
            "E206", "The output could not be written.", got=f"{path} ({error.strerror})", do="Choose another place."
        ) from error


def write_text(path: Path, text: str) -> None:
    """Write a text file whole or not at all. Raises FileError when it can't be written."""
    with whole_file(path) as temporary:
        temporary.write_text(text, encoding="utf-8")
