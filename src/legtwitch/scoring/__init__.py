"""Rule sets applied to events: leg movements by AASM and WASM."""

from __future__ import annotations

from legtwitch.scoring.codes import CODES
from legtwitch.scoring.leg_movements import score_leg_movements

__all__ = ["CODES", "score_leg_movements"]
