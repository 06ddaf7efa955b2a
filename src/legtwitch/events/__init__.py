"""Detectors: from the signals of a recording to events."""

from __future__ import annotations

from legtwitch.events.leg_events import Rejected
from legtwitch.events.leg_movements import LegMovements, detect_leg_movements
from legtwitch.events.parameters import Parameters
from legtwitch.events.trace import EnvelopeTrace, TracePiece, snippets

__all__ = ["EnvelopeTrace", "LegMovements", "Parameters", "Rejected", "TracePiece", "detect_leg_movements", "snippets"]
