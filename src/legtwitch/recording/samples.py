"""Samples on demand, by bounded block reads: the file is never mapped, other channels are never held."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from legtwitch.errors import FileError, RecordingError
from legtwitch.recording import codes

if TYPE_CHECKING:
    from numpy.typing import NDArray

_BLOCK_BYTES = 1 << 20
_SEEK_ABOVE = 1 << 16
"""Records larger than this are sought one by one, smaller ones are read whole and sliced."""


@dataclass(frozen=True, slots=True)
class Layout:
    """Where data lie in a file: header length, bytes of a data record and of a sample."""

    path: Path
    header_bytes: int
    record_bytes: int
    width: int


@dataclass(frozen=True, slots=True)
class SignalPlace:
    """Where one signal lies in a data record, and its scale: value = (digital - digital_min) * gain + physical_min.

    at, size: bytes. gain: None where the header gives no scale. factor: of the file's unit to the channel's.
    """

    name: str
    at: int
    size: int
    digital_min: int
    physical_min: float
    gain: float | None
    factor: float


def changed(path: Path) -> FileError:
    """Return the error for a file that is shorter than it was when it was opened."""
    return FileError(
        codes.CHANGED,
        "The file changed while it was read.",
        got=path.name,
        do="Wait until it is copied in full, then try again.",
    )


def block_records(layout: Layout, size: int) -> int:
    """Return how many data records `blocks` takes at once for a signal of `size` bytes a record."""
    return max(1, _BLOCK_BYTES // (max(size, 1) if layout.record_bytes > _SEEK_ABOVE else layout.record_bytes))


def blocks(file: BinaryIO, layout: Layout, at: int, size: int, first: int, count: int) -> Iterator[NDArray[Any]]:
    """Yield the bytes `at` … `at + size` of data records `first` … `first + count`, in blocks of shape (records, size).

    Raises FileError where the file ends too early.
    """
    import numpy as np

    step = block_records(layout, size)
    if layout.record_bytes > _SEEK_ABOVE:
        for start in range(first, first + count, step):
            rows = min(step, first + count - start)
            block = np.empty(rows * size, np.uint8)
            view = memoryview(block.data)
            for row in range(rows):
                file.seek(layout.header_bytes + (start + row) * layout.record_bytes + at)
                if _fill(file, view[row * size : (row + 1) * size]) < size:
                    raise changed(layout.path)
            yield block.reshape(rows, size)
        return
    for start in range(first, first + count, step):
        rows = min(step, first + count - start)
        whole = np.empty(rows * layout.record_bytes, np.uint8)
        file.seek(layout.header_bytes + start * layout.record_bytes)
        if _fill(file, memoryview(whole.data)) < whole.size:
            raise changed(layout.path)
        yield np.ascontiguousarray(whole.reshape(rows, -1)[:, at : at + size])


def _fill(file: BinaryIO, view: memoryview[int]) -> int:
    """Read until the buffer is full or the file ends; return the bytes read."""
    got = 0
    while got < len(view):
        more = file.readinto(view[got:])  # type: ignore[attr-defined]
        if not more:
            break
        got += int(more)
    return got


@dataclass(frozen=True, slots=True)
class EdfSamples:
    """The samples of an EDF or BDF file; `runs` are the data records of each segment (first, count)."""

    layout: Layout
    signals: tuple[SignalPlace, ...]
    runs: tuple[tuple[int, int], ...]

    def read(self, channel: int, segment: int) -> NDArray[Any]:
        """Return the samples of a channel (index) over a segment (index): float32, shape (n,), in the channel's unit.

        Scaled in float64 block by block.

        Raises
        ------
        RecordingError: the header gives the channel no scale. FileError: the file changed since it was opened.
        """
        import numpy as np

        place = self.signals[channel]
        if place.gain is None:
            raise RecordingError(
                codes.SAMPLES_UNSCALED,
                f"The limits of {place.name} in the header are equal or unreadable, so its samples have no size.",
                got=place.name,
                do="Export the recording again from the program that recorded it.",
            )
        first, count = self.runs[segment]
        per_record = place.size // self.layout.width
        values = np.empty(count * per_record, np.float32)
        done = 0
        try:
            with self.layout.path.open("rb", buffering=0) as file:
                for block in blocks(file, self.layout, place.at, place.size, first, count):
                    digital = _digital(block, self.layout.width)
                    exact = digital.astype(np.float64)
                    exact -= place.digital_min
                    exact *= place.gain
                    exact += place.physical_min
                    if place.factor != 1.0:
                        exact *= place.factor
                    values[done : done + len(exact)] = exact
                    done += len(exact)
        except OSError as error:
            raise FileError(codes.NOT_READABLE, "The file can't be read.", got=str(error)) from error
        return values


def _digital(block: NDArray[Any], width: int) -> NDArray[Any]:
    """Return little-endian signed samples of 2 or 3 bytes as integers of shape (n,)."""
    import numpy as np

    if width == 2:
        return block.reshape(-1).view("<i2")
    wide = np.zeros((block.size // 3, 4), np.uint8)
    wide[:, 1:] = block.reshape(-1, 3)
    shifted: NDArray[Any] = wide.view("<i4").reshape(-1) >> 8
    return shifted
