"""What mne makes of a file, as JSON. Usage: … FILE (in its own environment)."""

import sys

import mne
from told import tell


def main(path: str) -> dict:
    reader = mne.io.read_raw_bdf if path.endswith(".bdf") else mne.io.read_raw_edf
    raw = reader(path, preload=True, verbose="warning")
    start = raw.info["meas_date"]
    return {
        "values": {name: raw.get_data([name])[0].tolist() for name in raw.ch_names},
        "rates": dict.fromkeys(raw.ch_names, raw.info["sfreq"]),
        "units": dict.fromkeys(raw.ch_names, "V"),  # its data are in SI units
        "duration_s": raw.n_times / raw.info["sfreq"],
        "start": None if start is None else start.replace(tzinfo=None).isoformat(),
        "onsets": [float(one) for one in raw.annotations.onset],
    }


tell(main, sys.argv[1])
