"""Compiles the knowledge files while legtwitch is installed; knowledge that contradicts itself can't be installed."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CompileKnowledge(BuildHookInterface):
    """Writes knowledge/data/compiled.json and takes it into the wheel."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Check the knowledge files and compile them."""
        sys.path.insert(0, str(Path(self.root) / "src"))
        from legtwitch.knowledge.loader import compile_packaged

        build_data["artifacts"].append(str(compile_packaged().relative_to(self.root)))
