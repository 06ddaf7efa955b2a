"""Codes of what can go wrong in the web app, with their meanings. A code is never reused."""

from __future__ import annotations

PORT_TAKEN = "E160"
FORM_BROKEN = "E163"
TOOK_TOO_LONG = "E164"
TOO_MUCH_MEMORY = "E165"
BUSY = "E167"
FORM_OLD = "E168"

CODES: dict[str, str] = {
    PORT_TAKEN: "The port is taken by another program, or can't be used.",
    FORM_BROKEN: "A request can't be read.",
    TOOK_TOO_LONG: "A recording took longer than is allowed and was stopped.",
    TOO_MUCH_MEMORY: "A recording needed more memory than is allowed, or its reading broke off.",
    BUSY: "The web app is already open on this data folder.",
    FORM_OLD: "A form was sent without its secret word; the page is older than this run of the web app.",
}
