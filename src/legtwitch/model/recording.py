"""Recordings: channels, segments of true time, events, and what is wrong with them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

from legtwitch.model.words import Role, Side

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with a recording or a score, as it is told to the user.

    code: `Q` and three digits, listed in docs/errors.md. effect: what it means for scoring.
    repaired: mended in memory (the file itself is never changed).
    """

    code: str
    message: str
    effect: str = ""
    channel: str | None = None
    from_s: float | None = None
    to_s: float | None = None
    repaired: bool = False


@dataclass(frozen=True, slots=True)
class Channel:
    """One signal of a recording.

    unit: `uV` where the file's unit is a voltage (`file_unit` V, mV or uV), `m/s2` and `deg/s` of motion, else the
        words of the file, or None.
    certainty: how sure the role is, 0 to 1; `why` says on what it rests.
    rate_hz: exact quotient of samples and seconds of a data record.
    resolution_uv: size of one digital step, None where the unit isn't a voltage.
    samples: number of samples in the file.
    """

    name: str
    role: Role
    certainty: float
    why: str
    unit: str | None
    file_unit: str
    rate_hz: float
    resolution_uv: float | None
    samples: int


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch without a gap, in true time."""

    start_s: float
    duration_s: float


@dataclass(frozen=True, slots=True)
class Piece:
    """The samples of one channel over one segment: sample i lies at start_s + i / rate_hz.

    values: shape (n,), float32, in the channel's `unit`; NaN where the file has no value (WFDB, tables).
    """

    start_s: float
    rate_hz: float
    values: NDArray[Any]


class SampleSource(Protocol):
    """Reads samples on demand, so that opening a night costs no memory."""

    def read(self, channel: int, segment: int) -> NDArray[Any]:
        """Return the samples of a channel (index) over a segment (index), float32, in the channel's unit."""
        ...


@runtime_checkable
class PieceSource(SampleSource, Protocol):
    """A source that can also give samples piece by piece, so that a night is never held whole."""

    def size(self, channel: int, segment: int) -> int:
        """Return how many samples a channel (index) has over a segment (index)."""
        ...

    def pieces(self, channel: int, segment: int) -> Iterator[NDArray[Any]]:
        """Yield what `read` returns, in pieces of any length, each good only until the next is asked for."""
        ...


@dataclass(frozen=True, slots=True)
class Event:
    """One mark: a row of the event table. `attributes` are further columns under their vocabulary names."""

    onset_s: float
    duration_s: float
    event: str
    side: Side = "n/a"
    channel: str | None = None
    attributes: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Recording:
    """A signal file or a file of marks, opened and checked.

    format: `EDF`, `EDF+C`, `EDF+D`, `BDF`, `BDF+C`, `BDF+D`, `WFDB`, `CSV`, `JSON`; of marks `TSV`, `BIDS`,
        `Noxturnal`, `DOMINO`, `RemLogic`, `Profusion XML`, `NSRR XML`, `hypnogram`; of a simulated one `simulated`.
    start: local time without a zone, or None. duration_s: from the start to the end of the last record or mark.
    events: every annotation understood, in order of onset, under vocabulary names.
    channels: empty for a file of marks.
    """

    file: str
    format: str
    start: datetime | None
    duration_s: float
    channels: tuple[Channel, ...]
    segments: tuple[Segment, ...]
    events: tuple[Event, ...]
    problems: tuple[Problem, ...]
    source: SampleSource | None = None

    def pieces(self, channel: str) -> tuple[Piece, ...]:
        """Return the samples of a channel, one piece a segment. Raises KeyError for a channel that isn't there."""
        names = [one.name for one in self.channels]
        if channel not in names or self.source is None:
            raise KeyError(channel)
        index = names.index(channel)
        rate = self.channels[index].rate_hz
        return tuple(
            Piece(segment.start_s, rate, self.source.read(index, number))
            for number, segment in enumerate(self.segments)
        )
