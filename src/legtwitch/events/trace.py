"""The envelope and the resting level of a whole channel, kept small, of which a report shows snippets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from legtwitch.model import Movement, Trace
from legtwitch.signal import Level


@dataclass(frozen=True, slots=True)
class TracePiece:
    """Envelope and resting level (uV) of one segment; point i lies at start_s + i / rate_hz.

    rest: along the detector's own points, of which every `every`-th is one here.
    """

    start_s: float
    rate_hz: float
    envelope_uv: NDArray[np.float32]
    rest: Level
    every: int

    @property
    def baseline_uv(self) -> NDArray[np.float32]:
        """Return the resting level beside the envelope, computed anew each time."""
        return self.rest[:: self.every]


@dataclass(frozen=True, slots=True)
class EnvelopeTrace:
    """What the detector saw of a channel, at about 20 points a second, one piece a segment."""

    channel: str
    pieces: tuple[TracePiece, ...]

    def around(self, movement: str, onset_s: float, duration_s: float, margin_s: float = 3.0) -> Trace:
        """Return the snippet from margin_s before a movement to margin_s after it; empty outside the recording.

        movement: its id. A snippet never reaches across a gap.
        """
        for piece in self.pieces:
            last_s = piece.start_s + piece.envelope_uv.size / piece.rate_hz
            if piece.start_s <= onset_s < last_s:
                first = max(0, int(np.floor((onset_s - margin_s - piece.start_s) * piece.rate_hz)))
                stop = int(np.ceil((onset_s + duration_s + margin_s - piece.start_s) * piece.rate_hz)) + 1
                points = range(first, min(stop, piece.envelope_uv.size))
                chosen = slice(points.start, points.stop)
                return Trace(
                    movement,
                    self.channel,
                    tuple(piece.start_s + point / piece.rate_hz for point in points),
                    tuple(piece.envelope_uv[chosen].tolist()),
                    tuple(piece.rest[np.arange(points.start, points.stop) * piece.every].tolist()),
                )
        return Trace(movement, self.channel, (), (), ())


def snippets(
    movements: Sequence[Movement], traces: Mapping[str, EnvelopeTrace], *, margin_s: float = 3.0
) -> tuple[Trace, ...]:
    """Return a snippet for each of these movements whose channel has a trace, in the order given."""
    return tuple(
        traces[one.channel].around(one.id, one.onset_s, one.duration_s, margin_s)
        for one in movements
        if one.channel is not None and one.channel in traces
    )
