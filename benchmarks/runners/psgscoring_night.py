"""analyze_plm of psgscoring, fed by edfio, with the stages of the file. Usage: … FILE (in its own environment).

`offset_aasm=True` is its closer reading of the rule; its default needs 0.5 s without a break above 8 uV.
"""

import gc
import json
import resource
import sys
import time


def main() -> None:
    import edfio
    from psgscoring.plm import analyze_plm

    gc.freeze()  # of every program alike: what was imported is not walked through again
    ready = time.process_time(), time.perf_counter()
    edf = edfio.read_edf(sys.argv[1])
    left, right = edf.get_signal("LAT"), edf.get_signal("RAT")
    stages = [one.text.removeprefix("Sleep stage ") for one in edf.annotations if one.text.startswith("Sleep stage ")]
    found = analyze_plm(left.data, right.data, left.sampling_frequency, stages, leg_unit="uV", offset_aasm=True)
    end = time.process_time(), time.perf_counter()
    print(
        json.dumps(
            {
                "wall_s": end[1] - ready[1],
                "cpu_s": end[0] - ready[0],
                "cold_cpu_s": end[0],
                "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
                "result": {"success": found["success"], "stages": len(stages), "summary": str(found["summary"])[:200]},
            }
        )
    )


if __name__ == "__main__":
    main()
