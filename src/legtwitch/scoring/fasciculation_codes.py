"""Codes of what counts of fasciculations have to say (Q430 to Q437)."""

from __future__ import annotations

TOO_SHORT_FOR_PRESENCE = "Q430"
TOO_SHORT_FOR_RATE = "Q431"
TOO_FEW_EVENTS = "Q432"
NO_SHAPE = "Q433"
NO_TWO_MINUTES = "Q434"
ONE_CHANNEL = "Q435"
NO_AMPLITUDE = "Q436"
LABEL_DIFFERS = "Q437"

CODES: dict[str, str] = {
    TOO_SHORT_FOR_PRESENCE: "Less than 60 s of rest could be judged: nothing is said of presence.",
    TOO_SHORT_FOR_RATE: "Less than 5 minutes of rest could be judged: no rate is given.",
    TOO_FEW_EVENTS: "Too few events to compute this.",
    NO_SHAPE: "The rate is too low for shapes: no units and no amplitudes are given.",
    NO_TWO_MINUTES: "Less than 2 minutes of rest: the count of the norm can't be made.",
    ONE_CHANNEL: "There is no other muscle to compare with.",
    LABEL_DIFFERS: "A channel's label says another muscle or side than the person.",
    NO_AMPLITUDE: "The unit of the signal is no voltage: nothing is said of amplitudes.",
}
