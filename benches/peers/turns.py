"""Timing."""

import time


def timed(function, runs):
    """Milliseconds of each run; long ones run once a turn."""
    times = []
    for _ in range(runs):
        start = time.perf_counter()
        function()
        times.append((time.perf_counter() - start) * 1e3)
        if sum(times) > 3000:
            break
    return times
