"""Folders 3 and 4, grading: solarize, sigmoid_contrast, whites_blacks, duotone, black_white, cdl and their like."""

import numpy as np

import color
import margins
from registry import effect


def _gray(plane):
    return np.repeat(plane[..., None], 3, axis=-1)


@effect("solarize", "D", {"threshold": 0.5}, switchable=True)
def solarize(img, p, cx):
    """c < t - g ? c : 1 - c (section 4)."""
    c, level = img[..., :3], p.f("threshold") - color.GUARD
    margins.watch("solarize", np.abs(c - level))
    return color.with_alpha(np.where(c < level, c, 1.0 - c), img[..., 3])


def sigmoid(x):
    """1 / (1 + e^-x) (sigmoid_contrast)."""
    return 1.0 / (1.0 + np.exp(-x))


def _no_sigmoid(p):
    return abs(p.f("contrast")) < 1e-4


@effect("sigmoid_contrast", "D", {"contrast": 0, "midpoint": 0.5}, _no_sigmoid, switchable=True)
def sigmoid_contrast(img, p, cx):
    """The sigmoid rescaled to reach 0 and 1, or its exact inverse (sigmoid_contrast)."""
    a, middle, c = abs(p.f("contrast")), p.f("midpoint"), np.clip(img[..., :3], 0.0, 1.0)
    s0, s1 = sigmoid(-a * middle), sigmoid(a * (1.0 - middle))
    if p.f("contrast") > 0:
        out = (sigmoid(a * (c - middle)) - s0) / (s1 - s0)
    else:
        out = middle - np.log(1.0 / (s0 + c * (s1 - s0)) - 1.0) / a
    return color.with_alpha(out, img[..., 3])


@effect("whites_blacks", "D", {"whites": 0, "blacks": 0}, {"whites": 0, "blacks": 0}, switchable=True)
def whites_blacks(img, p, cx):
    """A line through moved ends (section 3)."""
    whites, blacks = p.f("whites"), p.f("blacks")
    i0, o0 = max(-blacks, 0.0) / 4, max(blacks, 0.0) / 4
    i1, o1 = 1 - max(whites, 0.0) / 4, 1 - max(-whites, 0.0) / 4
    return color.with_alpha(o0 + (o1 - o0) * (img[..., :3] - i0) / (i1 - i0), img[..., 3])


@effect("duotone", "D", {"dark": "#1a1040", "light": "#ffe2b0"}, switchable=True)
def duotone(img, p, cx):
    """lerp(dark, light, clamp(l)); the alphas of the two colors are ignored (section 4)."""
    ends = [p.color(name)[:3] for name in ("dark", "light")]
    dark, light = [color.dec(v) for v in ends] if color.is_linear(cx.domain) else ends
    t = _gray(np.clip(color.luma(img), 0.0, 1.0))
    return color.with_alpha(dark + t * (light - dark), img[..., 3])


BLACK_WHITE = {
    "mode": "bands", "red": 0.4, "yellow": 0.6, "green": 0.4, "cyan": 0.6, "blue": 0.2, "magenta": 0.8,
    "weights": [0.2126, 0.7152, 0.0722],
}  # fmt: skip


@effect("black_white", "D", BLACK_WHITE, switchable=True)
def black_white(img, p, cx):
    """Gray from hue weights or from channel weights (section 4).

    Where two channels tie, the factor of the weight that could be either is 0.
    """
    c = img[..., :3]
    if p["mode"] == "weights":
        return color.with_alpha(_gray(c @ p.three("weights")), img[..., 3])
    order = np.argsort(c, axis=-1, kind="stable")
    low, mid, high = np.moveaxis(np.take_along_axis(c, order, -1), -1, 0)
    primary = np.array([p.f(k) for k in ("red", "green", "blue")])[order[..., 2]]
    # the two largest are all but the smallest: without red cyan, without green magenta, without blue yellow
    secondary = np.array([p.f(k) for k in ("cyan", "magenta", "yellow")])[order[..., 0]]
    return color.with_alpha(_gray(low + (high - mid) * primary + (mid - low) * secondary), img[..., 3])


def _neutral_lift(p):
    return all((p.three(k) == v).all() for k, v in (("lift", 0), ("gamma", 1), ("gain", 1)))


