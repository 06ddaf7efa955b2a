"""Codes of what can go wrong with kept cases, with their meanings. A code is never reused."""

from __future__ import annotations

NO_FOLDER = "E270"
UPLOAD_TOO_LARGE = "E271"
UPLOAD_EMPTY = "E272"
DISK_FULL = "E273"
NOT_A_BUNDLE = "E274"
BUNDLE_TOO_LARGE = "E275"
NEWER_DATABASE = "E276"
FILE_GONE = "E277"

CODES: dict[str, str] = {
    NO_FOLDER: "The folder for kept cases can't be used.",
    UPLOAD_TOO_LARGE: "A file is larger than is taken.",
    UPLOAD_EMPTY: "A file that was added is empty.",
    DISK_FULL: "There is not enough room for a file.",
    NOT_A_BUNDLE: "A file is no exported case.",
    BUNDLE_TOO_LARGE: "An exported case holds more than is taken.",
    FILE_GONE: "A file was deleted while it was being added.",
    NEWER_DATABASE: "The kept cases were written by a newer version.",
}
