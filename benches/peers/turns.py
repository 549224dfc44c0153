"""Timing."""

import time


# Seconds that work is run before it is timed, as `bowerbird bench` does.
WARM_UP = 0.1


def timed(function, runs):
    """Milliseconds of each run; long ones run once a turn."""
    begin = time.perf_counter()
    while time.perf_counter() < begin + WARM_UP:
        function()
    times = []
    for _ in range(runs):
        start = time.perf_counter()
        function()
        times.append((time.perf_counter() - start) * 1e3)
        if sum(times) > 3000:
            break
    return times