@effect("lift_gamma_gain", "D", {"lift": 0, "gamma": 1, "gain": 1}, _neutral_lift, switchable=True)
def lift_gamma_gain(img, p, cx):
    """x = gain (c + lift (1 - c)); max(x, 0)^(1/gamma) (section 4)."""
    c = img[..., :3]
    x = p.three("gain") * (c + p.three("lift") * (1.0 - c))
    return color.with_alpha(np.maximum(x, 0.0) ** (1.0 / p.three("gamma")), img[..., 3])


CDL = {"slope": 1, "offset": 0, "power": 1, "saturation": 1, "style": "asc"}


def _neutral_cdl(p):
    neutral = all((p.three(k) == v).all() for k, v in (("slope", 1), ("offset", 0), ("power", 1)))
    return neutral and p.f("saturation") == 1


@effect("cdl", "D", CDL, _neutral_cdl, switchable=True)
def cdl(img, p, cx):
    """Slope, offset, power, then saturation about luma; asc clamps twice (section 4)."""
    x, power = img[..., :3] * p.three("slope") + p.three("offset"), p.three("power")
    asc = p["style"] == "asc"
    x = np.clip(x, 0.0, 1.0) ** power if asc else np.where(x < 0, x, np.maximum(x, 0.0) ** power)
    l = _gray(color.luma(x))
    x = l + p.f("saturation") * (x - l)
    return color.with_alpha(np.clip(x, 0.0, 1.0) if asc else x, img[..., 3])


def _tone_direction(hue):
    """d(h): HSL -> RGB of (h, 1, 1/2), minus its luma (split_tone)."""
    rgb = color.hsl_to_rgb(np.float64(hue), 1.0, 0.5)
    return rgb - color.luma(rgb)


SPLIT = {"shadow_hue": 220, "highlight_hue": 40, "shadow_amount": 0, "highlight_amount": 0, "balance": 0}


@effect("split_tone", "D", SPLIT, {"shadow_amount": 0, "highlight_amount": 0}, switchable=True)
def split_tone(img, p, cx):
    """Two tints of luma 0, weighted by luma and strongest in the middle (split_tone)."""
    lam = np.clip(color.luma(img), 0.0, 1.0)[..., None]
    w = color.smoothstep(0.0, 1.0, lam + p.f("balance") / 2.0)
    shadow = p.f("shadow_amount") * (1.0 - w) * _tone_direction(p.f("shadow_hue"))
    highlight = p.f("highlight_amount") * w * _tone_direction(p.f("highlight_hue"))
    return color.with_alpha(img[..., :3] + 2.0 * lam * (1.0 - lam) * (shadow + highlight), img[..., 3])


BANDS = {"red": 0, "orange": 30, "yellow": 60, "green": 120, "aqua": 180, "blue": 240, "purple": 270, "magenta": 300}
NO_BANDS = {name: [0, 0, 0] for name in BANDS}


@effect("hue_bands", "D", NO_BANDS, lambda p: all((p.three(k) == 0).all() for k in BANDS))
def hue_bands(img, p, cx):
    """Hue, saturation and lightness moved by the weights of the two bands around a hue (hue_bands)."""
    c = img[..., :3]
    hue, s, l = color.rgb_to_hsl(c)
    inside = np.clip(c, 0.0, 1.0)
    chroma = inside.max(-1) - inside.min(-1)
    centers = np.array([*BANDS.values(), 360.0])
    triples = np.stack([p.three(name) for name in [*BANDS, "red"]])
    k = np.clip(np.searchsorted(centers, hue, side="right") - 1, 0, len(BANDS) - 1)
    u = (hue - centers[k]) / (centers[k + 1] - centers[k])
    w = (u * u * (3.0 - 2.0 * u))[..., None]
    shift, saturation, lightness = np.moveaxis((1.0 - w) * triples[k] + w * triples[k + 1], -1, 0)
    s = np.clip(s * (1.0 + saturation), 0.0, 1.0)
    l = np.clip(l + 0.3 * lightness * chroma, 0.0, 1.0)
    out = color.hsl_to_rgb(hue + 30.0 * shift, s, l)
    return color.with_alpha(np.where((chroma == 0)[..., None], c, out), img[..., 3])
