"""Comparing an effect with another program's answer, and remembering how close they came."""

import numpy as np

import charts
import recipe

_rows = []


def alone(step, chart):
    """One step on a chart, in its own domain, without the mix."""
    entry = recipe.EFFECTS[step["effect"]]
    domain = entry.domain_for(step)
    return recipe.run_body(step, charts.in_domain(chart, domain), domain, {}, {})


def near(name, a, b, bound=1e-6):
    """Raise when two arrays differ by more than the bound."""
    worst = float(np.abs(np.asarray(a, np.float64) - np.asarray(b, np.float64)).max())
    _rows.append((name, worst, bound))
    if not worst <= bound:
        raise AssertionError(f"{name}: {worst:.3g} > {bound:.3g}")


def report():
    """Print every comparison that was made."""
    for name, worst, bound in _rows:
        print(f"{name:44} {worst:9.2e}  of {bound:.2e}")
