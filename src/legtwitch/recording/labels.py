"""The words of channel labels: which of them mean a leg, a side, or something else. Data only; `roles.py` reads it.

Words are in lower case without accents. Languages: English, French, German, Dutch, Spanish, Italian, Portuguese.
"""

from __future__ import annotations


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


LEFT = _words(
    "l lt lft left li lk links linke linker linkes g gche gauche izq izquierda izquierdo sx sin sinistra sinistro "
    "esq esquerda esquerdo"
)
RIGHT = _words(
    "r rt rgt right re rechts rechte rechter rechtes d dr dt droit droite dx destra destro der derecha derecho dir "
    "direita direito"
)

LEG = _words(
    "leg legs jambe jambes bein beine been pierna piernas gamba gambe perna pernas tib tibia tibial tibialis tibant "
    "plm plms"
)
"""Words that mean the shin muscle or the leg channel of a sleep recording by themselves."""

LEG_SHORT = _words("ta lm lms")
"""Short words that mostly mean it; certain only with a side."""

WHOLE: dict[str, tuple[str, float]] = {
    "lat": ("leg_left", 0.95),  # left anterior tibialis
    "rat": ("leg_right", 0.95),
    "atl": ("leg_left", 0.7),
    "atr": ("leg_right", 0.7),
    "jg": ("leg_left", 0.7),  # jambe gauche
    "jd": ("leg_right", 0.7),
    "plmd": ("leg_unknown", 0.6),  # the disorder, or the right leg in French
    "plmg": ("leg_left", 0.8),
}
"""Whole words with a role of their own, a number behind them allowed (`LAT1`)."""

WITH_SIDE = _words("at mi jb")
"""Words that mean a leg only beside a word of side: anterior tibialis, membre inférieur, jambe."""

IMPEDANCE = _words("imp impedance impedanz impedancia impedanza impedantie z kohm ohm")
"""`z` counts only behind other words: `LAT Z`, not `Z Axis`."""

NOT_A_LEG = _words(
    "chin menton mentonnier mentalis ment submental submentalis submentonnier kinn mento mylo mylohyoid arm arms bras "
    "masseter deltoid delt dorsi latissimus biceps triceps fds edc fdi forearm hand intercostal diaphragm gastroc "
    "gastrocnemius soleus wade calf quad quadriceps vastus thigh neck trapezius scm hal hallucis abductor adductor"
)
"""Words of other muscles: with them a channel is no tibialis channel, whatever else it says."""

NOT_A_LIMB = _words(
    "chin menton mentonnier mentalis ment submental submentalis submentonnier kinn mento mylo mylohyoid masseter "
    "intercostal diaphragm neck trapezius scm"
)
"""Those of them that are neither on a leg nor on an arm."""

NOT_A_SIGNAL = _words(
    "pos position posture angle axis axes acc accel accelerometer actigraphy activity count counts event events marker "
    "index rate temp temperature battery batt length latency video"
)
"""Words of derived traces and sensors: `Leg position` is no muscle signal."""

ECG = _words("ecg ekg electrocardiogram")
EOG = _words("eog loc roc")
EYE_POSITIONS = _words("e1 e2 leog reog eogl eogr eogg eogd")
EEG = _words("eeg")
RESPIRATION = _words(
    "resp respiration flow airflow flux debit nasal cannula canule pressure thorax thor thoracic thx chest abdomen abd "
    "abdo abdominal rip ribcage snore snoring ronfl ronflement effort therm thermistor thermist thermocouple ptaf cpap "
    "brustkorb bauch atmung"
)
