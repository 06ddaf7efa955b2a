"""Makes the generators of these tests importable from the test files of this folder."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

for _name, _file in (
    ("leg_generator", "generator.py"),
    ("emg_made", "emg_made.py"),
    ("motion_made", "motion_made.py"),
):
    _spec = importlib.util.spec_from_file_location(_name, Path(__file__).parent / _file)
    assert _spec is not None
    assert _spec.loader is not None
    _module = importlib.util.module_from_spec(_spec)
    sys.modules[_name] = _module
    _spec.loader.exec_module(_module)
