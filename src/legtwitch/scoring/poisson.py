"""The exact interval of a Poisson count, by quantiles of the gamma distribution."""

from __future__ import annotations

from math import exp, isnan, lgamma, log, sqrt

_STEPS = 400
_CLOSE = 1e-14


def gamma_share(shape: float, value: float) -> float:
    """Return the share of a gamma distribution (scale 1) that lies below a value: the regularised incomplete integral.

    Raises ValueError for a shape that is not positive or a negative value.

    >>> round(gamma_share(1.0, 1.0), 6)
    0.632121
    """
    if shape <= 0 or value < 0 or isnan(value):
        raise ValueError("the shape must be positive and the value not negative")
    if value == 0:
        return 0.0
    front = exp(-value + shape * log(value) - lgamma(shape))
    if value < shape + 1:
        term = total = 1.0 / shape
        place = shape
        for _ in range(100_000):
            place += 1
            term *= value / place
            total += term
            if term < total * _CLOSE:
                break
        return min(1.0, front * total)
    # Continued fraction (Lentz).
    tiny = 1e-300
    b = value + 1 - shape
    c, d = 1 / tiny, 1 / b
    fraction = d
    for one in range(1, 100_000):
        a = -one * (one - shape)
        b += 2
        d = 1 / (a * d + b if abs(a * d + b) > tiny else tiny)
        c = b + a / c if abs(b + a / c) > tiny else tiny
        fraction *= d * c
        if abs(d * c - 1) < _CLOSE:
            break
    return max(0.0, 1 - front * fraction)


def gamma_quantile(shape: float, share: float) -> float:
    """Return the value below which a share (0 to 1) of a gamma distribution (scale 1) lies.

    >>> round(gamma_quantile(1.0, 0.95), 4)
    2.9957
    """
    if not 0 < share < 1:
        raise ValueError("the share must lie between 0 and 1")
    low, high = 0.0, shape + 10 * sqrt(shape) + 20
    while gamma_share(shape, high) < share:
        high *= 2
    for _ in range(_STEPS):
        middle = 0.5 * (low + high)
        if gamma_share(shape, middle) < share:
            low = middle
        else:
            high = middle
        if high - low <= 1e-12 * max(high, 1e-300):
            break
    return 0.5 * (low + high)


def poisson_interval(count: int, level: float = 0.95) -> tuple[float, float]:
    """Return the exact two-sided interval of the mean of a Poisson distribution of which `count` was seen.

    Source: Garwood 1936.

    >>> low, high = poisson_interval(0)
    >>> low, round(high, 4)
    (0.0, 3.6889)
    """
    if count < 0:
        raise ValueError("a count is not negative")
    tail = (1 - level) / 2
    low = gamma_quantile(count, tail) if count else 0.0
    return low, gamma_quantile(count + 1, 1 - tail)
