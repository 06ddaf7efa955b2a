"""Medicine as data: what legtwitch believes, on which source, and how sure that is."""

from __future__ import annotations

from legtwitch.knowledge.base import Knowledge
from legtwitch.knowledge.loader import load, norms, rule_set, rule_set_hash
from legtwitch.knowledge.vocabulary import Definition, Vocabulary

__all__ = ["Definition", "Knowledge", "Vocabulary", "load", "norms", "rule_set", "rule_set_hash"]
