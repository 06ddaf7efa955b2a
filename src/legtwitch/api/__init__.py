"""The public functions: the one place where the road is strung together.

Rooms are imported inside the functions, so that a question of the interview does not pay for reading EDF files.
"""

from __future__ import annotations

from legtwitch.api.cases import answer, assess, load_knowledge, next_question
from legtwitch.api.common import Progress, StrPath
from legtwitch.api.documents import render
from legtwitch.api.recordings import RULES, check, detect, read, score, write_movements
from legtwitch.api.simulations import simulate_accelerometer, simulate_emg, simulate_night

__all__ = [
    "RULES",
    "Progress",
    "StrPath",
    "answer",
    "assess",
    "check",
    "detect",
    "load_knowledge",
    "next_question",
    "read",
    "render",
    "score",
    "simulate_accelerometer",
    "simulate_emg",
    "simulate_night",
    "write_movements",
]
