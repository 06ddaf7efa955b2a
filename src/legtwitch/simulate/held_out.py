"""What no detector may be tuned on. A bench reports these apart, and only they say how well a detector generalises."""

from __future__ import annotations

HELD_OUT = ("held_out_calf", "held_out_noise", "held_out_fidget")
"""A recipe and an option of EMG and an option of the accelerometer, each with generator settings of its own."""

FIRST_HELD_OUT_SEED = 90_000
"""Seeds from here on belong to the last test of a detector, whatever the recipe."""
