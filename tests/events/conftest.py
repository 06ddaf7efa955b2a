"""Makes the generator of these tests importable from the test files of this folder."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

_PATH = Path(__file__).parent / "generator.py"
_spec = importlib.util.spec_from_file_location("leg_generator", _PATH)
assert _spec is not None
assert _spec.loader is not None
_module = importlib.util.module_from_spec(_spec)
sys.modules["leg_generator"] = _module
_spec.loader.exec_module(_module)
