"""Dates and times of day as programs of sleep laboratories write them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime

DATE = re.compile(
    r"(\d{1,4})[/.\-](\d{1,2})[/.\-](\d{1,4})[ T]+(\d{1,2})[:.](\d\d)[:.](\d\d)(?:[.,](\d{1,9}))?\s*([AaPp][Mm])?"
)
"""Groups: three numbers of the date, hour, minute, second, decimals, AM or PM."""
_TIME_OF_DAY = re.compile(r"(\d{1,2})[:.](\d\d)[:.](\d\d)(?:[.,](\d{1,9}))?")
DAY_S = 86_400.0
EARLY_S = 3_600.0
"""A time of day up to an hour before the start lies before it; any other lies behind it, after midnight if need be."""


def moment(match: re.Match[str], day_first: bool) -> datetime:
    """Return date and time of a match of `DATE`. Raises ValueError where there is no such day or hour."""
    one, two, three, hour, minute, second = (int(match[k]) for k in range(1, 7))
    if len(match[1]) == 4:
        year, month, day = one, two, three
    else:
        year = three if three > 99 else three + (1900 if three >= 85 else 2000)
        day, month = (one, two) if day_first else (two, one)
    if match[8]:
        hour = hour % 12 + 12 * (match[8].lower() == "pm")
    return datetime(year, month, day, hour, minute, second, int((match[7] or "")[:6].ljust(6, "0")))


def seconds_of_day(text: str) -> float | None:
    """Return the seconds since midnight of a time of day (`01:18:00,197`, `23.59.30`), None where it is none."""
    match = _TIME_OF_DAY.fullmatch(text.strip())
    if match is None:
        return None
    hour, minute, second = int(match[1]), int(match[2]), int(match[3])
    if hour > 23 or minute > 59 or second > 59:
        return None
    return hour * 3600 + minute * 60 + second + float(f"0.{match[4] or 0}")


def after(start_s: float, times_s: Sequence[float]) -> list[float]:
    """Return times of day, s since midnight, as seconds from the start, s since midnight: past midnight it goes on.

    Right for recordings of up to 23 hours; without dates a longer one can't be told from a shorter.
    """
    return [round((time - start_s + EARLY_S) % DAY_S - EARLY_S, 6) for time in times_s]
