"""Write docs/errors.md from the tables of codes; with --check, fail when it is out of date or a code has no meaning."""

from __future__ import annotations

import re
import sys
from pathlib import Path

from legtwitch.errors import CODES as GENERAL
from legtwitch.events.codes import CODES as EVENTS
from legtwitch.events.emg_codes import CODES as EMG
from legtwitch.events.motion_codes import CODES as MOTION
from legtwitch.findings.codes import CODES as FINDINGS
from legtwitch.recording.codes import ERRORS, PROBLEMS
from legtwitch.scoring.codes import CODES as SCORING
from legtwitch.scoring.fasciculation_codes import CODES as FASCICULATION
from legtwitch.simulate.codes import CODES as SIMULATE
from legtwitch.store.codes import CODES as STORE
from legtwitch.web.codes import CODES as WEB

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "errors.md"
HEAD = """# Codes

Every error has a code `E…`, every remark on a recording or a score a code `Q…`. A code is never reused. Errors end a
command with exit code 2 (`E9…`: 1, a fault of legtwitch's own); remarks end nothing.

This page is written by `python scripts/list_codes.py` from the tables in the code.
"""


def page() -> str:
    """Return the page."""
    tables = (GENERAL, ERRORS, FINDINGS, PROBLEMS, EVENTS, EMG, MOTION, SCORING, FASCICULATION, SIMULATE, STORE, WEB)
    codes = {code: text for table in tables for code, text in table.items()}
    parts = [HEAD]
    for letter, title in (("E", "Errors"), ("Q", "Remarks on recordings and scores")):
        rows = [f"| {code} | {codes[code]} |" for code in sorted(codes) if code.startswith(letter)]
        parts.append("\n".join([f"## {title}", "", "| code | meaning |", "|---|---|", *rows]) + "\n")
    return "\n".join(parts)


def without_meaning() -> list[str]:
    """Return the codes that stand in the code and not on the page."""
    used = {
        code
        for path in (ROOT / "src").rglob("*.py")
        for code in re.findall(r'"([EQ]\d{3})"', path.read_text(encoding="utf-8"))
    }
    return sorted(code for code in used if f"| {code} |" not in page())


if __name__ == "__main__":
    if "--check" in sys.argv:
        missing = without_meaning()
        if missing or PAGE.read_text(encoding="utf-8") != page():
            sys.exit(f"docs/errors.md is out of date: run scripts/list_codes.py. Codes without meaning: {missing}")
    else:
        PAGE.write_text(page(), encoding="utf-8")
