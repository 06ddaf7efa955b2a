"""What pyEDFlib makes of a file, as JSON. Usage: … FILE (in its own environment)."""

import sys

import pyedflib
from told import tell


def main(path: str) -> dict:
    with pyedflib.EdfReader(path) as edf:
        signals = {}
        for number, name in enumerate(edf.getSignalLabels()):
            data = edf.readSignal(number)
            signals.setdefault(name, (data, edf.getSampleFrequency(number), edf.getPhysicalDimension(number)))
        return {
            "values": {name: data.tolist() for name, (data, _, _) in signals.items()},
            "rates": {name: float(rate) for name, (_, rate, _) in signals.items()},
            "units": {name: unit for name, (_, _, unit) in signals.items()},
            "duration_s": float(edf.getFileDuration()),
            "start": edf.getStartdatetime().isoformat(),
            "onsets": [float(one) for one in edf.readAnnotations()[0]],
        }


tell(main, sys.argv[1])
