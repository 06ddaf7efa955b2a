"""`python -m legtwitch` is the command line."""

from legtwitch.cli import main

main()
