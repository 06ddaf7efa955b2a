"""What passes between the rooms: frozen dataclasses without behaviour beyond look-up.

Times are seconds from the start of the recording in true time (gaps of a discontinuous recording count).
Voltages are microvolts. A value that could not be computed is None, and a `Problem` says why.
"""

from __future__ import annotations

from legtwitch.model.assessment import (
    Advice,
    Assessment,
    CauseResult,
    CriterionItem,
    CriterionResult,
    FiredRule,
    Influence,
    Interval,
    MustNotMiss,
    OpenRule,
    Option,
    PhenomenonResult,
    Question,
    RecordingReport,
    Result,
    SourceNote,
    Urgency,
    Withheld,
)
from legtwitch.model.case import (
    By,
    Case,
    Finding,
    LabValue,
    Medicine,
    Quantity,
    RecordingRef,
)
from legtwitch.model.recording import (
    Channel,
    Event,
    Piece,
    Problem,
    Recording,
    SampleSource,
    Segment,
)
from legtwitch.model.score import (
    Hours,
    Movement,
    RuleScore,
    Score,
    Trace,
    Verdict,
)
from legtwitch.model.words import (
    LEVELS,
    Grade,
    Level,
    Role,
    Side,
    Truth,
)

__all__ = [
    "LEVELS",
    "Advice",
    "Assessment",
    "By",
    "Case",
    "CauseResult",
    "Channel",
    "CriterionItem",
    "CriterionResult",
    "Event",
    "Finding",
    "FiredRule",
    "Grade",
    "Hours",
    "Influence",
    "Interval",
    "LabValue",
    "Level",
    "Medicine",
    "Movement",
    "MustNotMiss",
    "OpenRule",
    "Option",
    "PhenomenonResult",
    "Piece",
    "Problem",
    "Quantity",
    "Question",
    "Recording",
    "RecordingRef",
    "RecordingReport",
    "Result",
    "Role",
    "RuleScore",
    "SampleSource",
    "Score",
    "Segment",
    "Side",
    "SourceNote",
    "Trace",
    "Truth",
    "Urgency",
    "Verdict",
    "Withheld",
]
