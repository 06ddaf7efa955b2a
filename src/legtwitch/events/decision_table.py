"""Which event is this? The table of classes as data: what each looks like, in ranges and in likely or unlikely signs.

Source: collected in `docs/` from the works named beside each row; grade D where none is named. The probabilities of
signs are judgements of this program (grade D), not measurements on patients.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Range:
    """A measure of a class lies between low and high, mostly; `soft`: the edges blur by so many natural logarithms."""

    low: float
    high: float
    soft: float = 0.15


@dataclass(frozen=True, slots=True)
class Row:
    """One class. event: name of the vocabulary. weight: how common among events that ask for a decision.

    ranges: measure → range, on a logarithmic scale. signs: sign → probability that it is so in this class.
    told_by: in words, what tells it from others. moves: the same where a sensor of motion saw it; empty: no different.
    """

    number: int
    event: str
    weight: float
    ranges: Mapping[str, Range] = field(default_factory=dict)
    signs: Mapping[str, float] = field(default_factory=dict)
    told_by: str = ""
    moves: str = ""


TABLE: tuple[Row, ...] = (
    Row(
        0,
        "ecg_artifact",
        0.5,
        {"duration_ms": Range(30, 120), "rate_hz": Range(0.66, 3.0), "rate_cov": Range(0.01, 0.2, 0.4)},
        {
            "heart_locked": 0.97,
            "same_shape": 0.95,
            "all_channels": 0.8,
            "spike": 0.05,
            "asleep": 0.5,
            "stretched": 0.02,
        },
        "repeats with the heart, in all channels alike",
    ),
    Row(
        0,
        "electrode_pop",
        0.4,
        {"duration_ms": Range(1, 120), "rate_hz": Range(0.001, 0.5), "low_share": Range(0.2, 1.0)},
        {"heart_locked": 0.03, "same_shape": 0.2, "all_channels": 0.05, "spike": 0.95, "several_muscles": 0.05},
        "one electrode alone, with a slope of a single sample",
    ),
    Row(
        1,
        "movement_artifact",
        0.6,
        {"duration_ms": Range(100, 3000), "motion_ms": Range(30, 3000), "low_share": Range(0.6, 1.0, 0.05)},
        {
            "heart_locked": 0.03,
            "same_shape": 0.03,
            "all_channels": 0.8,
            "spike": 0.1,
            "several_muscles": 0.8,
            "turned": 0.6,
            "lasting_rhythm": 0.03,
        },
        "most of its power below 20 Hz, in all channels, with movement of the whole limb",
        "a movement of what carries the sensor",
    ),
    Row(
        2,
        "fasciculation",
        1.0,
        {
            "duration_ms": Range(5, 30),
            "motion_ms": Range(100, 500),
            "rate_hz": Range(0.001, 3.0),
            "rate_cov": Range(0.7, 2.5),
            "low_share": Range(0.001, 0.3),
        },
        {
            "heart_locked": 0.02,
            "same_shape": 0.85,
            "all_channels": 0.1,
            "spike": 0.03,
            "several_muscles": 0.1,
            "isolated": 0.9,
            "asleep": 0.3,
            "turned": 0.03,
            "effort": 0.1,
            "lasting_rhythm": 0.01,
        },
        "one motor unit: 5 to 30 ms, the same shape again and again, irregular, at rest",
        "a movement of 100 to 500 ms, irregular, and the limb keeps its place",
    ),
    Row(
        3,
        "fragmentary_myoclonus",
        0.5,
        {
            "duration_ms": Range(75, 150),
            "motion_ms": Range(100, 400),
            "rate_hz": Range(0.001, 0.4),
            "rate_cov": Range(0.5, 2),
        },
        {
            "heart_locked": 0.02,
            "same_shape": 0.05,
            "all_channels": 0.03,
            "spike": 0.02,
            "several_muscles": 0.1,
            "asleep": 0.98,
            "turned": 0.05,
            "effort": 0.02,
            "lasting_rhythm": 0.01,
        },
        "a burst of 75 to 150 ms in sleep, irregular, now here and now there",
        "a movement of 100 to 400 ms in sleep, irregular",
    ),
    Row(
        4,
        "myoclonus",
        0.6,
        {
            "duration_ms": Range(10, 200),
            "motion_ms": Range(80, 500),  # the burst, and the limb falling back
            "rate_hz": Range(0.001, 3.0),
            "rate_cov": Range(0.3, 2.0),
            "low_share": Range(0.001, 0.4),
        },
        {
            "heart_locked": 0.02,
            "same_shape": 0.05,
            "all_channels": 0.25,
            "spike": 0.02,
            "several_muscles": 0.75,
            "isolated": 0.9,
            "asleep": 0.15,
            "turned": 0.7,
            "effort": 0.4,
            "lasting_rhythm": 0.05,
        },
        "a burst of 10 to 200 ms of many units, in several muscles within 50 ms",
        "a movement of 80 to 500 ms that begins at once and moves the limb",
    ),
    Row(
        5,
        "motor_unit_discharge",
        0.8,
        {
            "duration_ms": Range(5, 20),
            "rate_hz": Range(5, 15),
            "rate_cov": Range(0.03, 0.3),
            "low_share": Range(0.001, 0.3),
        },
        {
            "heart_locked": 0.01,
            "same_shape": 0.95,
            "all_channels": 0.05,
            "spike": 0.02,
            "several_muscles": 0.1,
            "isolated": 0.02,
            "asleep": 0.1,
            "effort": 0.8,
            "lasting_rhythm": 0.9,
        },
        "one motor unit at 5 to 15 a second, regular: effort",
    ),
    Row(
        6,
        "tremor",
        1.0,
        {
            "duration_ms": Range(30, 150),
            "rate_hz": Range(3.3, 18),
            "rate_cov": Range(0.02, 0.2, 0.3),
            "train_s": Range(3, 3600),
            "decrement": Range(0.05, 0.4, 0.3),
        },
        {
            "heart_locked": 0.01,
            "same_shape": 0.05,
            "spike": 0.01,
            "isolated": 0.05,
            "asleep": 0.05,
            "stretched": 0.05,
            "lasting_rhythm": 0.97,
            "fades": 0.05,
            "slows": 0.04,
            "turned": 0.2,
        },
        "regular bursts at 3 to 18 a second for 3 s or longer, at an even level",
    ),
    Row(
        7,
        "clonus",
        0.6,
        {
            "duration_ms": Range(40, 120),
            "rate_hz": Range(4, 8, 0.1),
            "rate_cov": Range(0.02, 0.2, 0.3),
            "train_s": Range(0.35, 6, 0.4),
            "decrement": Range(0.4, 0.95, 0.2),
        },
        {
            "heart_locked": 0.01,
            "same_shape": 0.05,
            "spike": 0.01,
            "isolated": 0.05,
            "asleep": 0.1,
            "stretched": 0.8,
            "lasting_rhythm": 0.4,
            "fades": 0.9,
            "slows": 0.7,
            "turned": 0.4,
        },
        "three or more beats at 4 to 8 a second that begin at once and die away, after stretch",
    ),
    Row(
        8,
        "leg_movement",
        1.0,
        {"duration_ms": Range(500, 10_000, 0.05), "motion_ms": Range(500, 10_000, 0.05), "rate_hz": Range(0.01, 0.2)},
        {
            "heart_locked": 0.02,
            "same_shape": 0.02,
            "spike": 0.01,
            "several_muscles": 0.3,
            "isolated": 0.95,
            "asleep": 0.7,
            "turned": 0.5,
            "lasting_rhythm": 0.03,
            "fades": 0.2,
        },
        "0.5 to 10 s, at rest or in sleep",
    ),
    Row(
        9,
        "cramp",
        0.3,
        {"duration_ms": Range(8_000, 600_000), "level_ratio": Range(5, 200)},
        {"fades": 0.9, "isolated": 0.97, "several_muscles": 0.1, "effort": 0.3, "lasting_rhythm": 0.02, "asleep": 0.5},
        "seconds to minutes far above rest in one muscle, that fades slowly",
    ),
    Row(
        10,
        "neuromyotonic_discharge",
        0.2,
        {"duration_ms": Range(20, 3000), "intraburst_hz": Range(60, 300), "rate_hz": Range(0.01, 10)},
        {
            "same_shape": 0.9,
            "isolated": 0.05,
            "several_muscles": 0.1,
            "fades": 0.7,
            "asleep": 0.5,
            "heart_locked": 0.01,
        },
        "a train at 60 to 300 a second that starts and stops at once",
    ),
    Row(
        10,
        "myokymic_discharge",
        0.2,
        {
            "duration_ms": Range(20, 500),
            "intraburst_hz": Range(5, 60),
            "rate_hz": Range(0.1, 10),
            "rate_cov": Range(0.03, 0.3),
        },
        {
            "same_shape": 0.9,
            "isolated": 0.05,
            "several_muscles": 0.1,
            "asleep": 0.5,
            "heart_locked": 0.01,
            "fades": 0.1,
        },
        "groups of one unit that come back at an even pace",
    ),
    Row(
        11,
        "high_frequency_leg_movement",
        0.4,
        {
            "duration_ms": Range(100, 1000),
            "motion_ms": Range(100, 1000),
            "rate_hz": Range(0.3, 3.3),
            "rate_cov": Range(0.05, 0.4),
        },
        {
            "heart_locked": 0.02,
            "same_shape": 0.03,
            "isolated": 0.2,
            "asleep": 0.75,
            "stretched": 0.03,
            "lasting_rhythm": 0.8,
            "fades": 0.15,
            "turned": 0.4,
        },
        "four or more movements at 0.3 to 4 a second, falling asleep or asleep",
    ),
    Row(
        12,
        "voluntary_activity",
        0.9,
        {
            "duration_ms": Range(200, 60_000),
            "motion_ms": Range(200, 60_000),
            "rate_hz": Range(0.02, 3.3),
            "level_ratio": Range(3, 200),
            "train_s": Range(2, 600),
        },
        {
            "heart_locked": 0.02,
            "same_shape": 0.05,
            "spike": 0.01,
            "several_muscles": 0.6,
            "isolated": 0.6,
            "asleep": 0.03,
            "effort": 0.9,
            "turned": 0.85,
            "fades": 0.1,
            "slows": 0.1,
            "lasting_rhythm": 0.4,
        },
        "a contraction or movement at will: awake, several muscles, the limb turns",
    ),
)

SHORT_MS = 200.0
"""A potential that fits no class well is called a short potential up to this length."""
