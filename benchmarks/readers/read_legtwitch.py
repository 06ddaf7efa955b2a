"""What legtwitch makes of a file, as JSON. Usage: … FILE"""

import sys

from told import tell

import legtwitch
from legtwitch.errors import RecordingError


def main(path: str) -> dict:
    recording = legtwitch.read(path)
    values = {}
    for one in recording.channels:
        try:
            pieces = recording.pieces(one.name)
        except RecordingError:
            continue
        values[one.name] = [float(value) for piece in pieces for value in piece.values]
    return {
        "values": values,
        "rates": {one.name: one.rate_hz for one in recording.channels},
        "units": {one.name: one.unit or "" for one in recording.channels},
        "duration_s": recording.duration_s,
        "start": None if recording.start is None else recording.start.isoformat(),
        "onsets": [one.onset_s for one in recording.events if one.event != "recording_gap"],
        "said": [f"{one.code} {one.message}" for one in recording.problems],
    }


tell(main, sys.argv[1])
