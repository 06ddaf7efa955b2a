"""Documents: a result as a page, as JSON, as text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from legtwitch.api.cases import load_knowledge

if TYPE_CHECKING:
    from legtwitch.model import Assessment, Detection, Score


def render(result: Assessment | Score | Detection, kind: str = "html") -> str:
    """Return an assessment, a score or a detection as a document: `html` (one self-contained page), `json` or `text`.

    Only an assessment has a `text`. Raises UsageError for another kind.
    """
    from legtwitch.report.documents import document

    words = load_knowledge().vocabulary
    labels = {id: one.label for section in (words.events, words.findings) for id, one in section.items()}
    return document(result, kind, labels)
