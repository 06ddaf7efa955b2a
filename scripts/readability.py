"""List the questions and sentences for lay people that read harder than age 11 (a warning list; never fails a build).

The measure is the Flesch-Kincaid grade (Kincaid et al. 1975) with a plain vowel-group count of syllables; US grade 6
is about age 11 to 12. Medical words that can't be avoided raise it, so a line here is a place to look, no verdict.
"""

from __future__ import annotations

import re

from legtwitch.knowledge import load

LIMIT = 6.5


def syllables(word: str) -> int:
    """Return the number of syllables, by groups of vowels; a silent e at the end does not count."""
    groups = len(re.findall(r"[aeiouy]+", word.lower()))
    return max(1, groups - (word.lower().endswith("e") and not word.lower().endswith("le") and groups > 1))


def grade(text: str) -> float:
    """Return the Flesch-Kincaid grade of a text."""
    words = re.findall(r"[A-Za-z']+", text)
    sentences = max(1, len(re.findall(r"[.!?](?:\s|$)", text)))
    if not words:
        return 0.0
    return 0.39 * len(words) / sentences + 11.8 * sum(map(syllables, words)) / len(words) - 15.59


def main() -> None:
    """Print the list, hardest first."""
    known = load()
    texts = [(f"question {one.id}", one.text) for one in known.questions]
    texts += [(f"rule {rule.id}", level.say) for rule in known.safety.rules for level in rule.levels]
    texts += [(f"level {one.id}", f"{one.headline} {one.advice}") for one in known.safety.levels]
    hard = sorted(((grade(text), name, text) for name, text in texts if grade(text) > LIMIT), reverse=True)
    for value, name, text in hard:
        print(f"{value:5.1f}  {name}: {text}")
    print(f"{len(hard)} of {len(texts)} texts read harder than grade {LIMIT}.")


if __name__ == "__main__":
    main()
