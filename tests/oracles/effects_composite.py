"""Folder 16: the 16 blend modes and `blend`."""

import numpy as np

import color
from registry import effect

LUM = np.array([0.3, 0.59, 0.11])  # 1.8: the non-separable modes only


def _safe(n, d):
    """n / d where d is not 0; the callers replace the other values."""
    return n / np.where(d == 0, 1.0, d)


def _multiply(b, s):
    return b * s


def _screen(b, s):
    return b + s - b * s


def _hard_light(b, s):
    return np.where(s <= 0.5, 2 * b * s, _screen(b, 2 * s - 1))


def _color_dodge(b, s):
    return np.where(b == 0, 0.0, np.where(s == 1, 1.0, np.minimum(1.0, _safe(b, 1 - s))))


def _color_burn(b, s):
    return np.where(b == 1, 1.0, np.where(s == 0, 0.0, 1.0 - np.minimum(1.0, _safe(1 - b, s))))


def _soft_light(b, s):
    d = np.where(b <= 0.25, ((16 * b - 12) * b + 4) * b, np.sqrt(b))
    return np.where(s <= 0.5, b - (1 - 2 * s) * b * (1 - b), b + (2 * s - 1) * (d - b))


def _lum(c):
    return (c @ LUM)[..., None]


def _sat(c):
    return c.max(-1, keepdims=True) - c.min(-1, keepdims=True)


def _set_sat(c, s):
    spread = _sat(c)
    return np.where(spread == 0, 0.0, _safe((c - c.min(-1, keepdims=True)) * s, spread))


def _set_lum(c, l):
    c = c + l - _lum(c)
    lum, low, high = _lum(c), c.min(-1, keepdims=True), c.max(-1, keepdims=True)
    c = np.where(low < 0, lum + _safe((c - lum) * lum, lum - low), c)
    return np.where(high > 1, lum + _safe((c - lum) * (1 - lum), high - lum), c)


MODES = {
    "normal": lambda b, s: s,
    "multiply": _multiply,
    "screen": _screen,
    "overlay": lambda b, s: _hard_light(s, b),
    "darken": np.minimum,
    "lighten": np.maximum,
    "color_dodge": _color_dodge,
    "color_burn": _color_burn,
    "hard_light": _hard_light,
    "soft_light": _soft_light,
    "difference": lambda b, s: np.abs(b - s),
    "exclusion": lambda b, s: b + s - 2 * b * s,
    "hue": lambda b, s: _set_lum(_set_sat(s, _sat(b)), _lum(b)),
    "saturation": lambda b, s: _set_lum(_set_sat(b, _sat(s)), _lum(b)),
    "color": lambda b, s: _set_lum(s, _lum(b)),
    "luminosity": lambda b, s: _set_lum(b, _lum(s)),
}


def blend_function(mode, b, s):
    """B(Cb, Cs); both are clamped for every mode but normal (1.6, blend)."""
    if mode == "normal":
        return s
    return MODES[mode](np.clip(b, 0.0, 1.0), np.clip(s, 0.0, 1.0))


@effect("blend", "D", {"mode": "normal", "fit": "cover"}, switchable=True)
def blend(img, p, cx):
    """W3C mixing and source-over of the layer on the primary image (blend)."""
    layer = cx.secondary("layer", p["fit"])
    cb, ab, cs, a_s = img[..., :3], img[..., 3:], layer[..., :3], layer[..., 3:]
    alpha = a_s + ab * (1.0 - a_s)
    mixed = a_s * (1 - ab) * cs + a_s * ab * blend_function(p["mode"], cb, cs) + (1 - a_s) * ab * cb
    return color.unpremultiply(color.with_alpha(mixed, alpha[..., 0]))
