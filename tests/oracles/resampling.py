"""The weights of `resize` (section 12), as a matrix of one axis."""

import math
from fractions import Fraction

import numpy as np

import margins


def _triangle(x):
    return np.maximum(0.0, 1.0 - np.abs(x))


def _cubic(b, c):
    def h(x):
        x = np.abs(x)
        near = ((12 - 9 * b - 6 * c) * x**3 + (-18 + 12 * b + 6 * c) * x**2 + 6 - 2 * b) / 6.0
        far = ((-b - 6 * c) * x**3 + (6 * b + 30 * c) * x**2 + (-12 * b - 48 * c) * x + 8 * b + 24 * c) / 6.0
        return np.where(x < 1, near, np.where(x < 2, far, 0.0))

    return h


def _lanczos(n):
    return lambda x: np.where(np.abs(x) < n, np.sinc(x) * np.sinc(x / n), 0.0)


# h, and how far it reaches
FILTERS = {
    "bilinear": (_triangle, 1),
    "catmull_rom": (_cubic(0.0, 0.5), 2),
    "mitchell": (_cubic(1 / 3, 1 / 3), 2),
    "lanczos2": (_lanczos(2), 2),
    "lanczos3": (_lanczos(3), 3),
}
NEGATIVE = ("catmull_rom", "mitchell", "lanczos2", "lanczos3")


def _nearest(n_in, n_out):
    rows = np.zeros((n_out, n_in))
    q = n_in / n_out
    at = (np.arange(n_out) + 0.5) * q
    if Fraction(q) != Fraction(n_in, n_out):
        margins.watch_floor("nearest tap", at)
    rows[np.arange(n_out), np.floor(at).astype(int)] = 1.0
    return rows


def _area(n_in, n_out):
    q = n_in / n_out
    start = np.arange(n_out)[:, None] * q
    k = np.arange(n_in)
    return np.maximum(0.0, np.minimum(k + 1.0, start + q) - np.maximum(k, start)) / q


def weights(n_in, n_out, name):
    """One row of weights for each new pixel, f64; taps outside the picture are dropped (resize)."""
    if name == "nearest":
        return _nearest(n_in, n_out)
    if name == "area":
        return _area(n_in, n_out)
    h, reach = FILTERS[name]
    q = n_in / n_out
    z = max(1.0, q)
    rows = np.zeros((n_out, n_in))
    for i in range(n_out):
        c = (i + 0.5) * q
        first = max(0, math.floor(c - z * reach + 0.5))
        last = min(n_in, math.floor(c + z * reach + 0.5)) - 1
        k = np.arange(first, last + 1)
        w = h((k + 0.5 - c) / z)
        rows[i, k] = w / w.sum()
    return rows


def across(img, width, height, matrix):
    """Horizontal, then vertical, with the matrix of each axis."""
    h, w = img.shape[:2]
    out = np.einsum("ij,hjc->hic", matrix(w, width), img)
    return np.einsum("ij,jwc->iwc", matrix(h, height), out)


def resized(img, width, height, name):
    """`resize` of premultiplied values: weights rounded to f32; alpha is clamped after negative ones (resize, 1.5)."""
    matrix = lambda n_in, n_out: weights(n_in, n_out, name).astype(np.float32).astype(np.float64)
    out = across(img, width, height, matrix)
    if name in NEGATIVE:
        out[..., 3] = np.clip(out[..., 3], 0.0, 1.0)
    return out
