"""Codes of what scoring has to say, with their meanings."""

from __future__ import annotations

NO_STAGES = "Q401"
NO_LIGHTS = "Q402"
NO_BREATHING_EVENTS = "Q403"
NO_AROUSALS = "Q404"
NO_HOURS = "Q405"
POINT_MARKS = "Q406"
OUTSIDE_LIGHTS = "Q407"
IN_ARTIFACT = "Q408"
STAGES_UNCLEAR = "Q409"
OUTSIDE_RECORDING = "Q410"
NOT_DEFINED = "Q411"
TOO_FEW = "Q412"
LEG_UNKNOWN = "Q413"
LIGHTS_INCOMPLETE = "Q414"
OTHER_EVENTS = "Q415"
LONG_MOVEMENTS = "Q416"
NO_TEST = "Q417"
TEST_INCOMPLETE = "Q418"
TEST_UNSTAGED = "Q419"
ONE_LEG_STOPPED = "Q420"
STOPS_ELSEWHERE = "Q421"
STAGE_UNKNOWN = "Q422"

CODES: dict[str, str] = {
    NO_STAGES: "No sleep stages: nothing can be given per hour of sleep or wake.",
    NO_LIGHTS: "No marks of lights off and lights on: the whole recording counts.",
    NO_BREATHING_EVENTS: "No breathing event is marked: either there was none or none was scored.",
    NO_AROUSALS: "No arousal is marked: movements with arousal cannot be told.",
    NO_HOURS: "No time in that state: nothing can be given per hour of it.",
    POINT_MARKS: "Movements marked without a duration.",
    OUTSIDE_LIGHTS: "Movements outside lights off to lights on.",
    IN_ARTIFACT: "Movements that touch an artefact or a gap.",
    STAGES_UNCLEAR: "Stage epochs overlap or have no duration: the stage is unknown there.",
    OUTSIDE_RECORDING: "Movements marked outside the recording.",
    NOT_DEFINED: "The rule set does not define this index.",
    TOO_FEW: "Too few movements to compute this.",
    LEG_UNKNOWN: "Movements whose leg is not known.",
    LIGHTS_INCOMPLETE: "Lights off or lights on is missing.",
    OTHER_EVENTS: "Marks among the movements that are no leg movements.",
    LONG_MOVEMENTS: "Movements much longer than any rule allows.",
    NO_TEST: "No suggested immobilisation test is marked.",
    TEST_INCOMPLETE: "The start or the end of a suggested immobilisation test is missing.",
    TEST_UNSTAGED: "A suggested immobilisation test without sleep stages: all of it counts as wake.",
    ONE_LEG_STOPPED: "Artefacts or gaps lie on one leg alone: its movements there do not count, those of the other do.",
    STAGE_UNKNOWN: "Movements where no sleep stage is known: neither of sleep nor of wake.",
    STOPS_ELSEWHERE: "Artefacts or gaps on channels that are no leg: they change nothing.",
}
