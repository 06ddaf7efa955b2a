"""A process that writes is killed at random moments; all that it had confirmed is there, and the database is whole."""

from __future__ import annotations

import hashlib
import random
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from sqlalchemy import text

from legtwitch.store import Store
from legtwitch.store.database import open_database

CHILD = Path(__file__).with_name("crash_child.py")


def killed_once(folder: Path, delay_s: float) -> list[list[str]]:
    """Return what a writing process confirmed before it was killed, `delay_s` after its first confirmation."""
    with subprocess.Popen([sys.executable, str(CHILD), str(folder)], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        first = process.stdout.readline()
        timer = threading.Timer(delay_s, process.kill)
        timer.start()
        lines = [first, *process.stdout]
        timer.join()
    assert process.returncode == -signal.SIGKILL
    # The last line may be cut off; what it would have said is not confirmed then.
    return [line.split() for line in lines if line.endswith("\n")]


def lost(folder: Path, confirmed: list[list[str]]) -> list[list[str]]:
    """Return what was confirmed and is not there."""
    store = Store(folder)
    store.tidy()
    missing = []
    for line in confirmed:
        kind, id = line[0], line[1]
        if kind == "file":
            kept = store.recording(id)
            content = store.files.path(line[2])
            there = kept is not None and content.exists()
            there = there and hashlib.sha256(content.read_bytes()).hexdigest() == line[2]
        else:
            visit = store.visit(id)
            there = visit is not None
            if visit is not None and kind == "answer":
                there = any(step.question == line[2] for step in visit.steps)
            if visit is not None and kind == "medicine":
                last = max(int(one[2]) for one in confirmed if one[:2] == ["medicine", id])
                there = visit.medications is not None and int(str(visit.medications[0]).split()[1]) >= last
        if not there:
            missing.append(line)
    store.close()
    engine = open_database(folder)
    with engine.connect() as connection:
        assert connection.execute(text("PRAGMA integrity_check")).scalar() == "ok"
    engine.dispose()
    return missing


def kill_again_and_again(folder: Path, times: int, seed: int) -> int:
    chance = random.Random(seed)
    confirmed: list[list[str]] = []
    for _ in range(times):
        confirmed += killed_once(folder, chance.uniform(0.0, 0.4))
        assert lost(folder, confirmed) == []
    return len(confirmed)


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGKILL")
def test_killed_three_times(tmp_path: Path) -> None:
    assert kill_again_and_again(tmp_path, 3, seed=1) > 10


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="no SIGKILL")
def test_killed_sixty_times(tmp_path: Path) -> None:
    assert kill_again_and_again(tmp_path, 60, seed=2) > 500


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGKILL")
def test_the_check_sees_a_loss(tmp_path: Path) -> None:
    confirmed = killed_once(tmp_path, 0.1)
    assert lost(tmp_path, [*confirmed, ["answer", confirmed[0][1], "never answered"]]) != []
