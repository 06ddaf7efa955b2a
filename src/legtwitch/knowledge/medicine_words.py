"""What people write beside the name of a medicine: strength, form, salt and how often it is taken."""

from __future__ import annotations

import re

_NUMBER = r"\d+(?:[.,]\d+)?"
_UNIT = r"(?:mg|mcg|\u00b5g|\u03bcg|ug|g|ml|iu|units?|%|microgram(?:me)?s?)"
# A bare number must have two digits: Tylenol 3 is not Tylenol.
_STRENGTH = rf"(?:{_NUMBER}(?:\s*[/x-]\s*{_NUMBER})*\s*{_UNIT}|\d[\d.,]+|{_NUMBER}\s*/\s*{_NUMBER})"
_PER = r"(?:\s*/\s*(?:\d+\s*)?(?:ml|h|hr|hour|day|dose|puff|actuation))?"
_OFTEN = (
    r"(?:once|twice|(?:two|three|four|\d)\s*(?:times|x))?\s*(?:daily|nightly|weekly|monthly|an?\s+(?:day|week|month)|"
    r"per\s+day|each\s+(?:day|night|morning)|every\s+(?:other\s+)?(?:day|night|morning|evening|week|\d+\s*h(?:ours?)?)|"
    r"at\s+(?:night|bedtime)|in\s+the\s+(?:morning|evening)|as\s+needed|when\s+needed|if\s+needed|prn|bid|tid|qd|qhs|bd|od|tds)"
)
# Creams, ointments and drops are left out: little of them gets into the blood, so they are asked about.
_FORM = (
    r"(?:film[- ]coated\s+)?(?:tablets?|tabs?|capsules?|caps?|caplets?|pills?|patch(?:es)?|plasters?|inhalers?|"
    r"puffers?|(?:nasal\s+|nose\s+|mouth\s+)?sprays?|puffs?|syrup|solution|liquid|suspension|"
    r"injections?|jabs?|shots?|pens?|infusions?|drips?|suppositor(?:y|ies)|lozenges?|gummies|gum|powder|sachets?|"
    r"effervescent|chewable|oral|generic|otc)"
)
_RELEASE = (
    r"(?:xr|er|sr|xl|cr|mr|pr|ir|odt|ec|retard|(?:extended|modified|prolonged|sustained|slow|immediate|controlled)"
    r"[- ]release)"
)
_SALT = (
    r"(?:hydrochloride|hydrochlorid|hcl|hydrobromide|hbr|sodium|sul(?:f|ph)ate|tartrate|succinate|maleate|"
    r"mesylate|mesilate|fumarate|besylate|besilate|bromide|citrate|phosphate|acetate|oxalate|carbonate|monohydrate|"
    r"dihydrate)"
)
_BEHIND = re.compile(rf"[\s,;:-]+(?:{_STRENGTH}{_PER}|{_OFTEN}|(?:\d+\s*)?{_FORM}|{_RELEASE})\.?$", re.IGNORECASE)
_BEFORE = re.compile(rf"^(?:{_STRENGTH}{_PER}|{_FORM}|generic|low[- ]dose|high[- ]dose)\s+(?:of\s+)?", re.IGNORECASE)
_SALT_BEHIND = re.compile(rf"\s+{_SALT}$", re.IGNORECASE)
_BRACKETS = re.compile(r"^(.*?)\s*[(\[]([^()\[\]]+)[)\]]\s*(.*)$")
_BETWEEN = re.compile(r"\s*[/+&]\s*|\s+(?:and|with|plus)\s+|\s*,\s+", re.IGNORECASE)
_LETTERS = 3


def bare_names(word: str) -> tuple[str, ...]:
    """Return the name as written and, one step after the other, without what stands beside it; the longest first.

    >>> bare_names("Sertraline HCl 50 mg tablets")
    ('Sertraline HCl 50 mg tablets', 'Sertraline HCl 50 mg', 'Sertraline HCl', 'Sertraline')
    """
    found = [word.strip()]
    for _ in range(len(word)):
        shorter = _BEHIND.sub("", found[-1])
        if shorter == found[-1]:
            shorter = _BEFORE.sub("", found[-1])
        if shorter == found[-1]:
            shorter = _SALT_BEHIND.sub("", found[-1])
        if shorter == found[-1] or len(shorter) < _LETTERS:
            break
        found.append(shorter)
    return tuple(found)


def words(word: str) -> tuple[str, ...]:
    """Return the words of a name of several words; empty for a single word.

    >>> words("stopped Zoloft")
    ('stopped', 'Zoloft')
    """
    found = tuple(re.findall(r"[^\W\d_]+", word))
    return found if len(found) > 1 else ()


def without_brackets(word: str) -> tuple[str, str]:
    """Return the name outside and inside the first brackets; the inside is empty where there are none.

    >>> without_brackets("Zoloft (sertraline) 50 mg")
    ('Zoloft 50 mg', 'sertraline')
    """
    match = _BRACKETS.match(word.strip())
    if match is None:
        return word.strip(), ""
    return f"{match[1]} {match[3]}".strip() or match[2].strip(), match[2].strip()


def parts(word: str) -> tuple[str, ...]:
    """Return the names in a row that is joined by a stroke, a plus, a comma or `and`; empty for a single name.

    >>> parts("salmeterol/fluticasone 50/250")
    ('salmeterol', 'fluticasone')
    """
    bare = bare_names(word)[-1]
    found = tuple(one.strip() for one in _BETWEEN.split(bare) if one.strip())
    return found if len(found) > 1 else ()
