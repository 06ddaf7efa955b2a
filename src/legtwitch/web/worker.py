"""The process that reads one recording: `python -m legtwitch.web.worker FOLDER`, with limits on time and memory.

It reads `FOLDER/task.json`, tells its progress on stdout, one line each, and writes `FOLDER/out`. A file that breaks
its reader breaks this process and nothing else.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from legtwitch.errors import InputError


def _limit(seconds: float, memory: int) -> None:
    """Set what this process may take, where the system can do that."""
    try:
        import resource
    except ImportError:
        return
    if sys.platform == "linux":
        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (int(seconds) + 1, int(seconds) + 5))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _say(what: str) -> None:
    sys.stdout.write(json.dumps(what) + "\n")
    sys.stdout.flush()


def main(folder: Path) -> None:
    """Do the task of a folder."""
    task = json.loads((folder / "task.json").read_text(encoding="utf-8"))
    _limit(task["seconds"], task["memory"])
    todo = {"check": _check, "score": _score, "assess": _assess}[task["do"]]
    try:
        content = todo(folder, task)
    except InputError as error:
        content = json.dumps({"error": error.as_dict()}).encode()
        (folder / "refused").write_bytes(content)
        return
    (folder / "out").write_bytes(content)


def _check(folder: Path, task: Mapping[str, Any]) -> bytes:
    from legtwitch import api

    return json.dumps(api.check(folder / task["file"], **_told(task))).encode()


def _told(options: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the person said of a file that does not say it itself."""
    return {name: options[key] for key, name in (("unit", "unit"), ("rate", "rate_hz")) if key in options}


def _score(folder: Path, task: Mapping[str, Any]) -> bytes:
    """Score a file alone, for the interface for programs."""
    from legtwitch import api
    from legtwitch.report import as_json

    return json.dumps(as_json.score(api.score(folder / task["file"], rules=task["rules"]))).encode()


def _assess(folder: Path, task: Mapping[str, Any]) -> bytes:
    """Return what one recording of a case shows: its report and the findings, packed."""
    from legtwitch import api
    from legtwitch.store.packed import pack

    case = {"date": task["date"], "person": task.get("person", {}), "recordings": [task["entry"]]}
    (folder / "case.json").write_text(json.dumps(case), encoding="utf-8")
    result = api.assess(folder / "case.json", progress=_say)
    findings = tuple(one for one in result.findings if one.by == "recording")
    return pack((result.recordings[0], findings))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
