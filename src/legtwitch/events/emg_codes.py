"""Codes of what detection in EMG made awake has to say, with their meanings (Q330 to Q375, E310 to E315)."""

from __future__ import annotations

NO_MUSCLE_CHANNEL = "E310"
UNKNOWN_KIND = "E311"
UNKNOWN_MODALITY = "E312"
NOT_THIS_MODALITY = "E313"
UNKNOWN_MUSCLE = "E314"
UNKNOWN_MODE = "E315"

CLIPPED = "Q330"
NO_SIGNAL = "Q331"
TOO_NOISY = "Q332"
NOISE_HIGH = "Q333"
MAINS_REMOVED = "Q334"
HEART_REMOVED = "Q335"
NO_NUMBERS = "Q336"
STRETCH_SHORT = "Q337"
COUNTS_ONLY = "Q338"
NO_VOLTAGE = "Q339"
TOO_SLOW = "Q350"
VOLUNTARY_OUT = "Q351"
BURSTS = "Q352"
POPS = "Q353"
REGULAR_UNIT = "Q354"
MUSCLE_UNKNOWN = "Q355"
MUSCLE_BY_LABEL = "Q356"
MODALITY_GUESSED = "Q357"
NEEDLE_SLOW = "Q358"
NO_REST = "Q359"
NEEDLE_EFFORT = "Q360"
PULSES = "Q375"

CODES: dict[str, str] = {
    NO_MUSCLE_CHANNEL: "The recording has no channel that can be searched for this kind of event.",
    UNKNOWN_KIND: "There is no such kind of event to look for.",
    UNKNOWN_MODALITY: "There is no such kind of recording.",
    NOT_THIS_MODALITY: "The channels do not fit the kind of recording that was stated.",
    UNKNOWN_MUSCLE: "The muscle or side is not one of the vocabulary.",
    UNKNOWN_MODE: "There is no such way to tell voluntary activity.",
    CLIPPED: "Stretches in which a muscle signal is clipped.",
    NO_SIGNAL: "Stretches of a muscle channel without any signal.",
    TOO_NOISY: "Time in which noise hides potentials; it is not scorable.",
    NOISE_HIGH: "The noise at rest is high: a count is a lower bound.",
    MAINS_REMOVED: "A mains line was proven in a muscle channel and subtracted.",
    HEART_REMOVED: "The heart is seen in a muscle channel; it was subtracted.",
    NO_NUMBERS: "Samples of a muscle channel that are no numbers.",
    STRETCH_SHORT: "Stretches of a muscle channel too short to know its rest.",
    COUNTS_ONLY: "The rate is too low for the shape of potentials: they are counted and not called fasciculations.",
    NO_VOLTAGE: "A muscle channel can't be searched: its unit is no voltage.",
    TOO_SLOW: "A muscle channel can't be searched: its rate is too low.",
    VOLUNTARY_OUT: "Time of voluntary activity, which is not rest and not scorable.",
    BURSTS: "Bursts longer than one potential, which were not counted as fasciculations.",
    POPS: "Jumps of an electrode or cable, which were not counted.",
    REGULAR_UNIT: "A motor unit fires regularly, as by effort; it is no fasciculation.",
    MUSCLE_UNKNOWN: "The muscle is not known: events are given, nothing is said of what they mean.",
    MUSCLE_BY_LABEL: "The muscle was read from the label of the channel.",
    MODALITY_GUESSED: "The kind of recording was not stated; it was told by rates, units and labels.",
    NEEDLE_SLOW: "The rate is too low to measure motor unit potentials.",
    NO_REST: "No rest was seen: nothing can be counted.",
    PULSES: "Pulses of an electrical device (a nerve stimulator, a pacemaker), which were not counted.",
    NEEDLE_EFFORT: "Effort in a needle recording; spontaneous activity can't be judged in it.",
}
