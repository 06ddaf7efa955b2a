"""Findings → assessment: two engines that never mix, urgency by rules and causes by noisy-OR.

Nothing here imports an array or file library when it is loaded: the first interview question must not pay for them.
"""

from __future__ import annotations

from legtwitch.reasoning.assessment import assess, next_question, next_question_of, urgency, urgency_of

__all__ = ["assess", "next_question", "next_question_of", "urgency", "urgency_of"]
