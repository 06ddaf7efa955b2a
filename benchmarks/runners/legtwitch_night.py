"""File to both rule sets with legtwitch; prints wall time, CPU time and peak memory as JSON. Usage: … FILE."""

import gc
import json
import resource
import sys
import time


def main() -> None:
    import legtwitch
    import legtwitch.api.recordings
    import legtwitch.events
    import legtwitch.recording
    import legtwitch.report.shown
    import legtwitch.scoring

    gc.freeze()  # of every program alike: what was imported is not walked through again
    ready = time.process_time(), time.perf_counter()
    score = legtwitch.score(sys.argv[1])
    end = time.process_time(), time.perf_counter()
    print(
        json.dumps(
            {
                "wall_s": end[1] - ready[1],
                "cpu_s": end[0] - ready[0],
                "cold_cpu_s": end[0],
                "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
                "result": {name: rule.values["plms_index"] for name, rule in score.rules.items()},
            }
        )
    )


if __name__ == "__main__":
    main()
