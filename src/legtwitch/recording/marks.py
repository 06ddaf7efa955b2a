"""What an annotation means: its words → an event name of the vocabulary and a side. Unknown words are None."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from legtwitch.model import Side


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_NAMES = """stage_W stage_N1 stage_N2 stage_N3 stage_R stage_unknown lights_off lights_on arousal apnea hypopnea rera
    desaturation body_position leg_movement large_body_movement fragmentary_myoclonus alma hypnagogic_foot_tremor
    high_frequency_leg_movement rem_twitch hypnic_jerk fasciculation short_potential fibrillation positive_sharp_wave
    end_plate_spikes myokymic_discharge neuromyotonic_discharge complex_repetitive_discharge myotonic_discharge
    motor_unit_discharge voluntary_activity tremor clonus myoclonus cramp spasm nerve_stimulus after_discharge sit_on
    sit_off ecg_artifact movement_artifact electrode_pop artifact recording_gap user_mark"""
EVENTS: tuple[str, ...] = tuple(_NAMES.split())
"""The event names of the vocabulary; a test holds both lists equal. Reading a file must not pay for the knowledge."""

_STAGE_PREFIX = re.compile(r"^(?:sleep |schlaf)?(?:stage|stages|stade|stadium|stadio|fase|sleep)s? ?(?:de sommeil )?")
_STAGES = {
    "stage_W": "w wake awake wakefulness wach wachheit eveil veille s0 0",
    "stage_N1": "n1 s1 1 i nrem1",
    "stage_N2": "n2 s2 2 ii nrem2",
    "stage_N3": "n3 n4 s3 s4 3 4 iii iv nrem3 nrem4 sws",
    "stage_R": "r rem paradoxal sp",
    "stage_unknown": "unknown unscored unstaged mt m u unclassified",
}
_STAGE = {word: stage for stage, words in _STAGES.items() for word in words.split()}
_BARE_STAGE = {
    **{word: word_stage for word, word_stage in _STAGE.items() if re.fullmatch(r"(n|nrem)[1-4]", word)},
    **dict.fromkeys(("wake", "awake", "wach", "eveil"), "stage_W"),
    **dict.fromkeys(("rem", "rem sleep", "sommeil paradoxal"), "stage_R"),
    "movement time": "stage_unknown",
    "unscored": "stage_unknown",
    "no stage": "stage_unknown",
    "stage no stage": "stage_unknown",
}
_LETTER_STAGE = {word: _STAGE[word] for word in ("w", "r", "s1", "s2", "s3", "s4")}
_EPOCH_S = 15.0
"""A lone `W`, `R` or `S2` is a stage only if it lasts about an epoch."""

_SIDES: dict[str, Side] = {
    **dict.fromkeys(("left", "l", "gauche", "g", "links", "li", "izquierda"), "left"),
    **dict.fromkeys(("right", "r", "droite", "d", "rechts", "re", "derecha"), "right"),
    **dict.fromkeys(("both", "bilateral", "bilat", "bilaterale", "beide", "beidseits"), "both"),
}
_TYPES = _words(
    "obstructive obstructif obstruktive obstruktiv central centrale zentrale zentral mixed mixte gemischte gemischt "
    "unclassified"
)
_KINDS: tuple[tuple[str, frozenset[str], frozenset[str]], ...] = (
    (
        "rera",
        frozenset(("rera", "respiratory effort related arousal", "respiratory event related arousal")),
        _words("event"),
    ),
    (
        "arousal",
        frozenset(
            (
                "arousal",
                "arousals",
                "micro eveil",
                "microeveil",
                "micro arousal",
                "microarousal",
                "weckreaktion",
                "mikroarousal",
            )
        ),
        _words(
            "eeg emg spontaneous spont respiratory resp res plm lm limb leg movement snore asda aasm aro standard "
            "cardiac apnea hypopnea desat event"
        ),
    ),
    ("apnea", frozenset(("apnea", "apnoea", "apnee", "apnoe", "apnoea")), _TYPES | {"event", "respiratory", "sleep"}),
    ("hypopnea", frozenset(("hypopnea", "hypopnoea", "hypopnee", "hypopnoe")), _TYPES | {"event", "respiratory"}),
    (
        "desaturation",
        frozenset(("desat", "desaturation", "entsattigung")),
        _words("spo2 sao2 o2 oxygen event"),
    ),
    (
        "leg_movement",
        frozenset(
            (
                "lm",
                "lms",
                "plm",
                "plms",
                "mj",
                "mjp",
                "limb movement",
                "limb movements",
                "leg movement",
                "leg movements",
                "mouvement de jambe",
                "mouvements de jambe",
                "mouvements de jambes",
                "mouvement jambe",
                "beinbewegung",
                "periodische beinbewegung",
            )
        ),
        _words("periodic isolated event periodique periodiques"),
    ),
    (
        "lights_off",
        frozenset(
            (
                "lights off",
                "light off",
                "lights out",
                "lichter aus",
                "licht aus",
                "extinction des feux",
                "extinction des lumieres",
                "lumiere eteinte",
                "lumieres eteintes",
            )
        ),
        frozenset(),
    ),
    (
        "lights_on",
        frozenset(("lights on", "light on", "lichter an", "licht an", "lumiere allumee", "lumieres allumees")),
        frozenset(),
    ),
    (
        "artifact",
        frozenset(("artifact", "artefact", "artefakt", "artifacts", "artefacts", "artefakte")),
        frozenset(("signal", "event")),
    ),
    ("body_position", frozenset(("body position", "position", "supine", "prone", "upright")), _words("change")),
)
_SHORT_APNEA = re.compile(r"a (obstructive|obstructif|central|centrale|mixed|mixte)")
_SHORT_HYPOPNEA = re.compile(r"h (obstructive|obstructif|central|centrale|mixed|mixte)")
POSITIONS = _words("dos ventre gauche droite debout supine prone left right upright back front stomach")
"""Names of body positions in exported lists of events, where they stand alone."""


@lru_cache(maxsize=4096)
def plain(text: str) -> str:
    """Return a text in lower case without accents, its words parted by single blanks; `?` is read as unknown."""
    bare = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return " ".join(re.findall(r"[a-z0-9]+", bare.casefold().replace("?", " unknown ")))


def meaning(text: str, duration_s: float = 0.0) -> tuple[str, Side] | None:
    """Return event name and side of an annotation, or None where its words are not known.

    duration_s: tells a stage `W` or `R` from another letter.
    """
    words = plain(text)
    if words in _LETTER_STAGE:
        return (_LETTER_STAGE[words], "n/a") if duration_s >= _EPOCH_S else None
    return _meaning(words)


@lru_cache(maxsize=4096)
def _meaning(words: str) -> tuple[str, Side] | None:
    stage = _stage(words)
    if stage is not None:
        return stage, "n/a"
    if _SHORT_APNEA.fullmatch(words):
        return "apnea", "n/a"
    if _SHORT_HYPOPNEA.fullmatch(words):
        return "hypopnea", "n/a"
    for event, names, qualifiers in _KINDS:
        rest = [word for word in words.split() if word not in qualifiers]
        side: Side = "n/a"
        if event == "leg_movement":
            rest, side = _take_side(rest)
        if " ".join(rest) in names:
            return event, side
    rest, side = _take_side(words.split())
    name = "_".join(rest)
    own = next((event for event in EVENTS if event.casefold() == name), None)
    return None if own is None or own == "user_mark" else (own, side)


def _stage(words: str) -> str | None:
    if words in _BARE_STAGE:
        return _BARE_STAGE[words]
    rest = _STAGE_PREFIX.sub("", words, count=1)
    return _STAGE.get(rest.replace("nrem ", "nrem").replace("rem sleep", "rem")) if rest != words else None


def _take_side(words: list[str]) -> tuple[list[str], Side]:
    """Return the words without those of side, and the side; both sides together are `both`."""
    sides = {_SIDES[word] for word in words if word in _SIDES}
    rest = [word for word in words if word not in _SIDES]
    if not sides:
        return rest, "n/a"
    return rest, sides.pop() if len(sides) == 1 else "both"
