"""An assessment, a score or a detection as a document of the kind that is asked for."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from legtwitch.errors import UsageError
from legtwitch.model import Assessment, Detection, Score


def document(result: Assessment | Score | Detection, kind: str, labels: Mapping[str, str]) -> str:
    """Return a result as `html` (one self-contained page), `json` or, of an assessment alone, `text`.

    labels: vocabulary id → words, for a detection. Raises UsageError (E105) for another kind.
    """
    if kind == "json":
        return json.dumps(_as_json(result), indent=2, ensure_ascii=False) + "\n"
    if kind == "html":
        from legtwitch.report import html

        if isinstance(result, Score):
            return html.render_score(result)
        return html.render_detection(result, labels) if isinstance(result, Detection) else html.render(result)
    if kind == "text" and isinstance(result, Assessment):
        from legtwitch.report import text

        return text.render(result)
    allowed = ["html", "json", *(["text"] if isinstance(result, Assessment) else [])]
    raise UsageError("E105", "There is no such kind of report of this.", got=kind, allowed=allowed)


def _as_json(result: Assessment | Score | Detection) -> dict[str, Any]:
    from legtwitch.report import as_json, as_json_detect

    if isinstance(result, Score):
        return as_json.score(result)
    return as_json_detect.detection(result) if isinstance(result, Detection) else as_json.assessment(result)
