"""Which muscle a channel lies on, read from its label or from the notes of its file. Roles for the night: `roles.py`.

Abbreviations are those of gait and needle EMG. Some are used for two muscles (`GM`: medial gastrocnemius or gluteus
medius); they have a low certainty.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from legtwitch.model import Channel, Side
from legtwitch.recording import labels
from legtwitch.recording.roles import words_of


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


class MuscleFound(NamedTuple):
    """A muscle (vocabulary attribute `muscle`), its side, and how sure the muscle is from 0 to 1; None and 0: unknown.

    A side stands beside an unknown muscle, too.
    """

    muscle: str | None
    side: Side
    certainty: float


_SHORT: dict[str, tuple[str, float]] = {
    "ah": ("abductor_hallucis", 0.7),
    "abh": ("abductor_hallucis", 0.8),
    "edb": ("extensor_digitorum_brevis", 0.85),
    "fdb": ("flexor_digitorum_brevis", 0.85),
    "ta": ("tibialis_anterior", 0.9),
    "tib": ("tibialis_anterior", 0.6),
    "lat": ("tibialis_anterior", 0.85),  # left anterior tibialis; sides in _SHORT_SIDE
    "rat": ("tibialis_anterior", 0.9),
    "ehl": ("extensor_hallucis_longus", 0.9),
    "pl": ("peroneus_longus", 0.8),
    "fl": ("other_muscle", 0.5),  # tensor fasciae latae in gait sets
    "tfl": ("other_muscle", 0.9),
    "st": ("hamstrings", 0.7),
    "semit": ("hamstrings", 0.8),
    "ham": ("hamstrings", 0.8),
    "hams": ("hamstrings", 0.85),
    "bf": ("biceps_femoris", 0.85),
    "bflh": ("biceps_femoris", 0.9),
    "tp": ("tibialis_posterior", 0.7),
    "pt": ("peroneus_tertius", 0.6),
    "gas": ("gastrocnemius", 0.85),
    "gast": ("gastrocnemius", 0.9),
    "gc": ("gastrocnemius", 0.7),
    "gn": ("gastrocnemius", 0.6),
    "gm": ("gastrocnemius_medial", 0.6),
    "mg": ("gastrocnemius_medial", 0.85),
    "gasm": ("gastrocnemius_medial", 0.9),
    "gl": ("gastrocnemius_lateral", 0.85),
    "lg": ("gastrocnemius_lateral", 0.8),
    "so": ("soleus", 0.8),
    "sol": ("soleus", 0.9),
    "vl": ("vastus_lateralis", 0.9),
    "vm": ("vastus_medialis", 0.9),
    "vmo": ("vastus_medialis", 0.95),
    "rf": ("rectus_femoris", 0.9),
    "quad": ("quadriceps", 0.85),
    "quads": ("quadriceps", 0.85),
    "add": ("adductor_magnus", 0.5),
    "am": ("adductor_magnus", 0.6),
    "ip": ("iliopsoas", 0.7),
    "me": ("gluteus_medius", 0.6),
    "gmed": ("gluteus_medius", 0.8),
    "glmed": ("gluteus_medius", 0.95),
    "ma": ("gluteus_maximus", 0.6),
    "gmax": ("gluteus_maximus", 0.95),
    "glmax": ("gluteus_maximus", 0.95),
    "bb": ("biceps_brachii", 0.8),
    "tb": ("triceps_brachii", 0.7),
    "fdi": ("first_dorsal_interosseous", 0.9),
    "apb": ("abductor_pollicis_brevis", 0.9),
    "adm": ("abductor_digiti_minimi", 0.9),
    "fds": ("finger_flexors", 0.8),
    "edc": ("extensor_digitorum", 0.85),
    "fcr": ("flexor_carpi_radialis", 0.9),
    "scm": ("sternocleidomastoid", 0.9),
}
_SHORT_SIDE: dict[str, Side] = {"lat": "left", "rat": "right"}
_LONG: tuple[tuple[str, str], ...] = (
    (r"abd\w*hal\w*", "abductor_hallucis"),
    (r"extensordig\w*brevis|extdigbrev\w*", "extensor_digitorum_brevis"),
    (r"flexordig\w*brevis", "flexor_digitorum_brevis"),
    (r"tib\w*ant\w*|anttib\w*|anteriortib\w*|tibantmuscle|shinmuscle", "tibialis_anterior"),
    (r"tib\w*post\w*|posttib\w*", "tibialis_posterior"),
    (r"ext\w*hall\w*long\w*", "extensor_hallucis_longus"),
    (r"(peron|fibular)\w*tert\w*", "peroneus_tertius"),
    (r"(peron|per|fibular|fib)\w*long\w*|peroneus|peron", "peroneus_longus"),
    (r"(gastroc\w*|gast|gas)med\w*|med\w*gas\w*|gastrom", "gastrocnemius_medial"),
    (r"(gastroc\w*|gast|gas)lat\w*|lat\w*gas\w*|gastrol", "gastrocnemius_lateral"),
    (r"gastro\w*|calf|calves|wade\w*|tricepssurae", "gastrocnemius"),
    (r"soleus|soleo|solaire", "soleus"),
    (r"vast\w*lat\w*|latvast\w*", "vastus_lateralis"),
    (r"vast\w*med\w*|medvast\w*", "vastus_medialis"),
    (r"rect\w*fem\w*", "rectus_femoris"),
    (r"rect\w*abd\w*", "rectus_abdominis"),
    (r"quadriceps\w*|thigh|vastus", "quadriceps"),
    (r"bic\w*fem\w*", "biceps_femoris"),
    (r"hamstring\w*|semit\w*|semim\w*", "hamstrings"),
    (r"adductor\w*|addmag\w*", "adductor_magnus"),
    (r"iliopsoas|psoas", "iliopsoas"),
    (r"glut\w*med\w*", "gluteus_medius"),
    (r"glut\w*max\w*", "gluteus_maximus"),
    (r"tensorfasc\w*", "other_muscle"),
    (r"deltoid\w*|delt", "deltoid"),
    (r"trapezius\w*|trap", "trapezius"),
    (r"bic\w*brach\w*|biceps", "biceps_brachii"),
    (r"tric\w*brach\w*|triceps", "triceps_brachii"),
    (r"brachioradialis", "brachioradialis"),
    (r"flexorcarpiradialis", "flexor_carpi_radialis"),
    (r"extensordigitorum\w*", "extensor_digitorum"),
    (r"sternocleido\w*", "sternocleidomastoid"),
    (r"masseter\w*", "masseter"),
    (r"mentalis", "mentalis"),
    (r"tongue|genioglossus", "tongue"),
    (r"diaphragm\w*", "diaphragm"),
    (r"intercostal\w*", "intercostals"),
)
_BROAD = {"calf", "calves", "thigh", "vastus", "peroneus", "peron", "biceps", "triceps"}
_NOISE = _words("emg semg semgs raw uv mv v ch chan channel muscle m mm musculus sensor electrode signal rect env")
_LEFT, _RIGHT = labels.LEFT, labels.RIGHT
_IN_NOTES = _words(
    "tibialis gastrocnemius soleus vastus rectus biceps hamstrings peroneus abductor extensor gluteus deltoid "
    "quadriceps medial lateral anterior posterior medialis lateralis"
)


def muscle_of(label: str) -> MuscleFound:
    """Return muscle, side and certainty of a channel label such as `RF`, `tib ant L`, `EMG2_GAS_R` or `LTA`.

    A side is given only where the label says it. Sleep recordings name the shin muscle by `LAT` and `RAT`, too.

    >>> muscle_of("RTA")
    MuscleFound(muscle='tibialis_anterior', side='right', certainty=0.85)
    """
    words = [word.rstrip("0123456789") for word in words_of(label)]
    words = [word for word in words if word and word not in _NOISE]
    whole = "".join(words)
    if whole in _SHORT:
        return _short(whole, "n/a")
    sides: list[Side] = ["left" if word in _LEFT else "right" for word in words if word in _LEFT | _RIGHT]
    side: Side = "n/a" if not sides else sides[0] if len(set(sides)) == 1 else "both"
    rest = "".join(word for word in words if word not in _LEFT | _RIGHT)
    if not rest:
        return MuscleFound(None, side, 0.0)
    if rest in _SHORT:
        return _short(rest, side)
    for pattern, muscle in _LONG:
        if re.fullmatch(pattern, rest):
            return MuscleFound(muscle, side, 0.6 if rest in _BROAD else 0.95)
    return _with_letter(rest, side)


def _short(word: str, side: Side) -> MuscleFound:
    muscle, certainty = _SHORT[word]
    return MuscleFound(muscle, _SHORT_SIDE.get(word, "n/a") if side == "n/a" else side, certainty)


def _with_letter(word: str, side: Side) -> MuscleFound:
    """Return the muscle of an abbreviation with the letter of a side before or behind it (`LTA`, `SOLR`)."""
    if side == "n/a":
        for letter, told in (("l", "left"), ("r", "right")):
            for rest in (word.removeprefix(letter), word.removesuffix(letter)):
                if rest != word and rest in _SHORT and rest not in _SHORT_SIDE:
                    muscle, certainty = _SHORT[rest]
                    return MuscleFound(muscle, "left" if told == "left" else "right", round(certainty - 0.05, 2))
    return MuscleFound(None, side, 0.0)


def muscle_in(text: str) -> MuscleFound:
    """Return the one muscle that a sentence names in full (`placed in tibialis anterior muscle`), else unknown."""
    words = words_of(text)
    found = {
        muscle
        for at, word in enumerate(words)
        if word in _IN_NOTES or f"{word}s" in _IN_NOTES
        for muscle in [next(filter(None, (_of_words(words[at : at + length]) for length in (3, 2, 1))), None)]
        if muscle is not None
    }
    precise = {one for one in found if not any(other != one and other.startswith(one) for other in found)}
    if len(precise) != 1:
        return MuscleFound(None, "n/a", 0.0)
    sides: set[Side] = {side for word, side in _FULL_SIDES.items() if word in words}
    return MuscleFound(precise.pop(), sides.pop() if len(sides) == 1 else "n/a", 0.8)


_FULL_SIDES: dict[str, Side] = {"left": "left", "right": "right", "links": "left", "rechts": "right"}


def _of_words(words: list[str]) -> str | None:
    joined = "".join(words)
    return next((muscle for pattern, muscle in _LONG if re.fullmatch(pattern, joined)), None)


def muscle_of_channel(channel: Channel) -> MuscleFound:
    """Return the muscle of a channel by its name; where that says none, by the notes of the file in its `why`."""
    named = muscle_of(channel.name)
    if named.muscle is not None:
        return named
    noted = muscle_in(channel.why)
    return MuscleFound(noted.muscle, named.side if named.side != "n/a" else noted.side, noted.certainty)
