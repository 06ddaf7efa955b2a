"""Recordings and marks: open, check and repair in memory, and write."""

from __future__ import annotations

from legtwitch.recording.channels import Scorable, can_score, leg_channels, why_not
from legtwitch.recording.combine import add_marks
from legtwitch.recording.open import read
from legtwitch.recording.tsv import write_events
from legtwitch.recording.write import EdfSignal, write_annotations, write_edf

__all__ = [
    "EdfSignal",
    "Scorable",
    "add_marks",
    "can_score",
    "leg_channels",
    "read",
    "why_not",
    "write_annotations",
    "write_edf",
    "write_events",
]
