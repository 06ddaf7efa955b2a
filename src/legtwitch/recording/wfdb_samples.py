"""Samples of WFDB signal files on demand, by bounded block reads.

Source: the signal(5) page of the WFDB Applications Guide (PhysioNet). Own implementation.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from legtwitch.errors import FileError
from legtwitch.recording import codes
from legtwitch.recording.samples import changed
from legtwitch.recording.uniform import as_float32

if TYPE_CHECKING:
    from numpy.typing import NDArray

_BLOCK_SAMPLES = 1 << 19


@dataclass(frozen=True, slots=True)
class Storage:
    """How samples of a format lie in bytes. pair: bytes of two samples. invalid: the value that means none."""

    pair: int
    least: int
    most: int
    invalid: int | None


STORAGE = {
    8: Storage(2, -(1 << 31), (1 << 31) - 1, None),
    16: Storage(4, -32768, 32767, -32768),
    24: Storage(6, -(1 << 23), (1 << 23) - 1, -(1 << 23)),
    32: Storage(8, -(1 << 31), (1 << 31) - 1, -(1 << 31)),
    61: Storage(4, -32768, 32767, -32768),
    80: Storage(2, -128, 127, -128),
    160: Storage(4, -32768, 32767, -32768),
    212: Storage(3, -2048, 2047, -2048),
}


def frames_in(size: int, kind: int, frame_samples: int) -> int:
    """Return the number of whole frames in `size` bytes of a format."""
    samples = size // 3 * 2 + (size % 3 == 2) if kind == 212 else size // (STORAGE[kind].pair // 2)
    return samples // frame_samples


@dataclass(frozen=True, slots=True)
class WfdbFile:
    """One signal file: frames of `frame_samples` samples from byte `offset` on."""

    path: Path
    format: int
    offset: int
    frame_samples: int


@dataclass(frozen=True, slots=True)
class WfdbPlace:
    """A signal in its file: samples `at` … `at + per_frame` of each frame, from frame `skew` on.

    value = (sample - baseline) * step, times `factor` to the channel's unit; `first` starts the sum of format 8.
    """

    file: WfdbFile
    at: int
    per_frame: int
    skew: int
    baseline: int
    gain: float
    factor: float
    first: int


def frames_of(file: WfdbFile, first: int, count: int, wanted: slice = slice(None)) -> Iterator[NDArray[Any]]:
    """Yield frames `first` … `first + count` as int32 of shape (frames, samples wanted), in bounded blocks.

    wanted: samples of a frame. Format 8 gives differences. `first` must be even for format 212.

    Raises FileError where the file ends too early.
    """
    step = max(2, _BLOCK_SAMPLES // file.frame_samples // 2 * 2)
    try:
        with file.path.open("rb", buffering=0) as opened:
            for start in range(first, first + count, step):
                samples = min(step, first + count - start) * file.frame_samples
                opened.seek(file.offset + start * file.frame_samples * STORAGE[file.format].pair // 2)
                size = (samples * STORAGE[file.format].pair + 1) // 2
                raw = opened.read(size)
                while len(raw) < size and (more := opened.read(size - len(raw))):
                    raw += more
                if len(raw) < size:
                    raise changed(file.path)
                yield _decoded(raw, file, samples, wanted)
    except OSError as error:
        raise FileError(codes.NOT_READABLE, "The signal file can't be read.", got=str(error)) from error


_PLAIN = {8: "i1", 16: "<i2", 32: "<i4", 61: ">i2", 80: "u1", 160: "<u2"}
_MIDDLE = {80: 128, 160: 32768}


def _decoded(raw: bytes, file: WfdbFile, samples: int, wanted: slice) -> NDArray[Any]:
    """Return the samples wanted of frames as int32; raw holds `samples` samples, and nothing else."""
    import numpy as np

    kind, wide = file.format, file.frame_samples
    if kind == 212:
        return _pairs(raw)[:samples].reshape(-1, wide)[:, wanted]
    if kind == 24:
        own = np.frombuffer(raw, np.uint8).reshape(-1, wide, 3)[:, wanted]
        four = np.zeros((*own.shape[:2], 4), np.uint8)
        four[:, :, 1:] = own
        shifted: NDArray[Any] = four.view("<i4")[:, :, 0] >> 8
        return shifted
    plain = np.frombuffer(raw, _PLAIN[kind]).reshape(-1, wide)[:, wanted].astype(np.int32)
    return plain - _MIDDLE.get(kind, 0)


def _pairs(raw: bytes) -> NDArray[Any]:
    """Return the samples of format 212, two in three bytes, as int32."""
    import numpy as np

    data = np.frombuffer(raw + b"\0" * (-len(raw) % 3), np.uint8).reshape(-1, 3).astype(np.int32)
    pairs = np.empty((len(data), 2), np.int32)
    pairs[:, 0] = data[:, 0] | ((data[:, 1] & 0x0F) << 8)
    pairs[:, 1] = data[:, 2] | ((data[:, 1] & 0xF0) << 4)
    both = pairs.reshape(-1)
    both[both > 2047] -= 4096
    return both


@dataclass(frozen=True, slots=True)
class WfdbSamples:
    """The samples of a WFDB record of one segment of `frames` frames."""

    signals: tuple[WfdbPlace, ...]
    frames: int

    def digital(self, channel: int) -> Iterator[NDArray[Any]]:
        """Yield the samples of a channel (index) as int64 in bounded blocks, invalid ones included."""
        import numpy as np

        place = self.signals[channel]
        start = place.skew // 2 * 2
        drop = (place.skew - start) * place.per_frame
        if place.file.format == 8:
            start, drop = 0, place.skew * place.per_frame
        level = place.first
        wanted = slice(place.at, place.at + place.per_frame)
        for block in frames_of(place.file, start, self.frames + place.skew - start, wanted):
            own = block.reshape(-1).astype(np.int64)
            if place.file.format == 8:
                own = np.cumsum(own) + level
                level = int(own[-1])
            yield own[min(drop, len(own)) :]
            drop -= min(drop, len(own))

    def read(self, channel: int, segment: int) -> NDArray[Any]:
        """Return the samples of a channel (index): float32, shape (n,), in the channel's unit; NaN where invalid.

        Raises FileError where the file changed since it was opened. IndexError: there is but one segment, 0.
        """
        import numpy as np

        if segment != 0:
            raise IndexError(segment)
        place = self.signals[channel]
        invalid = STORAGE[place.file.format].invalid
        values = np.empty(self.frames * place.per_frame, np.float32)
        done = 0
        for block in self.digital(channel):
            exact = (block.astype(np.float64) - place.baseline) / place.gain
            exact *= place.factor
            if invalid is not None:
                exact[block == invalid] = np.nan
            values[done : done + len(exact)] = as_float32(exact)
            done += len(exact)
        return values
