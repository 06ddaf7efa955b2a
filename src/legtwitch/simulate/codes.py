"""Codes of what can be asked of the simulators of awake recordings. A code is never reused."""

from __future__ import annotations

NO_OPTION = "E124"
NO_RECIPE = "E125"
NUMBER = "E126"
NOT_WITH_RECIPE = "E127"

CODES: dict[str, str] = {
    NO_OPTION: "A simulated awake recording has no such option.",
    NO_RECIPE: "A simulated awake recording has no such recipe, modality, placement, app or unit.",
    NUMBER: "An awake recording can't be simulated with this length, rate, seed or number of channels.",
    NOT_WITH_RECIPE: "A recipe can't be recorded in this way.",
}
