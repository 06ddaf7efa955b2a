"""The knowledge files as one JSON file, made when legtwitch is installed, because reading YAML takes longest.

It is never trusted for more than it is: each file in it stands under the hash of the YAML it was made from, and one
that has changed since is read from the YAML.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

from legtwitch.version import __version__

NAME = "compiled.json"


@dataclass(frozen=True, slots=True)
class Compiled:
    """What stands in the file. contents: file → hash and content. checked: by this version of legtwitch as a whole."""

    contents: Mapping[str, tuple[str, Any]] = field(default_factory=dict)
    checked: bool = False

    def content(self, name: str, hash: str) -> Any:
        """Return the content of a file, or None where it isn't there or was made from another text."""
        known, content = self.contents.get(name, ("", None))
        return content if known == hash else None


def sha256(content: bytes) -> str:
    """Return `sha256:…` of a file's bytes."""
    return "sha256:" + hashlib.sha256(content).hexdigest()


def read(folder: Traversable) -> Compiled:
    """Return the compiled knowledge of a folder; nothing where it is missing or damaged."""
    try:
        raw = json.loads((folder / NAME).read_text(encoding="utf-8"))
        contents = {name: (one["hash"], one["content"]) for name, one in raw["files"].items()}
        return Compiled(contents, raw["legtwitch"] == __version__)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return Compiled()


def write(folder: Path, contents: Mapping[str, tuple[str, Any]]) -> Path:
    """Write the contents (file → hash and content) of knowledge that was read and checked as a whole."""
    files = {name: {"hash": hash, "content": content} for name, (hash, content) in sorted(contents.items())}
    text = json.dumps({"legtwitch": __version__, "files": files}, ensure_ascii=False, separators=(",", ":"))
    path, temporary = folder / NAME, folder / f"{NAME}.{os.getpid()}"
    temporary.write_text(text, encoding="utf-8")
    temporary.replace(path)
    return path
