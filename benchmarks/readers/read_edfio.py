"""What edfio makes of a file, as JSON. Usage: … FILE (in its own environment)."""

import sys
from datetime import datetime

import edfio
from told import tell


def main(path: str) -> dict:
    edf = edfio.read_bdf(path) if path.endswith(".bdf") else edfio.read_edf(path)
    signals = {}
    for one in edf.signals:
        signals.setdefault(one.label, (one.data, one.sampling_frequency, one.physical_dimension))
    try:
        start = datetime.combine(edf.startdate, edf.starttime).isoformat()
    except edfio.AnonymizedDateError:
        start = None
    return {
        "values": {name: data.tolist() for name, (data, _, _) in signals.items()},
        "rates": {name: rate for name, (_, rate, _) in signals.items()},
        "units": {name: unit for name, (_, _, unit) in signals.items()},
        "duration_s": float(edf.duration),
        "start": start,
        "onsets": [one.onset for one in edf.annotations],
    }


tell(main, sys.argv[1])
