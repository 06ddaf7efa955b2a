"""Uploads go from the socket to the disk in one pass: nothing is held in memory or written twice."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import Request
from python_multipart import MultipartParser
from python_multipart.exceptions import MultipartParseError
from python_multipart.multipart import parse_options_header
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException

from legtwitch.errors import UsageError
from legtwitch.store import Store, Upload
from legtwitch.web import codes
from legtwitch.web.desk import old_form
from legtwitch.web.guard import csrf_holds
from legtwitch.web.settings import Settings

_AT_ONCE = 1 << 20
_MOST_FIELD = 1000


@dataclass(frozen=True, slots=True)
class Taken:
    """A finished upload. name: as the browser called it."""

    name: str
    sha256: str
    size: int


class _Parts:
    """What the parser tells: the secret word, then one file."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._header = b""
        self._value = b""
        self._disposition = b""
        self._in_file = False
        self._field = ""
        self._small = b""
        self.name = ""
        self.files = 0
        self.allowed = False
        self.ready = bytearray()

    def on_part_begin(self) -> None:
        """A new part begins."""
        self._header = self._value = self._disposition = self._small = b""
        self._in_file = False

    def on_header_field(self, data: bytes, start: int, end: int) -> None:
        """Collect the name of a header."""
        self._header += data[start:end]

    def on_header_value(self, data: bytes, start: int, end: int) -> None:
        """Collect the value of a header."""
        self._value += data[start:end]
        if len(self._value) > _MOST_FIELD:
            raise broken()

    def on_header_end(self) -> None:
        """Keep the header that names the field."""
        if self._header.lower() == b"content-disposition":
            self._disposition = self._value
        self._header = self._value = b""

    def on_headers_finished(self) -> None:
        """Tell a file from a field; a file is taken only behind the secret word."""
        _, options = parse_options_header(self._disposition)
        self._field = options.get(b"name", b"").decode("utf-8", "replace")
        if b"filename" in options and self._field == "file":
            if not self.allowed:
                raise HTTPException(403, old_form())
            self.files += 1
            if self.files > 1:
                raise broken()
            self.name = options[b"filename"].decode("utf-8", "replace")
            self._in_file = True

    def on_part_data(self, data: bytes, start: int, end: int) -> None:
        """Collect content."""
        if self._in_file:
            self.ready += data[start:end]
            return
        self._small += data[start:end]
        if len(self._small) > _MOST_FIELD:
            raise broken()

    def on_part_end(self) -> None:
        """Look at the secret word."""
        if self._field == "csrf" and not self._in_file:
            self.allowed = csrf_holds(self._settings, self._small.decode("utf-8", "replace"))


def broken() -> UsageError:
    """Return the error for a request that can't be read."""
    return UsageError(codes.FORM_BROKEN, "What the browser sent can't be read.", do="Open the page again and retry.")


async def take(request: Request, store: Store, settings: Settings) -> Taken:
    """Return the file of a form, which lies on disk under its hash.

    Raises
    ------
    FileError: too large, empty, or no room on the disk. UsageError: what was sent can't be read.
    HTTPException: the secret word is missing (403).
    """
    kind, options = parse_options_header(request.headers.get("content-type"))
    boundary = options.get(b"boundary", b"")
    if kind != b"multipart/form-data" or not boundary or len(boundary) > 200:
        raise broken()
    parts = _Parts(settings)
    names = ("part_begin", "header_field", "header_value", "header_end", "headers_finished", "part_data", "part_end")
    parser = MultipartParser(boundary, {f"on_{name}": getattr(parts, f"on_{name}") for name in names})  # type: ignore[arg-type]
    announced = request.headers.get("content-length", "")
    with store.files.upload(int(announced) if announced.isascii() and announced.isdigit() else None) as upload:
        try:
            async for chunk in request.stream():
                parser.write(chunk)
                if len(parts.ready) >= _AT_ONCE:
                    await run_in_threadpool(_flush, parts, upload)
            parser.finalize()
        except MultipartParseError as error:
            raise broken() from error
        if not parts.allowed:
            raise HTTPException(403, old_form())
        await run_in_threadpool(_flush, parts, upload)
        sha256 = await run_in_threadpool(upload.finish)
        return Taken(parts.name or "recording", sha256, upload.size)


async def take_raw(request: Request, upload: Upload) -> None:
    """Write the body of a request as it is to an upload."""
    ready = bytearray()
    async for chunk in request.stream():
        ready += chunk
        if len(ready) >= _AT_ONCE:
            await run_in_threadpool(upload.write, bytes(ready))
            ready.clear()
    if ready:
        await run_in_threadpool(upload.write, bytes(ready))
    await run_in_threadpool(upload.flush)


def _flush(parts: _Parts, upload: Upload) -> None:
    if parts.ready:
        upload.write(bytes(parts.ready))
        parts.ready.clear()
