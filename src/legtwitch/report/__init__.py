"""Renderings of an assessment or a score, which carry all they show: no report opens a file."""
