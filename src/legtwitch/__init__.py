"""legtwitch: from a history and recordings of a twitching leg to kind of movement, urgency, causes and a report.

Research and education software, not a medical device. The public names are those of `__all__`; they are loaded on
first use, so that importing the package costs nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from legtwitch.errors import InputError, LegtwitchError
from legtwitch.version import __version__

if TYPE_CHECKING:
    from legtwitch.api import (
        answer,
        assess,
        check,
        detect,
        load_knowledge,
        next_question,
        read,
        render,
        score,
        simulate_accelerometer,
        simulate_emg,
        simulate_night,
    )

__all__ = [
    "InputError",
    "LegtwitchError",
    "__version__",
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
]


def __getattr__(name: str) -> Any:
    if name in __all__:
        from legtwitch import api

        return getattr(api, name)
    raise AttributeError(f"module 'legtwitch' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)
