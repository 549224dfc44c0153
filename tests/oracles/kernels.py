"""Borders, separable kernels and resampling (effects.md 1.7, 1.12, resize in section 12)."""

import math

import numpy as np

import margins
import resampling


def border(index, n, edge):
    """Map indices outside 0..n-1; returns (index, weight) (1.7)."""
    index = np.asarray(index)
    inside = (index >= 0) & (index < n)
    if edge == "clamp":
        return np.clip(index, 0, n - 1), np.ones(index.shape)
    if edge == "wrap":
        return np.mod(index, n), np.ones(index.shape)
    if edge == "reflect":
        period = 2 * (n - 1)
        if period == 0:
            return np.zeros_like(index), np.ones(index.shape)
        q = np.mod(index, period)
        return np.where(q < n, q, period - q), np.ones(index.shape)
    if edge == "transparent":
        return np.clip(index, 0, n - 1), inside.astype(np.float64)
    raise ValueError(edge)


def shifted(plane, dx, dy, edge="clamp"):
    """The picture read at (x + dx, y + dy)."""
    h, w = plane.shape[:2]
    ix, wx = border(np.arange(w) + dx, w, edge)
    iy, wy = border(np.arange(h) + dy, h, edge)
    weight = wy[:, None] * wx[None, :]
    out = plane[iy][:, ix]
    return out * (weight if plane.ndim == 2 else weight[..., None])


def separable(img, taps_x, taps_y, edge):
    """Centered odd kernels along x, then along y."""
    out = np.zeros_like(img)
    for k, weight in enumerate(taps_x):
        out = out + weight * shifted(img, k - len(taps_x) // 2, 0, edge)
    result = np.zeros_like(img)
    for k, weight in enumerate(taps_y):
        result = result + weight * shifted(out, 0, k - len(taps_y) // 2, edge)
    return result


def gauss_weights(sigma):
    """Weights of GAUSS, radius ceil(4 sigma), in f64 (1.12)."""
    if sigma == 0:
        return np.ones(1)
    if 4 * sigma != round(4 * sigma):
        margins.watch_floor("gauss radius", 4 * sigma)
    r = math.ceil(4 * sigma)
    i = np.arange(-r, r + 1)
    w = np.exp(-(i * i) / (2.0 * sigma * sigma))
    return w / w.sum()


def gauss_taps(sigma):
    """The weights as they are used: rounded to f32 (1.12)."""
    return gauss_weights(sigma).astype(np.float32).astype(np.float64)


def gauss(img, sigma_x, sigma_y=None, edge="clamp"):
    """GAUSS of 1.12."""
    return separable(img, gauss_taps(sigma_x), gauss_taps(sigma_x if sigma_y is None else sigma_y), edge)


def box_taps(r):
    """Weights of BOX for real r (1.12)."""
    n = math.floor(r)
    f = r - n
    return np.array([f] + [1.0] * (2 * n + 1) + [f]) / (2.0 * r + 1.0)


def box(img, r, edge="clamp"):
    """BOX of 1.12."""
    taps = box_taps(r)
    return separable(img, taps, taps, edge)


def resize_bilinear(img, width, height):
    """`resize` with filter bilinear, as `fit` uses it: the weights are left in f64 (section 12)."""
    return resampling.across(img, width, height, lambda n_in, n_out: resampling.weights(n_in, n_out, "bilinear"))


def fit(img, width, height, mode):
    """Bring a secondary input to the frame (1.7).

    Only sizes whose scaled, centered rectangle has integer edges are accepted: elsewhere the catalogue leaves the
    rounding open, and the data must not decide it.
    """
    h, w = img.shape[:2]
    if (w, h) == (width, height):
        return img
    if mode == "stretch":
        return resize_bilinear(img, width, height)
    ratios = (width / w, height / h)
    k = {"cover": max(ratios), "contain": min(ratios), "center": 1.0}[mode]
    sw, sh = w * k, h * k
    left, top = (width - sw) / 2, (height - sh) / 2
    if any(v != round(v) for v in (sw, sh, left, top)):
        raise ValueError(f"fit {mode} of {w}x{h} into {width}x{height} is not on the pixel grid")
    sw, sh, left, top = int(sw), int(sh), int(left), int(top)
    scaled = img if k == 1.0 else resize_bilinear(img, sw, sh)
    out = np.zeros((height, width, 4))
    x0, y0 = max(left, 0), max(top, 0)
    x1, y1 = min(left + sw, width), min(top + sh, height)
    out[y0:y1, x0:x1] = scaled[y0 - top : y1 - top, x0 - left : x1 - left]
    return out
