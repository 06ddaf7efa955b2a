"""A large night from upload to result, against a plain copy of the file plus scoring it on the command line.

The night has 20 channels, two of them legs. Printed: seconds of each step and the ratio; the aim is under 3.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import httpx2
from web_server import Served, secret, served

from legtwitch.recording import EdfSignal, write_edf
from legtwitch.simulate import night

CHANNELS = 20


def write_night(path: Path, megabytes: int) -> None:
    """Write a simulated night with noise in 18 more channels, of about so many MB."""
    hours = round(megabytes * 1e6 / (CHANNELS * 2 * 256 * 60)) / 60
    made = night(7, hours=hours, rate_hz=256)
    legs = [made.signals[name] for name in ("LAT", "RAT")]
    names = ["LAT", "RAT", *(f"EEG {number}" for number in range(1, CHANNELS - 1))]
    signals = [EdfSignal(name, legs[number % 2], 256.0) for number, name in enumerate(names)]
    write_edf(path, signals, start=made.start, events=made.events)


def copied_and_scored(path: Path) -> tuple[float, float]:
    """Return the seconds of a plain copy (on disk when it ends), and of `legtwitch score` on it."""
    copy = path.with_suffix(".copy.edf")
    began = time.perf_counter()
    shutil.copyfile(path, copy)
    with copy.open("rb") as file:
        os.fsync(file.fileno())
    copy_s = time.perf_counter() - began
    began = time.perf_counter()
    command = [sys.executable, "-m", "legtwitch", "score", str(copy), "--json"]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    copy.unlink()
    return copy_s, time.perf_counter() - began


def uploaded(server: Served, path: Path) -> dict[str, float]:
    """Return the seconds of the upload, of looking through it, and of the result page."""
    took = {}
    with httpx2.Client(base_url=server.root, follow_redirects=True, timeout=300) as client:
        page = client.get(server.address).text
        word = secret(page)
        visit = re.search(r"/visit/(\w+)/", str(client.post("/cases", data={"csrf": word}).url))
        assert visit is not None
        began = time.perf_counter()
        with path.open("rb") as file:
            answer = client.post(
                f"/visit/{visit[1]}/recordings/upload", data={"csrf": word}, files={"file": ("night.edf", file)}
            )
        assert answer.status_code == 200, answer.text[:300]
        took["upload"] = time.perf_counter() - began
        here = answer.url.path
        began = time.perf_counter()
        client.post(here, data={"csrf": word})
        while client.get(f"{here}/state").json()["busy"]:
            time.sleep(0.05)
        took["look through"] = time.perf_counter() - began
        began = time.perf_counter()
        result = client.get(f"/visit/{visit[1]}/result")
        took["result"] = time.perf_counter() - began
        assert "The night." in result.text, client.get(here).text[:500]
    return took


def main() -> None:
    """Run and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--megabytes", type=int, default=300)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "night.edf"
        write_night(path, given.megabytes)
        copy_s, score_s = copied_and_scored(path)
        with served() as server:
            took = uploaded(server, path)
        whole = sum(took.values())
        print(f"{path.stat().st_size / 1e6:.0f} MB: copy {copy_s:.2f} s, score {score_s:.2f} s")
        print(", ".join(f"{name} {seconds:.2f} s" for name, seconds in took.items()))
        print(
            f"upload to result {whole:.2f} s: {whole / (copy_s + score_s):.2f} times copy plus scoring (aim: under 3)"
        )


if __name__ == "__main__":
    main()
