"""Keeps the data away from coin tosses.

Some entries contain a floor, a rounding or a comparison. A value that lies on the edge of one would land on either
side depending on the last bit of f32 arithmetic, and a test on it would say nothing. The effects report how close they
came with `watch`; the generator refuses a case that came closer than `SMALLEST`.
"""

import numpy as np

SMALLEST = 2e-5
_closest = {}


def reset():
    """Forget what was seen; called before each case."""
    _closest.clear()


def closest():
    """The smallest distance seen since `reset`, by name of the decision."""
    return dict(_closest)


def watch_floor(name, v):
    """Record how near the values come to an integer."""
    v = np.asarray(v, np.float64)
    watch(name, np.abs(v - np.round(v)))


def watch(name, distance):
    """Record distances to a decision boundary."""
    distance = np.asarray(distance, np.float64)
    if distance.size:
        _closest[name] = min(_closest.get(name, np.inf), float(distance.min()))
