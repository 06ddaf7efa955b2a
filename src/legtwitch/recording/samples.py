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


def blocks(file: BinaryIO, layout: Layout, at: int, size: int, first: int, count: int) -> Iterator[NDArray[Any]]:
    """Yield the bytes `at` … `at + size` of data records `first` … `first + count`, in blocks of shape (records, size).

    A block is good until the next is asked for: all lie in the same memory. Raises FileError where the file ends early.
    """
    import numpy as np

    apart = layout.record_bytes > _SEEK_ABOVE
    width = size if apart else layout.record_bytes
    step = max(1, min(_BLOCK_BYTES // max(width, 1), count))
    memory = np.empty(step * width, np.uint8)
    view = memoryview(memory.data)
    for start in range(first, first + count, step):
        rows = min(step, first + count - start)
        place = layout.header_bytes + start * layout.record_bytes
        reads = [(place, 0, rows * width)]
        if apart:
            reads = [(place + row * layout.record_bytes + at, row * size, size) for row in range(rows)]
        for seek, into, many in reads:
            file.seek(seek)
            if _fill(file, view[into : into + many]) < many:
                raise changed(layout.path)
        block = memory[: rows * width].reshape(rows, width)
        yield block if apart else block[:, at : at + size]


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

    def size(self, channel: int, segment: int) -> int:
        """Return how many samples a channel (index) has over a segment (index)."""
        return self.runs[segment][1] * (self.signals[channel].size // self.layout.width)

    def read(self, channel: int, segment: int) -> NDArray[Any]:
        """Return the samples of a channel (index) over a segment (index): float32, shape (n,), in the channel's unit.

        Scaled in float64 block by block.

        Raises
        ------
        RecordingError: the header gives the channel no scale. FileError: the file changed since it was opened.
        """
        import numpy as np

        values = np.empty(self.size(channel, segment), np.float32)
        done = 0
        for piece in self.pieces(channel, segment):
            values[done : done + piece.size] = piece
            done += piece.size
        return values

    def pieces(self, channel: int, segment: int) -> Iterator[NDArray[Any]]:
        """Yield what `read` returns, piece by piece. Raises as it does."""
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
        exact, piece = np.empty(0), np.empty(0, np.float32)
        try:
            with self.layout.path.open("rb", buffering=0) as file:
                for block in blocks(file, self.layout, place.at, place.size, first, count):
                    digital = _digital(block, self.layout.width)
                    if digital.size > exact.size:
                        exact, piece = np.empty(digital.size), np.empty(digital.size, np.float32)
                    scaled = exact[: digital.size]
                    np.subtract(digital, float(place.digital_min), out=scaled.reshape(digital.shape))
                    scaled *= place.gain
                    scaled += place.physical_min
                    if place.factor != 1.0:
                        scaled *= place.factor
                    piece[: digital.size] = scaled
                    yield piece[: digital.size]
        except OSError as error:
            raise FileError(codes.NOT_READABLE, "The file can't be read.", got=str(error)) from error


def _digital(block: NDArray[Any], width: int) -> NDArray[Any]:
    """Return little-endian signed samples of 2 or 3 bytes as integers, rows (records, n)."""
    import numpy as np

    if width == 2:
        return block.view("<i2")
    wide = np.zeros((len(block), block.shape[1] // 3, 4), np.uint8)
    wide[:, :, 1:] = block.reshape(len(block), -1, 3)
    shifted: NDArray[Any] = wide.reshape(len(block), -1).view("<i4") >> 8
    return shifted
