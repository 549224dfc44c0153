"""Reading the parameters of a step (effects.md 1.1, 1.4).

Parameters of type f32 are rounded to f32 when read, because that is their type; all arithmetic after that is f64.
"""

import numpy as np

UNIVERSAL = {"effect", "opacity", "blend", "mask", "space", "enabled", "id", "in", "note", "v", "combine"}


def f32(v):
    """A number as the f32 it is stored in."""
    return float(np.float32(v))


class Params:
    """The merged defaults and fields of one step, for one frame size."""

    def __init__(self, defaults, step, width, height):
        unknown = set(step) - set(defaults) - UNIVERSAL
        if unknown:
            raise KeyError(f"{step['effect']} has no parameter {sorted(unknown)}")
        self.values = {**defaults, **step}
        self.width, self.height = width, height
        self.short = min(width, height)

    def __getitem__(self, name):
        """Enums, booleans, integers, lists: the JSON value."""
        return self.values[name]

    def f(self, name):
        """f32"""
        return f32(self.values[name])

    def triple(self, name):
        """f32 x n"""
        return np.array([f32(v) for v in self.values[name]])

    def three(self, name):
        """f32 x 3: three numbers, or one for all (1.4)."""
        v = self.values[name]
        return np.array([f32(k) for k in (v if isinstance(v, list) else [v] * 3)])

    def length(self, name):
        """len: a fraction of the short side, or '8px' (1.4). Result in pixels."""
        v = self.values[name]
        if isinstance(v, str):
            return f32(float(v.removesuffix("px")))
        return f32(v) * self.short

    def position(self, value):
        """pos: fractions of width and height -> pixels (1.4)."""
        return f32(value[0]) * self.width, f32(value[1]) * self.height

    def color(self, name):
        """col: display values, straight, RGBA in 0..1 (1.4)."""
        digits = self.values[name].removeprefix("#")
        channels = [int(digits[i : i + 2], 16) / 255.0 for i in range(0, len(digits), 2)]
        return np.array((channels + [1.0])[:4])
