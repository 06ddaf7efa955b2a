"""Movements of each leg of an EDF file by psgscoring, in two readings, as JSON. Usage: … FILE (in its own environment).

Each leg is scored by itself and every epoch is told as sleep, so that nothing but the detector decides.
"""

import json
import sys


def main() -> None:
    import edfio
    from psgscoring.plm import analyze_plm

    edf = edfio.read_edf(sys.argv[1])
    stages = ["N2"] * (int(edf.duration // 30) + 2)
    found = {}
    for name, closer in (("psgscoring", False), ("psgscoring, offset_aasm", True)):
        found[name] = {}
        for side, label in (("left", "LAT"), ("right", "RAT")):
            leg = edf.get_signal(label)
            told = analyze_plm(
                leg.data,
                None,
                leg.sampling_frequency,
                stages,
                leg_unit="uV",
                offset_aasm=closer,
                event_list_cap=None,
            )
            found[name][side] = [(one["onset_s"], one["onset_s"] + one["duration_s"]) for one in told["events"]]
    print(json.dumps(found))


if __name__ == "__main__":
    main()
