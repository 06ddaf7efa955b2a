"""Channel labels as real laboratories write them, traps included."""

from __future__ import annotations

import pytest

from legtwitch.recording.channels import voltage
from legtwitch.recording.roles import role_of

LEFT = [
    "LAT", "Leg L", "Leg/L", "L Leg", "Left Leg", "LeftLeg", "LTib", "LTIB", "L Tib", "EMG TIB G", "PLMl", "PLM l",
    "Jambe gauche",
    "Bein links", "EMG LAT", "EMG LAT-Ref", "Tibialis ant. li", "LEG-L", "LEG(L)", "Lleg", "LLEG-", "LLeg1", "LAT1",
    "LAT2",
    "LAT1-LAT2", "EMG Lleg1-Lleg2", "Lft Leg", "LT LEG", "L-Leg EMG", "EMG LegL", "EMG Tib. Ant. left", "LTA",
    "TA gauche",
    "PLMg", "EMG_Leg_L", "Pierna izq", "Gamba sx", "AT-L", "JG", "linkes Bein", "leg_left", "TIB-L", "EMG.Left_Leg",
]  # fmt: skip
RIGHT = [
    "RAT", "Leg R", "Leg/R", "R Leg", "Right Leg", "RTib", "EMG TIB D", "PLMr", "Jambe droite", "Bein rechts",
    "EMG RAT",
    "Tibialis ant. re", "LEG-R", "RLEG-", "Rleg", "RAT1-RAT2", "R LEG1", "JAMBE D", "TA droit", "Tib Ant re",
    "Pierna der", "RTA",
]  # fmt: skip
UNKNOWN = [
    "Leg 1", "Leg 2", "Leg1", "Tib", "Leg EMG", "EMG Leg1-Leg2", "PLM", "Tibialis", "Legs", "EMG Leg", "LEG", "TA",
    "EMG-Leg", "PLMD",
    "Jambes", "Beine", "LM",
]  # fmt: skip
BOTH = ["L Leg - R Leg", "LAT-RAT", "EMG TIB G/D", "Leg L/R", "Left+Right Leg", "LTIB-RTIB"]
TRAPS = {
    "Jambe droite Imp": "other", "Jambe gauche Impédance": "other", "LAT Imp": "other", "LAT Z": "other",
    "Left Leg Impedance": "other",
    "Z Axis": "other", "Chin": "emg_other", "Chin1-Chin2": "emg_other", "CHIN L": "emg_other",
    "EMG submental": "emg_other",
    "EMG Chin left": "emg_other", "EMG menton": "emg_other", "Kinn": "emg_other", "EMG": "emg_other",
    "EMG1-EMG2": "emg_other",
    "Plat": "other", "Plateau": "other", "Elegance": "other", "Legato": "other", "Resp Rate": "respiration",
    "Heart Rate": "other",
    "Pulse Rate": "other", "Ratio": "other", "Leg position": "other", "L": "other", "R": "other", "Links": "other",
    "EOG L": "eog", "EOG LAT": "eog", "EOG-R": "eog", "E1-M2": "eog", "LOC": "eog", "ROC-A1": "eog",
    "EOG horizontal": "eog",
    "ECG": "ecg", "EKG II": "ecg", "ECG L": "ecg", "C3-M2": "eeg", "EEG Fpz-Cz": "eeg", "O2": "eeg", "T3": "eeg",
    "A1": "eeg",
    "SpO2": "other", "SaO2": "other", "Airflow": "respiration", "Nasal Pressure": "respiration",
    "Thorax": "respiration",
    "ABD": "respiration", "Snore": "respiration", "Gastroc L": "emg_other", "Arm L": "emg_other",
    "FDS links": "emg_other",
    "L Deltoid": "emg_other", "Latissimus dorsi": "emg_other", "EMG Lat dorsi": "emg_other", "Body": "other",
    "Status": "other",
    "Event marker": "other", "Temp rectal": "other", "Light": "other", "Flat": "other", "Data": "other",
    "Leg acc L": "other",
}  # fmt: skip


@pytest.mark.parametrize("label", LEFT)
def test_left_leg(label):
    assert role_of(label).role == "leg_left"


@pytest.mark.parametrize("label", RIGHT)
def test_right_leg(label):
    assert role_of(label).role == "leg_right"


@pytest.mark.parametrize("label", UNKNOWN)
def test_leg_of_unknown_side_is_never_given_a_side(label):
    assert role_of(label).role == "leg_unknown"
    assert role_of(label).certainty <= 0.8


@pytest.mark.parametrize("label", BOTH)
def test_both_legs(label):
    assert role_of(label).role == "leg_both"


@pytest.mark.parametrize(("label", "role"), TRAPS.items())
def test_traps(label, role):
    found = role_of(label)
    assert found.role == role
    assert 0 < found.certainty <= 1
    assert found.why


def test_a_leg_label_with_ohm_is_an_impedance():
    assert role_of("Left Leg", "kOhm").role == "other"
    assert role_of("Left Leg", "g").role == "leg_left"


@pytest.mark.parametrize(
    ("dimension", "unit"),
    [
        ("uV", "uV"),
        ("µV", "uV"),
        ("μV", "uV"),
        ("mV", "mV"),
        ("mv", "mV"),
        ("V", "V"),
        ("uv", "uV"),
        ("microvolt", "uV"),
    ],
)
def test_voltages(dimension, unit):
    assert voltage(dimension) == unit


@pytest.mark.parametrize(
    "dimension", ["", "MV", "g", "%", "Ohm", "V/s", "nV", "?V", "digital", "dB", "mmHg", "units", "kV"]
)
def test_no_voltage_is_guessed(dimension):
    assert voltage(dimension) is None


@pytest.mark.parametrize("label", ["EMG L AbdHal", "AbdHal", "Abd Hal R", "L Abductor Hallucis"])
def test_the_abductor_of_the_big_toe_is_no_breathing(label):
    assert role_of(label, "uV").role == "emg_other"


@pytest.mark.parametrize("label", ["Abd", "ABDO", "Effort ABD", "Abdomen"])
def test_the_belly_is_breathing(label):
    assert role_of(label, "").role == "respiration"
