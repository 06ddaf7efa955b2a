"""The narrow waist: case files, medicine names, lab values and scores become findings, which reasoning reads."""

from __future__ import annotations

from legtwitch.findings.answers import answer
from legtwitch.findings.case_file import ParsedCase, parse_case, read_case
from legtwitch.findings.collection import FindingSet
from legtwitch.findings.from_detection import findings_from_detection
from legtwitch.findings.from_score import findings_from_score
from legtwitch.findings.labs import findings_from_labs

__all__ = [
    "FindingSet",
    "ParsedCase",
    "answer",
    "findings_from_detection",
    "findings_from_labs",
    "findings_from_score",
    "parse_case",
    "read_case",
]
