"""A web app on a data folder of its own, for the benchmarks beside this file; only this computer is asked."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Served:
    """A running `legtwitch serve`. address: with its key. root: without. pid: of its process."""

    address: str
    root: str
    pid: int
    folder: Path


@contextmanager
def served() -> Iterator[Served]:
    """Run `legtwitch serve` on a free port and a new data folder."""
    with tempfile.TemporaryDirectory() as folder:
        process = subprocess.Popen(
            [sys.executable, "-m", "legtwitch", "serve", "--no-browser", "--port", "0"],
            env={**os.environ, "LEGTWITCH_DATA": folder},
            stdout=subprocess.PIPE,
            text=True,
        )
        assert process.stdout is not None
        process.stdout.readline()
        address = process.stdout.readline().strip()
        try:
            yield Served(address, address.split("/?")[0], process.pid, Path(folder))
        finally:
            process.terminate()
            process.communicate(timeout=30)


def secret(page: str) -> str:
    """Return the secret word of a form."""
    found = re.search(r'name="csrf" value="(\w+)"', page)
    assert found is not None, page[:300]
    return found[1]
