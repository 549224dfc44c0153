"""A case: one recipe, one input, what must come out and how closely."""

import random
from dataclasses import dataclass, field

import charts
from params import Params
from registry import EFFECTS

TIERS = ("T0", "T1", "T1t", "T1w", "T2", "T2d", "T3", "BLUR")


@dataclass
class Case:
    """Everything about a case but its numbers."""

    name: str
    effect: str
    recipe: dict
    chart: str
    domain: str
    tier: str
    compare: str
    gain: float = 1.0
    layers: dict = field(default_factory=dict)  # asset name -> (chart, domain)
    texts: dict = field(default_factory=dict)  # asset name -> path of a text file
    note: str = ""
    identity: bool = False  # the answer must be the input, bit for bit


ALL = []

# The lengths whose Gaussian may be computed in another way from 1.5 px on (1.12).
GAUSSIANS = {
    "gaussian_blur": lambda p: [p.length(k) for k in ("sigma", "sigma_y") if p.values.get(k) is not None],
    "unsharp_mask": lambda p: [p.length("sigma")],
    "bloom": lambda p: [p.length("sigma")],
    "high_pass": lambda p: [p.length("sigma")],
    "pencil_sketch": lambda p: [p.length("sigma")],
    "dog": lambda p: [p.f("ratio") * p.length("sigma")],
}


def compare_space(domain, tier):
    """BLUR, T2 and T3 are judged on a display, everything else where it is stored (section 27)."""
    if tier in ("BLUR", "T2", "T2d", "T3"):
        return "display"
    return "linear" if domain in ("L", "LS") else "display"


def case(effect, name, params=None, chart="alpha", tier="T1", layers=None, texts=None, note="", gain=1.0):
    """One step on its own, in its own domain."""
    step = {"effect": effect, **(params or {})}
    entry = EFFECTS[effect]
    domain = entry.domain_for(step)
    w, h = charts.SIZES[chart]
    p = Params(entry.defaults, step, w, h)
    identity = entry.identity(p)
    if identity:
        tier = "T0"
    elif effect in GAUSSIANS:
        tier = "BLUR" if max(GAUSSIANS[effect](p)) >= 1.5 else tier
    layers = {k: (v, domain if effect == "blend" else "D") for k, v in (layers or {}).items()}
    recipe = {"version": 1, "name": f"{effect}/{name}", "steps": [step]}
    compare = "data" if entry.gives_data else compare_space(domain, tier)
    _add(Case(f"{effect}/{name}", effect, recipe, chart, domain, tier, compare, gain, layers, texts or {}, note, identity))


def whole(group, name, steps, chart="alpha", masks=None, layers=None, tier="T2", note=""):
    """A recipe from display straight to display straight."""
    recipe = {"version": 1, "name": f"{group}/{name}", "steps": steps}
    if masks:
        recipe["masks"] = masks
    layers = {k: (v, "D") for k, v in (layers or {}).items()}
    _add(Case(f"{group}/{name}", group, recipe, chart, "D", tier, "display", 1.0, layers, {}, note, tier == "T0"))


def _add(new):
    assert new.tier in TIERS
    assert all(new.name != c.name for c in ALL), new.name
    files = {k: layer_path(*v) for k, v in new.layers.items()} | new.texts
    if files:
        new.recipe["assets"] = files
    ALL.append(new)


def layer_path(chart, domain):
    """Where a chart is stored."""
    return f"inputs/{chart}_{domain}.f32"


def seeded(name, **ranges):
    """Parameter values drawn from (low, high) pairs or lists, the same on every machine."""
    source = random.Random(name)
    out = {}
    for key, choice in ranges.items():
        if isinstance(choice, list):
            out[key] = source.choice(choice)
        else:
            out[key] = round(source.uniform(*choice), 3)
    return out
