"""Codes of what the detection of rhythms and of motion has to say, with their meanings."""

from __future__ import annotations

NO_MOTION_SENSOR = "E306"
NO_EMG_FOR_RHYTHMS = "E307"

UNIT_BY_GRAVITY = "Q340"
UNIT_NOT_TOLD = "Q341"
WITHOUT_GRAVITY = "Q342"
GLITCHES = "Q343"
PLACEMENT = "Q344"
BAND_CUT = "Q345"
TOO_SLOW = "Q346"
TOO_SHORT = "Q347"
MOSTLY_MOVING = "Q348"
OWN_INDEX = "Q349"
POSTURE_NOT_TOLD = "Q361"
VOLUNTARY_RHYTHM = "Q362"
TWITCHES_ARE_RESEARCH = "Q363"
SINGLE_UNIT_RHYTHM = "Q364"
NOT_NUMBERS = "Q365"
NOTHING_FOUND_TO_MEASURE = "Q366"
SHAKEN = "Q367"
MACHINE = "Q368"
STEADY_TONE = "Q369"
KNOCKS = "Q370"

CODES: dict[str, str] = {
    NO_MOTION_SENSOR: "The recording holds no channel of an accelerometer or gyroscope that can be used.",
    NO_EMG_FOR_RHYTHMS: "The recording holds no EMG channel in which rhythms can be looked for.",
    UNIT_BY_GRAVITY: "The unit of acceleration was told by gravity.",
    UNIT_NOT_TOLD: "The unit of acceleration can't be told: gravity is neither 9.8 m/s2 nor 1 g.",
    WITHOUT_GRAVITY: "The sensor gives acceleration without gravity, so that no angle is known.",
    GLITCHES: "Single wild samples of a sensor were left out.",
    PLACEMENT: "Movement at the start or the end, as of putting on the sensor, was left out.",
    BAND_CUT: "The rate is too low for the whole band of tremor.",
    TOO_SLOW: "The rate is too low for what was asked.",
    TOO_SHORT: "There is not enough scorable time for what was asked.",
    MOSTLY_MOVING: "The limb moved for most of the recording.",
    OWN_INDEX: "Leg movements by accelerometer have an index of their own.",
    POSTURE_NOT_TOLD: "It wasn't told what the limb was doing, so that the kind of tremor is open.",
    VOLUNTARY_RHYTHM: "A rhythm is that of a movement, or a harmonic of it, and was not taken for tremor.",
    TWITCHES_ARE_RESEARCH: "Brief movements in an accelerometer can't be told to be twitches of a muscle.",
    SINGLE_UNIT_RHYTHM: "A regular rhythm is that of one motor unit, and was not taken for tremor.",
    NOT_NUMBERS: "Samples of a sensor that are no numbers.",
    NOTHING_FOUND_TO_MEASURE: "Nothing of this kind was found, so that there is nothing to measure.",
    SHAKEN: "A vehicle or the like shook the sensor, so that only what stands far out of it was looked at.",
    MACHINE: "A tone as steady as that of a machine was not taken for tremor.",
    STEADY_TONE: "A rhythm is as steady as a machine's: tremor or machine, which can't be told.",
    KNOCKS: "Knocks at the sensor, too short for a muscle, were left out.",
}
