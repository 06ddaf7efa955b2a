"""Recordings and marks: open, check and repair in memory, and write."""

from __future__ import annotations

from legtwitch.recording.channels import Scorable, can_score, leg_channels, why_not
from legtwitch.recording.combine import add_marks
from legtwitch.recording.muscles import MuscleFound, muscle_of, muscle_of_channel
from legtwitch.recording.open import read
from legtwitch.recording.told import with_roles
from legtwitch.recording.tsv import write_events
from legtwitch.recording.usable import can_detect, emg_channels, finite_pieces, motion_channels, seems_awake
from legtwitch.recording.write import EdfSignal, write_annotations, write_edf
from legtwitch.recording.write_bids import is_bids_name, sidecar, write_bids_events

__all__ = [
    "EdfSignal",
    "MuscleFound",
    "Scorable",
    "add_marks",
    "can_detect",
    "can_score",
    "emg_channels",
    "finite_pieces",
    "is_bids_name",
    "leg_channels",
    "motion_channels",
    "muscle_of",
    "muscle_of_channel",
    "read",
    "seems_awake",
    "sidecar",
    "why_not",
    "with_roles",
    "write_annotations",
    "write_bids_events",
    "write_edf",
    "write_events",
]
