"""How long `legtwitch detect` takes on a long EMG of many channels, and how much memory, in a process of its own.

    python benchmarks/emg_speed.py                                         # 30 minutes, 64 channels, 2 kHz, all kinds
    python benchmarks/emg_speed.py --minutes 5 --kinds fasciculation
    python benchmarks/emg_speed.py --recording FILE                        # one written before (--keep FILE)
    python benchmarks/emg_speed.py --unnamed                               # the labels name no muscle

The recording is simulated (fasciculations as in ALS, the heart, mains, effort). Time and memory are those of the whole
command, start of Python and writing of the result included. The gates hold for the recording of the first line.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import legtwitch
from legtwitch.recording import EdfSignal, read, write_edf
from legtwitch.simulate import emg

SHARE, MEMORY_MB = 0.1, 1000.0
WITH = ("ecg", "mains", "voluntary")


def write(path: Path, seed: int, minutes: float, channels: int, rate_hz: int, named: bool) -> None:
    """Write the recording; in a process of its own, because a child's peak memory counts what its parent holds."""
    made = emg(seed, recipe="als_like", with_=WITH, minutes=minutes, channels=channels, rate_hz=rate_hz)
    signals = [
        EdfSignal(name if named else f"EMG {number + 1}", values, float(rate_hz), "uV", limit_uv=6000.0)
        for number, (name, values) in enumerate(made.signals.items())
    ]
    write_edf(path, signals, start=made.start)


def detect(path: Path, kinds: str, out: Path) -> tuple[float, float, float]:
    """Run the command on a file; return its wall time and CPU time in s and its peak memory in MB."""
    command = [sys.executable, "-m", "legtwitch", "detect", str(path), "--modality", "surface_emg", "-o", str(out)]
    command += ["--kind", kinds] if kinds else []
    paths = os.pathsep.join([str(Path(legtwitch.__file__).parents[1]), os.environ.get("PYTHONPATH", "")])
    begin = time.perf_counter()
    child = subprocess.Popen(command, stdout=subprocess.DEVNULL, env={**os.environ, "PYTHONPATH": paths})
    _, status, used = os.wait4(child.pid, 0)
    wall = time.perf_counter() - begin
    if status:
        raise SystemExit(f"{' '.join(command)} failed")
    return wall, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024


def gate(met: bool, text: str) -> str:
    """Return a text with whether it is met."""
    return f"{text}: {'met' if met else 'NOT MET'}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=30.0)
    parser.add_argument("--channels", type=int, default=64)
    parser.add_argument("--rate", type=int, default=2000)
    parser.add_argument("--kinds", default="", help="as for `legtwitch detect --kind`; all where left out")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--unnamed", action="store_true")
    parser.add_argument("--recording", type=Path)
    parser.add_argument("--keep", type=Path, help="where the recording is kept")
    told = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = told.recording or Path(folder) / "speed.edf"
        if told.recording is None:
            made = (path, told.seed, told.minutes, told.channels, told.rate, not told.unnamed)
            writer = multiprocessing.get_context("spawn").Process(target=write, args=made)
            writer.start()
            writer.join()
        if told.keep is not None:
            shutil.copyfile(path, told.keep)
        seen = read(path)
        wall, cpu, peak = detect(path, told.kinds, Path(folder) / "found.json")
        print(
            f"{seen.duration_s / 60:g} min, {len(seen.channels)} channels at {seen.channels[0].rate_hz:g} Hz, "
            f"{told.kinds or 'all kinds'}: wall {wall:.1f} s ({wall / seen.duration_s:.3f} of real time), "
            f"cpu {cpu:.1f} s, peak {peak:.0f} MB"
        )
        print(gate(wall < SHARE * seen.duration_s, f"less than {SHARE:g} of real time"))
        print(gate(peak < MEMORY_MB, f"less than {MEMORY_MB:g} MB"))


if __name__ == "__main__":
    main()
