"""The command line. `main` is the entry point; everything heavy is imported by the command that needs it."""

from legtwitch.cli.main import main

__all__ = ["main"]
