"""Names of the countries whose emergency number is known here."""

from __future__ import annotations

from legtwitch.knowledge import Knowledge

NAMES = {
    "AT": "Austria", "AU": "Australia", "BE": "Belgium", "BG": "Bulgaria", "BR": "Brazil", "CA": "Canada",
    "CH": "Switzerland", "CN": "China", "CY": "Cyprus", "CZ": "Czechia", "DE": "Germany", "DK": "Denmark",
    "EE": "Estonia", "ES": "Spain", "FI": "Finland", "FR": "France", "GB": "United Kingdom", "GR": "Greece",
    "HR": "Croatia", "HU": "Hungary", "IE": "Ireland", "IN": "India", "IS": "Iceland", "IT": "Italy", "JP": "Japan",
    "KR": "South Korea", "LT": "Lithuania", "LU": "Luxembourg", "LV": "Latvia", "MT": "Malta", "MX": "Mexico",
    "NL": "Netherlands", "NO": "Norway", "NZ": "New Zealand", "PL": "Poland", "PT": "Portugal", "RO": "Romania",
    "SE": "Sweden", "SI": "Slovenia", "SK": "Slovakia", "US": "United States", "ZA": "South Africa",
}  # fmt: skip


def countries(knowledge: Knowledge) -> tuple[tuple[str, str], ...]:
    """Return code and name of every country with a known number, by name."""
    known = {one.country for one in knowledge.safety.numbers}
    return tuple(sorted(((code, NAMES.get(code, code)) for code in known), key=lambda one: one[1]))
