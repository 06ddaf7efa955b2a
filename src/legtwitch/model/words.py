"""The small closed lists that everything shares."""

from __future__ import annotations

from enum import Enum
from typing import Literal

Side = Literal["left", "right", "both", "n/a"]
Level = Literal["emergency", "same_day", "two_weeks", "routine", "self_care"]
LEVELS: tuple[Level, ...] = ("emergency", "same_day", "two_weeks", "routine", "self_care")
Grade = Literal["A", "B", "C", "D"]
Role = Literal[
    "leg_left",
    "leg_right",
    "leg_both",
    "leg_unknown",
    "emg_other",
    "ecg",
    "eeg",
    "eog",
    "respiration",
    "acceleration",
    "rotation",
    "other",
]


class Truth(Enum):
    """Three-valued truth; `UNKNOWN` is never taken for `FALSE`."""

    FALSE = "false"
    UNKNOWN = "unknown"
    TRUE = "true"
