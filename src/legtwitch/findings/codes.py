"""Codes of what can be wrong with a case file, with their meanings. A code is never reused."""

from __future__ import annotations

UNREADABLE = "E204"
TOO_LARGE = "E208"

SHAPE = "E401"
UNKNOWN_KEY = "E402"
UNKNOWN_ID = "E403"
OTHER_BLOCK = "E404"
WRONG_KIND = "E405"
UNKNOWN_OPTION = "E406"
UNIT_MISSING = "E407"
WRONG_UNIT = "E408"
NO_NUMBER = "E409"
IMPLAUSIBLE = "E410"
NO_DATE = "E411"
DATE_AHEAD = "E412"
CASE_DATE_MISSING = "E413"
WRONG_ATTRIBUTE = "E414"
WRONG_SOURCE = "E415"
CONTRADICTION = "E416"
DOUBTFUL_MEDICINE = "E417"
MEDICINE_BY_COUNTRY = "E418"
SEVERAL_MEANT = "E419"
WRONG_RANGE = "E420"
NO_COUNTRY = "E421"
WRONG_PATH = "E422"
DATE_ORDER = "E423"

CODES: dict[str, str] = {
    UNREADABLE: "The case file can't be read, or is not YAML or JSON.",
    TOO_LARGE: "The case file is larger than any case.",
    SHAPE: "A block, or the case as a whole, does not have the shape it needs.",
    UNKNOWN_KEY: "A key is not known.",
    UNKNOWN_ID: "A finding, person key, lab or exposure is not known.",
    OTHER_BLOCK: "An id stands in a block it does not belong to.",
    WRONG_KIND: "A value is of another kind than the id needs.",
    UNKNOWN_OPTION: "A choice or an attribute has no such option.",
    UNIT_MISSING: "A quantity has no unit.",
    WRONG_UNIT: "A unit is not known, or is of another kind than the quantity.",
    NO_NUMBER: "A number can't be read, or can be read in two ways.",
    IMPLAUSIBLE: "No living person has such a value; the unit may be another one.",
    NO_DATE: "A date is not written as YYYY-MM-DD, or doesn't exist.",
    DATE_AHEAD: "A date lies after the date of the case.",
    CASE_DATE_MISSING: "Something is dated, but the case has no date.",
    WRONG_ATTRIBUTE: "An attribute can't stand beside this value.",
    WRONG_SOURCE: "Who states a finding can't state it.",
    CONTRADICTION: "The same thing is said twice and differently.",
    DOUBTFUL_MEDICINE: "A medicine's name is written much like a known one.",
    MEDICINE_BY_COUNTRY: "A medicine's name means different things in different countries.",
    SEVERAL_MEANT: "A word stands for several labs.",
    WRONG_RANGE: "The printed range of a lab value can't be read.",
    NO_COUNTRY: "A country is not a code of ISO 3166.",
    WRONG_PATH: "A path leads out of the folder of the case file.",
    DATE_ORDER: "Two dates of a medicine are in the wrong order.",
}
