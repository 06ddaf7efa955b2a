"""What published norms say of a count, or why none applies, in plain words; the words stand in emg_norms.yaml."""

from __future__ import annotations

from collections.abc import Mapping

from legtwitch.knowledge.emg_norms import EmgNorm, norms_of

Values = Mapping[str, float | int | None]


def norm_of(kind: str, muscle: str | None, values: Values, *, age: float | None, told: bool) -> str:
    """Return what is said of the values of a muscle.

    kind: event. muscle: vocabulary id or None. values: of the score. age: in years or None. told: whether the muscle
    was stated by the user and not read from a label.

    Without a muscle nothing is interpreted; with one whose count was made in another way, it is said why not.
    """
    if kind == "short_potential":
        return "No norm: counts without shape can't be compared with counts of fasciculations."
    if muscle is None:
        return "No norm: the muscle is not known, and every norm is that of a muscle. State it with --muscle."
    said = [_said(one, values, age) for one in norms_of(kind, muscle)]
    if not any(said):
        name = muscle.replace("_", " ")
        said = [f"No norm: for {name} no count of healthy people made this way is known."]
    if not told:
        said.append("The muscle was read from the channel's label.")
    return " ".join(one for one in said if one)


def _said(norm: EmgNorm, values: Values, age: float | None) -> str:
    if norm.always:
        return norm.always
    value = values.get(norm.value)
    if value is None:
        return "No norm: the value that the norm is about could not be made here (see its reason)."
    if norm.age is not None and age is None:
        return f"No norm: that of this muscle is for {norm.age[0]} to {norm.age[1]} years, and the age is not known."
    if norm.age is not None and age is not None and not norm.age[0] <= age <= norm.age[1]:
        return f"No norm: that of this muscle is for {norm.age[0]} to {norm.age[1]} years only."
    short = [name for name, least in norm.least.items() if (values.get(name) or 0) < least]
    if short:
        least = ", ".join(f"{norm.least[name]:g}" for name in short)
        return f"No norm: its limits are means of at least {least} potentials."
    assert norm.above is not None
    return norm.beyond if value > norm.above else norm.within
