"""Rule sets applied to events: leg movements by AASM and WASM."""

from __future__ import annotations

from legtwitch.scoring.codes import CODES
from legtwitch.scoring.leg_movements import score_leg_movements
from legtwitch.scoring.rules import RULES, choose

__all__ = ["CODES", "RULES", "choose", "score_leg_movements"]
