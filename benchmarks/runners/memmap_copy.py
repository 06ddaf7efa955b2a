"""Copy the samples of the first two channels of an EDF file from a memmap: what disk and memory cost. Usage: … FILE."""

import json
import resource
import sys
import time

import numpy as np


def main() -> None:
    ready = time.process_time(), time.perf_counter()
    with open(sys.argv[1], "rb") as file:
        head = file.read(256)
        number = int(head[252:256])
        labels = file.read(256 * number)
    first = int(head[184:192])
    lengths = [int(labels[216 * number + 8 * i : 216 * number + 8 * i + 8]) for i in range(number)]
    records = np.memmap(sys.argv[1], dtype="<i2", mode="r", offset=first).reshape(-1, sum(lengths))
    copies = [np.array(records[:, sum(lengths[:i]) : sum(lengths[: i + 1])]) for i in range(2)]
    end = time.process_time(), time.perf_counter()
    print(
        json.dumps(
            {
                "wall_s": end[1] - ready[1],
                "cpu_s": end[0] - ready[0],
                "cold_cpu_s": end[0],
                "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
                "result": [int(copy.size) for copy in copies],
            }
        )
    )


if __name__ == "__main__":
    main()
