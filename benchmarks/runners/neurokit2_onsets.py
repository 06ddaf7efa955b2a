"""Onsets of EMG activity by neurokit2's own detectors, defaults only. Usage: … FILE… Prints JSON: file, method, onsets.

Each file's first channel: `emg_clean`, `emg_amplitude`, `emg_activation` (for biosppy and silva the cleaned signal, as
its documentation asks for). A method that fails gives null and its message.
"""

import json
import sys
import time
import warnings

METHODS = ("threshold", "mixture", "biosppy", "silva")


def main() -> None:
    import edfio
    import neurokit2 as nk
    import numpy as np

    warnings.simplefilter("ignore")
    told = []
    for path in sys.argv[1:]:
        signal = edfio.read_edf(path).signals[0]
        rate = int(signal.sampling_frequency)
        clean = nk.emg_clean(signal.data, sampling_rate=rate)
        amplitude = nk.emg_amplitude(clean)
        for method in METHODS:
            begin = time.process_time()
            row = {"file": path, "method": method, "onsets": None, "error": ""}
            try:
                _, info = nk.emg_activation(
                    emg_amplitude=amplitude, emg_cleaned=clean, sampling_rate=rate, method=method
                )
                row["onsets"] = (np.asarray(info["EMG_Onsets"]) / rate).tolist()
            except Exception as fault:  # a competitor's fault is a result, not ours
                row["error"] = f"{type(fault).__name__}: {fault}"
            row["cpu_s"] = time.process_time() - begin
            told.append(row)
    print(json.dumps(told))


if __name__ == "__main__":
    main()
