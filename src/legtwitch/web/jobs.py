"""Work on recordings: one after another, each in a process of its own that can be stopped, with limits."""

from __future__ import annotations

import json
import logging
import os
import queue
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from legtwitch.errors import RecordingError
from legtwitch.store import Kept, Store
from legtwitch.store.content import recordings_block
from legtwitch.store.folder import ready
from legtwitch.store.packed import unpack
from legtwitch.web import codes
from legtwitch.web.settings import Settings

_LOG = logging.getLogger("legtwitch")
_STARTING = "Waiting for its turn"


class Stopped(Exception):
    """The user stopped the work."""


@dataclass(slots=True)
class _Running:
    """A process at work. cancelled: the user stopped it."""

    process: subprocess.Popen[str]
    said: str = "Opening the file"
    cancelled: bool = False


class Jobs:
    """The queue of one app. Call `start` once and `stop` at the end."""

    def __init__(self, store: Store, settings: Settings) -> None:
        self._store = store
        self._settings = settings
        self._folder = ready(store.folder / "work")
        self._waiting: queue.Queue[str | None] = queue.Queue()
        self._running: dict[str, _Running] = {}
        self._lock = threading.Lock()
        self._quick = threading.BoundedSemaphore(2)
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin to work, first on what waited when the app was closed."""
        for left in self._folder.iterdir():
            shutil.rmtree(left, ignore_errors=True)
        for kept in self._store.in_state("waiting"):
            self._waiting.put(kept.id)
        self._thread = threading.Thread(target=self._work, name="recordings", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Stop the work under way; it waits for the next start."""
        self._waiting.put(None)
        with self._lock:
            for one in self._running.values():
                one.process.kill()
        if self._thread is not None:
            self._thread.join(10)

    # ---- recordings of a case ----------------------------------------------------------------------------------------

    def add(self, recording: str) -> None:
        """Put a recording at the end of the queue."""
        self._store.set_recording(recording, state="waiting", said="", result=None)
        self._waiting.put(recording)

    def cancel(self, recording: str) -> None:
        """Stop the work on a recording, be it under way or waiting."""
        self._store.set_recording(recording, state="cancelled", said="You stopped this.")
        with self._lock:
            running = self._running.get(recording)
            if running is not None:
                running.cancelled = True
                running.process.kill()

    def progress(self, recording: str) -> str:
        """Return in words how far the work on a recording is."""
        with self._lock:
            running = self._running.get(recording)
        return running.said if running is not None else _STARTING

    def _work(self) -> None:
        while (recording := self._waiting.get()) is not None:
            kept = self._store.recording(recording)
            if kept is None or kept.state != "waiting":
                continue
            try:
                self._score(kept)
            except Exception as error:
                _LOG.error("work on a recording failed: %s", type(error).__name__)
                said = "Something went wrong inside legtwitch while it read this recording."
                self._store.set_recording(recording, state="failed", said=said)

    def _score(self, kept: Kept) -> None:
        self._store.set_recording(kept.id, state="working")
        visit = self._store.visit(kept.visit)
        if visit is None:
            return
        try:
            if kept.check is None or kept.options.keys() & {"unit", "rate"}:
                self.understand(kept)
        except RecordingError as error:
            self._store.set_recording(kept.id, state="failed", said=f"{error.message} {error.do}".strip()[:2000])
            return
        others = self._store.recordings(kept.visit)
        entry = next((one for one in recordings_block([kept, *_laid(kept, others)]) if one["file"] == kept.name), None)
        task = {"do": "assess", "entry": entry or {"file": kept.name}}
        task |= {"date": visit.date.isoformat(), "person": visit.base.get("person", {})}
        files = {one.name: self._store.files.path(one.sha256) for one in (kept, *_laid(kept, others))}
        try:
            packed = self._run(task, files, kept.id)
        except Stopped:
            return
        except RecordingError as error:
            self._store.set_recording(kept.id, state="failed", said=f"{error.message} {error.do}".strip())
            return
        report, _ = unpack(packed)
        why = report.could_not_score
        state, said = ("failed", f"It could not be scored. {_plain(why)}") if why else ("done", "")
        self._store.set_recording(kept.id, state=state, said=said[:2000], result=packed)

    def understand(self, kept: Kept) -> None:
        """Look into a file and keep what was understood. Raises RecordingError with the reason if it can't be read."""
        self._store.set_recording(kept.id, check=dict(self.check(kept)))

    # ---- processes ---------------------------------------------------------------------------------------------------

    def check(self, kept: Kept) -> Mapping[str, Any]:
        """Return what is in a file, as `legtwitch check --json`. Raises RecordingError with the reason."""
        with self._quick:
            told = {key: kept.options[key] for key in ("unit", "rate") if key in kept.options}
            files = {kept.name: self._store.files.path(kept.sha256)}
            content = self._run({"do": "check", "file": kept.name, **told}, files, None)
        found: Mapping[str, Any] = json.loads(content)
        return found

    def score_file(self, name: str, path: Path, rules: list[str]) -> Mapping[str, Any]:
        """Return the score of a file, as `legtwitch score --json`. Raises RecordingError with the reason."""
        with self._quick:
            content = self._run({"do": "score", "file": name, "rules": rules}, {name: path}, None)
        found: Mapping[str, Any] = json.loads(content)
        return found

    def _run(self, task: Mapping[str, Any], files: Mapping[str, Path], recording: str | None) -> bytes:
        folder = Path(tempfile.mkdtemp(dir=self._folder))
        try:
            for name, path in files.items():
                _link(path, folder / name)
            limits = {"seconds": self._settings.most_seconds, "memory": self._settings.most_memory}
            (folder / "task.json").write_text(json.dumps({**task, **limits}), encoding="utf-8")
            return self._watch(folder, recording)
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def _watch(self, folder: Path, recording: str | None) -> bytes:
        environment = {**os.environ, "PYTHONUNBUFFERED": "1", "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
        process = subprocess.Popen(
            [sys.executable, "-m", "legtwitch.web.worker", str(folder)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            cwd=folder,
            env=environment,
        )
        running = _Running(process)
        if recording is not None:
            with self._lock:
                self._running[recording] = running
            now = self._store.recording(recording)
            if now is None or now.state == "cancelled":  # stopped between the queue and here
                running.cancelled = True
                process.kill()
        try:
            late = _kill_after(process, self._settings.most_seconds)
            for line in process.stdout or ():
                running.said = _in_words(line)
            process.wait()
            late.cancel()
        finally:
            with self._lock:
                self._running.pop(recording or "", None)
            if process.stdout is not None:
                process.stdout.close()
        return self._outcome(folder, running, late)

    def _outcome(self, folder: Path, running: _Running, late: _Late) -> bytes:
        if running.cancelled:
            raise Stopped
        if (folder / "out").exists():
            return (folder / "out").read_bytes()
        if (folder / "refused").exists():
            told = json.loads((folder / "refused").read_text(encoding="utf-8"))["error"]
            raise RecordingError(told["code"], told["message"], got=told["got"], allowed=told["allowed"], do=told["do"])
        if late.fired:
            raise RecordingError(
                codes.TOOK_TOO_LONG,
                "This recording took longer than is allowed and was stopped.",
                do="Export the leg channels of one night alone.",
            )
        raise RecordingError(
            codes.TOO_MUCH_MEMORY,
            "This file broke off the program that reads it; it may be damaged, or need more memory than is allowed.",
            do="Export it again, or only its leg channels.",
        )


class _Late(threading.Timer):
    """Kills a process that takes too long. fired: it did."""

    fired = False


def _kill_after(process: subprocess.Popen[str], seconds: float) -> _Late:
    def kill() -> None:
        late.fired = True
        process.kill()

    late = _Late(seconds, kill)
    late.daemon = True
    late.start()
    return late


def _laid(kept: Kept, others: tuple[Kept, ...]) -> tuple[Kept, ...]:
    return tuple(one for one in others if one.id in kept.options.get("events", ()))


def _link(path: Path, to: Path) -> None:
    try:
        os.link(path, to)
    except OSError:  # another disk, or one without links
        shutil.copyfile(path, to)


def _in_words(line: str) -> str:
    try:
        said = json.loads(line)
    except ValueError:
        return "Working"
    return f"{said[:1].upper()}{said[1:200]}" if isinstance(said, str) else "Working"


def _plain(why: Any) -> str:
    code, _, rest = str(why).partition(": ")
    return rest if len(code) == 4 else str(why)
