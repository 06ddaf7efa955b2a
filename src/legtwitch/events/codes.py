"""Codes of what detection has to say, with their meanings."""

from __future__ import annotations

NO_USABLE_CHANNEL = "E302"

CHANNEL_NOT_USED = "Q301"
BOTH_LEGS_ON_ONE = "Q302"
SIDE_UNKNOWN = "Q303"
NARROW_BAND = "Q304"
COARSE = "Q305"
FLAT = "Q306"
SATURATED = "Q307"
HIGH_REST = "Q308"
TONE_STEPS = "Q309"
THRESHOLD_RAISED = "Q310"
VERY_LONG_MOVEMENT = "Q311"
MUCH_TIME_INSIDE = "Q312"
TOO_SHORT = "Q313"
SINGLE_SPIKES = "Q314"
HEART = "Q315"
MAINS = "Q316"
CUT_BY_END = "Q317"
PIECE_TOO_SHORT = "Q318"
NOT_A_NUMBER = "Q319"
REST_NOT_SEEN = "Q320"
CROSS_TALK = "Q321"
SHORT_POTENTIALS = "Q322"
PART_OF_TRAIN = "Q323"
RATE_UNDER_MANUAL = "Q324"
MUCH_LOST = "Q325"
LOW_REST = "Q326"
MOSTLY_ONE_MOVEMENT = "Q327"
PURE_TONE = "Q328"
CABLE = "Q329"
LIKE_BREATHING = "Q390"

CODES: dict[str, str] = {
    NO_USABLE_CHANNEL: "No leg channel of the recording can be used for leg movements.",
    CHANNEL_NOT_USED: "A leg channel can't be used: its unit is no voltage, or it is too slow or too coarse.",
    BOTH_LEGS_ON_ONE: "Two legs share one channel: the side of a movement can't be told.",
    SIDE_UNKNOWN: "It isn't known to which leg a channel belongs.",
    NARROW_BAND: "The rate is too low for the whole band of 10 to 100 Hz.",
    COARSE: "One digital step is large beside the 2 uV of the offset rule.",
    FLAT: "Stretches without any signal.",
    SATURATED: "Stretches in which the signal is clipped.",
    HIGH_REST: "The resting level is above 10 uV.",
    TONE_STEPS: "The resting level changes in steps.",
    THRESHOLD_RAISED: "The resting signal is so unsteady that 2 uV above rest can't be told; a wider margin was taken.",
    VERY_LONG_MOVEMENT: "Movements longer than 60 s.",
    MUCH_TIME_INSIDE: "More than 5 % of the time lies inside movements.",
    TOO_SHORT: "Activity that rose 8 uV above rest but lasted less than 0.5 s.",
    SINGLE_SPIKES: "Single short spikes, as of an electrode, that were not counted.",
    HEART: "The heart is seen in a leg channel; it was subtracted.",
    MAINS: "A mains line was proven and subtracted.",
    CUT_BY_END: "A movement is cut by the start or the end of a stretch of recording.",
    PIECE_TOO_SHORT: "A stretch of recording is too short to find its resting level.",
    NOT_A_NUMBER: "Samples that are no numbers.",
    CROSS_TALK: "Movements of another channel seen from afar, which were not counted.",
    SHORT_POTENTIALS: "Short potentials close together (as in fragmentary myoclonus), which were not counted.",
    PART_OF_TRAIN: "Movements that belong to a train of bursts, which is a class of its own.",
    RATE_UNDER_MANUAL: "The rate is below the least that the manual asks for, 200 Hz.",
    MUCH_LOST: "More than a tenth of a channel is flat or clipped, as with a loose lead.",
    LOW_REST: "The resting level is lower than that of any electrode on a muscle.",
    MOSTLY_ONE_MOVEMENT: "A tenth of the time or more lies inside one movement.",
    PURE_TONE: "A pure tone that comes and goes (hum of a loose electrode, a motor); it was subtracted.",
    CABLE: "Swings slower than muscle makes them, as of a cable that is pulled, that were not counted.",
    LIKE_BREATHING: "Movements follow each other as breaths do, as tone that breathing modulates and snoring look.",
    REST_NOT_SEEN: "Times in which rest was never seen; the resting level was carried over.",
}
