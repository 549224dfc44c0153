"""Folder 3, tone: exposure, brightness, contrast, gamma, levels, curves, equalize."""

import numpy as np

import color
import margins
from params import f32
from registry import effect

STRAIGHT_LINE = [[0, 0], [1, 1]]


@effect("exposure", "L", {"ev": 0}, {"ev": 0})
def exposure(img, p, cx):
    """c * 2^ev (section 3)."""
    return color.with_alpha(img[..., :3] * 2.0 ** p.f("ev"), img[..., 3])


@effect("brightness", "D", {"scale": 1, "offset": 0}, {"scale": 1, "offset": 0}, switchable=True)
def brightness(img, p, cx):
    """c * scale + offset (section 3)."""
    return color.with_alpha(img[..., :3] * p.f("scale") + p.f("offset"), img[..., 3])


@effect("contrast", "D", {"amount": 1, "pivot": 0.5}, {"amount": 1}, switchable=True)
def contrast(img, p, cx):
    """(c - pivot) * amount + pivot (section 3)."""
    pivot = p.f("pivot")
    return color.with_alpha((img[..., :3] - pivot) * p.f("amount") + pivot, img[..., 3])


@effect("gamma", "D", {"gamma": 1}, {"gamma": 1}, switchable=True)
def gamma(img, p, cx):
    """spow(c, 1/gamma) (section 3)."""
    return color.with_alpha(color.spow(img[..., :3], 1.0 / p.f("gamma")), img[..., 3])


LEVELS = {"in_black": 0, "in_white": 1, "out_black": 0, "out_white": 1, "gamma": 1, "channel": "rgb"}


@effect("levels", "D", LEVELS, {k: v for k, v in LEVELS.items() if k != "channel"}, switchable=True)
def levels(img, p, cx):
    """Input range, gamma, output range, on all channels or one (section 3)."""
    i0, i1, o0, o1 = (p.f(k) for k in ("in_black", "in_white", "out_black", "out_white"))
    c = img[..., :3]
    if i0 == i1:
        margins.watch("levels step", np.abs(c - i0))
        x = np.where(c < i0, 0.0, 1.0)
    else:
        x = np.clip((c - i0) / (i1 - i0), 0.0, 1.0)
    done = o0 + (o1 - o0) * x ** (1.0 / p.f("gamma"))
    chosen = [name in p["channel"] for name in "rgb"]
    return color.with_alpha(np.where(chosen, done, c), img[..., 3])


def _monotone(x, y):
    """PCHIP with Fritsch-Butland tangents (curves)."""
    h, d = np.diff(x), np.diff(y) / np.diff(x)
    if len(x) == 2:
        m = np.array([d[0], d[0]])
    else:
        m = np.zeros(len(x))
        for k in range(1, len(x) - 1):
            if d[k - 1] * d[k] > 0:
                w1, w2 = 2 * h[k] + h[k - 1], h[k] + 2 * h[k - 1]
                m[k] = (w1 + w2) / (w1 / d[k - 1] + w2 / d[k])
        m[0] = _end_tangent(h[0], h[1], d[0], d[1])
        m[-1] = _end_tangent(h[-1], h[-2], d[-1], d[-2])

    def f(t):
        k = np.clip(np.searchsorted(x, t, side="right") - 1, 0, len(h) - 1)
        s = (t - x[k]) / h[k]
        s2, s3 = s * s, s * s * s
        return (
            (2 * s3 - 3 * s2 + 1) * y[k]
            + (s3 - 2 * s2 + s) * h[k] * m[k]
            + (3 * s2 - 2 * s3) * y[k + 1]
            + (s3 - s2) * h[k] * m[k + 1]
        )

    return f


def _end_tangent(h0, h1, d0, d1):
    """One-sided three-point tangent, limited (curves)."""
    v = ((2 * h0 + h1) * d0 - h0 * d1) / (h0 + h1)
    if np.sign(v) != np.sign(d0):
        return 0.0
    if np.sign(d0) != np.sign(d1) and abs(v) > 3 * abs(d0):
        return 3 * d0
    return v


