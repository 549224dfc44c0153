"""The table of effects: domain, switchable space, defaults, identity."""

from dataclasses import dataclass
from typing import Callable

OTHER_SPACE = {"L": "DP", "DP": "L", "D": "LS", "LS": "D"}  # 1.5: the association stays


@dataclass
class Effect:
    """One entry of the catalogue."""

    body: Callable
    domain: str
    switchable: bool
    defaults: dict
    identity: Callable
    gives_data: bool
    reframes: bool

    def domain_for(self, step):
        """The domain a step runs in, with `space` taken into account (1.5)."""
        space = step.get("space")
        if space is None:
            return self.domain
        if not self.switchable:
            raise ValueError(f"{step['effect']} does not accept space")
        linear = self.domain in ("L", "LS")
        return self.domain if linear == (space == "linear") else OTHER_SPACE[self.domain]


EFFECTS = {}


def effect(name, domain, defaults, identity=None, switchable=False, gives_data=False, reframes=False):
    """Register `body(img, p, cx)`; `cx` has the domain and the other pictures.

    `identity` is either the values that make the effect the identity or a predicate on the parameters (1.13). One that
    `reframes` may change the size and is never mixed (1.1).
    """
    if isinstance(identity, dict):
        wanted = identity

        def test(p):
            return all(p[k] == v for k, v in wanted.items())

    else:
        test = identity or (lambda p: False)

    def register(body):
        EFFECTS[name] = Effect(body, domain, switchable, defaults, test, gives_data, reframes)
        return body

    return register
