"""What annotations of many programs mean."""

from __future__ import annotations

import pytest
import yaml

from legtwitch.recording.marks import EVENTS, meaning

WORDS = {
    "stage_W": ["Sleep stage W", "Stage W", "Wake", "W", "Éveil", "Wach", "sleep stage Wake", "SLEEP-S0",
                "Stade éveil"],
    "stage_N1": ["Sleep stage N1", "Sleep stage 1", "N1", "S1", "Stage 1", "Schlafstadium 1", "SLEEP-S1",
                 "Stade N1", "NREM1", "Stage - N1"],
    "stage_N2": ["Sleep stage N2", "Sleep stage 2", "N2", "Stadium 2", "Stage NREM 2"],
    "stage_N3": ["Sleep stage N3", "Sleep stage 3", "Sleep stage 4", "N3", "Stage 4", "SLEEP-S4", "N4"],
    "stage_R": ["Sleep stage R", "Sleep stage REM", "REM", "R", "Stage R", "SLEEP-REM", "Sommeil paradoxal"],
    "stage_unknown": ["Sleep stage ?", "Movement time", "Unscored", "No stage"],
    "arousal": ["Arousal", "Micro-éveil", "EEG arousal", "Arousal (spontaneous)", "Respiratory arousal",
                "PLM Arousal (EEG)", "LM Arousal"],
    "apnea": ["Apnea", "Apnoea", "Apnée", "Obstructive apnea", "Central Apnea", "Mixed Apnoea", "A. Obstructive",
              "A. Centrale", "A. Mixte",
              "Apnée obstructive", "Obstructive Apnea Event", "zentrale Apnoe"],
    "hypopnea": ["Hypopnea", "Hypopnée", "Hypopnoea", "Obstructive hypopnea", "Hypopnoe"],
    "rera": ["RERA", "Respiratory effort related arousal"],
    "desaturation": ["Désat", "Desat", "Desaturation", "SpO2 desaturation", "O2 Desat"],
    "lights_off": ["Lights off", "Lights Out", "Licht aus", "Lumière éteinte", "LIGHTS_OFF"],
    "lights_on": ["Lights on", "Licht an", "Lumière allumée"],
    "artifact": ["Artefact", "Artifact", "Signal artifact", "Artefakt"],
    "tremor": ["tremor", "Tremor"],
    "sit_on": ["sit_on"],
}  # fmt: skip
MOVEMENTS = {
    "LM": "n/a", "limb movement": "n/a", "PLM": "n/a", "MJ": "n/a", "Leg movement": "n/a", "Beinbewegung": "n/a",
    "PLM (Left)": "left",
    "Periodic leg movement - left": "left", "Limb movement right": "right", "LM R": "right",
    "Mouvement de jambe gauche": "left",
    "Leg movement - both": "both", "leg movement bilateral": "both", "Isolated limb movement": "n/a",
    "leg_movement": "n/a",
}  # fmt: skip
UNKNOWN = ["Rapide", "Notification", "PLM with arousal off", "Début de l'analyse", "200", "1", "left", "Rapid",
    "user_mark", "", "???!",
           "sleep onset", "no apnea", "A", "H", "Lights", "arm movement", "Recording starts", "lmao",
           "Stage 5", "Gauche"]  # fmt: skip


@pytest.mark.parametrize(("event", "text"), [(event, text) for event, texts in WORDS.items() for text in texts])
def test_known_words(event, text):
    assert meaning(text, 30.0) == (event, "n/a")


@pytest.mark.parametrize(("text", "side"), MOVEMENTS.items())
def test_leg_movements_and_their_side(text, side):
    assert meaning(text) == ("leg_movement", side)


@pytest.mark.parametrize("text", UNKNOWN)
def test_unknown_words_stay_unknown(text):
    assert meaning(text, 3.0) is None


def test_a_lone_letter_is_a_stage_only_over_an_epoch():
    assert meaning("R", 30.0) == ("stage_R", "n/a")
    assert meaning("R", 0.0) is None
    assert meaning("W", 0.5) is None


def test_event_names_are_those_of_the_vocabulary():
    from importlib.resources import files

    text = (files("legtwitch.knowledge") / "data" / "vocabulary.yaml").read_text("utf-8")
    section = text[text.index("\nevents:") : text.index("\nmovement_attributes:")]
    assert tuple(one["id"] for one in yaml.safe_load(section)["events"]) == EVENTS