def _natural(x, y):
    """C2 cubic spline, second derivative 0 at both ends (curves)."""
    n, h, d = len(x), np.diff(x), np.diff(y) / np.diff(x)
    a, rhs = np.eye(n), np.zeros(n)
    for k in range(1, n - 1):
        a[k, k - 1 : k + 2] = h[k - 1], 2 * (h[k - 1] + h[k]), h[k]
        rhs[k] = 6 * (d[k] - d[k - 1])
    s = np.linalg.solve(a, rhs)

    def f(t):
        k = np.clip(np.searchsorted(x, t, side="right") - 1, 0, n - 2)
        u, v = x[k + 1] - t, t - x[k]
        return (
            (s[k] * u**3 + s[k + 1] * v**3) / (6 * h[k])
            + (y[k] / h[k] - s[k] * h[k] / 6) * u
            + (y[k + 1] / h[k] - s[k + 1] * h[k] / 6) * v
        )

    return f


def curve_table(points, interpolation):
    """The 4096 entries, evaluated in f64 and stored as f32 (curves)."""
    x = np.array([f32(q[0]) for q in points])
    y = np.array([f32(q[1]) for q in points])
    t = np.arange(4096) / 4095.0
    inside = np.clip(t, x[0], x[-1])
    if interpolation == "linear":
        out = np.interp(inside, x, y)
    else:
        out = {"monotone": _monotone, "natural": _natural}[interpolation](x, y)(inside)
    out = np.where(t <= x[0], y[0], np.where(t >= x[-1], y[-1], out))
    return out.astype(np.float32).astype(np.float64)


def _look_up(table, c):
    v = np.clip(c, 0.0, 1.0) * 4095.0
    i = np.minimum(np.floor(v).astype(int), 4094)
    return table[i] + (v - i) * (table[i + 1] - table[i])


CURVES = {"rgb": STRAIGHT_LINE, "r": STRAIGHT_LINE, "g": STRAIGHT_LINE, "b": STRAIGHT_LINE, "interpolation": "monotone"}


@effect("curves", "D", CURVES, {k: STRAIGHT_LINE for k in ("rgb", "r", "g", "b")}, switchable=True)
def curves(img, p, cx):
    """Channel curve, then the rgb curve, each through its table (curves)."""
    master = curve_table(p["rgb"], p["interpolation"])
    out = img.copy()
    for k, name in enumerate("rgb"):
        out[..., k] = _look_up(master, _look_up(curve_table(p[name], p["interpolation"]), img[..., k]))
    return out


def histogram(plane, alpha):
    """HIST: 256 counts of q8 over pixels with alpha >= 1/2 (1.12)."""
    visible = np.clip(plane[alpha >= 0.5], 0.0, 1.0)
    margins.watch_floor("q8", visible * 255.0 + 0.5)
    return np.bincount(color.q8(visible), minlength=256)


def equalize_curve(counts):
    """f of the entry, from integer counts; None where it changes nothing (equalize)."""
    occupied = np.flatnonzero(counts)
    if len(occupied) < 2:
        return None
    running = np.cumsum(counts)
    base = running[occupied[0]]
    table = np.clip((running - base) / (running[-1] - base), 0.0, 1.0)

    def f(x):
        v = 255.0 * np.clip(x, 0.0, 1.0)
        i = np.minimum(np.floor(v).astype(int), 254)
        return table[i] + (v - i) * (table[i + 1] - table[i])

    return f


@effect("equalize", "D", {"mode": "luma"})
def equalize(img, p, cx):
    """Histogram equalization of luma or of each channel (equalize)."""
    out = img.copy()
    if p["mode"] == "luma":
        l = color.luma(img)
        f = equalize_curve(histogram(l, img[..., 3]))
        if f is not None:
            out[..., :3] += (f(l) - l)[..., None]
    else:
        for k in range(3):
            f = equalize_curve(histogram(img[..., k], img[..., 3]))
            if f is not None:
                out[..., k] = f(img[..., k])
    return out
