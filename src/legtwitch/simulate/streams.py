"""Random streams: one for every name, so that adding a confounder changes nothing but what it adds."""

from __future__ import annotations

from zlib import crc32

import numpy as np


def stream(seed: int, name: str) -> np.random.Generator:
    """Return the generator of a name: the same seed and name give the same numbers, another name independent ones."""
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence([seed, crc32(name.encode())])))


def log_uniform(rng: np.random.Generator, low: float, high: float) -> float:
    """Return one number between two bounds, uniform in its logarithm; same unit as the bounds."""
    return float(np.exp(rng.uniform(np.log(low), np.log(high))))
