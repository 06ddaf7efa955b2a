"""Which muscle a channel label means."""

from __future__ import annotations

import pytest

from legtwitch.knowledge.loader import load
from legtwitch.recording import muscle_of
from legtwitch.recording.muscles import _LONG, _SHORT, muscle_in


@pytest.mark.parametrize(
    ("label", "muscle", "side"),
    [
        ("RF", "rectus_femoris", "n/a"),
        ("RRF", "rectus_femoris", "right"),
        ("VM", "vastus_medialis", "n/a"),
        ("LVL", "vastus_lateralis", "left"),
        ("TA", "tibialis_anterior", "n/a"),
        ("TAL", "tibialis_anterior", "left"),
        ("LAT", "tibialis_anterior", "left"),
        ("RAT", "tibialis_anterior", "right"),
        ("tib ant", "tibialis_anterior", "n/a"),
        ("Tib. ant. li", "tibialis_anterior", "left"),
        ("Tibialis Anterior (right)", "tibialis_anterior", "right"),
        ("EMG2_GAS_R", "gastrocnemius", "right"),
        ("gastroc", "gastrocnemius", "n/a"),
        ("Gastrocnemius medialis dx", "gastrocnemius_medial", "right"),
        ("medial gastrocnemius L", "gastrocnemius_medial", "left"),
        ("GM", "gastrocnemius_medial", "n/a"),
        ("GL", "gastrocnemius_lateral", "n/a"),
        ("SOL", "soleus", "n/a"),
        ("SO", "soleus", "n/a"),
        ("ME", "gluteus_medius", "n/a"),
        ("MA", "gluteus_maximus", "n/a"),
        ("ST", "hamstrings", "n/a"),
        ("BF", "biceps_femoris", "n/a"),
        ("PL", "peroneus_longus", "n/a"),
        ("FL", "other_muscle", "n/a"),
        ("AbdHal", "abductor_hallucis", "n/a"),
        ("calf left", "gastrocnemius", "left"),
    ],
)
def test_labels(label, muscle, side):
    found = muscle_of(label)
    assert (found.muscle, found.side) == (muscle, side)
    assert 0.5 <= found.certainty <= 0.95


@pytest.mark.parametrize(
    "label", ["", "Leg", "EMG", "EMG 1", "ch3", "C3-M2", "Thorax", "signal 1", "column 2", "x", "12"]
)
def test_what_names_no_muscle_is_unknown(label):
    assert muscle_of(label) == (None, "n/a", 0.0)


def test_a_side_without_a_muscle_is_kept():
    assert muscle_of("Left Leg") == (None, "left", 0.0)
    assert muscle_of("TA left-right").side == "both"


def test_labels_that_two_muscles_share_are_less_certain():
    assert muscle_of("LTA").certainty < muscle_of("TA").certainty
    assert muscle_of("GM").certainty < muscle_of("GL").certainty < muscle_of("gastrocnemius lateralis").certainty


def test_every_muscle_stands_in_the_vocabulary():
    options = load().vocabulary.attributes["muscle"].options
    assert {muscle for muscle, _ in _SHORT.values()} | {muscle for _, muscle in _LONG} <= set(options)


def test_sentences():
    assert muscle_in("placed in tibialis anterior muscle")[:2] == ("tibialis_anterior", "n/a")
    assert muscle_in("Surface electrodes over left medial gastrocnemius")[:2] == ("gastrocnemius_medial", "left")
    assert muscle_in("electrodes over soleus and tibialis anterior").muscle is None
    assert muscle_in("no muscle is named here").muscle is None
